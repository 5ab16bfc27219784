#include <algorithm>
#include <climits>

#include "services/payments/rules/ledger.h"
#include "tests/handlers/payments/fixture.h"

namespace ipb::payments {
namespace {

using ::testing::ElementsAre;
using ::testing::IsSupersetOf;

// The most that one commit of RecordSpending may write, in bytes, without names of records.
constexpr int64_t kMaximumCommitBytes = 2500;

class Spendings : public PaymentsTest {
 protected:
  v1::Balance Balance(const As& as, const std::string& agreement) {
    v1::GetBalanceRequest request;
    request.set_name(agreement);
    return Must(&Stub::GetBalance, as, request);
  }
  v1::ListTransactionsResponse Transactions(const As& as) {
    v1::ListTransactionsRequest request;
    request.set_parent(person_);
    return Must(&Stub::ListTransactions, as, request);
  }
};

TEST_F(Spendings, ArePostedFromHolderToProvider) {
  const v1::Agreement agreement = CouncilAgreement();
  EXPECT_EQ(Balance(kCouncil, agreement.name()).transaction_count(), 0);
  const v1::Spending spending = Must(&Stub::RecordSpending, kCouncil, Spending(agreement.name(), 12345));
  EXPECT_EQ(spending.name(), person_ + "/spendings/1");
  ASSERT_EQ(spending.funders_size(), 1);
  EXPECT_EQ(spending.funders(0).amount_pence(), 12345);
  EXPECT_EQ(spending.explanation().steps(0).rule_id(), "PAY-SPEND");

  const v1::ListTransactionsResponse posted = Transactions(kCouncil);
  ASSERT_EQ(posted.transactions_size(), 1);
  EXPECT_EQ(posted.transactions(0).name(), person_ + "/transactions/1");
  EXPECT_EQ(posted.transactions(0).kind(), v1::TRANSACTION_KIND_SPENT);
  EXPECT_EQ(posted.transactions(0).source(), spending.name());
  EXPECT_TRUE(posted.transactions(0).has_recorded_time());

  const v1::Balance balance = Balance(kCouncil, agreement.name());
  EXPECT_EQ(*TotalOf(balance, v1::ACCOUNT_KIND_HOLDER), -12345);
  EXPECT_EQ(*TotalOf(balance, v1::ACCOUNT_KIND_PROVIDER), 12345);
  EXPECT_EQ(balance.etag(), posted.transactions(0).etag());
}

TEST_F(Spendings, CostOneLoadAndOneSmallCommit) {
  const v1::Agreement agreement = CouncilAgreement();
  // What payments does by itself can only add to a count.
  int loads = INT_MAX, lists = INT_MAX, commits = INT_MAX, reads = INT_MAX;
  for (int i = 0; i < 5; ++i) {
    counts_->Reset();
    Must(&Stub::RecordSpending, kCouncil, Spending(agreement.name(), 100 + i));
    loads = std::min(loads, counts_->loads.load());
    lists = std::min(lists, counts_->lists.load());
    commits = std::min(commits, counts_->commits.load());
    EXPECT_EQ(counts_->puts, 4) << "spending, explanation, transaction and balance";
    EXPECT_LE(counts_->bytes, kMaximumCommitBytes);
    counts_->Reset();
    Balance(kCouncil, agreement.name());
    reads = std::min(reads, counts_->loads + counts_->lists + counts_->commits);
  }
  EXPECT_EQ(loads, 1);
  EXPECT_EQ(lists, 0);
  EXPECT_EQ(commits, 1);
  EXPECT_EQ(reads, 1);
  RecordProperty("commit_bytes", static_cast<int>(counts_->bytes));
}

TEST_F(Spendings, BalancesAreWhatTheTransactionsDerive) {
  const v1::Agreement council = CouncilAgreement();
  const v1::Agreement icb = IcbAgreement();
  for (int64_t i = 1; i <= 12; ++i) {
    Must(&Stub::RecordSpending, kCouncil, Spending(i % 3 == 0 ? icb.name() : council.name(), 997 * i));
  }
  const v1::ListTransactionsResponse posted = Transactions(kCouncil);
  const std::vector<v1::Transaction> all(posted.transactions().begin(), posted.transactions().end());
  ASSERT_EQ(all.size(), 12u);
  for (const v1::Agreement& agreement : {council, icb}) {
    EXPECT_EQ(CheckBalance(Balance(kCouncil, agreement.name()), all), absl::OkStatus());
  }
}

TEST_F(Spendings, OutsideThePlanOrExcludedAreRefused) {
  const v1::Agreement icb = IcbAgreement();
  v1::RecordSpendingRequest request = Spending(icb.name(), 500);
  request.set_category(v1::SPENDING_CATEGORY_ALCOHOL);
  request.set_spent_date("2025-06-03");
  EXPECT_THAT(Fails(grpc::StatusCode::FAILED_PRECONDITION, &Stub::RecordSpending, kIcb, request).rules(),
              ElementsAre("PAY-SPEND-CATEGORY", "PAY-SPEND-EXCLUDED", "PAY-SPEND-FUTURE"));
  request = Spending(icb.name(), 500);
  request.set_line_id("bike");
  EXPECT_THAT(Fails(grpc::StatusCode::FAILED_PRECONDITION, &Stub::RecordSpending, kIcb, request).rules(),
              ElementsAre("PAY-SPEND-LINE"));
  EXPECT_EQ(Transactions(kIcb).transactions_size(), 0);
}

TEST_F(Spendings, PayFamilyAndHouseholdByEachFundersOwnLaw) {
  const v1::Agreement council = CouncilAgreement();
  const v1::Agreement icb = IcbAgreement();
  const struct {
    v1::PayeeRelationship relationship;
    bool same_household;
    bool council_refuses;
    bool icb_refuses;
  } cases[] = {
      {v1::PAYEE_RELATIONSHIP_UNSPECIFIED, false, false, false},
      {v1::PAYEE_RELATIONSHIP_NONE, true, false, false},
      {v1::PAYEE_RELATIONSHIP_PARTNER, false, true, false},
      {v1::PAYEE_RELATIONSHIP_PARTNER, true, true, true},
      {v1::PAYEE_RELATIONSHIP_CLOSE_RELATIVE, false, false, false},
      {v1::PAYEE_RELATIONSHIP_CLOSE_RELATIVE, true, true, true},
      {v1::PAYEE_RELATIONSHIP_FRIEND, false, false, false},
      {v1::PAYEE_RELATIONSHIP_FRIEND, true, false, true},
  };
  for (const auto& one : cases) {
    for (const bool by_icb : {false, true}) {
      v1::RecordSpendingRequest request = Spending(by_icb ? icb.name() : council.name(), 500);
      request.set_relationship(one.relationship);
      request.set_same_household(one.same_household);
      v1::Spending spending;
      const grpc::Status status = suite_.Call(*stub_, &Stub::RecordSpending, kCouncil, request, &spending);
      const bool refused = by_icb ? one.icb_refuses : one.council_refuses;
      EXPECT_EQ(ipb::testing::DetailsOf(status).rules(),
                refused ? std::vector<std::string>{"PAY-SPEND-FAMILY"} : std::vector<std::string>())
          << v1::PayeeRelationship_Name(one.relationship) << one.same_household << by_icb;
      EXPECT_EQ(status.ok(), !refused) << status.error_message();
    }
  }
}

TEST_F(Spendings, PayFamilyWhereAFunderFoundItNecessaryOnAGroundOfItsLaw) {
  StateNecessities({{kCouncil.organisation, v1::NecessityFinding::GROUND_ADMINISTRATION},
                    {kIcb.organisation, v1::NecessityFinding::GROUND_ADMINISTRATION}});
  const v1::Agreement council = CouncilAgreement();
  const v1::Agreement icb = IcbAgreement();
  v1::RecordSpendingRequest request = Spending(council.name(), 500);
  request.set_relationship(v1::PAYEE_RELATIONSHIP_PARTNER);
  request.set_same_household(true);
  Must(&Stub::RecordSpending, kCouncil, request);
  request.set_agreement(icb.name());
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Fails(grpc::StatusCode::FAILED_PRECONDITION, &Stub::RecordSpending, kIcb, request).rules(),
              ElementsAre("PAY-SPEND-FAMILY"))
      << "administration is no ground of SI 2013/1617";
}

TEST_F(Spendings, ARepeatedRequestIsPostedOnce) {
  const v1::Agreement agreement = CouncilAgreement();
  v1::RecordSpendingRequest request = Spending(agreement.name(), 700);
  request.set_validate_only(true);
  const v1::Spending previewed = Must(&Stub::RecordSpending, kCouncil, request);
  EXPECT_EQ(Transactions(kCouncil).transactions_size(), 0);
  request.set_validate_only(false);
  request.set_preview_token(previewed.preview_token());
  const v1::Spending first = Must(&Stub::RecordSpending, kCouncil, request);
  EXPECT_EQ(Must(&Stub::RecordSpending, kCouncil, request).SerializeAsString(), first.SerializeAsString());
  EXPECT_EQ(Transactions(kCouncil).transactions_size(), 1);
  request.set_amount_pence(701);
  EXPECT_EQ(Fails(grpc::StatusCode::INVALID_ARGUMENT, &Stub::RecordSpending, kCouncil, request).info.reason(),
            "REQUEST_ID_REUSED");
  request.set_request_id(NewRequestId());
  EXPECT_EQ(Fails(grpc::StatusCode::ABORTED, &Stub::RecordSpending, kCouncil, request).info.reason(),
            "PREVIEW_STALE");
}

TEST_F(Spendings, MalformedOrOfAnotherPersonAreInvalid) {
  EXPECT_THAT(Fails(grpc::StatusCode::INVALID_ARGUMENT, &Stub::RecordSpending, kCouncil, {}).fields(),
              IsSupersetOf({"parent", "agreement", "line_id", "category", "amount_pence", "spent_date",
                            "provider_reference", "request_id"}));
  const v1::Agreement agreement = CouncilAgreement();
  v1::RecordSpendingRequest mixed = Spending(agreement.name(), 1);
  mixed.set_parent("people/nobody");
  EXPECT_THAT(Fails(grpc::StatusCode::INVALID_ARGUMENT, &Stub::RecordSpending, kCouncil, mixed).fields(),
              ElementsAre("agreement"));
}

TEST_F(Spendings, AndTheLedgerAreUnknownToStrangers) {
  const v1::Agreement agreement = CouncilAgreement();
  v1::GetBalanceRequest balance;
  balance.set_name(agreement.name());
  v1::GetStatementRequest statement;
  statement.set_name(agreement.name());
  v1::ListTransactionsRequest transactions;
  transactions.set_parent(person_);
  Fails(grpc::StatusCode::NOT_FOUND, &Stub::RecordSpending, kStranger, Spending(agreement.name(), 1));
  Fails(grpc::StatusCode::NOT_FOUND, &Stub::GetBalance, kStranger, balance);
  Fails(grpc::StatusCode::NOT_FOUND, &Stub::GetStatement, kStranger, statement);
  Fails(grpc::StatusCode::NOT_FOUND, &Stub::ListTransactions, kStranger, transactions);
  // A provider may use these methods, and is responsible for nobody here.
  const As provider{"SUPPORTCO", "support-1", "manager"};
  Fails(grpc::StatusCode::NOT_FOUND, &Stub::RecordSpending, provider, Spending(agreement.name(), 1));
  Fails(grpc::StatusCode::NOT_FOUND, &Stub::GetStatement, provider, statement);
  const std::string unknown = person_ + "/agreements/9";
  balance.set_name(unknown);
  statement.set_name(unknown);
  Fails(grpc::StatusCode::NOT_FOUND, &Stub::RecordSpending, kCouncil, Spending(unknown, 1));
  Fails(grpc::StatusCode::NOT_FOUND, &Stub::GetBalance, kCouncil, balance);
  Fails(grpc::StatusCode::NOT_FOUND, &Stub::GetStatement, kCouncil, statement);
}

TEST_F(Spendings, StatementsShowWhatIsDueAndSpentAndHideTheMeansTest) {
  const v1::Agreement agreement = CouncilAgreement();
  Must(&Stub::RecordSpending, kCouncil, Spending(agreement.name(), 2500));
  v1::GetStatementRequest request;
  request.set_name(agreement.name());
  const v1::Statement council = Must(&Stub::GetStatement, kCouncil, request);
  ASSERT_EQ(council.periods_size(), 1);
  EXPECT_EQ(council.weekly_gross_pence(), 30000);
  EXPECT_EQ(council.contribution_weekly_pence(), 4000);
  EXPECT_EQ(council.periods(0).due_gross_pence(), 4 * 30000 + 30000);
  EXPECT_EQ(council.periods(0).contribution_due_pence(), 4 * 4000);
  EXPECT_EQ(council.periods(0).spent_pence(), 2500);
  EXPECT_EQ(council.left_pence(), -2500);
  EXPECT_EQ(council.reserve_pence(), 8 * 30000);
  EXPECT_GT(council.explanation().steps_size(), 0);
  const v1::Statement nhs = Must(&Stub::GetStatement, kIcb, request);
  EXPECT_EQ(nhs.contribution_weekly_pence(), 0);
  EXPECT_EQ(nhs.periods(0).contribution_due_pence(), 0);
  EXPECT_EQ(nhs.periods(0).due_gross_pence(), council.periods(0).due_gross_pence());

  request.set_from_date("2025-07-01");
  request.set_to_date("2025-06-01");
  EXPECT_THAT(Fails(grpc::StatusCode::INVALID_ARGUMENT, &Stub::GetStatement, kCouncil, request).fields(),
              ElementsAre("from_date", "to_date"));
  request.set_from_date("2025-06-02");
  request.set_to_date("9999-12-31");
  EXPECT_THAT(Fails(grpc::StatusCode::FAILED_PRECONDITION, &Stub::GetStatement, kCouncil, request).rules(),
              ElementsAre("PAY-STATEMENT-PERIODS"));
}

}  // namespace
}  // namespace ipb::payments
