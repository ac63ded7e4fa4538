// Conditions, keyset positions and order as SQL text.
#include "store/sqlite/sql.hpp"

#include <algorithm>
#include <bit>

namespace visavis::inline store::sqlite {
namespace {

bool isNull(Scalar const& scalar) { return std::holds_alternative<std::monostate>(scalar); }

class Builder {
public:
    Builder(Layout const& layout, Query const& query) : layout_(layout), query_(query) {}

    // Rows are met in the order of a side table if there is one that has it: a page of a common element costs no more than one of a rare one.
    void from() {
        for (auto const& condition : query_.all)
            if (condition.op == Op::contains && !walked_) walkInOrder(condition);
        text_ += quoted(walked_ ? walked_->table : layout_.name());
        if (!walked_) return;
        text_ += " AS s";
        for (auto const& condition : query_.all)
            if (isOnWalkedArray(condition)) joinSameArray(condition);
        text_ += " CROSS JOIN " + quoted(layout_.name()) + " AS m ON m._id = s._id";
    }

    // The side table that answers all conditions without a document, if one does: a row of it per document that has the element.
    void fromKeysAlone() {
        for (auto const& condition : query_.all)
            for (auto const& side : layout_.sides)
                if (condition.op == Op::contains && !walked_ && *side.index->multikey == condition.path && !side.index->unique &&
                    implies(*side.index) && holdsAll(side, condition))
                    walked_ = &side, walkedBy_ = &condition;
        text_ += walked_ ? quoted(walked_->table) + " AS s" : quoted(layout_.name());
    }

    void conditions() {
        for (auto const& condition : query_.all) {
            if (isOnWalkedArray(condition)) continue; // the join asks for it
            text_ += separator();
            if (layout_.find(condition.path) >= 0)
                onMember(condition);
            else if (&condition == walkedBy_)
                text_ += "s." + quoted(condition.path) + " = ", value(condition.values.at(0));
            else
                onArray(condition);
        }
    }

    // The rows after a position: any longer prefix of equal keys and then a later one. A bound on the first free key lets an index find it.
    void position(bool tail) {
        if (query_.after.empty()) return;
        if (query_.after.size() != query_.sort.size()) broken("a position needs a value per sort key");
        auto const first = firstFree();
        bound(first, tail);
        text_ += separator() + "(";
        bool any = false;
        for (std::size_t i = 0; i < query_.sort.size(); ++i) any = step(i, any) || any;
        text_ += any ? ")" : "0)";
    }

    void order() {
        for (std::size_t i = 0; i < query_.sort.size(); ++i)
            text_ += (i == 0 ? " ORDER BY " : ", ") + column(query_.sort[i].path) + (query_.sort[i].descending ? " DESC" : "");
    }

    bool needsTail() const {
        if (query_.after.empty()) return false;
        auto const first = firstFree();
        auto const& key = query_.sort[first];
        return key.descending && key.path != "_id" && !isNull(query_.after[first]) && !isSet(key.path);
    }

    Sql take() { return {std::move(text_), std::move(values_), -1}; }

private:
    [[noreturn]] void broken(std::string const& what) const { throw std::logic_error("query of " + layout_.name() + ": " + what); }

    std::string separator() {
        bool const first = !started_;
        started_ = true;
        return first ? " WHERE " : " AND ";
    }

    bool isKeyOf(Side const& side, std::string const& path) const {
        return path == "_id" || std::find(side.keys.begin(), side.keys.end(), layout_.find(path)) != side.keys.end();
    }

    bool isKeyOfWalked(std::string const& path) const { return walked_ && isKeyOf(*walked_, path); }

    std::string column(std::string const& path) const {
        if (layout_.find(path) < 0) broken("no index names " + path);
        if (!walked_) return quoted(path);
        return (isKeyOfWalked(path) ? "s." : "m.") + quoted(path);
    }

    bool mayBeAbsent(std::string const& path) const {
        for (auto dot = path.find('.');; dot = path.find('.', dot + 1)) {
            auto const* member = shapeAt(*layout_.spec->shape, path.substr(0, dot));
            if (member != nullptr && member->kind == Kind::optional) return true;
            if (dot == path.npos) return false;
        }
    }

