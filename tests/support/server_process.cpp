// Child processes of tests.
#include "support/server_process.hpp"

#include "support/store.hpp"

#include <csignal>
#include <stdexcept>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace visavis::support {
namespace {

struct Child {
    pid_t pid;
    int out;
};

Child launch(std::vector<std::string> arguments, std::vector<std::string> const& environment, bool withErrors, int input = -1) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    auto const pid = fork();
    if (pid < 0) throw std::runtime_error("no fork");
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (input >= 0) dup2(input, STDIN_FILENO);
        dup2(ends[1], STDOUT_FILENO);
        if (withErrors) dup2(ends[1], STDERR_FILENO);
        for (auto const& entry : environment) putenv(const_cast<char*>(entry.c_str()));
        std::vector<char*> argv;
        for (auto& argument : arguments) argv.push_back(argument.data());
        argv.push_back(nullptr);
        execv(argv.front(), argv.data());
        _exit(127);
    }
    close(ends[1]);
    return {pid, ends[0]};
}

} // namespace

ServerProcess::ServerProcess(std::vector<std::string> const& store, std::vector<std::string> const& further,
                             std::vector<std::string> const& environment) {
    std::vector<std::string> arguments{VISAVIS_BINARY, "serve", "--listen", "127.0.0.1:0",        "--sandbox", "127.0.0.1:0",
                                       "--smtp-sink",  "0",     "--set",    "auth.bcrypt_cost=4", "--set",     "log.level=error"};
    arguments.insert(arguments.end(), store.begin(), store.end());
    arguments.insert(arguments.end(), further.begin(), further.end());
    arguments_ = std::move(arguments);
    auto const child = launch(arguments_, environment, false);
    pid_ = child.pid;
    out_ = child.out;
    awaitAddresses(true);
}

ServerProcess::ServerProcess(std::vector<std::string> arguments, std::vector<std::string> const& environment, Exactly) {
    arguments.insert(arguments.begin(), VISAVIS_BINARY);
    arguments_ = std::move(arguments);
    auto const child = launch(arguments_, environment, false);
    pid_ = child.pid;
    out_ = child.out;
    awaitAddresses(false);
}

void ServerProcess::awaitAddresses(bool withSandbox) {
    for (auto line = readLine(); !line.empty(); line = readLine()) {
        if (line.starts_with("Visavis serves ")) url_ = line.substr(15);
        if (line.starts_with("Sandbox at ")) sandbox_ = line.substr(11);
        if (line.starts_with("Mail sink at ")) mail_ = line.substr(13);
        if (!url_.empty() && (!withSandbox || !sandbox_.empty())) return;
    }
    kill();
    close(out_);
    throw std::runtime_error("the server did not start");
}

ServerProcess::~ServerProcess() {
    if (onMongo() && pid_ > 0) {
        ::kill(pid_, SIGTERM);
        while (!readLine().empty()) continue; // its output ends with it
    }
    kill();
    close(out_);
}

std::string ServerProcess::readLine() {
    while (rest_.find('\n') == rest_.npos) {
        pollfd wanted{out_, POLLIN, 0};
        if (poll(&wanted, 1, 60'000) <= 0) return {};
        char buffer[512];
        auto const count = read(out_, buffer, sizeof buffer);
        if (count <= 0) return {};
        rest_.append(buffer, static_cast<std::size_t>(count));
    }
    auto const end = rest_.find('\n');
    auto line = rest_.substr(0, end);
    rest_.erase(0, end + 1);
    return line;
}

void ServerProcess::kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    (void)waitForEnd();
}

int ServerProcess::terminate() {
    if (pid_ <= 0) return -1; // -1 would mean every process there is
    ::kill(pid_, SIGTERM);
    auto const status = waitForEnd();
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int ServerProcess::waitForEnd() {
    int status = 0;
    waitpid(pid_, &status, 0);
    noteEnd(status);
    return status;
}

bool ServerProcess::running() {
    if (pid_ <= 0) return false;
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) == 0) return true;
    noteEnd(status);
    return false;
}

void ServerProcess::noteEnd(int status) {
    pid_ = -1;
    if (!WIFEXITED(status)) spoil(arguments_);
}

CommandOutcome runBinary(std::vector<std::string> const& arguments, std::string const& input, std::vector<std::string> const& environment) {
    int feed[2];
    if (pipe2(feed, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    auto const written = write(feed[1], input.data(), input.size()); // less than a pipe holds
    close(feed[1]);
    if (written != static_cast<ssize_t>(input.size())) throw std::runtime_error("the input does not fit");
    std::vector<std::string> all{VISAVIS_BINARY};
    all.insert(all.end(), arguments.begin(), arguments.end());
    auto const child = launch(all, environment, true, feed[0]);
    close(feed[0]);
    CommandOutcome outcome;
    char buffer[4096];
    for (auto count = read(child.out, buffer, sizeof buffer); count > 0; count = read(child.out, buffer, sizeof buffer))
        outcome.output.append(buffer, static_cast<std::size_t>(count));
    close(child.out);
    int status = 0;
    waitpid(child.pid, &status, 0);
    outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    if (outcome.status == -1) spoil(all);
    return outcome;
}

} // namespace visavis::support
