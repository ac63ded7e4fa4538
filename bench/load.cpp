// The load client of the benchmarks: many keep-alive connections from one thread, each asking again as soon as it is answered.
// Prints one line of JSON. Either the same GET for some seconds, or a plan: lines of `connection TAB method TAB path TAB token TAB body`.
// With --rate the loop is open: a request has its moment, and waiting for a free connection counts as waiting for the answer.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstring>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using Steady = std::chrono::steady_clock;

struct Wish {
    std::uint16_t port = 0;
    std::size_t connections = 64;
    double seconds = 2;
    double rate = 0; // requests per second; 0: each connection asks again at once
    std::string path = "/healthz";
    std::string token;
    std::string plan;
    std::string encoding; // of answers that are taken; empty: as they are
};

std::string requestOf(std::string_view method, std::string_view path, std::string_view token, std::string_view body,
                      std::string_view encoding) {
    auto text = fmt::format("{} {} HTTP/1.1\r\nHost: 127.0.0.1\r\n", method, path);
    if (!encoding.empty()) text += fmt::format("Accept-Encoding: {}\r\n", encoding);
    if (!token.empty()) text += fmt::format("Authorization: Bearer {}\r\n", token);
    if (!body.empty()) text += fmt::format("Content-Type: application/json\r\nContent-Length: {}\r\n", body.size());
    return text += "\r\n" + std::string(body);
}

using Requests = std::vector<std::vector<std::string>>; // per connection

Requests planned(Wish const& wish) {
    Requests all(wish.connections);
    std::ifstream file(wish.plan);
    for (std::string line; std::getline(file, line);) {
        std::vector<std::string_view> cells;
        for (std::string_view rest = line; cells.size() < 5;) {
            auto const tab = rest.find('\t');
            cells.push_back(rest.substr(0, tab));
            rest = tab == rest.npos ? std::string_view{} : rest.substr(tab + 1);
        }
        std::size_t connection = 0;
        std::from_chars(cells[0].data(), cells[0].data() + cells[0].size(), connection);
        all.at(connection).push_back(requestOf(cells[1], cells[2], cells[3], cells[4], wish.encoding));
    }
    return all;
}

// The answer being read: its head is kept, its body only counted.
struct Answer {
    std::string head;
    bool inBody = false;
    std::size_t left = 0; // bytes of the body still to come
    int status = 0;

    // Takes what was read; true when the answer is whole. No request is pipelined, so nothing follows it.
    bool take(std::string_view bytes) {
        if (!inBody) {
            head.append(bytes);
            auto const end = head.find("\r\n\r\n");
            if (end == head.npos) return false;
            parse(std::string_view(head).substr(0, end + 2));
            inBody = true;
            bytes = bytes.substr(bytes.size() - (head.size() - end - 4));
        }
        left -= std::min(left, bytes.size());
        return left == 0;
    }

private:
    void parse(std::string_view text) {
        std::from_chars(text.data() + 9, text.data() + 12, status);
        for (auto const* name : {"\r\ncontent-length: ", "\r\nContent-Length: "})
            if (auto const at = text.find(name); at != text.npos) {
                auto const* const digits = text.data() + at + std::strlen(name);
                std::from_chars(digits, text.data() + text.size(), left);
                return;
            }
        if (status != 204) throw std::runtime_error("an answer without Content-Length");
    }
};

struct Connection {
    int socket = -1;
    std::vector<std::string> const* requests = nullptr;
    std::size_t next = 0;
    Steady::time_point asked;
    Answer answer;
};

