// What a Shape looks like to others: MongoDB's validator, OpenAPI 3.1 components and TypeScript types. The same input gives the same bytes.
#pragma once

#include "record/record.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <map>
#include <string>
#include <vector>

namespace visavis {
inline namespace record {

// The operand of $jsonSchema (MongoDB 5.0, draft 4 with bsonType). Lengths count characters there as here. Integers are int or long, as the codec
// writes them; that a document of another program may hold 60.0 is for the codec to read, and for validationLevel "moderate" to leave alone,
// so that no new double gets near money. Members that nobody declared are allowed: changes of the records are additive.
boost::json::object bsonSchema(Shape const& shape);

// Requests are stricter than answers: no unknown members, lists may be left out, optional members may be null (which PATCH takes as "unset").
enum class Direction { output, input };

// A JSON Schema (2020-12, as in OpenAPI 3.1). Named records and enums become references to #/components/schemas/; of a request's
// records the component is called NameInput, because the rules differ. Secrets are in neither direction.
boost::json::object openApiSchema(Shape const& shape, Direction direction = Direction::output);

// Adds the components that the schema of `shape` refers to. Two different records of one name are a mistake in the program: std::logic_error.
void collectComponents(Shape const& shape, std::map<std::string, boost::json::object>& components, Direction direction = Direction::output);

// One module with the types of answers or of what requests take: interfaces and unions, sorted by name, secrets left out.
std::string typescript(std::vector<Shape const*> const& shapes, Direction direction = Direction::output);
// How such a module spells the type of one value; of an optional one, the type of what it holds.
std::string typescriptType(Shape const& shape, Direction direction = Direction::output);

// Two spaces per level, members in the order they have; what holds no object and is short stays on one line. Ends with a newline.
std::string prettyJson(boost::json::value const& value);

} // namespace record
} // namespace visavis
