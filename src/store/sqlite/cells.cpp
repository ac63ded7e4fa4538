// One walk over a document collects every column and every indexed array.
#include "store/sqlite/cells.hpp"

#include <bson/bson.h>

#include <algorithm>
#include <cmath>

namespace visavis::inline store::sqlite {
namespace {

Cell integerCell(std::int64_t value) { return {Cell::Type::integer, value, 0, {}}; }
Cell blobCell(void const* bytes, std::size_t size) { return {Cell::Type::blob, 0, 0, {static_cast<char const*>(bytes), size}}; }

// What a side row holds for a key that the document lacks: a primary key has no NULL. Queries ask the table for that key as well.
Cell placeholder(Kind kind) {
    std::string_view const type = sqlType(kind);
    if (type == "INTEGER") return integerCell(0);
    if (type == "REAL") return {Cell::Type::real, 0, 0, {}};
    return {type == "TEXT" ? Cell::Type::text : Cell::Type::blob, 0, 0, ""};
}

std::optional<Cell> wholeNumber(bson_iter_t const* it) {
    if (BSON_ITER_HOLDS_INT64(it) || BSON_ITER_HOLDS_INT32(it)) return integerCell(bson_iter_as_int64(it));
    if (!BSON_ITER_HOLDS_DOUBLE(it)) return std::nullopt;
    auto const value = bson_iter_double(it);
    if (std::trunc(value) != value || std::abs(value) > 9.0e15) return std::nullopt;
    return integerCell(static_cast<std::int64_t>(value));
}

std::optional<Cell> typedCell(Kind kind, bson_iter_t const* it) {
    switch (kind) {
        case Kind::boolean:
            if (!BSON_ITER_HOLDS_BOOL(it)) return std::nullopt;
            return integerCell(bson_iter_bool(it) ? 1 : 0);
        case Kind::integer:
            return wholeNumber(it);
        case Kind::number:
            if (!BSON_ITER_HOLDS_NUMBER(it)) return std::nullopt;
            return Cell{Cell::Type::real, 0, bson_iter_as_double(it), {}};
        case Kind::instant:
        case Kind::day:
            if (!BSON_ITER_HOLDS_DATE_TIME(it)) return std::nullopt;
            return integerCell(bson_iter_date_time(it));
        case Kind::objectId:
            if (!BSON_ITER_HOLDS_OID(it)) return std::nullopt;
            return blobCell(bson_iter_oid(it)->bytes, sizeof(bson_oid_t));
        default:
            if (!BSON_ITER_HOLDS_UTF8(it)) return std::nullopt;
            std::uint32_t length = 0;
            auto const* text = bson_iter_utf8(it, &length);
            return Cell{Cell::Type::text, 0, 0, {text, length}};
    }
}

Cell cellAt(Kind kind, bson_iter_t const* it) {
    if (BSON_ITER_HOLDS_NULL(it)) return {};
    auto const cell = typedCell(kind, it);
    if (!cell) throw CorruptDocument(std::string("document member ") + bson_iter_key(it) + " has another type than its index");
    return *cell;
}

struct Walk {
    Layout const& layout;
    DocumentCells& cells;

    void members(bson_iter_t* it, PathNode const& node) const {
        while (bson_iter_next(it)) {
            std::string_view const key(bson_iter_key(it), bson_iter_key_len(it));
            for (auto const& child : node.children)
                if (child.name == key) member(it, child);
        }
    }

    void member(bson_iter_t const* it, PathNode const& node) const {
        if (node.column >= 0) {
            auto const at = static_cast<std::size_t>(node.column);
            cells.columns[at] = cellAt(layout.columns[at].kind, it);
        }
        for (int const side : node.sides) {
            auto const at = static_cast<std::size_t>(side);
            if (side == node.sides.front())
                elements(it, at);
            else // another index over the same array
                cells.arrays[at] = cells.arrays[static_cast<std::size_t>(node.sides.front())];
        }
        bson_iter_t child;
        if (!node.children.empty() && BSON_ITER_HOLDS_DOCUMENT(it) && bson_iter_recurse(it, &child)) members(&child, node);
    }

