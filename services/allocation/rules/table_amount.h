// The amount that a table of points or bands makes of answers about needs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "google/protobuf/repeated_field.h"
#include "ipb/v1/allocation_method.pb.h"
#include "ipb/v1/allocation_policy.pb.h"

namespace ipb::allocation {

// What a table is asked about. A view: the message that holds it must outlive it.
struct TableNeeds {
  const google::protobuf::RepeatedPtrField<v1::NeedAnswer>& answers;
  const google::protobuf::RepeatedPtrField<v1::InformalSupport>& informal_support;
  const google::protobuf::RepeatedPtrField<std::string>& additions;
  const google::protobuf::RepeatedPtrField<v1::ItemisedNeed>& itemised_needs;
};

// The needs in any message that has these fields.
template <typename Message>
TableNeeds NeedsIn(const Message& message) {
  return {message.answers(), message.informal_support(), message.additions(), message.itemised_needs()};
}

// A table that can be used, with its questions looked up once for any number of people. The table, the day
// and the policy, whose prices are those of needs one by one, must outlive it. Thread-safe.
class PreparedTable {
 public:
  // NO_RATE where the policy has no table of that code on the day; FAILED_PRECONDITION as CheckTable.
  static absl::StatusOr<PreparedTable> Make(absl::string_view code, absl::CivilDay day,
                                            const v1::AllocationPolicy& local);

  // Scores needs without carers, takes off what carers do who are willing and able to, and adds what
  // complexities and needs above the ceiling come to. The needs are of this table. Errors: as
  // DecideIndicativeAmount of a table.
  absl::StatusOr<v1::IndicativeAmount> Price(const TableNeeds& needs, explain::Trace& trace) const;

 private:
  struct Question {
    absl::string_view code;
    std::vector<const v1::AnswerPoints*> answers;
  };
  // The points of the answer to each question, in their order.
  using Scores = std::vector<int64_t>;

  PreparedTable(const v1::AllocationTable& table, absl::CivilDay day, const v1::AllocationPolicy& local);

  absl::StatusOr<Scores> Score(const TableNeeds& needs, explain::Trace& trace) const;
  absl::StatusOr<money::Fraction> Left(const TableNeeds& needs, const Scores& scores,
                                       explain::Trace& trace) const;
  absl::StatusOr<int64_t> AddComplexities(const TableNeeds& needs, int64_t weekly_pence,
                                          explain::Trace& trace) const;
  absl::StatusOr<int64_t> AddItems(const TableNeeds& needs, explain::Trace& trace) const;

  const v1::AllocationTable* table_;
  absl::CivilDay day_;
  const v1::AllocationPolicy* local_;
  std::vector<Question> questions_;
  absl::flat_hash_map<absl::string_view, size_t> numbers_;
};

}  // namespace ipb::allocation
