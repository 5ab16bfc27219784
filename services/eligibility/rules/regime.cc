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

v1::EligibilityRegime RegimeOf(v1::SupportRequest::Kind kind) {
  switch (kind) {
    case v1::SupportRequest::KIND_CARE_ACT:
      return v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT;
    case v1::SupportRequest::KIND_CARER:
      return v1::ELIGIBILITY_REGIME_CARE_ACT_CARER;
    case v1::SupportRequest::KIND_CHC_CHECKLIST:
    case v1::SupportRequest::KIND_CHC_FAST_TRACK:
    case v1::SupportRequest::KIND_TRANSITION:
      return v1::ELIGIBILITY_REGIME_CHC;
    case v1::SupportRequest::KIND_CHILDRENS_CONTINUING_CARE:
    case v1::SupportRequest::KIND_CHILDRENS_FAST_TRACK:
      return v1::ELIGIBILITY_REGIME_CHILDRENS_CONTINUING_CARE;
    case v1::SupportRequest::KIND_AFTER_CARE:
      return v1::ELIGIBILITY_REGIME_SECTION_117;
    case v1::SupportRequest::KIND_WHEELCHAIR:
      return v1::ELIGIBILITY_REGIME_WHEELCHAIR;
    case v1::SupportRequest::KIND_NURSING_CARE:
      return v1::ELIGIBILITY_REGIME_NURSING_CARE;
    case v1::SupportRequest::KIND_DISCRETIONARY_BUDGET:
      return v1::ELIGIBILITY_REGIME_DISCRETIONARY_PHB;
    default:
      return v1::ELIGIBILITY_REGIME_UNSPECIFIED;
  }
}

std::vector<v1::EligibilityRegime> RegimesOf(const v1::AssessmentEvidence& evidence) {
  std::vector<v1::EligibilityRegime> regimes;
  const auto add = [&regimes](bool present, v1::EligibilityRegime regime) {
    if (present) regimes.push_back(regime);
  };
  add(evidence.has_care_act(), v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT);
  add(HasPartFor(v1::ELIGIBILITY_REGIME_CHC, evidence) || evidence.has_fast_track(),
      v1::ELIGIBILITY_REGIME_CHC);
  add(evidence.has_after_care(), v1::ELIGIBILITY_REGIME_SECTION_117);
  add(evidence.has_wheelchair(), v1::ELIGIBILITY_REGIME_WHEELCHAIR);
  add(evidence.has_discretionary_budget(), v1::ELIGIBILITY_REGIME_DISCRETIONARY_PHB);
  add(evidence.has_carer(), v1::ELIGIBILITY_REGIME_CARE_ACT_CARER);
  add(evidence.has_childrens_continuing_care() || evidence.has_childrens_fast_track(),
      v1::ELIGIBILITY_REGIME_CHILDRENS_CONTINUING_CARE);
  add(evidence.has_nursing_care(), v1::ELIGIBILITY_REGIME_NURSING_CARE);
  return regimes;
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
