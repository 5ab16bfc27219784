// SimulateAllocations as a caller has it: batch by batch over one stream.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "common/server/limits.h"
#include "tests/handlers/allocation/fixture.h"

namespace ipb::allocation {
namespace {

using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

class SimulationTest : public AllocationTest {
 protected:
  using Request = v1::SimulateAllocationsRequest;
  using Response = v1::SimulateAllocationsResponse;

  // One stream of a caller.
  struct Stream {
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReaderWriterInterface<Request, Response>> calls;

    Response Ask(const Request& request) {
      Response response;
      EXPECT_TRUE(calls->Write(request));
      EXPECT_TRUE(calls->Read(&response));
      return response;
    }
    // What the stream ends with after a last message, where one is given.
    grpc::Status End(const Request* last = nullptr) {
      if (last != nullptr) calls->Write(*last);
      if (last == nullptr) calls->WritesDone();
      Response response;
      EXPECT_FALSE(calls->Read(&response));
      return calls->Finish();
    }
  };

  std::unique_ptr<Stream> Open(const As& as) {
    auto stream = std::make_unique<Stream>();
    testing::RunningSuite::Prepare(stream->context, as);
    stream->calls = stub_->SimulateAllocations(&stream->context);
    return stream;
  }

  // A single person of 45 with so much a week, whose support costs £300; the council would keep 25.00 more
  // for them.
  Request Batch(const std::vector<int64_t>& incomes_pence) {
    Request request;
    for (const int64_t income_pence : incomes_pence) {
      *request.add_cases() = Text<v1::SimulationCase>(R"(
        key: 'one' facts { household { relationship: RELATIONSHIP_SINGLE birth_date: '1980-01-01' }
                           income { kind: INCOME_KIND_OTHER } }
        lines { basis: FUNDING_BASIS_CARE_ACT weekly_pence: 30000 })");
      request.mutable_cases()->rbegin()->mutable_facts()->mutable_income(0)->set_weekly_pence(income_pence);
    }
    return request;
  }

  static v1::SimulationSetup Considered() {
    return Text<v1::SimulationSetup>(R"(
      decision_date: '2025-06-01'
      candidate {
        weeks_conventions { days_or_weeks: 52 divisor: 1
          provenance { effective_from_date: '2023-04-06' certainty: CERTAINTY_LOCAL_CHOICE source: 'a proposal' } }
        guarantee_additions { weekly_pence: 2500
          provenance { effective_from_date: '2023-04-06' certainty: CERTAINTY_LOCAL_CHOICE source: 'a proposal' } } })");
  }

  Request First(const std::vector<int64_t>& incomes_pence) {
    Request request = Batch(incomes_pence);
    *request.mutable_setup() = Considered();
    return request;
  }
};

TEST_F(SimulationTest, CountsBatchAfterBatchAndReportsWhenAsked) {
  auto stream = Open(kCouncil);
  EXPECT_EQ(stream->Ask(First({10000, 20000})).cases(), 2);
  Request last = Batch({20000});
  last.set_report(true);
  const Response response = stream->Ask(last);
  EXPECT_EQ(response.cases(), 3);
  EXPECT_EQ(response.simulated_size(), 0);
  const v1::SimulationGroup& whole = response.report().whole();
  EXPECT_EQ(whole.current().charge_weekly_pence(), 2 * (20000 - 11250 - 500));
  EXPECT_EQ(whole.candidate().charge_weekly_pence(), 2 * (20000 - 11250 - 2500));
  EXPECT_EQ(whole.better_off(), 2);
  EXPECT_TRUE(stream->End().ok());
}

TEST_F(SimulationTest, ExplainsEachCaseWhereAsked) {
  auto stream = Open(kCouncil);
  Request request = First({20000});
  request.mutable_setup()->set_explain(true);
  const Response response = stream->Ask(request);
  ASSERT_EQ(response.simulated_size(), 1);
  EXPECT_EQ(response.simulated(0).current().charge_weekly_pence(), 8250);
  EXPECT_EQ(response.simulated(0).candidate().charge_weekly_pence(), 6250);
  EXPECT_GT(response.simulated(0).candidate_explanation().steps_size(), 3);
  const grpc::Status status = stream->End(&(request = Batch(std::vector<int64_t>(101, 10000))));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("cases"));
}

TEST_F(SimulationTest, PricesNeedsByBothTables) {
  Request request = First({});
  *request.add_cases() = Text<v1::SimulationCase>(R"(
      key: 'one' agreed_weekly_pence: 25000 needs { table: 'adults-at-home'
        answers { question: 'washing-and-dressing' answer: 'much-help' }
        answers { question: 'meals' answer: 'some-help' }
        answers { question: 'continence' answer: 'some-help' }
        answers { question: 'moving-about' answer: 'some-help' }
        answers { question: 'nights' answer: 'no-help' }
        answers { question: 'going-out' answer: 'no-help' } })");
  request.set_report(true);
  const v1::SimulationGroup whole = Open(kCouncil)->Ask(request).report().whole();
  EXPECT_EQ(whole.current().indicative_weekly_pence(), 24500);
  EXPECT_EQ(whole.agreed_of_indicative().cases(), 1);
  EXPECT_EQ(whole.candidate().refused(), 1) << "what is considered has no such table";
  Request empty = First({});
  empty.add_cases()->set_key("nothing");
  const grpc::Status status = Open(kCouncil)->End(&empty);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("lines: of the case \"nothing\""));
}

