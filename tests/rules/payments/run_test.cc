#include "services/payments/rules/run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/errors/errors.h"
#include "services/payments/rules/payment.h"
#include "tests/rules/payments/example.h"

namespace ipb::payments {
namespace {

const absl::CivilDay kToday(2026, 4, 6);

std::vector<v1::RunPayment> Rows(int count) {
  std::vector<v1::RunPayment> rows;
  for (int i = 0; i < count; ++i) {
    v1::RunPayment& row = rows.emplace_back();
    row.set_end_to_end_id(EndToEndId("people/k3/agreements/1", "2026-04-06", absl::StrCat("c", i), 1));
    row.set_net_pence(1000 + i);
    row.set_state(v1::Payment::STATE_PENDING);
  }
  return rows;
}

v1::PaymentRun Prepared(const std::vector<v1::RunPayment>& rows) {
  v1::CreatePaymentRunRequest request;
  request.set_pay_date("2026-04-06");
  v1::PaymentRun run =
      *DecideCreateRun(request, example::CouncilOfficer("c-1"), example::Policy(example::kCouncil), kToday);
  run.set_name("paymentRuns/r1");
  return *DecideFreezeRun(run, rows, 2, example::Policy(example::kCouncil));
}

TEST(Run, TheDigestIsOfWhatIsPaidAndNotOfItsOrder) {
  std::vector<v1::RunPayment> rows = Rows(50);
  const Frozen frozen = *Freeze(rows);
  EXPECT_EQ(frozen.count, 50);
  EXPECT_EQ(frozen.total_pence, 50 * 1000 + 49 * 50 / 2);
  std::reverse(rows.begin(), rows.end());
  EXPECT_EQ(*Freeze(rows), frozen);
  rows[0].set_net_pence(rows[0].net_pence() + 1);
  rows[1].set_net_pence(rows[1].net_pence() - 1);
  EXPECT_EQ(Freeze(rows)->total_pence, frozen.total_pence);
  EXPECT_NE(Freeze(rows)->digest, frozen.digest);
  rows.push_back(rows.front());
  EXPECT_EQ(Freeze(rows).status().code(), absl::StatusCode::kInternal);
}

TEST(Run, IsReleasedByASecondPersonForExactlyWhatWasFrozen) {
  const v1::PaymentRun run = Prepared(Rows(3));
  EXPECT_EQ(run.state(), v1::PaymentRun::STATE_PREPARED);
  EXPECT_EQ(run.held_count(), 2);
  EXPECT_EQ(run.file_count(), 1);
  v1::ReleasePaymentRunRequest request;
  request.set_digest(std::string(64, '0'));
  request.set_total_pence(run.total_pence());
  EXPECT_EQ(
      example::RefusedBy(DecideReleaseRun(run, request, example::CouncilOfficer("c-1"), kToday).status()),
      (std::vector<std::string>{"PAY-RUN-SECOND-PERSON", "PAY-RUN-DIGEST"}));
  request.set_digest(run.digest());
  const auto released = DecideReleaseRun(run, request, example::CouncilOfficer("c-2"), kToday);
  ASSERT_TRUE(released.ok());
  EXPECT_EQ(released->release().decider(), "c-2");
  EXPECT_EQ(
      errors::ReasonOf(DecideReleaseRun(*released, request, example::CouncilOfficer("c-2"), kToday).status()),
      v1::ERROR_REASON_WRONG_STATE);
  EXPECT_EQ(DecideReleaseRun(run, request, example::IcbOfficer(), kToday).status().code(),
            absl::StatusCode::kNotFound);
}

TEST(Run, IsGivenUpWithReasonsAndOnlyBeforeRelease) {
  v1::PaymentRun run = Prepared(Rows(1));
  v1::CancelPaymentRunRequest request;
  EXPECT_EQ(example::RefusedBy(DecideCancelRun(run, request, example::CouncilOfficer(), kToday).status()),
            (std::vector<std::string>{"PAY-RUN-REASONS"}));
  request.mutable_decision()->set_reasons("wrong pay date");
  EXPECT_EQ(DecideCancelRun(run, request, example::CouncilOfficer(), kToday)->state(),
            v1::PaymentRun::STATE_CANCELLED);
  run.set_state(v1::PaymentRun::STATE_RELEASED);
  EXPECT_EQ(errors::ReasonOf(DecideCancelRun(run, request, example::CouncilOfficer(), kToday).status()),
            v1::ERROR_REASON_WRONG_STATE);
}

TEST(Run, IsForADayFromTodayToOneCycleAhead) {
  const struct {
    const char* pay_date;
    std::vector<std::string> refused_by;
  } cases[] = {{"2026-04-05", {"PAY-RUN-DATE"}},
               {"2026-04-06", {}},
               {"2026-05-04", {}},
               {"2026-05-05", {"PAY-RUN-AHEAD"}},
               {"9999-12-31", {"PAY-RUN-AHEAD"}},
               {"0001-01-01", {"PAY-RUN-DATE"}}};
  const v1::PaymentsPolicy policy = example::Policy(example::kCouncil);
  for (const auto& one : cases) {
    v1::CreatePaymentRunRequest request;
    request.set_pay_date(one.pay_date);
    const auto run = DecideCreateRun(request, example::CouncilOfficer(), policy, kToday);
    EXPECT_EQ(example::RefusedBy(run.status()), one.refused_by) << one.pay_date;
    EXPECT_EQ(run.ok(), one.refused_by.empty()) << one.pay_date;
  }
}

TEST(Run, IsNotBegunByABodyWithoutAPaymentCycle) {
  v1::CreatePaymentRunRequest request;
  request.set_pay_date("2026-04-06");
  EXPECT_EQ(errors::ReasonOf(DecideCreateRun(request, example::CouncilOfficer(), {}, kToday).status()),
            v1::ERROR_REASON_NO_RATE);
}

TEST(Run, CountsWhatBecameOfItsPayments) {
  std::vector<v1::RunPayment> rows = Rows(4);
  v1::PaymentRun run = Prepared(rows);
  run.set_state(v1::PaymentRun::STATE_EXPORTED);
  rows[0].set_state(v1::Payment::STATE_SETTLED);
  rows[1].set_state(v1::Payment::STATE_RETURNED);
  rows[2].set_state(v1::Payment::STATE_HELD);
  rows[3].set_state(v1::Payment::STATE_EXPORTED);
  EXPECT_EQ(CountRun(run, rows)->state(), v1::PaymentRun::STATE_EXPORTED);
  rows[3].set_state(v1::Payment::STATE_SETTLED);
  const v1::PaymentRun counted = *CountRun(run, rows);
  EXPECT_EQ(counted.state(), v1::PaymentRun::STATE_SETTLED);
  EXPECT_EQ(counted.settled_pence() + counted.returned_pence() + counted.dropped_pence(), run.total_pence());
}

}  // namespace
}  // namespace ipb::payments