    void elements(bson_iter_t const* it, std::size_t side) const {
        auto& array = cells.arrays[side];
        bson_iter_t child;
        if (!BSON_ITER_HOLDS_ARRAY(it) || !bson_iter_recurse(it, &child)) return;
        while (bson_iter_next(&child)) array.push_back(cellAt(layout.sides[side].elementKind, &child));
        auto const before = [](Cell const& a, Cell const& b) { return a < b; };
        if (!std::is_sorted(array.begin(), array.end(), before)) std::sort(array.begin(), array.end(), before);
        array.erase(std::unique(array.begin(), array.end()), array.end());
    }
};

} // namespace

DocumentCells cellsOf(Layout const& layout, std::string_view document) {
    DocumentCells cells;
    cells.columns.resize(layout.columns.size());
    cells.arrays.resize(layout.sides.size());
    bson_t doc;
    bson_iter_t it;
    if (!bson_init_static(&doc, reinterpret_cast<std::uint8_t const*>(document.data()), document.size()) || !bson_iter_init(&it, &doc))
        throw CorruptDocument("not a BSON document");
    Walk{layout, cells}.members(&it, layout.root);
    return cells;
}

Cell cellOf(Scalar const& scalar) {
    struct Visitor {
        Cell operator()(std::monostate) const { return {}; }
        Cell operator()(bool value) const { return integerCell(value ? 1 : 0); }
        Cell operator()(std::int64_t value) const { return integerCell(value); }
        Cell operator()(double value) const { return {Cell::Type::real, 0, value, {}}; }
        Cell operator()(std::string const& value) const { return {Cell::Type::text, 0, 0, value}; }
        Cell operator()(ObjectId const& value) const { return blobCell(value.bytes.data(), value.bytes.size()); }
        Cell operator()(Instant value) const { return integerCell(value.ms); }
    };
    return std::visit(Visitor{}, scalar);
}

bool isIn(Layout const& layout, IndexSpec const& index, DocumentCells const& cells) {
    if (!index.where) return true;
    auto const& cell = cells.columns[static_cast<std::size_t>(layout.find(index.where->path))];
    if (!index.where->equals) return !cell.isNull();
    return !cell.isNull() && (cell.integer != 0) == *index.where->equals;
}

std::optional<std::vector<Cell>> sideKeys(Layout const& layout, std::size_t at, DocumentCells const& cells) {
    auto const& side = layout.sides[at];
    if (!isIn(layout, *side.index, cells)) return std::nullopt;
    std::vector<Cell> keys;
    keys.reserve(side.keys.size());
    for (int const key : side.keys) {
        keys.push_back(key < 0 ? Cell{} : cells.columns[static_cast<std::size_t>(key)]);
        if (key < 0 || !keys.back().isNull()) continue;
        if (side.index->unique) return std::nullopt;
        keys.back() = placeholder(layout.columns[static_cast<std::size_t>(key)].kind);
    }
    return keys;
}

std::vector<SideRow> sideRows(Side const& side, std::vector<Cell> const& elements) {
    std::vector<SideRow> rows;
    for (auto const& element : elements)
        if (side.ofRuns && !rows.empty() && element.integer - 1 == rows.back().until)
            rows.back().until = element.integer;
        else
            rows.push_back({element, side.ofRuns ? element.integer : 0});
    return rows;
}

std::string toText(Cell const& cell) {
    switch (cell.type) {
        case Cell::Type::null:
            return "nothing";
        case Cell::Type::integer:
            return std::to_string(cell.integer);
        case Cell::Type::real:
            return std::to_string(cell.real);
        case Cell::Type::text:
            return "'" + std::string(cell.bytes) + "'";
        default:
            break;
    }
    std::string hex;
    for (char const c : cell.bytes) {
        constexpr char digits[] = "0123456789abcdef";
        auto const byte = static_cast<unsigned char>(c);
        hex += digits[byte >> 4];
        hex += digits[byte & 15];
    }
    return hex;
}

} // namespace visavis::store::sqlite
