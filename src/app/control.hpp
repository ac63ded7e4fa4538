// DIR/control.sock: commands of this machine's operator to the running server, which alone has the store (DESIGN §4).
//
// One line of JSON in, one line of JSON out, and the connection ends: {"command":"admin create",…} is answered by {"ok":true,…} or
// {"error":"a sentence"}. The socket is its owner's alone (0600); there is no other proof of who asks.
#pragma once

#include "core/result.hpp"

#include <boost/json/object.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace visavis::app {

// Carries out a command that came in; what it returns becomes members of the answer.
using ControlCommand = std::function<Result<boost::json::object>(boost::json::object const&)>;

class ControlSocket {
public:
    // Listens in `directory`; the caller has the store's lock, so a socket that lies there is of a dead server and is replaced.
    static Result<std::unique_ptr<ControlSocket>> open(std::string const& directory, ControlCommand command);
    ~ControlSocket(); // stops, and removes the socket
    ControlSocket(ControlSocket const&) = delete;
    ControlSocket& operator=(ControlSocket const&) = delete;

private:
    ControlSocket(std::string path, int listening, int wake, ControlCommand command);
    void loop();
    void serve(int connection) const;

    std::string const path_;
    int const listening_;
    int const wake_; // eventfd: readable when it is time to stop
    ControlCommand const command_;
    std::thread thread_;
};

// What is wrong, for whoever typed the command.
std::string sentenceOf(Error const& error);

// Asks the server that runs on this directory. Nothing when none does; unavailable when it gives no answer.
Result<std::optional<boost::json::object>> askServer(std::string const& directory, boost::json::object const& request);

} // namespace visavis::app
