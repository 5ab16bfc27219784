// What the handlers gather for the rules, and what they add to what the rules decide.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/async/task.h"
#include "common/call/call.h"
#include "common/explain/trace.h"
#include "common/names/names.h"
#include "ipb/v1/determination.pb.h"
#include "ipb/v1/eligibility_policy.pb.h"
#include "ipb/v1/people_service.pb.h"

namespace ipb::eligibility::handlers {

inline constexpr char kRequests[] = "requests";
inline constexpr char kAssessments[] = "assessments";
inline constexpr char kDeterminations[] = "determinations";

// The person's responsibilities and dates as people has them now; what it says is kept with the subject's
// next commit. Where people cannot be asked from here, as this service last heard. UNAVAILABLE where people
// does not answer.
async::Task<absl::StatusOr<v1::Person>> PersonOf(call::Call& call, call::Subject& subject);

// All determinations of the subject's person but the one of that name.
async::Task<absl::StatusOr<std::vector<v1::Determination>>> DeterminationsOf(call::Call& call,
                                                                             const std::string& subject,
                                                                             std::string except = "");

// A resource that a request refers to and that was loaded; NOT_FOUND also where it is another person's.
template <typename Resource>
absl::StatusOr<Resource> Referred(const call::Subject& subject, const std::string& name) {
  if (names::Subject(name) != subject.name()) return errors::NotFound(name);
  return subject.Get<Resource>(name);
}

// The national rows of eligibility.
const v1::EligibilityPolicy& PolicyOf(const call::Call& call);

// The trace as an explanation, by the rules and the policy of the call.
v1::Explanation Explain(const call::Call& call, const explain::Trace& trace);

// Joins the explanation that Load brought to its resource.
template <typename Resource>
void JoinExplanation(const call::Subject& subject, Resource& resource) {
  auto explanation = subject.FindRecord<v1::Explanation>(call::ExplanationRecordOf(resource.name()));
  if (explanation) *resource.mutable_explanation() = *std::move(explanation);
}

}  // namespace ipb::eligibility::handlers
