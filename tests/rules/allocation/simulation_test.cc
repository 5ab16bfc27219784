// Simulating a policy over many people: what is summed up, who gains and who loses, and what cannot be worked
// out.
#include "services/allocation/rules/simulation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/errors/errors.h"
#include "services/allocation/rules/charge.h"
#include "services/allocation/rules/indicative_amount.h"
#include "services/allocation/simulate/chart.h"
#include "services/allocation/simulate/table.h"
#include "tests/rules/allocation/fixtures.h"
#include "tests/support/text.h"

namespace ipb::allocation {
namespace {

using ::testing::HasSubstr;

const absl::CivilDay kDay(2025, 6, 1);

class Simulations : public ::testing::Test {
 protected:
  Simulations() { candidate_.mutable_guarantee_additions(0)->set_weekly_pence(2500); }

  Simulation Begin() {
    auto made = Simulation::Make(kDay, {National(), CouncilPolicy()}, {National(), candidate_});
    EXPECT_TRUE(made.ok()) << made.status();
    return *std::move(made);
  }

  // A single person of 45 with so much a week besides what is kept for them, whose support costs £300.
  v1::SimulationCase Case(const std::string& key, int64_t income_pence) {
    v1::SimulationCase one;
    one.set_key(key);
    *one.mutable_facts() = Single("1980-01-01");
    AddIncome(*one.mutable_facts(), v1::INCOME_KIND_OTHER, income_pence);
    one.add_lines()->set_basis(v1::FUNDING_BASIS_CARE_ACT);
    one.mutable_lines(0)->set_weekly_pence(30000);
    return one;
  }

  // Somebody of 30 points by the example council's table, without anything else.
  static v1::SimulationCase Asking(const std::string& key) {
    return testing::Text<v1::SimulationCase>(
        absl::StrCat("key: '", key, "' needs { table: 'adults-at-home' ", R"(
      answers { question: 'washing-and-dressing' answer: 'much-help' }
      answers { question: 'meals' answer: 'some-help' }
      answers { question: 'continence' answer: 'some-help' }
      answers { question: 'moving-about' answer: 'some-help' }
      answers { question: 'nights' answer: 'no-help' }
      answers { question: 'going-out' answer: 'no-help' } })"));
  }
  // What is considered makes 30 points worth so much, which are worth 245.00 now.
  void ConsiderThirtyPointsWorth(int64_t weekly_pence) {
    for (v1::PricePoint& price : *candidate_.mutable_allocation_tables(0)->mutable_price_points()) {
      if (price.points() == 30) price.set_weekly_pence(weekly_pence);
    }
  }

  v1::SimulationReport ReportOf(const std::vector<v1::SimulationCase>& cases) {
    Simulation simulation = Begin();
    for (const v1::SimulationCase& one : cases) EXPECT_TRUE(simulation.Add(one).ok());
    auto report = simulation.Report();
    EXPECT_TRUE(report.ok()) << report.status();
    return *report;
  }

