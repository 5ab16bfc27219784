#include "services/eligibility/rules/cohort.h"

#include <string>

#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "services/eligibility/rules/after_care_law.h"
#include "services/eligibility/rules/words.h"

namespace ipb::eligibility {
namespace {

constexpr explain::Rule kOrder{
    "S117-DATES",
    "The days of the detention, of its end and of leaving hospital are out of order, or "
    "after the assessment",
    "Mental Health Act 1983 s117(1)", "correct the dates."};
constexpr explain::Rule kResidence{
    "S117-RESIDENCE",
    "It is not recorded when the detention began, or in which council's area the person was ordinarily "
    "resident "
    "immediately before it",
    "Mental Health Act 1983 s117(3); R (Worcestershire) v SSHSC [2023] UKSC 31",
    "record both: they decide which council has the duty."};
constexpr explain::Rule kAfterCare{
    "S117-ROUTE",
    "Whether the person was detained under s3, s37, s45A, s47 or s48, ceased to be "
    "detained and left hospital: {answer}.",
    "Mental Health Act 1983 s117(1)"};
constexpr explain::Rule kNeed{
    "S117-NEED-AFTER-CARE",
    "Need {number}, met by {service}: it comes of the mental disorder, and meeting it reduces the risk of a "
    "deterioration and so of an admission. It is after-care.",
    "Mental Health Act 1983 s117(6)"};
constexpr explain::Rule kOtherLaw{
    "S117-NEED-OTHER-LAW",
    "Need {number}, met by {service}: whether it comes of the mental disorder: {relates}; whether meeting it "
    "reduces the risk of a deterioration and so of an admission: {reduces}. After-care takes both; it is met "
    "under other law.",
    "Mental Health Act 1983 s117(6); Care Act 2014 s18"};
constexpr explain::Rule kNoNeed{
    "S117-NO-NEED",
    "None of the needs listed is for after-care. The right does not depend on it; whether the person is in "
    "need of after-care any longer is for the judgement of both bodies.",
    "Mental Health Act 1983 s117(2), (6)"};
constexpr explain::Rule kWheelchair{"WHEELCHAIR-CRITERIA",
                                    "Whether the criteria of the local wheelchair service are met "
                                    "({criteria}) for a long-term need ({long_term}).",
                                    "SI 2012/2996 reg 32A"};

// The days that are given, in the order of events: none before the one before it, and none after the
// assessment.
bool InOrder(const v1::AfterCareEvidence& evidence, absl::CivilDay day) {
  std::string latest;
  for (const std::string* date :
       {&evidence.detained_date(), &evidence.detention_ended_date(), &evidence.left_hospital_date()}) {
    if (date->empty()) continue;
    if (*date < latest || dates::Checked(*date) > day) return false;
    latest = *date;
  }
  return true;
}

}  // namespace

absl::StatusOr<AfterCareFinding> EvaluateAfterCare(const v1::AfterCareEvidence& evidence,
                                                   const v1::EligibilityPolicy& policy, absl::CivilDay day,
                                                   explain::Refusal& refusal, explain::Trace& trace) {
  const bool left = !evidence.left_hospital_date().empty();
  if (!InOrder(evidence, day)) refusal.Add(kOrder, "after_care");
  const bool route =
      evidence.route() != v1::AFTER_CARE_ROUTE_OTHER && evidence.route() != v1::AFTER_CARE_ROUTE_UNSPECIFIED;
  if (route && (evidence.detained_date().empty() || evidence.residence_council().empty())) {
    refusal.Add(kResidence, "after_care");
  }
  trace.Add(kAfterCare, {{"answer", YesNo(route && left)}});
  if (!route) return AfterCareFinding{};
  IPB_ASSIGN_OR_RETURN(const AfterCareCouncil found, FindAfterCareCouncil(evidence, policy));
  CheckDeemed(evidence, found, refusal);
  if (!left) return AfterCareFinding{};
  ExplainDuty(evidence, found, trace);
  return AfterCareFinding{true, found.council};
}

int CountAfterCareNeeds(const v1::AfterCareEvidence& evidence, explain::Trace& trace) {
  int64_t number = 0;
  int after_care = 0;
  for (const v1::AfterCareNeed& need : evidence.needs()) {
    ++number;
    if (need.relates_to_disorder() && need.reduces_deterioration_risk()) {
      ++after_care;
      trace.Add(kNeed, {{"number", number}, {"service", need.service()}});
    } else {
      trace.Add(kOtherLaw, {{"number", number},
                            {"service", need.service()},
                            {"relates", YesNo(need.relates_to_disorder())},
                            {"reduces", YesNo(need.reduces_deterioration_risk())}});
    }
  }
  if (after_care == 0 && !evidence.needs().empty()) trace.Add(kNoNeed);
  return after_care;
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
