// The collections of adoption.hpp.
#include "store/adoption.hpp"

namespace visavis::inline store {

DEFINE_COLLECTION(Adoption, adoptions) { return collection<Adoption>("adoptions"); }

DEFINE_COLLECTION(AdoptedDocument, adoptedDocuments) { return collection<AdoptedDocument>("adoptedDocuments"); }

} // namespace visavis::inline store
