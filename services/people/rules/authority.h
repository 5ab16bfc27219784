// Who may ask for a direct payment, sign a plan and receive the money, by which law.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/authority_policy.pb.h"
#include "ipb/v1/people_service.pb.h"

namespace ipb::people::rules {

// The ages at which the laws begin and end are in the statutes themselves.
inline constexpr int kAdultAge = 18;
inline constexpr int kOwnDecisionAge = 16;

// What is on record of a person, as far as it says who acts for them.
struct AuthorityFacts {
  v1::Person person;
  std::vector<v1::Representative> representatives;
  std::vector<v1::CapacityDecision> capacity;
  std::vector<v1::Circumstance> circumstances;
  std::vector<v1::PaymentExclusion> exclusions;
  // The national rows.
  v1::AuthorityPolicy policy;
};

// Adds what bars every direct payment to the person under a law on a day: custody and court orders. NO_RATE
// where an order is in force and no row says whether it bars the payment.
absl::Status CheckBars(const AuthorityFacts& facts, v1::DirectPaymentRegime regime, absl::CivilDay day,
                       explain::Refusal& refusal);

// Whether an appointment is in effect on a day.
bool IsInEffect(const v1::Representative& row, absl::CivilDay day);

// Whether an appointment is an attorney's or a deputy's who decides about care.
bool IsMcaAuthority(const v1::Representative& row);

// The appointment of that name; null where there is none.
const v1::Representative* FindRepresentative(const AuthorityFacts& facts, const std::string& name);

// Every act of the person and of each representative in effect on the day, for each law, as
// CarePlanningService.SignPlan judges signatures. INVALID_ARGUMENT for a day before the birth; NO_RATE as
// CheckBars.
absl::StatusOr<v1::Authority> AuthorityOn(const AuthorityFacts& facts, absl::CivilDay day);

}  // namespace ipb::people::rules
