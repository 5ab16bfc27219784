// Recording and changing joint assessments.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/assessment.pb.h"
#include "ipb/v1/eligibility_policy.pb.h"
#include "ipb/v1/eligibility_service.pb.h"
#include "ipb/v1/options.pb.h"

namespace ipb::eligibility {

// What the rules need to know besides the request.
struct AssessmentFacts {
  // The kind of body that calls, and its code.
  v1::CallerKind caller_kind = v1::CALLER_KIND_UNSPECIFIED;
  std::string organisation;
  // The assessment as it is; for an update only.
  v1::Assessment assessment;
};

// What to store. The handler adds name, etag, recorded_time and the rendered trace.
struct AssessmentDecision {
  v1::Assessment assessment;
  explain::Trace trace;
};

// A new assessment, a draft or complete. `today` is the civil date in London.
// FAILED_PRECONDITION for dates in the future and, where it is to be complete, as Evaluate.
absl::StatusOr<AssessmentDecision> DecideRecording(const AssessmentFacts& facts,
                                                   const v1::RecordAssessmentRequest& request,
                                                   const v1::EligibilityPolicy& policy, absl::CivilDay today);

// A draft with the named parts replaced, complete where asked.
// INVALID_ARGUMENT for a path that is not a field of AssessmentEvidence; FAILED_PRECONDITION where it is no
// draft, a part is replaced whose content is hidden from the caller's kind, or as for recording.
absl::StatusOr<AssessmentDecision> DecideUpdate(const AssessmentFacts& facts,
                                                const v1::UpdateAssessmentRequest& request,
                                                const v1::EligibilityPolicy& policy, absl::CivilDay today);

}  // namespace ipb::eligibility
