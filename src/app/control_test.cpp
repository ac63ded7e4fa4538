// The control socket: one line in, one line out, whoever talks to it and however.
#include "app/control.hpp"

#include "support/platform.hpp"

#include <gtest/gtest.h>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

namespace visavis::app {
namespace {

namespace json = boost::json;

class Control : public testing::Test {
protected:
    std::string data() const { return directory.path().string(); }
    std::string path() const { return data() + "/control.sock"; }
    std::unique_ptr<ControlSocket> serve() {
        auto opened = ControlSocket::open(data(), [](json::object const& request) -> Result<json::object> {
            if (request.contains("throw")) throw std::runtime_error("a secret");
            if (!request.contains("echo")) return invalid("/echo", "required", "Is missing.");
            return json::object{{"echo", request.at("echo")}};
        });
        EXPECT_TRUE(opened);
        return std::move(*opened);
    }
    // What comes back for these bytes; the connection is then ended by the server.
    std::string raw(std::string const& bytes) {
        int const connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path().c_str(), sizeof address.sun_path - 1);
        EXPECT_EQ(connect(connection, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        EXPECT_EQ(send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
        shutdown(connection, SHUT_WR);
        std::string answer;
        char buffer[512];
        for (auto count = ::read(connection, buffer, sizeof buffer); count > 0; count = ::read(connection, buffer, sizeof buffer))
            answer.append(buffer, static_cast<std::size_t>(count));
        close(connection);
        return answer;
    }

    support::TempDirectory directory;
};

TEST_F(Control, AnswersALineByALine) {
    auto const server = serve();
    auto const answer = askServer(data(), {{"echo", "a\nb"}});
    ASSERT_TRUE(answer && *answer);
    EXPECT_EQ((*answer)->at("echo"), "a\nb");
    EXPECT_EQ((*answer)->at("ok"), true);
    auto const refused = askServer(data(), {{"other", 1}});
    ASSERT_TRUE(refused && *refused);
    EXPECT_EQ((*refused)->at("error"), "echo: Is missing.");
    EXPECT_FALSE((*refused)->contains("ok"));
}

TEST_F(Control, IsItsOwnersAlone) {
    auto const server = serve();
    struct stat status {};
    ASSERT_EQ(stat(path().c_str(), &status), 0);
    EXPECT_TRUE(S_ISSOCK(status.st_mode));
    EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(Control, SurvivesWhateverComes) {
    auto const server = serve();
    EXPECT_EQ(raw(""), "");
    EXPECT_EQ(raw("{\"echo\":1}"), "") << "a line has an end";
    EXPECT_NE(raw("hello\n").find("error"), std::string::npos);
    EXPECT_NE(raw("[]\n").find("error"), std::string::npos);
    EXPECT_NE(raw("{\"echo\":1,\"echo\":2}\n").find("error"), std::string::npos);
    auto const thrown = raw("{\"throw\":1}\n");
    EXPECT_NE(thrown.find("error"), std::string::npos);
    EXPECT_EQ(thrown.find("secret"), std::string::npos);
    EXPECT_EQ(raw(std::string(60'000, 'x')), "");
    EXPECT_NE(raw("{\"echo\":1}\n").find("\"ok\":true"), std::string::npos) << "and goes on";
}

TEST_F(Control, NobodyThereIsNoError) {
    auto const never = askServer(data(), {});
    ASSERT_TRUE(never);
    EXPECT_FALSE(*never);
    serve().reset();
    EXPECT_NE(access(path().c_str(), F_OK), 0) << "it takes its socket along";
    // What a killed server leaves behind: a socket that nobody listens to. The next one takes its place.
    int const dead = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path().c_str(), sizeof address.sun_path - 1);
    ASSERT_EQ(bind(dead, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    close(dead);
    auto const stale = askServer(data(), {});
    ASSERT_TRUE(stale);
    EXPECT_FALSE(*stale);
    auto const server = serve();
    EXPECT_TRUE(*askServer(data(), {{"echo", 1}}));
}

TEST_F(Control, APathThatNoSocketTakesIsSaid) {
    auto const opened = ControlSocket::open(data() + std::string(200, 'x'), {});
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Code::unavailable);
}

} // namespace
} // namespace visavis::app
