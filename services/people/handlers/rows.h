// What the handlers of a person's dated rows share: a page of a collection as it stood.
#pragma once

#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "common/async/task.h"
#include "common/call/call.h"
#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "common/explain/trace.h"
#include "common/policy/policy.h"
#include "services/people/rules/knowledge.h"

namespace ipb::people::handlers {

// A page of a collection as the request asks for it: as it was on record at `as_known_at`, and only what
// holds on `as_of_date` by `on(day, rows)`. The request must outlive it.
template <typename Row, typename Request>
async::Task<absl::StatusOr<typename call::Call::ResourcePage<Row>>> ViewOf(
    call::Call& call, const Request& request, std::string collection,
    std::vector<Row> (*on)(absl::CivilDay, std::vector<Row>)) {
  auto listing = call.ListOf<Row>(request.parent(), collection, request.page_size(), request.page_token());
  IPB_CO_ASSIGN_OR_RETURN(auto page, co_await listing);
  if (request.as_of_date().empty() && !request.has_as_known_at()) co_return page;
  auto reading = call.AllOf<Row>(request.parent(), std::move(collection));
  IPB_CO_ASSIGN_OR_RETURN(std::vector<Row> all, co_await reading);
  if (request.has_as_known_at()) all = rules::RewindAll(request.as_known_at(), std::move(all));
  if (!request.as_of_date().empty()) all = on(dates::Checked(request.as_of_date()), std::move(all));
  std::map<std::string, Row> seen;
  for (Row& row : all) {
    std::string name = row.name();
    seen.emplace(std::move(name), std::move(row));
  }
  std::erase_if(page.resources, [&seen](const Row& row) { return seen.count(row.name()) == 0; });
  for (Row& row : page.resources) row = seen.at(row.name());
  co_return page;
}

// The trace as the contract has it, with the versions in force.
inline v1::Explanation Rendered(const call::Call& call, const explain::Trace& trace) {
  return trace.Render(call.environment().rule_set_version, call.environment().policy->version());
}

}  // namespace ipb::people::handlers
