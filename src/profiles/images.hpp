// The ways in and out of uploaded pictures.
#pragma once

#include "http/message.hpp"
#include "profiles/service.hpp"

namespace visavis::profiles {

struct ImageView {
    std::optional<Text<1, 2048>> profileImage;
};
RECORD(ImageView, profileImage)

struct ImagePath {
    Ref<Image> id;
};
RECORD(ImagePath, id)

// The body is the picture itself. unsupported: other bytes than PNG, JPEG or WebP; tooLarge; invalid: a damaged one.
Result<ImageView> putSpecialistImage(Call& call, http::Request const& request);
Result<ImageView> putCustomerImage(Call& call, http::Request const& request);
Result<ImageView> deleteSpecialistImage(Call& call);
Result<ImageView> deleteCustomerImage(Call& call);

// To everybody, as what it was found to be.
Result<identity::Raw> showImage(Call& call, ImagePath const& path);

} // namespace visavis::profiles
