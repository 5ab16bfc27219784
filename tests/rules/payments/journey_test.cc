// Payments from due to settled, and back: what a run, a bank and an early end do to them, with the ledger
// kept beside.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/dates/civil.h"
#include "services/payments/rules/agreement.h"
#include "services/payments/rules/ledger.h"
#include "services/payments/rules/payment.h"
#include "services/payments/rules/prepare.h"
#include "services/payments/rules/schedule.h"
#include "services/payments/rules/statement.h"
#include "tests/rules/payments/example.h"

namespace ipb::payments {
namespace {

constexpr char kRun[] = "paymentRuns/r1";
const absl::CivilDay kToday(2026, 4, 6);

// A person's records, kept as handlers would keep them.
class Journey : public testing::Test {
 protected:
  void Keep(const v1::Payment& payment) {
    for (v1::Payment& kept : facts.payments) {
      if (kept.name() == payment.name()) {
        kept = payment;
        return;
      }
    }
    facts.payments.push_back(payment);
  }
  void Keep(const PaymentDecision& decision) {
    Keep(decision.payment);
    Keep(decision.transactions, decision.numbers);
  }
  void Keep(const std::vector<v1::Transaction>& transactions, Numbers numbers) {
    for (const v1::Transaction& transaction : transactions) {
      balance = *Post(std::move(balance), transaction);
      ledger.push_back(transaction);
    }
    facts.numbers = numbers;
    ASSERT_EQ(CheckBalance(balance, ledger), absl::OkStatus());
  }
  PrepareDecision Prepare(absl::CivilDay pay_date, const std::string& run = kRun) {
    const auto decision = DecidePrepare(facts, run, pay_date, policy, kToday);
    EXPECT_TRUE(decision.ok()) << decision.status();
    for (const Prepared& prepared : decision->payments) Keep(prepared.payment);
    Keep(decision->transactions, decision->numbers);
    return *decision;
  }
  void Send(const std::string& run = kRun) {
    v1::PaymentRun resource;
    resource.set_name(run);
    resource.set_pay_date("2026-04-06");
    for (const v1::Payment& payment : std::vector<v1::Payment>(facts.payments)) {
      const auto released = DecideReleasePayment(payment, facts, run, policy, kToday);
      ASSERT_TRUE(released.ok()) << released.status();
      Keep(*released);
      const auto exported = DecideExportPayment(released->payment, facts, resource, policy, kToday);
      ASSERT_TRUE(exported.ok());
      Keep(exported->moved);
      facts.agreement = exported->agreement;
    }
  }
  v1::SettleVerdict::Kind Bank(size_t payment, v1::BankResult::Outcome outcome,
                               const std::string& run = kRun) {
    v1::BankResult result;
    result.set_end_to_end_id(facts.payments[payment].end_to_end_id());
    result.set_outcome(outcome);
    result.set_outcome_date("2026-04-06");
    const auto decision =
        DecideSettlePayment(facts.payments[payment], facts.agreement, run, result, facts.numbers, kToday);
    EXPECT_TRUE(decision.ok()) << decision.status();
    Keep(decision->moved);
    facts.agreement = decision->agreement;
    return decision->verdict.kind();
  }
  int64_t Held(v1::AccountKind account) { return *TotalOf(balance, account); }

