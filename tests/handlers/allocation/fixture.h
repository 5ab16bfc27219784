// A running allocation service with people beside it, an eligibility service that answers what a test tells
// it, and a person whom the example council and ICB are both responsible for.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "ipb/v1/allocation_service.grpc.pb.h"
#include "ipb/v1/determination.pb.h"
#include "ipb/v1/people_service.grpc.pb.h"
#include "tests/handlers/allocation/requests.h"
#include "tests/support/running_suite.h"
#include "tests/support/text.h"

namespace ipb::allocation {

using testing::As;
using testing::Details;
using testing::DetailsOf;
using testing::kCouncil;
using testing::kIcb;
using testing::kStranger;
using testing::Text;

// What the eligibility service beside allocation answers, by name.
using Determinations = std::map<std::string, v1::Determination>;

class AllocationTest : public ::testing::Test {
 protected:
  using Stub = v1::AllocationService::StubInterface;

  explicit AllocationTest(bool with_eligibility = true, process::Substitutes substitutes = {});

  // A new person, known to council and ICB, determined eligible by people/x/determinations/1.
  std::string NewPerson();
  v1::Determination& Determination(const std::string& name) { return determinations_[name]; }
  // Gives the death's name, by which it can be taken back.
  std::string RecordDeath(const std::string& person, const std::string& date);
  void TakeBack(const std::string& death);

  template <typename Request, typename Reply>
  grpc::Status Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*), const As& as,
                    const Request& request, Reply* reply) {
    return suite_->Call(*stub_, method, as, request, reply);
  }
  // The same, where nothing but success will do.
  template <typename Request, typename Reply>
  Reply Must(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*), const As& as,
             const Request& request) {
    Reply reply;
    const grpc::Status status = Call(method, as, request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return reply;
  }
  // The error of a call that must fail.
  template <typename Reply, typename Request>
  grpc::Status Refused(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                       const As& as, const Request& request) {
    Reply reply;
    const grpc::Status status = Call(method, as, request, &reply);
    EXPECT_FALSE(status.ok()) << reply.ShortDebugString();
    return status;
  }

  // An agreed budget of 324.00 a week, with means assessed.
  v1::Budget Agreed(const std::string& person);

  Determinations determinations_;
  std::unique_ptr<testing::RunningSuite> suite_;
  std::unique_ptr<Stub> stub_;
  std::unique_ptr<v1::PeopleService::StubInterface> people_;
};

}  // namespace ipb::allocation
