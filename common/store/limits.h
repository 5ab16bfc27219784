// The limits of the store's contract, checked by every engine before anything else. INVALID_ARGUMENT names
// the argument.
#pragma once

#include "absl/status/status.h"
#include "common/store/store.h"

namespace ipb::store {

absl::Status CheckLoad(const LoadRequest& request);
absl::Status CheckList(absl::string_view subject, absl::string_view prefix, absl::string_view after,
                       size_t limit);
absl::Status CheckHistory(absl::string_view subject, int64_t after, size_t limit);
absl::Status CheckCommit(absl::string_view subject, const Revision& expected, const Writes& writes);
absl::Status CheckScan(absl::string_view index, absl::string_view from, absl::string_view to,
                       const std::optional<IndexEntry>& after, size_t limit);
absl::Status CheckTail(const Cursor& cursor, size_t limit);
absl::Status CheckLimit(size_t limit);

// OUT_OF_RANGE for a cursor that changes cannot be given from.
absl::Status CursorTooOld(absl::string_view why);

}  // namespace ipb::store
