// The real binary as a child process, on ports of its own; killed with the test, whatever happens to that.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

namespace visavis::support {

class ServerProcess {
public:
    // Starts `visavis serve` on `data` with the sandbox and waits until it says where it serves. Throws when it does not.
    explicit ServerProcess(std::string data, std::vector<std::string> further = {}, std::vector<std::string> environment = {});
    ~ServerProcess();
    ServerProcess(ServerProcess const&) = delete;
    ServerProcess& operator=(ServerProcess const&) = delete;

    std::string const& url() const { return url_; }         // http://127.0.0.1:port
    std::string const& sandbox() const { return sandbox_; } // of the sandbox
    pid_t pid() const { return pid_; }

    void kill();      // SIGKILL
    int terminate();  // SIGTERM; the exit status
    int waitForEnd(); // until it ends by itself; the wait status
    bool running();

private:
    std::string readLine();

    pid_t pid_ = -1;
    int out_ = -1;
    std::string rest_;
    std::string url_, sandbox_;
};

// Runs the binary with arguments to its end: what it printed and its exit status.
struct CommandOutcome {
    int status = -1;
    std::string output;
};
CommandOutcome runBinary(std::vector<std::string> const& arguments);

} // namespace visavis::support
