// Children and young people's continuing care: what the levels say, who consents, until when it holds.
#include "services/eligibility/rules/childrens_continuing_care.h"

#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/eligibility/rules/ending.h"
#include "services/eligibility/rules/entitlements.h"
#include "services/eligibility/rules/recommendation.h"
#include "services/eligibility/rules/request.h"
#include "services/eligibility/rules/transition.h"
#include "tests/rules/eligibility/cases.h"

namespace ipb::eligibility {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

constexpr v1::EligibilityOutcome kYes = v1::ELIGIBILITY_OUTCOME_ELIGIBLE;
constexpr v1::EligibilityOutcome kNo = v1::ELIGIBILITY_OUTCOME_NOT_ELIGIBLE;
constexpr v1::EligibilityRegime kRegime = v1::ELIGIBILITY_REGIME_CHILDRENS_CONTINUING_CARE;

struct Outcome {
  v1::ChildrensContinuingCareFinding finding;
  std::vector<std::string> refused;
  std::vector<std::string> steps;
};

Outcome Find(const v1::ChildrensContinuingCareEvidence& tool) {
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_childrens_continuing_care() = tool;
  explain::Refusal refusal;
  explain::Trace trace;
  const auto finding = EvaluateChildrensContinuingCare(evidence, Policy(), refusal, trace);
  EXPECT_TRUE(finding.ok()) << finding.status();
  Outcome outcome{finding.ok() ? *finding : v1::ChildrensContinuingCareFinding(), refusal.RuleIds(), {}};
  const v1::Explanation explanation = trace.Render("test", "test");
  for (const auto& step : explanation.steps()) outcome.steps.push_back(step.rule_id());
  return outcome;
}

void Set(v1::ChildCareDomain domain, v1::NeedLevel level, v1::ChildrensContinuingCareEvidence& tool) {
  tool.mutable_domains(domain - 1)->set_level(level);
}

TEST(ChildrensTool, SaysWhatThePatternOfLevelsSays) {
  const struct {
    std::vector<std::pair<v1::ChildCareDomain, v1::NeedLevel>> levels;
    std::vector<std::string> thresholds;
  } cases[] = {
      {{}, {}},
      {{{v1::CHILD_CARE_DOMAIN_SKIN, v1::NEED_LEVEL_HIGH},
        {v1::CHILD_CARE_DOMAIN_MOBILITY, v1::NEED_LEVEL_HIGH}},
       {}},
      {{{v1::CHILD_CARE_DOMAIN_SKIN, v1::NEED_LEVEL_HIGH},
        {v1::CHILD_CARE_DOMAIN_MOBILITY, v1::NEED_LEVEL_HIGH},
        {v1::CHILD_CARE_DOMAIN_CONTINENCE, v1::NEED_LEVEL_HIGH}},
       {"CYP-HIGH"}},
      {{{v1::CHILD_CARE_DOMAIN_SEIZURES, v1::NEED_LEVEL_SEVERE}}, {"CYP-SEVERE"}},
      {{{v1::CHILD_CARE_DOMAIN_BREATHING, v1::NEED_LEVEL_PRIORITY}}, {"CYP-PRIORITY", "CYP-SEVERE"}},
  };
  for (const auto& one : cases) {
    v1::ChildrensContinuingCareEvidence tool = ChildrensTool();
    for (const auto& [domain, level] : one.levels) Set(domain, level, tool);
    const Outcome outcome = Find(tool);
    EXPECT_THAT(outcome.refused, IsEmpty());
    EXPECT_EQ(outcome.finding.need_likely(), !one.thresholds.empty());
    EXPECT_THAT(outcome.finding.thresholds_met(), testing::ElementsAreArray(one.thresholds));
    EXPECT_THAT(outcome.steps, Contains(one.thresholds.empty() ? "CYP-NOT-LIKELY" : "CYP-LIKELY"));
  }
}

TEST(ChildrensTool, CountsTheDomainsOfEachLevel) {
  v1::ChildrensContinuingCareEvidence tool = ChildrensTool();
  Set(v1::CHILD_CARE_DOMAIN_SEIZURES, v1::NEED_LEVEL_SEVERE, tool);
  const v1::ChildrensContinuingCareFinding finding = Find(tool).finding;
  ASSERT_EQ(finding.level_counts_size(), 6);
  EXPECT_EQ(finding.level_counts(1).level(), v1::NEED_LEVEL_SEVERE);
  EXPECT_EQ(finding.level_counts(1).domains(), 1);
  EXPECT_EQ(finding.level_counts(5).domains(), 9);
}

// Over random evidence: one level more in one domain never makes a need less likely.
TEST(ChildrensTool, NeverFindsLessForMore) {
  std::mt19937 random(117);
  int raised = 0;
  for (int round = 0; round < 2000; ++round) {
    v1::ChildrensContinuingCareEvidence tool = ChildrensTool();
    for (v1::ChildDomainAssessment& domain : *tool.mutable_domains()) {
      domain.set_level(static_cast<v1::NeedLevel>(1 + std::min<int>(random() % 5, random() % 5)));
    }
    const Outcome before = Find(tool);
    v1::ChildDomainAssessment& domain = *tool.mutable_domains(random() % 10);
    domain.set_level(static_cast<v1::NeedLevel>(std::min<int>(domain.level() + 1, v1::NEED_LEVEL_PRIORITY)));
    const Outcome after = Find(tool);
    if (!before.refused.empty() || !after.refused.empty()) continue;
    ++raised;
    EXPECT_LE(before.finding.need_likely(), after.finding.need_likely()) << tool.ShortDebugString();
  }
  EXPECT_GT(raised, 500);
}

TEST(ChildrensTool, RefusesEverythingThatIsWrongAtOnce) {
  v1::ChildrensContinuingCareEvidence tool = ChildrensTool();
  tool.mutable_domains(0)->set_domain(v1::CHILD_CARE_DOMAIN_SKIN);
  Set(v1::CHILD_CARE_DOMAIN_CONTINENCE, v1::NEED_LEVEL_SEVERE, tool);
  tool.clear_preferences();
  tool.clear_holistic_assessment();
  tool.clear_professional_reports();
  tool.set_nominated_assessor("worker-1");
  tool.clear_consent();
  EXPECT_THAT(Find(tool).refused, ElementsAre("CYP-DOMAIN-TWICE", "CYP-DOMAIN-MISSING", "CYP-AREA",
                                              "CYP-ASSESSOR", "CYP-CONSENT", "CYP-LEVEL-NOT-ALLOWED"));
  tool = ChildrensTool();
  tool.set_nominated_assessor("nobody");
  tool.mutable_consent()->set_consent_date("2026-11-03");
  EXPECT_THAT(Find(tool).refused, ElementsAre("CYP-ASSESSOR", "CYP-CONSENT"));
  tool = ChildrensTool();
  tool.mutable_consent()->clear_consent_date();
  EXPECT_THAT(Find(tool).refused, ElementsAre("CYP-CONSENT"));
}

TEST(ChildrensTool, DoesNotCountByThresholdsOfOtherDays) {
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_childrens_continuing_care() = ChildrensTool();
  v1::EligibilityPolicy policy = Policy();
  v1::ChildrensThreshold* later = policy.add_childrens_thresholds();
  later->set_id("CYP-LATER");
  later->set_level(v1::NEED_LEVEL_NO_NEEDS);
  later->set_minimum_domains(1);
  later->mutable_provenance()->set_effective_from_date("2026-11-03");
  explain::Refusal refusal;
  explain::Trace trace;
  EXPECT_FALSE(EvaluateChildrensContinuingCare(evidence, policy, refusal, trace)->need_likely());
  later->mutable_provenance()->set_effective_from_date("2026-11-02");
  EXPECT_TRUE(EvaluateChildrensContinuingCare(evidence, policy, refusal, trace)->need_likely());
}

TEST(ChildrensTool, HasNoRowsBeforeItsFramework) {
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_childrens_continuing_care() = ChildrensTool();
  evidence.mutable_childrens_continuing_care()->set_completed_date("2015-12-31");
  explain::Refusal refusal;
  explain::Trace trace;
  EXPECT_THAT(Refusals(EvaluateChildrensContinuingCare(evidence, Policy(), refusal, trace).status()),
              ElementsAre("NO_RATE"));
  evidence.mutable_childrens_continuing_care()->set_completed_date("2026-11-02");
  v1::EligibilityPolicy policy = Policy();
  policy.clear_child_care_domains();
  EXPECT_THAT(Refusals(EvaluateChildrensContinuingCare(evidence, policy, refusal, trace).status()),
              ElementsAre("NO_RATE"));
}

// What an ICB decides on a child with one severe need.
DeterminationFacts Facts(const v1::ChildrensContinuingCareEvidence& tool) {
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_childrens_continuing_care() = tool;
  DeterminationFacts facts = FactsOf(v1::CALLER_KIND_NHS, evidence);
  facts.person = Child();
  facts.by.set_reasons("Seizures by day and night that only trained carers can manage.");
  return facts;
}

v1::ChildrensContinuingCareEvidence Severe() {
  v1::ChildrensContinuingCareEvidence tool = ChildrensTool();
  Set(v1::CHILD_CARE_DOMAIN_SEIZURES, v1::NEED_LEVEL_SEVERE, tool);
  return tool;
}

std::vector<std::string> Refused(const DeterminationFacts& facts, v1::EligibilityOutcome outcome = kYes) {
  return Refusals(DecideRecommendation(facts, Recommending(kRegime, outcome), Policy(), kToday).status());
}

// Recommended for and ready to be decided by another person.
DeterminationFacts Recommended() {
  DeterminationFacts facts = Facts(Severe());
  facts.determination =
      DecideRecommendation(facts, Recommending(kRegime, kYes), Policy(), kToday)->determination;
  facts.by = By(kIcb, "decider-1", "As recommended.");
  return facts;
}

v1::RecordDeterminationRequest Decision(v1::EligibilityOutcome outcome, const std::string& first_date = "") {
  v1::RecordDeterminationRequest request;
  request.set_outcome(outcome);
  request.set_effective_from_date(first_date);
  return request;
}

TEST(ChildrensRecommendation, IsInformedAndNotBoundByTheLevels) {
  DeterminationFacts facts = Facts(ChildrensTool());
  const auto against = DecideRecommendation(facts, Recommending(kRegime, kYes), Policy(), kToday);
  ASSERT_TRUE(against.ok()) << against.status();
  EXPECT_EQ(against->determination.indication(), v1::ELIGIBILITY_INDICATION_NOT_ELIGIBLE);
  facts.by.clear_reasons();
  EXPECT_THAT(Refused(facts), ElementsAre("RECOMMENDATION-REASONS"));
  EXPECT_THAT(Refused(facts, kNo), ElementsAre("RECOMMENDATION-REASONS"))
      << "judgement is reasoned either way";
  facts.assessments[0].clear_findings();
  EXPECT_THAT(Refused(facts), ElementsAre("RECOMMENDATION-NO-PART"));
}

TEST(ChildrensRecommendation, IsForWhoIsBelowEighteen) {
  DeterminationFacts facts = Facts(Severe());
  facts.assessments[0].mutable_evidence()->mutable_childrens_continuing_care()->mutable_consent()->set_basis(
      v1::ChildConsent::BASIS_YOUNG_PERSON);
  facts.person.set_birth_date("2008-11-22");
  EXPECT_THAT(Refused(facts), ElementsAre("RECOMMENDATION-CHILD-AGE")) << "18 today";
  facts.person.set_birth_date("2008-11-23");
  EXPECT_THAT(Refused(facts), IsEmpty());
}

TEST(ChildrensRecommendation, RestsOnTheConsentOfWhoCanGiveItAtThatAge) {
  const struct {
    const char* birth_date;
    v1::ChildConsent::Basis basis;
    bool valid;
  } cases[] = {{"2010-10-21", v1::ChildConsent::BASIS_PARENT, true},
               {"2010-10-20", v1::ChildConsent::BASIS_PARENT, false},
               {"2010-10-21", v1::ChildConsent::BASIS_YOUNG_PERSON, false},
               {"2010-10-20", v1::ChildConsent::BASIS_YOUNG_PERSON, true},
               {"2010-10-20", v1::ChildConsent::BASIS_BEST_INTERESTS, true},
               {"2010-10-21", v1::ChildConsent::BASIS_BEST_INTERESTS, false}};
  for (const auto& one : cases) {
    v1::ChildrensContinuingCareEvidence tool = Severe();
    tool.mutable_consent()->set_basis(one.basis);
    DeterminationFacts facts = Facts(tool);
    facts.person.set_birth_date(one.birth_date);
    const std::vector<std::string> refused = Refused(facts);
    EXPECT_EQ(refused, one.valid ? std::vector<std::string>() : std::vector<std::string>{"CYP-CONSENT-AGE"})
        << one.birth_date << " " << one.basis;
  }
  DeterminationFacts facts = Facts(Severe());
  facts.assessments[0]
      .mutable_evidence()
      ->mutable_childrens_continuing_care()
      ->mutable_consent()
      ->set_consent_date("2015-12-31");
  EXPECT_THAT(Refused(facts), ElementsAre("NO_RATE"));
}

TEST(ChildrensDetermination, HoldsUntilTheDayBeforeTheEighteenthBirthday) {
  DeterminationFacts facts = Recommended();
  const auto decided = DecideDetermination(facts, Decision(kYes), Policy(), kToday);
  ASSERT_TRUE(decided.ok()) << decided.status();
  EXPECT_EQ(decided->determination.age_limit_date(), "2034-05-03");
  EXPECT_EQ(decided->determination.effective_to_date(), "2034-05-03");
  facts.person.set_birth_date("2008-02-29");
  EXPECT_THAT(Refusals(DecideDetermination(facts, Decision(kYes), Policy(), kToday).status()),
              ElementsAre("DETERMINATION-CHILD-AGE"));
  facts.person.set_birth_date("2008-11-23");
  EXPECT_TRUE(DecideDetermination(facts, Decision(kYes, "2026-11-22"), Policy(), kToday).ok())
      << "the last day";
  EXPECT_THAT(Refusals(DecideDetermination(facts, Decision(kYes, "2026-11-23"), Policy(), kToday).status()),
              ElementsAre("DETERMINATION-CHILD-AGE"));
  const auto refused = DecideDetermination(facts, Decision(kNo, "2026-11-23"), Policy(), kToday);
  ASSERT_TRUE(refused.ok());
  EXPECT_EQ(refused->determination.effective_to_date(), "") << "not being eligible needs no end";
}

TEST(ChildrensDetermination, GivesFiveWorkingDaysToTellTheFamily) {
  DeterminationFacts facts = Recommended();
  for (const auto& [decided_date, due_date] :
       {std::pair("2026-11-22", "2026-11-27"), std::pair("2026-11-20", "2026-11-27"),
        std::pair("2026-11-18", "2026-11-25")}) {
    facts.by.set_decision_date(decided_date);
    facts.determination.mutable_recommendation()->set_decision_date(decided_date);
    const auto decided = DecideDetermination(facts, Decision(kYes), Policy(), kToday);
    ASSERT_TRUE(decided.ok()) << decided.status();
    EXPECT_EQ(decided->determination.notification_due_date(), due_date) << decided_date;
  }
  facts.determination = Decided(DeterminationName(1), kRegime, kYes, kIcb);
  facts.determination.set_notification_due_date("2026-11-19");
  v1::NotifyDeterminationRequest request;
  for (const auto& [letter_date, late] : {std::pair("2026-11-19", false), std::pair("2026-11-20", true)}) {
    request.set_letter_date(letter_date);
    const auto told = DecideNotification(facts, request, kToday);
    ASSERT_TRUE(told.ok()) << told.status();
    const v1::Explanation explanation = told->trace.Render("test", "test");
    EXPECT_EQ(explanation.steps().rbegin()->rule_id() == "NOTIFICATION-LATE", late);
  }
}

TEST(ChildrensDetermination, CannotBeEndedAfterItEndsByItself) {
  DeterminationFacts facts = Facts(Severe());
  facts.determination = Decided(DeterminationName(1), kRegime, kYes, kIcb);
  facts.determination.set_age_limit_date("2034-05-03");
  v1::EndDeterminationRequest request;
  request.set_reason(v1::Determination::END_REASON_DECLINED);
  request.set_effective_to_date("2034-05-04");
  EXPECT_THAT(Refusals(DecideEnding(facts, request, Policy(), kToday).status()),
              ElementsAre("END-AFTER-CHILDHOOD"));
  request.set_effective_to_date("2034-05-03");
  EXPECT_TRUE(DecideEnding(facts, request, Policy(), kToday).ok());
  request.set_reason(v1::Determination::END_REASON_NO_LONGER_ELIGIBLE);
  request.mutable_safeguards()->set_reassessment(AssessmentName(1));
  request.mutable_safeguards()->set_person_consulted_date("2026-11-10");
  EXPECT_TRUE(DecideEnding(facts, request, Policy(), kToday).ok());
  facts.assessments[0].mutable_evidence()->clear_childrens_continuing_care();
  EXPECT_THAT(Refusals(DecideEnding(facts, request, Policy(), kToday).status()),
              ElementsAre("WITHDRAWAL-REASSESSMENT"));
}

TEST(ChildrensEntitlement, IsARightToABudgetUntilAdulthood) {
  v1::Determination determination = Decided(DeterminationName(1), kRegime, kYes, kIcb);
  determination.set_age_limit_date("2034-05-03");
  determination.set_effective_to_date("2034-05-03");
  const auto on = [&](absl::CivilDay day) {
    return *EntitlementsOn(day, std::nullopt, {determination}, std::nullopt, Policy(), "test");
  };
  ASSERT_EQ(on(absl::CivilDay(2034, 5, 3)).size(), 1u);
  EXPECT_EQ(on(kToday)[0].right(), v1::BUDGET_RIGHT_TO_HAVE);
  EXPECT_EQ(on(kToday)[0].effective_to_date(), "2034-05-03");
  EXPECT_THAT(on(absl::CivilDay(2034, 5, 4)), IsEmpty());
}

TEST(Transition, IsDueFromTheBirthdaysThatPolicyNames) {
  const absl::CivilDay birth(2012, 2, 29);
  const auto due = [&](absl::CivilDay day) {
    std::vector<std::string> ids;
    for (const v1::TransitionStep& step : TransitionSteps(birth, day, {}, Policy())) {
      if (step.due()) ids.push_back(step.step());
    }
    return ids;
  };
  EXPECT_THAT(due(absl::CivilDay(2026, 2, 28)), IsEmpty());
  EXPECT_THAT(due(absl::CivilDay(2026, 3, 1)), ElementsAre("CYP-TRANSITION-FLAG"));
  EXPECT_THAT(due(absl::CivilDay(2028, 2, 29)),
              ElementsAre("CYP-TRANSITION-FLAG", "CYP-TRANSITION-SCREENING"));
  EXPECT_THAT(due(absl::CivilDay(2029, 2, 28)), Not(Contains("CYP-TRANSITION-DECISION")));
  EXPECT_THAT(due(absl::CivilDay(2029, 3, 1)), Contains("CYP-TRANSITION-DECISION"));
  EXPECT_THAT(due(absl::CivilDay(2030, 3, 1)), Contains("CYP-TRANSITION-ADULT"));
  const std::vector<v1::TransitionStep> steps = TransitionSteps(birth, kToday, {}, Policy());
  ASSERT_EQ(steps.size(), 4u);
  EXPECT_EQ(steps[1].due_date(), "2028-02-29");
  EXPECT_THAT(TransitionSteps(birth, absl::CivilDay(2015, 12, 31), {}, Policy()), IsEmpty());
}

TEST(ChildrensReferral, StartsASixWeekClock) {
  RequestFacts facts;
  facts.person = Child();
  v1::ReceiveRequestRequest request;
  request.set_kind(v1::SupportRequest::KIND_CHILDRENS_CONTINUING_CARE);
  request.set_received_date("2026-11-02");
  const auto received = DecideReceipt(facts, request, Policy(), kToday);
  ASSERT_TRUE(received.ok()) << received.status();
  ASSERT_EQ(received->request.clocks_size(), 1);
  EXPECT_EQ(received->request.clocks(0).clock(), "CYP-DECISION");
  EXPECT_EQ(received->request.clocks(0).due_date(), "2026-12-14");
}

}  // namespace
}  // namespace ipb::eligibility
