#include "services/eligibility/rules/recommendation.h"

#include <string>

#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "services/eligibility/rules/age.h"
#include "services/eligibility/rules/childrens_continuing_care.h"
#include "services/eligibility/rules/childrens_fast_track.h"
#include "services/eligibility/rules/indication.h"
#include "services/eligibility/rules/regime.h"
#include "services/eligibility/rules/screening.h"
#include "services/eligibility/rules/transition.h"
#include "services/eligibility/rules/words.h"

namespace ipb::eligibility {
namespace {

constexpr absl::string_view kDuty = "Care Act 2014 ss9, 13; SI 2012/2996 reg 21";

constexpr explain::Rule kIncomplete{"RECOMMENDATION-ASSESSMENT", "The assessment is not complete", kDuty,
                                    "complete it first."};
constexpr explain::Rule kChild{
    "RECOMMENDATION-AGE", "The person was {age} years old and the regime is for adults",
    "Care Act 2014 s2(8); SI 2012/2996 reg 20",
    "use the regime for children; NHS continuing healthcare is decided in principle "
    "from the age that policy gives."};
constexpr explain::Rule kAdult{
    "RECOMMENDATION-CHILD-AGE", "The person was {age} years old and the regime is for children",
    "National Framework for Children and Young People's Continuing Care, January 2016",
    "use the regime for adults."};
constexpr explain::Rule kBeforeAssessment{
    "RECOMMENDATION-BEFORE-ASSESSMENT",
    "The recommendation is dated before the assessment on {assessment_date}", kDuty,
    "recommend on what was found."};
constexpr explain::Rule kReasons{
    "RECOMMENDATION-REASONS", "The findings leave it to judgement or say otherwise, and no reasons are given",
    "National Framework, July 2022; Care Act 2014 s13(1)(b)", "give the reasons."};
constexpr explain::Rule kBound{
    "FAST-TRACK-BOUND",
    "A completed fast track tool was received: not eligible cannot be recommended or decided",
    "SI 2012/2996 reg 21(8)-(9)", "decide that the person is eligible."};

constexpr explain::Rule kFindings{"RECOMMENDATION-FINDINGS",
                                  "The findings of the assessment say: {indication}.", kDuty};
constexpr explain::Rule kRecommended{
    "RECOMMENDATION", "Recommended under {regime}: {outcome}. Nobody is eligible by it.", kDuty};

absl::string_view Say(v1::EligibilityIndication indication) {
  switch (indication) {
    case v1::ELIGIBILITY_INDICATION_ELIGIBLE:
      return "eligible";
    case v1::ELIGIBILITY_INDICATION_NOT_ELIGIBLE:
      return "not eligible";
    case v1::ELIGIBILITY_INDICATION_BINDING:
      return "eligible, without a choice";
    default:
      return "a matter of judgement";
  }
}

// Whether an outcome needs reasons: where judged or where it departs, and always from a decision support
// tool.
bool NeedsReasons(const v1::RecordRecommendationRequest& request, v1::EligibilityIndication indication,
                  const v1::Assessment& assessment) {
  const bool eligible = request.outcome() == v1::ELIGIBILITY_OUTCOME_ELIGIBLE;
  if (indication == v1::ELIGIBILITY_INDICATION_BINDING) return false;
  if (indication == v1::ELIGIBILITY_INDICATION_JUDGEMENT) return true;
  const bool from_tool =
      IsForChildren(request.regime()) ||
      (request.regime() == v1::ELIGIBILITY_REGIME_CHC && assessment.findings().has_decision_support_tool());
  return from_tool || eligible != (indication == v1::ELIGIBILITY_INDICATION_ELIGIBLE);
}

// Whether the recommendation rests on a decision support tool, which is not used before a checklist.
bool NeedsScreening(v1::EligibilityRegime regime, v1::EligibilityIndication indication,
                    const v1::Assessment& assessment) {
  return regime == v1::ELIGIBILITY_REGIME_CHC && indication != v1::ELIGIBILITY_INDICATION_BINDING &&
         assessment.findings().has_decision_support_tool();
}

absl::Status CheckRecommendation(const DeterminationFacts& facts,
                                 const v1::RecordRecommendationRequest& request,
                                 const v1::Assessment& assessment, const v1::HumanDecision& by,
                                 v1::EligibilityIndication indication, const v1::EligibilityPolicy& policy,
                                 explain::Refusal& refusal) {
  CheckMayRecommend(request.regime(), facts.caller_kind, refusal);
  IPB_RETURN_IF_ERROR(CheckResponsible(request.regime(), assessment.evidence(), policy, facts, refusal));
  const absl::CivilDay day = dates::Checked(by.decision_date());
  const absl::CivilDay assessed = dates::Checked(assessment.evidence().assessment_date());
  if (day < assessed) refusal.Add(kBeforeAssessment, "recommendation", {{"assessment_date", assessed}});
  const int age = dates::AgeOn(dates::Checked(facts.person.birth_date()), day);
  const int from_age =
      request.regime() == v1::ELIGIBILITY_REGIME_CHC ? AgeOfDecisionInPrinciple(policy, day) : kAdultAge;
  if (IsForAdults(request.regime()) && age < from_age) {
    refusal.Add(kChild, facts.person.name(), {{"age", int64_t{age}}});
  }
  if (IsForChildren(request.regime()) && age >= kAdultAge) {
    refusal.Add(kAdult, facts.person.name(), {{"age", int64_t{age}}});
  }
  if (indication == v1::ELIGIBILITY_INDICATION_BINDING &&
      request.outcome() != v1::ELIGIBILITY_OUTCOME_ELIGIBLE) {
    refusal.Add(kBound, "outcome");
  }
  if (NeedsReasons(request, indication, assessment) && by.reasons().empty()) {
    refusal.Add(kReasons, "recommendation.reasons");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<DeterminationDecision> DecideRecommendation(const DeterminationFacts& facts,
                                                           const v1::RecordRecommendationRequest& request,
                                                           const v1::EligibilityPolicy& policy,
                                                           absl::CivilDay today) {
  const v1::Assessment* assessment = FindAssessment(facts, request.assessment());
  if (assessment == nullptr) return errors::NotFound(request.assessment());
  explain::Refusal refusal;
  if (assessment->state() != v1::Assessment::STATE_COMPLETE) {
    refusal.Add(kIncomplete, assessment->name());
    return refusal.ToStatus();
  }
  IPB_ASSIGN_OR_RETURN(const v1::EligibilityIndication indication, Indication(request.regime(), *assessment));
  const v1::HumanDecision by = Decided(facts, today, refusal);
  IPB_RETURN_IF_ERROR(CheckRecommendation(facts, request, *assessment, by, indication, policy, refusal));
  if (IsForChildren(request.regime())) {
    IPB_RETURN_IF_ERROR(CheckConsent(ConsentOf(assessment->evidence()),
                                     dates::Checked(facts.person.birth_date()), policy, refusal));
  }
  DeterminationDecision decision;
  if (NeedsScreening(request.regime(), indication, *assessment)) {
    CheckScreened(facts, *assessment, refusal, decision.trace);
  }
  IPB_RETURN_IF_ERROR(refusal.ToStatus());

  v1::Determination& made = decision.determination;
  made.set_name(facts.new_name);
  made.set_regime(request.regime());
  made.set_assessment(request.assessment());
  made.set_request(request.request());
  made.set_indication(indication);
  made.set_recommended_outcome(request.outcome());
  if (request.regime() == v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT) {
    *made.mutable_care_act_bars() = assessment->findings().care_act().bars();
  }
  if (request.regime() == v1::ELIGIBILITY_REGIME_NURSING_CARE) {
    made.set_nursing_care_band(assessment->findings().nursing_care().band());
  }
  *made.mutable_recommendation() = by;
  MoveTo(v1::Determination::STATE_RECOMMENDED, made);
  decision.trace.Add(kFindings, {{"indication", std::string(Say(indication))}});
  decision.trace.Add(kRecommended, {{"regime", std::string(Words(request.regime()))},
                                    {"outcome", std::string(Words(request.outcome()))}});
  for (const v1::Determination& other : facts.others) {
    if (other.regime() != request.regime() || other.state() != v1::Determination::STATE_RECOMMENDED) continue;
    Supersede(other, made.name(), decision);
    break;
  }
  return decision;
}

}  // namespace ipb::eligibility
