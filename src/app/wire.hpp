// The composition root: every part made in order, by hand, and ended in reverse.
#pragma once

#include "app/settings.hpp"

#include <memory>
#include <string>

namespace visavis::identity {
struct Platform;
}
namespace visavis::app {

class Application {
public:
    // Opens the store, migrates it, starts the sandbox if settings name one, and listens; nothing is served yet.
    // Errors: invalid "setting", unavailable "cannot_listen"; what openToServe throws (app/store.hpp) is thrown.
    static Result<std::unique_ptr<Application>> open(Settings settings);
    ~Application();
    Application(Application const&) = delete;
    Application& operator=(Application const&) = delete;

    void start(); // background work, then requests
    void stop();  // drains requests, then ends all
    std::string const& publicUrl() const;
    std::string sandboxOrigin() const; // empty without one
    std::string sandboxMail() const;   // smtp://…
    identity::Platform& platform();

private:
    class Impl;
    explicit Application(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

} // namespace visavis::app