    // A side table shows an absent member as some value: it only narrows down, and the document decides.
    void onMember(Condition const& condition) {
        bool const isShown = isKeyOfWalked(condition.path) && mayBeAbsent(condition.path);
        if (!isShown) return onColumn((isLedByOrder(condition) ? "+" : "") + column(condition.path), condition);
        onColumn("m." + quoted(condition.path), condition);
        if (!demandsMember(condition)) return;
        text_ += separator();
        onColumn("s." + quoted(condition.path), condition);
    }

    // Conditions that no document without the member fulfils.
    static bool demandsMember(Condition const& condition) {
        return condition.op != Op::absent && condition.op != Op::notEqual &&
               (condition.op == Op::exists || !isNull(condition.values.at(0)));
    }

    bool isSet(std::string const& path) const {
        return std::any_of(query_.all.begin(), query_.all.end(), [&](Condition const& c) { return c.path == path && demandsMember(c); });
    }

    // A range that the wanted order does not begin with, where an index has that order: read in order and look, since a page is soon full,
    // rather than gather the whole range and sort it, which SQLite prefers without statistics. `+` keeps it from the range's index.
    bool isLedByOrder(Condition const& condition) const {
        bool const isRange = condition.op == Op::less || condition.op == Op::lessOrEqual || condition.op == Op::greater ||
                             condition.op == Op::greaterOrEqual;
        if (!isRange || walked_ || query_.limit == 0 || query_.sort.empty() || condition.path == query_.sort.front().path) return false;
        return std::any_of(layout_.plain.begin(), layout_.plain.end(), [&](IndexSpec const* index) { return leads(*index); });
    }

    // What conditions fix and then the wanted order, in one direction.
    bool leads(IndexSpec const& index) const {
        auto const first =
            std::find_if(index.keys.begin(), index.keys.end(), [&](IndexKey const& key) { return key.path == query_.sort.front().path; });
        if (!implies(index) || index.keys.end() - first < std::ssize(query_.sort)) return false;
        return std::all_of(index.keys.begin(), first, [&](IndexKey const& key) { return isBound(key.path); }) &&
               std::equal(query_.sort.begin(), query_.sort.end(), first, [&](Order const& wanted, IndexKey const& key) {
                   return wanted.path == key.path &&
                          (wanted.descending != key.descending) == (query_.sort.front().descending != first->descending);
               });
    }

    // An index of what conditions fix, the array, and then the wanted order, all in one direction. A side table shows an absent member as
    // some value, so such a one cannot order it.
    bool hasOrder(IndexSpec const& index, std::string const& array) const {
        auto paths = std::vector<std::string>();
        for (auto const& key : index.keys) paths.push_back(key.path);
        if (paths.back() != "_id") paths.push_back("_id");
        auto const place = static_cast<std::size_t>(std::find(paths.begin(), paths.end(), array) - paths.begin());
        if (paths.size() - place - 1 < query_.sort.size()) return false;
        for (std::size_t i = 0; i < place; ++i)
            if (!isBound(paths[i]) || !isSet(paths[i])) return false;
        for (std::size_t i = 0; i < query_.sort.size(); ++i) {
            auto const& key = query_.sort[i];
            if (key.path != paths[place + 1 + i] || key.descending != query_.sort.front().descending) return false;
            if (mayBeAbsent(key.path) && !isSet(key.path)) return false;
        }
        return true;
    }

    // Whether the keys of a side table are all that the conditions but `element` ask for.
    bool holdsAll(Side const& side, Condition const& element) const {
        return std::all_of(query_.all.begin(), query_.all.end(), [&](Condition const& c) {
            return &c == &element || (layout_.find(c.path) >= 0 && !mayBeAbsent(c.path) && isKeyOf(side, c.path));
        });
    }

    // Of several side tables the one of which conditions fix most before the array.
    void walkInOrder(Condition const& condition) {
        auto const fixed = [](Side const& side) { return std::find(side.keys.begin(), side.keys.end(), -1) - side.keys.begin(); };
        for (auto const& side : layout_.sides)
            if (*side.index->multikey == condition.path && !side.index->unique && implies(*side.index) &&
                hasOrder(*side.index, condition.path) && (!walked_ || fixed(side) > fixed(*walked_)))
                walked_ = &side, walkedBy_ = &condition;
    }

    bool isOnWalkedArray(Condition const& condition) const {
        return walked_ && &condition != walkedBy_ && condition.op == Op::contains && condition.path == walkedBy_->path;
    }

