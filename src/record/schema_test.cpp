// The schemas that shapes make, as whole texts: what a reader of the validator, of the OpenAPI document and of the types will see.
#include "record/schema.hpp"

#include "record/testing.hpp"

#include <gtest/gtest.h>

namespace visavis {
namespace {

using sample::Mood;
using sample::Stop;

struct Brief {
    Ref<Brief> id;
    Mood mood = Mood::calm;
    Text<1, 10> name;
    Email email;
    std::optional<Url> site;
    Instant at;
    LocalDate day;
    Currency currency;
    std::int64_t whole = 0;
    Bounded<1, 5> stars;
    double mean = 0;
    std::optional<Secret> token;
    std::vector<Stop> stops;
    std::optional<Stop> last;
    std::map<std::string, bool> flags;
};
RECORD(Brief, id, mood, name, email, site, at, day, currency, whole, stars, mean, token, stops, last, flags)

TEST(Schema, Validator) {
    EXPECT_EQ(prettyJson(bsonSchema(shapeOf<Brief>())), R"({
  "bsonType": "object",
  "required": ["_id", "mood", "name", "email", "at", "day", "currency", "whole", "stars", "mean"],
  "properties": {
    "_id": { "bsonType": "objectId" },
    "mood": { "bsonType": "string", "enum": ["calm", "no-show", "in_app"] },
    "name": { "bsonType": "string", "minLength": 1, "maxLength": 10 },
    "email": { "bsonType": "string", "maxLength": 254 },
    "site": { "bsonType": "string", "maxLength": 2048 },
    "at": { "bsonType": "date" },
    "day": { "bsonType": "date" },
    "currency": { "bsonType": "string", "pattern": "^[A-Z]{3}$" },
    "whole": { "bsonType": ["int", "long"] },
    "stars": { "bsonType": ["int", "long"], "minimum": 1, "maximum": 5 },
    "mean": { "bsonType": ["double", "int", "long"] },
    "token": { "bsonType": "string" },
    "stops": {
      "bsonType": "array",
      "items": {
        "bsonType": "object",
        "required": ["at", "minutes"],
        "properties": {
          "at": { "bsonType": "string", "pattern": "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$" },
          "minutes": { "bsonType": ["int", "long"], "minimum": 1, "maximum": 90 },
          "note": { "bsonType": "string", "minLength": 1, "maxLength": 20 }
        }
      }
    },
    "last": {
      "bsonType": "object",
      "required": ["at", "minutes"],
      "properties": {
        "at": { "bsonType": "string", "pattern": "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$" },
        "minutes": { "bsonType": ["int", "long"], "minimum": 1, "maximum": 90 },
        "note": { "bsonType": "string", "minLength": 1, "maxLength": 20 }
      }
    },
    "flags": {
      "bsonType": "object",
      "additionalProperties": { "bsonType": "bool" }
    }
  }
}
)");
}

std::string components(Shape const& shape, Direction direction) {
    std::map<std::string, boost::json::object> found;
    collectComponents(shape, found, direction);
    boost::json::object all;
    for (auto const& [name, schema] : found) all[name] = schema;
    return prettyJson(all);
}

TEST(Schema, ComponentsOfAnswers) {
    EXPECT_EQ(prettyJson(openApiSchema(shapeOf<Brief>())), "{ \"$ref\": \"#/components/schemas/Brief\" }\n");
    EXPECT_EQ(components(shapeOf<Brief>(), Direction::output), R"({
  "Brief": {
    "type": "object",
    "required": ["id", "mood", "name", "email", "at", "day", "currency", "whole", "stars", "mean", "stops", "flags"],
    "properties": {
      "id": { "type": "string", "pattern": "^[0-9a-f]{24}$" },
      "mood": { "$ref": "#/components/schemas/Mood" },
      "name": { "type": "string", "minLength": 1, "maxLength": 10 },
      "email": { "type": "string", "format": "email", "maxLength": 254 },
      "site": { "type": "string", "format": "uri", "maxLength": 2048 },
      "at": { "type": "string", "format": "date-time" },
      "day": { "type": "string", "format": "date" },
      "currency": { "type": "string", "pattern": "^[A-Z]{3}$" },
      "whole": { "type": "integer", "format": "int64" },
      "stars": { "type": "integer", "format": "int64", "minimum": 1, "maximum": 5 },
      "mean": { "type": "number" },
      "stops": {
        "type": "array",
        "items": { "$ref": "#/components/schemas/Stop" }
      },
      "last": { "$ref": "#/components/schemas/Stop" },
      "flags": {
        "type": "object",
        "additionalProperties": { "type": "boolean" }
      }
    }
  },
  "Mood": { "type": "string", "enum": ["calm", "no-show", "in_app"] },
  "Stop": {
    "type": "object",
    "required": ["at", "minutes"],
    "properties": {
      "at": { "type": "string", "pattern": "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$" },
      "minutes": { "type": "integer", "format": "int64", "minimum": 1, "maximum": 90 },
      "note": { "type": "string", "minLength": 1, "maxLength": 20 }
    }
  }
}
)");
}

