// What tables of points and bands make of answers about needs.
#include "services/allocation/rules/indicative_amount.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/errors/errors.h"
#include "services/allocation/rules/points_price.h"
#include "tests/rules/allocation/fixtures.h"

namespace ipb::allocation {
namespace {

using testing::Contains;
using testing::ElementsAre;

class IndicativeAmounts : public testing::Test {
 protected:
  // Three questions: `washing` and `meals`, each up to 20 points, and `nights`, up to 40.
  IndicativeAmounts() {
    table_.set_code("adults");
    table_.set_version("2025");
    table_.set_method(v1::ALLOCATION_METHOD_POINTS_STEP);
    for (const auto& [question, most] :
         {std::pair("washing", 20), std::pair("meals", 20), std::pair("nights", 40)}) {
      for (int points = 0; points <= most; ++points) {
        v1::AnswerPoints* row = table_.add_answers();
        row->set_question(question);
        row->set_answer(absl::StrCat("a", points));
        row->set_points(points);
      }
    }
    AddPrice(10, 5000);
    // The two amounts of R (Savva) v RBKC.
    AddPrice(16, 8291);
    AddPrice(22, 11221);
    AddPrice(40, 30000);
    table_.mutable_provenance()->set_effective_from_date("2025-04-06");
  }

  void AddPrice(int points, int64_t weekly_pence) {
    v1::PricePoint* price = table_.add_price_points();
    price->set_points(points);
    price->set_weekly_pence(weekly_pence);
  }

  void AddBand(const std::string& code, int points, int64_t from_pence, int64_t to_pence) {
    v1::NeedBand* band = table_.add_bands();
    band->set_code(code);
    band->set_points(points);
    band->set_from_weekly_pence(from_pence);
    band->set_to_weekly_pence(to_pence);
  }

  static v1::EvaluateIndicativeAmountRequest Asking(int washing, int meals, int nights) {
    v1::EvaluateIndicativeAmountRequest request;
    request.set_table("adults");
    request.set_decision_date("2025-06-01");
    for (const auto& [question, points] :
         {std::pair("washing", washing), std::pair("meals", meals), std::pair("nights", nights)}) {
      v1::NeedAnswer* answer = request.add_answers();
      answer->set_question(question);
      answer->set_answer(absl::StrCat("a", points));
    }
    return request;
  }

  static v1::InformalSupport& Support(const std::string& question, int numerator, int denominator,
                                      v1::EvaluateIndicativeAmountRequest& request) {
    v1::InformalSupport& support = *request.add_informal_support();
    support.set_question(question);
    support.mutable_part()->set_numerator(numerator);
    support.mutable_part()->set_denominator(denominator);
    support.set_carer_willing_and_able(true);
    support.set_agreed_date("2025-05-20");
    return support;
  }

  absl::StatusOr<v1::IndicativeAmount> Decide(const v1::EvaluateIndicativeAmountRequest& request) {
    v1::AllocationPolicy local = CouncilPolicy();
    *local.add_allocation_tables() = table_;
    trace_ = explain::Trace();
    return DecideIndicativeAmount(request, v1::CALLER_KIND_COUNCIL, local, trace_);
  }

  int64_t Amount(const v1::EvaluateIndicativeAmountRequest& request) {
    const auto amount = Decide(request);
    EXPECT_TRUE(amount.ok()) << amount.status();
    return amount.ok() ? amount->weekly_pence() : -1;
  }

  v1::ErrorReason Wrong(const v1::EvaluateIndicativeAmountRequest& request) {
    return errors::ReasonOf(Decide(request).status());
  }

