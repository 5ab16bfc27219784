// What cases of budgets do not tell: what the NHS sees, what lacks together, and what is asked twice.
#include "services/allocation/rules/budget.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "common/errors/errors.h"
#include "services/allocation/rules/agreement.h"
#include "services/allocation/rules/ending.h"
#include "tests/rules/allocation/fixtures.h"
#include "tests/rules/support/case_file.h"

namespace ipb::allocation {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

const absl::CivilDay kToday(2025, 6, 1);

class Budgets : public testing::Test {
 protected:
  Budgets() {
    facts_.name = "people/p/budgets/1";
    facts_.decision = PanelDecision("2025-06-01");
    facts_.funders.kinds = ExampleKinds();
    facts_.determinations = {Determined("people/p/determinations/1")};
    v1::FinancialAssessment& assessment = facts_.assessments.emplace_back();
    assessment.set_name("people/p/financialAssessments/1");
    assessment.set_organisation(kCouncil);
    assessment.set_effective_from_date("2025-04-06");
    assessment.mutable_result()->set_outcome(v1::MEANS_OUTCOME_ASSESSED);
    assessment.mutable_result()->set_maximum_weekly_pence(5000);
  }

  // 20 hours at 16.00: 320.00 a week, the council three eighths and the ICB five.
  static v1::BudgetComponent Joint() {
    return Hours("pa", 1200, 1600,
                 {Share(kCouncil, v1::FUNDING_BASIS_CARE_ACT, 3, 8),
                  Share(kIcb, v1::FUNDING_BASIS_JOINT_PACKAGE, 5, 8)});
  }

  v1::CreateBudgetRequest CreateRequest() {
    v1::CreateBudgetRequest request;
    request.set_mode(v1::Budget::MODE_LIVE);
    request.set_effective_from_date("2025-06-09");
    request.add_determinations("people/p/determinations/1");
    *request.add_components() = Joint();
    return request;
  }

  static v1::Budget Explained(const BudgetDecision& decision) {
    v1::Budget budget = decision.budget;
    *budget.mutable_explanation() = decision.trace.Render("allocation/1", "test");
    return budget;
  }

  v1::Budget Created() {
    const auto decision = DecideCreateBudget(facts_, CreateRequest(), {National(), CouncilPolicy()}, kToday);
    EXPECT_TRUE(decision.ok()) << decision.status();
    return decision.ok() ? Explained(*decision) : v1::Budget();
  }

  static v1::AgreeBudgetRequest AgreeRequest(int64_t weekly_pence, const std::string& reasons = "") {
    v1::AgreeBudgetRequest request;
    request.set_plan("people/p/plans/1");
    v1::AgreedAmount* amount = request.add_amounts();
    amount->set_component_id("pa");
    amount->set_weekly_pence(weekly_pence);
    amount->set_reasons(reasons);
    return request;
  }

  absl::StatusOr<BudgetDecision> Agree(const v1::Budget& budget, const v1::AgreeBudgetRequest& request) {
    facts_.budget = budget;
    facts_.name = "people/p/budgets/2";
    return DecideAgreeBudget(facts_, request, {National(), CouncilPolicy()}, kToday);
  }

  v1::Budget Agreed() {
    const auto decision = Agree(Created(), AgreeRequest(32000));
    EXPECT_TRUE(decision.ok()) << decision.status();
    return decision.ok() ? Explained(*decision) : v1::Budget();
  }

