// Pages of one snapshot to lines, and lines to batches.
#include "app/transfer.hpp"

#include "record/extended_json.hpp"

#include <fstream>

namespace visavis::app {
namespace {

constexpr std::size_t pageSize = 500;

std::filesystem::path fileOf(std::filesystem::path const& directory, CollectionSpec const& collection) {
    return directory / (collection.name + ".jsonl");
}

Error wrong(char const* key, std::string detail) { return failure(Code::invalid, key, std::move(detail)); }

std::vector<Bson> pageAfter(EngineReader& reader, CollectionSpec const& collection, Scalar const& last) {
    Query query{&collection, {}, {{"_id", false}}, pageSize, {}};
    if (!std::holds_alternative<std::monostate>(last)) query.after = {last};
    return reader.find(query);
}

Result<std::int64_t> exportOne(EngineReader& reader, CollectionSpec const& collection, std::filesystem::path const& file) {
    if (std::filesystem::exists(file)) return wrong("export", file.string() + " is there already.");
    std::ofstream out(file, std::ios::binary);
    std::int64_t count = 0;
    Scalar last;
    for (auto page = pageAfter(reader, collection, last); !page.empty(); page = pageAfter(reader, collection, last)) {
        for (auto const& document : page) out << toExtendedJson(document) << '\n';
        count += static_cast<std::int64_t>(page.size());
        last = bsonAt(page.back().bytes, "_id").front();
    }
    out.flush();
    if (!out) return wrong("export", file.string() + " cannot be written.");
    return count;
}

// The document of a line, if its record takes it.
Result<Bson> documentOf(CollectionSpec const& collection, std::string const& line) {
    TRY(auto document, fromExtendedJson(line));
    try {
        auto const record = collection.shape->make();
        fromBson(*collection.shape, record.get(), document.bytes);
    } catch (CorruptDocument const& corrupt) {
        return wrong("import", corrupt.what());
    }
    return document;
}

Result<void> flush(Engine& engine, CollectionSpec const& collection, std::vector<Bson>& batch) {
    CHECK(engine.transact([&](EngineTx& tx) { return tx.insertAll(collection, batch); }));
    batch.clear();
    return ok;
}

Result<std::int64_t> importOne(Engine& engine, CollectionSpec const& collection, std::filesystem::path const& file) {
    std::ifstream in(file, std::ios::binary);
    std::int64_t count = 0;
    std::vector<Bson> batch;
    for (std::string line; std::getline(in, line);) {
        ++count;
        auto document = documentOf(collection, line);
        if (!document) return wrong("import", file.string() + ":" + std::to_string(count) + ": " + document.error().detail);
        batch.push_back(std::move(*document));
        if (batch.size() < pageSize) continue;
        if (auto const stored = flush(engine, collection, batch); !stored)
            return wrong("import", file.string() + ", before line " + std::to_string(count + 1) + ": " + stored.error().key);
    }
    if (auto const stored = flush(engine, collection, batch); !stored)
        return wrong("import", file.string() + ", last lines: " + stored.error().key);
    return count;
}

} // namespace

Result<Moved> exportStore(Engine& engine, std::vector<CollectionSpec const*> const& collections, std::filesystem::path const& directory) {
    std::filesystem::create_directories(directory);
    std::filesystem::permissions(directory, std::filesystem::perms::owner_all); // it holds what the store holds
    Result<Moved> outcome = Moved{};
    engine.read([&](EngineReader& reader) {
        outcome = Moved{};
        for (auto const* collection : collections) {
            auto const count = exportOne(reader, *collection, fileOf(directory, *collection));
            if (!count) {
                outcome = count.error();
                return;
            }
            (*outcome)[collection->name] = *count;
        }
    });
    return outcome;
}

Result<Moved> importStore(Engine& engine, std::vector<CollectionSpec const*> const& collections, std::filesystem::path const& directory) {
    if (!std::filesystem::is_directory(directory)) return wrong("import", directory.string() + " is no directory.");
    std::string full;
    engine.read([&](EngineReader& reader) {
        for (auto const* collection : collections)
            if (!pageAfter(reader, *collection, {}).empty()) full += (full.empty() ? "" : ", ") + collection->name;
    });
    if (!full.empty()) return wrong("import", "The store is not empty: it has " + full + ".");
    Moved moved;
    for (auto const* collection : collections) {
        auto const file = fileOf(directory, *collection);
        if (!std::filesystem::exists(file)) continue; // of a version that did not have it yet
        TRY(moved[collection->name], importOne(engine, *collection, file));
    }
    for (auto const& entry : std::filesystem::directory_iterator(directory))
        if (entry.path().extension() == ".jsonl" && !moved.contains(entry.path().stem().string()))
            return wrong("import", entry.path().string() + " is of no collection that this version knows.");
    return moved;
}

} // namespace visavis::app
