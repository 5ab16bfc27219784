#include "services/eligibility/rules/regime.h"

namespace ipb::eligibility {

bool IsOfCouncil(v1::EligibilityRegime regime) {
  return regime == v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT || regime == v1::ELIGIBILITY_REGIME_CARE_ACT_CARER;
}

bool IsForAdults(v1::EligibilityRegime regime) {
  return IsOfCouncil(regime) || regime == v1::ELIGIBILITY_REGIME_CHC ||
         regime == v1::ELIGIBILITY_REGIME_NURSING_CARE;
}

bool IsForChildren(v1::EligibilityRegime regime) {
  return regime == v1::ELIGIBILITY_REGIME_CHILDRENS_CONTINUING_CARE;
}

bool HasPartFor(v1::EligibilityRegime regime, const v1::AssessmentEvidence& evidence) {
  switch (regime) {
    case v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT:
      return evidence.has_care_act();
    case v1::ELIGIBILITY_REGIME_CARE_ACT_CARER:
      return evidence.has_carer();
    case v1::ELIGIBILITY_REGIME_CHC:
      return evidence.has_decision_support_tool() || evidence.has_checklist();
    case v1::ELIGIBILITY_REGIME_CHILDRENS_CONTINUING_CARE:
      return evidence.has_childrens_continuing_care();
    case v1::ELIGIBILITY_REGIME_NURSING_CARE:
      return evidence.has_nursing_care();
    case v1::ELIGIBILITY_REGIME_SECTION_117:
      return evidence.has_after_care();
    case v1::ELIGIBILITY_REGIME_WHEELCHAIR:
      return evidence.has_wheelchair();
    default:
      return true;
  }
}

}  // namespace ipb::eligibility
