#include "services/payments/work/bank_rows.h"

#include <algorithm>

#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "services/payments/handlers/money.h"

namespace ipb::payments {
namespace {

bool IsTransfer(const v1::RunPayment& row) {
  const bool sent = row.state() == v1::Payment::STATE_RELEASED ||
                    row.state() == v1::Payment::STATE_EXPORTED || row.state() == v1::Payment::STATE_SETTLED ||
                    row.state() == v1::Payment::STATE_RETURNED;
  return sent && row.net_pence() > 0;
}

}  // namespace

bool HasTransfer(absl::Span<const v1::RunPayment> rows) {
  return std::any_of(rows.begin(), rows.end(), IsTransfer);
}

std::vector<v1::RunPayment> AsExported(std::vector<v1::RunPayment> rows) {
  for (v1::RunPayment& row : rows) {
    if (row.state() == v1::Payment::STATE_RELEASED) row.set_state(v1::Payment::STATE_EXPORTED);
  }
  return rows;
}

int32_t FileCount(absl::Span<const v1::RunPayment> rows, int32_t maximum_transfers) {
  const int64_t transfers = std::count_if(rows.begin(), rows.end(), IsTransfer);
  return static_cast<int32_t>((transfers + maximum_transfers - 1) / maximum_transfers);
}

absl::StatusOr<int32_t> MaximumTransfers(const call::Call& call, const v1::PaymentRun& run) {
  const v1::PaymentsPolicy policy = handlers::PolicyOf(call, run.organisation());
  const auto* limit = dates::InEffect(policy.transfer_limits(), dates::Checked(run.pay_date()));
  if (limit == nullptr) return errors::NoRate("transfers in one file", run.pay_date());
  return limit->maximum_file_transfers();
}

absl::StatusOr<v1::Originator> OriginatorOf(const call::Call& call, const v1::PaymentRun& run) {
  const v1::PaymentsPolicy policy = handlers::PolicyOf(call, run.organisation());
  const auto* originator = dates::InEffect(policy.originators(), dates::Checked(run.pay_date()));
  if (originator == nullptr) return errors::NoRate("the organisation's own account", run.pay_date());
  return *originator;
}

}  // namespace ipb::payments
