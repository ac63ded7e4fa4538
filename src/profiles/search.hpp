// The directory's search. Private to profiles.
//
// Every search is led by its rarest term of searchTerms, read in the wanted order (an index holds each term in each order), and looks the
// other conditions up for what it meets, until a page is full. So a page costs about its size divided by the share of those who fulfil the
// rest; whole ranges that hold few specialists are read as such instead, so that this share is never tiny.
#pragma once

#include "profiles/api.hpp"

namespace visavis::profiles {

// invalid: values or a cursor that no search can have.
Result<Page<Specialist>> search(Call& call, Reader& reader, SpecialistSearch const& wanted);

} // namespace visavis::profiles
