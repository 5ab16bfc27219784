#include "services/eligibility/rules/cohort.h"

#include <string>

#include "common/dates/civil.h"

namespace ipb::eligibility {
namespace {

constexpr explain::Rule kOrder{"S117-DATES",
                               "Hospital was left before the detention ended, or after the assessment",
                               "Mental Health Act 1983 s117(1)", "correct the dates."};
constexpr explain::Rule kAfterCare{
    "S117-ROUTE",
    "Whether the person was detained under s3, s37, s45A, s47 or s48, ceased to be "
    "detained and left hospital: {answer}.",
    "Mental Health Act 1983 s117(1)"};
constexpr explain::Rule kWheelchair{"WHEELCHAIR-CRITERIA",
                                    "Whether the criteria of the local wheelchair service are met "
                                    "({criteria}) for a long-term need ({long_term}).",
                                    "SI 2012/2996 reg 32A"};

std::string YesNo(bool value) { return value ? "yes" : "no"; }

}  // namespace

bool EvaluateAfterCare(const v1::AfterCareEvidence& evidence, absl::CivilDay day, explain::Refusal& refusal,
                       explain::Trace& trace) {
  const bool left = !evidence.left_hospital_date().empty();
  if (left) {
    const absl::CivilDay left_day = dates::Checked(evidence.left_hospital_date());
    if (left_day < dates::Checked(evidence.detention_ended_date()) || left_day > day) {
      refusal.Add(kOrder, "after_care");
    }
  }
  const bool route =
      evidence.route() != v1::AFTER_CARE_ROUTE_OTHER && evidence.route() != v1::AFTER_CARE_ROUTE_UNSPECIFIED;
  trace.Add(kAfterCare, {{"answer", YesNo(route && left)}});
  return route && left;
}

bool EvaluateWheelchair(const v1::WheelchairEvidence& evidence, explain::Trace& trace) {
  trace.Add(kWheelchair, {{"criteria", YesNo(evidence.meets_service_criteria())},
                          {"long_term", YesNo(evidence.long_term_need())}});
  return evidence.meets_service_criteria() && evidence.long_term_need();
}

v1::PersonalHealthBudgetCohort CohortOf(v1::EligibilityRegime regime) {
  switch (regime) {
    case v1::ELIGIBILITY_REGIME_CHC:
      return v1::PERSONAL_HEALTH_BUDGET_COHORT_CHC;
    case v1::ELIGIBILITY_REGIME_CHILDRENS_CONTINUING_CARE:
      return v1::PERSONAL_HEALTH_BUDGET_COHORT_CYPCC;
    case v1::ELIGIBILITY_REGIME_SECTION_117:
      return v1::PERSONAL_HEALTH_BUDGET_COHORT_SECTION_117;
    case v1::ELIGIBILITY_REGIME_WHEELCHAIR:
      return v1::PERSONAL_HEALTH_BUDGET_COHORT_WHEELCHAIR;
    case v1::ELIGIBILITY_REGIME_DISCRETIONARY_PHB:
      return v1::PERSONAL_HEALTH_BUDGET_COHORT_DISCRETIONARY;
    default:
      return v1::PERSONAL_HEALTH_BUDGET_COHORT_UNSPECIFIED;
  }
}

}  // namespace ipb::eligibility
