// Makes the people of the benchmark ready for spending, through the calls that a council would make.
#pragma once

#include "absl/status/status.h"
#include "tests/bench/calls.h"
#include "tests/bench/population.h"

namespace ipb::bench {

// States each person, budget and plan to a payments service that runs alone, has a payee proposed and
// approved, opens the agreement and records one spending. Says on standard error how each step went. ABORTED
// at the first step that had errors.
absl::Status Seed(const Channels& payments, const Population& population, int in_flight);

}  // namespace ipb::bench
