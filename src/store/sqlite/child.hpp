// A second process of a test: the test binary runs itself again in a role, and tells the parent what was acknowledged.
#pragma once

#include "store/contract_records.hpp"
#include "store/sqlite/test_store.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>
#include <cstdlib>

namespace visavis::inline store::sqlite {

// Roles, given by VISAVIS_CHILD_ROLE: "write" books pairs until it is ended, "open" only opens the store, "read" counts beside a writer.
struct ChildPlan {
    std::string role = "write";
    std::filesystem::path file;
    std::string crashAt;               // VISAVIS_CRASH_AT
    std::vector<std::string> launcher; // a program that runs the child, e.g. strace with its options
};

class Child {
public:
    explicit Child(ChildPlan const& plan) {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
        process_ = ::fork();
        if (process_ == 0) become(plan, ends[1]);
        ::close(ends[1]);
        pipe_ = ends[0];
    }
    Child(Child const&) = delete;
    Child& operator=(Child const&) = delete;
    ~Child() {
        if (process_ > 0) end();
        ::close(pipe_);
    }

    // The next number that the child acknowledged; nothing when it has ended.
    std::optional<int> next() {
        int number = 0;
        return ::read(pipe_, &number, sizeof number) == sizeof number ? std::optional<int>(number) : std::nullopt;
    }
    std::vector<int> rest() {
        std::vector<int> all;
        while (auto const number = next()) all.push_back(*number);
        return all;
    }
    void kill() const { ::kill(process_, SIGKILL); }
    // As waitpid gives it.
    int wait() {
        int status = 0;
        ::waitpid(std::exchange(process_, -1), &status, 0);
        return status;
    }

private:
    void end() {
        kill();
        wait();
    }

    [[noreturn]] static void become(ChildPlan const& plan, int pipe) {
        ::dup2(pipe, 9);
        ::setenv("VISAVIS_CHILD_ROLE", plan.role.c_str(), 1);
        ::setenv("VISAVIS_CHILD_FILE", plan.file.c_str(), 1);
        ::unsetenv("GTEST_OUTPUT");
        if (!plan.crashAt.empty()) ::setenv("VISAVIS_CRASH_AT", plan.crashAt.c_str(), 1);
        int const nowhere = ::open("/dev/null", O_WRONLY);
        ::dup2(nowhere, 1);
        ::dup2(nowhere, 2);
        auto words = plan.launcher;
        words.push_back(std::filesystem::read_symlink("/proc/self/exe"));
        words.push_back("--gtest_filter=SqliteCrash.ThePointsOfACommitAreDeclared"); // environments are not set up for no test at all
        std::vector<char*> arguments;
        arguments.reserve(words.size() + 1);
        for (auto& word : words) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        ::execvp(arguments.front(), arguments.data());
        ::_exit(127);
    }

    pid_t process_ = -1;
    int pipe_ = -1;
};

} // namespace visavis::store::sqlite
