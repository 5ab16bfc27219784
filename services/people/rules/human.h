// The named human behind a decision about who a person is.
#pragma once

#include <vector>

#include "absl/time/civil_time.h"
#include "common/errors/errors.h"
#include "ipb/v1/decision.pb.h"

namespace ipb::people::rules {

// What is wrong with a decision that needs reasons: none given, or a date in the future.
std::vector<errors::FieldViolation> WrongDecision(const v1::HumanDecision& decision, absl::CivilDay today);

}  // namespace ipb::people::rules
