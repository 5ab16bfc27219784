#include "common/work/people.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/errors/status_macros.h"

namespace ipb::work {

async::Task<absl::StatusOr<People>> NextPeople(call::Call& call, std::string index, std::string after, size_t page) {
  // '0' follows '/', so this key follows all entries of that person.
  std::string from = after.empty() ? after : absl::StrCat(after, "0");
  auto scanning = call.environment().store->Scan(std::move(index), std::move(from), "", std::nullopt, page);
  IPB_CO_ASSIGN_OR_RETURN(const std::vector<store::IndexEntry> entries, co_await scanning);
  People people;
  for (const store::IndexEntry& entry : entries) {
    if (people.names.empty() || people.names.back() != entry.subject) people.names.push_back(entry.subject);
  }
  people.last = entries.size() < page;
  co_return people;
}

}  // namespace ipb::work
