#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/names/names.h"
#include "tests/handlers/payments/fixture.h"

namespace ipb::payments {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A cycle of four weeks at 300.00 less a contribution of 40.00 a week, and 300.00 once.
constexpr int64_t kCarePence = 104000;
constexpr int64_t kBikePence = 30000;

class Runs : public PaymentsTest {
 protected:
  // A person with an agreement of the council; gives the agreement.
  std::string Agreed() {
    person_ = NewPerson();
    StatePlan(person_);
    return CouncilAgreement().name();
  }
  std::vector<std::string> ThreeAgreed() { return {Agreed(), Agreed(), Agreed()}; }

  v1::PaymentRun Get(const std::string& run) {
    v1::GetPaymentRunRequest request;
    request.set_name(run);
    return Must(&Stub::GetPaymentRun, kCouncil, request);
  }
  v1::Payment Payment(const std::string& name) {
    v1::GetPaymentRequest request;
    request.set_name(name);
    return Must(&Stub::GetPayment, kCouncil, request);
  }
  v1::PaymentRun Released() {
    return Must(&Stub::ReleasePaymentRun, kSecondCouncilOfficer,
                Releasing(Must(&Stub::CreatePaymentRun, kCouncil, Creating())));
  }
  // What is held by the holders of an agreement's money, by the kept balance.
  int64_t Account(const std::string& agreement, v1::AccountKind kind) {
    v1::GetBalanceRequest request;
    request.set_name(agreement);
    const v1::Balance balance = Must(&Stub::GetBalance, kCouncil, request);
    int64_t total = 0;
    for (const auto* list : {&balance.balances(), &balance.means_balances()}) {
      for (const v1::AccountBalance& account : *list) {
        if (account.account() == kind) total += account.balance_pence();
      }
    }
    return total;
  }
};

std::vector<v1::SettleVerdict::Kind> Kinds(const v1::SettlePaymentsResponse& reply) {
  std::vector<v1::SettleVerdict::Kind> kinds;
  for (const v1::SettleVerdict& verdict : reply.verdicts()) kinds.push_back(verdict.kind());
  return kinds;
}

TEST_F(Runs, PayThreePeopleFromPrepareToSettled) {
  const std::vector<std::string> agreements = ThreeAgreed();
  const v1::PaymentRun prepared = Must(&Stub::CreatePaymentRun, kCouncil, Creating());
  EXPECT_EQ(prepared.state(), v1::PaymentRun::STATE_PREPARED);
  EXPECT_EQ(prepared.payment_count(), 6);
  EXPECT_EQ(prepared.total_pence(), 3 * (kCarePence + kBikePence));
  EXPECT_EQ(prepared.held_count(), 0);
  EXPECT_EQ(prepared.preparer(), kCouncil.actor);
  for (const std::string& agreement : agreements) {
    EXPECT_EQ(Account(agreement, v1::ACCOUNT_KIND_BUDGET), kCarePence + 4 * 4000 + kBikePence);
  }

  const v1::PaymentRun released = Must(&Stub::ReleasePaymentRun, kSecondCouncilOfficer, Releasing(prepared));
  EXPECT_EQ(released.state(), v1::PaymentRun::STATE_RELEASED);
  EXPECT_EQ(released.dropped_count(), 0);

  const v1::BankFile file = Must(&Stub::ExportPaymentRun, kSecondCouncilOfficer, Exporting(released));
  EXPECT_EQ(file.file_count(), 1);
  EXPECT_EQ(file.transfer_count(), 6);
  EXPECT_EQ(file.total_pence(), prepared.total_pence()) << "the control sum is what was frozen";
  EXPECT_THAT(file.text(), HasSubstr("<CtrlSum>4020.00</CtrlSum>"));
  EXPECT_THAT(file.text(), HasSubstr("01020312345678"));
  EXPECT_EQ(Get(prepared.name()).state(), v1::PaymentRun::STATE_EXPORTED);

  const v1::SettlePaymentsRequest settling = Settling(prepared, v1::BankResult::OUTCOME_SETTLED);
  const v1::SettlePaymentsResponse settled = Must(&Stub::SettlePayments, kCouncil, settling);
  EXPECT_THAT(Kinds(settled), ::testing::Each(v1::SettleVerdict::KIND_APPLIED));
  EXPECT_EQ(settled.run().state(), v1::PaymentRun::STATE_SETTLED);
  EXPECT_EQ(settled.run().settled_count(), 6);
  EXPECT_EQ(settled.run().settled_pence(), prepared.total_pence());
  int64_t held = 0, contributed = 0;
  for (const std::string& agreement : agreements) {
    EXPECT_EQ(Account(agreement, v1::ACCOUNT_KIND_BUDGET), 0);
    held += Account(agreement, v1::ACCOUNT_KIND_HOLDER);
    contributed -= Account(agreement, v1::ACCOUNT_KIND_CONTRIBUTION);
  }
  EXPECT_EQ(held - contributed, settled.run().settled_pence()) << "control sums equal the ledger";
  EXPECT_EQ(suite_.FinishWork("payments"), 0) << "nothing is left to do";
}

TEST_F(Runs, NeedASecondPersonAndTheFrozenDigest) {
  Agreed();
  const v1::PaymentRun run = Must(&Stub::CreatePaymentRun, kCouncil, Creating());
  EXPECT_THAT(Fails(grpc::FAILED_PRECONDITION, &Stub::ReleasePaymentRun, kCouncil, Releasing(run)).rules(),
              ElementsAre("PAY-RUN-SECOND-PERSON"));
  v1::ReleasePaymentRunRequest other = Releasing(run);
  other.set_total_pence(run.total_pence() + 1);
  EXPECT_THAT(
      Fails(grpc::FAILED_PRECONDITION, &Stub::ReleasePaymentRun, kSecondCouncilOfficer, other).rules(),
      ElementsAre("PAY-RUN-DIGEST"));
  other.set_etag("1-stale");
  Fails(grpc::ABORTED, &Stub::ReleasePaymentRun, kSecondCouncilOfficer, other);
  EXPECT_EQ(Get(run.name()).state(), v1::PaymentRun::STATE_PREPARED);
  Must(&Stub::ReleasePaymentRun, kSecondCouncilOfficer, Releasing(run));
  Fails(grpc::FAILED_PRECONDITION, &Stub::ReleasePaymentRun, kSecondCouncilOfficer, Releasing(run));
}

TEST_F(Runs, AreUnknownToOtherOrganisations) {
  Agreed();
  const v1::PaymentRun run = Must(&Stub::CreatePaymentRun, kCouncil, Creating());
  v1::GetPaymentRunRequest get;
  get.set_name(run.name());
  v1::ListRunPaymentsRequest list;
  list.set_parent(run.name());
  for (const As& as : {kIcb, kStranger}) {
    Fails(grpc::NOT_FOUND, &Stub::GetPaymentRun, as, get);
    Fails(grpc::NOT_FOUND, &Stub::ListRunPayments, as, list);
    Fails(grpc::NOT_FOUND, &Stub::ReleasePaymentRun, as, Releasing(run));
    Fails(grpc::NOT_FOUND, &Stub::ExportPaymentRun, as, Exporting(run));
  }
  get.set_name("paymentRuns/nobody-made-this");
  Fails(grpc::NOT_FOUND, &Stub::GetPaymentRun, kCouncil, get);
}

TEST_F(Runs, AreCreatedOnceForARequest) {
  Agreed();
  v1::CreatePaymentRunRequest request = Creating();
  const v1::PaymentRun run = Must(&Stub::CreatePaymentRun, kCouncil, request);
  EXPECT_EQ(Must(&Stub::CreatePaymentRun, kCouncil, request).name(), run.name());
  request.set_pay_date("2025-06-03");
  EXPECT_EQ(Fails(grpc::INVALID_ARGUMENT, &Stub::CreatePaymentRun, kCouncil, request).info.reason(),
            "REQUEST_ID_REUSED");
  EXPECT_THAT(
      Fails(grpc::FAILED_PRECONDITION, &Stub::CreatePaymentRun, kCouncil, Creating("2025-06-01")).rules(),
      ElementsAre("PAY-RUN-DATE"));
  const v1::PaymentRun second = Must(&Stub::CreatePaymentRun, kCouncil, Creating());
  EXPECT_EQ(second.payment_count(), 0) << "what is in one run is not in another";
}

TEST_F(Runs, PreviewsWriteNothing) {
  const std::string agreement = Agreed();
  v1::CreatePaymentRunRequest request = Creating();
  request.set_validate_only(true);
  const v1::PaymentRun preview = Must(&Stub::CreatePaymentRun, kCouncil, request);
  EXPECT_FALSE(preview.preview_token().empty());
  v1::GetPaymentRunRequest get;
  get.set_name(preview.name());
  Fails(grpc::NOT_FOUND, &Stub::GetPaymentRun, kCouncil, get);

  const v1::PaymentRun released = Released();
  v1::ExportPaymentRunRequest exporting = Exporting(released);
  exporting.set_validate_only(true);
  const v1::BankFile expected = Must(&Stub::ExportPaymentRun, kCouncil, exporting);
  EXPECT_TRUE(expected.text().empty());
  EXPECT_EQ(expected.total_pence(), kCarePence + kBikePence);
  EXPECT_EQ(Get(released.name()).state(), v1::PaymentRun::STATE_RELEASED);
  exporting = Exporting(released);
  exporting.set_preview_token("another");
  Fails(grpc::ABORTED, &Stub::ExportPaymentRun, kCouncil, exporting);
  exporting.set_preview_token(expected.preview_token());
  EXPECT_EQ(Must(&Stub::ExportPaymentRun, kCouncil, exporting).message_id(), expected.message_id());

  v1::SettlePaymentsRequest settling = Settling(released, v1::BankResult::OUTCOME_SETTLED);
  settling.set_validate_only(true);
  EXPECT_THAT(Kinds(Must(&Stub::SettlePayments, kCouncil, settling)),
              ::testing::Each(v1::SettleVerdict::KIND_APPLIED));
  EXPECT_EQ(Account(agreement, v1::ACCOUNT_KIND_HOLDER), 0);
}

TEST_F(Runs, PreviewsLeaveUnfinishedWorkAlone) {
  Agreed();
  const v1::PaymentRun run = Must(&Stub::CreatePaymentRun, kCouncil, Creating());
  // The release is written, what it does to the payments is not; and by the clock the worker has to wait.
  counts_->until_failure = 2;
  Must(&Stub::ReleasePaymentRun, kSecondCouncilOfficer, Releasing(run));
  suite_.clock().Set(suite_.clock().Now() - absl::Hours(1));
  v1::ExportPaymentRunRequest exporting = Exporting(run);
  exporting.set_validate_only(true);
  const int commits = counts_->commits;
  EXPECT_EQ(Fails(grpc::FAILED_PRECONDITION, &Stub::ExportPaymentRun, kCouncil, exporting).info.reason(),
            "WRONG_STATE");
  EXPECT_EQ(counts_->commits, commits);
  exporting.set_validate_only(false);
  EXPECT_EQ(Must(&Stub::ExportPaymentRun, kCouncil, exporting).total_pence(), run.total_pence());
}

TEST_F(Runs, DropAPaymentThatIsHeldAndPayItInALaterRun) {
  const std::string agreement = Agreed();
  const v1::PaymentRun run = Must(&Stub::CreatePaymentRun, kCouncil, Creating());
  const v1::RunPayment row = Rows(run.name()).front();
  Fails(grpc::FAILED_PRECONDITION, &Stub::HoldPayment, kIcb, Holding(row.payment()));
  Fails(grpc::NOT_FOUND, &Stub::HoldPayment, kStranger, Holding(row.payment()));
  const v1::Payment held = Must(&Stub::HoldPayment, kCouncil, Holding(row.payment()));
  EXPECT_EQ(held.state(), v1::Payment::STATE_HELD);
  EXPECT_EQ(held.gates(0).rule_id(), "PAY-GATE-HOLD");

  const v1::PaymentRun released = Must(&Stub::ReleasePaymentRun, kSecondCouncilOfficer, Releasing(run));
  EXPECT_EQ(released.dropped_count(), 1);
  EXPECT_EQ(released.dropped_pence(), row.net_pence());
  EXPECT_THAT(Rows(run.name()).front().state_reason(), HasSubstr("hold"));
  EXPECT_EQ(Must(&Stub::ExportPaymentRun, kCouncil, Exporting(run)).total_pence(),
            run.total_pence() - row.net_pence());

  v1::ReleaseHoldRequest freeing;
  freeing.set_name(row.payment());
  freeing.mutable_decision()->set_reasons("Cleared up.");
  freeing.set_request_id(NewRequestId());
  EXPECT_THAT(Fails(grpc::FAILED_PRECONDITION, &Stub::ReleaseHold, kCouncil, freeing).rules(),
              ElementsAre("PAY-HOLD-SECOND-PERSON"));
  const v1::Payment freed = Must(&Stub::ReleaseHold, kSecondCouncilOfficer, freeing);
  EXPECT_EQ(freed.state(), v1::Payment::STATE_PENDING);
  const v1::PaymentRun later = Must(&Stub::CreatePaymentRun, kCouncil, Creating());
  EXPECT_EQ(later.total_pence(), row.net_pence());
  EXPECT_EQ(Payment(row.payment()).run(), later.name());
  EXPECT_EQ(Account(agreement, v1::ACCOUNT_KIND_BUDGET), kCarePence + 4 * 4000 + kBikePence)
      << "due once, however often it is prepared";
}

TEST_F(Runs, DropTheDeadWithAReason) {
  ThreeAgreed();
  const std::string dead = person_;
  const v1::PaymentRun run = Must(&Stub::CreatePaymentRun, kCouncil, Creating());
  Die(dead, "2025-06-01");
  const v1::PaymentRun released = Must(&Stub::ReleasePaymentRun, kSecondCouncilOfficer, Releasing(run));
  EXPECT_EQ(released.dropped_count(), 2);
  for (const v1::RunPayment& row : Rows(run.name())) {
    const bool dropped = names::Subject(row.payment()) == dead;
    EXPECT_EQ(row.state(), dropped ? v1::Payment::STATE_VOID : v1::Payment::STATE_RELEASED);
    EXPECT_EQ(row.state_reason().empty(), !dropped);
  }
  EXPECT_EQ(Must(&Stub::ExportPaymentRun, kCouncil, Exporting(run)).transfer_count(), 4);
}

TEST_F(Runs, SendNothingForWhoDiedSinceTheRelease) {
  ThreeAgreed();
  const std::string dead = person_;
  const v1::PaymentRun run = Released();
  Die(dead, "2025-06-01");
  v1::ExportPaymentRunRequest exporting = Exporting(run);
  exporting.set_validate_only(true);
  const v1::BankFile preview = Must(&Stub::ExportPaymentRun, kCouncil, exporting);
  EXPECT_EQ(preview.transfer_count(), 4);
  exporting.set_validate_only(false);
  exporting.set_preview_token(preview.preview_token());
  const v1::BankFile file = Must(&Stub::ExportPaymentRun, kCouncil, exporting);
  EXPECT_EQ(file.transfer_count(), 4);
  EXPECT_EQ(file.total_pence(), 2 * (kCarePence + kBikePence));
  EXPECT_EQ(Get(run.name()).dropped_count(), 2);
  for (const v1::RunPayment& row : Rows(run.name())) {
    if (names::Subject(row.payment()) != dead) continue;
    EXPECT_EQ(row.state(), v1::Payment::STATE_VOID);
    EXPECT_NE(row.state_reason(), "");
  }
}

TEST_F(Runs, GiveTheSameFileAgain) {
  ThreeAgreed();
  const v1::PaymentRun run = Released();
  const v1::ExportPaymentRunRequest request = Exporting(run);
  const v1::BankFile first = Must(&Stub::ExportPaymentRun, kCouncil, request);
  suite_.SetDate("2025-06-05");
  EXPECT_EQ(Must(&Stub::ExportPaymentRun, kCouncil, request).SerializeAsString(), first.SerializeAsString());
  EXPECT_EQ(Must(&Stub::ExportPaymentRun, kSecondCouncilOfficer, Exporting(run)).text(), first.text());
  v1::ExportPaymentRunRequest beyond = Exporting(run);
  beyond.set_file_number(2);
  EXPECT_THAT(Fails(grpc::FAILED_PRECONDITION, &Stub::ExportPaymentRun, kCouncil, beyond).rules(),
              ElementsAre("PAY-RUN-FILE"));
  EXPECT_EQ(
      Must(&Stub::SettlePayments, kCouncil, Settling(run, v1::BankResult::OUTCOME_SETTLED)).run().state(),
      v1::PaymentRun::STATE_SETTLED);
  EXPECT_EQ(Must(&Stub::ExportPaymentRun, kCouncil, Exporting(run)).text(), first.text());
}

TEST_F(Runs, SettleOnceHoweverOftenTheBankSaysIt) {
  const std::string agreement = Agreed();
  const v1::PaymentRun run = Released();
  const v1::SettlePaymentsRequest early = Settling(run, v1::BankResult::OUTCOME_SETTLED);
  Fails(grpc::FAILED_PRECONDITION, &Stub::SettlePayments, kCouncil, early);
  Must(&Stub::ExportPaymentRun, kCouncil, Exporting(run));
  v1::SettlePaymentsRequest settling = Settling(run, v1::BankResult::OUTCOME_SETTLED);
  settling.add_results()->CopyFrom(settling.results(0));
  settling.mutable_results(2)->set_end_to_end_id("IPB00000000000000000000000000000000");
  EXPECT_THAT(Kinds(Must(&Stub::SettlePayments, kCouncil, settling)),
              ElementsAre(v1::SettleVerdict::KIND_APPLIED, v1::SettleVerdict::KIND_APPLIED,
                          v1::SettleVerdict::KIND_REFUSED));
  const int64_t held = Account(agreement, v1::ACCOUNT_KIND_HOLDER);
  EXPECT_THAT(Kinds(Must(&Stub::SettlePayments, kCouncil, settling)),
              Contains(v1::SettleVerdict::KIND_APPLIED))
      << "the same request is answered with the same reply";
  const v1::SettlePaymentsResponse again =
      Must(&Stub::SettlePayments, kCouncil, Settling(run, v1::BankResult::OUTCOME_SETTLED));
  EXPECT_THAT(Kinds(again), ElementsAre(v1::SettleVerdict::KIND_REPEATED, v1::SettleVerdict::KIND_REPEATED));
  EXPECT_EQ(again.run().settled_pence(), kCarePence + kBikePence);
  EXPECT_EQ(Account(agreement, v1::ACCOUNT_KIND_HOLDER), held);

  const v1::SettlePaymentsResponse back =
      Must(&Stub::SettlePayments, kCouncil, Settling(run, v1::BankResult::OUTCOME_RETURNED));
  EXPECT_EQ(back.run().returned_count(), 2);
  EXPECT_EQ(Account(agreement, v1::ACCOUNT_KIND_HOLDER), 0);
  EXPECT_EQ(Must(&Stub::CreatePaymentRun, kCouncil, Creating()).total_pence(), kCarePence + kBikePence)
      << "what came back is paid again";
}

TEST_F(Runs, GivenUpLeaveTheirPaymentsToAnother) {
  const std::string agreement = Agreed();
  const v1::PaymentRun run = Must(&Stub::CreatePaymentRun, kCouncil, Creating());
  v1::CancelPaymentRunRequest cancelling;
  cancelling.set_name(run.name());
  cancelling.mutable_decision()->set_role("finance");
  cancelling.set_request_id(NewRequestId());
  EXPECT_THAT(Fails(grpc::FAILED_PRECONDITION, &Stub::CancelPaymentRun, kCouncil, cancelling).rules(),
              ElementsAre("PAY-RUN-REASONS"));
  cancelling.mutable_decision()->set_reasons("The wrong day.");
  EXPECT_EQ(Must(&Stub::CancelPaymentRun, kCouncil, cancelling).state(), v1::PaymentRun::STATE_CANCELLED);
  Fails(grpc::FAILED_PRECONDITION, &Stub::ReleasePaymentRun, kSecondCouncilOfficer, Releasing(run));
  const v1::PaymentRun other = Must(&Stub::CreatePaymentRun, kCouncil, Creating());
  EXPECT_EQ(other.digest(), run.digest()) << "the same payments under the same end-to-end ids";
  EXPECT_EQ(Account(agreement, v1::ACCOUNT_KIND_BUDGET), kCarePence + 4 * 4000 + kBikePence);
}

TEST_F(Runs, PayMoreThanOneCommitHolds) {
  const std::string agreement = Agreed();
  suite_.SetDate("2032-06-07");
  const v1::PaymentRun prepared = Must(&Stub::CreatePaymentRun, kCouncil, Creating("2032-06-07"));
  ASSERT_EQ(prepared.state(), v1::PaymentRun::STATE_PREPARED);
  const int64_t cycles = prepared.payment_count() - 1;
  EXPECT_GT(cycles, 90) << "seven years of four weeks";
  EXPECT_EQ(prepared.total_pence(), cycles * kCarePence + kBikePence);
  const v1::PaymentRun released = Must(&Stub::ReleasePaymentRun, kSecondCouncilOfficer, Releasing(prepared));
  EXPECT_EQ(released.dropped_count(), 0);
  EXPECT_EQ(Must(&Stub::ExportPaymentRun, kCouncil, Exporting(prepared)).transfer_count(), cycles + 1);
  Must(&Stub::SettlePayments, kCouncil, Settling(prepared, v1::BankResult::OUTCOME_SETTLED));
  EXPECT_EQ(Get(prepared.name()).state(), v1::PaymentRun::STATE_SETTLED);
  EXPECT_EQ(Account(agreement, v1::ACCOUNT_KIND_HOLDER), cycles * (kCarePence + 4 * 4000) + kBikePence);
}

TEST_F(Runs, ListTheirPaymentsInPages) {
  ThreeAgreed();
  const v1::PaymentRun run = Must(&Stub::CreatePaymentRun, kCouncil, Creating());
  const std::vector<v1::RunPayment> rows = Rows(run.name(), 4);
  ASSERT_EQ(rows.size(), 6);
  for (size_t i = 1; i < rows.size(); ++i) EXPECT_LT(rows[i - 1].end_to_end_id(), rows[i].end_to_end_id());
  v1::ListRunPaymentsRequest request;
  request.set_parent(run.name());
  request.set_page_token("made-up");
  EXPECT_THAT(Fails(grpc::INVALID_ARGUMENT, &Stub::ListRunPayments, kCouncil, request).fields(),
              ElementsAre("page_token"));
  v1::ListPaymentsRequest own;
  own.set_parent(person_);
  EXPECT_EQ(Must(&Stub::ListPayments, kCouncil, own).payments_size(), 2);
  EXPECT_FALSE(Payment(rows.front().payment()).explanation().steps().empty());
}

// Every step is repeated until it succeeds, as a council's system repeats what it got no answer to.
class RunsThatFail : public Runs, public ::testing::WithParamInterface<bool> {
 protected:
  template <typename Request, typename Reply>
  Reply Insist(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*), const As& as,
               const Request& request) {
    Reply reply;
    grpc::Status status;
    for (int tries = 0; tries < 5; ++tries) {
      status = suite_.Call(*stub_, method, as, request, &reply);
      FinishLate();
      if (status.ok()) return reply;
    }
    ADD_FAILURE() << status.error_message();
    return reply;
  }
  // What failed is due again after a wait.
  void FinishLate() {
    suite_.clock().Advance(absl::Minutes(1));
    suite_.FinishWork("payments");
  }
  // A run of one person's payments from prepare to settled; gives the run at the end.
  v1::PaymentRun PayOne() {
    const std::string name = Insist(&Stub::CreatePaymentRun, kCouncil, Creating()).name();
    Insist(&Stub::ReleasePaymentRun, kSecondCouncilOfficer, Releasing(Get(name)));
    Insist(&Stub::ExportPaymentRun, kSecondCouncilOfficer, Exporting(Get(name)));
    Insist(&Stub::SettlePayments, kCouncil, Settling(Get(name), v1::BankResult::OUTCOME_SETTLED));
    return Get(name);
  }
};

