// Whatever the tools find, nobody is eligible until a named human decides: over every regime, outcome and
// body.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/eligibility/rules/entitlements.h"
#include "services/eligibility/rules/recommendation.h"
#include "tests/rules/eligibility/cases.h"

namespace ipb::eligibility {
namespace {

using testing::Contains;
using testing::IsEmpty;

// An assessment with every part, each of which points to eligible; fast track among them where asked.
v1::Assessment Everything(bool fast_track) {
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_care_act() = CareAct(10);
  *evidence.mutable_carer() = Carer(8);
  *evidence.mutable_checklist() = Checklist(2, 5);
  *evidence.mutable_decision_support_tool() = Tool();
  DomainOf(v1::CARE_DOMAIN_BREATHING, *evidence.mutable_decision_support_tool())
      .set_level(v1::NEED_LEVEL_PRIORITY);
  if (fast_track) *evidence.mutable_fast_track() = FastTrack();
  *evidence.mutable_after_care() = AfterCare();
  evidence.mutable_wheelchair()->set_meets_service_criteria(true);
  evidence.mutable_wheelchair()->set_long_term_need(true);
  evidence.mutable_discretionary_budget()->set_expected_benefit("Choice of therapist.");
  evidence.mutable_discretionary_budget()->set_group(v1::DISCRETIONARY_GROUP_LONG_TERM_CONDITION);
  *evidence.mutable_childrens_continuing_care() = ChildrensTool();
  evidence.mutable_childrens_continuing_care()->mutable_domains(0)->set_level(v1::NEED_LEVEL_PRIORITY);
  *evidence.mutable_nursing_care() = NursingCare();
  return Complete(evidence, AssessmentName(1));
}

TEST(HumanDecision, IsWhatMakesEligibleAndNeverARecommendation) {
  int recommended = 0;
  for (const bool fast_track : {false, true}) {
    const v1::Assessment assessment = Everything(fast_track);
    for (int code = 1; code < v1::EligibilityRegime_ARRAYSIZE; ++code) {
      const auto regime = static_cast<v1::EligibilityRegime>(code);
      for (const auto kind : {v1::CALLER_KIND_COUNCIL, v1::CALLER_KIND_NHS}) {
        DeterminationFacts facts;
        facts.person = regime == v1::ELIGIBILITY_REGIME_CHILDRENS_CONTINUING_CARE ? Child() : Adult();
        facts.caller_kind = kind;
        facts.by = By(kind == v1::CALLER_KIND_COUNCIL ? kCouncil : kIcb, "assessor-1", "As was found.");
        facts.new_name = DeterminationName(1);
        facts.assessments = {assessment};
        v1::RecordRecommendationRequest request;
        request.set_regime(regime);
        request.set_assessment(AssessmentName(1));
        request.set_outcome(v1::ELIGIBILITY_OUTCOME_ELIGIBLE);
        const auto made = DecideRecommendation(facts, request, Policy(), kToday);
        if (!made.ok()) continue;
        ++recommended;
        SCOPED_TRACE(v1::EligibilityRegime_Name(regime));
        EXPECT_EQ(made->determination.state(), v1::Determination::STATE_RECOMMENDED);
        EXPECT_EQ(made->determination.outcome(), v1::ELIGIBILITY_OUTCOME_UNSPECIFIED);
        EXPECT_FALSE(made->determination.has_decision());
        EXPECT_THAT(
            *EntitlementsOn(kToday, std::nullopt, {made->determination}, std::nullopt, Policy(), "test"),
            IsEmpty());
        facts.determination = made->determination;
        facts.by.clear_decider();
        v1::RecordDeterminationRequest decide;
        decide.set_outcome(v1::ELIGIBILITY_OUTCOME_ELIGIBLE);
        EXPECT_THAT(Refusals(DecideDetermination(facts, decide, Policy(), kToday).status()),
                    Contains("DETERMINATION-HUMAN"));
        facts.by.set_decider("assessor-1");
        EXPECT_THAT(Refusals(DecideDetermination(facts, decide, Policy(), kToday).status()),
                    Contains("DETERMINATION-SECOND-PERSON"));
      }
    }
  }
  // Each of eight regimes by one body, continuing healthcare and after-care by both; with and without fast
  // track.
  EXPECT_EQ(recommended, 20);
}

}  // namespace
}  // namespace ipb::eligibility
