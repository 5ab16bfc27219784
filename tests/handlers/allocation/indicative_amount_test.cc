// Amounts before planning and the fitting of tables, as councils and NHS bodies ask for them.
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "tests/handlers/allocation/fixture.h"

namespace ipb::allocation {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

using grpc::StatusCode;

const As kProvider{"SUPPORTCO", "broker-1", "broker"};

class IndicativeAmountTest : public AllocationTest {
 protected:
  using Request = v1::EvaluateIndicativeAmountRequest;
  using Fit = v1::FitAllocationTableRequest;

  IndicativeAmountTest() : AllocationTest(/*with_eligibility=*/false) {}

  static Request Asking(const std::string& text) {
    return Text<Request>(absl::StrCat("decision_date: '2025-06-02' ", text));
  }
  v1::EvaluateIndicativeAmountResponse Amount(const As& as, const std::string& text) {
    return Must(&Stub::EvaluateIndicativeAmount, as, Asking(text));
  }
  // The error of what must not be answered.
  Details Wrong(const As& as, const std::string& text) {
    return DetailsOf(Refused(&Stub::EvaluateIndicativeAmount, as, Asking(text)));
  }
  Details WrongFit(const std::string& text) {
    return DetailsOf(Refused(&Stub::FitAllocationTable, kCouncil, Text<Fit>(text)));
  }
  static std::vector<std::string> RulesOf(const v1::Explanation& explanation) {
    std::vector<std::string> rules;
    for (const v1::ExplanationStep& step : explanation.steps()) rules.push_back(step.rule_id());
    return rules;
  }
};

constexpr char kAnswers[] =
    "answers { question: 'washing-and-dressing' answer: 'much-help' } answers { question: 'meals' answer: "
    "'some-help' } answers { question: 'continence' answer: 'no-help' } answers { question: 'moving-about' "
    "answer: 'some-help' } answers { question: 'nights' answer: 'no-help' } answers { question: "
    "'going-out' answer: 'some-help' } ";
constexpr char kChair[] = "unit_rates: ['wheelchair-manual', 'wheelchair-cushion'] ";
constexpr char kNurse[] =
    "nhs_equivalent { description: 'a nurse' unit: COST_UNIT_HOUR units_per_week { units: 7 } unit_rate: "
    "'nurse-hour' } ";

TEST_F(IndicativeAmountTest, AFittedTableGivesItsStepAndNamesItsSample) {
  const auto reply = Amount(kCouncil, absl::StrCat("table: 'adults-by-percentile' ", kAnswers));
  EXPECT_EQ(reply.amount().points(), 28);
  EXPECT_EQ(reply.amount().weekly_pence(), 14200) << "the price from 20 points on";
  ASSERT_THAT(RulesOf(reply.explanation()), Contains("ALLOCATION-TABLE-FIT"));
  EXPECT_THAT(reply.explanation().DebugString(), HasSubstr("32 people costs: percentile 66"));
  EXPECT_THAT(reply.explanation().DebugString(), HasSubstr("1/10"));
  // The same needs by the table that draws lines: 90.00 + 155.00 x 13/15, half a penny up.
  EXPECT_EQ(Amount(kCouncil, absl::StrCat("table: 'adults-at-home' ", kAnswers)).amount().weekly_pence(),
            22433);
}

TEST_F(IndicativeAmountTest, WhatTheNhsWouldHaveSpentIsForAnNhsBody) {
  const auto reply = Amount(
      kIcb, absl::StrCat(kNurse,
                         "nhs_equivalent { description: 'short breaks' unit: COST_UNIT_NIGHT "
                         "units_per_week { units: 28 weeks: 52 } unit_rate: 'nhs-short-break-night' }"));
  // 7 x 36.50, and 28 x 410.00 / 52 = 220.769...
  EXPECT_EQ(reply.amount().weekly_pence(), 25550 + 22077);
  EXPECT_THAT(RulesOf(reply.explanation()),
              ElementsAre("ALLOCATION-NHS-SERVICE", "ALLOCATION-NHS-SERVICE", "ALLOCATION-NHS-EQUIVALENT"));
  EXPECT_FALSE(reply.explanation().policy_version().empty());
  EXPECT_THAT(Wrong(kCouncil, kNurse).rules(), ElementsAre("ALLOCATION-NHS-BODY"));
  EXPECT_EQ(Refused(&Stub::EvaluateIndicativeAmount, kProvider, Asking(kNurse)).error_code(),
            StatusCode::PERMISSION_DENIED);
}

TEST_F(IndicativeAmountTest, AWheelchairIsValuedByItsOption) {
  const auto notional =
      Amount(kIcb, absl::StrCat("wheelchair { ", kChair, "option: WHEELCHAIR_BUDGET_OPTION_NOTIONAL }"));
  EXPECT_EQ(notional.amount().one_off_pence(), 48500 + 14200);
  EXPECT_EQ(notional.amount().contribution_pence(), 0);
  const auto contributed =
      Amount(kIcb, absl::StrCat("wheelchair { ", kChair,
                                "chosen_pence: 90000 option: "
                                "WHEELCHAIR_BUDGET_OPTION_NOTIONAL_WITH_CONTRIBUTION }"));
  EXPECT_EQ(contributed.amount().one_off_pence(), 62700);
  EXPECT_EQ(contributed.amount().contribution_pence(), 27300 + 5460);
  const auto exempt =
      Amount(kIcb, absl::StrCat("wheelchair { ", kChair,
                                "chosen_pence: 90000 exempt_from_value_added_tax: true option: "
                                "WHEELCHAIR_BUDGET_OPTION_NOTIONAL_WITH_CONTRIBUTION }"));
  EXPECT_EQ(exempt.amount().contribution_pence(), 27300);
  const auto third =
      Amount(kIcb, absl::StrCat("wheelchair { ", kChair, "option: WHEELCHAIR_BUDGET_OPTION_THIRD_PARTY }"));
  EXPECT_EQ(third.amount().one_off_pence(), 62700 + 22500);
  EXPECT_THAT(Wrong(kIcb, absl::StrCat("wheelchair { ", kChair,
                                       "chosen_pence: 90000 option: WHEELCHAIR_BUDGET_OPTION_NOTIONAL }"))
                  .rules(),
              ElementsAre("ALLOCATION-WHEELCHAIR-DEARER"));
  EXPECT_THAT(
      Wrong(kCouncil, absl::StrCat("wheelchair { ", kChair, "option: WHEELCHAIR_BUDGET_OPTION_NOTIONAL }"))
          .rules(),
      ElementsAre("ALLOCATION-NHS-BODY"));
}

TEST_F(IndicativeAmountTest, ExactlyOneThingIsAskedFor) {
  EXPECT_THAT(Wrong(kIcb, "").fields(), ElementsAre("table"));
  EXPECT_THAT(Wrong(kIcb, "nhs_equivalent { }").fields(), Contains("nhs_equivalent[0].unit_rate"));
  EXPECT_THAT(Wrong(kCouncil, absl::StrCat("table: 'adults-at-home' ", kNurse, kAnswers)).fields(),
              ElementsAre("nhs_equivalent"));
  EXPECT_THAT(Wrong(kIcb, absl::StrCat("table: 'adults-at-home' ", kNurse, "wheelchair { ", kChair,
                                       "option: WHEELCHAIR_BUDGET_OPTION_NOTIONAL }"))
                  .fields(),
              ElementsAre("nhs_equivalent", "wheelchair"));
  EXPECT_THAT(Wrong(kIcb, absl::StrCat(kNurse, kAnswers)).fields(), ElementsAre("answers"));
}

TEST_F(IndicativeAmountTest, AWrongWheelchairIsToldWhatIsWrong) {
  EXPECT_THAT(Wrong(kIcb, "wheelchair { }").fields(),
              UnorderedElementsAre("wheelchair.unit_rates", "wheelchair.option"));
  const auto with = [](const std::string& what) {
    return absl::StrCat("wheelchair { option: WHEELCHAIR_BUDGET_OPTION_THIRD_PARTY ", what, " }");
  };
  EXPECT_THAT(Wrong(kIcb, with("unit_rates: 'NOT A CODE'")).fields(),
              ElementsAre("wheelchair.unit_rates[0]"));
  EXPECT_THAT(Wrong(kIcb, with("unit_rates: ['wheelchair-manual', 'wheelchair-manual']")).fields(),
              ElementsAre("wheelchair.unit_rates[1]"));
  EXPECT_THAT(Wrong(kIcb, with(absl::StrCat(kChair, "chosen_pence: -1"))).fields(),
              ElementsAre("wheelchair.chosen_pence"));
  EXPECT_THAT(Wrong(kIcb, with(absl::StrCat(kChair, "chosen_pence: 9223372036854775807"))).fields(),
              ElementsAre("wheelchair.chosen_pence"));
  EXPECT_EQ(Wrong(kIcb, with("unit_rates: 'unheard-of'")).info.reason(), "NO_RATE");
  EXPECT_EQ(Wrong(kIcb, with("unit_rates: 'nurse-hour'")).info.reason(), "NO_RATE");
  Request many = Asking(with(kChair));
  for (int i = 0; i < 20; ++i) many.mutable_wheelchair()->add_unit_rates(absl::StrCat("part-", i));
  EXPECT_THAT(DetailsOf(Refused(&Stub::EvaluateIndicativeAmount, kIcb, many)).fields(),
              ElementsAre("wheelchair.unit_rates"));
  Request unknown = Asking(with(kChair));
  unknown.mutable_wheelchair()->set_option(static_cast<v1::WheelchairBudgetOption>(99));
  EXPECT_THAT(DetailsOf(Refused(&Stub::EvaluateIndicativeAmount, kIcb, unknown)).fields(),
              ElementsAre("wheelchair.option"));
  Request early = Asking(with(kChair));
  early.set_decision_date("2020-01-01");
  EXPECT_EQ(DetailsOf(Refused(&Stub::EvaluateIndicativeAmount, kIcb, early)).info.reason(), "NO_RATE");
}

TEST_F(IndicativeAmountTest, WrongServicesAreToldWhatIsWrong) {
  EXPECT_THAT(
      Wrong(kIcb, "nhs_equivalent { description: 'a nurse' unit: COST_UNIT_HOUR unit_rate: 'nurse-hour' }")
          .fields(),
      ElementsAre("nhs_equivalent[0].units_per_week"));
  EXPECT_THAT(Wrong(kIcb,
                    "nhs_equivalent { description: 'a nurse' unit: COST_UNIT_HOUR unit_rate: 'nurse-hour' "
                    "units_per_week { units: 1000001 weeks: -1 } }")
                  .fields(),
              UnorderedElementsAre("nhs_equivalent[0].units_per_week.units",
                                   "nhs_equivalent[0].units_per_week.weeks"));
  EXPECT_EQ(Wrong(kIcb,
                  "nhs_equivalent { description: 'a nurse' unit: COST_UNIT_NIGHT unit_rate: 'nurse-hour' "
                  "units_per_week { units: 1 } }")
                .info.reason(),
            "NO_RATE");
  std::string many;
  for (int i = 0; i < 51; ++i) absl::StrAppend(&many, kNurse);
  EXPECT_THAT(Wrong(kIcb, many).fields(), ElementsAre("nhs_equivalent"));
}

TEST_F(IndicativeAmountTest, FitsATableThatThenPricesNeeds) {
  const auto fit = Text<Fit>(
      "sample { points: 20 weekly_pence: 1000 } sample { points: 10 weekly_pence: 3000 } sample { points: "
      "20 weekly_pence: 1000 } budget_weekly_pence: 5555 contingency { numerator: 1 denominator: 10 }");
  const auto reply = Must(&Stub::FitAllocationTable, kCouncil, fit);
  ASSERT_EQ(reply.price_points_size(), 1);
  EXPECT_EQ(reply.price_points(0).points(), 10);
  EXPECT_EQ(reply.price_points(0).weekly_pence(), 1666);
  EXPECT_EQ(reply.fit().sample_size(), 3);
  EXPECT_EQ(reply.fit().percentile(), 100);
  EXPECT_EQ(reply.fit().budget_weekly_pence(), 5555);
  EXPECT_EQ(reply.fit().contingency().denominator(), 10);
  EXPECT_EQ(reply.fit().allocated_weekly_pence(), 4998);
  EXPECT_THAT(RulesOf(reply.explanation()), ElementsAre("ALLOCATION-FIT", "ALLOCATION-FIT-POOLED"));
  EXPECT_FALSE(reply.explanation().rule_set_version().empty());
  EXPECT_EQ(Must(&Stub::FitAllocationTable, kIcb, fit).fit().allocated_weekly_pence(), 4998)
      << "an NHS body may have tables too";
  EXPECT_EQ(Refused(&Stub::FitAllocationTable, kProvider, fit).error_code(), StatusCode::PERMISSION_DENIED);
}

TEST_F(IndicativeAmountTest, FitsTenThousandPeopleAndNoMore) {
  Fit fit;
  for (int i = 0; i < 10000; ++i) {
    v1::SampledCost* one = fit.add_sample();
    one->set_points(i * 7919 % 1000);
    one->set_weekly_pence(10000 + i * 104729 % 90000);
  }
  fit.set_budget_weekly_pence(1000000000);
  fit.mutable_contingency()->set_numerator(1);
  fit.mutable_contingency()->set_denominator(5);
  const auto reply = Must(&Stub::FitAllocationTable, kCouncil, fit);
  EXPECT_EQ(reply.fit().sample_size(), 10000);
  EXPECT_LE(reply.fit().allocated_weekly_pence(), 800000000);
  EXPECT_LE(reply.explanation().steps_size(), 52);
  *fit.add_sample() = fit.sample(0);
  EXPECT_THAT(DetailsOf(Refused(&Stub::FitAllocationTable, kCouncil, fit)).fields(), ElementsAre("sample"));
}

TEST_F(IndicativeAmountTest, AWrongFitIsToldWhatIsWrong) {
  EXPECT_THAT(WrongFit("").fields(), UnorderedElementsAre("sample", "budget_weekly_pence"));
  EXPECT_THAT(WrongFit("budget_weekly_pence: 100").fields(), ElementsAre("sample"));
  EXPECT_THAT(WrongFit("sample { points: -1 weekly_pence: -1 } budget_weekly_pence: -1").fields(),
              UnorderedElementsAre("sample[0].points", "sample[0].weekly_pence", "budget_weekly_pence"));
  EXPECT_THAT(WrongFit("sample { points: 2147483647 weekly_pence: 9223372036854775807 } "
                       "budget_weekly_pence: 9223372036854775807")
                  .fields(),
              UnorderedElementsAre("sample[0].points", "sample[0].weekly_pence", "budget_weekly_pence"));
  EXPECT_THAT(
      WrongFit("sample { points: 1 weekly_pence: 1 } budget_weekly_pence: 1 contingency { numerator: 1 }")
          .fields(),
      ElementsAre("contingency.denominator"));
  EXPECT_THAT(WrongFit("sample { points: 1 weekly_pence: 1 } budget_weekly_pence: 1 "
                       "contingency { numerator: 1 denominator: 1 }")
                  .fields(),
              ElementsAre("contingency"));
  const Details little = WrongFit(
      "sample { points: 1 weekly_pence: 901 } budget_weekly_pence: 1000 contingency { numerator: 1 "
      "denominator: 10 }");
  ASSERT_THAT(little.rules(), ElementsAre("ALLOCATION-FIT-BUDGET"));
  // 9.01 x 10/9 = 10.0111..., so 10.02, of which nine tenths are 9.018.
  EXPECT_THAT(little.failure.violations(0).description(), HasSubstr("at least £10.02 a week"));
}

}  // namespace
}  // namespace ipb::allocation
