// Seeded random damage to good requests, over kept connections: whatever comes, the server answers below 500 and lives.
#include "scenarios/stage.hpp"

#include "core/rng.hpp"

#include <atomic>
#include <thread>

namespace visavis::scenarios {
namespace {

namespace json = boost::json;
using api::Route;

class Dice {
public:
    explicit Dice(std::uint64_t seed) : rng_(seed) {}
    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(rng_.below(static_cast<std::uint32_t>(bound))); }
    bool oneIn(std::size_t n) { return below(n) == 0; }
    template <class List> auto const& of(List const& list) { return list[below(std::size(list))]; }

private:
    SeededRng rng_;
};

// Bytes and words that parsers trip over.
std::vector<std::string> const oddities{"",
                                        "\"",
                                        "\\",
                                        "\\u0000",
                                        "\\ud83d",
                                        "\xff",
                                        "\xc0\x80",
                                        "\xed\xa0\x80",
                                        "\xf4\x90\x80\x80",
                                        "null",
                                        "true",
                                        "{}",
                                        "[]",
                                        "[[[[",
                                        "}}",
                                        "-0",
                                        "1e400",
                                        "-1e-400",
                                        "9223372036854775807",
                                        "9223372036854775808",
                                        "-9223372036854775809",
                                        "0.1",
                                        "NaN",
                                        "%00",
                                        "%",
                                        "%u0041",
                                        "..%2f",
                                        "\u202e",
                                        "\u2028",
                                        "'; DROP TABLE users; --",
                                        "{{7*7}}",
                                        "$where",
                                        "__proto__",
                                        "\x7f",
                                        "\t",
                                        ",",
                                        ":",
                                        "/",
                                        "T00:00:00Z",
                                        "9999-12-31",
                                        "0001-01-01",
                                        "24:00",
                                        "UTC",
                                        "+14:00",
                                        "\xef\xbb\xbf"};

std::string damaged(std::string text, Dice& dice) {
    for (auto times = 1 + dice.below(3); times > 0; --times) {
        auto const at = dice.below(text.size() + 1);
        auto const span = std::min(text.size() - at, dice.below(12));
        switch (dice.below(6)) {
            case 0:
                text.erase(at, span);
                break;
            case 1:
                text.insert(at, dice.of(oddities));
                break;
            case 2:
                text.replace(at, span, dice.of(oddities));
                break;
            case 3:
                text.insert(at, text.substr(at, span));
                break;
            case 4:
                if (at < text.size()) text[at] = static_cast<char>(dice.below(256));
                break;
            default:
                if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << dice.below(8)));
                break;
        }
    }
    return text;
}

