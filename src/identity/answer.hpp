// What a handler may return, and how each becomes a status and a body: T is 200, Created<T> 201, Accepted 202, NoContent 204.
#pragma once

#include "http/message.hpp"
#include "record/json.hpp"
#include "store/tx.hpp"

namespace visavis::identity {

template <class T> struct Created { T value; };

struct Accepted {};
struct NoContent {};

// Bytes of another kind than JSON, or JSON that is finished already and shared with a cache.
struct Raw {
    std::string contentType;
    std::shared_ptr<std::string const> content;
    std::vector<http::Header> headers;
};

// Server-Sent Events: `begin` is handed the open connection, on an I/O thread.
struct EventStream {
    std::function<void(std::shared_ptr<http::Stream>)> begin;
};

// A list of T as bytes that are finished already.
template <class T> struct RawPage : Raw {};

inline Raw csvAnswer(std::string content, std::string const& filename) {
    return {"text/csv; charset=utf-8",
            std::make_shared<std::string const>(std::move(content)),
            {{"Content-Disposition", "attachment; filename=\"" + filename + "\""}}};
}
// T as JSON, or as a table where the caller's Accept prefers text/csv.
template <class T> struct OrCsv {
    T value;
    std::optional<Raw> csv;
};
// Whether an Accept header names text/csv, and does not prefer JSON.
bool prefersCsv(std::string_view accept);

// The query of a list that has nothing to choose from.
struct PageQuery {
    std::optional<Bounded<1, 100>> limit;
    std::optional<std::string> cursor;
};
RECORD(PageQuery, limit, cursor)

// How much a page holds (API conventions).
inline std::size_t pageSize(std::optional<Bounded<1, 100>> const& limit) { return static_cast<std::size_t>(limit ? limit->value : 20); }

// The body of a PATCH: merged into the writable part of a resource by record/json's patched(). `Whole` is what can be read of it.
template <class W, class Whole> struct Patch {
    using Writable = W;
    using Readable = Whole;
    ObjectId id; // of the path, if it has one
    boost::json::object body;

    Result<W> onto(W const& current) const { return patched<W, Whole>(current, body); }
};

// An answer that can be kept and given again under an idempotency key.
struct Rendered {
    int status = 200;
    std::string body;
};

template <class T> struct Render {
    static constexpr int status = 200;
    using Shown = T;
    static std::string body(T const& value) { return toJson(value); }
};
template <class T> struct Render<Created<T>> {
    static constexpr int status = 201;
    using Shown = T;
    static std::string body(Created<T> const& created) { return toJson(created.value); }
};
template <> struct Render<Accepted> {
    static constexpr int status = 202;
    using Shown = void;
    static std::string body(Accepted const&) { return "{}"; }
};
template <> struct Render<NoContent> {
    static constexpr int status = 204;
    using Shown = void;
    static std::string body(NoContent const&) { return {}; }
};
template <class T> struct Render<Page<T>> {
    static constexpr int status = 200;
    using Shown = T;
    static std::string body(Page<T> const& page) {
        std::string out = "{\"items\":";
        writeJson(out, shapeOf<std::vector<T>>(), &page.items);
        out += ",\"nextCursor\":";
        writeJson(out, shapeOf<std::optional<std::string>>(), &page.nextCursor);
        return out + "}";
    }
};

template <class T> Rendered render(T const& value) { return {Render<T>::status, Render<T>::body(value)}; }

} // namespace visavis::identity
