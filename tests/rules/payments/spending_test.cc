#include "services/payments/rules/spending.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/payments/rules/ledger.h"
#include "tests/rules/payments/example.h"

namespace ipb::payments {
namespace {

const absl::CivilDay kToday(2026, 5, 1);

v1::Agreement Joint() {
  v1::Agreement agreement = example::CouncilAgreement(70000, 0, absl::CivilDay(2026, 4, 8));
  v1::AgreementLine* line = agreement.mutable_lines(0);
  line->clear_shares();
  *line->add_shares() = example::Share(example::kCouncil, v1::FUNDING_BASIS_CARE_ACT, 1, 3);
  *line->add_shares() = example::Share(example::kIcb, v1::FUNDING_BASIS_JOINT_PACKAGE, 2, 3);
  return agreement;
}

v1::RecordSpendingRequest Request(const std::string& line, v1::SpendingCategory category,
                                  const std::string& day) {
  v1::RecordSpendingRequest request;
  request.set_line_id(line);
  request.set_category(category);
  request.set_amount_pence(10000);
  request.set_spent_date(day);
  request.set_provider_reference("pa-1");
  return request;
}

TEST(Spending, IsBorneByTheLinesFunders) {
  const auto decision = DecideRecordSpending(
      Joint(), {}, {}, Request("l1", v1::SPENDING_CATEGORY_PERSONAL_ASSISTANT, "2026-04-30"),
      "people/k3/spendings/1", {1, 9}, kToday);
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->spending.funders(0).amount_pence(), 3333);
  EXPECT_EQ(decision->spending.funders(1).amount_pence(), 6667);
  EXPECT_EQ(decision->transaction.name(), "people/k3/transactions/9");
  EXPECT_EQ(decision->numbers.transaction, 10);
  EXPECT_EQ(CheckTransaction(decision->transaction), absl::OkStatus());
}

struct RefusalCase {
  const char* name;
  v1::RecordSpendingRequest request;
  std::vector<std::string> refused_by;
};

// A line that the plan ended before the agreement did, and the other way round: the earlier day is the last.
TEST(Spending, EndsWithTheLineOrTheAgreementWhicheverIsFirst) {
  const struct {
    const char* line_last;
    const char* agreement_last;
    bool refused;
  } cases[] = {
      {"2026-04-20", "", true}, {"2026-04-20", "2026-04-30", true},  {"2026-04-30", "2026-04-20", true},
      {"", "2026-04-20", true}, {"2026-04-21", "2026-04-21", false}, {"", "", false}};
  for (const auto& one : cases) {
    v1::Agreement agreement = Joint();
    agreement.set_last_date(one.agreement_last);
    agreement.mutable_lines(0)->set_last_date(one.line_last);
    const auto decision = DecideRecordSpending(
        agreement, {}, {}, Request("l1", v1::SPENDING_CATEGORY_PERSONAL_ASSISTANT, "2026-04-21"),
        "people/k3/spendings/1", {}, kToday);
    EXPECT_EQ(example::RefusedBy(decision.status()),
              one.refused ? std::vector<std::string>{"PAY-SPEND-PERIOD"} : std::vector<std::string>())
        << one.line_last << " and " << one.agreement_last;
  }
}

TEST(Spending, OutsideThePlanOrBarredIsRefused) {
  const auto care = v1::SPENDING_CATEGORY_PERSONAL_ASSISTANT;
  const ExclusionFacts exclusions[] = {{v1::SPENDING_CATEGORY_ALCOHOL, {}, "NHS guidance"},
                                       {care, {v1::FUNDING_BASIS_CHC}, "not this money"},
                                       {care, {}, "not our money", "E10000028"},
                                       {v1::SPENDING_CATEGORY_GAMBLING, {}, "local", example::kIcb}};
  const RefusalCase cases[] = {
      {"unknown line", Request("l9", care, "2026-04-30"), {"PAY-SPEND-LINE"}},
      {"other category", Request("l1", v1::SPENDING_CATEGORY_RESPITE, "2026-04-30"), {"PAY-SPEND-CATEGORY"}},
      {"too early", Request("l1", care, "2026-04-07"), {"PAY-SPEND-PERIOD"}},
      {"tomorrow", Request("l1", care, "2026-05-02"), {"PAY-SPEND-FUTURE"}},
      {"alcohol, by either funder",
       Request("l1", v1::SPENDING_CATEGORY_ALCOHOL, "2026-04-30"),
       {"PAY-SPEND-CATEGORY", "PAY-SPEND-EXCLUDED", "PAY-SPEND-EXCLUDED"}},
      {"gambling, by the ICB only",
       Request("l1", v1::SPENDING_CATEGORY_GAMBLING, "2026-04-30"),
       {"PAY-SPEND-CATEGORY", "PAY-SPEND-EXCLUDED"}},
      {"barred for other money only", Request("l1", care, "2026-04-30"), {}},
  };
  for (const RefusalCase& one : cases) {
    const auto decision =
        DecideRecordSpending(Joint(), exclusions, {}, one.request, "people/k3/spendings/1", {}, kToday);
    EXPECT_EQ(example::RefusedBy(decision.status()), one.refused_by) << one.name;
    EXPECT_EQ(decision.ok(), one.refused_by.empty()) << one.name;
  }
}

// One line of two funders: each answers for its own money.
TEST(Spending, PaysFamilyOnlyForFundersThatFoundItNecessary) {
  const FamilyRuleFacts council{example::kCouncil, "SI 2014/2871 reg 3"};
  const FamilyRuleFacts icb{example::kIcb, "SI 2013/1617 reg 8(5A)"};
  const struct {
    std::vector<FamilyRuleFacts> rules;
    std::vector<std::string> necessary;
    size_t refusals;
  } cases[] = {{{}, {}, 0},
               {{icb}, {}, 1},
               {{council, icb}, {}, 2},
               {{council, icb}, {example::kCouncil}, 1},
               {{council, icb}, {example::kCouncil, example::kIcb}, 0},
               {{icb}, {example::kCouncil}, 1}};
  for (const auto& one : cases) {
    v1::Agreement agreement = Joint();
    for (const auto& found : one.necessary) {
      agreement.mutable_lines(0)->add_family_necessary_organisations(found);
    }
    v1::RecordSpendingRequest request = Request("l1", v1::SPENDING_CATEGORY_PERSONAL_ASSISTANT, "2026-04-30");
    request.set_relationship(v1::PAYEE_RELATIONSHIP_PARTNER);
    request.set_same_household(true);
    const auto decision =
        DecideRecordSpending(agreement, {}, one.rules, request, "people/k3/spendings/1", {}, kToday);
    EXPECT_EQ(example::RefusedBy(decision.status()),
              std::vector<std::string>(one.refusals, "PAY-SPEND-FAMILY"));
    if (!decision.ok()) continue;
    EXPECT_EQ(decision->spending.relationship(), v1::PAYEE_RELATIONSHIP_PARTNER);
    EXPECT_TRUE(decision->spending.same_household());
  }
}

}  // namespace
}  // namespace ipb::payments
