#include "services/reviews/rules/review.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/words.h"

namespace ipb::reviews {
namespace {

constexpr explain::Rule kActive = {"REVIEW-PLAN-ACTIVE", "The plan is not in effect", "Care Act 2014 s27(1)",
                                   "review the plan that is in effect"};
constexpr explain::Rule kInTime = {
    "REVIEW-IN-TIME", "The review must be held by {due_date}, which is earlier than the date asked for",
    "cadences and trigger deadlines of the reviews policy",
    "ask for that day or an earlier one; arrange it for a later day only with reasons"};
constexpr explain::Rule kReasons = {"REVIEW-TRIGGER-REASONS",
                                    "An unplanned review needs to say why it is held",
                                    "Care Act 2014 s27(1); SI 2014/2871 reg 7", "write the reasons"};
constexpr explain::Rule kAsked = {"REVIEW-DUE-ASKED", "The review is to be held by {due_date}, as was asked",
                                  "Care Act 2014 s27(1)"};
constexpr explain::Rule kDelayed = {"REVIEW-DELAY",
                                    "The review is arranged for {planned_date}; it stays due by {due_date}",
                                    "Care Act 2014 s27(1)"};
constexpr explain::Rule kDelayReasons = {"REVIEW-DELAY-REASONS",
                                         "The new day is past {due_date}, by which the review is due",
                                         "Care Act 2014 s27; SI 2014/2871 reg 7; SI 2013/1617 reg 14",
                                         "choose a day in time, or write why the review is held late"};
constexpr explain::Rule kDelayPast = {"REVIEW-DELAY-PAST", "The new day has passed", "Care Act 2014 s27(1)",
                                      "choose today or a later day"};
constexpr explain::Rule kCancelled = {"REVIEW-CANCEL", "The review is not held: {reason}",
                                      "Care Act 2014 s27(1)"};
constexpr explain::Rule kCancelPlan = {"REVIEW-CANCEL-PLAN", "The plan is in effect and stays under review",
                                       "Care Act 2014 s27(1)", "end or replace the plan first"};
constexpr explain::Rule kCancelCovered = {
    "REVIEW-CANCEL-COVERED", "No other review of the plan is held in time for every regime of this one",
    "Care Act 2014 s27; SI 2014/2871 reg 7; SI 2013/1617 reg 14",
    "name a review of the plan, due no later, that is held for all of its regimes and is no lighter"};
constexpr explain::Rule kCancelDuty = {
    "REVIEW-CANCEL-DUTY", "A review by the calendar, or that the person asked for, is not given up",
    "Care Act 2014 s27(1)", "hold it, or let another review cover it"};
constexpr explain::Rule kCancelReasons = {"REVIEW-CANCEL-REASONS",
                                          "A review is not cancelled without reasons", "Care Act 2014 s27(1)",
                                          "write the reasons"};
constexpr explain::Rule kStarted = {
    "REVIEW-START", "The review began on {started_date}; it is due by {due_date}", "Care Act 2014 s27(1)"};

bool IsBlank(absl::string_view text) { return absl::StripAsciiWhitespace(text).empty(); }

absl::Status RequireScheduled(const v1::Review& review) {
  if (review.state() == v1::Review::STATE_SCHEDULED) return absl::OkStatus();
  return errors::WrongState(review.name(), v1::Review::State_Name(review.state()), "STATE_SCHEDULED");
}

absl::Status PlanByCadence(const PlanFacts& plan, const ReviewPolicy& policy, v1::Review& review,
                           explain::Trace& trace) {
  IPB_ASSIGN_OR_RETURN(Schedule schedule, DecideSchedule(plan.regimes, policy));
  review.set_due_date(dates::Format(schedule.due_date));
  review.set_deciding_regime(schedule.deciding_regime);
  review.set_light_touch(schedule.light_touch);
  for (v1::ReviewRegime regime : schedule.regimes) review.add_regimes(regime);
  trace = std::move(schedule.trace);
  return absl::OkStatus();
}

absl::Status PlanByTrigger(const PlanFacts& plan, const v1::ScheduleReviewRequest& request,
                           const ReviewPolicy& policy, absl::CivilDay today, v1::Review& review,
                           explain::Trace& trace) {
  for (const RegimeFacts& facts : plan.regimes) review.add_regimes(facts.regime);
  const absl::StatusOr<absl::CivilDay> due = DueForTrigger(request.trigger(), policy, today, trace);
  if (due.ok()) {
    review.set_due_date(dates::Format(*due));
    return absl::OkStatus();
  }
  if (request.due_date().empty()) return due.status();
  review.set_due_date(request.due_date());
  return absl::OkStatus();
}

bool Covers(const v1::Review& other, const v1::Review& review) {
  const bool held =
      other.state() == v1::Review::STATE_SCHEDULED || other.state() == v1::Review::STATE_STARTED;
  const bool all = std::all_of(review.regimes().begin(), review.regimes().end(), [&](int regime) {
    return std::find(other.regimes().begin(), other.regimes().end(), regime) != other.regimes().end();
  });
  return held && all && other.plan() == review.plan() && other.name() != review.name() &&
         dates::Checked(other.due_date()) <= dates::Checked(review.due_date()) &&
         (review.light_touch() || !other.light_touch());
}

}  // namespace

absl::StatusOr<ReviewDecision> DecideScheduleReview(const PlanFacts& plan,
                                                    const v1::ScheduleReviewRequest& request,
                                                    const ReviewPolicy& policy, absl::CivilDay today) {
  ReviewDecision decision;
  v1::Review& review = decision.review;
  review.set_plan(plan.name);
  review.set_trigger(request.trigger());
  review.set_reasons(request.reasons());
  review.set_state(v1::Review::STATE_SCHEDULED);
  for (const std::string& organisation : plan.organisations) review.add_organisations(organisation);
  const bool planned = request.trigger() == v1::REVIEW_TRIGGER_CADENCE;
  explain::Refusal refusal;
  if (!plan.in_effect && request.trigger() != v1::REVIEW_TRIGGER_DEATH) refusal.Add(kActive, request.plan());
  if (!planned && IsBlank(request.reasons())) refusal.Add(kReasons, "reasons");
  IPB_RETURN_IF_ERROR(planned ? PlanByCadence(plan, policy, review, decision.trace)
                              : PlanByTrigger(plan, request, policy, today, review, decision.trace));
  const absl::CivilDay latest = dates::Checked(review.due_date());
  if (!request.due_date().empty() && dates::Checked(request.due_date()) > latest) {
    refusal.Add(kInTime, "due_date", {{"due_date", latest}});
  }
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  if (!request.due_date().empty()) {
    review.set_due_date(request.due_date());
    decision.trace.Add(kAsked, {{"due_date", dates::Checked(request.due_date())}});
  }
  review.set_planned_date(request.planned_date().empty() ? review.due_date() : request.planned_date());
  return decision;
}

absl::StatusOr<ReviewDecision> DecideReschedule(const v1::Review& review,
                                                const v1::RescheduleReviewRequest& request, const Caller& by,
                                                absl::CivilDay today) {
  IPB_RETURN_IF_ERROR(RequireScheduled(review));
  const absl::CivilDay day = dates::Checked(request.planned_date());
  const absl::CivilDay due = dates::Checked(review.due_date());
  explain::Refusal refusal;
  if (day < today) refusal.Add(kDelayPast, "planned_date");
  if (day > due && IsBlank(request.decision().reasons())) {
    refusal.Add(kDelayReasons, "decision.reasons", {{"due_date", due}});
  }
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  ReviewDecision decision;
  decision.review = review;
  v1::ReviewDelay* delay = decision.review.add_delays();
  delay->set_from_date(review.planned_date());
  delay->set_to_date(request.planned_date());
  *delay->mutable_decision() = Decided(request.decision(), by, today);
  decision.review.set_planned_date(request.planned_date());
  decision.trace.Add(kDelayed, {{"planned_date", day}, {"due_date", due}});
  return decision;
}

absl::StatusOr<ReviewDecision> DecideCancel(const v1::Review& review, const PlanFacts& plan,
                                            const v1::Review* covering,
                                            const v1::CancelReviewRequest& request, const Caller& by,
                                            absl::CivilDay today) {
  IPB_RETURN_IF_ERROR(RequireScheduled(review));
  const v1::ReviewCancellation& given = request.cancellation();
  explain::Refusal refusal;
  switch (given.reason()) {
    case v1::ReviewCancellation::REASON_PLAN_OVER:
      if (plan.in_effect) refusal.Add(kCancelPlan, plan.name);
      break;
    case v1::ReviewCancellation::REASON_COVERED:
      if (covering == nullptr || !Covers(*covering, review))
        refusal.Add(kCancelCovered, "cancellation.covered_by");
      break;
    default:
      if (review.trigger() == v1::REVIEW_TRIGGER_CADENCE || review.trigger() == v1::REVIEW_TRIGGER_REQUEST) {
        refusal.Add(kCancelDuty, "cancellation.reason");
      }
      if (IsBlank(given.decision().reasons())) refusal.Add(kCancelReasons, "cancellation.decision.reasons");
  }
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  ReviewDecision decision;
  decision.review = review;
  decision.review.set_state(v1::Review::STATE_CANCELLED);
  *decision.review.mutable_cancellation() = given;
  *decision.review.mutable_cancellation()->mutable_decision() = Decided(given.decision(), by, today);
  decision.trace.Add(
      kCancelled,
      {{"reason", explain::Words(v1::ReviewCancellation::Reason_Name(given.reason()), "REASON_")}});
  return decision;
}

absl::StatusOr<ReviewDecision> DecideStart(const v1::Review& review, absl::CivilDay today) {
  IPB_RETURN_IF_ERROR(RequireScheduled(review));
  ReviewDecision decision;
  decision.review = review;
  decision.review.set_state(v1::Review::STATE_STARTED);
  decision.review.set_started_date(dates::Format(today));
  decision.trace.Add(kStarted, {{"started_date", today}, {"due_date", dates::Checked(review.due_date())}});
  return decision;
}

v1::HumanDecision Decided(const v1::HumanDecision& given, const Caller& by, absl::CivilDay today) {
  v1::HumanDecision decision = given;
  decision.set_decider(by.actor);
  decision.set_role(by.role);
  decision.set_organisation(by.organisation);
  if (decision.decision_date().empty()) decision.set_decision_date(dates::Format(today));
  return decision;
}

}  // namespace ipb::reviews
