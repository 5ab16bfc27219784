// What a review finds, and that it never cuts a budget by itself.
#include "services/reviews/rules/completion.h"

#include <gmock/gmock.h>

#include <functional>

#include "common/errors/errors.h"
#include "tests/rules/reviews/examples.h"

namespace ipb::reviews {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::Review Started() {
  v1::Review review;
  review.set_name("people/p1/reviews/1");
  review.set_plan("people/p1/plans/1");
  review.set_state(v1::Review::STATE_STARTED);
  review.set_due_date("2026-06-01");
  review.set_started_date("2026-04-30");
  for (const RegimeFacts& facts : JointPlan().regimes) review.add_regimes(facts.regime);
  return review;
}

// A review that found everything in order.
v1::CompleteReviewRequest InOrder() {
  v1::CompleteReviewRequest request;
  v1::ReviewFindings* findings = request.mutable_findings();
  findings->set_working("mornings");
  findings->set_not_working("nothing");
  findings->set_must_change("nothing");
  findings->set_needs_changed(v1::REVIEW_ANSWER_NO);
  findings->set_budget_sufficient(v1::REVIEW_ANSWER_YES);
  findings->set_money_used_as_planned(v1::REVIEW_ANSWER_YES);
  findings->set_direct_payment_suitable(v1::REVIEW_ANSWER_YES);
  findings->add_participants()->set_part(v1::ReviewParticipant::PART_PERSON);
  request.set_outcome(v1::REVIEW_OUTCOME_NO_CHANGE);
  request.mutable_decision()->set_reasons("as told at the review");
  return request;
}

std::vector<std::string> Rules(const v1::CompleteReviewRequest& request, const v1::Review& review = Started(),
                               const PlanFacts& plan = JointPlan()) {
  const auto completion = DecideComplete(review, plan, request, Reviewer(), ShippedPolicy(), kToday);
  return completion.ok() ? std::vector<std::string>{} : RulesOf(completion.status());
}

TEST(CompleteTest, NextIsCountedFromTheDayOfTheReview) {
  v1::CompleteReviewRequest request = InOrder();
  request.set_review_date("2026-04-30");
  const auto completion =
      DecideComplete(Started(), JointPlan(), request, Reviewer(), ShippedPolicy(), kToday);
  ASSERT_TRUE(completion.ok()) << completion.status();
  EXPECT_EQ(completion->review.state(), v1::Review::STATE_COMPLETED);
  EXPECT_EQ(completion->review.decision().decider(), "reviewer");
  EXPECT_EQ(completion->review.decision().decision_date(), "2026-05-01");
  ASSERT_TRUE(completion->next.has_value());
  EXPECT_EQ(completion->next->due_date(), "2027-04-30");
  EXPECT_EQ(completion->review.next_due_date(), "2027-04-30");
  EXPECT_EQ(completion->next->regimes_size(), 3);
}

TEST(CompleteTest, LightTouchReviewLeavesTheOthersDue) {
  v1::Review review = Started();
  review.clear_regimes();
  review.add_regimes(v1::REVIEW_REGIME_CARE_ACT);
  const auto completion = DecideComplete(review, JointPlan(), InOrder(), Reviewer(), ShippedPolicy(), kToday);
  EXPECT_EQ(completion->next->due_date(), "2026-07-06") << "3 months of the health budget";
}

struct Change {
  const char* what;
  std::vector<std::string> rules;
  std::function<void(v1::CompleteReviewRequest&)> make;
};

const Change kChanges[] = {
    {"nothing", {}, [](auto&) {}},
    {"working", {"REVIEW-QUESTIONS"}, [](auto& r) { r.mutable_findings()->clear_working(); }},
    {"not working", {"REVIEW-QUESTIONS"}, [](auto& r) { r.mutable_findings()->set_not_working(" "); }},
    {"must change", {"REVIEW-QUESTIONS"}, [](auto& r) { r.mutable_findings()->clear_must_change(); }},
    {"whether needs changed", {"REVIEW-FACTS"}, [](auto& r) { r.mutable_findings()->clear_needs_changed(); }},
    {"whether it is enough",
     {"REVIEW-FACTS"},
     [](auto& r) { r.mutable_findings()->clear_budget_sufficient(); }},
    {"suitability",
     {"REVIEW-SUITABILITY"},
     [](auto& r) { r.mutable_findings()->clear_direct_payment_suitable(); }},
    {"the person", {"REVIEW-PERSON"}, [](auto& r) { r.mutable_findings()->clear_participants(); }},
    {"the person, with the reason",
     {},
     [](auto& r) {
       r.mutable_findings()->clear_participants();
       r.mutable_findings()->set_absence_reasons("she asked the advocate to speak");
     }},
    {"a day before it began", {"REVIEW-DATE"}, [](auto& r) { r.set_review_date("2026-04-29"); }},
    {"a future day", {"REVIEW-DATE"}, [](auto& r) { r.set_review_date("2026-05-02"); }},
    {"a later next review", {"REVIEW-NEXT-IN-TIME"}, [](auto& r) { r.set_next_due_date("2027-05-02"); }},
    {"an earlier next review", {}, [](auto& r) { r.set_next_due_date("2026-11-01"); }},
    {"reasons of a change",
     {"REVIEW-REASONS"},
     [](auto& r) {
       r.set_outcome(v1::REVIEW_OUTCOME_MINOR_CHANGE);
       r.clear_decision();
     }},
    // Care Act 2014 s27(4)-(5): changed needs are reassessed before money changes.
    {"changed needs ignored",
     {"REVIEW-CHANGE-IGNORED"},
     [](auto& r) { r.mutable_findings()->set_needs_changed(v1::REVIEW_ANSWER_YES); }},
    {"a cut", {"REVIEW-NO-CUT"}, [](auto& r) { r.set_outcome(v1::REVIEW_OUTCOME_REVISE_BUDGET); }},
    {"a cut on a reassessment without change",
     {"REVIEW-NO-CUT"},
     [](auto& r) {
       r.set_outcome(v1::REVIEW_OUTCOME_REVISE_BUDGET);
       r.set_reassessment("people/p1/assessments/2");
     }},
    {"a change of budget on a reassessment that found change",
     {},
     [](auto& r) {
       r.set_outcome(v1::REVIEW_OUTCOME_REVISE_BUDGET);
       r.set_reassessment("people/p1/assessments/2");
       r.mutable_findings()->set_needs_changed(v1::REVIEW_ANSWER_YES);
     }},
    {"a raise",
     {},
     [](auto& r) {
       r.set_outcome(v1::REVIEW_OUTCOME_REVISE_BUDGET);
       r.mutable_findings()->set_budget_sufficient(v1::REVIEW_ANSWER_NO);
     }},
    {"an end without reassessment",
     {"REVIEW-NO-END"},
     [](auto& r) { r.set_outcome(v1::REVIEW_OUTCOME_END); }},
    {"stopping a suitable payment",
     {"REVIEW-DIRECT-PAYMENT"},
     [](auto& r) { r.set_outcome(v1::REVIEW_OUTCOME_STOP_DIRECT_PAYMENT); }},
    {"stopping an unsuitable payment",
     {},
     [](auto& r) {
       r.set_outcome(v1::REVIEW_OUTCOME_STOP_DIRECT_PAYMENT);
       r.mutable_findings()->set_direct_payment_suitable(v1::REVIEW_ANSWER_NO);
     }},
    {"a referral without a finding",
     {"REVIEW-CHC-REFERRAL"},
     [](auto& r) { r.set_outcome(v1::REVIEW_OUTCOME_REFER_CHC); }},
    {"a referral with a finding",
     {},
     [](auto& r) {
       r.set_outcome(v1::REVIEW_OUTCOME_REFER_CHC);
       r.mutable_findings()->set_possible_primary_health_need(v1::REVIEW_ANSWER_YES);
     }},
};

TEST(CompleteTest, EachRuleRefusesByItself) {
  for (const Change& change : kChanges) {
    v1::CompleteReviewRequest request = InOrder();
    change.make(request);
    EXPECT_THAT(Rules(request), ::testing::ElementsAreArray(change.rules)) << change.what;
  }
}

TEST(CompleteTest, EveryRuleNotMetIsToldAtOnce) {
  v1::CompleteReviewRequest request;
  request.set_outcome(v1::REVIEW_OUTCOME_END);
  EXPECT_THAT(Rules(request), ElementsAre("REVIEW-QUESTIONS", "REVIEW-FACTS", "REVIEW-PERSON",
                                          "REVIEW-SUITABILITY", "REVIEW-REASONS", "REVIEW-NO-END"));
}

// National Framework: a review of continuing healthcare does not open eligibility again unless needs changed.
TEST(CompleteTest, ContinuingHealthcareIsReassessedOnlyWhenNeedsChanged) {
  PlanFacts plan = JointPlan();
  plan.regimes = {Regime(v1::REVIEW_REGIME_CHC)};
  v1::Review review = Started();
  review.clear_regimes();
  review.add_regimes(v1::REVIEW_REGIME_CHC);
  v1::CompleteReviewRequest request = InOrder();
  request.set_outcome(v1::REVIEW_OUTCOME_REASSESS);
  EXPECT_THAT(Rules(request, review, plan), ElementsAre("REVIEW-CHC"));
  request.mutable_findings()->set_needs_changed(v1::REVIEW_ANSWER_YES);
  EXPECT_THAT(Rules(request, review, plan), IsEmpty());
}

TEST(CompleteTest, InterimPlansOwnReviewIsFollowedByTheOtherRegimes) {
  PlanFacts plan = JointPlan();
  plan.regimes.push_back(Regime(v1::REVIEW_REGIME_INTERIM));
  plan.regimes.back().fixed_date = absl::CivilDay(2026, 5, 25);
  v1::Review review = Started();
  review.add_regimes(v1::REVIEW_REGIME_INTERIM);
  const auto completion = DecideComplete(review, plan, InOrder(), Reviewer(), ShippedPolicy(), kToday);
  ASSERT_TRUE(completion.ok()) << completion.status();
  EXPECT_EQ(completion->next->due_date(), "2027-05-01");
  plan.regimes.erase(plan.regimes.begin(), plan.regimes.end() - 1);
  const auto last = DecideComplete(review, plan, InOrder(), Reviewer(), ShippedPolicy(), kToday);
  EXPECT_FALSE(last->next.has_value()) << "its expiry or a full plan follows";
}

TEST(CompleteTest, EndOnAReassessmentHasNoNextReview) {
  v1::CompleteReviewRequest request = InOrder();
  request.set_outcome(v1::REVIEW_OUTCOME_END);
  request.set_reassessment("people/p1/assessments/2");
  const auto completion =
      DecideComplete(Started(), JointPlan(), request, Reviewer(), ShippedPolicy(), kToday);
  ASSERT_TRUE(completion.ok()) << completion.status();
  EXPECT_FALSE(completion->next.has_value());
  EXPECT_EQ(completion->review.next_due_date(), "");
}

TEST(CompleteTest, OnlyStartedReviewsComplete) {
  v1::Review review = Started();
  review.set_state(v1::Review::STATE_SCHEDULED);
  EXPECT_EQ(errors::ReasonOf(
                DecideComplete(review, JointPlan(), InOrder(), Reviewer(), ShippedPolicy(), kToday).status()),
            v1::ERROR_REASON_WRONG_STATE);
}

}  // namespace
}  // namespace ipb::reviews
