// The report of a simulation as a picture.
#pragma once

#include <string>

#include "ipb/v1/simulation.pb.h"

namespace ipb::allocation {

// How many people would pay how much more or less, as bars in SVG, which says in words what it shows.
std::string Chart(const v1::SimulationReport& report);

}  // namespace ipb::allocation