  v1::AllocationTable table_;
  explain::Trace trace_;
};

TEST_F(IndicativeAmounts, AStepGivesThePriceOfTheLastPointReached) {
  EXPECT_EQ(Amount(Asking(0, 0, 0)), 0);
  EXPECT_EQ(Amount(Asking(9, 0, 0)), 0) << "below the first price";
  EXPECT_EQ(Amount(Asking(10, 0, 0)), 5000);
  EXPECT_EQ(Amount(Asking(10, 5, 0)), 5000);
  EXPECT_EQ(Amount(Asking(10, 6, 0)), 8291);
  EXPECT_EQ(Amount(Asking(10, 12, 0)), 11221);
  EXPECT_EQ(Amount(Asking(20, 20, 40)), 30000) << "above the last price";
}

TEST_F(IndicativeAmounts, ALineRunsFromPricePointToPricePointHalfAPennyUp) {
  table_.set_method(v1::ALLOCATION_METHOD_POINTS_INTERPOLATED);
  EXPECT_EQ(Amount(Asking(16, 0, 0)), 8291);
  // 82.91 + 29.30 x 1/6 = 87.7933; x 3/6 = 97.56.
  EXPECT_EQ(Amount(Asking(17, 0, 0)), 8779);
  EXPECT_EQ(Amount(Asking(19, 0, 0)), 9756);
  // 50.00 + 32.91 x 3/6 = 66.455, half a penny up.
  EXPECT_EQ(Amount(Asking(13, 0, 0)), 6646);
  EXPECT_EQ(Amount(Asking(20, 20, 0)), 30000);
  EXPECT_THAT(RulesOf(Decide(Asking(20, 20, 1)).status()), ElementsAre("ALLOCATION-TABLE-BEYOND"));
}

TEST_F(IndicativeAmounts, ABandGivesItsMiddle) {
  table_.set_method(v1::ALLOCATION_METHOD_BANDING);
  table_.clear_price_points();
  AddBand("some", 5, 1000, 2001);
  AddBand("much", 15, 3000, 5000);
  EXPECT_EQ(Amount(Asking(4, 0, 0)), 0);
  EXPECT_EQ(Amount(Asking(5, 0, 0)), 1501) << "15.005, half a penny up";
  EXPECT_EQ(Amount(Asking(20, 20, 40)), 4000);
}

TEST_F(IndicativeAmounts, WhatACarerIsWillingAndAbleToDoTakesItsPointsOff) {
  v1::EvaluateIndicativeAmountRequest request = Asking(12, 10, 0);
  Support("meals", 1, 2, request);
  const auto amount = Decide(request);
  ASSERT_TRUE(amount.ok()) << amount.status();
  EXPECT_EQ(amount->points(), 22) << "needs are scored without carers";
  EXPECT_EQ(amount->raw_weekly_pence(), 11221);
  EXPECT_EQ(amount->informal_support_weekly_pence(), 11221 - 8291);
  EXPECT_EQ(amount->weekly_pence(), 8291);
  table_.set_method(v1::ALLOCATION_METHOD_POINTS_INTERPOLATED);
  request.mutable_informal_support(0)->mutable_part()->set_denominator(3);
  // 22 - 10/3 = 56/3 points: 82.91 + 29.30 x (56/3 - 16)/6 = 95.932...
  EXPECT_EQ(Amount(request), 9593);
}

TEST_F(IndicativeAmounts, NobodyIsTakenForACarerWhoIsNotWillingAndAble) {
  for (const auto& spoil : std::vector<void (*)(v1::InformalSupport&)>{
           [](v1::InformalSupport& support) { support.set_carer_willing_and_able(false); },
           [](v1::InformalSupport& support) { support.clear_agreed_date(); },
           [](v1::InformalSupport& support) { support.set_agreed_date("2025-06-02"); }}) {
    v1::EvaluateIndicativeAmountRequest request = Asking(12, 10, 0);
    spoil(Support("meals", 1, 2, request));
    EXPECT_THAT(RulesOf(Decide(request).status()), ElementsAre("ALLOCATION-CARER-WILLING"));
  }
}

TEST_F(IndicativeAmounts, ComplexitiesAddTheirPart) {
  v1::ComplexityAddition* two = table_.add_additions();
  two->set_code("two-carers");
  two->mutable_part()->set_numerator(1);
  two->mutable_part()->set_denominator(3);
  v1::EvaluateIndicativeAmountRequest request = Asking(16, 0, 0);
  request.add_additions("two-carers");
  EXPECT_EQ(Amount(request), 8291 + 2764) << "a third of 82.91 is 27.636...";
  request.add_additions("two-carers");
  EXPECT_EQ(Wrong(request), v1::ERROR_REASON_INVALID_FIELD);
  request.set_additions(1, "unheard-of");
  EXPECT_EQ(Wrong(request), v1::ERROR_REASON_INVALID_FIELD);
}

TEST_F(IndicativeAmounts, AboveTheCeilingNeedsArePricedOneByOne) {
  table_.set_ceiling_points(22);
  v1::EvaluateIndicativeAmountRequest request = Asking(20, 2, 0);
  EXPECT_EQ(Amount(request), 11221) << "at the ceiling";
  request = Asking(20, 20, 20);
  EXPECT_THAT(RulesOf(Decide(request).status()), ElementsAre("ALLOCATION-UPPER-BAND"));
  v1::ItemisedNeed* need = request.add_itemised_needs();
  need->set_description("A waking night on Sundays");
  need->set_minutes_per_week(500);
  need->set_unit_rate("pa-hour");
  // 500 minutes at 16.20 an hour.
  EXPECT_EQ(Amount(request), 11221 + 13500);
  Support("nights", 1, 1, request);
  Support("meals", 9, 10, request);
  EXPECT_EQ(Wrong(request), v1::ERROR_REASON_INVALID_FIELD) << "with the carers it is at the ceiling: 20 + 2";
  request.mutable_informal_support()->RemoveLast();
  need->set_unit_rate("unheard-of");
  EXPECT_EQ(Wrong(request), v1::ERROR_REASON_NO_RATE);
}

TEST_F(IndicativeAmounts, EveryQuestionIsAnsweredOnceByAnAnswerOfTheTable) {
  v1::EvaluateIndicativeAmountRequest request = Asking(16, 0, 0);
  request.mutable_answers(0)->set_answer("a21");
  EXPECT_EQ(Wrong(request), v1::ERROR_REASON_INVALID_FIELD);
  request = Asking(16, 0, 0);
  *request.add_answers() = request.answers(0);
  EXPECT_EQ(Wrong(request), v1::ERROR_REASON_INVALID_FIELD);
  request = Asking(16, 0, 0);
  request.mutable_answers()->RemoveLast();
  EXPECT_EQ(Wrong(request), v1::ERROR_REASON_INVALID_FIELD);
  EXPECT_THAT(std::string(Decide(request).status().message()), testing::HasSubstr("nights"));
}

TEST_F(IndicativeAmounts, SupportIsForAQuestionOnceAndAPartOfIt) {
  for (const auto& spoil : std::vector<void (*)(v1::EvaluateIndicativeAmountRequest&)>{
           [](v1::EvaluateIndicativeAmountRequest& request) { Support("garden", 1, 2, request); },
           [](v1::EvaluateIndicativeAmountRequest& request) { Support("meals", 3, 2, request); },
           [](v1::EvaluateIndicativeAmountRequest& request) { Support("meals", -1, 2, request); },
           [](v1::EvaluateIndicativeAmountRequest& request) { Support("meals", 1, 0, request); },
           [](v1::EvaluateIndicativeAmountRequest& request) {
             Support("meals", 1, 2, request);
             Support("meals", 1, 2, request);
           }}) {
    v1::EvaluateIndicativeAmountRequest request = Asking(12, 10, 0);
    spoil(request);
    EXPECT_EQ(Wrong(request), v1::ERROR_REASON_INVALID_FIELD);
  }
}

TEST_F(IndicativeAmounts, ATableThatContradictsItselfIsNotUsed) {
  AddPrice(41, 29999);
  EXPECT_THAT(RulesOf(Decide(Asking(16, 0, 0)).status()), ElementsAre("ALLOCATION-TABLE-ORDER"));
  table_.mutable_price_points()->rbegin()->set_weekly_pence(30000);
  EXPECT_EQ(Amount(Asking(16, 0, 0)), 8291);
  table_.mutable_price_points()->rbegin()->set_points(40);
  EXPECT_THAT(RulesOf(Decide(Asking(16, 0, 0)).status()), ElementsAre("ALLOCATION-TABLE-ORDER"));
  table_.clear_price_points();
  EXPECT_THAT(RulesOf(Decide(Asking(16, 0, 0)).status()), ElementsAre("ALLOCATION-TABLE-ORDER"));
  table_.set_method(v1::ALLOCATION_METHOD_BANDING);
  EXPECT_THAT(RulesOf(Decide(Asking(16, 0, 0)).status()), ElementsAre("ALLOCATION-TABLE-ORDER"));
  AddBand("some", 5, 2000, 1000);
  EXPECT_THAT(RulesOf(Decide(Asking(16, 0, 0)).status()), ElementsAre("ALLOCATION-TABLE-ORDER"));
  table_.mutable_bands(0)->set_to_weekly_pence(3000);
  AddBand("much", 15, 1999, 5000);
  EXPECT_THAT(RulesOf(Decide(Asking(16, 0, 0)).status()), ElementsAre("ALLOCATION-TABLE-ORDER"));
  table_.mutable_bands(1)->set_from_weekly_pence(2000);
  table_.mutable_bands(1)->set_to_weekly_pence(2999);
  EXPECT_THAT(RulesOf(Decide(Asking(16, 0, 0)).status()), ElementsAre("ALLOCATION-TABLE-ORDER"));
  table_.mutable_bands(1)->set_to_weekly_pence(3000);
  table_.mutable_bands(1)->set_points(5);
  EXPECT_THAT(RulesOf(Decide(Asking(16, 0, 0)).status()), ElementsAre("ALLOCATION-TABLE-ORDER"));
}

TEST_F(IndicativeAmounts, WhatDoesNotFitIsRefused) {
  const auto decide = [this](const v1::EvaluateIndicativeAmountRequest& request) {
    v1::AllocationPolicy local;
    *local.add_allocation_tables() = table_;
    v1::UnitRate* rate = local.add_unit_rates();
    rate->set_code("hour");
    rate->set_unit(v1::COST_UNIT_HOUR);
    rate->set_unit_pence(INT64_MAX);
    explain::Trace trace;
    return errors::ReasonOf(DecideIndicativeAmount(request, v1::CALLER_KIND_COUNCIL, local, trace).status());
  };
  table_.set_method(v1::ALLOCATION_METHOD_POINTS_INTERPOLATED);
  table_.clear_price_points();
  AddPrice(0, 0);
  AddPrice(1000, 1000);
  v1::EvaluateIndicativeAmountRequest supported = Asking(20, 20, 0);
  Support("washing", 1, 1, supported).mutable_part()->set_denominator(100'000'000'000'000'003);
  EXPECT_EQ(decide(supported), v1::ERROR_REASON_MONEY_OVERFLOW) << "a part of a point that small";
  table_.mutable_price_points(1)->set_points(40);
  table_.mutable_price_points(1)->set_weekly_pence(INT64_MAX);
  v1::ComplexityAddition* addition = table_.add_additions();
  addition->set_code("nights");
  addition->mutable_part()->set_numerator(3);
  addition->mutable_part()->set_denominator(1);
  v1::EvaluateIndicativeAmountRequest complex = Asking(20, 20, 0);
  complex.add_additions("nights");
  EXPECT_EQ(decide(complex), v1::ERROR_REASON_MONEY_OVERFLOW) << "an addition";
  addition->mutable_part()->set_numerator(1);
  EXPECT_EQ(decide(complex), v1::ERROR_REASON_MONEY_OVERFLOW) << "the sum";
  table_.set_ceiling_points(30);
  v1::EvaluateIndicativeAmountRequest itemised = Asking(20, 20, 0);
  v1::ItemisedNeed* need = itemised.add_itemised_needs();
  need->set_unit_rate("hour");
  need->set_minutes_per_week(6000);
  EXPECT_EQ(decide(itemised), v1::ERROR_REASON_MONEY_OVERFLOW) << "a need by itself";
}

TEST_F(IndicativeAmounts, NeedATableOfTheDay) {
  v1::EvaluateIndicativeAmountRequest request = Asking(16, 0, 0);
  request.set_decision_date("2025-04-05");
  EXPECT_EQ(Wrong(request), v1::ERROR_REASON_NO_RATE);
  request = Asking(16, 0, 0);
  request.set_table("children");
  EXPECT_EQ(Wrong(request), v1::ERROR_REASON_NO_RATE);
}

TEST_F(IndicativeAmounts, EveryStepSaysWhatItIsAndWhy) {
  table_.set_ceiling_points(22);
  v1::ComplexityAddition* two = table_.add_additions();
  two->set_code("two-carers");
  two->mutable_part()->set_numerator(1);
  two->mutable_part()->set_denominator(3);
  v1::EvaluateIndicativeAmountRequest request = Asking(20, 20, 20);
  Support("meals", 1, 2, request);
  request.add_additions("two-carers");
  v1::ItemisedNeed* need = request.add_itemised_needs();
  need->set_description("A waking night on Sundays");
  need->set_minutes_per_week(500);
  need->set_unit_rate("pa-hour");
  ASSERT_TRUE(Decide(request).ok());
  std::vector<std::string> ids;
  const v1::Explanation explanation = trace_.Render("", "");
  for (const v1::ExplanationStep& step : explanation.steps()) {
    ids.push_back(step.rule_id());
    EXPECT_EQ(step.sentence().find('{'), std::string::npos) << step.sentence();
    EXPECT_FALSE(step.legal_source().empty()) << step.rule_id();
  }
  for (const char* id : {"ALLOCATION-ANSWER", "ALLOCATION-RAW-AMOUNT", "ALLOCATION-INFORMAL-SUPPORT",
                         "ALLOCATION-INFORMAL-SUPPORT-AMOUNT", "ALLOCATION-COMPLEXITY",
                         "ALLOCATION-ITEMISED-NEED", "ALLOCATION-INDICATIVE-AMOUNT"}) {
    EXPECT_THAT(ids, Contains(id));
  }
}

// More need is never worth less, and more help from carers never more.
TEST_F(IndicativeAmounts, MoreNeedIsNeverWorthLess) {
  for (const auto method : {v1::ALLOCATION_METHOD_POINTS_STEP, v1::ALLOCATION_METHOD_POINTS_INTERPOLATED}) {
    table_.set_method(method);
    int64_t before = 0;
    for (int points = 0; points <= 40; ++points) {
      v1::EvaluateIndicativeAmountRequest request = Asking(std::min(points, 20), std::max(points - 20, 0), 0);
      const int64_t alone = Amount(request);
      EXPECT_GE(alone, before) << points;
      before = alone;
      int64_t helped = alone;
      for (int part = 0; part <= 7; ++part) {
        request.clear_informal_support();
        Support("washing", part, 7, request);
        const int64_t with = Amount(request);
        EXPECT_LE(with, helped) << points << " points, " << part << "/7";
        helped = with;
      }
    }
  }
}

}  // namespace
}  // namespace ipb::allocation
