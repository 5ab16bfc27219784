// The law of after-care as policy has it for a day: by which residence the council is found that owes it, and
// whether the person is told in writing before it ends.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/determination.pb.h"
#include "ipb/v1/eligibility_policy.pb.h"
#include "ipb/v1/personal_health_budget.pb.h"

namespace ipb::eligibility {

// The council that owes after-care with the integrated care board, and how it is found.
struct AfterCareCouncil {
  // Its code; empty where none is recorded.
  std::string council;
  // Whether it is that of residence only because it is deemed to be.
  bool deemed = false;
  // The law on the day the detention began; null where that day is not recorded.
  const v1::AfterCareLaw* law = nullptr;
};

// The council by the law on the day the detention began: the deemed one where that law deems and one is
// given, else that of ordinary residence immediately before. "No rate for" where policy has no law for the
// day. The result points into `policy`.
absl::StatusOr<AfterCareCouncil> FindAfterCareCouncil(const v1::AfterCareEvidence& evidence,
                                                      const v1::EligibilityPolicy& policy);

// Adds to `refusal` where a deemed council is recorded and the law that was found deems nothing.
void CheckDeemed(const v1::AfterCareEvidence& evidence, const AfterCareCouncil& found,
                 explain::Refusal& refusal);

// Says in `trace` whose duty after-care is, and by which law.
void ExplainDuty(const v1::AfterCareEvidence& evidence, const AfterCareCouncil& found, explain::Trace& trace);

// Adds to `refusal` where after-care would end after `last_day`, the law of that day wants written notice
// first, and none is on record; or where the notice is dated after `today` or after the last day. Says in
// `trace` that notice was given. "No rate for" where policy has no law for the last day.
absl::Status CheckEndingNotice(const v1::WithdrawalSafeguards& safeguards,
                               const v1::EligibilityPolicy& policy, absl::CivilDay last_day,
                               absl::CivilDay today, explain::Refusal& refusal, explain::Trace& trace);

}  // namespace ipb::eligibility
