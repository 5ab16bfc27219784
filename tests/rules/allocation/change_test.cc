// What cases of changes do not tell: sums that do not fit, and facts that no handler would bring.
#include "services/allocation/rules/change.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/errors/errors.h"
#include "services/allocation/rules/adjustment.h"
#include "services/allocation/rules/ending.h"
#include "services/allocation/rules/hand_over.h"
#include "services/allocation/rules/rederivation.h"
#include "tests/rules/allocation/fixtures.h"
#include "tests/support/text.h"

namespace ipb::allocation {
namespace {

using ::testing::ElementsAre;
using testing::Text;

constexpr int64_t kMost = INT64_MAX;
const absl::CivilDay kFirst(2025, 6, 9);

v1::ErrorReason ReasonOf(const absl::Status& status) { return errors::ReasonOf(status); }

// A component of the council's alone, or of two in halves.
v1::BudgetComponent Component(int64_t weekly_pence, int funders = 1) {
  v1::BudgetComponent component = Hours("pa", 60, 0, {});
  component.set_unit_rate("hour");
  component.set_weekly_pence(weekly_pence);
  for (int i = 0; i < funders; ++i) {
    const char* organisation = i == 0 ? kCouncil : kIcb;
    const v1::FundingBasis basis = i == 0 ? v1::FUNDING_BASIS_CARE_ACT : v1::FUNDING_BASIS_JOINT_PACKAGE;
    *component.add_shares() = Share(organisation, basis, 1, funders);
    v1::FunderAmount* amount = component.add_funder_amounts();
    amount->set_organisation(organisation);
    amount->set_basis(basis);
    amount->set_weekly_pence(weekly_pence / funders);
  }
  return component;
}

v1::BudgetChange Price(int64_t unit_rate_pence) {
  v1::BudgetChange change =
      Text<v1::BudgetChange>("effective_from_date: '2025-06-09' prices { component_id: 'pa' }");
  change.mutable_prices(0)->set_unit_rate_pence(unit_rate_pence);
  return change;
}

// What the council pays grows by a part, and what the ICB pays by another; 0 for not at all.
v1::BudgetChange Uplift(int64_t council, int64_t icb, int64_t denominator) {
  v1::BudgetChange change = Text<v1::BudgetChange>("effective_from_date: '2025-06-09'");
  const auto add = [&](const char* organisation, v1::FundingBasis basis, int64_t numerator) {
    v1::UpliftedShare* share = change.add_uplifted();
    share->set_component_id("pa");
    share->set_organisation(organisation);
    share->set_basis(basis);
    share->mutable_part()->set_numerator(numerator);
    share->mutable_part()->set_denominator(denominator);
  };
  add(kCouncil, v1::FUNDING_BASIS_CARE_ACT, council);
  add(kIcb, v1::FUNDING_BASIS_JOINT_PACKAGE, icb);
  return change;
}

v1::BudgetChange Funding(const std::string& component_id, int64_t numerator, int64_t denominator) {
  v1::BudgetChange change = Text<v1::BudgetChange>("effective_from_date: '2025-06-09' funding {}");
  change.mutable_funding(0)->set_component_id(component_id);
  *change.mutable_funding(0)->add_shares() = Share(kIcb, v1::FUNDING_BASIS_CHC, numerator, denominator);
  return change;
}

absl::Status Apply(const v1::BudgetChange& change, v1::BudgetComponent component) {
  explain::Trace trace;
  return ApplyChange(change, absl::MakeSpan(&component, 1), trace);
}

TEST(Change, RefusesWhatDoesNotFit) {
  v1::BudgetComponent uneven = Component(100, 2);
  v1::BudgetComponent odd = Component(kMost - 1);
  odd.mutable_funder_amounts(0)->set_weekly_pence(0);
  const struct {
    const char* name;
    v1::BudgetChange change;
    v1::BudgetComponent component;
  } cases[] = {
      {"a price", Price(kMost),
       [] {
         v1::BudgetComponent many = Component(0);
         many.set_minutes_per_week(100800);
         return many;
       }()},
      {"a share that grows", Uplift(3, 0, 1), Component(kMost - 1, 2)},
      {"a share and what it grows by", Uplift(1, 0, 1), Component(kMost - 1)},
      {"a component that grows", Uplift(3, 0, 1), odd},
      {"a component and what it grows by", Uplift(1, 0, 1), odd},
      {"the sum of shares", Uplift(9, 0, 10), Component(kMost - 1, 2)},
      {"shares as fractions", Uplift(1, 0, 1000), Component(2'000'000'000'078, 2)},
  };
  for (const auto& one : cases) {
    EXPECT_EQ(ReasonOf(Apply(one.change, one.component)), v1::ERROR_REASON_MONEY_OVERFLOW) << one.name;
  }
}

TEST(Change, RefusesSharesThatAreNotTheWhole) {
  v1::BudgetComponent half = Component(100);
  half.mutable_shares(0)->mutable_share()->set_denominator(2);
  for (const v1::BudgetChange& change : {Price(100), Uplift(1, 0, 10), Funding("pa", 1, 2)}) {
    EXPECT_TRUE(absl::IsInvalidArgument(Apply(change, half))) << change.ShortDebugString();
  }
}

TEST(Change, PassesOverWhatIsNotThereOrPaysNothing) {
  EXPECT_TRUE(Apply(Funding("gone", 1, 2), Component(100)).ok());
  EXPECT_TRUE(Apply(Uplift(1, 0, 10), Component(0)).ok());
}

v1::Budget Budget(const std::string& name, std::vector<v1::BudgetComponent> components) {
  v1::Budget budget = Text<v1::Budget>(
      "plan: 'people/p/plans/1' state: STATE_AGREED mode: MODE_LIVE effective_from_date: '2025-06-09'");
  budget.set_name(name);
  for (v1::BudgetComponent& component : components) *budget.add_components() = std::move(component);
  return budget;
}

absl::Status Adjusted(const v1::Budget& before, v1::Budget made, std::optional<absl::CivilDay> overrun = {}) {
  explain::Trace trace;
  const AdjustmentBasis basis = {.start = kFirst, .last = kFirst + 13, .overrun_until = overrun};
  return Adjust(absl::MakeConstSpan(&before, 1), basis, made, trace);
}

TEST(Adjustment, RefusesWhatDoesNotFit) {
  const v1::Budget nothing = Budget("a", {});
  const v1::Budget much = Budget("b", {Component(kMost)});
  const v1::Budget twice_much = Budget("e", {Component(kMost), Component(kMost)});
  const v1::Budget sums = Budget("c", {Component(kMost / 3), Component(kMost / 3)});
  v1::BudgetComponent other = Component(kMost / 3);
  other.mutable_shares(0)->set_basis(v1::FUNDING_BASIS_SECTION_117);
  other.mutable_funder_amounts(0)->set_basis(v1::FUNDING_BASIS_SECTION_117);
  v1::Budget pays = nothing;
  pays.set_contribution_weekly_pence(kMost);
  v1::Budget pays_less = nothing;
  pays_less.set_contribution_weekly_pence(kMost / 3);
  const struct {
    const char* name;
    absl::Status status;
  } cases[] = {
      {"what was owed", Adjusted(much, nothing)},
      {"what is owed", Adjusted(nothing, much)},
      {"what is owed of an overrun", Adjusted(nothing, twice_much, kFirst + 7)},
      {"the sum of what was owed", Adjusted(sums, nothing)},
      {"the sum of what is owed", Adjusted(nothing, sums)},
      {"what a body owes on two bases", Adjusted(nothing, Budget("d", {Component(kMost / 3), other}))},
      {"what the person paid", Adjusted(pays, nothing)},
      {"what the person pays", Adjusted(nothing, pays)},
  };
  for (const auto& one : cases) EXPECT_EQ(ReasonOf(one.status), v1::ERROR_REASON_MONEY_OVERFLOW) << one.name;
  explain::Trace trace;
  v1::Budget made = nothing;
  const std::vector<v1::Budget> twice = {pays_less, pays_less};
  EXPECT_EQ(ReasonOf(Adjust(twice, {.start = kFirst, .last = kFirst + 13}, made, trace)),
            v1::ERROR_REASON_MONEY_OVERFLOW);
}

v1::FundingAdjustment Difference(const std::string& organisation, int64_t pence) {
  v1::FundingAdjustment adjustment;
  adjustment.set_organisation(organisation);
  adjustment.set_difference_pence(pence);
  return adjustment;
}

TEST(Adjustment, IsNotOfWhatIsNotPaidByTheWeek) {
  v1::Budget once = Budget("a", {Component(0), Component(700)});
  explain::Trace trace;
  ASSERT_TRUE(Adjust({}, {.start = kFirst, .last = kFirst + 6}, once, trace).ok());
  ASSERT_EQ(once.adjustments_size(), 1);
  EXPECT_EQ(once.adjustments(0).after_pence(), 700);
}

TEST(Adjustment, BodiesPayEachOtherInTurn) {
  const std::vector<v1::FundingAdjustment> differences = {Difference("A", 10), Difference("C", -7),
                                                          Difference("B", 5), Difference("D", -8)};
  std::vector<std::string> told;
  const auto recharges = RechargesOf(differences);
  ASSERT_TRUE(recharges.ok()) << recharges.status();
  for (const v1::Recharge& one : *recharges) {
    told.push_back(one.from_organisation() + one.to_organisation() + std::to_string(one.amount_pence()));
  }
  EXPECT_THAT(told, ElementsAre("AC7", "AD3", "BD5"));
  const std::vector<v1::FundingAdjustment> of_one = {Difference("A", kMost), Difference("A", 1)};
  EXPECT_FALSE(RechargesOf(of_one).ok());
  const std::vector<v1::FundingAdjustment> of_two = {Difference("A", kMost), Difference("B", 1)};
  EXPECT_FALSE(RechargesOf(of_two).ok());
}

class Changes : public ::testing::Test {
 protected:
  Changes() {
    facts_.decision = PanelDecision("2025-07-07");
    facts_.budget = Budget("people/p/budgets/1", {Component(36000)});
    facts_.budget.set_charge_assessed(true);
    facts_.funders.kinds = ExampleKinds();
    facts_.determinations = {Determined("people/p/determinations/1")};
    v1::FinancialAssessment& means = facts_.assessments.emplace_back();
    means.set_organisation(kCouncil);
    means.set_effective_from_date("2025-04-06");
    means.mutable_result()->set_outcome(v1::MEANS_OUTCOME_ASSESSED);
    local_.add_weeks_conventions()->set_days_or_weeks(52);
    local_.mutable_weeks_conventions(0)->set_divisor(1);
  }

