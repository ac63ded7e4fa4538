// A Unix socket and one thread; commands come one at a time.
#include "app/control.hpp"

#include "core/log.hpp"
#include "record/json.hpp"

#include <boost/json/serialize.hpp>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

namespace visavis::app {
namespace {

constexpr std::size_t longestLine = 64 * 1024;
constexpr int serverPatienceMs = 2'000;  // for a client that has connected and says nothing
constexpr int clientPatienceMs = 60'000; // for a command that takes its time

class Descriptor {
public:
    explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
    Descriptor(Descriptor const&) = delete;
    Descriptor& operator=(Descriptor const&) = delete;
    ~Descriptor() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    int get() const { return descriptor_; }
    int release() { return std::exchange(descriptor_, -1); }

private:
    int descriptor_;
};

Error broken(std::string const& what) { return unavailable(what + ": " + std::strerror(errno)); }

std::string pathIn(std::string const& directory) { return directory + "/control.sock"; }

std::optional<sockaddr_un> addressOf(std::string const& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) return std::nullopt;
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return address;
}

// Up to the line's end; nothing when it does not come.
std::optional<std::string> readLine(int connection, int patienceMs) {
    std::string line;
    char buffer[4096];
    while (line.size() <= longestLine) {
        pollfd wanted{connection, POLLIN, 0};
        if (::poll(&wanted, 1, patienceMs) <= 0) return std::nullopt;
        auto const count = ::recv(connection, buffer, sizeof buffer, 0);
        if (count <= 0) return std::nullopt;
        line.append(buffer, static_cast<std::size_t>(count));
        if (auto const end = line.find('\n'); end != line.npos) return line.substr(0, end);
    }
    return std::nullopt;
}

bool writeLine(int connection, boost::json::object const& message) {
    auto const line = boost::json::serialize(message) + "\n";
    for (std::size_t sent = 0; sent < line.size();) {
        auto const count = ::send(connection, line.data() + sent, line.size() - sent, MSG_NOSIGNAL);
        if (count <= 0) return false;
        sent += static_cast<std::size_t>(count);
    }
    return true;
}

} // namespace

std::string sentenceOf(Error const& error) {
    std::string text;
    for (auto const& field : error.fields)
        text += (text.empty() ? "" : " ") + field.path.substr(std::min<std::size_t>(1, field.path.size())) + ": " + field.message;
    if (!text.empty()) return text;
    return error.detail.empty() ? error.key : error.detail;
}

Result<std::unique_ptr<ControlSocket>> ControlSocket::open(std::string const& directory, ControlCommand command) {
    auto const path = pathIn(directory);
    auto const address = addressOf(path);
    if (!address) return unavailable("The path " + path + " is too long for a socket.");
    Descriptor listening(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (listening.get() < 0) return broken("No socket");
    ::unlink(path.c_str());
    if (::bind(listening.get(), reinterpret_cast<sockaddr const*>(&*address), sizeof *address) != 0) return broken(path);
    // Before listen() nobody can connect, so nobody slips in before the mode is right.
    if (::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0 || ::listen(listening.get(), 8) != 0) return broken(path);
    Descriptor wake(::eventfd(0, EFD_CLOEXEC));
    if (wake.get() < 0) return broken("No eventfd");
    return std::unique_ptr<ControlSocket>(new ControlSocket(path, listening.release(), wake.release(), std::move(command)));
}

ControlSocket::ControlSocket(std::string path, int listening, int wake, ControlCommand command)
    : path_(std::move(path)), listening_(listening), wake_(wake), command_(std::move(command)), thread_([this] { loop(); }) {}

ControlSocket::~ControlSocket() {
    std::uint64_t const one = 1;
    (void)!::write(wake_, &one, sizeof one);
    thread_.join();
    ::unlink(path_.c_str());
    ::close(listening_);
    ::close(wake_);
}

void ControlSocket::loop() {
    while (true) {
        pollfd waiting[2]{{listening_, POLLIN, 0}, {wake_, POLLIN, 0}};
        if (::poll(waiting, 2, -1) < 0 && errno != EINTR) return;
        if (waiting[1].revents != 0) return;
        Descriptor const connection(::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC));
        if (connection.get() >= 0) serve(connection.get());
    }
}

void ControlSocket::serve(int connection) const {
    auto const line = readLine(connection, serverPatienceMs);
    if (!line) return;
    auto const request = parseJson(*line);
    boost::json::object answer;
    if (!request || !request->is_object()) {
        answer["error"] = "The command is no JSON object.";
    } else {
        try {
            auto const outcome = command_(request->get_object());
            if (outcome) {
                answer = *outcome;
                answer["ok"] = true;
            } else {
                answer["error"] = sentenceOf(outcome.error());
            }
        } catch (std::exception const& failed) {
            log::error("control_failed", {{"what", failed.what()}});
            answer["error"] = "The server could not do this.";
        }
    }
    (void)writeLine(connection, answer);
}

Result<std::optional<boost::json::object>> askServer(std::string const& directory, boost::json::object const& request) {
    auto const address = addressOf(pathIn(directory));
    if (!address) return std::optional<boost::json::object>{};
    Descriptor const connection(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (connection.get() < 0) return broken("No socket");
    if (::connect(connection.get(), reinterpret_cast<sockaddr const*>(&*address), sizeof *address) != 0) {
        if (errno == ENOENT || errno == ECONNREFUSED) return std::optional<boost::json::object>{};
        return broken(pathIn(directory));
    }
    if (!writeLine(connection.get(), request)) return broken("The server does not listen");
    auto const line = readLine(connection.get(), clientPatienceMs);
    auto const answer = line ? parseJson(*line) : Result<boost::json::value>(unavailable("no answer"));
    if (!answer || !answer->is_object()) return unavailable("The server gave no answer.");
    return std::optional<boost::json::object>(answer->get_object());
}

} // namespace visavis::app
