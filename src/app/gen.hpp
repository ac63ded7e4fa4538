// The files that are generated from the records and kept in the repository, so that a change of a record shows in a review (`visavis gen`).
#pragma once

#include "store/spec.hpp"

#include <map>
#include <string>
#include <vector>

namespace visavis::app {

// By path from the repository's root. Per collection `tests/golden/<name>.schema.json` ($jsonSchema), `.json` (an example with every member
// set, secrets too) and `.bson.hex` (the same as BSON, 32 bytes a line); and `web/src/generated/records.ts` with the types of the
// collections' records and of `answers`.
std::map<std::string, std::string> generatedFiles(std::vector<CollectionSpec const*> const& collections,
                                                  std::vector<Shape const*> const& answers = {});

// The ten collections of the data model that adopters know, in its order.
std::vector<CollectionSpec const*> const& seedCollections();

// A record of this shape with every member set: optionals present, lists and maps of one element, enums at their first word.
std::shared_ptr<void> exampleOf(Shape const& record);

} // namespace visavis::app