TEST_P(RunsThatFail, BetweenAnyTwoCommitsPayEverybodyOnce) {
  constexpr int kMostCommits = 30;
  counts_->fails_applied = GetParam();
  for (int commit = 1; commit <= kMostCommits; ++commit) {
    SCOPED_TRACE(absl::StrCat("commit ", commit));
    const std::string agreement = Agreed();
    counts_->until_failure = commit;
    const v1::PaymentRun run = PayOne();
    EXPECT_EQ(run.state(), v1::PaymentRun::STATE_SETTLED);
    EXPECT_EQ(run.payment_count(), 2);
    EXPECT_EQ(run.settled_pence(), kCarePence + kBikePence);
    EXPECT_EQ(run.dropped_count(), 0);
    EXPECT_EQ(Account(agreement, v1::ACCOUNT_KIND_BUDGET), 0);
    EXPECT_EQ(Account(agreement, v1::ACCOUNT_KIND_HOLDER), kCarePence + 4 * 4000 + kBikePence);
    EXPECT_EQ(suite_.FinishWork("payments"), 0);
    if (counts_->until_failure == 0) continue;
    EXPECT_GT(commit, 12) << "a run makes at least a dozen commits";
    return;
  }
  ADD_FAILURE() << "no run was left alone";
}

INSTANTIATE_TEST_SUITE_P(WithTheCommitLostOrDone, RunsThatFail, ::testing::Bool());

}  // namespace
}  // namespace ipb::payments
