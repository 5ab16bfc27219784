#include "services/reviews/rules/completion.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/words.h"

namespace ipb::reviews {
namespace {

constexpr explain::Rule kCompleted = {
    "REVIEW-COMPLETE",
    "The review was held on {review_date} and led to {outcome}, decided by {role} of {organisation}",
    "Care Act 2014 s27; SI 2013/1617 reg 14"};
constexpr explain::Rule kNoNext = {"REVIEW-NO-NEXT", "The plan ends, so no review follows",
                                   "Care Act 2014 s27(1)"};
constexpr explain::Rule kRoute = {
    "REVIEW-ROUTE",
    "Support and money go on as they are until the reassessment is done and the plan is revised",
    "Care Act 2014 s27(4)-(5); National Framework, no unilateral withdrawal"};

constexpr explain::Rule kDate = {"REVIEW-DATE", "The review was held between its start and today",
                                 "Care Act 2014 s27", "give the day on which it was held"};
constexpr explain::Rule kQuestions = {
    "REVIEW-QUESTIONS", "A review asks what is working, what is not working and what must change",
    "Care Act 2014 s27; Peoplehub, Getting started with a personal health budget, section 5 f",
    "write the answer to each, even where it is nothing"};
constexpr explain::Rule kFacts = {
    "REVIEW-FACTS",
    "A review says whether needs changed, whether the budget is enough and whether money was used as planned",
    "Care and Support Statutory Guidance, chapter 13", "answer each of the three"};
constexpr explain::Rule kPerson = {"REVIEW-PERSON",
                                   "The person, or who acts for them, takes part in their review",
                                   "Care Act 2014 s27(3)", "record that they took part, or why they did not"};
constexpr explain::Rule kReasons = {"REVIEW-REASONS", "A review that changes something needs reasons",
                                    "Care Act 2014 s27(5)", "write the reasons"};
constexpr explain::Rule kIgnored = {
    "REVIEW-CHANGE-IGNORED", "The person's needs changed, so the review cannot leave everything as it is",
    "Care Act 2014 s27(4)", "reassess, or make another change"};
constexpr explain::Rule kNoCut = {
    "REVIEW-NO-CUT",
    "A review does not cut a budget: less money needs a reassessment with changed needs first",
    "Care Act 2014 s27(4)-(5)",
    "route to reassessment; or name the reassessment that found changed needs; or record that the budget is "
    "not enough"};
constexpr explain::Rule kNoEnd = {"REVIEW-NO-END", "A review does not end a plan without a reassessment",
                                  "Care Act 2014 s27(4); National Framework, no unilateral withdrawal",
                                  "route to reassessment, or name the one that found no more need"};
constexpr explain::Rule kPayment = {
    "REVIEW-DIRECT-PAYMENT",
    "A direct payment is suspended or stopped only where there is one and the review finds it unsuitable",
    "Care Act 2014 s33(4)-(5); SI 2014/2871 reg 7; SI 2013/1617 reg 17",
    "record that it is not suitable any more, with reasons"};
constexpr explain::Rule kSuitable = {
    "REVIEW-SUITABILITY", "A review of a plan with a direct payment says whether it is still suitable",
    "SI 2014/2871 reg 7(1); SI 2013/1617 reg 14", "answer whether it is suitable"};
constexpr explain::Rule kChcReview = {
    "REVIEW-CHC", "A review of continuing healthcare does not open eligibility again unless needs changed",
    "National Framework for NHS Continuing Healthcare, reviews",
    "record how needs changed, or choose another outcome"};
constexpr explain::Rule kReferral = {
    "REVIEW-CHC-REFERRAL",
    "A referral for continuing healthcare rests on a finding of a possible primary health need",
    "SI 2012/2996 reg 21", "record the finding; a person who has continuing healthcare is not referred"};
constexpr explain::Rule kNextInTime = {
    "REVIEW-NEXT-IN-TIME", "The next review is due by {due_date}, which is earlier than the date asked for",
    "cadences of the reviews policy", "ask for that day or an earlier one"};

bool IsBlank(absl::string_view text) { return absl::StripAsciiWhitespace(text).empty(); }

bool IsUnder(const v1::Review& review, v1::ReviewRegime regime) {
  return std::find(review.regimes().begin(), review.regimes().end(), regime) != review.regimes().end();
}

bool TookPart(const v1::ReviewFindings& findings) {
  return std::any_of(findings.participants().begin(), findings.participants().end(),
                     [](const v1::ReviewParticipant& participant) {
                       return participant.part() == v1::ReviewParticipant::PART_PERSON ||
                              participant.part() == v1::ReviewParticipant::PART_REPRESENTATIVE;
                     });
}

void CheckFindings(const v1::ReviewFindings& findings, const PlanFacts& plan, explain::Refusal& refusal) {
  if (IsBlank(findings.working()) || IsBlank(findings.not_working()) || IsBlank(findings.must_change())) {
    refusal.Add(kQuestions, "findings");
  }
  if (findings.needs_changed() == v1::REVIEW_ANSWER_UNSPECIFIED ||
      findings.budget_sufficient() == v1::REVIEW_ANSWER_UNSPECIFIED ||
      findings.money_used_as_planned() == v1::REVIEW_ANSWER_UNSPECIFIED) {
    refusal.Add(kFacts, "findings");
  }
  if (!TookPart(findings) && IsBlank(findings.absence_reasons()))
    refusal.Add(kPerson, "findings.participants");
  if (plan.has_direct_payment && findings.direct_payment_suitable() != v1::REVIEW_ANSWER_YES &&
      findings.direct_payment_suitable() != v1::REVIEW_ANSWER_NO) {
    refusal.Add(kSuitable, "findings.direct_payment_suitable");
  }
}

void CheckMoneyOutcome(const v1::CompleteReviewRequest& request, explain::Refusal& refusal) {
  const v1::ReviewFindings& findings = request.findings();
  const bool reassessed =
      !request.reassessment().empty() && findings.needs_changed() == v1::REVIEW_ANSWER_YES;
  const bool too_little = findings.budget_sufficient() == v1::REVIEW_ANSWER_NO;
  if (request.outcome() == v1::REVIEW_OUTCOME_REVISE_BUDGET && !reassessed && !too_little) {
    refusal.Add(kNoCut, "outcome");
  }
  if (request.outcome() == v1::REVIEW_OUTCOME_END && request.reassessment().empty())
    refusal.Add(kNoEnd, "outcome");
}

void CheckOutcome(const v1::Review& review, const PlanFacts& plan, const v1::CompleteReviewRequest& request,
                  explain::Refusal& refusal) {
  const v1::ReviewFindings& findings = request.findings();
  const v1::ReviewOutcome outcome = request.outcome();
  const bool changed = findings.needs_changed() == v1::REVIEW_ANSWER_YES;
  if (outcome != v1::REVIEW_OUTCOME_NO_CHANGE && IsBlank(request.decision().reasons())) {
    refusal.Add(kReasons, "decision.reasons");
  }
  if (outcome == v1::REVIEW_OUTCOME_NO_CHANGE && changed) refusal.Add(kIgnored, "outcome");
  CheckMoneyOutcome(request, refusal);
  const bool ends_payment = outcome == v1::REVIEW_OUTCOME_SUSPEND_DIRECT_PAYMENT ||
                            outcome == v1::REVIEW_OUTCOME_STOP_DIRECT_PAYMENT;
  if (ends_payment &&
      (!plan.has_direct_payment || findings.direct_payment_suitable() != v1::REVIEW_ANSWER_NO)) {
    refusal.Add(kPayment, "outcome");
  }
  const bool has_chc = IsUnder(review, v1::REVIEW_REGIME_CHC);
  if (has_chc && outcome == v1::REVIEW_OUTCOME_REASSESS && !changed) refusal.Add(kChcReview, "outcome");
  if (outcome == v1::REVIEW_OUTCOME_REFER_CHC &&
      (has_chc || findings.possible_primary_health_need() != v1::REVIEW_ANSWER_YES)) {
    refusal.Add(kReferral, "outcome");
  }
}

// The plan's regimes with this review as the last of those that it was held for. An interim plan's own date
// has been met; it is followed by its expiry or by a full plan.
std::vector<RegimeFacts> AfterReview(const v1::Review& review, const PlanFacts& plan,
                                     absl::CivilDay review_date) {
  std::vector<RegimeFacts> regimes;
  for (RegimeFacts facts : plan.regimes) {
    if (IsUnder(review, facts.regime)) {
      if (facts.fixed_date) continue;
      facts.last_review_date = review_date;
    }
    regimes.push_back(facts);
  }
  return regimes;
}

absl::Status PlanNext(const v1::Review& review, const PlanFacts& plan,
                      const v1::CompleteReviewRequest& request, const ReviewPolicy& policy,
                      absl::CivilDay review_date, Completion& completion, explain::Refusal& refusal) {
  const std::vector<RegimeFacts> regimes = AfterReview(review, plan, review_date);
  if (request.outcome() == v1::REVIEW_OUTCOME_END || regimes.empty()) return absl::OkStatus();
  IPB_ASSIGN_OR_RETURN(Schedule schedule, DecideSchedule(regimes, policy));
  const absl::CivilDay asked =
      request.next_due_date().empty() ? schedule.due_date : dates::Checked(request.next_due_date());
  if (asked > schedule.due_date) refusal.Add(kNextInTime, "next_due_date", {{"due_date", schedule.due_date}});
  v1::Review next;
  next.set_plan(review.plan());
  next.set_trigger(v1::REVIEW_TRIGGER_CADENCE);
  next.set_state(v1::Review::STATE_SCHEDULED);
  next.set_light_touch(schedule.light_touch);
  next.set_deciding_regime(schedule.deciding_regime);
  for (v1::ReviewRegime regime : schedule.regimes) next.add_regimes(regime);
  for (const std::string& organisation : plan.organisations) next.add_organisations(organisation);
  next.set_due_date(dates::Format(asked));
  next.set_planned_date(dates::Format(asked));
  completion.next = std::move(next);
  completion.trace = std::move(schedule.trace);
  return absl::OkStatus();
}

bool RoutesToReassessment(v1::ReviewOutcome outcome) {
  return outcome == v1::REVIEW_OUTCOME_REASSESS || outcome == v1::REVIEW_OUTCOME_REFER_CHC;
}

}  // namespace

absl::StatusOr<Completion> DecideComplete(const v1::Review& review, const PlanFacts& plan,
                                          const v1::CompleteReviewRequest& request, const Caller& by,
                                          const ReviewPolicy& policy, absl::CivilDay today) {
  if (review.state() != v1::Review::STATE_STARTED) {
    return errors::WrongState(review.name(), v1::Review::State_Name(review.state()), "STATE_STARTED");
  }
  const absl::CivilDay day = request.review_date().empty() ? today : dates::Checked(request.review_date());
  Completion completion;
  explain::Refusal refusal;
  if (day > today || day < dates::Checked(review.started_date())) refusal.Add(kDate, "review_date");
  CheckFindings(request.findings(), plan, refusal);
  CheckOutcome(review, plan, request, refusal);
  IPB_RETURN_IF_ERROR(PlanNext(review, plan, request, policy, day, completion, refusal));
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  v1::Review& done = completion.review;
  done = review;
  done.set_state(v1::Review::STATE_COMPLETED);
  done.set_review_date(dates::Format(day));
  *done.mutable_findings() = request.findings();
  done.set_outcome(request.outcome());
  done.set_reassessment(request.reassessment());
  *done.mutable_decision() = Decided(request.decision(), by, today);
  done.set_next_due_date(completion.next ? completion.next->due_date() : "");
  completion.trace.Add(
      kCompleted, {{"review_date", day},
                   {"outcome", explain::Words(v1::ReviewOutcome_Name(request.outcome()), "REVIEW_OUTCOME_")},
                   {"role", by.role},
                   {"organisation", by.organisation}});
  if (RoutesToReassessment(request.outcome())) completion.trace.Add(kRoute);
  if (!completion.next) completion.trace.Add(kNoNext);
  return completion;
}

}  // namespace ipb::reviews
