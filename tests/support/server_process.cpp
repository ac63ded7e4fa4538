// Child processes of tests.
#include "support/server_process.hpp"

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

Child launch(std::vector<std::string> arguments, std::vector<std::string> const& environment, bool withErrors) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    auto const pid = fork();
    if (pid < 0) throw std::runtime_error("no fork");
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
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

ServerProcess::ServerProcess(std::string data, std::vector<std::string> further, std::vector<std::string> environment) {
    std::vector<std::string> arguments{
        VISAVIS_BINARY, "serve",       "--data", std::move(data), "--listen",           "127.0.0.1:0", "--sandbox",
        "127.0.0.1:0",  "--smtp-sink", "0",      "--set",         "auth.bcrypt_cost=4", "--set",       "log.level=error"};
    arguments.insert(arguments.end(), further.begin(), further.end());
    auto const child = launch(std::move(arguments), environment, false);
    pid_ = child.pid;
    out_ = child.out;
    for (auto line = readLine(); !line.empty(); line = readLine()) {
        if (line.starts_with("Visavis serves ")) url_ = line.substr(15);
        if (line.starts_with("Sandbox at ")) sandbox_ = line.substr(11);
        if (!url_.empty() && !sandbox_.empty()) return;
    }
    throw std::runtime_error("the server did not start");
}

ServerProcess::~ServerProcess() {
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
    ::kill(pid_, SIGTERM);
    auto const status = waitForEnd();
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int ServerProcess::waitForEnd() {
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    return status;
}

bool ServerProcess::running() {
    if (pid_ <= 0) return false;
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) == 0) return true;
    pid_ = -1;
    return false;
}

CommandOutcome runBinary(std::vector<std::string> const& arguments) {
    std::vector<std::string> all{VISAVIS_BINARY};
    all.insert(all.end(), arguments.begin(), arguments.end());
    auto const child = launch(std::move(all), {}, true);
    CommandOutcome outcome;
    char buffer[4096];
    for (auto count = read(child.out, buffer, sizeof buffer); count > 0; count = read(child.out, buffer, sizeof buffer))
        outcome.output.append(buffer, static_cast<std::size_t>(count));
    close(child.out);
    int status = 0;
    waitpid(child.pid, &status, 0);
    outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return outcome;
}

} // namespace visavis::support
