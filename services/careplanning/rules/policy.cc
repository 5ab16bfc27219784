#include "services/careplanning/rules/policy.h"

#include <algorithm>

#include "common/dates/effective.h"

namespace ipb::careplanning {
namespace {

const v1::Organisation* Find(const v1::PolicyDocument& document, absl::string_view organisation,
                             absl::CivilDay day) {
  return dates::InEffect(document.organisations(), day,
                         [&](const v1::Organisation& row) { return row.code() == organisation; });
}

}  // namespace

v1::CallerKind KindOf(const PlanPolicy& policy, absl::string_view organisation, absl::CivilDay day) {
  if (const v1::Organisation* row = Find(*policy.national, organisation, day)) return row->kind();
  for (const v1::PolicyDocument* document : policy.local) {
    if (const v1::Organisation* row = Find(*document, organisation, day)) return row->kind();
  }
  return v1::CALLER_KIND_UNSPECIFIED;
}

const v1::CarePlanningPolicy& LocalRows(const PlanPolicy& policy, absl::string_view organisation) {
  for (const v1::PolicyDocument* document : policy.local) {
    if (document->organisation() == organisation) return document->care_planning();
  }
  return v1::CarePlanningPolicy::default_instance();
}

std::optional<int> InterimMaximumDays(const PlanPolicy& policy, const std::vector<std::string>& organisations,
                                      absl::CivilDay day) {
  std::optional<int> shortest;
  const auto consider = [&](const v1::CarePlanningPolicy& rows) {
    const v1::InterimLimit* row = dates::InEffect(rows.interim_limits(), day);
    if (row != nullptr) shortest = std::min(shortest.value_or(row->maximum_days()), row->maximum_days());
  };
  consider(policy.national->care_planning());
  for (const std::string& organisation : organisations) consider(LocalRows(policy, organisation));
  return shortest;
}

}  // namespace ipb::careplanning
