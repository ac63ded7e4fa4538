// The floor for our HTTP server: the hello world of Boost.Beast with nothing around it, no timeouts, no limits, no routes.
// Usage: peer_beast THREADS [PORT]; prints the port and serves until it is killed.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <thread>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

class Session : public std::enable_shared_from_this<Session> {
public:
    explicit Session(tcp::socket socket) : socket_(std::move(socket)) { socket_.set_option(tcp::no_delay(true)); }

    void read() {
        request_ = {};
        http::async_read(socket_, buffer_, request_, [self = shared_from_this()](boost::system::error_code ec, std::size_t) {
            if (!ec) self->write();
        });
    }

private:
    void write() {
        response_ = http::response<http::string_body>(http::status::ok, request_.version());
        response_.set(http::field::content_type, "application/json");
        response_.keep_alive(request_.keep_alive());
        response_.body() = R"({"message":"Hello, World!"})";
        response_.prepare_payload();
        http::async_write(socket_, response_, [self = shared_from_this()](boost::system::error_code ec, std::size_t) {
            if (!ec && self->response_.keep_alive()) self->read();
        });
    }

    tcp::socket socket_;
    boost::beast::flat_buffer buffer_;
    http::request<http::string_body> request_;
    http::response<http::string_body> response_;
};

void accept(tcp::acceptor& acceptor, asio::io_context& context, bool strands) {
    auto next = [&acceptor, &context, strands](boost::system::error_code ec, tcp::socket socket) {
        if (!ec) std::make_shared<Session>(std::move(socket))->read();
        accept(acceptor, context, strands);
    };
    if (strands) {
        acceptor.async_accept(asio::make_strand(context), next);
    } else {
        acceptor.async_accept(context, next);
    }
}

} // namespace

int main(int argc, char** argv) {
    int const threads = argc > 1 ? std::atoi(argv[1]) : 1;
    auto const port = static_cast<unsigned short>(argc > 2 ? std::atoi(argv[2]) : 0);
    asio::io_context context(threads);
    tcp::acceptor acceptor(context, {asio::ip::make_address("127.0.0.1"), port});
    accept(acceptor, context, threads > 1);
    std::cout << acceptor.local_endpoint().port() << std::endl;
    std::vector<std::thread> others;
    for (int i = 1; i < threads; ++i) others.emplace_back([&context] { context.run(); });
    context.run();
    for (auto& thread : others) thread.join();
}
