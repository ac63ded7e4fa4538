// A database of its own for a test, on the server that VISAVIS_TEST_MONGO_URI names; dropped at the end.
#pragma once

#include "store/mongo/connection.hpp"

#include <cstdlib>
#include <stdexcept>

#include <unistd.h>

namespace visavis::inline store::mongo {

inline std::string testUri() {
    auto const* uri = std::getenv("VISAVIS_TEST_MONGO_URI");
    if (uri == nullptr) throw std::runtime_error("VISAVIS_TEST_MONGO_URI names no server: `./dev test` starts one");
    return uri;
}

// mongodb://host:port/?options with a database put in.
inline std::string withDatabase(std::string uri, std::string const& database) {
    auto const slash = uri.find('/', uri.find("://") + 3);
    if (slash == uri.npos) return uri + "/" + database;
    return uri.insert(slash + 1, database);
}

inline void dropDatabase(std::string const& uri) {
    MongoSettings settings;
    settings.uri = uri;
    try {
        Pool pool(settings);
        Client(pool).run(oneInt("dropDatabase", 1));
    } catch (std::exception const&) { // a test that broke the server has said so itself
    }
}

// The names of its collections.
inline std::vector<std::string> collectionsOf(Client& client) {
    std::vector<std::string> names;
    auto const reply = client.run(Builder().putInt("listCollections", 1).put("nameOnly", true).take());
    for (auto const& row : documentsAt(reply, "cursor.firstBatch")) names.push_back(textAt(row, "name"));
    return names;
}

// Takes all documents out, and leaves collections, validators and indexes. False if the server cannot, after a test that broke it.
inline bool emptyDatabase(std::string const& uri) {
    MongoSettings settings;
    settings.uri = uri;
    try {
        Pool pool(settings);
        Client client(pool);
        for (auto const& name : collectionsOf(client)) {
            auto const every = Builder().put("q", Builder().take()).putInt("limit", 0).take();
            client.run(Builder().putText("delete", name).put("deletes", std::vector<Bson>{every}).take());
        }
        return true;
    } catch (std::exception const&) {
        return false;
    }
}

inline std::size_t documentsIn(std::string const& uri) {
    MongoSettings settings;
    settings.uri = uri;
    Pool pool(settings);
    Client client(pool);
    std::size_t found = 0;
    for (auto const& name : collectionsOf(client))
        found += documentsAt(client.run(Builder().putText("find", name).putInt("limit", 1).take()), "cursor.firstBatch").size();
    return found;
}

class TestDatabase {
public:
    TestDatabase() {
        static int count = 0;
        name = "visavis_test_" + std::to_string(::getpid()) + "_" + std::to_string(++count);
    }
    TestDatabase(TestDatabase const&) = delete;
    TestDatabase& operator=(TestDatabase const&) = delete;
    ~TestDatabase() { dropDatabase(settings().uri); }

    MongoSettings settings() const {
        MongoSettings chosen;
        chosen.uri = withDatabase(testUri(), name);
        return chosen;
    }
    // A command as an operator would give it.
    Bson run(Bson const& command, char const* database = nullptr) const {
        Pool pool(settings());
        return Client(pool).run(command, database);
    }

    std::string name;
};

} // namespace visavis::store::mongo
