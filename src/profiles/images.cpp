// Pictures over HTTP: looked at before the transaction, stored in it, and served for ever under an address that is theirs alone.
#include "profiles/images.hpp"

#include "profiles/pictures.hpp"

#include <sodium.h>

namespace visavis::profiles {
namespace {

constexpr std::size_t mostBytes = 1024 * 1024;

std::string fromBase64(std::string const& text) {
    std::string bytes(text.size(), '\0');
    std::size_t size = 0;
    auto* const out = reinterpret_cast<unsigned char*>(bytes.data());
    if (sodium_base642bin(out, bytes.size(), text.data(), text.size(), nullptr, &size, nullptr, sodium_base64_VARIANT_ORIGINAL) != 0)
        throw CorruptDocument("an image is no base64");
    bytes.resize(size);
    return bytes;
}

Result<Image> imageOf(Call& call, std::string const& bytes) {
    if (bytes.empty()) return invalid("", "required", "The body must be the picture.");
    if (bytes.size() > mostBytes) return failure(Code::tooLarge, "too_large", "A picture may have at most 1 MiB.");
    auto const kind = kindOf(bytes);
    if (!kind) return failure(Code::unsupported, "unsupported_media_type", "The picture must be a PNG, JPEG or WebP.");
    if (!isWhole(*kind, bytes)) return invalid("", "damaged", "The picture is damaged, cut off or larger than 16384 pixels a side.");
    Image image;
    image.id = {ObjectId::derived("image:" + call.user().hex() + ":" + sha256Hex(bytes))};
    image.userId = call.user();
    image.contentType = mediaType(*kind);
    image.content = base64(bytes);
    image.createdAt = call.now;
    return image;
}

// The profile that `load` finds, with another picture or none.
template <class T> Result<T> changed(Call& call, Tx& tx, Collection<T> const& in, Ref<T> id, std::optional<Image> const& image) {
    auto profile = tx.get(in, id);
    if (!profile) return notFound();
    CHECK(call.checkVersion(profile->version));
    std::optional<Text<1, 2048>> address;
    if (image) address = Text<1, 2048>(call.platform.publicUrl + "/images/" + image->id.hex());
    CHECK(keepImage(tx, call.user(), image));
    if (profile->profileImage == address) return std::move(*profile);
    auto const user = tx.get(identity::users, call.user());
    if (!user) return notFound();
    CHECK(identity::describeUser(tx, *user, user->name, address, call.now));
    profile->profileImage = address;
    profile->updatedAt = call.now;
    CHECK(tx.replace(in, *profile));
    return std::move(*profile);
}

template <class T> Result<ImageView> change(Call& call, Collection<T> const& in, Ref<T> id, std::optional<Image> const& image) {
    return call.transact([&](Tx& tx) -> Result<ImageView> {
        TRY(auto const profile, changed(call, tx, in, id, image));
        return ImageView{profile.profileImage};
    });
}

} // namespace

Result<ImageView> putSpecialistImage(Call& call, http::Request const& request) {
    TRY(auto const image, imageOf(call, request.body));
    return change(call, specialists, call.specialist(), image);
}

Result<ImageView> putCustomerImage(Call& call, http::Request const& request) {
    TRY(auto const image, imageOf(call, request.body));
    return change(call, customers, call.customer(), image);
}

Result<ImageView> deleteSpecialistImage(Call& call) { return change(call, specialists, call.specialist(), {}); }
Result<ImageView> deleteCustomerImage(Call& call) { return change(call, customers, call.customer(), {}); }

Result<identity::Raw> showImage(Call& call, ImagePath const& path) {
    auto const found = visavis::read(call.store, [&](Reader& reader) { return reader.get(images, path.id); });
    if (!found) return notFound();
    // Another picture has another address, so this one can be kept. Opened by itself it may do nothing.
    return identity::Raw{found->contentType,
                         std::make_shared<std::string const>(fromBase64(found->content)),
                         {{"ETag", "\"" + found->id.hex() + "\""},
                          {"Cache-Control", "public, max-age=31536000, immutable"},
                          {"Content-Disposition", "inline"},
                          {"Content-Security-Policy", "default-src 'none'; sandbox"},
                          {"Cross-Origin-Resource-Policy", "cross-origin"}}};
}

} // namespace visavis::profiles
