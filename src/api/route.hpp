// A row of the routes table: method, path, who may, and a handler whose types tell the rest (what it takes, what it answers).
#pragma once

#include "identity/answer.hpp"
#include "identity/call.hpp"

#include <boost/json/serialize.hpp>

#include <concepts>
#include <functional>

namespace visavis::api {

using identity::Call;

// Who may call. `party` is anybody logged in; the handler answers 404 to whoever is no side of the resource. `side` is the same without staff.
enum class Auth {
    open,
    user,
    specialist,
    customer,
    party,
    side,
    sideOrAdmin,
    specialistOrAdmin,
    specialistOrStaff,
    staff,
    admin,
    signature
};

// How a POST uses an Idempotency-Key: the dispatcher replays kept answers, or the handler does it itself because of tokens in them.
enum class Keys { kept, own, none };

struct Options {
    bool verified = false;     // the caller's address must be confirmed
    bool inlineAnswer = false; // ready in microseconds: runs on the I/O thread
    Keys keys = Keys::kept;
    bool image = false;                // the body is a picture's bytes
    char const* alsoAnswers = nullptr; // another media type than JSON, beside it or alone
};

// What runs between decoding and the handler: it sees the decoded input as text and may answer instead.
using Between = std::function<Result<std::optional<http::Response>>(std::string const& decoded)>;

struct Route {
    http::Method method{};
    std::string pattern;
    Auth auth{};
    Options options;
    Shape const* input = nullptr;  // null: nothing, or a body of another kind than JSON
    bool isPatch = false;          // `input` is the writable part of a resource
    Shape const* output = nullptr; // null: no body, or bytes of another kind
    bool isList = false;
    bool isStream = false; // answers with Server-Sent Events, which do not end
    int status = 200;
    std::function<Result<http::Response>(Call&, boost::json::object const&, http::Request const&, Between const&)> run;
    // The same answer from memory, on the I/O thread; nothing where this process does not remember it. Unset: there is no such way.
    std::function<std::optional<http::Response>(Call&, boost::json::object const&)> recall;

