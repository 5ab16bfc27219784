#include "tests/handlers/reviews/requests.h"

#include "tests/support/running_suite.h"

namespace ipb::reviews {

using testing::NewRequestId;

v1::ScheduleReviewRequest Unplanned(const std::string& person, v1::ReviewTrigger trigger) {
  v1::ScheduleReviewRequest request;
  request.set_parent(person);
  request.set_plan(person + "/plans/1");
  request.set_trigger(trigger);
  request.set_reasons("Her sister called.");
  request.set_request_id(NewRequestId());
  return request;
}

v1::CompleteReviewRequest Completion(const std::string& name) {
  v1::CompleteReviewRequest request;
  request.set_name(name);
  v1::ReviewFindings* findings = request.mutable_findings();
  findings->set_working("The mornings.");
  findings->set_not_working("The evenings.");
  findings->set_must_change("A later visit.");
  findings->set_needs_changed(v1::REVIEW_ANSWER_NO);
  findings->set_budget_sufficient(v1::REVIEW_ANSWER_YES);
  findings->set_money_used_as_planned(v1::REVIEW_ANSWER_YES);
  findings->set_direct_payment_suitable(v1::REVIEW_ANSWER_YES);
  findings->set_health_detail("Blood pressure.");
  findings->add_participants()->set_part(v1::ReviewParticipant::PART_PERSON);
  request.set_outcome(v1::REVIEW_OUTCOME_NO_CHANGE);
  request.set_request_id(NewRequestId());
  return request;
}

}  // namespace ipb::reviews
