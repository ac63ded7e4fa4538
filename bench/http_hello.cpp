// Our HTTP server with one trivial route, for comparison with peer_beast: a router, limits, timeouts and a Date header included.
// Usage: http_hello THREADS [PORT]; prints the port and serves until it is killed. GET /work answers from the worker pool.
#include "http/router.hpp"
#include "http/server.hpp"

#include <cstdlib>
#include <iostream>

#include <unistd.h>

using namespace visavis;

int main(int argc, char** argv) {
    http::Settings settings;
    settings.ioThreads = static_cast<unsigned>(argc > 1 ? std::atoi(argv[1]) : 1);
    auto const port = static_cast<std::uint16_t>(argc > 2 ? std::atoi(argv[2]) : 0);

    http::Router router;
    auto const hello = router.add(http::Method::get, "/api/v1/hello/{name}");
    router.add(http::Method::get, "/work");

    http::Handler handler;
    handler.plan = [&](http::Head const& head) {
        auto const match = router.match(head.method, head.target.substr(0, head.target.find('?')));
        return http::Plan{.inlineAnswer = match.kind != http::Match::Kind::found || match.route == hello, .route = match.route};
    };
    handler.handle = [&](http::Request&& request) {
        auto const match = router.match(request.method, request.path());
        if (!match) return http::problem(404, "not_found", "There is no such resource.");
        return http::answer(200, "application/json", R"({"message":"Hello, World!"})");
    };

    SystemClock const clock;
    http::Server server(settings, handler, clock);
    auto const bound = server.listen("127.0.0.1", port);
    if (!bound) {
        std::cerr << bound.error().detail << '\n';
        return 1;
    }
    server.start();
    std::cout << *bound << std::endl;
    for (;;) pause();
}
