// The JSON that journeys are written in and that the player compares.
#pragma once

#include <nlohmann/json.hpp>

namespace ipb::journey {

// Keeps the order in which fields are written, so that a story tells them in that order.
using Json = nlohmann::ordered_json;

}  // namespace ipb::journey
