#include "tests/handlers/payments/fixture.h"

namespace ipb::payments {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsSupersetOf;

class Agreements : public PaymentsTest {
 protected:
  v1::Agreement Get(const As& as, const std::string& name) {
    v1::GetAgreementRequest request;
    request.set_name(name);
    return Must(&Stub::GetAgreement, as, request);
  }
  static std::vector<std::string> Steps(const v1::Explanation& explanation) {
    std::vector<std::string> ids;
    for (const auto& step : explanation.steps()) ids.push_back(step.rule_id());
    return ids;
  }
};

TEST_F(Agreements, EachBodyPromisesItsOwnPartOfThePlan) {
  const v1::Agreement council = CouncilAgreement();
  EXPECT_EQ(council.name(), person_ + "/agreements/1");
  EXPECT_EQ(council.state(), v1::Agreement::STATE_OPEN);
  EXPECT_EQ(council.budget(), person_ + "/budgets/2") << "the agreed budget, not the indicative one";
  ASSERT_EQ(council.lines_size(), 2);
  EXPECT_EQ(council.lines(0).weekly_pence(), 30000);
  EXPECT_EQ(council.lines(1).one_off_pence(), 30000);
  EXPECT_EQ(council.lines(1).component_kind(), v1::COMPONENT_KIND_ONE_OFF);
  EXPECT_EQ(council.contribution_weekly_pence(), 4000);
  EXPECT_EQ(council.cycle_weeks(), 4);

  const v1::Agreement icb = IcbAgreement();
  EXPECT_EQ(icb.name(), person_ + "/agreements/2");
  ASSERT_EQ(icb.lines_size(), 1);
  EXPECT_EQ(icb.lines(0).weekly_pence(), 20000);
  EXPECT_EQ(icb.contribution_weekly_pence(), 0);
}

TEST_F(Agreements, AreReadWithTheirExplanationAndWithoutTheMeansTestByTheNhs) {
  const v1::Agreement opened = CouncilAgreement();
  const v1::Agreement council = Get(kCouncil, opened.name());
  EXPECT_EQ(council.SerializeAsString(), opened.SerializeAsString());
  EXPECT_THAT(Steps(council.explanation()),
              ElementsAre("PAY-AGREE-LINE", "PAY-AGREE-LINE", "PAY-AGREE-CONTRIBUTION"));
  const v1::Agreement nhs = Get(kIcb, opened.name());
  EXPECT_EQ(nhs.contribution_weekly_pence(), 0);
  EXPECT_THAT(Steps(nhs.explanation()), ElementsAre("PAY-AGREE-LINE", "PAY-AGREE-LINE"));
}

// A budget that was handed over and uplifted since it was agreed: from 30 June the council pays "care" alone, which
// is 50.00 more.
std::vector<v1::StatedResource> Course(const std::string& person) {
  std::vector<v1::StatedResource> stated = PlanAndBudgets(person, v1::Plan::STATE_ACTIVE);
  v1::Budget& agreed = *stated[1].mutable_budget();
  v1::Budget changed = agreed;
  agreed.set_state(v1::Budget::STATE_SUPERSEDED);
  agreed.set_effective_from_date("2025-06-02");
  agreed.set_effective_to_date("2025-06-29");
  agreed.set_superseded_by(person + "/budgets/3");
  changed.set_name(agreed.superseded_by());
  changed.set_agreed_budget(agreed.name());
  changed.set_effective_from_date("2025-06-30");
  changed.set_contribution_weekly_pence(6000);
  v1::BudgetChange& change = *changed.add_changes();
  change.set_effective_from_date("2025-06-30");
  change.add_funding()->set_component_id("c1");
  *change.mutable_funding(0)->mutable_shares() = changed.components(2).shares();
  *changed.mutable_components(0)->mutable_shares() = changed.components(2).shares();
  changed.mutable_components(0)->set_weekly_pence(55000);
  *stated.emplace_back().mutable_budget() = changed;
  return stated;
}

TEST_F(Agreements, TakeTheBudgetAsItIsOnTheirFirstDay) {
  for (const v1::StatedResource& resource : Course(person_)) State(person_, resource);
  const v1::Payee payee = ApprovedPayee(kCouncil, kSecondCouncilOfficer);
  v1::OpenAgreementRequest request = Opening(person_, payee.name());
  request.set_validate_only(true);
  request.set_first_date("2025-06-29");
  const v1::Agreement before = Must(&Stub::OpenAgreement, kCouncil, request);
  EXPECT_EQ(before.lines(0).weekly_pence(), 30000) << "three fifths of the day before";
  EXPECT_EQ(before.contribution_weekly_pence(), 4000);
  request.set_first_date("2025-06-30");
  request.set_request_id(NewRequestId());
  const v1::Agreement after = Must(&Stub::OpenAgreement, kCouncil, request);
  EXPECT_EQ(after.lines(0).weekly_pence(), 55000);
  EXPECT_EQ(after.contribution_weekly_pence(), 6000);
  EXPECT_EQ(after.budget(), person_ + "/budgets/2") << "the one agreed with the plan";
}

TEST_F(Agreements, AreListedByNumber) {
  CouncilAgreement();
  IcbAgreement();
  v1::ListAgreementsRequest request;
  request.set_parent(person_);
  request.set_page_size(1);
  const v1::ListAgreementsResponse first = Must(&Stub::ListAgreements, kCouncil, request);
  ASSERT_EQ(first.agreements_size(), 1);
  EXPECT_EQ(first.agreements(0).payer(), kCouncil.organisation);
  request.set_page_token(first.next_page_token());
  const v1::ListAgreementsResponse second = Must(&Stub::ListAgreements, kCouncil, request);
  ASSERT_EQ(second.agreements_size(), 1);
  EXPECT_EQ(second.agreements(0).payer(), kIcb.organisation);
  EXPECT_EQ(second.next_page_token(), "");
  request.set_page_token("foreign");
  Fails(grpc::StatusCode::INVALID_ARGUMENT, &Stub::ListAgreements, kCouncil, request);
}

TEST_F(Agreements, AreRefusedForMoneyThatIsPromisedAlready) {
  const v1::Agreement open = CouncilAgreement();
  EXPECT_THAT(Fails(grpc::StatusCode::FAILED_PRECONDITION, &Stub::OpenAgreement, kCouncil,
                    Opening(person_, open.payee()))
                  .rules(),
              Contains("PAY-AGREE-DUPLICATE"));
}

TEST_F(Agreements, AreRefusedWhereThePlanIsNotActive) {
  const v1::Payee payee = ApprovedPayee(kCouncil, kSecondCouncilOfficer);
  StatePlan(person_, v1::Plan::STATE_PROPOSED);
  EXPECT_THAT(Fails(grpc::StatusCode::FAILED_PRECONDITION, &Stub::OpenAgreement, kCouncil,
                    Opening(person_, payee.name()))
                  .rules(),
              ElementsAre("PAY-AGREE-PLAN"));
}

TEST_F(Agreements, OnlyACouncilPoolsMoneyThatAContributionMayBeDueOn) {
  const v1::Payee payee = ApprovedPayee(kIcb, kSecondIcbOfficer);
  v1::OpenAgreementRequest request = Opening(person_, payee.name());
  request.set_arrangement(v1::FUNDING_ARRANGEMENT_POOLED);
  EXPECT_THAT(Fails(grpc::StatusCode::FAILED_PRECONDITION, &Stub::OpenAgreement, kIcb, request).rules(),
              ElementsAre("PAY-AGREE-POOL-MEANS"));
}

TEST_F(Agreements, AreRefusedAfterDeath) {
  person_ = NewPerson();
  Die(person_, "2025-05-30");
  StatePlan(person_);
  const v1::Payee payee = ApprovedPayee(kCouncil, kSecondCouncilOfficer);
  EXPECT_THAT(Fails(grpc::StatusCode::FAILED_PRECONDITION, &Stub::OpenAgreement, kCouncil,
                    Opening(person_, payee.name()))
                  .rules(),
              ElementsAre("PAY-AGREE-DEATH"));
}

TEST_F(Agreements, AreOpenedOnceForARepeatedRequest) {
  const v1::Payee payee = ApprovedPayee(kCouncil, kSecondCouncilOfficer);
  v1::OpenAgreementRequest request = Opening(person_, payee.name());
  request.set_validate_only(true);
  const v1::Agreement previewed = Must(&Stub::OpenAgreement, kCouncil, request);
  request.set_validate_only(false);
  request.set_preview_token(previewed.preview_token());
  const v1::Agreement opened = Must(&Stub::OpenAgreement, kCouncil, request);
  EXPECT_EQ(Must(&Stub::OpenAgreement, kCouncil, request).SerializeAsString(), opened.SerializeAsString());
  request.set_first_date("2025-06-03");
  EXPECT_EQ(Fails(grpc::StatusCode::INVALID_ARGUMENT, &Stub::OpenAgreement, kCouncil, request).info.reason(),
            "REQUEST_ID_REUSED");
}

TEST_F(Agreements, CloseWithReasonAndKeepTheWholeExplanation) {
  const v1::Agreement open = CouncilAgreement();
  v1::CloseAgreementRequest request = Closing(open.name(), v1::CLOSE_REASON_PERSON_ASKED);
  request.set_etag(open.etag());
  const v1::Agreement closed = Must(&Stub::CloseAgreement, kCouncil, request);
  EXPECT_EQ(closed.state(), v1::Agreement::STATE_CLOSED);
  EXPECT_EQ(closed.last_date(), "2025-06-29");
  EXPECT_EQ(closed.close_decision().decider(), "staff-1");
  EXPECT_THAT(Steps(Get(kCouncil, open.name()).explanation()),
              ElementsAre("PAY-AGREE-LINE", "PAY-AGREE-LINE", "PAY-AGREE-CONTRIBUTION", "PAY-CLOSE"));

  request.set_request_id(NewRequestId());
  Fails(grpc::StatusCode::ABORTED, &Stub::CloseAgreement, kCouncil, request);
  request.clear_etag();
  EXPECT_EQ(
      Fails(grpc::StatusCode::FAILED_PRECONDITION, &Stub::CloseAgreement, kCouncil, request).info.reason(),
      "WRONG_STATE");
}

TEST_F(Agreements, AreNotStoppedWithoutReasonsAndNoticeOrByAnotherBody) {
  const v1::Agreement open = CouncilAgreement();
  EXPECT_THAT(Fails(grpc::StatusCode::FAILED_PRECONDITION, &Stub::CloseAgreement, kIcb,
                    Closing(open.name(), v1::CLOSE_REASON_MAY_STOP))
                  .rules(),
              ElementsAre("PAY-CLOSE-PAYER", "PAY-CLOSE-REASONS", "PAY-CLOSE-NOTICE"));
}

TEST_F(Agreements, EndWithADeathOnlyOnTheDayThatPeopleRecorded) {
  const v1::Agreement open = CouncilAgreement();
  v1::CloseAgreementRequest request = Closing(open.name(), v1::CLOSE_REASON_DEATH);
  request.set_last_date("2025-06-02");
  EXPECT_THAT(Fails(grpc::StatusCode::FAILED_PRECONDITION, &Stub::CloseAgreement, kCouncil, request).rules(),
              ElementsAre("PAY-CLOSE-DEATH"));
  Die(person_, "2025-06-02");
  EXPECT_EQ(Must(&Stub::CloseAgreement, kCouncil, request).last_date(), "2025-06-02");
}

TEST_F(Agreements, AreUnknownToStrangersAndOfTheSamePersonThroughout) {
  const v1::Agreement open = CouncilAgreement();
  v1::GetAgreementRequest get;
  get.set_name(open.name());
  v1::ListAgreementsRequest list;
  list.set_parent(person_);
  Fails(grpc::StatusCode::NOT_FOUND, &Stub::GetAgreement, kStranger, get);
  Fails(grpc::StatusCode::NOT_FOUND, &Stub::ListAgreements, kStranger, list);
  Fails(grpc::StatusCode::NOT_FOUND, &Stub::OpenAgreement, kStranger, Opening(person_, open.payee()));
  Fails(grpc::StatusCode::NOT_FOUND, &Stub::CloseAgreement, kStranger,
        Closing(open.name(), v1::CLOSE_REASON_PERSON_ASKED));
  Fails(grpc::StatusCode::NOT_FOUND, &Stub::OpenAgreement, kCouncil,
        Opening("people/nobody", "people/nobody/payees/1"));
  v1::OpenAgreementRequest mixed = Opening(person_, "people/nobody/payees/1");
  EXPECT_THAT(Fails(grpc::StatusCode::INVALID_ARGUMENT, &Stub::OpenAgreement, kCouncil, mixed).fields(),
              ElementsAre("payee"));
  mixed = Opening(person_, open.payee());
  mixed.set_plan(person_ + "/plans/9");
  Fails(grpc::StatusCode::NOT_FOUND, &Stub::OpenAgreement, kCouncil, mixed);
}

TEST_F(Agreements, MalformedRequestsNameEveryField) {
  EXPECT_THAT(Fails(grpc::StatusCode::INVALID_ARGUMENT, &Stub::OpenAgreement, kCouncil, {}).fields(),
              IsSupersetOf({"parent", "plan", "management_option", "payee", "arrangement", "payment_basis",
                            "first_date", "request_id"}));
  EXPECT_THAT(Fails(grpc::StatusCode::INVALID_ARGUMENT, &Stub::CloseAgreement, kCouncil, {}).fields(),
              IsSupersetOf({"name", "last_date", "reason", "decision", "request_id"}));
}

}  // namespace
}  // namespace ipb::payments
