// Receiving and closing requests for support.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/eligibility_policy.pb.h"
#include "ipb/v1/eligibility_service.pb.h"
#include "ipb/v1/people_service.pb.h"
#include "ipb/v1/support_request.pb.h"

namespace ipb::eligibility {

// What the rules need to know besides the request.
struct RequestFacts {
  v1::Person person;
  // The code of the body that calls.
  std::string organisation;
  // The request as it is; for closing only.
  v1::SupportRequest request;
};

// What to store. The handler adds name, etag, recorded_time and the rendered trace.
struct RequestDecision {
  v1::SupportRequest request;
  explain::Trace trace;
};

// An open request with its clocks, from the policy of the day of receipt.
// FAILED_PRECONDITION for a day of receipt in the future or after death; "no rate for" where policy has
// clocks for the kind, and none on that day.
absl::StatusOr<RequestDecision> DecideReceipt(const RequestFacts& facts,
                                              const v1::ReceiveRequestRequest& request,
                                              const v1::EligibilityPolicy& policy, absl::CivilDay today);

// The request closed. FAILED_PRECONDITION where it is closed already, for a day in the future or before
// receipt, missing reasons, a death that is not recorded, or a refusal that does not free the council from
// assessing.
absl::StatusOr<RequestDecision> DecideClosing(const RequestFacts& facts,
                                              const v1::CloseRequestRequest& request, absl::CivilDay today);

// The request with the clocks that have passed by `today` without being met or the request being answered in
// time. Without a trace where there are none.
RequestDecision DecidePassing(v1::SupportRequest request, const v1::EligibilityPolicy& policy,
                              absl::CivilDay today);

// The request with the clocks met that a determination of that day meets, by the rows of policy that started
// them. What met a clock first, stays.
v1::SupportRequest MeetClocks(v1::SupportRequest request, const v1::EligibilityPolicy& policy,
                              absl::CivilDay decided);

}  // namespace ipb::eligibility