// People with agreed budgets, who pay 42.50 a week and would pay 22.50.
class CaseloadSimulationTest : public SimulationTest {
 protected:
  std::vector<v1::Budget> AgreedMany(int people) {
    std::vector<v1::Budget> budgets;
    for (int i = 0; i < people; ++i) budgets.push_back(Agreed(NewPerson()));
    return budgets;
  }
  // The budgets begin on 9 June.
  Request FirstInJune() {
    Request request = First({});
    request.mutable_setup()->set_decision_date("2025-06-16");
    return request;
  }
  static std::vector<v1::Budget> InOrder(std::vector<v1::Budget> budgets) {
    std::sort(budgets.begin(), budgets.end(),
              [](const v1::Budget& a, const v1::Budget& b) { return a.name() < b.name(); });
    return budgets;
  }
  static v1::CaseloadBudget* Name(Request& request, const std::string& budget) {
    v1::CaseloadBudget* named = request.add_caseload_budgets();
    named->set_name(budget);
    return named;
  }
  static Request Next(int32_t people) {
    Request request;
    request.set_caseload_people(people);
    return request;
  }
};

TEST_F(CaseloadSimulationTest, CountsEverybodyOnceByCohort) {
  AgreedMany(5);
  // Neither an estimate nor a trial is of the live caseload.
  Must(&Stub::CreateBudget, kCouncil, JointRequest(NewPerson()));
  auto stream = Open(kCouncil);
  Request first = FirstInJune();
  first.set_caseload_people(2);
  *first.mutable_setup()->add_caseload_cohorts() =
      Text<v1::CaseloadCohort>("cohort: 'pension-age' from_age_years: 66");
  *first.mutable_setup()->add_caseload_cohorts() =
      Text<v1::CaseloadCohort>("cohort: 'joint' basis: FUNDING_BASIS_JOINT_PACKAGE");
  Response response = stream->Ask(first);
  EXPECT_EQ(response.cases(), 2);
  EXPECT_FALSE(response.caseload_complete());
  int asked = 1;
  for (; !response.caseload_complete() && asked < 10; ++asked) response = stream->Ask(Next(2));
  EXPECT_EQ(asked, 3);
  EXPECT_EQ(response.cases(), 5);
  Request last = Next(1000);
  *last.add_cases() = Batch({20000}).cases(0);
  last.set_report(true);
  response = stream->Ask(last);
  EXPECT_TRUE(response.caseload_complete());
  EXPECT_EQ(response.cases(), 6) << "the caseload was counted, and one case beside it";
  ASSERT_EQ(response.report().cohorts_size(), 1);
  const v1::SimulationGroup& joint = response.report().cohorts(0);
  EXPECT_EQ(joint.cohort(), "joint");
  EXPECT_EQ(joint.current().cases(), 5);
  EXPECT_EQ(joint.current().council_cost_weekly_pence(), 5 * 12150);
  EXPECT_EQ(joint.current().charge_weekly_pence(), 5 * 4250);
  EXPECT_EQ(joint.candidate().charge_weekly_pence(), 5 * 2250);
  EXPECT_EQ(joint.better_off(), 5);
  EXPECT_EQ(joint.agreed_of_indicative().cases(), 5);
  EXPECT_EQ(joint.agreed_of_indicative().foretold_weekly_pence(), 5 * 32400);
  EXPECT_EQ(response.report().whole().current().cases(), 6);
  EXPECT_TRUE(stream->End().ok());
}

