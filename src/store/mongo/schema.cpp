// Compares listCollections and listIndexes with the declarations.
#include "store/mongo/schema.hpp"

#include "record/schema.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <iterator>
#include <map>

namespace visavis::inline store::mongo {
namespace {

constexpr int namespaceNotFound = 26;
constexpr int namespaceExists = 48;

Bson keysOf(IndexSpec const& index) {
    Builder keys;
    for (auto const& key : index.keys) keys.putInt(key.path, key.descending ? -1 : 1);
    return keys.take();
}

std::optional<Bson> partialOf(IndexSpec const& index) {
    if (!index.where) return std::nullopt;
    if (index.where->equals) return one(index.where->path, *index.where->equals);
    return one(index.where->path, one("$exists", true));
}

// The options of createIndex, without the keys.
Bson optionsOf(IndexSpec const& index, bool realClock) {
    Builder options;
    options.putText("name", index.name);
    if (index.unique) options.put("unique", true);
    if (auto const partial = partialOf(index)) options.put("partialFilterExpression", *partial);
    if (index.expireAfter && realClock) options.put("expireAfterSeconds", static_cast<std::int64_t>(index.expireAfter->count()));
    return options.take();
}

Bson indexDocument(IndexSpec const& index, bool realClock) {
    Builder all;
    all.put("key", keysOf(index));
    bson_concat(all.raw(), View(optionsOf(index, realClock)).get());
    return all.take();
}

// What decides whether two indexes do the same, whatever their names and however their numbers are typed. When documents expire is a
// matter of tidiness: it is mended, but does not stop writes.
std::string natureOf(Bson const& index) {
    std::string text;
    auto const keys = documentAt(index, "key");
    View const view(keys);
    bson_iter_t it;
    for (bson_iter_init(&it, view.get()); bson_iter_next(&it);)
        text +=
            std::string(bson_iter_key(&it)) +
            (BSON_ITER_HOLDS_UTF8(&it) ? ":" + std::string(bson_iter_utf8(&it, nullptr)) : (bson_iter_as_int64(&it) < 0 ? ":-1" : ":1")) +
            ",";
    text += flagAt(index, "unique") ? " unique" : "";
    text += flagAt(index, "sparse") ? " sparse" : "";
    if (has(index, "partialFilterExpression")) text += " where " + shown(documentAt(index, "partialFilterExpression"));
    return text;
}

std::string expiryOf(Bson const& index) {
    return has(index, "expireAfterSeconds") ? std::to_string(numberAt(index, "expireAfterSeconds")) : std::string();
}

std::vector<Bson> existingIndexes(Client& client, CollectionSpec const& collection) {
    try {
        auto const reply = client.run(Builder().putText("listIndexes", collection.name).put("cursor", oneInt("batchSize", 1000)).take());
        return documentsAt(reply, "cursor.firstBatch");
    } catch (Failed const& failed) {
        if (failed.code == namespaceNotFound) return {};
        throw;
    }
}

// What listCollections says of them, by name.
std::map<std::string, Bson> listed(Client& client, Collections const& collections) {
    std::vector<Scalar> names;
    for (auto const* collection : collections) names.emplace_back(collection->name);
    auto const ours = one("name", Builder().put("$in", names).take());
    auto const cursor = oneInt("batchSize", 1000);
    auto const reply = client.run(Builder().putInt("listCollections", 1).put("filter", ours).put("cursor", cursor).take());
    std::map<std::string, Bson> found;
    for (auto& row : documentsAt(reply, "cursor.firstBatch")) {
        auto name = textAt(row, "name");
        found.emplace(std::move(name), std::move(row));
    }
    return found;
}

class Plan {
public:
    // `there` is what the database says of the collection, if it has it.
    Plan(Client& client, CollectionSpec const& collection, Bson const* there, bool realClock)
        : collection_(collection), realClock_(realClock), there_(there) {
        if (there_) indexes_ = existingIndexes(client, collection);
    }

    std::vector<SchemaStep> steps() {
        mendCollection();
        for (auto const& index : collection_.indexes) mendIndex(index);
        return std::move(steps_);
    }

private:
    std::string place() const { return "db.getCollection(\"" + collection_.name + "\")"; }

