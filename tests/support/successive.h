// Servers that come up one after another over one store: a later one reads, under another policy, what an
// earlier one wrote.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/support/folder.h"
#include "tests/support/running_suite.h"

namespace ipb::testing {

// The policy that ships, copied into `folder`, with a text of one file ("national/eligibility.textproto")
// replaced wherever it stands; it has to. Gives the path of the copy.
std::string PolicyWith(const Folder& folder, const std::string& file, const std::string& from,
                       const std::string& to);

// One of these servers, up for as long as it lives; one at a time.
class Successive {
 public:
  // At nine in the morning of a civil date. `folder` holds the store and outlives all of them; the policy is
  // the one that ships where none is given.
  Successive(std::vector<process::ServiceFactory> services, const Folder& folder, const std::string& date,
             const std::string& policy = "");

  RunningSuite& suite() { return suite_; }

  // A call that has to succeed: `Must(&v1::PeopleService::Stub::GetPerson, kCouncil, request)`.
  template <typename Stub, typename Request, typename Reply>
  Reply Must(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*), const As& as,
             const Request& request) {
    Stub stub(suite_.channel());
    Reply reply;
    const grpc::Status status = suite_.Call(stub, method, as, request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return reply;
  }

 private:
  RunningSuite suite_;
};

}  // namespace ipb::testing