  absl::StatusOr<ChangeDecision> Decide(const std::vector<v1::BudgetChange>& changes,
                                        const v1::AllocationPolicy& national = National()) {
    return DecideChanges(facts_, changes, {national, local_}, kToday, mint_);
  }
  absl::StatusOr<ChangeDecision> HandOver(const std::string& day) {
    auto request = Text<v1::HandOverFundingRequest>(
        "determinations: 'people/p/determinations/1' funding { component_id: 'pa' }");
    *request.mutable_funding(0)->add_shares() = Share(kCouncil, v1::FUNDING_BASIS_CARE_ACT, 1, 2);
    *request.mutable_funding(0)->add_shares() = Share(kCouncil, v1::FUNDING_BASIS_SECTION_117, 1, 2);
    request.set_effective_from_date(day);
    return DecideHandOver(facts_, request, {National(), local_}, kToday, mint_);
  }
  absl::StatusOr<ChangeDecision> Rederive() {
    return DecideRederivation(facts_, {National(), local_}, kToday, mint_);
  }

  const absl::CivilDay kToday{2025, 7, 7};
  BudgetFacts facts_;
  v1::AllocationPolicy local_;
  int minted_ = 1;
  std::function<std::string()> mint_ = [this] { return "people/p/budgets/" + std::to_string(++minted_); };
};

TEST_F(Changes, KeepWhatTheBudgetWasAgreedWith) {
  facts_.budget.mutable_reduction()->set_evidence("case 7");
  facts_.budget.mutable_urgent_need()->set_reasons("His wife is in hospital.");
  const auto decision = Decide({Price(1900)});
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->made[0].budget.reduction().evidence(), "case 7");
  EXPECT_EQ(decision->made[0].budget.urgent_need().reasons(), "His wife is in hospital.");
}

TEST_F(Changes, LeaveAloneOtherBudgetsAndWhatNeverHeld) {
  facts_.others.push_back(Budget("people/p/budgets/20", {Component(kMost)}));
  v1::Budget& never = facts_.others.emplace_back(Budget("people/p/budgets/10", {Component(kMost)}));
  never.set_agreed_budget(facts_.budget.name());
  never.set_effective_to_date("2025-06-08");
  const auto decision = Decide({Price(1900)});
  ASSERT_TRUE(decision.ok()) << decision.status();
  ASSERT_EQ(decision->changed.size(), 1u);
  EXPECT_EQ(decision->changed[0].name(), facts_.budget.name());
}

TEST_F(Changes, RefuseWhatDoesNotFitOrHasNoRate) {
  EXPECT_TRUE(absl::IsInvalidArgument(Decide({Funding("pa", 1, 2)}).status()));
  facts_.budget.mutable_components(0)->set_weekly_pence(kMost / 40);
  EXPECT_EQ(ReasonOf(Decide({Uplift(1, 0, 1000000000)}).status()), v1::ERROR_REASON_MONEY_OVERFLOW)
      << "a year of it does not fit";
  facts_.budget.mutable_components(0)->set_weekly_pence(100);
  v1::BudgetComponent& free = *facts_.budget.mutable_components(0);
  free.set_no_charge_basis(v1::NO_CHARGE_BASIS_REABLEMENT);
  free.set_no_charge_from_date("2025-06-09");
  EXPECT_EQ(ReasonOf(Decide({Price(1900)}, {}).status()), v1::ERROR_REASON_NO_RATE);
}

TEST_F(Changes, RefuseWhatWasOwedWhereItDoesNotFit) {
  v1::Budget& before = facts_.others.emplace_back(Budget("people/p/budgets/0", {Component(kMost)}));
  before.set_agreed_budget(facts_.budget.name());
  before.set_effective_to_date("2025-06-29");
  EXPECT_EQ(ReasonOf(Decide({Price(1900)}).status()), v1::ERROR_REASON_MONEY_OVERFLOW);
}

TEST_F(Changes, RefuseWhatCannotBeWorkedOutWithoutALateHandOver) {
  facts_.budget.mutable_components(0)->mutable_shares(0)->mutable_share()->set_denominator(2);
  v1::BudgetChange late = Funding("pa", 1, 1);
  late.set_recorded_date("2025-07-07");
  EXPECT_TRUE(absl::IsInvalidArgument(Decide({late, Price(1900)}).status()));
  facts_.budget = Budget("people/p/budgets/1", {Component(36000)});
  v1::BudgetComponent& free = *facts_.budget.mutable_components(0);
  free.set_no_charge_basis(v1::NO_CHARGE_BASIS_REABLEMENT);
  free.set_no_charge_from_date("2025-06-09");
  EXPECT_EQ(ReasonOf(Decide({late}, {}).status()), v1::ERROR_REASON_NO_RATE)
      << "of the day when the council paid";
}

TEST_F(Changes, AreOfAnAgreedBudgetByADecisionOfToday) {
  facts_.decision.set_decision_date("2025-07-08");
  EXPECT_EQ(ReasonOf(HandOver("2025-07-07").status()), v1::ERROR_REASON_INVALID_FIELD);
  EXPECT_EQ(ReasonOf(Rederive().status()), v1::ERROR_REASON_INVALID_FIELD);
  facts_.budget.set_state(v1::Budget::STATE_ENDED);
  EXPECT_EQ(ReasonOf(HandOver("2025-07-07").status()), v1::ERROR_REASON_WRONG_STATE);
  EXPECT_EQ(ReasonOf(Rederive().status()), v1::ERROR_REASON_WRONG_STATE);
}

TEST_F(Changes, OfFundingStandBackBehindAnotherBudgetOfTheSameFunder) {
  v1::Budget& other = facts_.others.emplace_back(Budget("people/p/budgets/9", {}));
  v1::FunderAmount* total = other.add_funder_totals();
  total->set_organisation(kCouncil);
  total->set_basis(v1::FUNDING_BASIS_SECTION_117);
  EXPECT_THAT(RulesOf(HandOver("2025-07-07").status()), ::testing::Contains("BUDGET-ONE-LIVE"));
}

TEST_F(Changes, OfPricesPassOverWhatWasAgreedOtherwise) {
  v1::UnitRate* price = local_.add_unit_rates();
  price->set_code("hour");
  price->set_unit(v1::COST_UNIT_HOUR);
  price->set_unit_pence(1900);
  facts_.budget.mutable_components(0)->set_unit_rate_pence(1800);
  EXPECT_THAT(RulesOf(Rederive().status()), ElementsAre("REDERIVE-NOTHING"))
      << "360.00 for an hour was agreed";
  facts_.budget.mutable_components(0)->set_unit_rate_pence(kMost);
  facts_.budget.mutable_components(0)->set_minutes_per_week(100800);
  EXPECT_THAT(RulesOf(Rederive().status()), ElementsAre("REDERIVE-NOTHING"));
}

TEST_F(Changes, ThatWereToComeNeverHoldWhereFundingEndsBefore) {
  const auto decision = Decide({[] {
    v1::BudgetChange later = Price(1900);
    later.set_effective_from_date("2025-08-04");
    return later;
  }()});
  ASSERT_TRUE(decision.ok()) << decision.status();
  facts_.others = decision->changed;
  facts_.budget = decision->made[0].budget;
  facts_.death_date = "2025-07-06";
  auto end = Text<v1::EndFundingRequest>("effective_to_date: '2025-07-06' end_reason: END_REASON_DEATH");
  const auto ended = DecideEndFunding(facts_, end, kToday);
  ASSERT_TRUE(ended.ok()) << ended.status();
  EXPECT_EQ(ended->budget.name(), "people/p/budgets/1");
  ASSERT_EQ(ended->changed.size(), 1u);
  EXPECT_EQ(ended->changed[0].effective_to_date(), "2025-08-03");
  end.set_effective_to_date("2025-06-08");
  EXPECT_EQ(ReasonOf(DecideEndFunding(facts_, end, kToday).status()), v1::ERROR_REASON_INVALID_FIELD);
}

}  // namespace
}  // namespace ipb::allocation
