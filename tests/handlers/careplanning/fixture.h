// A running care planning service with people and allocation beside it, an eligibility service that knows one
// determination of everybody, and a person for whom the example council and ICB are both responsible.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "ipb/v1/allocation_service.grpc.pb.h"
#include "ipb/v1/care_planning_service.grpc.pb.h"
#include "ipb/v1/people_service.grpc.pb.h"
#include "ipb/v1/statements_service.grpc.pb.h"
#include "tests/handlers/careplanning/requests.h"
#include "tests/rules/careplanning/examples.h"
#include "tests/support/running_suite.h"

namespace ipb::careplanning {

using ipb::testing::As;
using ipb::testing::Details;
using ipb::testing::DetailsOf;
using ipb::testing::NewRequestId;

// Who writes plans, who approves them, and a council that is responsible for nobody here.
inline const As kWriter{"E10000019", "staff-1", "social_worker"};
inline const As kManager{"E10000019", "manager-1", "team_manager"};
inline const As kNurse{"QZZ", "nurse-1", "nurse_assessor"};
inline const As kLead{"QZZ", "lead-1", "phb_lead"};
inline const As kOutsider{"E10000028", "staff-9", "social_worker"};

// What stands in the place of allocation, for what the real one does not do on demand.
struct ScriptedAllocation {
  std::mutex mutex;
  v1::Budget budget;
  // The next answers to AgreeBudget, first one first; the agreed budget when none is left.
  std::deque<grpc::Status> answers;
  // What was asked, and by which organisation, oldest first.
  std::vector<v1::AgreeBudgetRequest> asked;
  std::vector<std::string> callers;
};

// The services that stand beside each other here.
std::vector<process::ServiceFactory> Services(ScriptedAllocation* scripted = nullptr);

// What people do with plans on such a suite, and a person to do it for.
class Planning {
 public:
  using Stub = v1::CarePlanningService::Stub;
  using Money = v1::AllocationService::Stub;
  using People = v1::PeopleService::Stub;

  // Takes the suite over; registers nobody yet.
  explicit Planning(std::unique_ptr<ipb::testing::RunningSuite> suite);

  // Begins anew with nothing beside care planning, which learns of the person from a statement.
  void StartAlone();
  void StateBudget(const v1::Budget& budget);

  // Registers another person with both; gives the name.
  std::string NewPerson();
  void Die(const std::string& date);

  // Calls that have to succeed.
  template <typename Service, typename Request, typename Reply>
  Reply Must(Service& stub, grpc::Status (Service::*method)(grpc::ClientContext*, const Request&, Reply*),
             const As& as, const Request& request) {
    Reply reply;
    const grpc::Status status = suite_->Call(stub, method, as, request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_code() << " " << status.error_message() << " "
                             << ::testing::PrintToString(DetailsOf(status).rules());
    return reply;
  }
  template <typename Request, typename Reply>
  Reply Must(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*), const As& as,
             const Request& request) {
    return Must(*stub_, method, as, request);
  }
  // A call that has to fail with this code.
  template <typename Request, typename Reply>
  Details Fails(grpc::StatusCode code, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                const As& as, const Request& request) {
    Reply reply;
    const grpc::Status status = suite_->Call(*stub_, method, as, request, &reply);
    EXPECT_EQ(status.error_code(), code) << status.error_message();
    return DetailsOf(status);
  }

  // The sister as authorised person, after the capacity decision that it needs.
  v1::Representative AppointSister();

  // An indicative budget of the two parts of the complete plan, from 9 June 2025.
  v1::Budget NewBudget(v1::Budget::Mode mode = v1::Budget::MODE_LIVE);
  void AssessMeans();
  // A request whose plan lacks nothing, spending that budget.
  v1::CreatePlanRequest Creating(const std::string& budget) const;

  void State(v1::RecordStatementRequest request);

  v1::Plan Get(const std::string& name, const As& as = kWriter);
  // Written by the council, its clinical detail by the nurse, and proposed.
  v1::Plan Propose(const v1::CreatePlanRequest& request);
  v1::Plan Propose(const std::string& name);
  // Proposed, signed and approved by the ICB: only the council's approval is missing.
  v1::Plan AlmostApproved(const v1::CreatePlanRequest& request);
  // Steps over the waits after failures and runs due work until the plan is in that state.
  void AwaitState(const std::string& name, v1::Plan::State state);

 protected:
  std::unique_ptr<ipb::testing::RunningSuite> suite_;
  std::unique_ptr<Stub> stub_;
  std::unique_ptr<Money> money_;
  std::unique_ptr<People> people_;
  std::unique_ptr<v1::StatementsService::Stub> statements_;
  std::string person_;
};

class CarePlanningTest : public ::testing::Test, protected Planning {
 protected:
  explicit CarePlanningTest(ScriptedAllocation* scripted = nullptr);
};

}  // namespace ipb::careplanning
