// The product's own dispatch and a constant answer behind one HTTP server: what the slot listing costs beyond sending its bytes.
// Usage: slot_server DATA FILE; prints its port. GET /constant answers with the bytes of FILE, anything else is dispatched as in `serve`.
#include "api/dispatch.hpp"
#include "app/wire.hpp"
#include "http/server.hpp"
#include "identity/call.hpp"

#include <malloc.h>
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <iterator>

using namespace visavis;

namespace {

http::Response constant(std::shared_ptr<std::string const> const& bytes) {
    auto response = http::answer(200, "application/json", "");
    response.shared = bytes;
    return response;
}

int serve(std::string const& data, char const* file) {
    std::ifstream in(file, std::ios::binary);
    auto const bytes = std::make_shared<std::string const>(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    app::Settings settings;
    settings.http.listen = "127.0.0.1:0";
    settings.store.data = data;
    auto const application = app::Application::open(settings); // never started: only its parts are used
    if (!application) throw std::runtime_error(application.error().detail);
    api::Dispatch dispatch((*application)->platform(), {});

    http::Handler handler;
    handler.plan = [&](http::Head const& head) {
        return head.target == "/constant" ? http::Plan{.inlineAnswer = true} : dispatch.plan(head);
    };
    handler.handle = [&](http::Request&& request) { return request.target == "/constant" ? constant(bytes) : dispatch.handle(request); };
    http::Server server({}, handler, (*application)->platform().clock);
    auto const port = server.listen("127.0.0.1", 0);
    if (!port) throw std::runtime_error(port.error().detail);
    server.start();
    std::cout << *port << std::endl;
    for (;;) pause();
}

} // namespace

int main(int argc, char** argv) {
    mallopt(M_ARENA_MAX, 2); // as `visavis serve` does
    try {
        return argc == 3 ? serve(argv[1], argv[2]) : 2;
    } catch (std::exception const& failed) {
        std::cerr << "slot_server: " << failed.what() << '\n';
        return 1;
    }
}
