#include "services/eligibility/rules/decider.h"

#include <algorithm>

#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "services/eligibility/rules/after_care_law.h"
#include "services/eligibility/rules/regime.h"
#include "services/eligibility/rules/words.h"

namespace ipb::eligibility {
namespace {

constexpr explain::Rule kHuman{"DETERMINATION-HUMAN", "No named human is given who decides",
                               "Care Act 2014 s13; SI 2012/2996 reg 21",
                               "send the decider's staff id and role with the call; tools only recommend."};
constexpr explain::Rule kFuture{"DETERMINATION-DATE-FUTURE",
                                "The decision is dated in the future: {decision_date}",
                                "Care Act 2014 s13; SI 2012/2996 reg 21", "record it when it has been made."};
constexpr explain::Rule kRecommender{"RECOMMENDATION-RECOMMENDER",
                                     "A body of this kind does not recommend under {regime}",
                                     "Care Act 2014 s9; SI 2012/2996 regs 21, 32B",
                                     "let a body that assesses under the regime record the recommendation."};
constexpr explain::Rule kDecider{
    "DETERMINATION-DECIDER", "A body of this kind does not decide under {regime}",
    "Care Act 2014 s13; SI 2012/2996 regs 21, 32B; Mental Health Act 1983 s117(2)",
    "the council decides under the Care Act, the integrated care board on NHS care, either "
    "on section 117 after-care."};
constexpr explain::Rule kCarerAuthority{"CARER-AUTHORITY",
                                        "The adult cared for is ordinarily resident in the area of "
                                        "{adult_council}, and the duty to the carer is that "
                                        "council's",
                                        "Care Act 2014 s20", "refer the carer to that council."};
constexpr explain::Rule kAfterCareAuthority{
    "S117-AUTHORITY",
    "The person was ordinarily resident in the area of {residence_council} immediately before the detention, "
    "and of the "
    "councils the duty is that one's",
    "Mental Health Act 1983 s117(3); R (Worcestershire) v SSHSC [2023] UKSC 31",
    "refer the person to that council."};
constexpr explain::Rule kDeemedAuthority{
    "S117-AUTHORITY-DEEMED",
    "{deemed_council} had placed the person before the detention and is deemed to be the council of "
    "residence: of the councils the duty is that one's",
    "Mental Health Act 1983 s117(3), as the Mental Health Act 2025 amends it",
    "refer the person to that council."};

bool MayDecide(v1::EligibilityRegime regime, v1::CallerKind kind) {
  if (IsOfCouncil(regime)) return kind == v1::CALLER_KIND_COUNCIL;
  if (regime == v1::ELIGIBILITY_REGIME_SECTION_117 && kind == v1::CALLER_KIND_COUNCIL) return true;
  return kind == v1::CALLER_KIND_NHS;
}

}  // namespace

const v1::Assessment* FindAssessment(const DeterminationFacts& facts, absl::string_view name) {
  for (const v1::Assessment& assessment : facts.assessments) {
    if (!name.empty() && assessment.name() == name) return &assessment;
  }
  return nullptr;
}

v1::HumanDecision Decided(const DeterminationFacts& facts, absl::CivilDay today, explain::Refusal& refusal) {
  v1::HumanDecision decision = facts.by;
  if (decision.decider().empty() || decision.organisation().empty() || decision.role().empty()) {
    refusal.Add(kHuman, "decision");
  }
  if (decision.decision_date().empty()) decision.set_decision_date(dates::Format(today));
  const absl::CivilDay day = dates::Checked(decision.decision_date());
  if (day > today) refusal.Add(kFuture, "decision.decision_date", {{"decision_date", day}});
  return decision;
}

void CheckMayRecommend(v1::EligibilityRegime regime, v1::CallerKind kind, explain::Refusal& refusal) {
  const bool team = regime == v1::ELIGIBILITY_REGIME_CHC &&
                    (kind == v1::CALLER_KIND_COUNCIL || kind == v1::CALLER_KIND_NHS);
  if (team || MayDecide(regime, kind)) return;
  refusal.Add(kRecommender, "regime", {{"regime", std::string(Words(regime))}});
}

void CheckMayDecide(v1::EligibilityRegime regime, v1::CallerKind kind, explain::Refusal& refusal) {
  if (MayDecide(regime, kind)) return;
  refusal.Add(kDecider, "regime", {{"regime", std::string(Words(regime))}});
}

absl::Status CheckResponsible(v1::EligibilityRegime regime, const v1::AssessmentEvidence& evidence,
                              const v1::EligibilityPolicy& policy, const DeterminationFacts& facts,
                              explain::Refusal& refusal) {
  const std::string& adult_council = evidence.carer().adult_council();
  if (regime == v1::ELIGIBILITY_REGIME_CARE_ACT_CARER &&
      !ActsFor(facts, facts.by.organisation(), adult_council)) {
    refusal.Add(kCarerAuthority, "regime", {{"adult_council", adult_council}});
  }
  if (regime != v1::ELIGIBILITY_REGIME_SECTION_117 || facts.caller_kind != v1::CALLER_KIND_COUNCIL) {
    return absl::OkStatus();
  }
  IPB_ASSIGN_OR_RETURN(const AfterCareCouncil found, FindAfterCareCouncil(evidence.after_care(), policy));
  if (ActsFor(facts, facts.by.organisation(), found.council)) return absl::OkStatus();
  if (found.deemed) {
    refusal.Add(kDeemedAuthority, "regime", {{"deemed_council", found.council}});
  } else {
    refusal.Add(kAfterCareAuthority, "regime", {{"residence_council", found.council}});
  }
  return absl::OkStatus();
}

bool ActsFor(const DeterminationFacts& facts, absl::string_view organisation, absl::string_view other) {
  return organisation == other ||
         std::any_of(facts.successions.begin(), facts.successions.end(), [&](const Succession& succession) {
           return succession.successor == organisation && succession.predecessor == other;
         });
}

bool IsSameBody(const DeterminationFacts& facts, absl::string_view left, absl::string_view right) {
  return ActsFor(facts, left, right) || ActsFor(facts, right, left);
}

bool IsSamePerson(const DeterminationFacts& facts, const v1::HumanDecision& then) {
  return facts.by.decider() == then.decider() &&
         IsSameBody(facts, facts.by.organisation(), then.organisation());
}

bool IsLive(const v1::Determination& determination) {
  switch (determination.state()) {
    case v1::Determination::STATE_DETERMINED:
    case v1::Determination::STATE_NOTIFIED:
    case v1::Determination::STATE_DISPUTED:
    case v1::Determination::STATE_UPHELD:
      return true;
    default:
      return false;
  }
}

void MoveTo(v1::Determination::State state, v1::Determination& determination) {
  determination.set_state(state);
  determination.add_state_changes()->set_state(state);
}

}  // namespace ipb::eligibility
