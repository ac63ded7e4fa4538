// Reads a document that other software wrote into a record: types that say the same are taken, members of ours alone are not. Private to adopt*.cpp.
#pragma once

#include "app/adopt_image.hpp"

namespace visavis::app {

// What is special about the members of one collection; dotted paths, arrays without numbers.
struct SeedMembers {
    CollectionSpec const* in;
    std::set<std::string> must;    // without these nothing can be said
    std::set<std::string> money;   // in the currency at `currency`
    std::set<std::string> rounded; // of those: made by a percentage, so other software may have left fractions
    std::string currency;
    std::string zone;              // in which its days begin
    std::set<std::string> ours;    // members that the data model does not have: whatever other software keeps there means something else
    std::set<std::string> counts;  // statistics: recomputed
    std::set<std::string> moments; // days that are stored as any instant of theirs
};

struct Reading {
    MoneyIs money{};
    std::optional<Zone> zone; // where the document has none of its own
};

// Fills `record` (defaults stay where nothing is), and notes what was there and what cannot be taken.
void readSeed(SeedMembers const& members, Reading const& how, ObjectId const& id, Bson const& document, void* record,
              std::set<std::string>& seen, std::map<std::string, std::int64_t>& unknown, Findings& findings);

} // namespace visavis::app
