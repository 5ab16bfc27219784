#include "services/eligibility/rules/indication.h"

#include <string>

#include "common/explain/trace.h"
#include "services/eligibility/rules/words.h"

namespace ipb::eligibility {
namespace {

constexpr explain::Rule kNoPart{
    "RECOMMENDATION-NO-PART", "The assessment has nothing that bears on {regime}",
    "Care Act 2014 ss9, 13; SI 2012/2996 reg 21",
    "assess under the regime; after a positive checklist, with the decision support tool."};

v1::EligibilityIndication Plainly(bool eligible) {
  return eligible ? v1::ELIGIBILITY_INDICATION_ELIGIBLE : v1::ELIGIBILITY_INDICATION_NOT_ELIGIBLE;
}

absl::Status NoPart(v1::EligibilityRegime regime, const v1::Assessment& assessment) {
  explain::Refusal refusal;
  refusal.Add(kNoPart, assessment.name(), {{"regime", std::string(Words(regime))}});
  return refusal.ToStatus();
}

absl::StatusOr<v1::EligibilityIndication> ContinuingHealthcare(const v1::Assessment& assessment) {
  const v1::EligibilityFindings& findings = assessment.findings();
  if (findings.fast_track_binding()) return v1::ELIGIBILITY_INDICATION_BINDING;
  if (findings.has_decision_support_tool()) {
    const v1::PrimaryHealthNeedIndication says = findings.decision_support_tool().indication();
    if (says == v1::PRIMARY_HEALTH_NEED_INDICATION_MAY_INDICATE ||
        findings.decision_support_tool().no_agreement()) {
      return v1::ELIGIBILITY_INDICATION_JUDGEMENT;
    }
    return Plainly(says == v1::PRIMARY_HEALTH_NEED_INDICATION_CLEAR);
  }
  if (findings.checklist().result() == v1::ChecklistFinding::RESULT_NEGATIVE) {
    return v1::ELIGIBILITY_INDICATION_NOT_ELIGIBLE;
  }
  return NoPart(v1::ELIGIBILITY_REGIME_CHC, assessment);
}

// The right follows from the route; where the needs are listed and none is for after-care, whether it is
// needed any longer is for judgement.
v1::EligibilityIndication AfterCare(const v1::AfterCareEvidence& evidence,
                                    const v1::EligibilityFindings& findings) {
  const bool needless = !evidence.needs().empty() && findings.after_care_needs() == 0;
  if (findings.after_care_qualifies() && needless) return v1::ELIGIBILITY_INDICATION_JUDGEMENT;
  return Plainly(findings.after_care_qualifies());
}

}  // namespace

absl::StatusOr<v1::EligibilityIndication> Indication(v1::EligibilityRegime regime,
                                                     const v1::Assessment& assessment) {
  const v1::AssessmentEvidence& evidence = assessment.evidence();
  const v1::EligibilityFindings& findings = assessment.findings();
  switch (regime) {
    case v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT:
      if (!findings.has_care_act()) return NoPart(regime, assessment);
      return Plainly(findings.care_act().conditions_met());
    case v1::ELIGIBILITY_REGIME_CARE_ACT_CARER:
      if (!findings.has_carer()) return NoPart(regime, assessment);
      return Plainly(findings.carer().conditions_met());
    case v1::ELIGIBILITY_REGIME_CHC:
      return ContinuingHealthcare(assessment);
    case v1::ELIGIBILITY_REGIME_CHILDRENS_CONTINUING_CARE:
      if (findings.childrens_fast_track_met()) return v1::ELIGIBILITY_INDICATION_ELIGIBLE;
      if (!findings.has_childrens_continuing_care()) return NoPart(regime, assessment);
      return Plainly(findings.childrens_continuing_care().need_likely());
    case v1::ELIGIBILITY_REGIME_NURSING_CARE:
      if (!findings.has_nursing_care()) return NoPart(regime, assessment);
      return Plainly(findings.nursing_care().qualifies());
    case v1::ELIGIBILITY_REGIME_SECTION_117:
      if (!evidence.has_after_care()) return NoPart(regime, assessment);
      return AfterCare(evidence.after_care(), findings);
    case v1::ELIGIBILITY_REGIME_WHEELCHAIR:
      if (!evidence.has_wheelchair()) return NoPart(regime, assessment);
      return Plainly(findings.wheelchair_qualifies());
    case v1::ELIGIBILITY_REGIME_DISCRETIONARY_PHB:
      if (!evidence.has_discretionary_budget()) return NoPart(regime, assessment);
      return v1::ELIGIBILITY_INDICATION_JUDGEMENT;
    default:
      return NoPart(regime, assessment);
  }
}

}  // namespace ipb::eligibility
