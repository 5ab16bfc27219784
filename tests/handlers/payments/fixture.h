// A person for whom a council and an integrated care board are responsible, with a joint plan and its budget
// as stated to the payments service, and calls to it about them.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "ipb/v1/payments_service.grpc.pb.h"
#include "ipb/v1/people_service.grpc.pb.h"
#include "ipb/v1/statements_service.grpc.pb.h"
#include "tests/handlers/payments/counting_store.h"
#include "tests/handlers/payments/requests.h"
#include "tests/support/running_suite.h"

namespace ipb::payments {

using Stub = v1::PaymentsService::Stub;
using ipb::testing::As;
using ipb::testing::Details;
using ipb::testing::kCouncil;
using ipb::testing::kIcb;
using ipb::testing::kSecondCouncilOfficer;
using ipb::testing::kSecondIcbOfficer;
using ipb::testing::kStranger;
using ipb::testing::NewRequestId;

// Starts at nine in the morning of Monday 2 June 2025, the first day of the plan and of a council's cycle.
// Its plan and budgets are those of PlanAndBudgets.
class PaymentsTest : public ::testing::Test {
 protected:
  // With services beside people and payments, and on another store, as the flag --store, where a test says
  // so.
  explicit PaymentsTest(std::vector<process::ServiceFactory> beside = {},
                        const std::string& store = "sqlite::memory:");

  // Registers an adult for whom both bodies are responsible; gives the name.
  std::string NewPerson();
  void Die(const std::string& person, const std::string& date);
  // Returns when payments knows of the person what people knows now.
  void AwaitPerson(const std::string& person);
  // States to the payments service the plan and both budgets of a person, as the council's.
  void StatePlan(const std::string& person, v1::Plan::State state = v1::Plan::STATE_ACTIVE);
  // States one of them to a service.
  void State(const std::string& person, const v1::StatedResource& resource,
             const std::string& service = "payments");
  // States the active plan again, with one finding by each organisation that "care" has to pay family.
  struct Necessity {
    std::string organisation;
    v1::NecessityFinding::Ground ground;
  };
  void StateNecessities(const std::vector<Necessity>& found);

  // A call that has to succeed.
  template <typename Request, typename Reply>
  Reply Must(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*), const As& as,
             const Request& request) {
    Reply reply;
    const grpc::Status status = suite_.Call(*stub_, method, as, request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_code() << " " << status.error_message();
    return reply;
  }
  // A call that has to fail with this code.
  template <typename Request, typename Reply>
  Details Fails(grpc::StatusCode code,
                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*), const As& as,
                const Request& request) {
    Reply reply;
    const grpc::Status status = suite_.Call(*stub_, method, as, request, &reply);
    EXPECT_EQ(status.error_code(), code) << status.error_message();
    return ipb::testing::DetailsOf(status);
  }

  // The bank's answer, of today, to every payment of a run.
  v1::SettlePaymentsRequest Settling(const v1::PaymentRun& run, v1::BankResult::Outcome outcome);
  // All payments of a run, read in pages.
  std::vector<v1::RunPayment> Rows(const std::string& run, int page_size = 0);

  // The steps of the main path, each of which has to succeed.
  v1::Payee ApprovedPayee(const As& proposer, const As& approver);
  v1::Agreement CouncilAgreement();
  v1::Agreement IcbAgreement();

  std::shared_ptr<StoreCounts> counts_ = std::make_shared<StoreCounts>();
  ipb::testing::RunningSuite suite_;
  std::unique_ptr<v1::PeopleService::Stub> people_;
  std::unique_ptr<v1::StatementsService::Stub> statements_;
  std::unique_ptr<Stub> stub_;
  std::string person_;
};

}  // namespace ipb::payments
