// Reads every document once and compares.
#include "store/sqlite/integrity.hpp"

#include "store/sqlite/writes.hpp"

namespace visavis::inline store::sqlite {
namespace {

constexpr std::size_t mostFaults = 100;

class Check {
public:
    Check(Connection& db, std::vector<std::string>& faults) : db_(db), faults_(faults) {}

    void pragmas() {
        auto integrity = db_.prepare("PRAGMA integrity_check");
        while (integrity.row())
            if (integrity.bytes(0) != "ok") faults_.emplace_back(integrity.bytes(0));
        auto keys = db_.prepare("PRAGMA foreign_key_check");
        while (keys.row()) faults_.push_back("a row of " + std::string(keys.bytes(0)) + " refers to nothing");
    }

    void collection(Layout const& layout) {
        std::vector<std::int64_t> rows(layout.sides.size());
        std::string sql = "SELECT doc";
        for (auto const& column : layout.columns) sql += ", " + quoted(column.path);
        auto statement = db_.prepare(sql + " FROM " + quoted(layout.name()));
        while (faults_.size() < mostFaults && statement.row()) document(layout, statement, rows);
        for (std::size_t i = 0; i < layout.sides.size() && faults_.size() < mostFaults; ++i) {
            auto count = db_.prepare("SELECT count(*) FROM " + quoted(layout.sides[i].table));
            if (count.row() && count.integer(0) != rows[i])
                faults_.push_back(layout.sides[i].table + ": has " + std::to_string(count.integer(0)) + " rows, the documents make " +
                                  std::to_string(rows[i]));
        }
    }

private:
    void document(Layout const& layout, Statement const& statement, std::vector<std::int64_t>& rows) {
        auto const where = layout.name() + " " + toText(statement.cell(1));
        try {
            auto const cells = cellsOf(layout, statement.bytes(0));
            for (std::size_t i = 0; i < layout.columns.size(); ++i) {
                auto const column = statement.cell(static_cast<int>(i) + 1);
                if (column != cells.columns[i])
                    faults_.push_back(where + ": column " + layout.columns[i].path + " is " + toText(column) + ", the document says " +
                                      toText(cells.columns[i]));
            }
            for (std::size_t i = 0; i < layout.sides.size(); ++i)
                if (auto const keys = sideKeys(layout, i, cells)) side(layout.sides[i], *keys, cells.arrays[i], cells, where, rows[i]);
        } catch (CorruptDocument const& corrupt) {
            faults_.push_back(where + ": " + corrupt.what());
        }
    }

    void side(Side const& side, std::vector<Cell> const& keys, std::vector<Cell> const& elements, DocumentCells const& cells,
              std::string const& where, std::int64_t& rows) {
        for (auto const& row : sideRows(side, elements)) {
            auto found = db_.prepare((side.ofRuns ? "SELECT _until" : "SELECT 0") + side.eraseSql.substr(std::string("DELETE").size()));
            bindSideRow(found, side, keys, row.element, cells.columns.front());
            if (!found.row() || found.integer(0) != row.until) faults_.push_back(where + ": lacks a row in " + side.table);
            ++rows;
        }
    }

    Connection& db_;
    std::vector<std::string>& faults_;
};

} // namespace

std::vector<std::string> integrityFaults(Connection& db, Layouts const& layouts) {
    std::vector<std::string> faults;
    Check check(db, faults);
    check.pragmas();
    for (auto const& [name, layout] : layouts) check.collection(*layout);
    return faults;
}

} // namespace visavis::store::sqlite
