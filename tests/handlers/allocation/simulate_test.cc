// SimulateAllocations as a caller has it: batch by batch over one stream.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "common/server/limits.h"
#include "tests/handlers/allocation/fixture.h"

namespace ipb::allocation {
namespace {

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
