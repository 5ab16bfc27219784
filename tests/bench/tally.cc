#include "tests/bench/tally.h"

#include "absl/strings/str_cat.h"
#include "common/errors/status_macros.h"
#include "tests/async/wait.h"

namespace ipb::bench {

Tally::Tally(store::Engine& engine, const std::string& space, const Population& population)
    : space_(space), population_(population), store_(engine.Open(space)), acknowledged_(population.size()) {}

absl::Status Tally::Begin() {
  IPB_ASSIGN_OR_RETURN(cursor_, async::Wait(store_->Now()));
  return absl::OkStatus();
}

absl::Status Tally::ReadChanges(std::vector<int64_t>& changes) {
  while (true) {
    IPB_ASSIGN_OR_RETURN(store::TailResult tail, async::Wait(store_->Tail(cursor_, store::kMaximumPage)));
    if (tail.changes.empty()) return absl::OkStatus();
    cursor_ = std::move(tail.next);
    for (const store::Change& change : tail.changes) {
      const int64_t index = population_.IndexOf(change.subject);
      if (index < 0) return absl::DataLossError(absl::StrCat("a change of a stranger in ", space_));
      ++changes[index];
    }
  }
}

absl::Status Tally::Check() {
  std::vector<int64_t> changes(population_.size());
  IPB_RETURN_IF_ERROR(ReadChanges(changes));
  int64_t wrong = 0;
  for (int64_t i = 0; i < population_.size(); ++i) {
    const int64_t acknowledged = acknowledged_[i].exchange(0);
    checked_ += acknowledged;
    wrong += acknowledged != changes[i];
  }
  if (wrong == 0) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat(space_, ": for ", wrong, " people the store has other changes than were acknowledged"));
}

}  // namespace ipb::bench
