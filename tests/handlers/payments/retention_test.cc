// What trimming leaves of the calls that move money.
#include <thread>

#include "common/process/trimmer.h"
#include "tests/async/wait.h"
#include "tests/handlers/payments/fixture.h"

namespace ipb::payments {
namespace {

// Of a run that takes one slice of each kind of work.
constexpr size_t kMostEntries = 12;

class RetentionTest : public PaymentsTest {
 protected:
  // A week and a day go by, and what is old is trimmed.
  void LetAWeekPass() {
    process::Trimmer& trimmer = *suite_.process().TrimmerOf("payments");
    EXPECT_TRUE(async::Wait(trimmer.RunRound()).ok());
    suite_.clock().Advance(absl::Hours(8 * 24));
    EXPECT_TRUE(async::Wait(trimmer.RunRound()).ok());
  }
  // How long the history is of a run that pays as many new people, from prepared to settled.
  size_t EntriesOfARun(int people) {
    for (int i = 0; i < people; ++i) {
      person_ = NewPerson();
      StatePlan(person_);
      CouncilAgreement();
    }
    const v1::PaymentRun run = Must(&Stub::CreatePaymentRun, kCouncil, Creating());
    EXPECT_EQ(run.payment_count(), 2 * people);
    Must(&Stub::ReleasePaymentRun, kSecondCouncilOfficer, Releasing(run));
    Must(&Stub::ExportPaymentRun, kCouncil, Exporting(run));
    Must(&Stub::SettlePayments, kCouncil, Settling(run, v1::BankResult::OUTCOME_SETTLED));
    const auto history =
        async::Wait(suite_.process().StoreOf("payments")->History(run.name(), 0, store::kMaximumPage));
    EXPECT_TRUE(history.ok()) << history.status();
    return history->size();
  }
};

TEST_F(RetentionTest, ARunsHistoryGrowsWithItsStepsAndNotWithItsPayments) {
  const size_t of_one = EntriesOfARun(1);
  const size_t of_five = EntriesOfARun(5);
  EXPECT_EQ(of_five, of_one);
  EXPECT_LE(of_one, kMostEntries);
}

TEST_F(RetentionTest, AProcessTrimsByItself) {
  while (counts_->trims == 0) std::this_thread::yield();
}

TEST_F(RetentionTest, SpendingIsNotRecordedAgain) {
  const v1::Agreement agreement = CouncilAgreement();
  const v1::RecordSpendingRequest request = Spending(agreement.name(), 1000);
  const v1::Spending spending = Must(&Stub::RecordSpending, kCouncil, request);
  LetAWeekPass();
  const Details again = Fails(grpc::ALREADY_EXISTS, &Stub::RecordSpending, kCouncil, request);
  EXPECT_EQ(again.info.metadata().at("name"), spending.name());
}

TEST_F(RetentionTest, AnswersOfTheBankAreNotTakenAgain) {
  CouncilAgreement();
  const v1::PaymentRun run = Must(&Stub::CreatePaymentRun, kCouncil, Creating());
  Must(&Stub::ReleasePaymentRun, kSecondCouncilOfficer, Releasing(run));
  const v1::ExportPaymentRunRequest exporting = Exporting(run);
  const v1::BankFile file = Must(&Stub::ExportPaymentRun, kCouncil, exporting);
  const v1::SettlePaymentsRequest settling = Settling(run, v1::BankResult::OUTCOME_SETTLED);
  EXPECT_EQ(Must(&Stub::SettlePayments, kCouncil, settling).verdicts_size(), settling.results_size());
  LetAWeekPass();
  // A reply without a name of its own is remembered by its subject's.
  const Details again = Fails(grpc::ALREADY_EXISTS, &Stub::SettlePayments, kCouncil, settling);
  EXPECT_EQ(again.info.metadata().at("name"), run.name());
  EXPECT_EQ(Must(&Stub::ExportPaymentRun, kCouncil, exporting).text(), file.text());
}

}  // namespace
}  // namespace ipb::payments
