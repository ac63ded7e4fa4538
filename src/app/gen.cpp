// Writes what the records look like, and one example of each: the same bytes on every machine.
#include "app/gen.hpp"

#include "meetings/records.hpp"
#include "notifications/records.hpp"
#include "record/bson.hpp"
#include "record/json.hpp"
#include "record/schema.hpp"
#include "reviews/records.hpp"

#include <algorithm>

namespace visavis::app {
namespace {

// A word of the wanted length: the member's own name, cut or repeated.
std::string textFor(std::string const& member, Shape const& shape) {
    auto const least = static_cast<std::size_t>(shape.least.value_or(0));
    auto const most = static_cast<std::size_t>(shape.most.value_or(60));
    auto text = member;
    while (text.size() < least) text += member;
    return text.substr(0, most);
}

std::string stringFor(std::string const& member, Shape const& shape) {
    if (!shape.words.empty()) return shape.words.front();
    if (shape.format == "email") return "ada@example.org";
    if (shape.format == "uri") return "https://example.org/" + member;
    if (shape.format == "HH:MM") return member == "endTime" ? "17:00" : "09:00";
    if (shape.format == "iana-time-zone") return "America/New_York";
    if (shape.format == "iso-4217") return "USD";
    return textFor(member, shape);
}

Scalar scalarFor(std::string const& member, Shape const& shape) {
    constexpr Instant noon{1'772'366'400'000};     // 2026-03-01T12:00:00.000Z
    constexpr Instant midnight{1'772'323'200'000}; // 2026-03-01
    switch (shape.kind) {
        case Kind::boolean:
            return true;
        case Kind::integer:
            return std::clamp<std::int64_t>(60, shape.least.value_or(60), shape.most.value_or(60));
        case Kind::number:
            return 4.5;
        case Kind::objectId:
            return ObjectId::derived(member);
        case Kind::instant:
            return noon;
        case Kind::day:
            return midnight;
        default:
            return stringFor(member, shape);
    }
}

void fill(Shape const& shape, void* value, std::string const& member) {
    switch (shape.kind) {
        case Kind::optional:
            return fill(*shape.inner, shape.emplace(value), member);
        case Kind::array:
            shape.clear(value);
            return fill(*shape.inner, shape.append(value), member);
        case Kind::map:
            shape.clear(value);
            return fill(*shape.inner, shape.insert(value, "key"), member);
        case Kind::record:
            for (auto const& field : shape.fields) fill(*field.shape, memberAt(value, field), field.name);
            return;
        default:
            break;
    }
    auto const issue = shape.set(value, scalarFor(member, shape));
    if (issue) throw std::logic_error("no example for the member " + member + ": " + issue->message);
}

std::string hexOf(std::string const& bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        auto const byte = static_cast<unsigned char>(bytes[i]);
        (text += digits[byte >> 4]) += digits[byte & 15];
        if (i % 32 == 31 || i + 1 == bytes.size()) text += '\n';
    }
    return text;
}

void addCollection(std::map<std::string, std::string>& files, CollectionSpec const& collection) {
    auto const base = "tests/golden/" + collection.name;
    auto const example = exampleOf(*collection.shape);
    std::string json;
    writeJson(json, *collection.shape, example.get(), Secrets::shown);
    files[base + ".schema.json"] = prettyJson(bsonSchema(*collection.shape));
    files[base + ".json"] = prettyJson(parseJson(json).value());
    files[base + ".bson.hex"] = hexOf(toBson(*collection.shape, example.get()).bytes);
}

} // namespace

std::vector<CollectionSpec const*> const& seedCollections() {
    static std::vector<CollectionSpec const*> const list{
        &identity::users.spec(),   &profiles::specialists.spec(), &availability::schedules.spec(), &availability::slots.spec(),
        &booking::bookings.spec(), &payments::payments.spec(),    &profiles::customers.spec(),     &notifications::notifications.spec(),
        &reviews::reviews.spec(),  &meetings::sessions.spec(),
    };
    return list;
}

std::shared_ptr<void> exampleOf(Shape const& record) {
    auto made = record.make();
    fill(record, made.get(), record.name);
    return made;
}

std::map<std::string, std::string> generatedFiles(std::vector<CollectionSpec const*> const& collections,
                                                  std::vector<Shape const*> const& answers) {
    std::map<std::string, std::string> files;
    auto shapes = answers;
    for (auto const* collection : collections) {
        addCollection(files, *collection);
        shapes.push_back(collection->shape);
    }
    files["web/src/generated/records.ts"] = typescript(shapes);
    return files;
}

} // namespace visavis::app
