// A run's own subject: the run, its work, and small rows of what it pays, a record for each slice of people.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/async/task.h"
#include "common/call/call.h"
#include "common/work/owned.h"
#include "ipb/v1/payment.pb.h"
#include "ipb/v1/payment_run.pb.h"
#include "services/payments/rules/payment.h"

namespace ipb::payments {

// Rows of one record; the rows of a person are in one of them.
struct RowChunk {
  std::string record;  // "rows/..."
  v1::ListRunPaymentsResponse rows;
};

// The record for the rows of a slice that begins with this person.
std::string RowRecordOf(absl::string_view first_person);

// A payment as a run sees it: one that is in the run no more dropped out, whatever became of it since.
v1::RunPayment RowOf(const v1::Payment& payment, absl::string_view run);

// The rows of the record after `after`, or of all records.
async::Task<absl::StatusOr<std::vector<RowChunk>>> ReadRows(call::Call& call, std::string run);
async::Task<absl::StatusOr<std::vector<RowChunk>>> NextRows(call::Call& call, std::string run,
                                                            std::string after);
std::vector<v1::RunPayment> Flat(absl::Span<const RowChunk> chunks);

// Brings rows up to the payments, matched by name. Gives whether any changed.
bool UpdateRows(absl::Span<const v1::Payment> payments, absl::string_view run, RowChunk& chunk);

// The names of the rows' payments, gathered by person.
std::vector<std::vector<std::string>> ByPerson(absl::Span<const v1::RunPayment> rows);

// A run with its subject.
using LoadedRun = work::Owned<v1::PaymentRun>;

// A run none of whose payments is on its way by the item `id` of its work; tries that item first, except in a
// preview. FAILED_PRECONDITION while they still move; NOT_FOUND for everybody outside its
// organisation.
async::Task<absl::StatusOr<LoadedRun>> LoadMoved(call::Call& call, std::string name, std::string id);

// FAILED_PRECONDITION unless the run is released or further on.
absl::Status CheckReleased(const v1::PaymentRun& run);

}  // namespace ipb::payments
