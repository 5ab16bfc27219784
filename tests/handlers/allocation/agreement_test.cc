// Agreeing budgets, again and again, and ending them, through a real server.
#include <gmock/gmock.h>

#include <future>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ipb/v1/statements_service.grpc.pb.h"
#include "tests/handlers/allocation/fixture.h"

namespace ipb::allocation {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

class AgreementTest : public AllocationTest {
 protected:
  explicit AgreementTest(bool with_eligibility = true) : AllocationTest(with_eligibility) {}

  v1::Budget Read(const std::string& name, const As& as = kCouncil) {
    v1::GetBudgetRequest get;
    get.set_name(name);
    return Must(&Stub::GetBudget, as, get);
  }
};

TEST_F(AgreementTest, AgreeingMakesANewBudgetAndSupersedesTheEstimate) {
  const v1::Budget agreed = Agreed(NewPerson());
  EXPECT_EQ(agreed.state(), v1::Budget::STATE_AGREED);
  EXPECT_EQ(agreed.weekly_pence(), 32400);
  EXPECT_EQ(agreed.annual_pence(), 32400 * 52);
  EXPECT_TRUE(agreed.charge_assessed());
  EXPECT_GT(agreed.contribution_weekly_pence(), 0);
  EXPECT_EQ(Read(agreed.name()).SerializeAsString(), agreed.SerializeAsString());
  const v1::Budget estimate = Read(agreed.indicative_budget());
  EXPECT_EQ(estimate.state(), v1::Budget::STATE_SUPERSEDED);
  EXPECT_EQ(estimate.superseded_by(), agreed.name());
  EXPECT_GT(estimate.explanation().steps_size(), 0);
}

TEST_F(AgreementTest, TheSameAgreementAgainGivesTheSameBudget) {
  const std::string person = NewPerson();
  Must(&Stub::RecordFinancialAssessment, kCouncil, MeansRequest(person));
  const v1::Budget estimate = Must(&Stub::CreateBudget, kCouncil, JointRequest(person));
  v1::AgreeBudgetRequest request = AgreeRequest(estimate);
  request.set_etag(estimate.etag());
  request.set_request_id(testing::NewRequestId());
  const v1::Budget agreed = Must(&Stub::AgreeBudget, kCouncil, request);
  EXPECT_EQ(Must(&Stub::AgreeBudget, kCouncil, request).SerializeAsString(), agreed.SerializeAsString());
  // Under another id, by another funder, with what it rested on gone since.
  request.set_request_id(testing::NewRequestId());
  Determination(estimate.determinations(0)).set_state(v1::Determination::STATE_SUPERSEDED);
  EXPECT_EQ(Must(&Stub::AgreeBudget, kCouncil, request).SerializeAsString(), agreed.SerializeAsString());
  request.set_request_id(testing::NewRequestId());
  const v1::Budget nhs = Must(&Stub::AgreeBudget, kIcb, request);
  EXPECT_EQ(nhs.name(), agreed.name());
  EXPECT_EQ(nhs.contribution_weekly_pence(), 0);
  // Another plan, or other amounts, are another agreement.
  request.set_etag("");
  request.set_request_id(testing::NewRequestId());
  request.mutable_amounts(0)->set_weekly_pence(1);
  EXPECT_EQ(DetailsOf(Refused(&Stub::AgreeBudget, kCouncil, request)).info.reason(), "WRONG_STATE");
  EXPECT_EQ(DetailsOf(Refused(&Stub::AgreeBudget, kCouncil, AgreeRequest(estimate, 2))).info.reason(),
            "WRONG_STATE");
}

TEST_F(AgreementTest, ManyAtOnceAgreeOnce) {
  const std::string person = NewPerson();
  Must(&Stub::RecordFinancialAssessment, kCouncil, MeansRequest(person));
  const v1::Budget estimate = Must(&Stub::CreateBudget, kCouncil, JointRequest(person));
  std::vector<std::future<v1::Budget>> calls;
  for (int i = 0; i < 6; ++i) {
    calls.push_back(std::async(std::launch::async, [&, request = AgreeRequest(estimate)]() mutable {
      request.set_request_id(testing::NewRequestId());
      return Must(&Stub::AgreeBudget, kCouncil, request);
    }));
  }
  std::set<std::string> etags;
  for (auto& call : calls) etags.insert(call.get().etag());
  EXPECT_EQ(etags.size(), 1u);
  v1::ListBudgetsRequest list;
  list.set_parent(person);
  EXPECT_EQ(Must(&Stub::ListBudgets, kCouncil, list).budgets_size(), 2);
}

TEST_F(AgreementTest, RefusesListingEveryRuleNotMet) {
  const std::string person = NewPerson();
  auto create = JointRequest(person);
  create.clear_determinations();
  const v1::Budget estimate = Must(&Stub::CreateBudget, kCouncil, create);
  v1::AgreeBudgetRequest request = AgreeRequest(estimate);
  request.mutable_amounts(0)->set_weekly_pence(40000);
  EXPECT_THAT(DetailsOf(Refused(&Stub::AgreeBudget, kCouncil, request)).rules(),
              UnorderedElementsAre("AGREE-DEPARTURE-REASONS", "AGREE-DETERMINATION", "AGREE-DETERMINATION",
                                   "AGREE-MEANS-ASSESSED"))
      << "each of the two bases lacks its determination";
  request.set_plan(NewPerson() + "/plans/1");
  EXPECT_THAT(DetailsOf(Refused(&Stub::AgreeBudget, kCouncil, request)).fields(), ElementsAre("plan"));
}

TEST_F(AgreementTest, ADeterminationThatStandsNoMoreStopsIt) {
  const std::string person = NewPerson();
  Must(&Stub::RecordFinancialAssessment, kCouncil, MeansRequest(person));
  const v1::Budget estimate = Must(&Stub::CreateBudget, kCouncil, JointRequest(person));
  Determination(estimate.determinations(0)).set_state(v1::Determination::STATE_ENDED);
  EXPECT_THAT(DetailsOf(Refused(&Stub::AgreeBudget, kCouncil, AgreeRequest(estimate))).rules(),
              ElementsAre("BUDGET-DETERMINATION-DECIDED"));
}

TEST_F(AgreementTest, PreviewsWriteNothingAndBindTheRealCall) {
  const std::string person = NewPerson();
  Must(&Stub::RecordFinancialAssessment, kCouncil, MeansRequest(person));
  const v1::Budget estimate = Must(&Stub::CreateBudget, kCouncil, JointRequest(person));
  v1::AgreeBudgetRequest request = AgreeRequest(estimate);
  request.set_validate_only(true);
  const v1::Budget preview = Must(&Stub::AgreeBudget, kCouncil, request);
  EXPECT_EQ(preview.state(), v1::Budget::STATE_AGREED);
  EXPECT_EQ(Read(estimate.name()).state(), v1::Budget::STATE_INDICATIVE);
  request.set_validate_only(false);
  request.set_preview_token("0123456789abcdef0123456789abcdef");
  EXPECT_EQ(DetailsOf(Refused(&Stub::AgreeBudget, kCouncil, request)).info.reason(), "PREVIEW_STALE");
  request.set_preview_token(preview.preview_token());
  EXPECT_EQ(Must(&Stub::AgreeBudget, kCouncil, request).name(), preview.name());
}

TEST_F(AgreementTest, ARevisionTakesOverAndASecondOneOfTheSameBudgetDoesNot) {
  const std::string person = NewPerson();
  const v1::Budget agreed = Agreed(person);
  EXPECT_THAT(DetailsOf(Refused(&Stub::CreateBudget, kCouncil, JointRequest(person))).rules(),
              ElementsAre("BUDGET-ONE-LIVE"));
  v1::ReviseBudgetRequest revise;
  revise.set_name(agreed.name());
  revise.set_effective_from_date("2025-07-07");
  *revise.mutable_components() = JointRequest(person).components();
  revise.mutable_components(0)->set_minutes_per_week(1500);
  revise.mutable_decision()->set_reasons("more hours");
  const v1::Budget one = Must(&Stub::ReviseBudget, kCouncil, revise);
  const v1::Budget two = Must(&Stub::ReviseBudget, kCouncil, revise);
  const v1::Budget taken = Must(&Stub::AgreeBudget, kCouncil, AgreeRequest(one, 2));
  const v1::Budget before = Read(agreed.name());
  EXPECT_EQ(before.state(), v1::Budget::STATE_SUPERSEDED);
  EXPECT_EQ(before.effective_to_date(), "2025-07-06");
  EXPECT_EQ(before.superseded_by(), taken.name());
  EXPECT_THAT(DetailsOf(Refused(&Stub::AgreeBudget, kCouncil, AgreeRequest(two, 3))).rules(),
              Contains("AGREE-REVISED-STANDS"));
}

TEST_F(AgreementTest, FundingEndsByDeathOnceItIsOnRecord) {
  const std::string person = NewPerson();
  const v1::Budget agreed = Agreed(person);
  suite_->SetDate("2025-07-01");
  v1::EndFundingRequest request = EndRequest(agreed, v1::Budget::END_REASON_DEATH);
  EXPECT_THAT(DetailsOf(Refused(&Stub::EndFunding, kCouncil, request)).rules(),
              ElementsAre("END-DEATH-RECORDED"));
  RecordDeath(person, "2025-06-28");
  request.set_etag("1-0123456789abcdef");
  EXPECT_EQ(Refused(&Stub::EndFunding, kCouncil, request).error_code(), grpc::StatusCode::ABORTED);
  request.set_etag(agreed.etag());
  request.set_request_id(testing::NewRequestId());
  const v1::Budget ended = Must(&Stub::EndFunding, kCouncil, request);
  EXPECT_EQ(ended.state(), v1::Budget::STATE_ENDED);
  EXPECT_EQ(ended.effective_to_date(), "2025-06-30");
  EXPECT_EQ(ended.explanation().steps_size(), agreed.explanation().steps_size() + 1);
  EXPECT_EQ(ended.explanation().steps().rbegin()->rule_id(), "ENDED-DEATH");
  EXPECT_EQ(Read(agreed.name()).SerializeAsString(), ended.SerializeAsString());
  EXPECT_EQ(Must(&Stub::EndFunding, kCouncil, request).etag(), ended.etag());
  EXPECT_THAT(DetailsOf(Refused(&Stub::CreateBudget, kCouncil,
                                [&] {
                                  auto later = JointRequest(person);
                                  later.set_effective_from_date("2025-07-07");
                                  return later;
                                }()))
                  .rules(),
              ElementsAre("BUDGET-PERSON-ALIVE"));
}

TEST_F(AgreementTest, FundingEndsByNoDeathThatWasTakenBack) {
  suite_->SetDate("2025-07-01");
  const std::string person = NewPerson();
  const std::string death = RecordDeath(person, "2025-06-28");
  const v1::Budget agreed = Agreed(person);
  TakeBack(death);
  EXPECT_THAT(
      DetailsOf(Refused(&Stub::EndFunding, kCouncil, EndRequest(agreed, v1::Budget::END_REASON_DEATH)))
          .rules(),
      ElementsAre("END-DEATH-RECORDED"))
      << "allocation first met the person when the death was on record";
}

TEST_F(AgreementTest, LiveFundingEndsOnlyWithASuccessor) {
  const std::string person = NewPerson();
  const v1::Budget agreed = Agreed(person);
  v1::EndFundingRequest request = EndRequest(agreed, v1::Budget::END_REASON_SHADOW_OVER);
  EXPECT_THAT(DetailsOf(Refused(&Stub::EndFunding, kIcb, request)).rules(), ElementsAre("END-SHADOW-ONLY"));
  request = EndRequest(agreed, v1::Budget::END_REASON_SUCCESSOR);
  request.set_successor(agreed.name());
  EXPECT_THAT(DetailsOf(Refused(&Stub::EndFunding, kIcb, request)).rules(),
              ElementsAre("END-SUCCESSOR-IN-EFFECT"));
  auto chc = JointRequest(person);
  chc.mutable_components(0)->clear_shares();
  *chc.mutable_components(0)->add_shares() = Text<v1::FundingShare>(
      "organisation: 'QZZ' basis: FUNDING_BASIS_CHC share { numerator: 1 denominator: 1 }");
  chc.set_effective_from_date("2025-07-01");
  chc.set_determinations(0, absl::StrCat(person, "/determinations/2"));
  v1::Determination& decided = Determination(chc.determinations(0));
  decided = Determination(absl::StrCat(person, "/determinations/1"));
  decided.set_name(chc.determinations(0));
  decided.set_regime(v1::ELIGIBILITY_REGIME_CHC);
  const v1::Budget estimate = Must(&Stub::CreateBudget, kIcb, chc);
  const v1::Budget successor = Must(&Stub::AgreeBudget, kIcb, AgreeRequest(estimate, 2));
  request.set_successor(successor.name());
  const v1::Budget ended = Must(&Stub::EndFunding, kIcb, request);
  EXPECT_EQ(ended.superseded_by(), successor.name());
  EXPECT_EQ(DetailsOf(Refused(&Stub::EndFunding, kIcb, request)).info.reason(), "WRONG_STATE");
}

TEST_F(AgreementTest, OthersDoNotLearnOfABudget) {
  const v1::Budget agreed = Agreed(NewPerson());
  v1::GetBudgetRequest get;
  get.set_name(agreed.name());
  EXPECT_EQ(Refused(&Stub::GetBudget, kStranger, get).error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(Refused(&Stub::AgreeBudget, kStranger, AgreeRequest(agreed)).error_code(),
            grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(
      Refused(&Stub::EndFunding, kStranger, EndRequest(agreed, v1::Budget::END_REASON_DEATH)).error_code(),
      grpc::StatusCode::NOT_FOUND);
  get.set_name(get.name() + "99");
  EXPECT_EQ(Refused(&Stub::GetBudget, kCouncil, get).error_code(), grpc::StatusCode::NOT_FOUND);
}

class WithoutEligibility : public AgreementTest {
 protected:
  WithoutEligibility() : AgreementTest(false) {}

  // The council states a determination to allocation.
  void State(const v1::Determination& determination) {
    const std::unique_ptr<v1::StatementsService::StubInterface> stub =
        v1::StatementsService::NewStub(suite_->channel());
    v1::RecordStatementRequest request;
    request.set_parent(determination.name().substr(0, determination.name().find("/determinations/")));
    request.set_service("allocation");
    *request.mutable_resource()->mutable_determination() = determination;
    request.set_reference("case 7");
    request.set_effective_date("2025-05-01");
    v1::UpstreamStatement statement;
    const grpc::Status status = suite_->Call(*stub, &v1::StatementsService::StubInterface::RecordStatement,
                                             kCouncil, request, &statement);
    EXPECT_TRUE(status.ok()) << status.error_message();
  }
};

TEST_F(WithoutEligibility, DeterminationsAreThoseStatedHere) {
  const std::string person = NewPerson();
  Must(&Stub::RecordFinancialAssessment, kCouncil, MeansRequest(person));
  const auto request = JointRequest(person);
  EXPECT_THAT(DetailsOf(Refused(&Stub::CreateBudget, kCouncil, request)).rules(),
              ElementsAre("BUDGET-DETERMINATION-KNOWN"));
  State(Determination(request.determinations(0)));
  EXPECT_EQ(Must(&Stub::CreateBudget, kCouncil, request).name(), person + "/budgets/1");
}

}  // namespace
}  // namespace ipb::allocation
