#include "tests/handlers/payments/fixture.h"

namespace ipb::payments {
namespace {

using ::testing::ElementsAre;
using ::testing::IsSupersetOf;

class Payees : public PaymentsTest {};

TEST_F(Payees, AreProposedByOneAndApprovedByAnother) {
  const v1::Payee proposed = Must(&Stub::ProposePayee, kCouncil, Proposing(person_));
  EXPECT_EQ(proposed.name(), person_ + "/payees/1");
  EXPECT_EQ(proposed.state(), v1::Payee::STATE_PROPOSED);
  EXPECT_EQ(proposed.proposer(), "staff-1");
  EXPECT_TRUE(proposed.has_recorded_time());

  v1::ApprovePayeeRequest approve = Approving(proposed.name());
  approve.set_etag(proposed.etag());
  const v1::Payee approved = Must(&Stub::ApprovePayee, kSecondCouncilOfficer, approve);
  EXPECT_EQ(approved.state(), v1::Payee::STATE_APPROVED);
  EXPECT_EQ(approved.approval().decider(), "staff-2");
  EXPECT_EQ(approved.approval().decision_date(), "2025-06-02");

  v1::GetPayeeRequest get;
  get.set_name(proposed.name());
  const v1::Payee read = Must(&Stub::GetPayee, kCouncil, get);
  EXPECT_EQ(read.account_number(), "12345678");
  EXPECT_EQ(read.etag(), approved.etag());
}

TEST_F(Payees, ApprovalIsRefusedByEveryRuleAtOnce) {
  const v1::Payee proposed = Must(&Stub::ProposePayee, kCouncil, Proposing(person_));
  v1::ApprovePayeeRequest approve = Approving(proposed.name());
  approve.set_account_name_check(v1::ACCOUNT_NAME_CHECK_NO_MATCH);
  approve.set_called_back(false);
  EXPECT_THAT(Fails(grpc::StatusCode::FAILED_PRECONDITION, &Stub::ApprovePayee, kCouncil, approve).rules(),
              ElementsAre("PAY-PAYEE-SECOND-PERSON", "PAY-PAYEE-NAME", "PAY-PAYEE-CALL-BACK"));

  Must(&Stub::ApprovePayee, kSecondCouncilOfficer, Approving(proposed.name()));
  EXPECT_EQ(Fails(grpc::StatusCode::FAILED_PRECONDITION, &Stub::ApprovePayee, kSecondCouncilOfficer,
                  Approving(proposed.name()))
                .info.reason(),
            "WRONG_STATE");
}

TEST_F(Payees, AnOldEtagIsAborted) {
  const v1::Payee proposed = Must(&Stub::ProposePayee, kCouncil, Proposing(person_));
  Must(&Stub::ApprovePayee, kSecondCouncilOfficer, Approving(proposed.name()));
  v1::ApprovePayeeRequest late = Approving(proposed.name());
  late.set_etag(proposed.etag());
  Fails(grpc::StatusCode::ABORTED, &Stub::ApprovePayee, kSecondCouncilOfficer, late);
}

TEST_F(Payees, AnAccountOfSomebodyElseNamesItsHolder) {
  v1::ProposePayeeRequest request = Proposing(person_);
  request.set_kind(v1::PAYEE_KIND_MANAGED_ACCOUNT);
  EXPECT_THAT(Fails(grpc::StatusCode::FAILED_PRECONDITION, &Stub::ProposePayee, kCouncil, request).rules(),
              ElementsAre("PAY-PAYEE-PARTY"));
}

TEST_F(Payees, MalformedRequestsNameEveryField) {
  v1::ProposePayeeRequest request;
  request.set_parent("people/");
  request.set_sort_code("12345");
  EXPECT_THAT(Fails(grpc::StatusCode::INVALID_ARGUMENT, &Stub::ProposePayee, kCouncil, request).fields(),
              IsSupersetOf({"parent", "kind", "account_name", "sort_code", "account_number"}));
  EXPECT_THAT(Fails(grpc::StatusCode::INVALID_ARGUMENT, &Stub::ApprovePayee, kCouncil, {}).fields(),
              IsSupersetOf({"name", "account_name_check", "decision"}));
  EXPECT_THAT(Fails(grpc::StatusCode::INVALID_ARGUMENT, &Stub::GetPayee, kCouncil, {}).fields(),
              ElementsAre("name"));
}

TEST_F(Payees, ARepeatedRequestIsAnsweredOnce) {
  v1::ProposePayeeRequest request = Proposing(person_);
  const v1::Payee first = Must(&Stub::ProposePayee, kCouncil, request);
  EXPECT_EQ(Must(&Stub::ProposePayee, kCouncil, request).SerializeAsString(), first.SerializeAsString());
  request.set_account_name("B Person");
  EXPECT_EQ(Fails(grpc::StatusCode::INVALID_ARGUMENT, &Stub::ProposePayee, kCouncil, request).info.reason(),
            "REQUEST_ID_REUSED");
}

TEST_F(Payees, APreviewWritesNothingAndHoldsUntilSomethingChanges) {
  v1::ProposePayeeRequest request = Proposing(person_);
  request.set_validate_only(true);
  const v1::Payee previewed = Must(&Stub::ProposePayee, kCouncil, request);
  EXPECT_FALSE(previewed.preview_token().empty());
  v1::GetPayeeRequest get;
  get.set_name(previewed.name());
  Fails(grpc::StatusCode::NOT_FOUND, &Stub::GetPayee, kCouncil, get);

  request.set_validate_only(false);
  request.set_preview_token(previewed.preview_token());
  EXPECT_EQ(Must(&Stub::ProposePayee, kCouncil, request).name(), previewed.name());
  request.set_request_id(NewRequestId());
  EXPECT_EQ(Fails(grpc::StatusCode::ABORTED, &Stub::ProposePayee, kCouncil, request).info.reason(),
            "PREVIEW_STALE");
}

TEST_F(Payees, AreUnknownToStrangersAndForUnknownPeople) {
  const v1::Payee payee = Must(&Stub::ProposePayee, kCouncil, Proposing(person_));
  v1::GetPayeeRequest get;
  get.set_name(payee.name());
  Fails(grpc::StatusCode::NOT_FOUND, &Stub::ProposePayee, kStranger, Proposing(person_));
  Fails(grpc::StatusCode::NOT_FOUND, &Stub::ApprovePayee, kStranger, Approving(payee.name()));
  Fails(grpc::StatusCode::NOT_FOUND, &Stub::GetPayee, kStranger, get);
  Fails(grpc::StatusCode::NOT_FOUND, &Stub::ProposePayee, kCouncil, Proposing("people/nobody"));
  Fails(grpc::StatusCode::NOT_FOUND, &Stub::ApprovePayee, kCouncil, Approving(person_ + "/payees/9"));
}

}  // namespace
}  // namespace ipb::payments
