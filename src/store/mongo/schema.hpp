// Collections, validators and indexes: what a database has against what is declared.
#pragma once

#include "store/mongo/connection.hpp"

namespace visavis::inline store::mongo {

// One thing that is missing or other than declared, and the commands that mend it.
struct SchemaStep {
    std::string collection;
    std::string index;          // that this is about; empty: the collection itself
    std::string says;           // as mongosh would be told
    std::vector<Bson> commands; // createIndexes, collMod, …
    bool stopsWrites = true;
};

using Collections = std::vector<CollectionSpec const*>;

// Those that the database has.
Collections existing(Client& client, Collections const& collections);
// One round trip for the database, and one for each collection that it has.
std::vector<SchemaStep> missingSteps(Client& client, Collections const& collections, bool realClock);
// Does them, one after the other; what another process made meanwhile is fine.
void carryOut(Client& client, std::vector<SchemaStep> const& steps);

// Refuses what cannot carry us: older than 5.0, a standalone, a set with an arbiter. Throws StoreUnsuitable.
// The server's version and kind as text, from its answers to hello and buildInfo.
std::string judgeServer(Bson const& hello, std::string const& version);
std::string checkServer(Client& client);

} // namespace visavis::store::mongo
