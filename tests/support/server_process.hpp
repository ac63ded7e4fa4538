// The real binary as a child process, on ports of its own; ended with the test, whatever happens to that.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

namespace visavis::support {

class ServerProcess {
public:
    // Starts `visavis serve` on that store (StorePlace::flags) with the sandbox and waits until it says where it serves. Throws when it does not.
    explicit ServerProcess(std::vector<std::string> const& store, std::vector<std::string> const& further = {},
                           std::vector<std::string> const& environment = {});
    // `visavis serve` with exactly these arguments, so without a sandbox of its own.
    struct Exactly {};
    ServerProcess(std::vector<std::string> arguments, std::vector<std::string> const& environment, Exactly);
    // Killed; but a member of a cluster leaves it in peace, so that its database can be taken over by the next test.
    ~ServerProcess();
    ServerProcess(ServerProcess const&) = delete;
    ServerProcess& operator=(ServerProcess const&) = delete;

    std::string const& url() const { return url_; }         // http://127.0.0.1:port
    std::string const& sandbox() const { return sandbox_; } // of the sandbox
    std::string const& mail() const { return mail_; }       // smtp://… of the sandbox
    pid_t pid() const { return pid_; }

    void kill();      // SIGKILL
    int terminate();  // SIGTERM; the exit status
    int waitForEnd(); // until it ends by itself; the wait status
    bool running();

private:
    std::string readLine();
    void awaitAddresses(bool withSandbox);
    void noteEnd(int status);

    std::vector<std::string> arguments_;
    pid_t pid_ = -1;
    int out_ = -1;
    std::string rest_;
    std::string url_, sandbox_, mail_;
};

// Runs the binary with arguments to its end: what it printed and its exit status.
struct CommandOutcome {
    int status = -1; // -1: it was killed
    std::string output;
};
// `input` is what it reads from its standard input.
CommandOutcome runBinary(std::vector<std::string> const& arguments, std::string const& input = "",
                         std::vector<std::string> const& environment = {});

} // namespace visavis::support
