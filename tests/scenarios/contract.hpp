// The world that the tests of API.md's conventions share.
#pragma once

#include "scenarios/wire.hpp"

namespace visavis::scenarios {

namespace json = boost::json;

inline std::string jsonText(std::string const& text) { return json::serialize(json::string(text)); }
inline std::string member(json::value const& value, char const* name) { return std::string(value.at(name).as_string()); }

class Contract : public testing::Test {
protected:
    static void SetUpTestSuite() {
        world_ = std::make_unique<World>();
        specialist_ = world_->specialist();
    }
    static void TearDownTestSuite() {
        world_->verifyClean();
        world_.reset();
    }

    Person customer() {
        world.advance("PT1M1S"); // whoever registered before counts no longer against the limit of a minute
        return world.customer("Customer " + std::to_string(++count_));
    }
    Reply book(Person const& who, std::string const& slotId, std::string const& more = "", std::vector<outbound::Header> headers = {}) {
        return world.post("/bookings", R"({"slotId":")" + slotId + "\"" + more + "}", &who, std::move(headers));
    }
    // Bookable slots from the middle of the horizon on, which no other test takes.
    std::string nextSlot() { return member(world.slots(specialist).at(50 + 2 * static_cast<std::size_t>(slot_++)), "id"); }

    World& world = *world_;
    Person const& specialist = specialist_;
    Wire wire{world_->server().url()};

private:
    static inline std::unique_ptr<World> world_;
    static inline Person specialist_;
    static inline int count_ = 0;
    static inline int slot_ = 0;
};

} // namespace visavis::scenarios