    // std::optional<Out> function(Call&), or with the same record as the handler behind it. It must not read the store.
    template <auto function> Route&& recalledBy() &&;
};

inline http::Response respondRaw(Call& call, identity::Raw const& raw) {
    auto response = http::answer(200, raw.contentType, "");
    response.shared = raw.content;
    for (auto const& header : raw.headers) response.headers.push_back(header);
    for (auto& header : call.headers) response.headers.push_back(std::move(header));
    return response;
}

inline http::Response respondStream(Call& call, identity::EventStream const& stream) {
    auto response = http::answer(200, "text/event-stream", "");
    response.with("X-Accel-Buffering", "no"); // nginx would hold events back
    for (auto& header : call.headers) response.headers.push_back(std::move(header));
    response.stream = stream.begin;
    return response;
}

inline http::Response respondRendered(Call& call, identity::Rendered rendered) {
    auto response = http::answer(rendered.status, rendered.status == 204 ? "" : "application/json", std::move(rendered.body));
    for (auto& header : call.headers) response.headers.push_back(std::move(header));
    return response;
}

template <class T> http::Response respond(Call& call, T const& value) {
    if constexpr (std::derived_from<T, identity::Raw>)
        return respondRaw(call, value);
    else if constexpr (requires { value.csv; })
        return value.csv ? respondRaw(call, *value.csv) : respond(call, value.value);
    else if constexpr (std::same_as<T, identity::EventStream>)
        return respondStream(call, value);
    else
        return respondRendered(call, identity::render(value));
}

template <class Out> struct Answers {
    static void describe(Route& route) {
        using R = identity::Render<Out>;
        route.status = R::status;
        if constexpr (!std::is_void_v<typename R::Shown>) route.output = &shapeOf<typename R::Shown>();
    }
};
template <class T> struct Answers<Page<T>> {
    static void describe(Route& route) {
        route.output = &shapeOf<T>();
        route.isList = true;
    }
};
template <class T> struct Answers<identity::RawPage<T>> {
    static void describe(Route& route) {
        route.output = &shapeOf<T>();
        route.isList = true;
    }
};
template <class T> struct Answers<identity::OrCsv<T>> : Answers<T> {};
template <> struct Answers<identity::Raw> {
    static void describe(Route&) {}
};

template <> struct Answers<identity::EventStream> {
    static void describe(Route& route) { route.isStream = true; }
};

template <class In>
concept IsPatch = requires {
    typename In::Writable;
};

template <class Out> Result<http::Response> finish(Call& call, Result<Out> const& outcome) {
    if (!outcome) return outcome.error();
    return respond(call, *outcome);
}

template <class Function> struct Adapter;

// Result<Out> handler(Call&): takes nothing but what the path and the query have, which is nothing.
template <class Out> struct Adapter<Result<Out> (*)(Call&)> {
    static void describe(Route& route) { Answers<Out>::describe(route); }
    static Result<http::Response> run(Result<Out> (*handler)(Call&), Call& call, boost::json::object const& input, http::Request const&,
                                      Between const& between) {
        std::vector<FieldError> wrong;
        for (auto const& member : input) wrong.push_back({"/" + pointerStep(member.key()), "unknown", "There is no such member."});
        if (!wrong.empty()) return invalidMembers(std::move(wrong));
        TRY(auto instead, between("{}"));
        if (instead) return std::move(*instead);
        return finish(call, handler(call));
    }
};

// Result<Out> handler(Call&, In const&): path captures, query and body decode into that one record.
template <class Out, class In> struct Adapter<Result<Out> (*)(Call&, In const&)> {
    static void describe(Route& route) {
        Answers<Out>::describe(route);
        if constexpr (IsPatch<In>) {
            route.input = &shapeOf<typename In::Writable>();
            route.isPatch = true;
        } else {
            route.input = &shapeOf<In>();
        }
    }
    static Result<In> decode(boost::json::object const& input) {
        if constexpr (IsPatch<In>) {
            In patch;
            patch.body = input;
            if (auto const* id = patch.body.if_contains("id")) patch.id = *ObjectId::parse(std::string_view(id->get_string()));
            patch.body.erase("id");
            return patch;
        } else {
            return fromJson<In>(input);
        }
    }
    static std::string text(In const& input) {
        if constexpr (IsPatch<In>)
            return boost::json::serialize(input.body);
        else
            return toJson(input, Secrets::shown);
    }
    static Result<http::Response> run(Result<Out> (*handler)(Call&, In const&), Call& call, boost::json::object const& input,
                                      http::Request const&, Between const& between) {
        TRY(auto const decoded, decode(input));
        TRY(auto instead, between(text(decoded)));
        if (instead) return std::move(*instead);
        return finish(call, handler(call, decoded));
    }
};

// Result<Out> handler(Call&, http::Request const&): the bytes as they came (webhooks).
template <class Out> struct Adapter<Result<Out> (*)(Call&, http::Request const&)> {
    static void describe(Route& route) { Answers<Out>::describe(route); }
    static Result<http::Response> run(Result<Out> (*handler)(Call&, http::Request const&), Call& call, boost::json::object const&,
                                      http::Request const& request, Between const&) {
        return finish(call, handler(call, request));
    }
};

// route<booking::request>(POST, "/bookings", Auth::customer, {.verified = true})
template <auto handler> Route route(http::Method method, std::string pattern, Auth auth, Options options = {}) {
    using A = Adapter<decltype(handler)>;
    Route row;
    row.method = method;
    row.pattern = std::move(pattern);
    row.auth = auth;
    row.options = options;
    A::describe(row);
    row.run = [](Call& call, boost::json::object const& input, http::Request const& request, Between const& between) {
        return A::run(handler, call, input, request, between);
    };
    return row;
}

template <class Function> struct Recall;
template <class Out> struct Recall<std::optional<Out> (*)(Call&)> {
    static std::optional<Out> run(std::optional<Out> (*function)(Call&), Call& call, boost::json::object const& input) {
        return input.empty() ? function(call) : std::nullopt;
    }
};
template <class Out, class In> struct Recall<std::optional<Out> (*)(Call&, In const&)> {
    static std::optional<Out> run(std::optional<Out> (*function)(Call&, In const&), Call& call, boost::json::object const& input) {
        auto const decoded = fromJson<In>(input);
        return decoded ? function(call, *decoded) : std::nullopt;
    }
};

template <auto function> Route&& Route::recalledBy() && {
    recall = [](Call& call, boost::json::object const& taken) -> std::optional<http::Response> {
        auto const known = Recall<decltype(function)>::run(function, call, taken);
        return known ? std::optional(respond(call, *known)) : std::nullopt;
    };
    return std::move(*this);
}

// Every way in. Patterns are below /api/v1 except those of operations (/healthz …).
std::vector<Route> const& routes();

} // namespace visavis::api