struct Wish {
    Password password;
    std::optional<Stop> last;
    std::optional<Mood> mood;
    std::vector<LocalTime> times;
    std::optional<Zone> zone;
};
RECORD(Wish, password, last, mood, times, zone)

TEST(Schema, ComponentsOfRequests) {
    EXPECT_EQ(components(shapeOf<Wish>(), Direction::input), R"({
  "Mood": { "type": "string", "enum": ["calm", "no-show", "in_app"] },
  "StopInput": {
    "type": "object",
    "required": ["at", "minutes"],
    "properties": {
      "at": { "type": "string", "pattern": "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$" },
      "minutes": { "type": "integer", "format": "int64", "minimum": 1, "maximum": 90 },
      "note": { "type": ["string", "null"], "minLength": 1, "maxLength": 20 }
    },
    "additionalProperties": false
  },
  "WishInput": {
    "type": "object",
    "required": ["password"],
    "properties": {
      "password": { "type": "string", "format": "password" },
      "last": {
        "anyOf": [
          { "$ref": "#/components/schemas/StopInput" },
          { "type": "null" }
        ]
      },
      "mood": {
        "anyOf": [
          { "$ref": "#/components/schemas/Mood" },
          { "type": "null" }
        ]
      },
      "times": {
        "type": "array",
        "items": { "type": "string", "pattern": "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$" },
        "maxItems": 1000
      },
      "zone": { "type": ["string", "null"], "description": "A time zone of the IANA database, e.g. Europe/Berlin." }
    },
    "additionalProperties": false
  }
}
)");
}

TEST(Schema, TypeScript) {
    auto const text = typescript({&shapeOf<Brief>()});
    EXPECT_TRUE(text.starts_with("// Generated by `visavis gen`"));
    EXPECT_EQ(text.substr(text.find("\nexport interface")), R"(
export interface Brief {
  id: Id;
  mood: Mood;
  name: string;
  email: string;
  site?: string;
  at: Instant;
  day: Day;
  currency: string;
  whole: number;
  stars: number;
  mean: number;
  stops: Stop[];
  last?: Stop;
  flags: Record<string, boolean>;
}

export type Mood = "calm" | "no-show" | "in_app";

export interface Stop {
  at: WallTime;
  minutes: number;
  note?: string;
}
)");
}

// A request may leave out what has a default, and say that it wants nothing.
TEST(Schema, TypeScriptOfRequests) {
    auto const text = typescript({&shapeOf<Brief>()}, Direction::input);
    EXPECT_NE(text.find("  site?: string | null;\n"), text.npos);
    EXPECT_NE(text.find("  stops?: Stop[];\n"), text.npos);
    EXPECT_NE(text.find("  name: string;\n"), text.npos);
    EXPECT_EQ(typescriptType(shapeOf<std::optional<Stop>>()), "Stop");
}

namespace other {
struct Stop {
    bool red = false;
};
RECORD(Stop, red)
} // namespace other

TEST(Schema, TwoRecordsOfOneNameAreAMistake) {
    std::map<std::string, boost::json::object> found;
    collectComponents(shapeOf<Stop>(), found);
    collectComponents(shapeOf<std::vector<Stop>>(), found);
    EXPECT_EQ(found.size(), 1u);
    EXPECT_THROW(collectComponents(shapeOf<other::Stop>(), found), std::logic_error);
    EXPECT_THROW(typescript({&shapeOf<Stop>(), &shapeOf<other::Stop>()}), std::logic_error);
}

TEST(Schema, PrettyJson) {
    boost::json::object const value{
        {"z", 1}, {"a", {1, 2.5, "x\n", nullptr}}, {"empty", boost::json::object{}}, {"none", boost::json::array{}}};
    EXPECT_EQ(prettyJson(value), "{\n  \"z\": 1,\n  \"a\": [1, 2.5, \"x\\n\", null],\n  \"empty\": {},\n  \"none\": []\n}\n");
    EXPECT_EQ(prettyJson("text"), "\"text\"\n");
    boost::json::array longOne;
    for (int i = 0; i < 3; ++i) longOne.emplace_back(std::string(50, 'x'));
    auto const line = "  \"" + std::string(50, 'x') + "\"";
    EXPECT_EQ(prettyJson(longOne), "[\n" + line + ",\n" + line + ",\n" + line + "\n]\n");
}

} // namespace
} // namespace visavis
