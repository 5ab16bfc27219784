// The field's own words for the codes of the contract, as explanations and refusals say them.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "ipb/v1/care_act.pb.h"
#include "ipb/v1/carer.pb.h"
#include "ipb/v1/childrens_continuing_care.pb.h"
#include "ipb/v1/continuing_healthcare.pb.h"
#include "ipb/v1/determination.pb.h"
#include "ipb/v1/entitlement.pb.h"

namespace ipb::eligibility {

// The version of this set of rules, for explanations. It goes up when a rule comes to find something else.
inline constexpr absl::string_view kRuleSetVersion = "eligibility/5";

// "managing and maintaining nutrition"; empty for a code that is not known. So are all below.
absl::string_view Words(v1::CareActOutcome outcome);
// "arise solely from destitution ...".
absl::string_view Words(v1::CareActBar bar);
// "maintaining a habitable home".
absl::string_view Words(v1::CarerOutcome outcome);
// "breathing".
absl::string_view Words(v1::CareDomain domain);
// "eating and drinking".
absl::string_view Words(v1::ChildCareDomain domain);
// "no needs", "priority".
absl::string_view Words(v1::NeedLevel level);
// "a fast track tool is used".
absl::string_view Words(v1::ChecklistWaiver waiver);
// "nature".
absl::string_view Words(v1::KeyIndicator indicator);
// "the Care Act (adult)".
absl::string_view Words(v1::EligibilityRegime regime);
// "eligible", "not eligible".
absl::string_view Words(v1::EligibilityOutcome outcome);
// "RECOMMENDED".
absl::string_view Words(v1::Determination::State state);

// "yes" or "no".
std::string YesNo(bool value);

}  // namespace ipb::eligibility
