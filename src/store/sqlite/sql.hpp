// Queries as SQL: text that the statement cache knows again, and values to bind.
#pragma once

#include "store/sqlite/connection.hpp"

namespace visavis::inline store::sqlite {

// The values point into the query.
struct Sql {
    std::string text;
    std::vector<Scalar const*> values;
    std::int64_t limit = -1; // bound last if not negative

    void bindTo(Statement& statement) const;
};

// " WHERE …" or nothing. Throws std::logic_error for a path that has no column: no index names it, so it cannot be asked for.
Sql whereSql(Layout const& layout, Query const& query);
// SELECT `what` with conditions, position, order and limit. `tail`: the rows whose first key is absent, which come last in a descending
// sort and which a bounded scan leaves out.
Sql selectSql(Layout const& layout, Query const& query, std::string const& what, bool tail = false);
// SELECT count(*), of at most `query.limit` documents if there is a limit.
Sql countSql(Layout const& layout, Query const& query);
// Whether a page that begins after a position needs the tail to be complete.
bool hasTail(Layout const& layout, Query const& query);

} // namespace visavis::store::sqlite
