// What determinations entitle a person to on a day.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "ipb/v1/determination.pb.h"
#include "ipb/v1/eligibility_policy.pb.h"
#include "ipb/v1/entitlement.pb.h"

namespace ipb::eligibility {

// The entitlements that hold on `day`, by what had been recorded by `known_at` (everything where empty), in
// order of regime, then of first day. A recommendation gives none; a determination recorded in error gives
// none. What a move ended under the Care Act, for an adult or a carer, goes on until a council has decided
// since (ss37-38). Every entitlement ends with the person's death, whether or not its determination was
// ended since. `policy_version` goes into the explanations. FAILED_PRECONDITION "no rate for" where policy
// has no row for a cohort's right on the day.
absl::StatusOr<std::vector<v1::Entitlement>> EntitlementsOn(
    absl::CivilDay day, std::optional<absl::Time> known_at,
    const std::vector<v1::Determination>& determinations, std::optional<absl::CivilDay> death,
    const v1::EligibilityPolicy& policy, absl::string_view policy_version);

}  // namespace ipb::eligibility
