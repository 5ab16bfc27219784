// Where policy has no row for a day, or for a part of a tool, nothing is guessed; and a choice that policy
// makes is followed.
#include <algorithm>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/eligibility/rules/budget_grant.h"
#include "services/eligibility/rules/checklist.h"
#include "services/eligibility/rules/decision_support_tool.h"
#include "services/eligibility/rules/determination.h"
#include "services/eligibility/rules/dispute.h"
#include "services/eligibility/rules/verification.h"
#include "services/eligibility/rules/words.h"
#include "tests/rules/eligibility/cases.h"

namespace ipb::eligibility {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// What the tool says by another policy, or why it says nothing.
absl::StatusOr<v1::DecisionSupportToolFinding> Find(const v1::DecisionSupportToolEvidence& tool,
                                                    const v1::EligibilityPolicy& policy) {
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_decision_support_tool() = tool;
  explain::Refusal refusal;
  explain::Trace trace;
  auto finding = EvaluateDecisionSupportTool(evidence, policy, refusal, trace);
  EXPECT_TRUE(refusal.empty()) << refusal.ToStatus();
  return finding;
}

v1::ChecklistFinding Find(const v1::ChecklistEvidence& checklist, const v1::EligibilityPolicy& policy) {
  explain::Refusal refusal;
  explain::Trace trace;
  auto finding = EvaluateChecklist(checklist, policy, refusal, trace);
  EXPECT_TRUE(finding.ok() && refusal.empty()) << finding.status() << refusal.ToStatus();
  return finding.ok() ? *finding : v1::ChecklistFinding();
}

TEST(PolicyGaps, NoTeamCanBeJudgedWithoutACompositionForTheDay) {
  v1::EligibilityPolicy policy = Policy();
  policy.clear_team_compositions();
  EXPECT_THAT(Refusals(Find(Tool(), policy).status()), ElementsAre("NO_RATE"));
}

TEST(PolicyGaps, NoPatternMeansNothing) {
  v1::EligibilityPolicy policy = Policy();
  policy.clear_level_patterns();
  EXPECT_THAT(Refusals(Find(Tool(), policy).status()), ElementsAre("NO_RATE"));
}

TEST(PolicyGaps, ADomainThatTheToolOfTheDayLacksIsNotMissing) {
  v1::EligibilityPolicy policy = Policy();
  policy.mutable_care_domains()->RemoveLast();
  EXPECT_TRUE(Find(Tool(), policy).ok());
}

TEST(PolicyGaps, RowsOfOtherDaysAreNoPartOfTheChecklist) {
  v1::EligibilityPolicy policy = Policy();
  v1::CareDomainRule* domain = policy.add_care_domains();
  domain->set_domain(v1::CARE_DOMAIN_OTHER);
  domain->set_on_checklist(true);
  domain->mutable_provenance()->set_effective_from_date("2030-01-01");
  v1::ChecklistThreshold* threshold = policy.add_checklist_thresholds();
  threshold->set_id("K-NEVER");
  threshold->mutable_provenance()->set_effective_from_date("2030-01-01");
  EXPECT_THAT(Find(Checklist(0, 0), policy).thresholds_met(), IsEmpty());
}

TEST(PolicyChoices, DecideHowAWellManagedNeedCounts) {
  v1::DomainAssessment domain;
  domain.set_level(v1::NEED_LEVEL_LOW);
  domain.set_well_managed(true);
  domain.set_level_if_unmanaged(v1::NEED_LEVEL_SEVERE);
  v1::LevelCounting counting;
  EXPECT_EQ(CountedLevel(domain, counting), v1::NEED_LEVEL_LOW);
  counting.set_unmanaged_level_counts(true);
  EXPECT_EQ(CountedLevel(domain, counting), v1::NEED_LEVEL_SEVERE);
}

TEST(PolicyChoices, DecideHowADifferingViewCounts) {
  v1::DomainAssessment domain;
  domain.set_level(v1::NEED_LEVEL_LOW);
  domain.add_differing_views()->set_level(v1::NEED_LEVEL_HIGH);
  v1::LevelCounting counting;
  EXPECT_EQ(CountedLevel(domain, counting), v1::NEED_LEVEL_LOW);
  counting.set_highest_view_counts(true);
  EXPECT_EQ(CountedLevel(domain, counting), v1::NEED_LEVEL_HIGH);
}

TEST(PolicyChoices, GiveTheStagesOfADisputeInAnyOrder) {
  v1::EligibilityPolicy policy = Policy();
  std::reverse(policy.mutable_dispute_stages()->begin(), policy.mutable_dispute_stages()->end());
  DeterminationFacts facts;
  facts.caller_kind = v1::CALLER_KIND_NHS;
  facts.determination =
      Decided(DeterminationName(1), v1::ELIGIBILITY_REGIME_CHC, v1::ELIGIBILITY_OUTCOME_NOT_ELIGIBLE, kIcb);
  facts.determination.set_state(v1::Determination::STATE_NOTIFIED);
  facts.determination.mutable_notification()->set_letter_date("2026-06-03");
  const auto disputed = DecideDispute(facts, v1::DisputeDeterminationRequest(), policy, kToday);
  ASSERT_TRUE(disputed.ok()) << disputed.status();
  EXPECT_EQ(disputed->determination.disputes(0).stage(), v1::DISPUTE_STAGE_LOCAL_RESOLUTION);
}

TEST(Facts, OfAnAssessmentThatIsGoneSayNothingOfTheFirstDay) {
  DeterminationFacts facts;
  facts.person = Adult();
  facts.caller_kind = v1::CALLER_KIND_COUNCIL;
  facts.by = By(kCouncil, "decider-1");
  facts.determination = Decided(DeterminationName(1), v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT,
                                v1::ELIGIBILITY_OUTCOME_ELIGIBLE, kCouncil);
  facts.determination.set_state(v1::Determination::STATE_RECOMMENDED);
  v1::RecordDeterminationRequest request;
  request.set_outcome(v1::ELIGIBILITY_OUTCOME_ELIGIBLE);
  request.set_effective_from_date("2026-11-21");
  EXPECT_THAT(Refusals(DecideDetermination(facts, request, Policy(), kToday).status()),
              ElementsAre("DETERMINATION-BEFORE-ASKED"));
}

TEST(Facts, ADraftIsNoReassessment) {
  DeterminationFacts facts;
  facts.person = Adult();
  facts.caller_kind = v1::CALLER_KIND_COUNCIL;
  facts.by = By(kCouncil, "decider-1");
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_care_act() = CareAct(1);
  facts.assessments.push_back(Complete(evidence, AssessmentName(2)));
  facts.assessments.back().set_state(v1::Assessment::STATE_DRAFT);
  facts.others.push_back(Decided(DeterminationName(1), v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT,
                                 v1::ELIGIBILITY_OUTCOME_ELIGIBLE, kCouncil));
  facts.determination = Decided(DeterminationName(2), v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT,
                                v1::ELIGIBILITY_OUTCOME_NOT_ELIGIBLE, kCouncil);
  facts.determination.set_state(v1::Determination::STATE_RECOMMENDED);
  facts.determination.set_assessment(AssessmentName(2));
  v1::RecordDeterminationRequest request;
  request.set_outcome(v1::ELIGIBILITY_OUTCOME_NOT_ELIGIBLE);
  request.mutable_safeguards()->set_reassessment(AssessmentName(2));
  request.mutable_safeguards()->set_person_consulted_date("2026-11-12");
  EXPECT_THAT(Refusals(DecideDetermination(facts, request, Policy(), kToday).status()),
              ElementsAre("WITHDRAWAL-REASSESSMENT"));
}

TEST(Words, OfACodeThatThereIsNotAreNone) {
  EXPECT_EQ(Words(static_cast<v1::CareDomain>(0)), "");
  EXPECT_EQ(Words(static_cast<v1::CareDomain>(99)), "");
  EXPECT_EQ(Words(static_cast<v1::CareDomain>(-1)), "");
}

TEST(PolicyGaps, NoVerificationIsDueWithoutAClockForTheDay) {
  v1::Determination recommended =
      Decided(DeterminationName(1), v1::ELIGIBILITY_REGIME_CHC, v1::ELIGIBILITY_OUTCOME_ELIGIBLE, kIcb);
  *recommended.mutable_recommendation() = By(kIcb, "recommender-1");
  recommended.mutable_recommendation()->set_decision_date("2026-11-05");
  v1::Assessment assessment;
  *assessment.mutable_evidence()->mutable_decision_support_tool() = Tool();
  const auto clock = VerificationOf(recommended, assessment, Policy());
  ASSERT_TRUE(clock.has_value());
  EXPECT_EQ(clock->due, absl::CivilDay(2026, 11, 9));
  recommended.mutable_recommendation()->set_decision_date("2022-06-30");
  EXPECT_FALSE(VerificationOf(recommended, assessment, Policy()).has_value());
}

TEST(PolicyGaps, AChildsFastTrackWaitsForARowOnItsPanel) {
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_childrens_fast_track() = ChildrensFastTrack();
  DeterminationFacts facts = FactsOf(v1::CALLER_KIND_NHS, evidence);
  facts.person = Child();
  facts.determination.set_state(v1::Determination::STATE_RECOMMENDED);
  facts.determination.set_regime(v1::ELIGIBILITY_REGIME_CHILDRENS_CONTINUING_CARE);
  facts.determination.set_assessment(AssessmentName(1));
  facts.determination.set_recommended_outcome(v1::ELIGIBILITY_OUTCOME_ELIGIBLE);
  facts.determination.mutable_recommendation()->set_decision_date("2026-11-05");
  v1::RecordDeterminationRequest request;
  request.set_outcome(v1::ELIGIBILITY_OUTCOME_ELIGIBLE);
  EXPECT_TRUE(DecideDetermination(facts, request, Policy(), kToday).ok());
  v1::EligibilityPolicy policy = Policy();
  policy.clear_childrens_fast_tracks();
  EXPECT_THAT(Refusals(DecideDetermination(facts, request, policy, kToday).status()), ElementsAre("NO_RATE"));
}

TEST(PolicyGaps, AWheelchairBudgetWaitsForATermForTheAgeOfThePerson) {
  DeterminationFacts facts;
  facts.person = Child();
  facts.caller_kind = v1::CALLER_KIND_NHS;
  facts.by = By(kIcb, "manager-1");
  facts.determination = Decided(DeterminationName(1), v1::ELIGIBILITY_REGIME_WHEELCHAIR,
                                v1::ELIGIBILITY_OUTCOME_ELIGIBLE, kIcb);
  v1::RecordBudgetGrantRequest request;
  request.mutable_grant()->set_extent(v1::BudgetGrant::EXTENT_WHOLE);
  v1::WheelchairBudget& budget = *request.mutable_grant()->mutable_wheelchair();
  budget.set_option(v1::WHEELCHAIR_BUDGET_OPTION_NOTIONAL);
  budget.set_value_pence(120000);
  EXPECT_TRUE(DecideBudgetGrant(facts, request, Policy(), kToday).ok());
  v1::EligibilityPolicy policy = Policy();
  auto& terms = *policy.mutable_wheelchair_budget_terms();
  terms.erase(std::remove_if(terms.begin(), terms.end(), [](const auto& row) { return !row.adult(); }),
              terms.end());
  EXPECT_THAT(Refusals(DecideBudgetGrant(facts, request, policy, kToday).status()), ElementsAre("NO_RATE"));
}

}  // namespace
}  // namespace ipb::eligibility
