#include "services/reviews/handlers/kept_review.h"

#include "absl/strings/str_cat.h"
#include "common/names/names.h"
#include "common/policy/policy.h"

namespace ipb::reviews {
namespace {

constexpr char kCollection[] = "reviews";

bool IsOpen(const v1::Review& review) {
  return review.state() == v1::Review::STATE_SCHEDULED || review.state() == v1::Review::STATE_STARTED;
}

v1::Explanation Rendered(const call::Call& call, const explain::Trace& trace) {
  return trace.Render(call.environment().rule_set_version, call.environment().policy->version());
}

void Put(const call::Call& call, call::Subject& subject, v1::Review& review) {
  call::SetTime(call.now(), review.mutable_recorded_time());
  subject.Put(review);
  const std::string record = call::RecordOf(review.name());
  for (const std::string& organisation : review.organisations()) {
    const std::string key = DueKeyOf(organisation, review.due_date());
    if (IsOpen(review)) {
      subject.AddIndex(kDueIndex, key, record);
    } else {
      subject.RemoveIndex(kDueIndex, key, record);
    }
  }
}

}  // namespace

std::string DueKeyOf(const std::string& organisation, const std::string& due_date) {
  return absl::StrCat(organisation, "/", due_date);
}

void PutNew(const call::Call& call, call::Subject& subject, const explain::Trace& trace, v1::Review& review) {
  review.set_name(names::Child(subject.name(), kCollection, subject.Next(kCollection)));
  *review.mutable_explanation() = Rendered(call, trace);
  Put(call, subject, review);
}

void PutNext(const call::Call& call, call::Subject& subject, const explain::Trace& trace,
             v1::Review& review) {
  v1::Explanation explanation = Rendered(call, trace);
  if (auto before = subject.FindRecord<v1::Explanation>(call::ExplanationRecordOf(review.name()))) {
    before->MergeFrom(explanation);
    explanation = *std::move(before);
  }
  *review.mutable_explanation() = std::move(explanation);
  Put(call, subject, review);
}

}  // namespace ipb::reviews
