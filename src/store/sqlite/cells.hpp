// What a document puts into columns and side rows. Cells point into the document's bytes.
#pragma once

#include "store/sqlite/layout.hpp"

namespace visavis::inline store::sqlite {

struct Cell {
    enum class Type : std::uint8_t { null, integer, real, text, blob };

    Type type = Type::null;
    std::int64_t integer = 0;
    double real = 0;
    std::string_view bytes;

    auto operator<=>(Cell const&) const = default;
    bool isNull() const { return type == Type::null; }
};

struct DocumentCells {
    std::vector<Cell> columns;             // as Layout::columns
    std::vector<std::vector<Cell>> arrays; // as Layout::sides: the elements, each once, sorted
};

// Throws CorruptDocument when a member has another type than its column.
DocumentCells cellsOf(Layout const& layout, std::string_view document);
Cell cellOf(Scalar const& scalar);

// Whether a partial index holds the document.
bool isIn(Layout const& layout, IndexSpec const& index, DocumentCells const& cells);
// What the rows of a document in a side table have in common: a cell per key, null in the array's place. None if the document is not in the index.
std::optional<std::vector<Cell>> sideKeys(Layout const& layout, std::size_t side, DocumentCells const& cells);

// What a side table has of an element, or of a run of them: `until` is its last one then, and otherwise 0.
struct SideRow {
    Cell element;
    std::int64_t until = 0;

    auto operator<=>(SideRow const&) const = default;
};
std::vector<SideRow> sideRows(Side const& side, std::vector<Cell> const& elements);

std::string toText(Cell const& cell);

} // namespace visavis::store::sqlite
