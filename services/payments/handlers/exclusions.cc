#include "services/payments/handlers/exclusions.h"

#include <algorithm>

#include "common/dates/effective.h"

namespace ipb::payments::handlers {
namespace {

// Whether a list that limits a row has the value, or limits nothing.
bool Has(const google::protobuf::RepeatedField<int>& values, int value) {
  return values.empty() || std::find(values.begin(), values.end(), value) != values.end();
}

const v1::SpendingExclusion* RowFor(const policy::Policy& policy, const v1::FundingShare& share,
                                    v1::ManagementOption option, v1::SpendingCategory category,
                                    absl::CivilDay day) {
  const v1::CallerKind kind = policy.KindOf(share.organisation(), day);
  const auto matches = [&](const v1::SpendingExclusion& row) {
    return row.category() == category && row.funder_kind() == kind && Has(row.bases(), share.basis()) &&
           Has(row.management_options(), option);
  };
  const v1::SpendingExclusion* row =
      dates::InEffect(policy.national().care_planning().spending_exclusions(), day, matches);
  const v1::PolicyDocument* local = row == nullptr ? policy.local(share.organisation()) : nullptr;
  if (local == nullptr) return row;
  return dates::InEffect(local->care_planning().spending_exclusions(), day, matches);
}

}  // namespace

std::vector<ExclusionFacts> ExclusionsOf(const policy::Policy& policy, const v1::Agreement& agreement,
                                         absl::string_view line_id, v1::SpendingCategory category,
                                         absl::CivilDay day) {
  std::vector<ExclusionFacts> exclusions;
  for (const v1::AgreementLine& line : agreement.lines()) {
    if (line.line_id() != line_id) continue;
    for (const v1::FundingShare& share : line.shares()) {
      const v1::SpendingExclusion* row = RowFor(policy, share, agreement.management_option(), category, day);
      if (row == nullptr) continue;
      exclusions.push_back({category, {share.basis()}, row->provenance().source(), share.organisation()});
    }
  }
  return exclusions;
}

}  // namespace ipb::payments::handlers