  // The council adds 25.00 where it added 5.00.
  v1::AllocationPolicy candidate_ = CouncilPolicy();
};

// Kept now: 112.50 + 5.00; kept under what is considered: 112.50 + 25.00.
TEST_F(Simulations, SumUpWhatIsPaidAndWhoGains) {
  const v1::SimulationGroup whole =
      ReportOf({Case("nothing", 10000), Case("a little", 12000), Case("enough", 20000)}).whole();
  EXPECT_EQ(whole.current().cases(), 3);
  EXPECT_EQ(whole.current().paying(), 2);
  EXPECT_EQ(whole.current().charge_weekly_pence(), 250 + 8250);
  EXPECT_EQ(whole.candidate().charge_weekly_pence(), 0 + 6250);
  EXPECT_EQ(whole.candidate().paying(), 1);
  EXPECT_EQ(whole.current().council_cost_weekly_pence(), 90000);
  EXPECT_EQ(whole.candidate().council_pays_weekly_pence(), 90000 - 6250);
  EXPECT_EQ(whole.candidate().council_pays_annual_pence(), (90000 - 6250) * 52);
  EXPECT_EQ(whole.better_off(), 2);
  EXPECT_EQ(whole.better_off_weekly_pence(), 250 + 2000);
  EXPECT_EQ(whole.worse_off(), 0);
  EXPECT_EQ(whole.unchanged(), 1);
}

TEST_F(Simulations, SortChangesIntoBands) {
  candidate_.mutable_guarantee_additions(0)->set_weekly_pence(0);
  const v1::SimulationGroup whole =
      ReportOf({Case("same", 10000), Case("50p more", 11300), Case("£5 more", 20000)}).whole();
  int64_t same = 0, more = 0, all = 0;
  for (const v1::SimulationBand& band : whole.change_bands()) {
    all += band.cases();
    if (band.from() == 0) same += band.cases();
    if (band.from() > 0) more += band.cases();
  }
  EXPECT_EQ(all, 3);
  EXPECT_EQ(same, 1);
  EXPECT_EQ(more, 2);
  EXPECT_EQ(whole.worse_off(), 2);
  EXPECT_EQ(whole.worse_off_weekly_pence(), 50 + 500);
}

TEST_F(Simulations, TellCohortsApart) {
  v1::SimulationCase young = Case("young", 20000), old = Case("old", 10000);
  young.set_cohort("working-age");
  old.set_cohort("pension-age");
  const v1::SimulationReport report = ReportOf({young, old, young});
  EXPECT_EQ(report.whole().current().cases(), 3);
  ASSERT_EQ(report.cohorts_size(), 2);
  EXPECT_EQ(report.cohorts(0).cohort(), "working-age");
  EXPECT_EQ(report.cohorts(0).current().cases(), 2);
  EXPECT_EQ(report.cohorts(1).current().cases(), 1);
}

TEST_F(Simulations, RefuseACohortTooMany) {
  Simulation simulation = Begin();
  v1::SimulationCase one = Case("", 10000);
  for (int i = 0; i < 100; ++i) {
    one.set_cohort(absl::StrCat("cohort-", i));
    ASSERT_TRUE(simulation.Add(one).ok()) << i;
  }
  one.set_cohort("one-more");
  v1::SimulatedCase simulated;
  EXPECT_EQ(errors::ReasonOf(simulation.Add(one)), v1::ERROR_REASON_INVALID_FIELD);
  EXPECT_EQ(errors::ReasonOf(simulation.AddExplained(one, "allocation/3", "policy", simulated)),
            v1::ERROR_REASON_INVALID_FIELD);
}

TEST_F(Simulations, CountWhatAPolicyCannotDecide) {
  candidate_ = CouncilPolicy();
  v1::SimulationCase child = Case("a-child", 10000), twice = Case("twice", 10000);
  child.mutable_facts()->mutable_household()->set_birth_date("2012-01-01");
  AddIncome(*twice.mutable_facts(), v1::INCOME_KIND_UNIVERSAL_CREDIT, 1000);
  AddIncome(*twice.mutable_facts(), v1::INCOME_KIND_UNIVERSAL_CREDIT, 1000);
  const v1::SimulationTotals totals = ReportOf({twice, child, Case("fine", 10000), twice}).whole().current();
  EXPECT_EQ(totals.cases(), 1);
  EXPECT_EQ(totals.refused(), 3);
  ASSERT_EQ(totals.refusals_size(), 2);
  EXPECT_EQ(totals.refusals(0).cases(), 2);
  EXPECT_EQ(totals.refusals(0).first_key(), "twice");
  EXPECT_THAT(totals.refusals(0).message(), HasSubstr("INCOME-TWICE"));
  EXPECT_EQ(totals.refusals(1).first_key(), "a-child");
}

TEST_F(Simulations, KeepTheReasonsOfRefusalFew) {
  std::vector<v1::SimulationCase> cases;
  for (int i = 0; i < 50; ++i) {
    // Each names another item of capital.
    v1::SimulationCase& one = cases.emplace_back(Case(absl::StrCat("case-", i), 0));
    for (int before = 0; before < i; ++before) {
      AddCapital(*one.mutable_facts(), v1::CAPITAL_KIND_SAVINGS, 0);
    }
    AddCapital(*one.mutable_facts(), v1::CAPITAL_KIND_PERSONAL_INJURY_AWARD, 1);
  }
  const v1::SimulationTotals totals = ReportOf(cases).whole().current();
  EXPECT_EQ(totals.refused(), 50);
  EXPECT_LE(totals.refusals_size(), 20);
  int64_t counted = 0;
  for (const v1::SimulationRefusal& refusal : totals.refusals()) counted += refusal.cases();
  EXPECT_EQ(counted, 50);
}

TEST_F(Simulations, CompareWhatWasForetoldWithWhatCame) {
  v1::SimulationCase spent = Case("spent", 10000), unknown = Case("unknown", 10000);
  spent.set_indicative_weekly_pence(10000);
  spent.set_agreed_weekly_pence(12000);
  spent.set_spent_weekly_pence(9000);
  const v1::SimulationGroup whole = ReportOf({spent, unknown}).whole();
  EXPECT_EQ(whole.agreed_of_indicative().cases(), 1);
  EXPECT_EQ(whole.agreed_of_indicative().foretold_weekly_pence(), 10000);
  EXPECT_EQ(whole.agreed_of_indicative().came_weekly_pence(), 12000);
  EXPECT_EQ(whole.spent_of_agreed().came_weekly_pence(), 9000);
  for (const v1::SimulationBand& band : whole.agreed_of_indicative().percent_bands()) {
    EXPECT_EQ(band.cases(), band.from() <= 120 && 120 < band.to() ? 1 : 0) << band.ShortDebugString();
  }
}

TEST_F(Simulations, PriceNeedsByTheTablesOfBothPolicies) {
  ConsiderThirtyPointsWorth(26000);
  v1::SimulationCase both = Asking("both"), supported = Asking("supported");
  *both.mutable_lines() = Case("", 0).lines();
  *both.mutable_facts() = Case("", 12000).facts();
  // A carer does all of the 14 points of washing and dressing: 16 are left, which are worth the first
  // fifteenth of the way from the price of 15 to that of 30.
  *supported.mutable_needs()->add_informal_support() = testing::Text<v1::InformalSupport>(R"(
      question: 'washing-and-dressing' part { numerator: 1 denominator: 1 }
      carer_willing_and_able: true agreed_date: '2025-05-01')");
  const v1::SimulationGroup whole = ReportOf({both, supported, Case("no needs", 12000)}).whole();
  EXPECT_EQ(whole.current().cases(), 3);
  EXPECT_EQ(whole.current().indicative_cases(), 2);
  EXPECT_EQ(whole.current().indicative_weekly_pence(), 24500 + (9000 + 1033));
  EXPECT_EQ(whole.candidate().indicative_weekly_pence(), 26000 + (9000 + 1133));
  EXPECT_EQ(whole.candidate().indicative_annual_pence(), (26000 + 10133) * 52);
  EXPECT_EQ(whole.current().charge_weekly_pence(), 2 * 250);
  EXPECT_EQ(whole.indicative().more(), 2);
  EXPECT_EQ(whole.indicative().more_weekly_pence(), 1500 + 100);
  EXPECT_EQ(whole.indicative().less() + whole.indicative().unchanged(), 0);
  for (const v1::SimulationBand& band : whole.indicative().bands()) {
    const int64_t cases = (band.from() == 1 ? 1 : 0) + (band.from() == 1001 ? 1 : 0);
    EXPECT_EQ(band.cases(), cases) << band.ShortDebugString();
  }
}

TEST_F(Simulations, TellWhoWouldBeToldLess) {
  ConsiderThirtyPointsWorth(20000);
  const v1::SimulationGroup whole = ReportOf({Asking("one"), Asking("two")}).whole();
  EXPECT_EQ(whole.indicative().less(), 2);
  EXPECT_EQ(whole.indicative().less_weekly_pence(), 2 * 4500);
  EXPECT_EQ(whole.unchanged(), 2) << "neither pays anything";
}

TEST_F(Simulations, CompareBothTablesWithWhatWasAgreed) {
  ConsiderThirtyPointsWorth(30000);
  v1::SimulationCase told = Asking("told"), not_told = Asking("not told");
  told.set_indicative_weekly_pence(10000);
  told.set_agreed_weekly_pence(28000);
  not_told.set_agreed_weekly_pence(28000);
  const v1::SimulationGroup whole = ReportOf({told, not_told}).whole();
  EXPECT_EQ(whole.agreed_of_indicative().cases(), 2);
  EXPECT_EQ(whole.agreed_of_indicative().foretold_weekly_pence(), 10000 + 24500);
  EXPECT_EQ(whole.agreed_of_candidate_indicative().foretold_weekly_pence(), 2 * 30000);
  EXPECT_EQ(whole.agreed_of_candidate_indicative().came_weekly_pence(), 2 * 28000);
}

TEST_F(Simulations, CountWhatATableCannotPrice) {
  v1::SimulationCase unanswered = Asking("unanswered"), unknown = Asking("unknown"),
                     strange = Asking("strange");
  unanswered.mutable_needs()->mutable_answers()->RemoveLast();
  strange.mutable_needs()->mutable_answers(0)->set_question("handwriting");
  unknown.mutable_needs()->set_table("children");
  candidate_.mutable_allocation_tables(0)->mutable_price_points(0)->set_weekly_pence(9999);
  const v1::SimulationGroup whole = ReportOf({unanswered, unknown, strange, Asking("fine")}).whole();
  ASSERT_EQ(whole.current().refusals_size(), 3);
  EXPECT_EQ(whole.current().refusals(0).reason(), v1::ERROR_REASON_INVALID_FIELD);
  EXPECT_THAT(whole.current().refusals(0).message(), HasSubstr("going-out"));
  EXPECT_EQ(whole.current().refusals(1).reason(), v1::ERROR_REASON_NO_RATE);
  EXPECT_THAT(whole.current().refusals(2).message(), HasSubstr("answers[0]: is no answer to a question"));
  EXPECT_EQ(whole.current().indicative_cases(), 1);
  EXPECT_EQ(whole.candidate().refused(), 4) << "a table whose prices fall";
  EXPECT_EQ(whole.indicative().more() + whole.indicative().less() + whole.indicative().unchanged(), 0);
}

TEST_F(Simulations, NeedLinesOrNeeds) {
  Simulation simulation = Begin();
  v1::SimulatedCase simulated;
  const v1::SimulationCase nothing;
  EXPECT_EQ(errors::ReasonOf(simulation.Add(nothing)), v1::ERROR_REASON_INVALID_FIELD);
  EXPECT_EQ(errors::ReasonOf(simulation.AddExplained(nothing, "allocation/3", "policy", simulated)),
            v1::ERROR_REASON_INVALID_FIELD);
}

TEST_F(Simulations, ExplainAnIndicativeAmountAsItsRulesDo) {
  ConsiderThirtyPointsWorth(26000);
  Simulation simulation = Begin();
  const v1::SimulationCase one = Asking("one");
  v1::SimulatedCase simulated;
  ASSERT_TRUE(simulation.AddExplained(one, "allocation/3", "policy", simulated).ok());
  v1::EvaluateIndicativeAmountRequest request;
  request.set_table(one.needs().table());
  *request.mutable_answers() = one.needs().answers();
  request.set_decision_date("2025-06-01");
  explain::Trace trace;
  const auto amount = DecideIndicativeAmount(request, v1::CALLER_KIND_COUNCIL, CouncilPolicy(), trace);
  ASSERT_TRUE(amount.ok()) << amount.status();
  EXPECT_EQ(simulated.current_indicative().SerializeAsString(), amount->SerializeAsString());
  EXPECT_EQ(simulated.candidate_indicative().weekly_pence(), 26000);
  const v1::Explanation alone = trace.Render("allocation/3", "policy");
  ASSERT_GT(simulated.current_explanation().steps_size(), alone.steps_size());
  for (int i = 0; i < alone.steps_size(); ++i) {
    EXPECT_EQ(simulated.current_explanation().steps(i).sentence(), alone.steps(i).sentence());
  }
}

TEST_F(Simulations, DecideAsTheRulesDoAndSayWhy) {
  Simulation simulation = Begin();
  const v1::SimulationCase one = Case("one", 20000);
  v1::SimulatedCase simulated;
  ASSERT_TRUE(simulation.AddExplained(one, "allocation/2", "policy", simulated).ok());
  explain::Trace trace;
  const auto charge =
      DecideCharge(one.facts(), one.lines(), RatesOn(kDay, {National(), CouncilPolicy()}), trace);
  EXPECT_EQ(simulated.current().SerializeAsString(), charge->SerializeAsString());
  EXPECT_EQ(simulated.candidate().charge_weekly_pence(), 6250);
  EXPECT_EQ(simulated.current_explanation().steps_size(), trace.Render("", "").steps_size());
  EXPECT_GT(simulated.candidate_explanation().steps_size(), 3);
  v1::SimulationCase refused = Case("refused", 0);
  refused.mutable_facts()->clear_household();
  v1::SimulatedCase nothing;
  ASSERT_TRUE(simulation.AddExplained(refused, "allocation/2", "policy", nothing).ok());
  EXPECT_FALSE(nothing.has_current());
  EXPECT_EQ(simulation.Report()->whole().current().cases(), 1);
}

TEST_F(Simulations, CountWhoPaysTheFullCost) {
  v1::SimulationCase above = Case("above the limit", 0), free = Case("free", 0);
  AddCapital(*above.mutable_facts(), v1::CAPITAL_KIND_SAVINGS, 3000000);
  free.mutable_lines(0)->set_basis(v1::FUNDING_BASIS_CHC);
  const v1::SimulationTotals totals = ReportOf({above, free, Case("nothing", 10000)}).whole().current();
  EXPECT_EQ(totals.cases(), 3);
  EXPECT_EQ(totals.full_cost(), 1);
}

// A year of a cohort's money does not fit, and a year of the money of two that each do.
TEST_F(Simulations, SayWhereAYearDoesNotFit) {
  constexpr int64_t kMostOfAYear = INT64_MAX / 52;
  const auto refused = [this](std::vector<int64_t> weekly_pence) {
    Simulation simulation = Begin();
    for (size_t i = 0; i < weekly_pence.size(); ++i) {
      v1::SimulationCase one = Case("much", 10000);
      one.set_cohort(absl::StrCat("cohort-", i));
      one.mutable_lines(0)->set_weekly_pence(weekly_pence[i]);
      EXPECT_TRUE(simulation.Add(one).ok());
    }
    return errors::ReasonOf(simulation.Report().status());
  };
  EXPECT_EQ(refused({kMostOfAYear / 2}), v1::ERROR_REASON_UNSPECIFIED);
  EXPECT_EQ(refused({kMostOfAYear / 3 * 2, kMostOfAYear / 3 * 2}), v1::ERROR_REASON_MONEY_OVERFLOW);
  EXPECT_EQ(refused({kMostOfAYear + 1}), v1::ERROR_REASON_MONEY_OVERFLOW);
}

TEST_F(Simulations, NeedTheWeeksOfAYearOfThePolicyThatHolds) {
  v1::AllocationPolicy current = CouncilPolicy();
  current.clear_weeks_conventions();
  const auto made = Simulation::Make(kDay, {National(), current}, {National(), candidate_});
  EXPECT_EQ(errors::ReasonOf(made.status()), v1::ERROR_REASON_NO_RATE);
}

TEST_F(Simulations, NeedTheWeeksOfAYear) {
  candidate_.clear_weeks_conventions();
  const auto made = Simulation::Make(kDay, {National(), CouncilPolicy()}, {National(), candidate_});
  EXPECT_EQ(errors::ReasonOf(made.status()), v1::ERROR_REASON_NO_RATE);
}

TEST_F(Simulations, AreToldAsTablesAndAsAPicture) {
  v1::SimulationCase old = Case("old", 20000);
  old.set_cohort("pension-age");
  old.set_indicative_weekly_pence(10000);
  old.set_agreed_weekly_pence(12000);
  v1::SimulationCase refused = Case("refused", 0);
  refused.mutable_facts()->clear_household();
  const v1::SimulationReport report = ReportOf({old, Case("poor", 0), refused});
  const std::string text = TextTable(report);
  EXPECT_THAT(text, HasSubstr("Everyone"));
  EXPECT_THAT(text, HasSubstr("pension-age"));
  EXPECT_THAT(text, HasSubstr("1 would pay less, by £20.00 a week together"));
  EXPECT_THAT(text, HasSubstr("£10.01 to £20.00 less: 1"));
  EXPECT_THAT(text, HasSubstr("agreed of what was indicated: £120.00 of £100.00 a week"));
  EXPECT_THAT(text, HasSubstr("first refused"));
  const std::string csv = CsvTable(report);
  EXPECT_THAT(csv, HasSubstr("cohort,figure,current,candidate\n"));
  EXPECT_THAT(csv, HasSubstr("\n,charge_weekly_pence,8250,6250\n"));
  EXPECT_THAT(csv, HasSubstr("\npension-age,better_off,,1\n"));
  const std::string svg = Chart(report);
  EXPECT_THAT(svg, HasSubstr("<title>What people would pay a week, by the rates of 2025-06-01</title>"));
  EXPECT_THAT(svg, HasSubstr("1 would pay less, 0 more, 1 the same"));
  EXPECT_EQ(svg.find("nan"), std::string::npos);
}

TEST_F(Simulations, TellWhatPeopleWouldBeTold) {
  ConsiderThirtyPointsWorth(26000);
  v1::SimulationCase asking = Asking("one");
  asking.set_agreed_weekly_pence(28000);
  const v1::SimulationReport report = ReportOf({asking});
  const std::string text = TextTable(report);
  EXPECT_THAT(text,
              HasSubstr("0 would be told less, by £0.00 a week together; 1 more, by £15.00; 0 the same"));
  EXPECT_THAT(text, HasSubstr("£10.01 to £20.00 more: 1"));
  EXPECT_THAT(text, HasSubstr("agreed of what would have been indicated: £280.00 of £260.00 a week"));
  EXPECT_THAT(CsvTable(report), HasSubstr("\n,indicative_weekly_pence,24500,26000\n"));
  EXPECT_THAT(CsvTable(report), HasSubstr("\n,indicative_more_weekly_pence,,1500\n"));
  const std::string svg = Chart(report);
  EXPECT_THAT(svg, HasSubstr("0 would be told less, 1 more, 0 the same"));
  EXPECT_THAT(svg, HasSubstr("the indicative amounts are £12,740.00 now and £13,520.00"));
  EXPECT_THAT(Chart(ReportOf({Case("no needs", 0)})), ::testing::Not(HasSubstr("told")));
}

TEST(ChangeInWords, SaysHowMuchMoreOrLess) {
  const struct {
    int64_t from, to;
    const char* words;
  } cases[] = {{INT64_MIN, -10000, "more than £100.00 less"},
               {-10000, -5000, "£50.01 to £100.00 less"},
               {-100, 0, "£0.01 to £1.00 less"},
               {0, 1, "the same"},
               {1, 101, "£0.01 to £1.00 more"},
               {10001, INT64_MAX, "more than £100.00 more"}};
  for (const auto& c : cases) {
    v1::SimulationBand band;
    band.set_from(c.from);
    band.set_to(c.to);
    EXPECT_EQ(ChangeInWords(band), c.words);
  }
}

}  // namespace
}  // namespace ipb::allocation