TEST_F(CaseloadSimulationTest, ExplainsEachBudgetWhereAsked) {
  const std::vector<v1::Budget> budgets = AgreedMany(1);
  Request request = FirstInJune();
  request.mutable_setup()->set_explain(true);
  request.set_caseload_people(100);
  const Response response = Open(kCouncil)->Ask(request);
  EXPECT_TRUE(response.caseload_complete());
  ASSERT_EQ(response.simulated_size(), 1);
  EXPECT_EQ(response.simulated(0).key(), budgets[0].name());
  EXPECT_EQ(response.simulated(0).candidate().charge_weekly_pence(), 2250);
  request.set_caseload_people(101);
  EXPECT_EQ(Open(kCouncil)->End(&request).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(CaseloadSimulationTest, SeesWhatIsOnRecordOnTheDayAndThen) {
  AgreedMany(1);
  Request before = FirstInJune(), empty = Next(10);
  before.mutable_setup()->set_decision_date("2025-04-01");
  before.set_caseload_people(10);
  EXPECT_EQ(Open(kCouncil)->Ask(before).cases(), 0) << "the budget begins later";
  auto stream = Open(kCouncil);
  EXPECT_EQ(stream->Ask(FirstInJune()).cases(), 0);
  AgreedMany(1);
  EXPECT_EQ(stream->Ask(empty).cases(), 2) << "agreed since the simulation began";
}

TEST_F(CaseloadSimulationTest, TakesWhatWasSpentOfBudgetsThatAreNamed) {
  const std::vector<v1::Budget> budgets = InOrder(AgreedMany(3));
  auto stream = Open(kCouncil);
  Request first = FirstInJune();
  Name(first, budgets[0].name())->set_spent_weekly_pence(16200);
  EXPECT_EQ(stream->Ask(first).cases(), 1);
  Request second;
  // The second is not known to have been spent of, and is simulated as what the person would be told.
  *Name(second, budgets[1].name())->mutable_needs() = Text<v1::SimulationNeeds>("table: 'no-such-table'");
  Name(second, budgets[2].name())->set_spent_weekly_pence(32400);
  second.set_report(true);
  const Response response = stream->Ask(second);
  EXPECT_EQ(response.cases(), 3);
  EXPECT_EQ(response.not_of_caseload_size(), 0);
  const v1::SimulationGroup& whole = response.report().whole();
  EXPECT_EQ(whole.current().cases(), 2);
  ASSERT_EQ(whole.current().refusals_size(), 1);
  EXPECT_EQ(whole.current().refusals(0).first_key(), budgets[1].name());
  EXPECT_EQ(whole.agreed_of_indicative().cases(), 3);
  EXPECT_EQ(whole.spent_of_agreed().cases(), 2);
  EXPECT_EQ(whole.spent_of_agreed().foretold_weekly_pence(), 2 * 32400);
  EXPECT_EQ(whole.spent_of_agreed().came_weekly_pence(), 16200 + 32400);
  EXPECT_TRUE(stream->End().ok());
}

TEST_F(CaseloadSimulationTest, SaysWhichBudgetsAreNoneOfTheCaseload) {
  const v1::Budget agreed = AgreedMany(1)[0];
  const v1::Budget estimated = Must(&Stub::CreateBudget, kCouncil, JointRequest(NewPerson()));
  v1::CreateBudgetRequest of_nhs = JointRequest(NewPerson());
  of_nhs.mutable_components(0)->mutable_shares()->erase(of_nhs.components(0).shares().begin());
  of_nhs.mutable_components(0)->mutable_shares(0)->mutable_share()->set_numerator(8);
  const v1::Budget elsewhere =
      Must(&Stub::AgreeBudget, kIcb, AgreeRequest(Must(&Stub::CreateBudget, kIcb, of_nhs), 1));
  std::vector<std::string> names = {agreed.name(), estimated.name(), agreed.indicative_budget(),
                                    elsewhere.name(), "people/nobody/budgets/1"};
  std::sort(names.begin(), names.end());
  Request request = FirstInJune();
  request.mutable_setup()->set_explain(true);
  for (const std::string& name : names) Name(request, name);
  Response response = Open(kCouncil)->Ask(request);
  ASSERT_EQ(response.simulated_size(), 1);
  EXPECT_EQ(response.simulated(0).key(), agreed.name());
  std::erase(names, agreed.name());
  EXPECT_THAT(response.not_of_caseload(), ElementsAreArray(names));
  request.mutable_setup()->set_decision_date("2025-04-01");
  response = Open(kCouncil)->Ask(request);
  EXPECT_EQ(response.cases(), 0) << "the budget begins later";
  EXPECT_EQ(response.not_of_caseload_size(), 5);
}

TEST_F(CaseloadSimulationTest, NamesBudgetsOnceAndInOrder) {
  const v1::Budget agreed = AgreedMany(1)[0];
  const auto refused = [&](Request request, bool later) {
    auto stream = Open(kCouncil);
    if (later) {
      Request first = FirstInJune();
      Name(first, agreed.name());
      EXPECT_EQ(stream->Ask(first).cases(), 1);
    } else {
      request.mutable_setup()->MergeFrom(FirstInJune().setup());
    }
    const grpc::Status status = stream->End(&request);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    return status.error_message();
  };
  Request again;
  Name(again, agreed.name());
  EXPECT_THAT(refused(again, true), HasSubstr("caseload_budgets[0].name: is not after the one before it"));
  Name(again, agreed.name());
  EXPECT_THAT(refused(again, false), HasSubstr("caseload_budgets[1].name"));
  EXPECT_THAT(refused(Next(1), true), HasSubstr("in the place of caseload_people"));
  again.set_caseload_people(1);
  EXPECT_THAT(refused(again, false), HasSubstr("in the place of caseload_people"));
  Request wrong;
  Name(wrong, "people/nobody/plans/1");
  EXPECT_THAT(refused(wrong, false), HasSubstr("people/{person}/budgets/{n}"));
  Request negative;
  Name(negative, agreed.name())->set_spent_weekly_pence(-1);
  EXPECT_THAT(refused(negative, false), HasSubstr("spent_weekly_pence"));
}

TEST_F(CaseloadSimulationTest, RefusesNumbersThatAreNone) {
  for (const int32_t people : {-1, 1001}) {
    Request request = FirstInJune();
    request.set_caseload_people(people);
    const grpc::Status status = Open(kCouncil)->End(&request);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << people;
    EXPECT_THAT(status.error_message(), HasSubstr("caseload_people"));
  }
}

TEST_F(SimulationTest, RefusesWhatIsOutOfOrder) {
  Request without = Batch({10000});
  const grpc::Status missing = Open(kCouncil)->End(&without);
  EXPECT_EQ(missing.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(missing.error_message(), HasSubstr("setup"));
  auto stream = Open(kCouncil);
  Request twice = First({10000});
  stream->Ask(twice);
  EXPECT_EQ(stream->End(&twice).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(SimulationTest, RefusesAPolicyThatContradictsItself) {
  Request request = First({10000});
  *request.mutable_setup()->mutable_candidate()->add_guarantee_additions() =
      request.setup().candidate().guarantee_additions(0);
  const grpc::Status overlap = Open(kCouncil)->End(&request);
  EXPECT_EQ(overlap.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(overlap.error_message(), HasSubstr("setup.candidate"));
  EXPECT_THAT(overlap.error_message(), HasSubstr("guarantee_additions[1]: the row of GuaranteeAddition"));
  EXPECT_THAT(overlap.error_message(), HasSubstr("overlaps"));
  Request gap = First({10000});
  gap.mutable_setup()->mutable_candidate()->clear_weeks_conventions();
  EXPECT_EQ(Open(kCouncil)->End(&gap).error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  Request wrong = First({-1});
  EXPECT_EQ(Open(kCouncil)->End(&wrong).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(SimulationTest, IsForCouncils) {
  Request request = First({10000});
  EXPECT_EQ(Open(kIcb)->End(&request).error_code(), grpc::StatusCode::PERMISSION_DENIED);
}

TEST_F(SimulationTest, HasRoomForAFew) {
  std::vector<std::unique_ptr<Stream>> open;
  for (int i = 0; i < server::kMaximumConversations; ++i) {
    open.push_back(Open(kCouncil));
    open.back()->Ask(First({10000}));
  }
  Request request = First({10000});
  EXPECT_EQ(Open(kCouncil)->End(&request).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  for (auto& stream : open) EXPECT_TRUE(stream->End().ok());
}

}  // namespace
}  // namespace ipb::allocation
