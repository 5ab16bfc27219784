// Going over everybody in an index whose keys begin with a person's name, a page at a time.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/async/task.h"
#include "common/call/call.h"

namespace ipb::work {

// People of an index, in its order; `last` where no more follow.
struct People {
  std::vector<std::string> names;
  bool last = false;
};

// Those after one of them, or the first ones where `after` is empty, from at most `page` entries of the index. No person
// is left out, and none comes again.
async::Task<absl::StatusOr<People>> NextPeople(call::Call& call, std::string index, std::string after, size_t page);

}  // namespace ipb::work
