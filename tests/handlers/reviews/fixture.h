// Reviews beside the people service and a care planning service that holds whatever plan a test gives it.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "ipb/v1/people_service.grpc.pb.h"
#include "ipb/v1/plan.pb.h"
#include "ipb/v1/reviews_service.grpc.pb.h"
#include "tests/support/running_suite.h"
#include "tests/support/service_changes.h"

namespace ipb::reviews {

class HeldPlans;

class ReviewsTest : public ::testing::Test {
 protected:
  using Stub = v1::ReviewsService::Stub;
  ReviewsTest();

  // A person for whom the council is responsible and, where asked for, the ICB.
  std::string Person(bool with_icb = true);
  // An ACTIVE joint plan from 2 June 2025: a direct payment of the council and a service of the ICB.
  v1::Plan JointPlan(const std::string& person, int number = 1);
  // Commits plans of one person to care planning.
  void Hold(std::vector<v1::Plan> plans);
  // Waits until reviews has acted on a plan, or on a person.
  void AwaitPlan(const std::string& person) { changes_.Await(person, "watch/follow-plan"); }
  void AwaitPerson(const std::string& person) { changes_.Await(person, "watch/follow-person"); }
  // A joint plan of a new person that has its first review by cadence; gives that review.
  v1::Review FirstReview(bool with_icb = true);

  template <typename Request, typename Reply>
  grpc::Status Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                    const testing::As& as, const Request& request, Reply* reply) {
    return suite_.Call(*reviews_, method, as, request, reply);
  }
  std::vector<v1::Review> List(const std::string& person);
  v1::Review Get(const std::string& name);
  // Records the person's death; gives its name, by which it can be taken back.
  std::string Die(const std::string& person);
  void NeverDied(const std::string& death);

  HeldPlans* plans_ = nullptr;
  testing::RunningSuite suite_;
  std::unique_ptr<v1::PeopleService::Stub> people_;
  std::unique_ptr<Stub> reviews_;
  testing::ServiceChanges changes_;
};

}  // namespace ipb::reviews
