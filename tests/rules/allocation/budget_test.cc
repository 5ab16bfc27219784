// An integrated budget from estimate to agreement and revision.
#include "services/allocation/rules/budget.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/errors/errors.h"
#include "services/allocation/rules/agreement.h"
#include "tests/rules/allocation/fixtures.h"

namespace ipb::allocation {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

const absl::CivilDay kToday(2025, 6, 1);

class Budgets : public testing::Test {
 protected:
  Budgets() {
    facts_.name = "people/p/budgets/1";
    facts_.decision = PanelDecision("2025-06-01");
    facts_.kinds = ExampleKinds();
    facts_.determinations = {Determined("people/p/determinations/1")};
    v1::FinancialAssessment& assessment = facts_.assessments.emplace_back();
    assessment.set_name("people/p/financialAssessments/1");
    assessment.set_organisation(kCouncil);
    assessment.set_effective_from_date("2025-04-06");
    assessment.mutable_result()->set_outcome(v1::MEANS_OUTCOME_ASSESSED);
    assessment.mutable_result()->set_maximum_weekly_pence(5000);
  }

  // 20 hours at 16.00: 320.00 a week, the council three eighths and the ICB five.
  static v1::BudgetComponent Joint(int32_t minutes = 1200) {
    return Hours("pa", minutes, 1600,
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

  static v1::ReductionEvidence Evidence() {
    v1::ReductionEvidence evidence;
    evidence.set_ground(v1::ReductionEvidence::GROUND_REASSESSMENT);
    evidence.set_evidence("people/p/assessments/2");
    evidence.set_involvement_date("2025-05-20");
    evidence.set_sufficiency_reasons("The person now manages mornings alone.");
    return evidence;
  }

  static v1::ReviseBudgetRequest ReviseRequest(int32_t minutes) {
    v1::ReviseBudgetRequest request;
    request.set_effective_from_date("2025-07-07");
    *request.add_components() = Joint(minutes);
    return request;
  }

  BudgetFacts facts_;
};

TEST_F(Budgets, StatesTheFourPartsOfTheCareAct) {
  const v1::Budget budget = Created();
  EXPECT_EQ(budget.state(), v1::Budget::STATE_INDICATIVE);
  EXPECT_EQ(budget.weekly_pence(), 32000);
  EXPECT_EQ(budget.care_act_weekly_pence(), 12000);
  EXPECT_EQ(budget.other_public_weekly_pence(), 20000);
  EXPECT_TRUE(budget.charge_assessed());
  EXPECT_EQ(budget.contribution_weekly_pence(), 5000);
  EXPECT_EQ(budget.council_net_weekly_pence(), 7000);
  EXPECT_EQ(budget.financial_assessment(), "people/p/financialAssessments/1");
}

TEST_F(Budgets, NhsSeesNothingOfTheMeansTestInTheCommonSteps) {
  const v1::Budget budget = Created();
  for (const v1::ExplanationStep& step : budget.explanation().steps()) {
    if (step.purpose() == v1::PURPOSE_MEANS) continue;
    EXPECT_EQ(step.sentence().find("£50.00"), std::string::npos) << step.sentence();
    EXPECT_EQ(step.sentence().find("£70.00"), std::string::npos) << step.sentence();
    EXPECT_EQ(step.sentence().find('{'), std::string::npos) << step.sentence();
  }
}

TEST_F(Budgets, NhsMoneyAloneNeedsNoMeansTest) {
  facts_.assessments.clear();
  v1::CreateBudgetRequest request = CreateRequest();
  *request.mutable_components(0) = Hours("pa", 1200, 1600, {Share(kIcb, v1::FUNDING_BASIS_CHC, 1, 1)});
  const auto decision = DecideCreateBudget(facts_, request, {National(), IcbPolicy()}, kToday);
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_TRUE(decision->budget.charge_assessed());
  EXPECT_EQ(decision->budget.contribution_weekly_pence(), 0);
}

TEST_F(Budgets, RefusesFundersThatMayNotShare) {
  v1::CreateBudgetRequest request = CreateRequest();
  request.mutable_components(0)->mutable_shares(1)->set_basis(v1::FUNDING_BASIS_CHC);
  *request.add_components() = Hours("day", 60, 100, {Share("E10000028", v1::FUNDING_BASIS_CARE_ACT, 1, 1)});
  EXPECT_THAT(RulesOf(DecideCreateBudget(facts_, request, {National(), CouncilPolicy()}, kToday).status()),
              ElementsAre("BUDGET-CHC-NHS-ALONE", "BUDGET-ONE-COUNCIL"));
}

TEST_F(Budgets, RefusesASecondLiveBudgetOfTheSameFunderAndLetsShadowBe) {
  facts_.others = {Agreed()};
  EXPECT_THAT(
      RulesOf(DecideCreateBudget(facts_, CreateRequest(), {National(), CouncilPolicy()}, kToday).status()),
      ElementsAre("BUDGET-ONE-LIVE"));
  v1::CreateBudgetRequest shadow = CreateRequest();
  shadow.set_mode(v1::Budget::MODE_SHADOW);
  EXPECT_TRUE(DecideCreateBudget(facts_, shadow, {National(), CouncilPolicy()}, kToday).ok());
}

TEST_F(Budgets, AgreesWhatThePlanNeeds) {
  const v1::Budget indicative = Created();
  const auto decision = Agree(indicative, AgreeRequest(33001, "A second person is needed on Sundays."));
  ASSERT_TRUE(decision.ok()) << decision.status();
  const v1::Budget& agreed = decision->budget;
  EXPECT_EQ(agreed.state(), v1::Budget::STATE_AGREED);
  EXPECT_EQ(agreed.indicative_budget(), indicative.name());
  EXPECT_EQ(agreed.plan(), "people/p/plans/1");
  EXPECT_EQ(agreed.weekly_pence(), 33001);
  EXPECT_EQ(agreed.funder_totals(0).weekly_pence(), 12375);
  EXPECT_EQ(agreed.funder_totals(1).weekly_pence(), 20626);
  EXPECT_EQ(agreed.council_net_weekly_pence(), 12375 - 5000);
  ASSERT_EQ(decision->changed.size(), 1u);
  EXPECT_EQ(decision->changed[0].state(), v1::Budget::STATE_SUPERSEDED);
  EXPECT_EQ(decision->changed[0].superseded_by(), agreed.name());
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

// "Nobody is eligible until the ICB decides", and council money rests on the council's own determination.
TEST_F(Budgets, EachBasisRestsOnADeterminationOfItsOwnRegime) {
  const struct {
    v1::FundingBasis basis;
    const char* organisation;
    v1::EligibilityRegime regime;
    bool agreed;
  } cases[] = {
      {v1::FUNDING_BASIS_CARE_ACT, kCouncil, v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT, true},
      {v1::FUNDING_BASIS_CARE_ACT, kCouncil, v1::ELIGIBILITY_REGIME_CHC, false},
      {v1::FUNDING_BASIS_CHC, kIcb, v1::ELIGIBILITY_REGIME_CHC, true},
      {v1::FUNDING_BASIS_CHC, kIcb, v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT, false},
      {v1::FUNDING_BASIS_SECTION_117, kIcb, v1::ELIGIBILITY_REGIME_SECTION_117, true},
      {v1::FUNDING_BASIS_SECTION_117, kCouncil, v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT, false},
      {v1::FUNDING_BASIS_JOINT_PACKAGE, kIcb, v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT, true},
  };
  for (const auto& c : cases) {
    facts_.determinations[0].determination->set_regime(c.regime);
    v1::CreateBudgetRequest request = CreateRequest();
    *request.mutable_components(0) = Hours("pa", 1200, 1600, {Share(c.organisation, c.basis, 1, 1)});
    const auto created = DecideCreateBudget(facts_, request, {National(), CouncilPolicy()}, kToday);
    ASSERT_TRUE(created.ok()) << created.status();
    const auto decision = Agree(Explained(*created), AgreeRequest(32000));
    EXPECT_EQ(decision.ok(), c.agreed) << c.basis << " " << c.regime << " " << decision.status();
    if (c.agreed) continue;
    EXPECT_THAT(RulesOf(decision.status()), ElementsAre("AGREE-DETERMINATION"));
  }
}

// Care Act 2014 s19(3): needs that appear urgent may be met before an assessment, a determination or a means
// test.
TEST_F(Budgets, UrgentCouncilMoneyIsAgreedWithoutPrejudiceUntilTheInterimPlanExpires) {
  facts_.assessments.clear();
  v1::CreateBudgetRequest request = CreateRequest();
  request.clear_determinations();
  *request.mutable_components(0) =
      Hours("pa", 1200, 1600, {Share(kCouncil, v1::FUNDING_BASIS_CARE_ACT, 1, 1)});
  const v1::Budget estimate =
      Explained(*DecideCreateBudget(facts_, request, {National(), CouncilPolicy()}, kToday));
  v1::AgreeBudgetRequest agree = AgreeRequest(32000);
  EXPECT_THAT(RulesOf(Agree(estimate, agree).status()),
              ElementsAre("AGREE-DETERMINATION", "AGREE-MEANS-ASSESSED"));
  agree.mutable_urgent_need()->set_reasons("She comes home today.");
  agree.mutable_urgent_need()->set_expiry_date("2025-06-08");
  EXPECT_THAT(RulesOf(Agree(estimate, agree).status()), ElementsAre("AGREE-URGENT-EXPIRY"));
  agree.mutable_urgent_need()->set_expiry_date("2025-06-22");
  const auto decision = Agree(estimate, agree);
  ASSERT_TRUE(decision.ok()) << decision.status();
  const v1::Budget urgent = Explained(*decision);
  EXPECT_EQ(urgent.effective_to_date(), "2025-06-22");
  EXPECT_EQ(urgent.contribution_weekly_pence(), 0);
  EXPECT_EQ(urgent.council_net_weekly_pence(), 32000);
  EXPECT_FALSE(urgent.charge_assessed());
  std::vector<std::string> steps;
  for (const v1::ExplanationStep& step : urgent.explanation().steps()) steps.push_back(step.rule_id());
  EXPECT_THAT(steps, testing::IsSupersetOf({"AGREED-INTERIM", "AGREED-URGENT", "AGREED-URGENT-NOT-CHARGED",
                                            "AGREED-URGENT-UNTIL"}));
  // What follows is decided afresh: less needs no evidence, and the urgent budget keeps its own last day.
  facts_.budget = urgent;
  facts_.name = "people/p/budgets/3";
  v1::ReviseBudgetRequest revise = ReviseRequest(600);
  revise.add_determinations("people/p/determinations/1");
  *revise.mutable_components(0) = Hours("pa", 600, 1600, {Share(kCouncil, v1::FUNDING_BASIS_CARE_ACT, 1, 1)});
  revise.mutable_components(0)->set_no_charge_basis(v1::NO_CHARGE_BASIS_REABLEMENT);
  const auto revised = DecideReviseBudget(facts_, revise, {National(), CouncilPolicy()}, kToday);
  ASSERT_TRUE(revised.ok()) << revised.status();
  facts_.others = {urgent};
  facts_.budget = Explained(*revised);
  facts_.name = "people/p/budgets/4";
  const auto agreed = DecideAgreeBudget(facts_, AgreeRequest(16000), {National(), CouncilPolicy()}, kToday);
  ASSERT_TRUE(agreed.ok()) << agreed.status();
  EXPECT_EQ(agreed->budget.effective_to_date(), "");
  EXPECT_EQ(agreed->changed[1].effective_to_date(), "2025-06-22");
}

// A fast track tool is decided on receipt: its interim budget rests on that duty, which the interim plan's
// end does not end; and no urgency stands for the ICB's decision.
TEST_F(Budgets, UrgentNhsMoneyRestsOnItsDetermination) {
  v1::CreateBudgetRequest request = CreateRequest();
  *request.mutable_components(0) = Hours("pa", 1200, 1600, {Share(kIcb, v1::FUNDING_BASIS_CHC, 1, 1)});
  const v1::Budget estimate =
      Explained(*DecideCreateBudget(facts_, request, {National(), CouncilPolicy()}, kToday));
  v1::AgreeBudgetRequest agree = AgreeRequest(32000);
  agree.mutable_urgent_need()->set_reasons("He is dying.");
  agree.mutable_urgent_need()->set_expiry_date("2025-06-22");
  EXPECT_THAT(RulesOf(Agree(estimate, agree).status()), ElementsAre("AGREE-DETERMINATION"));
  facts_.determinations[0].determination->set_regime(v1::ELIGIBILITY_REGIME_CHC);
  const auto decision = Agree(estimate, agree);
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->budget.urgent_need().reasons(), "He is dying.");
  EXPECT_EQ(decision->budget.effective_to_date(), "");
}

TEST_F(Budgets, ANoChargeBasisStandsForTheMeansTest) {
  facts_.assessments.clear();
  v1::CreateBudgetRequest request = CreateRequest();
  request.mutable_components(0)->set_no_charge_basis(v1::NO_CHARGE_BASIS_REABLEMENT);
  const auto created = DecideCreateBudget(facts_, request, {National(), CouncilPolicy()}, kToday);
  ASSERT_TRUE(created.ok()) << created.status();
  EXPECT_TRUE(Agree(Explained(*created), AgreeRequest(32000)).ok());
}

TEST_F(Budgets, AgreedAmountsMatchTheComponentsOneToOne) {
  const v1::Budget indicative = Created();
  v1::AgreeBudgetRequest request = AgreeRequest(32000);
  *request.add_amounts() = request.amounts(0);
  EXPECT_EQ(errors::ReasonOf(Agree(indicative, request).status()), v1::ERROR_REASON_INVALID_FIELD);
  request = AgreeRequest(32000);
  request.mutable_amounts(0)->set_component_id("other");
  EXPECT_EQ(errors::ReasonOf(Agree(indicative, request).status()), v1::ERROR_REASON_INVALID_FIELD);
  EXPECT_EQ(errors::ReasonOf(Agree(Agreed(), AgreeRequest(32000)).status()), v1::ERROR_REASON_WRONG_STATE);
}

TEST_F(Budgets, AReductionNeedsEvidenceAndARiseDoesNot) {
  facts_.budget = Agreed();
  facts_.name = "people/p/budgets/3";
  EXPECT_TRUE(DecideReviseBudget(facts_, ReviseRequest(1260), {National(), CouncilPolicy()}, kToday).ok());
  v1::ReviseBudgetRequest lower = ReviseRequest(1140);
  EXPECT_THAT(RulesOf(DecideReviseBudget(facts_, lower, {National(), CouncilPolicy()}, kToday).status()),
              ElementsAre("REDUCTION-EVIDENCE"));
  *lower.mutable_reduction() = Evidence();
  lower.mutable_reduction()->set_involvement_date("2025-06-02");
  lower.mutable_reduction()->set_sufficiency_reasons(" ");
  EXPECT_THAT(RulesOf(DecideReviseBudget(facts_, lower, {National(), CouncilPolicy()}, kToday).status()),
              ElementsAre("REDUCTION-INVOLVEMENT", "REDUCTION-SUFFICIENCY"));
}

TEST_F(Budgets, ARevisionTakesOverFromItsFirstDayWhenAgreed) {
  const v1::Budget first = Agreed();
  facts_.budget = first;
  facts_.name = "people/p/budgets/3";
  v1::ReviseBudgetRequest lower = ReviseRequest(1140);
  *lower.mutable_reduction() = Evidence();
  const auto revised = DecideReviseBudget(facts_, lower, {National(), CouncilPolicy()}, kToday);
  ASSERT_TRUE(revised.ok()) << revised.status();
  EXPECT_EQ(revised->budget.revises(), first.name());
  EXPECT_TRUE(revised->changed.empty());
  facts_.others = {first};
  facts_.budget = Explained(*revised);
  facts_.name = "people/p/budgets/4";
  const auto agreed = DecideAgreeBudget(facts_, AgreeRequest(30400), {National(), CouncilPolicy()}, kToday);
  ASSERT_TRUE(agreed.ok()) << agreed.status();
  ASSERT_EQ(agreed->changed.size(), 2u);
  EXPECT_EQ(agreed->changed[1].name(), first.name());
  EXPECT_EQ(agreed->changed[1].effective_to_date(), "2025-07-06");
  EXPECT_EQ(agreed->changed[1].superseded_by(), "people/p/budgets/4");
}

TEST_F(Budgets, EachBasisIsFundedByTheKindOfBodyThatLawNames) {
  facts_.kinds["SUPPORTCO"] = v1::CALLER_KIND_PROVIDER;
  const struct {
    v1::FundingBasis basis;
    const char* organisation;
    const char* refused_by;
  } cases[] = {
      {v1::FUNDING_BASIS_CARE_ACT, kCouncil, nullptr},
      {v1::FUNDING_BASIS_CARE_ACT, kIcb, "BUDGET-CARE-ACT-COUNCIL-FUNDS"},
      {v1::FUNDING_BASIS_CARE_ACT, "UNKNOWN1", "BUDGET-CARE-ACT-COUNCIL-FUNDS"},
      {v1::FUNDING_BASIS_CHC, kIcb, nullptr},
      {v1::FUNDING_BASIS_CHC, kCouncil, "BUDGET-NHS-FUNDS"},
      {v1::FUNDING_BASIS_JOINT_PACKAGE, kCouncil, "BUDGET-NHS-FUNDS"},
      {v1::FUNDING_BASIS_FNC, kCouncil, "BUDGET-NHS-FUNDS"},
      {v1::FUNDING_BASIS_DISCRETIONARY_PHB, kCouncil, "BUDGET-NHS-FUNDS"},
      {v1::FUNDING_BASIS_SECTION_117, kCouncil, nullptr},
      {v1::FUNDING_BASIS_SECTION_117, kIcb, nullptr},
      {v1::FUNDING_BASIS_BCF_POOL, "SUPPORTCO", "BUDGET-COMMISSIONER-FUNDS"},
  };
  for (const auto& c : cases) {
    v1::CreateBudgetRequest request = CreateRequest();
    *request.mutable_components(0) = Hours("pa", 1200, 1600, {Share(c.organisation, c.basis, 1, 1)});
    const auto decision = DecideCreateBudget(facts_, request, {National(), CouncilPolicy()}, kToday);
    if (c.refused_by == nullptr) {
      EXPECT_TRUE(decision.ok()) << c.organisation << ": " << decision.status();
    } else {
      EXPECT_THAT(RulesOf(decision.status()), ElementsAre(c.refused_by)) << c.organisation;
    }
  }
}

TEST_F(Budgets, ADisabledFacilitiesGrantIsACouncilsAndPaidOnce) {
  const struct {
    v1::ComponentKind kind;
    const char* organisation;
    std::vector<std::string> refused_by;
  } cases[] = {
      {v1::COMPONENT_KIND_ONE_OFF, kCouncil, {}},
      {v1::COMPONENT_KIND_ONGOING, kCouncil, {"BUDGET-GRANT-PAID-ONCE"}},
      {v1::COMPONENT_KIND_ONE_OFF, kIcb, {"BUDGET-CARE-ACT-COUNCIL-FUNDS"}},
  };
  for (const auto& c : cases) {
    v1::CreateBudgetRequest request = CreateRequest();
    v1::BudgetComponent& lift = *request.mutable_components(0);
    lift = Hours("lift", c.kind == v1::COMPONENT_KIND_ONGOING ? 60 : 0, 500000,
                 {Share(c.organisation, v1::FUNDING_BASIS_DFG, 1, 1)});
    lift.set_kind(c.kind);
    const auto decision = DecideCreateBudget(facts_, request, {National(), CouncilPolicy()}, kToday);
    EXPECT_THAT(RulesOf(decision.status()), testing::ElementsAreArray(c.refused_by)) << c.organisation;
  }
}

TEST_F(Budgets, RestOnWhatAMoveEndedUntilTheSecondCouncilHasAssessed) {
  v1::Determination& first = *facts_.determinations[0].determination;
  first.set_state(v1::Determination::STATE_ENDED);
  first.set_end_reason(v1::Determination::END_REASON_MOVED);
  first.set_effective_to_date("2025-06-08");
  const auto refused_by = [&] {
    return RulesOf(
        DecideCreateBudget(facts_, CreateRequest(), {National(), CouncilPolicy()}, kToday).status());
  };
  EXPECT_THAT(refused_by(), IsEmpty());
  first.set_effective_to_date("2025-06-09");
  EXPECT_THAT(refused_by(), ElementsAre("BUDGET-DETERMINATION-DECIDED"))
      << "it holds on the day, and its end is decided";
  first.set_effective_to_date("2025-06-08");
  first.set_end_reason(v1::Determination::END_REASON_DECLINED);
  EXPECT_THAT(refused_by(), ElementsAre("BUDGET-DETERMINATION-DECIDED"));
  first.set_end_reason(v1::Determination::END_REASON_MOVED);
  first.set_outcome(v1::ELIGIBILITY_OUTCOME_NOT_ELIGIBLE);
  EXPECT_THAT(refused_by(), ElementsAre("BUDGET-DETERMINATION-DECIDED"));
  first.set_outcome(v1::ELIGIBILITY_OUTCOME_ELIGIBLE);
  first.set_regime(v1::ELIGIBILITY_REGIME_CHC);
  EXPECT_THAT(refused_by(), ElementsAre("BUDGET-DETERMINATION-DECIDED"));
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

TEST_F(Budgets, TheYearIsCountedByTheCouncilWhoseMoneyIsInIt) {
  EXPECT_EQ(WeeksDecidedBy(Created(), kIcb), kCouncil);
  v1::Budget nhs = Created();
  nhs.mutable_funder_totals()->DeleteSubrange(0, 1);
  EXPECT_EQ(WeeksDecidedBy(nhs, kIcb), kIcb);
}

TEST_F(Budgets, NoneBeginsAfterDeath) {
  facts_.death_date = "2025-05-30";
  EXPECT_THAT(
      RulesOf(DecideCreateBudget(facts_, CreateRequest(), {National(), CouncilPolicy()}, kToday).status()),
      ElementsAre("BUDGET-PERSON-ALIVE"));
}

}  // namespace
}  // namespace ipb::allocation
