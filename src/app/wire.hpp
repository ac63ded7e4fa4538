// The composition root: every part made in order, by hand, and ended in reverse.
#pragma once

#include "app/settings.hpp"

#include <memory>
#include <string>

namespace visavis::identity {
struct Platform;
}
namespace visavis {
inline namespace store {
class SqliteEngine;
}
} // namespace visavis

namespace visavis::app {

class Application {
public:
    // Opens the store, migrates it, starts the sandbox if settings name one, and listens; nothing is served yet.
    // Errors: invalid "setting", unavailable "cannot_listen"; StoreLocked is thrown when another process has the store.
    static Result<std::unique_ptr<Application>> open(Settings settings);
    ~Application();
    Application(Application const&) = delete;
    Application& operator=(Application const&) = delete;

    void start(); // background work, then requests
    void stop();  // drains requests, then ends all
    std::string const& publicUrl() const;
    std::string sandboxOrigin() const; // empty without one
    identity::Platform& platform();
    SqliteEngine& store();

private:
    class Impl;
    explicit Application(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

// The store's file in a data directory.
std::string storeFile(std::string const& dataDirectory);

} // namespace visavis::app
