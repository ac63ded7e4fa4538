// The JSON Schemas of a shape: MongoDB's dialect and OpenAPI's.
#include "record/schema.hpp"

#include "record/json.hpp"

#include <stdexcept>

namespace visavis {
inline namespace record {
namespace {

namespace json = boost::json;

bool isEnum(Shape const& shape) { return shape.kind == Kind::string && !shape.words.empty(); }

json::array wordList(Shape const& shape) {
    json::array words;
    for (auto const& word : shape.words) words.emplace_back(word);
    return words;
}

// Bounds and patterns, which both dialects spell alike.
void addLimits(json::object& schema, Shape const& shape) {
    bool const isInteger = shape.kind == Kind::integer;
    if (shape.least && (isInteger || *shape.least > 0)) schema[isInteger ? "minimum" : "minLength"] = *shape.least;
    if (shape.most) schema[isInteger ? "maximum" : "maxLength"] = *shape.most;
    if (shape.format == "email") schema["maxLength"] = 254;
    if (shape.format == "uri") schema["maxLength"] = 2048;
    if (shape.format == "HH:MM") schema["pattern"] = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$";
    if (shape.format == "iso-4217") schema["pattern"] = "^[A-Z]{3}$";
}

json::value bsonTypeOf(Kind kind) {
    switch (kind) {
        case Kind::boolean:
            return "bool";
        case Kind::integer:
            return {"int", "long"};
        case Kind::number:
            return {"double", "int", "long"};
        case Kind::objectId:
            return "objectId";
        case Kind::instant:
        case Kind::day:
            return "date";
        case Kind::array:
            return "array";
        case Kind::map:
        case Kind::record:
            return "object";
        default:
            return "string";
    }
}

json::object bsonSchemaOf(Shape const& shape, bool root);

void addBsonMembers(json::object& schema, Shape const& shape, bool root) {
    json::array required;
    json::object properties;
    for (auto const& field : shape.fields) {
        auto const* const name = root && field.name == "id" ? "_id" : field.name.c_str();
        if (!field.shape->mayBeAbsent()) required.emplace_back(name);
        properties[name] = bsonSchemaOf(*field.shape, false);
    }
    if (!required.empty()) schema["required"] = std::move(required); // MongoDB refuses an empty list
    schema["properties"] = std::move(properties);
}

json::object bsonSchemaOf(Shape const& shape, bool root) {
    if (shape.kind == Kind::optional) return bsonSchemaOf(*shape.inner, root);
    json::object schema{{"bsonType", bsonTypeOf(shape.kind)}};
    if (isEnum(shape)) schema["enum"] = wordList(shape);
    addLimits(schema, shape);
    if (shape.kind == Kind::array) schema["items"] = bsonSchemaOf(*shape.inner, false);
    if (shape.kind == Kind::map) schema["additionalProperties"] = bsonSchemaOf(*shape.inner, false);
    if (shape.kind == Kind::record) addBsonMembers(schema, shape, root);
    return schema;
}

std::string componentName(Shape const& shape, Direction direction) {
    return shape.kind == Kind::record && direction == Direction::input ? shape.name + "Input" : shape.name;
}

json::object leafSchema(Shape const& shape) {
    switch (shape.kind) {
        case Kind::boolean:
            return {{"type", "boolean"}};
        case Kind::number:
            return {{"type", "number"}};
        case Kind::objectId:
            return {{"type", "string"}, {"pattern", "^[0-9a-f]{24}$"}};
        case Kind::instant:
            return {{"type", "string"}, {"format", "date-time"}};
        case Kind::day:
            return {{"type", "string"}, {"format", "date"}};
        default:
            break;
    }
    json::object schema;
    if (shape.kind == Kind::integer) schema = {{"type", "integer"}, {"format", "int64"}};
    if (shape.kind == Kind::string) schema = {{"type", "string"}};
    if (shape.format == "email" || shape.format == "uri" || shape.format == "password") schema["format"] = shape.format;
    if (shape.format == "iana-time-zone") schema["description"] = "A time zone of the IANA database, e.g. Europe/Berlin.";
    addLimits(schema, shape);
    return schema;
}

// A request may say null for what may be left out.
json::object orNull(json::object schema) {
    if (auto* type = schema.if_contains("type"); type != nullptr && type->is_string()) {
        *type = json::array{*type, "null"};
        return schema;
    }
    return {{"anyOf", json::array{std::move(schema), json::object{{"type", "null"}}}}};
}

json::object recordSchema(Shape const& shape, Direction direction) {
    json::array required;
    json::object properties;
    for (auto const& field : shape.fields) {
        if (field.shape->secret) continue;
        bool const always = direction == Direction::input ? !field.shape->mayBeAbsent() : field.shape->kind != Kind::optional;
        if (always) required.emplace_back(field.name);
        properties[field.name] = openApiSchema(*field.shape, direction);
    }
    json::object schema{{"type", "object"}};
    if (!required.empty()) schema["required"] = std::move(required);
    schema["properties"] = std::move(properties);
    if (direction == Direction::input) schema["additionalProperties"] = false;
    return schema;
}

} // namespace

json::object bsonSchema(Shape const& shape) { return bsonSchemaOf(shape, true); }

json::object openApiSchema(Shape const& shape, Direction direction) {
    switch (shape.kind) {
        case Kind::optional: {
            auto inner = openApiSchema(*shape.inner, direction);
            return direction == Direction::input ? orNull(std::move(inner)) : inner;
        }
        case Kind::array: {
            json::object schema{{"type", "array"}, {"items", openApiSchema(*shape.inner, direction)}};
            if (direction == Direction::input) schema["maxItems"] = mostElements;
            return schema;
        }
        case Kind::map:
            return {{"type", "object"}, {"additionalProperties", openApiSchema(*shape.inner, direction)}};
        default:
            break;
    }
    if (shape.kind == Kind::record || isEnum(shape)) return {{"$ref", "#/components/schemas/" + componentName(shape, direction)}};
    return leafSchema(shape);
}

void collectComponents(Shape const& shape, std::map<std::string, json::object>& components, Direction direction) {
    if (shape.inner != nullptr) return collectComponents(*shape.inner, components, direction);
    if (shape.kind != Kind::record && !isEnum(shape)) return;
    auto const schema = isEnum(shape) ? json::object{{"type", "string"}, {"enum", wordList(shape)}} : recordSchema(shape, direction);
    auto const [place, isNew] = components.emplace(componentName(shape, direction), schema);
    if (!isNew && place->second != schema) throw std::logic_error("two different records are called " + shape.name);
    if (!isNew) return;
    for (auto const& field : shape.fields)
        if (!field.shape->secret) collectComponents(*field.shape, components, direction);
}

} // namespace record
} // namespace visavis