    // Another element of the array that is walked by: the one row of the same side table with the same other keys, if there is one. `+` keeps
    // SQLite from taking what it says of one alias for all of them, which would make it sort what is in order.
    void joinSameArray(Condition const& condition) {
        auto const alias = "o" + std::to_string(++joined_);
        text_ += " CROSS JOIN " + quoted(walked_->table) + " AS " + alias + " ON ";
        for (int const key : walked_->keys) {
            auto const name = quoted(key < 0 ? condition.path : layout_.columns[static_cast<std::size_t>(key)].path);
            text_ += alias + "." + name + " = ";
            if (key < 0)
                value(condition.values.at(0));
            else
                text_ += "+s." + name;
            text_ += " AND ";
        }
        text_ += alias + "._id = +s._id";
    }

    void value(Scalar const& scalar) {
        if (auto const* flag = std::get_if<bool>(&scalar)) {
            text_ += *flag ? "1" : "0"; // literal, so that partial indexes are seen to apply
            return;
        }
        text_ += "?";
        values_.push_back(&scalar);
    }

    void onColumn(std::string const& name, Condition const& condition) {
        text_ += name;
        switch (condition.op) {
            case Op::exists:
                text_ += " IS NOT NULL";
                return;
            case Op::absent:
                text_ += " IS NULL";
                return;
            case Op::in:
                list(condition.values);
                return;
            case Op::noBits:
                text_ += " & ";
                value(condition.values.at(0));
                text_ += " = 0"; // & binds closer
                return;
            case Op::contains:
                broken("contains on " + condition.path + ", which is no array");
            case Op::equal:
                text_ += isNull(condition.values.at(0)) ? " IS " : " = ";
                break;
            case Op::notEqual:
                text_ += " IS NOT ";
                break;
            default:
                text_ += comparison(condition.op);
        }
        value(condition.values.at(0));
    }

    static char const* comparison(Op op) {
        switch (op) {
            case Op::less:
                return " < ";
            case Op::lessOrEqual:
                return " <= ";
            case Op::greater:
                return " > ";
            default:
                return " >= ";
        }
    }

    // Filled up to a power of two, so that the statement cache sees few different texts.
    void list(std::vector<Scalar> const& values) {
        text_ += " IN (";
        auto const places = values.empty() ? 0 : std::bit_ceil(values.size());
        for (std::size_t i = 0; i < places; ++i) {
            if (i > 0) text_ += ", ";
            value(values[std::min(i, values.size() - 1)]);
        }
        text_ += ")";
    }

    bool isBound(std::string const& path) const {
        return std::any_of(query_.all.begin(), query_.all.end(), [&](Condition const& c) { return c.path == path && c.op == Op::equal; });
    }

    // Whether every document that the query can match is in the index.
    bool implies(IndexSpec const& index) const {
        auto const& where = index.where;
        if (!where) return true;
        return std::any_of(query_.all.begin(), query_.all.end(), [&](Condition const& c) {
            if (c.path != where->path) return false;
            if (where->equals) return c.op == Op::equal && c.values.at(0) == Scalar(*where->equals);
            return c.op != Op::absent && c.op != Op::notEqual;
        });
    }

    // A side table with a row for every document that the query can match. A unique one leaves out documents that lack another key.
    Side const& sideFor(Condition const& condition) const {
        bool named = false;
        for (auto const& side : layout_.sides) {
            named = named || *side.index->multikey == condition.path;
            if (*side.index->multikey != condition.path || !implies(*side.index)) continue;
            bool complete = true;
            for (int const key : side.keys)
                complete = complete && (key < 0 || !side.index->unique || isBound(layout_.columns[static_cast<std::size_t>(key)].path));
            if (complete) return side;
        }
        if (!named) broken("no index names " + condition.path);
        broken("no index over the array " + condition.path + " serves these conditions");
    }

    void onArray(Condition const& condition) {
        auto const& side = sideFor(condition);
        bool const none = condition.op == Op::notEqual;
        text_ += column("_id") + (none ? " NOT IN (SELECT _id FROM " : " IN (SELECT _id FROM ");
        text_ += quoted(side.table) + " WHERE ";
        for (int const key : side.keys) {
            if (key < 0) continue;
            auto const& path = layout_.columns[static_cast<std::size_t>(key)].path;
            for (auto const& other : query_.all)
                if (other.path == path && other.op == Op::equal) {
                    onColumn(quoted(path), other);
                    text_ += " AND ";
                }
        }
        auto const op = condition.op == Op::contains || none ? Op::equal : condition.op;
        if (op == Op::exists || op == Op::absent) broken("existence of the array " + condition.path);
        if (side.ofRuns)
            onRun(quoted(condition.path), op, condition.values);
        else
            onElement(quoted(condition.path), op, condition.values);
        text_ += ")";
    }