    void mendCollection() {
        auto const validator = one("$jsonSchema", fromText(boost::json::serialize(bsonSchema(*collection_.shape))));
        auto const options =
            Builder().put("validator", validator).putText("validationLevel", "moderate").putText("validationAction", "error").take();
        if (!there_) {
            Builder create;
            create.putText("create", collection_.name);
            bson_concat(create.raw(), View(options).get());
            steps_.push_back(
                {collection_.name, "", "db.createCollection(\"" + collection_.name + "\", " + shown(options) + ")", {create.take()}});
            return;
        }
        bool const same =
            shown(documentAt(*there_, "options.validator")) == shown(validator) && textAt(*there_, "options.validationLevel") == "moderate";
        if (same) return;
        Builder change;
        change.putText("collMod", collection_.name);
        bson_concat(change.raw(), View(options).get());
        auto command = change.take();
        steps_.push_back({collection_.name, "", "db.runCommand(" + shown(command) + ")", {std::move(command)}, false});
    }

    // An index of another nature under our name, or of this nature under another name, stands in the way and is made again.
    void mendIndex(IndexSpec const& index) {
        auto const wanted = indexDocument(index, realClock_);
        auto const nature = natureOf(wanted);
        SchemaStep step;
        step.collection = collection_.name;
        step.index = index.name;
        for (auto const& found : indexes_) {
            auto const name = textAt(found, "name");
            bool const sameName = name == index.name, sameNature = natureOf(found) == nature;
            bool const sameExpiry = !realClock_ || expiryOf(found) == expiryOf(wanted);
            if (sameName && sameNature && sameExpiry) return;
            if (!sameName && (!sameNature || isDeclared(name))) continue;
            step.stopsWrites = step.stopsWrites && !(sameName && sameNature);
            step.commands.push_back(Builder().putText("dropIndexes", collection_.name).putText("index", name).take());
            step.says += place() + ".dropIndex(\"" + name + "\")\n";
        }
        step.commands.push_back(Builder().putText("createIndexes", collection_.name).put("indexes", std::vector<Bson>{wanted}).take());
        step.says += place() + ".createIndex(" + shown(keysOf(index)) + ", " + shown(optionsOf(index, realClock_)) + ")";
        steps_.push_back(std::move(step));
    }

    bool isDeclared(std::string const& name) const {
        return std::any_of(collection_.indexes.begin(), collection_.indexes.end(), [&](auto const& index) { return index.name == name; });
    }

    CollectionSpec const& collection_;
    bool realClock_;
    Bson const* there_;
    std::vector<Bson> indexes_;
    std::vector<SchemaStep> steps_;
};

} // namespace

Collections existing(Client& client, Collections const& collections) {
    auto const found = listed(client, collections);
    Collections those;
    for (auto const* collection : collections)
        if (found.contains(collection->name)) those.push_back(collection);
    return those;
}

std::vector<SchemaStep> missingSteps(Client& client, Collections const& collections, bool realClock) {
    auto const found = listed(client, collections);
    std::vector<SchemaStep> steps;
    for (auto const* collection : collections) {
        auto const there = found.find(collection->name);
        auto more = Plan(client, *collection, there == found.end() ? nullptr : &there->second, realClock).steps();
        std::move(more.begin(), more.end(), std::back_inserter(steps));
    }
    return steps;
}

void carryOut(Client& client, std::vector<SchemaStep> const& steps) {
    for (auto const& step : steps)
        for (auto const& command : step.commands) try {
                client.run(command);
            } catch (Failed const& failed) {
                if (failed.code != namespaceExists) throw std::runtime_error(step.says + ": " + failed.what());
            }
}

std::string judgeServer(Bson const& hello, std::string const& version) {
    auto const name = "MongoDB " + version;
    if (std::atoi(version.c_str()) < 5) throw StoreUnsuitable(name + " is too old: 5.0 or later is needed");
    if (textAt(hello, "msg") == "isdbgrid") return name + ", sharded cluster";
    auto const set = textAt(hello, "setName");
    if (set.empty())
        throw StoreUnsuitable(name + " is a standalone, which has no transactions: start it with --replSet and run rs.initiate()");
    if (!documentsAt(hello, "arbiters").empty() || has(hello, "arbiters.0"))
        throw StoreUnsuitable(
            name + ", replica set " + set +
            ", has an arbiter, with which a majority may lose what was acknowledged: replace it by a member that bears data");
    return name + ", replica set " + set;
}

std::string checkServer(Client& client) {
    auto const hello = client.run(oneInt("hello", 1), "admin");
    return judgeServer(hello, textAt(client.run(oneInt("buildInfo", 1), "admin"), "version"));
}

} // namespace visavis::store::mongo
