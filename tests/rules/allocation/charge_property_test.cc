// What holds for every person, whatever their means.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "common/dates/civil.h"
#include "services/allocation/rules/charge.h"
#include "services/allocation/rules/shares.h"
#include "tests/rules/allocation/fixtures.h"

namespace ipb::allocation {
namespace {

constexpr int kPeople = 3000;
const absl::CivilDay kDay(2025, 6, 1);

class AnyPerson : public testing::Test {
 protected:
  int64_t Below(int64_t limit) { return std::uniform_int_distribution<int64_t>(0, limit - 1)(random_); }

  // Whether the kind can be received beside what is listed.
  bool GoesWith(const v1::FinancialFacts& facts, v1::IncomeKind kind) const {
    return std::none_of(facts.income().begin(), facts.income().end(), [&](const v1::IncomeItem& item) {
      if (item.kind() == kind) return rates_.single_incomes[kind];
      return std::any_of(rates_.exclusive_incomes.begin(), rates_.exclusive_incomes.end(),
                         [&](const v1::ExclusiveIncomes* row) {
                           return (row->kind() == kind && row->other_kind() == item.kind()) ||
                                  (row->kind() == item.kind() && row->other_kind() == kind);
                         });
    });
  }

  void AddAnyStay(v1::FinancialFacts& facts) {
    if (Below(2) == 0) return;
    v1::ResidentialStay& stay = *facts.mutable_stay();
    stay.set_setting(static_cast<v1::CareSetting>(2 + Below(3)));
    stay.set_first_date(dates::Format(kDay - Below(300)));
    stay.set_expected_last_date(dates::Format(dates::Checked(stay.first_date()) + Below(50)));
    stay.set_returns_home(Below(2) == 0);
    AddCapital(facts, v1::CAPITAL_KIND_MAIN_HOME, Below(40000000));
    facts.mutable_capital(facts.capital_size() - 1)->set_occupier(static_cast<v1::HomeOccupier>(Below(6)));
  }

  v1::FinancialFacts Facts() {
    v1::FinancialFacts facts = Single(Below(2) == 0 ? "1950-01-01" : "1980-01-01");
    const bool couple = Below(3) == 0;
    if (couple) {
      facts.mutable_household()->set_relationship(v1::RELATIONSHIP_COUPLE);
      facts.mutable_household()->set_partner_birth_date("1985-01-01");
    }
    if (Below(2) == 0)
      facts.mutable_household()->add_benefits(v1::QUALIFYING_BENEFIT_PIP_DAILY_LIVING_ENHANCED);
    for (int64_t i = Below(5); i > 0; --i) {
      const auto kind = static_cast<v1::IncomeKind>(1 + Below(v1::IncomeKind_MAX));
      if (!GoesWith(facts, kind)) continue;
      AddIncome(facts, kind, Below(30000));
      v1::IncomeItem& item = *facts.mutable_income(facts.income_size() - 1);
      item.set_joint(couple && Below(3) == 0);
      item.set_passed_to_partner(couple && Below(3) == 0);
    }
    AddCapital(facts, v1::CAPITAL_KIND_SAVINGS, Below(2600000));
    AddAnyStay(facts);
    v1::DisabilityExpense* expense = facts.add_disability_expenses();
    expense->set_weekly_pence(Below(3000));
    expense->set_evidenced(true);
    return facts;
  }

  v1::ChargeCalculation Charge(const v1::FinancialFacts& facts, int64_t care_act_pence, int64_t nhs_pence) {
    v1::EvaluateChargeRequest request;
    *request.mutable_facts() = facts;
    v1::ChargeLine* council = request.add_lines();
    council->set_basis(v1::FUNDING_BASIS_CARE_ACT);
    council->set_weekly_pence(care_act_pence);
    v1::ChargeLine* nhs = request.add_lines();
    nhs->set_basis(v1::FUNDING_BASIS_JOINT_PACKAGE);
    nhs->set_weekly_pence(nhs_pence);
    explain::Trace trace;
    const auto charge = DecideCharge(request.facts(), request.lines(), rates_, trace);
    EXPECT_TRUE(charge.ok()) << charge.status();
    return charge.ok() ? *charge : v1::ChargeCalculation();
  }