int connectTo(std::uint16_t port) {
    int const socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (socket < 0 || ::connect(socket, reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0)
        throw std::runtime_error("cannot connect");
    int const one = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return socket;
}

class Load {
public:
    explicit Load(Wish const& wish)
        : wish_(wish),
          requests_(wish.plan.empty() ? Requests{{requestOf("GET", wish.path, wish.token, "", wish.encoding)}} : planned(wish)) {
        epoll_ = epoll_create1(EPOLL_CLOEXEC);
        connections_.resize(wish.connections);
        for (std::size_t i = 0; i < connections_.size(); ++i) {
            connections_[i].socket = connectTo(wish.port);
            connections_[i].requests = &requests_[wish.plan.empty() ? 0 : i];
            epoll_event event{EPOLLIN, {.u64 = i}};
            epoll_ctl(epoll_, EPOLL_CTL_ADD, connections_[i].socket, &event);
        }
    }
    Load(Load const&) = delete;
    Load& operator=(Load const&) = delete;
    ~Load() {
        for (auto const& connection : connections_) ::close(connection.socket);
        ::close(epoll_);
    }

    void run() {
        start_ = last_ = Steady::now();
        if (wish_.rate > 0)
            for (auto& connection : connections_) free_.push_back(&connection);
        else
            for (auto& connection : connections_) ask(connection, Steady::now());
        while (busy_ > 0 || (wish_.rate > 0 && !over())) {
            if (wish_.rate > 0) askWhatIsDue();
            takeAnswers();
        }
        seconds_ = std::chrono::duration<double>(last_ - start_).count();
    }

    void print() {
        std::string statuses;
        for (auto const& [status, count] : statuses_) statuses += fmt::format("{}\"{}\":{}", statuses.empty() ? "" : ",", status, count);
        fmt::print("{{\"requests\":{},\"seconds\":{:.6f},\"p50_us\":{:.1f},\"p99_us\":{:.1f},\"bytes\":{},\"statuses\":{{{}}}}}\n",
                   micros_.size(), seconds_, percentile(0.5), percentile(0.99), bytes_, statuses);
    }

private:
    bool over() const {
        auto const now = wish_.rate > 0 ? Steady::now() : last_;
        return wish_.plan.empty() && std::chrono::duration<double>(now - start_).count() >= wish_.seconds;
    }

    Steady::time_point momentOf(std::size_t request) const {
        return start_ +
               std::chrono::duration_cast<Steady::duration>(std::chrono::duration<double>(static_cast<double>(request) / wish_.rate));
    }

    void askWhatIsDue() {
        while (!free_.empty() && momentOf(asked_) <= Steady::now() && !over()) {
            auto& connection = *free_.back();
            free_.pop_back();
            ask(connection, momentOf(asked_++));
        }
    }

    void takeAnswers() {
        epoll_event events[256];
        timespec wait{10, 0};
        bool const isOpen = wish_.rate > 0 && !over();
        if (isOpen) {
            auto const pause = std::clamp(momentOf(asked_) - Steady::now(), Steady::duration(0), Steady::duration(std::chrono::seconds(1)));
            wait = {pause.count() / 1'000'000'000, pause.count() % 1'000'000'000};
            if (free_.empty()) wait = {10, 0};
        }
        int const count = epoll_pwait2(epoll_, events, 256, &wait, nullptr);
        if (count < 0 || (count == 0 && (!isOpen || free_.empty()))) throw std::runtime_error("no answer for ten seconds");
        for (int i = 0; i < count; ++i) read(connections_[events[i].data.u64]);
    }

    void ask(Connection& connection, Steady::time_point moment) {
        bool const planDone = !wish_.plan.empty() && connection.next == connection.requests->size();
        if (planDone || over()) return;
        auto const& request = (*connection.requests)[wish_.plan.empty() ? 0 : connection.next++];
        connection.asked = moment;
        connection.answer = {};
        if (::send(connection.socket, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
            throw std::runtime_error("a request did not fit the socket");
        ++busy_;
    }

    void read(Connection& connection) {
        auto const count = ::recv(connection.socket, buffer_.data(), buffer_.size(), 0);
        if (count <= 0) throw std::runtime_error("the server closed a connection");
        bytes_ += static_cast<std::size_t>(count);
        if (!connection.answer.take({buffer_.data(), static_cast<std::size_t>(count)})) return;
        last_ = Steady::now();
        --busy_;
        micros_.push_back(std::chrono::duration<float, std::micro>(last_ - connection.asked).count());
        ++statuses_[connection.answer.status];
        if (wish_.rate > 0)
            free_.push_back(&connection);
        else
            ask(connection, last_);
    }

    float percentile(double share) {
        if (micros_.empty()) return 0;
        auto const at = micros_.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(micros_.size() - 1));
        std::nth_element(micros_.begin(), at, micros_.end());
        return *at;
    }

    Wish const& wish_;
    Requests requests_;
    int epoll_ = -1;
    std::vector<Connection> connections_;
    std::string buffer_ = std::string(256 * 1024, '\0');
    std::vector<Connection*> free_;
    std::size_t asked_ = 0, busy_ = 0, bytes_ = 0;
    Steady::time_point start_, last_;
    double seconds_ = 0;
    std::vector<float> micros_;
    std::map<int, std::size_t> statuses_;
};

} // namespace

int main(int argc, char** argv) {
    Wish wish;
    CLI::App app{"Asks a server on 127.0.0.1 as fast as it answers, or at a fixed rate"};
    app.add_option("--port", wish.port, "port")->required();
    app.add_option("--connections", wish.connections, "keep-alive connections");
    app.add_option("--seconds", wish.seconds, "how long, without a plan");
    app.add_option("--path", wish.path, "what to GET, without a plan");
    app.add_option("--token", wish.token, "bearer token, without a plan");
    app.add_option("--rate", wish.rate, "requests per second at fixed moments, without a plan");
    app.add_option("--plan", wish.plan, "file of requests");
    app.add_option("--encoding", wish.encoding, "Accept-Encoding of each");
    CLI11_PARSE(app, argc, argv);
    rlimit files{};
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    try {
        Load load(wish);
        load.run();
        load.print();
    } catch (std::exception const& failed) {
        std::fprintf(stderr, "load: %s\n", failed.what());
        return 1;
    }
    return 0;
}
