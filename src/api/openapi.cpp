// From the routes table to OpenAPI 3.1; nothing in it is written by hand but the words that describe roles.
#include "api/openapi.hpp"

#include "api/route.hpp"
#include "record/schema.hpp"

namespace visavis::api {
namespace {

namespace json = boost::json;

char const* who(Auth auth) {
    switch (auth) {
        case Auth::open:
            return "Everybody.";
        case Auth::user:
            return "Whoever is logged in.";
        case Auth::specialist:
            return "Specialists.";
        case Auth::customer:
            return "Customers.";
        case Auth::party:
            return "The sides of the resource, and staff.";
        case Auth::side:
            return "The sides of the resource.";
        case Auth::sideOrAdmin:
            return "The sides of the resource, and administrators.";
        case Auth::specialistOrAdmin:
            return "Its specialist, and administrators.";
        case Auth::specialistOrStaff:
            return "The specialist of the resource, and staff.";
        case Auth::staff:
            return "Staff.";
        case Auth::admin:
            return "Administrators.";
        case Auth::signature:
            return "The provider, proven by its signature.";
    }
    return "";
}

bool isOperation(Route const& route) { return route.pattern.starts_with("/-"); }

std::string pathOf(Route const& route) { return isOperation(route) ? route.pattern.substr(2) : "/api/v1" + route.pattern; }

bool contains(std::vector<std::string> const& names, std::string const& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

Shape const& unwrapped(Shape const& shape) { return shape.kind == Kind::optional ? *shape.inner : shape; }

json::array parametersOf(Route const& route, bool hasBody) {
    json::array list;
    auto const captures = capturesOf(route.pattern);
    for (auto const& name : captures) {
        auto const* field = route.input == nullptr ? nullptr : route.input->find(name);
        auto schema = field == nullptr || route.isPatch ? openApiSchema(shapeOf<ObjectId>())
                                                        : openApiSchema(unwrapped(*field->shape), Direction::input);
        list.push_back({{"name", name}, {"in", "path"}, {"required", true}, {"schema", std::move(schema)}});
    }
    if (hasBody || route.input == nullptr) return list;
    for (auto const& field : route.input->fields) {
        if (contains(captures, field.name)) continue;
        list.push_back({{"name", field.name},
                        {"in", "query"},
                        {"required", !field.shape->mayBeAbsent()},
                        {"schema", openApiSchema(unwrapped(*field.shape), Direction::input)}});
    }
    return list;
}

// What a PATCH takes: every member may be left out, objects merge, null unsets.
json::object mergeSchema(Shape const& shape) {
    json::object properties;
    for (auto const& field : shape.fields) {
        if (field.shape->secret) continue;
        auto const& inner = unwrapped(*field.shape);
        auto schema = inner.kind == Kind::record ? mergeSchema(inner) : openApiSchema(*field.shape, Direction::input);
        auto* type = schema.if_contains("type");
        if (field.shape->mayBeAbsent() && type != nullptr && type->is_string()) *type = json::array{*type, "null"}; // null unsets
        properties[field.name] = std::move(schema);
    }
    return {{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
}

// The body's schema: the input without what the path gives.
json::object bodyOf(Route const& route) {
    auto const captures = capturesOf(route.pattern);
    if (route.isPatch) return mergeSchema(*route.input);
    if (captures.empty()) return openApiSchema(*route.input, Direction::input);
    Shape rest = *route.input;
    std::erase_if(rest.fields, [&](Field const& field) { return contains(captures, field.name); });
    json::object schema{{"type", "object"}, {"additionalProperties", false}};
    json::object properties;
    json::array required;
    for (auto const& field : rest.fields) {
        properties[field.name] = openApiSchema(unwrapped(*field.shape), Direction::input);
        if (!field.shape->mayBeAbsent()) required.push_back(json::string(field.name));
    }
    schema["properties"] = std::move(properties);
    if (!required.empty()) schema["required"] = std::move(required);
    return schema;
}

json::object jsonContent(json::object schema) { return {{"application/json", {{"schema", std::move(schema)}}}}; }

// Where the next page begins; null on the last.
json::object cursorSchema() { return {{"type", {"string", "null"}}}; }

// A page of these.
json::object listOf(json::object schema) {
    return {{"type", "object"},
            {"required", {"items", "nextCursor"}},
            {"properties", {{"items", {{"type", "array"}, {"items", std::move(schema)}}}, {"nextCursor", cursorSchema()}}}};
}

json::object contentOf(Route const& route) {
    json::object content;
    if (route.output != nullptr) {
        auto schema = openApiSchema(*route.output);
        content = jsonContent(route.isList ? listOf(std::move(schema)) : std::move(schema));
    }
    if (route.status == 202 && content.empty()) content = jsonContent({{"type", "object"}}); // {}
    auto const* const other = route.isStream ? "text/event-stream" : route.options.alsoAnswers;
    if (other != nullptr) content[other] = {{"schema", {{"type", "string"}}}};
    return content;
}

json::object answerOf(Route const& route) {
    json::object answer{{"description", "Done."}};
    auto content = contentOf(route);
    if (!content.empty()) answer["content"] = std::move(content);
    return answer;
}

json::object operationOf(Route const& route) {
    bool const hasBody = route.method == http::Method::post || route.method == http::Method::put || route.method == http::Method::patch;
    json::object operation;
    operation["description"] = who(route.auth);
    operation["parameters"] = parametersOf(route, hasBody);
    if (hasBody && route.input != nullptr && route.input->fields.size() > capturesOf(route.pattern).size())
        operation["requestBody"] = {{"required", true}, {"content", jsonContent(bodyOf(route))}};
    if (route.options.image)
        operation["requestBody"] = {
            {"required", true},
            {"content", {{"image/png", json::object()}, {"image/jpeg", json::object()}, {"image/webp", json::object()}}}};
    operation["responses"] = {{std::to_string(route.status), answerOf(route)}, {"default", {{"$ref", "#/components/responses/Problem"}}}};
    if (route.auth == Auth::open || route.auth == Auth::signature) operation["security"] = json::array{};
    return operation;
}

json::object problemResponse() {
    json::object fieldError{
        {"type", "object"},
        {"properties", {{"path", {{"type", "string"}}}, {"code", {{"type", "string"}}}, {"message", {{"type", "string"}}}}}};
    json::object properties{{"type", {{"type", "string"}}},
                            {"title", {{"type", "string"}}},
                            {"status", {{"type", "integer"}}},
                            {"code", {{"type", "string"}}},
                            {"detail", {{"type", "string"}}},
                            {"requestId", {{"type", "string"}}},
                            {"current", {{"type", "string"}, {"description", "The state that the request does not fit, of a conflict."}}},
                            {"errors", {{"type", "array"}, {"items", std::move(fieldError)}}}};
    json::object schema{{"type", "object"},
                        {"required", {"type", "title", "status", "code", "detail", "requestId"}},
                        {"properties", std::move(properties)}};
    return {{"description", "What went wrong (RFC 9457)."}, {"content", {{"application/problem+json", {{"schema", std::move(schema)}}}}}};
}

// A list with more members than a page has: its nextCursor is null on the last page as well, not left out.
json::object endsWithNull(json::object schema) {
    auto* properties = schema.if_contains("properties");
    if (properties == nullptr || !properties->as_object().contains("nextCursor")) return schema;
    properties->as_object()["nextCursor"] = cursorSchema();
    schema["required"].as_array().push_back("nextCursor");
    return schema;
}

json::object componentsOf() {
    std::map<std::string, json::object> components;
    for (auto const& route : routes()) {
        if (route.output != nullptr) collectComponents(*route.output, components, Direction::output);
        if (route.input != nullptr) collectComponents(*route.input, components, Direction::input);
    }
    json::object schemas;
    for (auto& [name, schema] : components) schemas[name] = endsWithNull(std::move(schema));
    return {{"schemas", std::move(schemas)},
            {"responses", {{"Problem", problemResponse()}}},
            {"securitySchemes",
             {{"bearer", {{"type", "http"}, {"scheme", "bearer"}}}, {"cookie", {{"type", "apiKey"}, {"in", "cookie"}, {"name", "sid"}}}}}};
}

std::string escaped(std::string_view text) {
    std::string out;
    for (char const c : text) out += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : c == '"' ? "&quot;" : std::string(1, c);
    return out;
}

} // namespace

std::vector<std::string> capturesOf(std::string const& pattern) {
    std::vector<std::string> names;
    for (auto open = pattern.find('{'); open != pattern.npos; open = pattern.find('{', open + 1))
        names.push_back(pattern.substr(open + 1, pattern.find('}', open) - open - 1));
    return names;
}

json::object openApiDocument() {
    json::object paths;
    for (auto const& route : routes()) {
        auto const path = pathOf(route);
        if (!paths.contains(path)) paths[path] = json::object();
        paths[path].get_object()[lowered(http::word(route.method))] = operationOf(route);
    }
    return {{"openapi", "3.1.0"},
            {"info", {{"title", "Visavis"}, {"version", "1"}}},
            {"security", {{{"bearer", json::array()}}, {{"cookie", json::array()}}}},
            {"paths", std::move(paths)},
            {"components", componentsOf()}};
}

std::string docsPage() {
    std::string page =
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width\"><title>Visavis API</title></head><body><h1>Visavis API</h1>";
    for (auto const& route : routes()) {
        page +=
            "<h2><code>" + escaped(http::word(route.method)) + " " + escaped(pathOf(route)) + "</code></h2><p>" + who(route.auth) + "</p>";
        if (route.input != nullptr && !route.input->fields.empty()) {
            page += "<table><thead><tr><th>Takes</th><th>Needed</th></tr></thead><tbody>";
            for (auto const& field : route.input->fields)
                page += "<tr><td><code>" + escaped(field.name) + "</code></td><td>" +
                        (field.shape->mayBeAbsent() || route.isPatch ? "no" : "yes") + "</td></tr>";
            page += "</tbody></table>";
        }
        page += "<p>Answers " + std::to_string(route.status) +
                (route.output != nullptr && !route.output->name.empty() ? " with <code>" + escaped(route.output->name) + "</code>" : "") +
                ".</p>";
    }
    return page + "</body></html>";
}

} // namespace visavis::api
