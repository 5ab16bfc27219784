// Doing the same for many things, a bounded number of them at a time.
#pragma once

#include <cstddef>
#include <functional>

#include "absl/status/status.h"
#include "common/async/executor.h"
#include "common/async/task.h"

namespace ipb::async {

// Runs each(0) to each(count - 1), at most `at_once` of them at a time, and resumes on the executor when all
// that began have ended. They begin in order, the first on the calling thread; what they share they have to
// guard. After one that failed no other begins; gives the failure of the lowest number, else OK. `at_once` is
// at least 1.
Task<absl::Status> ForEach(Executor* executor, size_t count, size_t at_once,
                           std::function<Task<absl::Status>(size_t)> each);

}  // namespace ipb::async