  BudgetFacts facts_;
};

TEST_F(Budgets, NhsSeesNothingOfTheMeansTestInTheCommonSteps) {
  const v1::Budget budget = Created();
  for (const v1::ExplanationStep& step : budget.explanation().steps()) {
    if (step.purpose() == v1::PURPOSE_MEANS) continue;
    EXPECT_EQ(step.sentence().find("£50.00"), std::string::npos) << step.sentence();
    EXPECT_EQ(step.sentence().find("£70.00"), std::string::npos) << step.sentence();
    EXPECT_EQ(step.sentence().find('{'), std::string::npos) << step.sentence();
  }
}

TEST_F(Budgets, RefusesToAgreeListingEverythingThatLacks) {
  v1::CreateBudgetRequest request = CreateRequest();
  request.clear_determinations();
  facts_.assessments.clear();
  const auto created = DecideCreateBudget(facts_, request, {National(), CouncilPolicy()}, kToday);
  ASSERT_TRUE(created.ok()) << created.status();
  EXPECT_FALSE(created->budget.charge_assessed());
  const auto decision = Agree(created->budget, AgreeRequest(31999));
  EXPECT_THAT(RulesOf(decision.status()),
              UnorderedElementsAre("AGREE-DEPARTURE-REASONS", "AGREE-EXPLANATION-COMPLETE",
                                   "AGREE-DETERMINATION", "AGREE-DETERMINATION", "AGREE-MEANS-ASSESSED"))
      << "each of the two bases lacks its determination";
}

TEST_F(Budgets, EachBasisIsShownByItsOwnRegime) {
  const struct {
    v1::FundingBasis basis;
    v1::EligibilityRegime regime;
    bool shown;
  } cases[] = {
      {v1::FUNDING_BASIS_CARE_ACT, v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT, true},
      {v1::FUNDING_BASIS_CARE_ACT, v1::ELIGIBILITY_REGIME_CARE_ACT_CARER, true},
      {v1::FUNDING_BASIS_CARE_ACT, v1::ELIGIBILITY_REGIME_CHC, false},
      {v1::FUNDING_BASIS_CHC, v1::ELIGIBILITY_REGIME_CHC, true},
      {v1::FUNDING_BASIS_CHC, v1::ELIGIBILITY_REGIME_CHILDRENS_CONTINUING_CARE, false},
      {v1::FUNDING_BASIS_SECTION_117, v1::ELIGIBILITY_REGIME_SECTION_117, true},
      {v1::FUNDING_BASIS_FNC, v1::ELIGIBILITY_REGIME_NURSING_CARE, true},
      {v1::FUNDING_BASIS_FNC, v1::ELIGIBILITY_REGIME_CHC, false},
      {v1::FUNDING_BASIS_CYPCC, v1::ELIGIBILITY_REGIME_CHILDRENS_CONTINUING_CARE, true},
      {v1::FUNDING_BASIS_CYPCC, v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT, false},
      {v1::FUNDING_BASIS_DISCRETIONARY_PHB, v1::ELIGIBILITY_REGIME_DISCRETIONARY_PHB, true},
      {v1::FUNDING_BASIS_DISCRETIONARY_PHB, v1::ELIGIBILITY_REGIME_WHEELCHAIR, true},
      {v1::FUNDING_BASIS_DISCRETIONARY_PHB, v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT, false},
      {v1::FUNDING_BASIS_JOINT_PACKAGE, v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT, true},
      {v1::FUNDING_BASIS_BCF_POOL, v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT, true},
  };
  for (const auto& c : cases) {
    v1::Budget budget;
    budget.add_funder_totals()->set_basis(c.basis);
    budget.add_determinations(facts_.determinations[0].name);
    facts_.determinations[0].determination->set_regime(c.regime);
    EXPECT_EQ(BasesNotDetermined(budget, facts_.determinations).empty(), c.shown)
        << v1::FundingBasis_Name(c.basis) << " by " << v1::EligibilityRegime_Name(c.regime);
    budget.clear_determinations();
    EXPECT_FALSE(BasesNotDetermined(budget, facts_.determinations).empty()) << "none is named";
  }
}

TEST_F(Budgets, KnowsAnAgreementThatWasMadeBefore) {
  const v1::Budget agreed = Agreed();
  facts_.budget.set_state(v1::Budget::STATE_SUPERSEDED);
  facts_.budget.set_superseded_by(agreed.name());
  facts_.others = {agreed};
  facts_.others[0].set_state(v1::Budget::STATE_ENDED);
  v1::AgreeBudgetRequest request = AgreeRequest(32000);
  ASSERT_NE(AgreedBefore(facts_, request), nullptr);
  EXPECT_EQ(AgreedBefore(facts_, request)->name(), agreed.name());
  EXPECT_EQ(AgreedBefore(facts_, AgreeRequest(32001)), nullptr);
  request.set_effective_from_date("2025-06-10");
  EXPECT_EQ(AgreedBefore(facts_, request), nullptr);
  request.set_effective_from_date("2025-06-09");
  EXPECT_NE(AgreedBefore(facts_, request), nullptr);
  request.set_plan("people/p/plans/2");
  EXPECT_EQ(AgreedBefore(facts_, request), nullptr);
  facts_.budget.set_superseded_by("people/p/budgets/9");
  EXPECT_EQ(AgreedBefore(facts_, AgreeRequest(32000)), nullptr);
}

TEST_F(Budgets, TakesNoOtherAgreementForTheOneMadeBefore) {
  const v1::Budget agreed = Agreed();
  facts_.budget.set_superseded_by(agreed.name());
  facts_.others = {agreed};
  ASSERT_NE(AgreedBefore(facts_, AgreeRequest(32000)), nullptr);
  v1::AgreeBudgetRequest request = AgreeRequest(32000);
  request.mutable_amounts(0)->set_component_id("other");
  EXPECT_EQ(AgreedBefore(facts_, request), nullptr);
  request = AgreeRequest(32000);
  request.mutable_amounts(0)->set_one_off_pence(1);
  EXPECT_EQ(AgreedBefore(facts_, request), nullptr);
  *request.add_amounts() = AgreeRequest(32000).amounts(0);
  EXPECT_EQ(AgreedBefore(facts_, request), nullptr);
  facts_.others[0].set_indicative_budget("people/p/budgets/7");
  EXPECT_EQ(AgreedBefore(facts_, AgreeRequest(32000)), nullptr) << "a later estimate replaced it";
}

TEST_F(Budgets, AreNotAgreedByPartsThatDoNotSumToOne) {
  v1::Budget budget = Created();
  budget.mutable_components(0)->mutable_shares()->RemoveLast();
  EXPECT_EQ(Agree(budget, AgreeRequest(32000)).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(Budgets, RestOnDeterminationsOfThePersonAlone) {
  google::protobuf::RepeatedPtrField<std::string> names;
  EXPECT_TRUE(CheckSamePerson("people/p", "determinations", names).ok());
  *names.Add() = "people/p/determinations/1";
  EXPECT_TRUE(CheckSamePerson("people/p", "determinations", names).ok());
  *names.Add() = "people/pp/determinations/1";
  EXPECT_THAT(tests::WrongFieldsOf(CheckSamePerson("people/p", "determinations", names)),
              ElementsAre("determinations[1]"));
}

TEST_F(Budgets, TheYearIsCountedByTheCouncilWhoseMoneyIsInIt) {
  EXPECT_EQ(WeeksDecidedBy(Created(), kIcb), kCouncil);
  v1::Budget nhs = Created();
  nhs.mutable_funder_totals()->DeleteSubrange(0, 1);
  EXPECT_EQ(WeeksDecidedBy(nhs, kIcb), kIcb);
}

// No request can ask for so much; what is on record is not trusted to be less.
TEST_F(Budgets, RefusesWhatWasOwedBeyondMeasure) {
  v1::Budget vast = Agreed();
  vast.mutable_components(0)->set_weekly_pence(std::numeric_limits<int64_t>::max());
  const absl::CivilDay later(2025, 7, 7);
  facts_.budget = vast;
  facts_.death_date = "2025-06-15";
  v1::EndFundingRequest end;
  end.set_effective_to_date("2025-06-15");
  end.set_end_reason(v1::Budget::END_REASON_DEATH);
  EXPECT_EQ(errors::ReasonOf(DecideEndFunding(facts_, end, later).status()), v1::ERROR_REASON_MONEY_OVERFLOW);
  facts_.death_date.clear();
  v1::Budget revised = Created();
  facts_.others = {vast};
  revised.set_revises(vast.name());
  facts_.budget = revised;
  facts_.name = "people/p/budgets/3";
  const auto agreed = DecideAgreeBudget(facts_, AgreeRequest(32000), {National(), CouncilPolicy()}, later);
  EXPECT_EQ(errors::ReasonOf(agreed.status()), v1::ERROR_REASON_MONEY_OVERFLOW) << agreed.status();
}

}  // namespace
}  // namespace ipb::allocation
