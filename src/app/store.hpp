// The store that the settings name: a file, or a cluster. The only place that knows both engines.
#pragma once

#include "app/settings.hpp"
#include "store/mongo/engine.hpp"

#include <memory>

namespace visavis::app {

// The embedded store's file in a data directory.
std::string storeFile(std::string const& dataDirectory);

// For serving: makes what is missing of an embedded store and of an empty database; a database with other indexes than declared is opened,
// but refuses writes until `visavis migrate`. Throws StoreLocked, StoreUnsuitable, StoreUnavailable.
std::unique_ptr<Engine> openToServe(Settings const& settings);
// As it is, for `migrate`.
std::unique_ptr<Engine> openAsIs(Settings const& settings);
// For `migrate --adopt`. invalid "adopt" with the embedded store, which no other software writes.
Result<std::unique_ptr<MongoEngine>> openToAdopt(Settings const& settings);
// Beside a running server, for commands that only read.
std::unique_ptr<Engine> openToLook(Settings const& settings, std::vector<CollectionSpec const*> const& collections);

} // namespace visavis::app
