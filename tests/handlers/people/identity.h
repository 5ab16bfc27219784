// What organisations do with who people are, on a running people service: register, identify, merge, split,
// hand over.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ipb/v1/people_service.grpc.pb.h"
#include "tests/support/running_suite.h"

namespace ipb::people {

using ipb::testing::As;
using ipb::testing::RunningSuite;

// The answer to a call whose reply is a person.
struct Answer {
  grpc::Status status;
  v1::Person person;

  bool ok() const { return status.ok(); }
  std::vector<std::string> rules() const { return ipb::testing::DetailsOf(status).rules(); }
  std::vector<std::string> fields() const { return ipb::testing::DetailsOf(status).fields(); }
  std::string reason() const { return ipb::testing::DetailsOf(status).info.reason(); }
};

v1::Identifier NhsNumber(const std::string& value);
v1::Identifier LocalNumber(const std::string& value);
v1::HumanDecision Because(const std::string& reasons);

class Identity {
 public:
  using Stub = v1::PeopleService::Stub;

  // A people service alone.
  Identity();
  explicit Identity(std::unique_ptr<RunningSuite> suite);

  RunningSuite& suite() { return *suite_; }

  template <typename Request>
  Answer Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, v1::Person*), const As& as,
              const Request& request) {
    Answer answer;
    answer.status = suite_->Call(*stub_, method, as, request, &answer.person);
    return answer;
  }

  // As a council by ordinary residence, or the ICB as the responsible one.
  Answer Register(const As& as, const v1::Identifier& identifier,
                  const std::string& birth_date = "1960-05-01");
  Answer Accept(const As& as, const std::string& person, const std::string& organisation);
  // Registers for the first, and lets the second in.
  std::string RegisterForBoth(const As& first, const As& second, const v1::Identifier& identifier);
  Answer Get(const As& as, const std::string& person);
  Answer Lookup(const As& as, const v1::Identifier& identifier);
  Answer Add(const As& as, const std::string& person, const v1::Identifier& identifier);
  Answer Remove(const As& as, const std::string& person, const v1::Identifier& identifier);
  Answer Merge(const As& as, const std::string& person, const std::string& survivor);
  Answer Undo(const As& as, const std::string& person, const std::string& merged);
  Answer Separate(const As& as, const std::string& person, const std::vector<v1::Identifier>& identifiers,
                  const std::string& birth_date = "1960-05-01");
  Answer Transfer(const As& as, const std::string& person, const std::string& organisation,
                  const std::string& date);
  Answer ClaimUrgently(const As& as, const v1::Identifier& identifier);
  Answer Correct(const As& as, const std::string& person, const std::string& birth_date);
  Answer End(const As& as, const std::string& person, const std::string& date);

 private:
  std::unique_ptr<RunningSuite> suite_;
  std::unique_ptr<Stub> stub_;
};

}  // namespace ipb::people
