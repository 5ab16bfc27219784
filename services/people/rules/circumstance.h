// The dated facts of a person's life that matter to their support.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/people_service.pb.h"

namespace ipb::people::rules {

// What the rules of circumstances need to know besides the request.
struct CircumstanceFacts {
  v1::Person person;
  // Every circumstance on record, corrected ones too.
  std::vector<v1::Circumstance> known;
  // The codes in the request's details that policy knows as those of other bodies than councils.
  std::vector<std::string> not_councils;
  // The circumstance that is ended or corrected.
  v1::Circumstance circumstance;
  // The decision given with a correction, with decider, role and organisation of the call.
  v1::HumanDecision by;
};

// What a decision about a circumstance makes: the new or changed row, the row that it supersedes (without
// name where there is none), and the person whom it may change. Names and instants are left to the handler.
struct CircumstanceDecision {
  v1::Circumstance circumstance;
  v1::Circumstance superseded;
  v1::Person person;
  explain::Trace trace;
};

// INVALID_ARGUMENT and FAILED_PRECONDITION as the contract says of the method.
absl::StatusOr<CircumstanceDecision> RecordCircumstance(CircumstanceFacts facts,
                                                        const v1::RecordCircumstanceRequest& request,
                                                        absl::CivilDay today);

// As the contract says of the method.
absl::StatusOr<CircumstanceDecision> EndCircumstance(CircumstanceFacts facts,
                                                     const v1::EndCircumstanceRequest& request,
                                                     absl::CivilDay today);

// As the contract says of the method. The person's date of death follows the correction of a death.
absl::StatusOr<CircumstanceDecision> CorrectCircumstance(CircumstanceFacts facts,
                                                         const v1::CorrectCircumstanceRequest& request,
                                                         absl::CivilDay today);

// Whether the row stands: neither superseded nor the record that something never was so.
bool Stands(const v1::Circumstance& circumstance);

// The rows that hold on a day: a death and a move from their day on, all others within their period and not
// after the death that stands among the rows.
std::vector<v1::Circumstance> CircumstancesOn(absl::CivilDay day, std::vector<v1::Circumstance> rows);

}  // namespace ipb::people::rules