json::value anyValue(Dice& dice, int depth = 0) {
    switch (dice.below(depth > 3 ? 7 : 9)) {
        case 0:
            return nullptr;
        case 1:
            return dice.oneIn(2);
        case 2:
            return static_cast<std::int64_t>(dice.below(2'000'000'000)) - 1'000'000'000;
        case 3:
            return std::numeric_limits<std::int64_t>::max() - static_cast<std::int64_t>(dice.below(3));
        case 4:
            return static_cast<double>(dice.below(1'000'000)) / 7.0 * (dice.oneIn(2) ? 1e280 : 1);
        case 5:
            return json::string(std::string(dice.below(40) * dice.below(40), 'x'));
        case 6:
            return json::string("2026-12-0" + std::to_string(dice.below(10)));
        case 7: {
            json::array list;
            for (auto n = dice.below(4); n > 0; --n) list.push_back(anyValue(dice, depth + 1));
            return list;
        }
        default:
            return {{"x", anyValue(dice, depth + 1)}};
    }
}

// Every place of a value where another may stand.
void places(json::value& value, std::vector<json::value*>& found) {
    found.push_back(&value);
    if (value.is_object())
        for (auto& member : value.get_object()) places(member.value(), found);
    if (value.is_array())
        for (auto& element : value.get_array()) places(element, found);
}

json::value reshaped(json::value body, Dice& dice) {
    for (auto times = 1 + dice.below(2); times > 0; --times) {
        std::vector<json::value*> all;
        places(body, all);
        auto& place = *all[dice.below(all.size())];
        if (place.is_object() && !place.get_object().empty() && dice.oneIn(2))
            place.get_object().erase(
                std::next(place.get_object().begin(), static_cast<std::ptrdiff_t>(dice.below(place.get_object().size()))));
        else if (place.is_array() && dice.oneIn(2))
            for (auto n = dice.below(5); n > 0 && !place.get_array().empty(); --n)
                place.get_array().push_back(json::value(place.get_array().front()));
        else
            place = anyValue(dice);
    }
    return body;
}

// A header's value may hold anything but line ends and NUL, which would make two headers or none of it.
std::string headerValue(std::string text) {
    std::erase_if(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
    return text;
}

std::string damagedHeader(std::string const& text, Dice& dice) { return headerValue(damaged(text, dice)); }

// A path or query that stays one request line: no spaces, no line ends.
std::string damagedTarget(std::string const& text, Dice& dice) {
    auto target = headerValue(damaged(text, dice));
    std::replace_if(
        target.begin(), target.end(), [](char c) { return c == ' ' || c == '\t'; }, '+');
    return target.starts_with('/') ? target : "/" + target;
}

void damageHeaders(Headers& headers, std::string const& url, Dice& dice) {
    struct Known {
        char const* name;
        std::string value;
    };
    std::vector<Known> const known{{"Cookie", "sid=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA; theme=dark"},
                                   {"If-Match", "\"3\""},
                                   {"Idempotency-Key", "key-" + std::to_string(dice.below(50))},
                                   {"Accept", "text/csv, application/json;q=0.5"},
                                   {"Accept-Encoding", "gzip;q=1.0, br;q=0"},
                                   {"Accept-Language", "de-CH, en;q=0.7"},
                                   {"X-Forwarded-For", "1.2.3.4, ::1, unknown"},
                                   {"Forwarded", "for=\"[2001:db8::1]\""},
                                   {"Origin", url},
                                   {"Sec-Fetch-Site", "same-origin"},
                                   {"Stripe-Signature", "t=1764579600,v1=" + std::string(64, 'a')},
                                   {"Range", "bytes=0-10"},
                                   {"User-Agent", "fuzz"},
                                   {"Last-Event-ID", "7"}};
    for (auto n = 1 + dice.below(3); n > 0; --n) {
        if (!headers.empty() && dice.oneIn(3)) {
            auto& header = headers[dice.below(headers.size())];
            header.second = damagedHeader(header.second, dice);
        } else {
            auto const& added = dice.of(known);
            headers.emplace_back(added.name, dice.oneIn(2) ? added.value : damagedHeader(added.value, dice));
        }
    }
}

std::string anyQuery(Route const& route, Dice& dice) {
    static std::vector<std::string> const values{"1",      "0",         "101",        "true",      "2026-12-01", "2026-12-01T00:00:00Z",
                                                 "UTC",    "USD",       "price",      "%ff",       "",           "x",
                                                 "-price", "confirmed", "9999-12-31", "%E2%82%AC", "customer"};
    std::string query;
    for (auto n = dice.below(4); n > 0; --n) {
        std::string name = "x";
        if (route.input != nullptr && !route.input->fields.empty() && !dice.oneIn(8)) name = dice.of(route.input->fields).name;
        query += (query.empty() ? "?" : "&") + name + "=" + dice.of(values);
    }
    return query;
}

std::string signedHeader(std::string const& body, Dice& dice) {
    auto const seconds = SystemClock().now().ms / 1000 - (dice.oneIn(6) ? static_cast<std::int64_t>(dice.below(1000)) : 0);
    auto const time = std::to_string(seconds);
    return "t=" + time + ",v1=" + hmacSha256Hex("whsec_test_secret", time + "." + body);
}

// An event such as Stripe sends, about objects that are not ours; damaged before it is signed, so that the parser behind the signature sees it.
std::string anyEvent(Dice& dice) {
    static auto const event = json::parse(
        R"({"id":"evt_1","object":"event","api_version":"2026-10-28.endive","created":1764579600,"livemode":false,"pending_webhooks":1,
        "request":{"id":null,"idempotency_key":null},"type":"payment_intent.succeeded","data":{"object":{"id":"pi_1","object":"payment_intent","amount":10000,
        "amount_received":10000,"currency":"usd","status":"succeeded","latest_charge":"ch_1","metadata":{"bookingId":"0123456789abcdef01234567"},
        "last_payment_error":{"code":"card_declined","message":"no"}}}})");
    static std::vector<std::string> const types{"payment_intent.succeeded",
                                                "payment_intent.payment_failed",
                                                "charge.refunded",
                                                "refund.updated",
                                                "charge.dispute.created",
                                                "account.updated",
                                                "x"};
    auto body = event;
    body.at("id") = "evt_fuzz" + std::to_string(dice.below(1'000'000));
    body.at("type") = dice.of(types);
    if (dice.oneIn(3)) return json::serialize(body);
    auto const text = json::serialize(reshaped(body, dice));
    return dice.oneIn(3) ? damaged(text, dice) : text;
}

struct Shot {
    std::string bytes;
    bool isHead = false;
};

Shot anyShot(Route const& route, Example const& good, std::string const& url, Dice& dice) {
    auto method =
        dice.oneIn(40) ? std::string(dice.of(std::vector<std::string>{"HEAD", "OPTIONS", "PUT", "TRACE", "DELETE"})) : good.method;
    auto target = good.target;
    auto headers = good.who == nullptr || dice.oneIn(10) ? Headers{} : as(*good.who);
    std::string body;
    if (route.auth == api::Auth::signature) {
        body = anyEvent(dice);
        auto const signature = signedHeader(body, dice);
        headers.emplace_back("Stripe-Signature", dice.oneIn(4) ? damagedHeader(signature, dice) : signature);
    } else if (takesBody(route)) {
        headers.emplace_back("Content-Type", "application/json");
        auto const shape = good.body.is_null() ? json::value(json::object()) : good.body;
        body = json::serialize(dice.oneIn(3) ? shape : reshaped(shape, dice));
        if (dice.oneIn(2)) body = damaged(body, dice);
    }
    if (route.method == http::Method::get || dice.oneIn(20)) target += anyQuery(route, dice);
    if (dice.oneIn(5)) target = damagedTarget(target, dice);
    if (dice.oneIn(3)) damageHeaders(headers, url, dice);
    // Tokens that the run needs must outlive it.
    if (route.pattern == "/auth/logout" || route.pattern == "/auth/sessions/{id}" || route.pattern == "/auth/change-password" ||
        (target.find("/auth/sessions/") != target.npos && method == "DELETE"))
        std::erase_if(headers, [](auto const& header) { return header.first == "Authorization"; });
    return {Wire::bytesOf(method, target, headers, body), method == "HEAD"};
}

struct Tally {
    std::atomic<int> sent{0}, lost{0}, failed{0}, busy{0}, taken{0};
};

void shoot(Stage& stage, std::uint64_t seed, int count, Tally& tally) {
    Dice dice(seed);
    auto wire = stage.wire();
    auto const url = stage.world.server().url();
    std::vector<Example> examples;
    for (auto const& route : api::routes()) examples.push_back(exampleOf(route, stage));
    for (int i = 0; i < count; ++i) {
        auto const at = dice.below(examples.size());
        auto const shot = anyShot(api::routes()[at], examples[at], url, dice);
        auto const reply = wire.sendBytes(shot.bytes, shot.isHead);
        ++tally.sent;
        if (reply.status >= 200 && reply.status < 300) ++tally.taken;
        if (reply.status == 503) ++tally.busy;
        bool const lost = reply.status == 0;
        bool const broken = reply.status >= 500 && reply.status != 503 && reply.status != 505;
        bool const noJson = !shot.isHead && reply.status >= 400 && (!reply.body.is_object() || reply.code().empty());
        if (!lost && !broken && !noJson) continue;
        ++(lost ? tally.lost : tally.failed);
        ADD_FAILURE() << "seed " << seed << ", request " << i << " of " << nameOf(api::routes()[at]) << ": " << reply.status << " "
                      << reply.text << "\n"
                      << shot.bytes.substr(0, 4000);
    }
}

// All mails and events that the run has caused are dealt with. A long run leaves more than one look at the clock waits for.
void drain(World& world) {
    Reply moved;
    for (int looks = 0; looks < 20 && moved.at("/settled") != "true"; ++looks)
        moved = world.sandbox("PUT", "/sandbox/clock", R"({"advance":"PT1S"})");
    EXPECT_EQ(moved.at("/settled"), "true") << moved.text;
}

TEST(Fuzz, WhateverComesTheServerAnswersAndLives) {
    Stage stage;
    constexpr int connections = 8;
    int const each = 2'600 * std::max(1, support::rounds(1) / 20);
    Tally tally;
    std::vector<std::thread> threads;
    for (int i = 0; i < connections; ++i) threads.emplace_back([&, i] { shoot(stage, 1000 + static_cast<std::uint64_t>(i), each, tally); });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(tally.sent, connections * each);
    EXPECT_EQ(tally.lost, 0);
    EXPECT_EQ(tally.failed, 0);
    EXPECT_EQ(tally.busy, 0) << "eight connections do not fill the queue";
    EXPECT_GT(tally.taken, tally.sent / 20) << "damage that nothing survives tests only the door";
    EXPECT_TRUE(stage.world.server().running());
    EXPECT_EQ(stage.world.get("/-/readyz").status, 200);
    drain(stage.world);
    stage.world.verifyClean();
    std::cout << tally.sent << " requests, " << tally.taken << " taken\n";
}

} // namespace
} // namespace visavis::scenarios
