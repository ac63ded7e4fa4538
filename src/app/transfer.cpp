// Pages of one snapshot to lines, and lines to batches.
#include "app/transfer.hpp"

#include "record/extended_json.hpp"

#include <boost/json.hpp>

#include <fstream>
#include <set>

namespace visavis::app {
namespace {

constexpr std::size_t pageSize = 500;
constexpr auto summaryFile = "export.json"; // how many documents each file has; written when all of them are there

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

// Hands the document of every line to `use`, and says how many there were.
template <class Use> Result<std::int64_t> eachLine(CollectionSpec const& collection, std::filesystem::path const& file, Use const& use) {
    std::ifstream in(file, std::ios::binary);
    std::int64_t count = 0;
    auto const at = [&] { return file.string() + ":" + std::to_string(count) + ": "; };
    for (std::string line; std::getline(in, line);) {
        ++count;
        auto document = documentOf(collection, line);
        if (!document) return wrong("import", at() + document.error().detail);
        if (auto const used = use(std::move(*document)); !used) return wrong("import", at() + used.error().detail);
    }
    if (in.bad()) return wrong("import", file.string() + " cannot be read.");
    return count;
}

Result<std::int64_t> checkOne(CollectionSpec const& collection, std::filesystem::path const& file) {
    std::set<Scalar> seen;
    return eachLine(collection, file, [&](Bson const& document) -> Result<void> {
        auto const id = bsonAt(document.bytes, "_id");
        if (id.size() != 1) return wrong("import", "It has no _id.");
        if (!seen.insert(id.front()).second) return wrong("import", "A line before has the same _id.");
        return ok;
    });
}

Result<std::int64_t> importOne(Engine& engine, CollectionSpec const& collection, std::filesystem::path const& file) {
    std::vector<Bson> batch;
    auto const store = [&]() -> Result<void> {
        auto const stored = flush(engine, collection, batch);
        if (stored) return ok;
        return wrong("import", "This line or one of the " + std::to_string(pageSize) + " before it: " + stored.error().key +
                                   ". The store is filled up to there: mend the line and begin again with an empty store.");
    };
    TRY(auto const count, eachLine(collection, file, [&](Bson document) -> Result<void> {
            batch.push_back(std::move(document));
            return batch.size() < pageSize ? ok : store();
        }));
    if (auto const stored = store(); !stored) return wrong("import", file.string() + ": " + stored.error().detail);
    return count;
}

Result<void> writeSummary(Moved const& moved, std::filesystem::path const& directory) {
    boost::json::object documents;
    for (auto const& [collection, count] : moved) documents[collection] = count;
    std::ofstream out(directory / summaryFile, std::ios::binary);
    out << boost::json::serialize(boost::json::object{{"documents", documents}}) << '\n' << std::flush;
    if (!out) return wrong("export", (directory / summaryFile).string() + " cannot be written.");
    return ok;
}

// Files made by hand have no summary; one that is there must be right.
Result<void> compareWithSummary(Moved const& found, std::filesystem::path const& directory) {
    auto const path = directory / summaryFile;
    if (!std::filesystem::exists(path)) return ok;
    std::ifstream in(path, std::ios::binary);
    std::string const text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    boost::system::error_code failed;
    auto const parsed = boost::json::parse(text, failed);
    auto const* summary = failed ? nullptr : parsed.if_object();
    auto const* documents = summary != nullptr && summary->contains("documents") ? summary->at("documents").if_object() : nullptr;
    if (documents == nullptr) return wrong("import", path.string() + " is not the summary of an export.");
    for (auto const& [collection, count] : *documents) {
        auto const here = found.find(collection);
        auto const lines = here == found.end() ? 0 : here->second;
        if (!count.is_int64() || count.as_int64() == lines) continue;
        return wrong("import", (directory / (std::string(collection) + ".jsonl")).string() + " has " + std::to_string(lines) +
                                   " documents, and " + std::to_string(count.as_int64()) + " were exported: a part of it is missing.");
    }
    return ok;
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
    if (outcome) CHECK(writeSummary(*outcome, directory));
    return outcome;
}

Result<Moved> checkExport(std::vector<CollectionSpec const*> const& collections, std::filesystem::path const& directory) {
    if (!std::filesystem::is_directory(directory)) return wrong("import", directory.string() + " is no directory.");
    Moved found;
    for (auto const* collection : collections) {
        auto const file = fileOf(directory, *collection);
        if (!std::filesystem::exists(file)) continue; // of a version that did not have it yet
        TRY(found[collection->name], checkOne(*collection, file));
    }
    for (auto const& entry : std::filesystem::directory_iterator(directory))
        if (entry.path().extension() == ".jsonl" && !found.contains(entry.path().stem().string()))
            return wrong("import", entry.path().string() + " is of no collection that this version knows.");
    if (found.empty()) return wrong("import", directory.string() + " has no .jsonl file.");
    CHECK(compareWithSummary(found, directory));
    return found;
}

Result<Moved> importStore(Engine& engine, std::vector<CollectionSpec const*> const& collections, std::filesystem::path const& directory) {
    std::string full;
    engine.read([&](EngineReader& reader) {
        for (auto const* collection : collections)
            if (!pageAfter(reader, *collection, {}).empty()) full += (full.empty() ? "" : ", ") + collection->name;
    });
    if (!full.empty()) return wrong("import", "The store is not empty: it has " + full + ".");
    Moved moved;
    for (auto const* collection : collections) {
        auto const file = fileOf(directory, *collection);
        if (!std::filesystem::exists(file)) continue;
        TRY(moved[collection->name], importOne(engine, *collection, file));
    }
    return moved;
}

} // namespace visavis::app
