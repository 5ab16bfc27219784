// The people of the benchmark and the requests about them, so that seeding, measuring and checking mean the
// same.
//
// Each has a direct payment of one council with two lines and a contribution, stated to a payments service
// that runs alone: nothing in it depends on the day of the run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "ipb/v1/payments_service.pb.h"
#include "ipb/v1/statements_service.pb.h"

namespace ipb::bench {

// The spaces of the store that are written: by the suite's payments service, and by the floor.
inline constexpr char kPaymentsSpace[] = "payments";
inline constexpr char kFloorSpace[] = "floor";

// The names of as many people as are asked for; the same names in every process. Thread-safe.
class Population {
 public:
  explicit Population(int64_t size);

  int64_t size() const { return static_cast<int64_t>(names_.size()); }
  // "people/7q2m..." of the person `index` modulo the size.
  const std::string& Name(int64_t index) const { return names_[index % names_.size()]; }
  // The index of a person, -1 for somebody else.
  int64_t IndexOf(absl::string_view name) const;

 private:
  std::vector<std::string> names_;
  absl::flat_hash_map<absl::string_view, int64_t> indexes_;
};

// Gives UUIDs that no other call of this run gets, at next to no cost. Thread-safe but for its making.
class RequestIds {
 public:
  RequestIds();
  std::string Next(int64_t count) const;

 private:
  const std::string prefix_;
};

// What makes a person ready for spending, in this order.
v1::RecordStatementRequest StatePerson(const std::string& person);
v1::RecordStatementRequest StateBudget(const std::string& person);
v1::RecordStatementRequest StatePlan(const std::string& person);
v1::ProposePayeeRequest ProposePayee(const std::string& person);
v1::ApprovePayeeRequest ApprovePayee(const std::string& person);
v1::OpenAgreementRequest OpenAgreement(const std::string& person);

// What is measured. The request ids are left to the caller.
v1::RecordSpendingRequest RecordSpending(const std::string& person);
v1::GetBalanceRequest GetBalance(const std::string& person);

// The records of a person's subject that GetBalance reads.
std::vector<std::string> BalanceRecords();

}  // namespace ipb::bench
