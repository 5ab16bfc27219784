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
#include "services/eligibility/rules/decider.h"
#include "services/eligibility/rules/known.h"

namespace ipb::eligibility::handlers {

inline constexpr char kRequests[] = "requests";
inline constexpr char kAssessments[] = "assessments";
inline constexpr char kDeterminations[] = "determinations";

// The person's responsibilities and dates as people has them now; what it says is kept with the subject's
// next commit. Where people cannot be asked from here, as this service last heard. UNAVAILABLE where people
// does not answer.
async::Task<absl::StatusOr<v1::Person>> PersonOf(call::Call& call, call::Subject& subject);

// The person's responsibilities and dates as this service last heard, which is enough for reading.
v1::Person AsLastHeard(const call::Subject& subject);

// All determinations of the subject's person but the one of that name.
async::Task<absl::StatusOr<std::vector<v1::Determination>>> DeterminationsOf(call::Call& call,
                                                                             std::string subject,
                                                                             std::string except = "");

// Everything on record of the subject's person, as it stands.
async::Task<absl::StatusOr<PersonRecord>> RecordOf(call::Call& call, std::string subject);

// Adds the subject's other assessments that have a checklist or a reason for none.
async::Task<absl::Status> AddScreenings(call::Call& call, std::string subject, DeterminationFacts& facts);

// Adds who succeeded whom today among the caller, the bodies that are responsible and those that the
// determination and the safeguards name.
void AddSuccessions(const call::Call& call, const v1::WithdrawalSafeguards& safeguards,
                    DeterminationFacts& facts);

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
