// Errors as absl::Status: the code, one English sentence, and google.rpc details as payloads keyed by type URL.
// Only the server's adapter turns them into grpc::Status.
#pragma once

#include <string>
#include "absl/strings/string_view.h"
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "ipb/v1/error_reason.pb.h"

namespace ipb::errors {

// Names and values for google.rpc.ErrorInfo.metadata.
using Metadata = std::vector<std::pair<std::string, std::string>>;

// One wrong field of a request.
struct FieldViolation {
  std::string field;
  std::string description;
};

// One rule that refused.
struct RuleViolation {
  std::string rule_id;
  std::string subject;
  std::string description;
};

// Any error with a reason; the building block of those below.
absl::Status Make(absl::StatusCode code, v1::ErrorReason reason, absl::string_view message,
                  const Metadata& metadata = {});

// INVALID_ARGUMENT with every violation, or as many as an error can carry: the message says how many more
// there are. There must be at least one.
absl::Status InvalidFields(const std::vector<FieldViolation>& violations);
absl::Status InvalidField(std::string field, std::string description);

// NOT_FOUND for a resource that does not exist or that the caller may not know of.
absl::Status NotFound(absl::string_view name);

// FAILED_PRECONDITION with every rule that refused, bounded in the same way. There must be at least one.
absl::Status Refused(const std::vector<RuleViolation>& violations);

// FAILED_PRECONDITION because the state does not allow the move. States are given as the contract names them
// or without its STATE_; `allowed_states` is what `name` has to be, such as "STATE_OPEN or STATE_CLOSED".
absl::Status WrongState(absl::string_view name, absl::string_view state, absl::string_view allowed_states);

// FAILED_PRECONDITION "no rate for ..." because no policy row covers the date.
absl::Status NoRate(absl::string_view rate, absl::string_view date);

// FAILED_PRECONDITION because the person was merged into another, whom to change instead.
absl::Status PersonMerged(absl::string_view name, absl::string_view survivor);

// ABORTED because the resource changed since the etag was read.
absl::Status EtagMismatch(absl::string_view name);

// UNAVAILABLE with RetryInfo.
absl::Status StoreUnavailable(absl::string_view why);
absl::Status UpstreamUnavailable(absl::string_view service, absl::string_view why);

// RESOURCE_EXHAUSTED with RetryInfo.
absl::Status TooBusy(absl::string_view limit);

// OUT_OF_RANGE because a sum of money does not fit.
absl::Status MoneyOverflow();

// The reason an error carries; ERROR_REASON_UNSPECIFIED if none.
v1::ErrorReason ReasonOf(const absl::Status& status);

}  // namespace ipb::errors
