#include "services/eligibility/rules/verification.h"

#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "services/eligibility/rules/working_days.h"

namespace ipb::eligibility {
namespace {

constexpr explain::Rule kLate{"DETERMINATION-VERIFIED-LATE",
                              "It was decided {days_late} days after {due_date}, by when what the team "
                              "recommended on {recommended_date} is verified.",
                              "National Framework, July 2022: verification of the recommendation"};

}  // namespace

std::optional<VerificationClock> VerificationOf(const v1::Determination& recommended,
                                                const v1::Assessment& assessment,
                                                const v1::EligibilityPolicy& policy) {
  if (recommended.regime() != v1::ELIGIBILITY_REGIME_CHC ||
      recommended.indication() == v1::ELIGIBILITY_INDICATION_BINDING ||
      !assessment.evidence().has_decision_support_tool()) {
    return std::nullopt;
  }
  const absl::CivilDay day = dates::Checked(recommended.recommendation().decision_date());
  const v1::VerificationClockRule* rule = dates::InEffect(policy.verification_clocks(), day);
  if (rule == nullptr) return std::nullopt;
  return VerificationClock{rule, AddWorkingDays(day, rule->working_days())};
}

void ExplainVerification(const v1::Determination& recommended, const v1::Assessment& assessment,
                         const v1::EligibilityPolicy& policy, absl::CivilDay decided, explain::Trace& trace) {
  const std::optional<VerificationClock> clock = VerificationOf(recommended, assessment, policy);
  if (!clock || decided <= clock->due) return;
  trace.Add(kLate, {{"days_late", int64_t{decided - clock->due}},
                    {"due_date", clock->due},
                    {"recommended_date", dates::Checked(recommended.recommendation().decision_date())}});
}

}  // namespace ipb::eligibility