    void onElement(std::string const& name, Op op, std::vector<Scalar> const& values) {
        text_ += name;
        if (op == Op::in) return list(values);
        text_ += op == Op::equal ? " = " : comparison(op);
        value(values.at(0));
    }

    void onRun(std::string const& from, Op op, std::vector<Scalar> const& values) {
        if (op == Op::equal || op == Op::in) {
            text_ += "(0";
            for (auto const& wanted : values) {
                text_ += " OR (" + from + " <= ";
                value(wanted);
                text_ += " AND _until >= ";
                value(wanted);
                text_ += ")";
            }
            text_ += ")";
            return;
        }
        text_ += (op == Op::less || op == Op::lessOrEqual ? from : "_until") + comparison(op);
        value(values.at(0));
    }

    // Sort keys that a condition fixes say nothing about the position.
    std::size_t firstFree() const {
        std::size_t first = 0;
        while (first + 1 < query_.sort.size() && isBound(query_.sort[first].path)) ++first;
        return first;
    }

    void bound(std::size_t at, bool tail) {
        auto const name = column(query_.sort[at].path);
        if (tail) {
            text_ += separator() + name + " IS NULL";
        } else if (!isNull(query_.after[at])) {
            text_ += separator() + name + (query_.sort[at].descending ? " <= " : " >= ");
            value(query_.after[at]);
        } else if (query_.sort[at].descending) {
            text_ += separator() + name + " IS NULL";
        }
    }

    // Equal in the keys before `last` and later in that one. False if no row can be.
    bool step(std::size_t last, bool another) {
        auto const& key = query_.sort[last];
        auto const& position = query_.after[last];
        if (isNull(position) && key.descending) return false;
        text_ += another ? " OR (" : "(";
        for (std::size_t i = 0; i < last; ++i) {
            text_ += column(query_.sort[i].path) + " IS ";
            value(query_.after[i]);
            text_ += " AND ";
        }
        auto const name = column(key.path);
        if (isNull(position)) {
            text_ += name + " IS NOT NULL)";
            return true;
        }
        text_ += (key.descending ? "(" : "") + name + (key.descending ? " < " : " > ");
        value(position);
        text_ += key.descending ? " OR " + name + " IS NULL))" : ")";
        return true;
    }

    Layout const& layout_;
    Query const& query_;
    Side const* walked_ = nullptr; // the side table whose order the rows come in, as `s` beside the documents' `m`
    Condition const* walkedBy_ = nullptr;
    std::string text_;
    std::vector<Scalar const*> values_;
    int joined_ = 0; // further elements
    bool started_ = false;
};

} // namespace

void Sql::bindTo(Statement& statement) const {
    int at = 0;
    for (auto const* value : values) statement.bind(++at, cellOf(*value));
    if (limit >= 0) statement.bind(at + 1, limit);
}

Sql whereSql(Layout const& layout, Query const& query) {
    Builder builder(layout, query);
    builder.conditions();
    return builder.take();
}

Sql selectSql(Layout const& layout, Query const& query, std::string const& what, bool tail) {
    Builder builder(layout, query);
    builder.from();
    builder.conditions();
    builder.position(tail);
    builder.order();
    auto sql = builder.take();
    sql.text = "SELECT " + what + " FROM " + sql.text;
    if (query.limit > 0) {
        sql.text += " LIMIT ?";
        sql.limit = static_cast<std::int64_t>(query.limit);
    }
    return sql;
}

Sql countSql(Layout const& layout, Query const& query) {
    Builder builder(layout, query);
    builder.fromKeysAlone();
    builder.conditions();
    auto sql = builder.take();
    if (query.limit == 0) {
        sql.text = "SELECT count(*) FROM " + sql.text;
        return sql;
    }
    sql.text = "SELECT count(*) FROM (SELECT 1 FROM " + sql.text + " LIMIT ?)";
    sql.limit = static_cast<std::int64_t>(query.limit);
    return sql;
}

bool hasTail(Layout const& layout, Query const& query) { return Builder(layout, query).needsTail(); }

} // namespace visavis::store::sqlite
