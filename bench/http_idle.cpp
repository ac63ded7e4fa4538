// What an idle connection costs the server's memory: opens many, and reads the server process's resident set between the steps.
// Usage: http_idle [CONNECTIONS]
#include "http/server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

using namespace visavis;

namespace {

[[noreturn]] void serve(int tell) {
    http::Handler handler;
    handler.plan = [](http::Head const&) { return http::Plan{.inlineAnswer = true}; };
    handler.handle = [](http::Request&& request) { return http::answer(200, "text/plain", std::to_string(request.body.size())); };
    http::Settings settings;
    settings.limits.idleTimeout = Millis(600'000);
    settings.limits.maxConnections = 1'000'000;
    SystemClock const clock;
    http::Server server(settings, handler, clock);
    auto const port = server.listen("127.0.0.1", 0).value();
    server.start();
    if (write(tell, &port, sizeof port) != sizeof port) std::exit(1);
    for (;;) pause();
}

double residentKib(pid_t process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/statm");
    long size = 0;
    long resident = 0;
    file >> size >> resident;
    return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1024;
}

int connectTo(std::uint16_t port) {
    int const one = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (one < 0 || connect(one, reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0) {
        std::perror("connect");
        std::exit(1);
    }
    return one;
}

// Sends one request on each connection and waits for its answer.
void askEach(std::vector<int> const& connections, std::string const& request) {
    char answer[1024];
    for (int const one : connections) {
        if (send(one, request.data(), request.size(), MSG_NOSIGNAL) < 0 || recv(one, answer, sizeof answer, 0) <= 0) std::exit(1);
    }
}

} // namespace

int main(int argc, char** argv) {
    auto const count = static_cast<std::size_t>(argc > 1 ? std::atoi(argv[1]) : 10'000);
    rlimit files{};
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);

    int tell[2];
    if (pipe(tell) != 0) return 1;
    pid_t const server = fork();
    if (server == 0) serve(tell[1]);
    std::uint16_t port = 0;
    if (read(tell[0], &port, sizeof port) != sizeof port) return 1;

    auto const empty = residentKib(server);
    std::vector<int> connections;
    for (std::size_t i = 0; i < count; ++i) connections.push_back(connectTo(port));
    std::string const head = " / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: http_idle\r\n";
    std::vector<int> const last{connectTo(port)}; // once it is answered, all before it have been accepted
    askEach(last, "GET" + head + "\r\n");
    auto const report = [&](char const* when) {
        std::printf("%-44s %8.0f KiB in all, %6.2f KiB per connection\n", when, residentKib(server),
                    (residentKib(server) - empty) / static_cast<double>(count));
    };
    std::printf("%zu connections, server empty: %.0f KiB\n", count, empty);
    report("connected, silent");
    askEach(connections, "GET" + head + "\r\n");
    report("idle after a GET");
    askEach(connections, "GET" + head + "Cookie: " + std::string(12'000, 'c') + "\r\n\r\n");
    report("idle after a GET with 12 KB of headers");
    askEach(connections, "POST" + head + "Content-Length: 60000\r\n\r\n" + std::string(60'000, 'b'));
    report("idle after a POST of 60 KB");
    kill(server, SIGTERM);
    waitpid(server, nullptr, 0);
}
