// Tables, columns, indexes and side tables: what is missing, and making it. All but the documents is derived and can be made again.
#pragma once

#include "store/engine.hpp"
#include "store/sqlite/connection.hpp"

namespace visavis::inline store::sqlite {

// One thing to do; `index` names what it is for.
struct SchemaStep {
    std::string index;
    std::string says;
    std::string sql; // empty: fill columns and side tables from the documents
};

std::vector<SchemaStep> missingSteps(Connection& db, Layout const& layout);

// Takes the steps in one transaction. Throws std::runtime_error naming a unique index that the documents violate.
void migrate(Connection& db, std::vector<Layout const*> const& layouts);

} // namespace visavis::store::sqlite