  const ChargingRates rates_ = RatesOn(kDay, {National(), CouncilPolicy()});
  std::mt19937_64 random_{20260406};
};

TEST_F(AnyPerson, KeepsTheProtectedAmountAndNeverPaysMoreThanTheCost) {
  for (int i = 0; i < kPeople; ++i) {
    const v1::FinancialFacts facts = Facts();
    const int64_t cost = Below(60000);
    const v1::ChargeCalculation charge = Charge(facts, cost, Below(60000));
    EXPECT_GE(charge.charge_weekly_pence(), 0);
    EXPECT_LE(charge.charge_weekly_pence(), cost);
    EXPECT_EQ(charge.charge_weekly_pence() + charge.council_pays_weekly_pence(), cost);
    const v1::MeansTest& means = charge.means_test();
    if (means.outcome() != v1::MEANS_OUTCOME_ASSESSED || charge.charge_weekly_pence() == 0) continue;
    EXPECT_GE(means.assessable_weekly_pence() - charge.charge_weekly_pence(),
              means.guarantee_weekly_pence() + means.personal_expenses_weekly_pence() +
                  means.housing_costs_weekly_pence() + means.disability_expenses_weekly_pence())
        << facts.ShortDebugString();
  }
}

TEST_F(AnyPerson, PaysNoLessWithMoreCapital) {
  for (int i = 0; i < kPeople; ++i) {
    v1::FinancialFacts facts = Facts();
    const int64_t cost = Below(60000);
    const int64_t before = Charge(facts, cost, 0).charge_weekly_pence();
    facts.mutable_capital(0)->set_value_pence(facts.capital(0).value_pence() + Below(500000));
    EXPECT_GE(Charge(facts, cost, 0).charge_weekly_pence(), before) << facts.ShortDebugString();
  }
}

// What nobody reads the reasons of is decided alike.
TEST_F(AnyPerson, PaysTheSameWithoutReasons) {
  for (int i = 0; i < kPeople; ++i) {
    const v1::FinancialFacts facts = Facts();
    ChargeLines lines;
    lines.Add()->set_basis(v1::FUNDING_BASIS_CARE_ACT);
    lines.Mutable(0)->set_weekly_pence(1 + Below(60000));
    explain::Trace kept, silent = explain::Trace::Silent();
    const auto with = DecideCharge(facts, lines, rates_, kept);
    const auto without = DecideCharge(facts, lines, rates_, silent);
    ASSERT_TRUE(with.ok() && without.ok()) << with.status() << without.status();
    EXPECT_EQ(with->SerializeAsString(), without->SerializeAsString());
    EXPECT_FALSE(kept.empty());
    EXPECT_TRUE(silent.empty());
  }
}

TEST_F(AnyPerson, PaysTheSameWhateverTheNhsPays) {
  for (int i = 0; i < kPeople / 3; ++i) {
    const v1::FinancialFacts facts = Facts();
    const int64_t cost = 1 + Below(60000);
    const v1::ChargeCalculation without = Charge(facts, cost, 0), with = Charge(facts, cost, Below(1000000));
    EXPECT_EQ(without.charge_weekly_pence(), with.charge_weekly_pence());
    EXPECT_EQ(without.council_pays_weekly_pence(), with.council_pays_weekly_pence());
    EXPECT_EQ(Charge(facts, 0, Below(1000000)).charge_weekly_pence(), 0);
  }
}

TEST_F(AnyPerson, SharesTieToThePenny) {
  for (int i = 0; i < kPeople; ++i) {
    v1::BudgetComponent component;
    const int64_t denominator = 1 + Below(997);
    int64_t left = denominator;
    for (int funder = 0; funder < 4; ++funder) {
      const int64_t part = funder == 3 ? left : Below(left + 1);
      left -= part;
      *component.add_shares() =
          Share("ORG" + std::to_string(funder), v1::FUNDING_BASIS_SECTION_117, part, denominator);
    }
    component.set_weekly_pence(Below(10000000));
    component.set_one_off_pence(Below(10000000));
    ASSERT_TRUE(SplitBetweenFunders(component).ok());
    int64_t weekly = 0, one_off = 0;
    for (const v1::FunderAmount& amount : component.funder_amounts()) {
      weekly += amount.weekly_pence();
      one_off += amount.one_off_pence();
    }
    EXPECT_EQ(weekly, component.weekly_pence());
    EXPECT_EQ(one_off, component.one_off_pence());
  }
}

}  // namespace
}  // namespace ipb::allocation