  v1::PaymentsPolicy policy = example::Policy(example::kCouncil);
  PayFacts facts = example::Pay(example::CouncilAgreement(70000, 5000, absl::CivilDay(2026, 4, 8)));
  std::vector<v1::Transaction> ledger;
  v1::Balance balance = [] {
    v1::Balance empty;
    empty.set_name("people/k3/agreements/1");
    return empty;
  }();
};

TEST_F(Journey, IsPaidOnceHoweverOftenItIsTried) {
  ASSERT_EQ(Prepare(kToday).payments.size(), 1u);
  const v1::Payment payment = facts.payments[0];
  EXPECT_EQ(payment.gross_pence(), 26 * 10000);
  EXPECT_EQ(payment.contribution_pence(), 18571);  // 26 days of £50 a week
  EXPECT_EQ(payment.net_pence(), 260000 - 18571);
  EXPECT_EQ(IdentityRecord(payment), "paymentOf/1/2026-04-06/c1");
  EXPECT_EQ(Prepare(kToday).payments.size(), 0u) << "again changes nothing";
  EXPECT_EQ(Prepare(kToday, "paymentRuns/r2").payments.size(), 0u) << "another run leaves it alone";

  Send();
  EXPECT_EQ(facts.payments[0].state(), v1::Payment::STATE_EXPORTED);
  EXPECT_EQ(Bank(0, v1::BankResult::OUTCOME_SETTLED), v1::SettleVerdict::KIND_APPLIED);
  EXPECT_EQ(Bank(0, v1::BankResult::OUTCOME_SETTLED), v1::SettleVerdict::KIND_REPEATED);
  EXPECT_EQ(ledger.size(), 2u);
  EXPECT_EQ(Held(v1::ACCOUNT_KIND_HOLDER), 260000);
  EXPECT_EQ(Held(v1::ACCOUNT_KIND_CONTRIBUTION), -18571);
  EXPECT_EQ(Held(v1::ACCOUNT_KIND_FUNDER), -(260000 - 18571));
  EXPECT_EQ(facts.agreement.paid_through_date(), "2026-05-03");
  EXPECT_EQ(Prepare(kToday).payments.size(), 0u);
}

TEST_F(Journey, TheSameIdentityHasTheSameEndToEndIdInEveryReplay) {
  const PayFacts before = facts;
  Prepare(absl::CivilDay(2026, 7, 1));
  const std::vector<v1::Payment> first = facts.payments;
  facts = before;
  facts.numbers.payment = 100;
  ledger.clear();
  balance.Clear();
  balance.set_name("people/k3/agreements/1");
  Prepare(absl::CivilDay(2026, 7, 1));
  ASSERT_EQ(first.size(), 4u);
  for (size_t i = 0; i < first.size(); ++i) {
    EXPECT_NE(first[i].name(), facts.payments[i].name());
    EXPECT_EQ(first[i].end_to_end_id(), facts.payments[i].end_to_end_id());
    EXPECT_EQ(first[i].end_to_end_id().size(), 35u);
  }
}

TEST_F(Journey, WhatTheBankSendsBackIsPaidAgainUnderAnotherId) {
  Prepare(kToday);
  Send();
  Bank(0, v1::BankResult::OUTCOME_SETTLED);
  EXPECT_EQ(Bank(0, v1::BankResult::OUTCOME_RETURNED), v1::SettleVerdict::KIND_APPLIED);
  EXPECT_EQ(Bank(0, v1::BankResult::OUTCOME_RETURNED), v1::SettleVerdict::KIND_REPEATED);
  EXPECT_EQ(Bank(0, v1::BankResult::OUTCOME_SETTLED), v1::SettleVerdict::KIND_REFUSED);
  for (const auto& row : balance.balances()) EXPECT_EQ(row.balance_pence(), 0);
  for (const auto& row : balance.means_balances()) EXPECT_EQ(row.balance_pence(), 0);
  EXPECT_EQ(facts.agreement.paid_through_date(), "");
  ASSERT_EQ(Prepare(kToday, "paymentRuns/r2").payments.size(), 1u);
  EXPECT_EQ(facts.payments[1].attempt(), 2);
  EXPECT_NE(facts.payments[1].end_to_end_id(), facts.payments[0].end_to_end_id());
}

TEST_F(Journey, WhatChangedAfterItWasPreparedDropsOut) {
  Prepare(kToday);
  facts.agreement.mutable_lines(0)->set_weekly_pence(80000);
  Send();
  EXPECT_EQ(facts.payments[0].state(), v1::Payment::STATE_VOID);
  EXPECT_EQ(Held(v1::ACCOUNT_KIND_BUDGET), 0);
  Prepare(kToday, "paymentRuns/r2");
  EXPECT_EQ(facts.payments[1].attempt(), 2);
  facts.payee->set_state(v1::Payee::STATE_PROPOSED);
  Send("paymentRuns/r2");
  EXPECT_EQ(facts.payments[1].state(), v1::Payment::STATE_HELD);
  facts.payee->set_state(v1::Payee::STATE_APPROVED);
  Prepare(kToday, "paymentRuns/r3");
  EXPECT_EQ(facts.payments[1].state(), v1::Payment::STATE_PENDING);
  EXPECT_EQ(facts.payments[1].run(), "paymentRuns/r3");
  EXPECT_EQ(DetachPayment(facts.payments[1], "paymentRuns/r3").run(), "");
}

TEST_F(Journey, ANetAmountOfNothingIsSettledWithoutTheBank) {
  facts.agreement.set_contribution_weekly_pence(70000);
  Prepare(kToday);
  EXPECT_EQ(facts.payments[0].net_pence(), 0);
  Send();
  EXPECT_EQ(facts.payments[0].state(), v1::Payment::STATE_SETTLED);
  EXPECT_EQ(Held(v1::ACCOUNT_KIND_HOLDER), 260000);
  EXPECT_EQ(Bank(0, v1::BankResult::OUTCOME_RETURNED), v1::SettleVerdict::KIND_REFUSED);
}

TEST_F(Journey, AnEarlyEndFindsWhatIsOverAndAsksForNothing) {
  Prepare(absl::CivilDay(2026, 5, 4));
  for (v1::Payment& payment : facts.payments) {
    if (payment.cycle_first_date() == "2026-05-04") payment.clear_run();
  }
  Send();
  Bank(0, v1::BankResult::OUTCOME_SETTLED);
  v1::CloseAgreementRequest request;
  request.set_name(facts.agreement.name());
  request.set_last_date("2026-04-19");
  request.set_reason(v1::CLOSE_REASON_PERSON_ASKED);
  const auto closed = DecideCloseAgreement({facts.agreement, facts.payments, facts.numbers}, request,
                                           example::CouncilOfficer(), policy, kToday);
  ASSERT_TRUE(closed.ok()) << closed.status();
  for (const v1::Payment& payment : closed->payments) Keep(payment);
  Keep(closed->transactions, closed->numbers);
  facts.agreement = closed->agreement;
  EXPECT_EQ(facts.payments[1].state(), v1::Payment::STATE_VOID);
  EXPECT_EQ(facts.agreement.overpaid_gross_pence(), 14 * 10000);
  EXPECT_EQ(facts.agreement.overpaid_net_pence(), 14 * 10000 - 2 * 5000);
  EXPECT_EQ(Held(v1::ACCOUNT_KIND_HOLDER), 12 * 10000);
  EXPECT_EQ(Held(v1::ACCOUNT_KIND_RECOVERY), 130000);
  EXPECT_EQ(Held(v1::ACCOUNT_KIND_BUDGET), 0);
  EXPECT_EQ(Prepare(absl::CivilDay(2026, 6, 1)).payments.size(), 0u);

  StatementFacts shown{facts.agreement, facts.payments, {}, {}};
  const auto statement = MakeStatement(shown, absl::CivilDay(2026, 4, 8), kToday, policy);
  ASSERT_TRUE(statement.ok()) << statement.status();
  EXPECT_EQ(statement->statement.left_pence(), Held(v1::ACCOUNT_KIND_HOLDER));

  EXPECT_EQ(Bank(0, v1::BankResult::OUTCOME_RETURNED), v1::SettleVerdict::KIND_APPLIED);
  EXPECT_EQ(Held(v1::ACCOUNT_KIND_RECOVERY), 0);
  EXPECT_EQ(Held(v1::ACCOUNT_KIND_HOLDER), 0);
  EXPECT_EQ(facts.agreement.overpaid_net_pence(), 0);
}

TEST_F(Journey, TheStatementSaysHowMuchAndHowItWasWorkedOut) {
  Prepare(absl::CivilDay(2026, 5, 4));
  Send();
  Bank(0, v1::BankResult::OUTCOME_SETTLED);
  Bank(1, v1::BankResult::OUTCOME_SETTLED);
  v1::Spending spending;
  spending.set_name("people/k3/spendings/1");
  spending.set_agreement(facts.agreement.name());
  spending.set_spent_date("2026-04-30");
  spending.set_amount_pence(100000);
  const StatementFacts shown{facts.agreement, facts.payments, {spending}, {}};
  const auto whole = MakeStatement(shown, absl::CivilDay(2026, 4, 8), absl::CivilDay(2026, 5, 10), policy);
  ASSERT_TRUE(whole.ok()) << whole.status();
  const v1::Statement& statement = whole->statement;
  ASSERT_EQ(statement.periods_size(), 2);
  EXPECT_EQ(statement.weekly_gross_pence(), 70000);
  EXPECT_EQ(statement.periods(0).due_gross_pence(), 260000);
  EXPECT_EQ(statement.periods(0).spent_pence(), 100000);
  EXPECT_EQ(statement.periods(0).left_pence(), 160000);
  EXPECT_EQ(statement.periods(1).contribution_due_pence(), 20000);
  EXPECT_EQ(statement.periods(1).transferred_pence(), 260000);
  EXPECT_EQ(statement.left_pence(), 440000);
  EXPECT_EQ(statement.reserve_pence(), 8 * 70000);
  EXPECT_EQ(statement.above_reserve_pence(), 0);
  const v1::Explanation explanation = whole->trace.Render("payments/1", "x");
  for (const auto& step : explanation.steps()) {
    EXPECT_EQ(step.sentence().find('{'), std::string::npos) << step.sentence();
  }
  const auto later = MakeStatement(shown, absl::CivilDay(2026, 5, 4), absl::CivilDay(2026, 5, 10), policy);
  EXPECT_EQ(later->statement.opening_pence(), 160000);
  EXPECT_EQ(later->statement.left_pence(), 440000);
  EXPECT_EQ(
      example::RefusedBy(
          MakeStatement(shown, absl::CivilDay(2026, 5, 4), absl::CivilDay(2026, 1, 1), policy).status()),
      (std::vector<std::string>{"PAY-STATEMENT-PERIODS"}));
}

}  // namespace
}  // namespace ipb::payments
