#include "services/eligibility/rules/budget_grant.h"

#include <string>

#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "services/eligibility/rules/cohort.h"
#include "services/eligibility/rules/wheelchair_budget.h"
#include "services/eligibility/rules/words.h"

namespace ipb::eligibility {
namespace {

constexpr absl::string_view kRight = "SI 2012/2996 reg 32B(4)";

constexpr explain::Rule kNoRight{
    "GRANT-NO-RIGHT", "The person is not eligible under a regime that gives a personal health budget",
    "SI 2012/2996 reg 32A", "decide on a determination of such a regime by which the person is eligible."};
constexpr explain::Rule kBeforeDecision{"GRANT-BEFORE-DECISION",
                                        "It is dated before eligibility was decided on {decided_date}",
                                        kRight, "give the date on which it was decided."};
constexpr explain::Rule kReasons{"GRANT-REASONS",
                                 "All or a part is refused without reasons or without a ground", kRight,
                                 "give the reasons in writing and at least one ground."};
constexpr explain::Rule kOtherWay{
    "GRANT-OTHER-WAY",
    "All or a part is refused, and no other way of making the care personal was "
    "considered",
    kRight, "say which other ways were considered."};
constexpr explain::Rule kReviewRight{"GRANT-REVIEW-RIGHT",
                                     "All or a part is refused, and the person was not told of the right to "
                                     "a review between the decision and today",
                                     kRight, "tell the person in writing and give the date."};
constexpr explain::Rule kPart{"GRANT-PART", "A part is refused, and it is not said which", kRight,
                              "name the part that is refused."};
constexpr explain::Rule kContradiction{
    "GRANT-CONTRADICTION", "What is said to be refused does not fit what is granted", kRight,
    "leave grounds out where all is granted, and the part unless a part is refused."};
constexpr explain::Rule kReview{
    "GRANT-REVIEW", "A further decision is a review of the one before, and a first decision is none", kRight,
    "say so where it reviews the decision before, and only then."};
constexpr explain::Rule kSecondPerson{"GRANT-SECOND-PERSON", "Who decided before would review it",
                                      "house rule of dual control", "let another person review it."};

constexpr explain::Rule kWhole{"GRANT-WHOLE", "A personal health budget is granted for the whole.", kRight};
constexpr explain::Rule kInPart{"GRANT-IN-PART",
                                "A personal health budget is granted save for a part, for reasons recorded. "
                                "The person can ask for a review.",
                                kRight};
constexpr explain::Rule kNone{
    "GRANT-NONE",
    "No personal health budget is granted, for reasons recorded. The person can ask for a review.", kRight};

void CheckRefusedPart(const v1::BudgetGrant& grant, const v1::HumanDecision& by, absl::CivilDay today,
                      explain::Refusal& refusal) {
  if (by.reasons().empty() || grant.grounds().empty()) refusal.Add(kReasons, "grant.grounds");
  if (grant.other_personalisation().empty()) refusal.Add(kOtherWay, "grant.other_personalisation");
  if (grant.review_offered_date().empty() || grant.review_offered_date() < by.decision_date() ||
      dates::Checked(grant.review_offered_date()) > today) {
    refusal.Add(kReviewRight, "grant.review_offered_date");
  }
  const bool part = grant.extent() == v1::BudgetGrant::EXTENT_PART;
  if (part && grant.part_refused().empty()) refusal.Add(kPart, "grant.part_refused");
  if (!part && !grant.part_refused().empty()) refusal.Add(kContradiction, "grant.part_refused");
}

void CheckReview(const DeterminationFacts& facts, bool on_review, explain::Refusal& refusal) {
  const auto& earlier = facts.determination.budget_grants();
  if (on_review == earlier.empty()) refusal.Add(kReview, "on_review");
  if (!earlier.empty() && IsSamePerson(facts, earlier.rbegin()->decision())) {
    refusal.Add(kSecondPerson, "grant.decision");
  }
}

const explain::Rule& RuleOf(v1::BudgetGrant::Extent extent) {
  if (extent == v1::BudgetGrant::EXTENT_WHOLE) return kWhole;
  return extent == v1::BudgetGrant::EXTENT_PART ? kInPart : kNone;
}

}  // namespace

absl::StatusOr<DeterminationDecision> DecideBudgetGrant(const DeterminationFacts& facts,
                                                        const v1::RecordBudgetGrantRequest& request,
                                                        const v1::EligibilityPolicy& policy,
                                                        absl::CivilDay today) {
  const v1::Determination& decided = facts.determination;
  if (!IsLive(decided))
    return errors::WrongState(decided.name(), Words(decided.state()), "DETERMINED, NOTIFIED");
  explain::Refusal refusal;
  CheckMayDecide(decided.regime(), facts.caller_kind, refusal);
  if (CohortOf(decided.regime()) == v1::PERSONAL_HEALTH_BUDGET_COHORT_UNSPECIFIED ||
      decided.outcome() != v1::ELIGIBILITY_OUTCOME_ELIGIBLE) {
    refusal.Add(kNoRight, decided.name());
  }
  const v1::HumanDecision by = Decided(facts, today, refusal);
  const absl::CivilDay decided_day = dates::Checked(decided.decision().decision_date());
  if (dates::Checked(by.decision_date()) < decided_day) {
    refusal.Add(kBeforeDecision, "grant.decision.decision_date", {{"decided_date", decided_day}});
  }
  const v1::BudgetGrant& grant = request.grant();
  if (grant.extent() != v1::BudgetGrant::EXTENT_WHOLE) {
    CheckRefusedPart(grant, by, today, refusal);
  } else if (!grant.grounds().empty() || !grant.part_refused().empty()) {
    refusal.Add(kContradiction, "grant.grounds");
  }
  CheckReview(facts, request.on_review(), refusal);
  CheckWheelchairBudget(facts, grant, by, today, refusal);
  IPB_RETURN_IF_ERROR(refusal.ToStatus());

  DeterminationDecision decision{decided, std::nullopt, {}};
  v1::BudgetGrant& made = *decision.determination.add_budget_grants();
  made = grant;
  *made.mutable_decision() = by;
  made.clear_recorded_time();
  decision.trace.Add(RuleOf(grant.extent()));
  if (grant.has_wheelchair()) {
    IPB_RETURN_IF_ERROR(SetWheelchairTerm(facts, policy, dates::Checked(by.decision_date()),
                                          *made.mutable_wheelchair(), decision.trace));
  }
  return decision;
}

}  // namespace ipb::eligibility
