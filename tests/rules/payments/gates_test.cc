#include "services/payments/rules/gates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "services/payments/rules/payment.h"
#include "services/payments/rules/prepare.h"
#include "tests/rules/payments/example.h"

namespace ipb::payments {
namespace {

const absl::CivilDay kToday(2026, 4, 6);

PayFacts Facts() { return example::Pay(example::CouncilAgreement(70000, 5000, absl::CivilDay(2026, 4, 6))); }

FundedDays Funded(absl::CivilDay first, std::optional<absl::CivilDay> last, const std::string& organisation) {
  return {"c1", first, last, {example::Share(organisation, v1::FUNDING_BASIS_CARE_ACT, 1, 1)}};
}

struct GateCase {
  const char* rule;
  std::function<void(PayFacts&)> spoil;
};

TEST(Gates, EachSaysWhatIsMissingWhoClearsItAndWhen) {
  const GateCase cases[] = {
      {"PAY-GATE-PAYEE", [](PayFacts& facts) { facts.payee->set_state(v1::Payee::STATE_PROPOSED); }},
      {"PAY-GATE-PAYEE", [](PayFacts& facts) { facts.payee.reset(); }},
      {"PAY-GATE-PLAN", [](PayFacts& facts) { facts.plan_active = false; }},
      {"PAY-GATE-DECEASED", [](PayFacts& facts) { facts.person.death = absl::CivilDay(2026, 4, 10); }},
      {"PAY-GATE-BARRED", [](PayFacts& facts) { facts.person.barred_from_direct_payments = true; }},
      {"PAY-GATE-BUDGET",
       [](PayFacts& facts) {
         facts.limits = {{"c1", 279999}};
       }},
      {"PAY-GATE-FUNDING",
       [](PayFacts& facts) {
         facts.funding = {Funded(absl::CivilDay(2026, 4, 6), absl::CivilDay(2026, 4, 30), example::kCouncil),
                          Funded(absl::CivilDay(2026, 5, 1), std::nullopt, example::kIcb)};
       }},
      {"PAY-GATE-LIMIT",
       [](PayFacts& facts) { facts.agreement.mutable_lines(0)->set_weekly_pence(30000000); }},
  };
  for (const GateCase& one : cases) {
    PayFacts facts = Facts();
    one.spoil(facts);
    const auto decision =
        DecidePrepare(facts, "paymentRuns/r1", kToday, example::Policy(example::kCouncil), kToday);
    ASSERT_TRUE(decision.ok()) << decision.status();
    ASSERT_EQ(decision->payments.size(), 1u) << one.rule;
    const v1::Payment& payment = decision->payments[0].payment;
    EXPECT_EQ(payment.state(), v1::Payment::STATE_HELD) << one.rule;
    EXPECT_TRUE(payment.run().empty());
    EXPECT_TRUE(decision->transactions.empty());
    ASSERT_EQ(payment.gates_size(), 1) << one.rule;
    EXPECT_EQ(payment.gates(0).rule_id(), one.rule);
    EXPECT_FALSE(payment.gates(0).legal_source().empty());
    EXPECT_FALSE(payment.gates(0).cleared_by().empty());
    EXPECT_FALSE(payment.gates(0).payable_when().empty());
  }
}

TEST(Gates, AHandOverHoldsOnlyTheDaysAfterIt) {
  const struct {
    const char* name;
    std::vector<FundedDays> funding;
  } cases[] = {
      {"it is not known who funds", {}},
      {"handed over from the day after the period",
       {Funded(absl::CivilDay(2026, 4, 6), absl::CivilDay(2026, 5, 3), example::kCouncil),
        Funded(absl::CivilDay(2026, 5, 4), std::nullopt, example::kIcb)}},
      {"funded by another until the day before it",
       {Funded(absl::CivilDay(2026, 1, 5), absl::CivilDay(2026, 4, 5), example::kIcb),
        Funded(absl::CivilDay(2026, 4, 6), std::nullopt, example::kCouncil)}},
      {"a hand-over that was itself replaced from its first day",
       {Funded(absl::CivilDay(2026, 4, 20), absl::CivilDay(2026, 4, 19), example::kIcb)}},
      {"another component", {{"c2", absl::CivilDay(2026, 4, 6), std::nullopt, {}}}},
  };
  for (const auto& one : cases) {
    PayFacts facts = Facts();
    facts.funding = one.funding;
    const auto decision =
        DecidePrepare(facts, "paymentRuns/r1", kToday, example::Policy(example::kCouncil), kToday);
    ASSERT_TRUE(decision.ok()) << decision.status();
    EXPECT_EQ(decision->payments[0].payment.state(), v1::Payment::STATE_PENDING) << one.name;
  }
}

TEST(Gates, AllThatFailAreToldAtOnce) {
  PayFacts facts = Facts();
  facts.payee.reset();
  facts.plan_active = false;
  facts.person.death = absl::CivilDay(2026, 4, 12);
  const auto decision =
      DecidePrepare(facts, "paymentRuns/r1", kToday, example::Policy(example::kCouncil), kToday);
  const v1::Payment& payment = decision->payments.at(0).payment;
  EXPECT_EQ(payment.gates_size(), 3);
  EXPECT_EQ(payment.last_date(), "2026-04-12");
  EXPECT_EQ(payment.gross_pence(), 70000) << "what was due to the day of death is held, not lost";
}

TEST(Gates, TheSameMoneyForTheSameDaysIsPaidOnce) {
  PayFacts facts = Facts();
  v1::Payment other;
  other.set_name("people/k3/payments/7");
  other.set_agreement("people/k3/agreements/9");
  other.set_component_id("c1");
  other.set_management_option(v1::MANAGEMENT_OPTION_DIRECT_PAYMENT);
  other.set_first_date("2026-04-20");
  other.set_last_date("2026-05-17");
  other.set_state(v1::Payment::STATE_SETTLED);
  other.set_due_transaction("people/k3/transactions/1");
  auto* funder = other.add_funders();
  funder->set_organisation(example::kCouncil);
  funder->set_basis(v1::FUNDING_BASIS_CARE_ACT);
  facts.payments.push_back(other);
  facts.numbers.payment = 8;
  const auto policy = example::Policy(example::kCouncil);
  auto decision = DecidePrepare(facts, "paymentRuns/r1", kToday, policy, kToday);
  ASSERT_EQ(decision->payments.at(0).payment.gates_size(), 1);
  EXPECT_EQ(decision->payments[0].payment.gates(0).rule_id(), "PAY-GATE-DUPLICATE");
  facts.payments[0].set_state(v1::Payment::STATE_RETURNED);
  decision = DecidePrepare(facts, "paymentRuns/r1", kToday, policy, kToday);
  EXPECT_EQ(decision->payments.at(0).payment.state(), v1::Payment::STATE_PENDING);
}

TEST(Gates, AHoldIsPutOnAndTakenOffByTwoPeople) {
  PayFacts facts = Facts();
  const auto policy = example::Policy(example::kCouncil);
  const auto prepared = DecidePrepare(facts, "paymentRuns/r1", kToday, policy, kToday);
  const v1::Payment& payment = prepared->payments.at(0).payment;
  facts.numbers = prepared->numbers;
  v1::HoldPaymentRequest hold;
  EXPECT_EQ(example::RefusedBy(
                DecideHoldPayment(payment, facts, hold, example::IcbOfficer(), policy, kToday).status()),
            (std::vector<std::string>{"PAY-HOLD-PAYER", "PAY-HOLD-REASONS"}));
  hold.mutable_decision()->set_reasons("statements show gambling");
  const auto held = DecideHoldPayment(payment, facts, hold, example::CouncilOfficer("c-1"), policy, kToday);
  ASSERT_TRUE(held.ok());
  EXPECT_EQ(held->state(), v1::Payment::STATE_HELD);
  EXPECT_EQ(held->gates(0).rule_id(), "PAY-GATE-HOLD");
  EXPECT_TRUE(held->run().empty());

  v1::ReleaseHoldRequest release;
  release.mutable_decision()->set_reasons("explained");
  EXPECT_EQ(
      example::RefusedBy(
          DecideReleaseHold(*held, facts, release, example::CouncilOfficer("c-1"), policy, kToday).status()),
      (std::vector<std::string>{"PAY-HOLD-SECOND-PERSON"}));
  const auto freed = DecideReleaseHold(*held, facts, release, example::CouncilOfficer("c-2"), policy, kToday);
  ASSERT_TRUE(freed.ok());
  EXPECT_EQ(freed->payment.state(), v1::Payment::STATE_PENDING);
  EXPECT_TRUE(freed->transactions.empty()) << "it was posted as due before and stays so";
}

}  // namespace
}  // namespace ipb::payments
