#include "services/payments/handlers/exclusions.h"

#include <algorithm>

#include "common/dates/civil.h"
#include "common/dates/effective.h"

namespace ipb::payments::handlers {

std::vector<ExclusionFacts> ExclusionsOf(const policy::Policy& policy, const v1::Agreement& agreement,
                                         absl::string_view line_id, v1::SpendingCategory category,
                                         absl::CivilDay day) {
  std::vector<ExclusionFacts> exclusions;
  for (const v1::AgreementLine& line : agreement.lines()) {
    if (line.line_id() != line_id) continue;
    for (const v1::FundingShare& share : line.shares()) {
      const v1::SpendingExclusion* row =
          policy.FindExclusion(share, category, agreement.management_option(), day);
      if (row == nullptr) continue;
      exclusions.push_back({category, {share.basis()}, row->provenance().source(), share.organisation()});
    }
  }
  return exclusions;
}

std::vector<FamilyRuleFacts> FamilyRulesOf(const policy::Policy& policy, const v1::Agreement& agreement,
                                           const v1::RecordSpendingRequest& request) {
  std::vector<FamilyRuleFacts> rules;
  if (agreement.management_option() != v1::MANAGEMENT_OPTION_DIRECT_PAYMENT) return rules;
  const absl::CivilDay day = dates::Checked(request.spent_date());
  for (const v1::AgreementLine& line : agreement.lines()) {
    if (line.line_id() != request.line_id()) continue;
    for (const v1::FundingShare& share : line.shares()) {
      const v1::CallerKind kind = policy.KindOf(share.organisation(), day);
      const v1::FamilyPaymentRule* row = dates::InEffect(
          policy.national().care_planning().family_payment_rules(), day,
          [&](const v1::FamilyPaymentRule& rule) {
            return rule.funder_kind() == kind && rule.relationship() == request.relationship() &&
                   (request.same_household() || !rule.same_household_only());
          });
      if (row != nullptr) rules.push_back({share.organisation(), row->provenance().source()});
    }
  }
  return rules;
}

bool IsGroundOf(const policy::Policy& policy, absl::string_view organisation,
                v1::NecessityFinding::Ground ground, absl::CivilDay day) {
  const v1::CallerKind kind = policy.KindOf(organisation, day);
  return dates::InEffect(policy.national().care_planning().family_payment_rules(), day,
                         [&](const v1::FamilyPaymentRule& rule) {
                           return rule.funder_kind() == kind &&
                                  std::count(rule.grounds().begin(), rule.grounds().end(), ground) > 0;
                         }) != nullptr;
}

}  // namespace ipb::payments::handlers
