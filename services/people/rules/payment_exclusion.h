// Court orders and licences that bar a person from direct payments.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/people_service.pb.h"

namespace ipb::people::rules {

// What the rules of exclusions need to know besides the request.
struct ExclusionFacts {
  v1::Person person;
  // Every exclusion on record; for a new one only.
  std::vector<v1::PaymentExclusion> known;
  // The exclusion that is ended.
  v1::PaymentExclusion exclusion;
  // The decision given in the request, with decider, role and organisation of the call.
  v1::HumanDecision by;
};

// A new or changed exclusion, and why. Name and instants are left to the handler.
struct ExclusionDecision {
  v1::PaymentExclusion exclusion;
  explain::Trace trace;
};

// INVALID_ARGUMENT and FAILED_PRECONDITION as the contract says of the method.
absl::StatusOr<ExclusionDecision> RecordExclusion(const ExclusionFacts& facts,
                                                  const v1::RecordPaymentExclusionRequest& request,
                                                  absl::CivilDay today);

// As the contract says of the method. A planned last day may be brought forward, once.
absl::StatusOr<ExclusionDecision> EndExclusion(const ExclusionFacts& facts,
                                               const v1::EndPaymentExclusionRequest& request,
                                               absl::CivilDay today);

}  // namespace ipb::people::rules
