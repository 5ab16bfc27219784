#include "ipb/v1/eligibility_service.pb.h"
#include "tests/handlers/eligibility/requests.h"
#include "tests/handlers/preview/steps.h"

namespace ipb::preview {
namespace {

using testing::kCouncil;
using testing::kIcb;
using testing::kSecondCouncilOfficer;
using testing::kSecondIcbOfficer;

bool IsCouncils(v1::EligibilityRegime regime) { return regime == v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT; }

// The whole evidence, as of today.
v1::AssessmentEvidence Evidence(Known& known) {
  v1::AssessmentEvidence evidence = eligibility::WholeEvidence();
  evidence.set_assessment_date(known.Date());
  evidence.mutable_checklist()->set_completed_date(known.Date());
  evidence.mutable_decision_support_tool()->set_completed_date(known.Date());
  return evidence;
}

Asking ReceiveRequest(Known& known) {
  const auto kind = static_cast<v1::SupportRequest::Kind>(1 + known.Pick(v1::SupportRequest::Kind_MAX));
  v1::ReceiveRequestRequest request = eligibility::Asking(known.person(), kind);
  if (known.Chance(50)) request.set_received_date(known.Date(-known.Pick(5)));
  return By(known.Chance(50) ? kCouncil : kIcb, std::move(request));
}

Asking CloseRequest(Known& known) {
  const auto* open = known.In<v1::SupportRequest>(v1::SupportRequest::STATE_OPEN);
  if (open == nullptr) return std::nullopt;
  v1::CloseRequestRequest request;
  request.set_name(open->name());
  request.set_outcome(
      static_cast<v1::SupportRequest::Outcome>(1 + known.Pick(v1::SupportRequest::Outcome_MAX)));
  request.set_reasons("As was agreed with the person.");
  request.set_etag(known.EtagOf(*open));
  return By(known.Chance(50) ? kCouncil : kIcb, std::move(request));
}

Asking RecordAssessment(Known& known) {
  v1::RecordAssessmentRequest request = eligibility::Assessing(known.person(), Evidence(known));
  request.set_complete(known.Chance(60));
  const auto* answered = known.In<v1::SupportRequest>(v1::SupportRequest::STATE_OPEN);
  if (answered != nullptr && known.Chance(30)) request.add_requests(answered->name());
  return By(Mostly(known, kCouncil, kIcb), std::move(request));
}

Asking UpdateAssessment(Known& known) {
  const auto* draft = known.In<v1::Assessment>(v1::Assessment::STATE_DRAFT);
  if (draft == nullptr) return std::nullopt;
  v1::UpdateAssessmentRequest request;
  request.set_name(draft->name());
  *request.mutable_evidence() = Evidence(known);
  request.mutable_update_mask()->add_paths("care_act");
  request.set_complete(known.Chance(50));
  request.set_etag(known.EtagOf(*draft));
  return By(kCouncil, std::move(request));
}

Asking RecordRecommendation(Known& known) {
  const auto* complete = known.In<v1::Assessment>(v1::Assessment::STATE_COMPLETE);
  if (complete == nullptr) return std::nullopt;
  constexpr v1::EligibilityRegime kRegimes[] = {v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT,
                                                v1::ELIGIBILITY_REGIME_CHC,
                                                v1::ELIGIBILITY_REGIME_DISCRETIONARY_PHB};
  const v1::EligibilityRegime regime = kRegimes[known.Pick(3)];
  v1::RecordRecommendationRequest request = eligibility::Recommending(
      known.person(), regime, complete->name(),
      known.Chance(75) ? v1::ELIGIBILITY_OUTCOME_ELIGIBLE : v1::ELIGIBILITY_OUTCOME_NOT_ELIGIBLE);
  return By(IsCouncils(regime) ? kCouncil : kIcb, std::move(request));
}

Asking RecordDetermination(Known& known) {
  const auto* recommended = known.In<v1::Determination>(v1::Determination::STATE_RECOMMENDED);
  if (recommended == nullptr) return std::nullopt;
  v1::RecordDeterminationRequest request;
  request.set_name(recommended->name());
  request.set_outcome(recommended->recommended_outcome());
  request.mutable_decision()->set_reasons("As recommended.");
  request.set_etag(known.EtagOf(*recommended));
  const bool council = IsCouncils(recommended->regime());
  return By(Mostly(known, council ? kSecondCouncilOfficer : kSecondIcbOfficer, council ? kCouncil : kIcb),
            std::move(request));
}

Asking NotifyDetermination(Known& known) {
  const auto* decided = known.In<v1::Determination>(v1::Determination::STATE_DETERMINED);
  if (decided == nullptr) return std::nullopt;
  v1::NotifyDeterminationRequest request;
  request.set_name(decided->name());
  request.set_letter_date(known.Date());
  request.set_information_and_advice("A perching stool; a fall prevention class.");
  request.set_etag(known.EtagOf(*decided));
  return By(IsCouncils(decided->regime()) ? kCouncil : kIcb, std::move(request));
}

Asking EndDetermination(Known& known) {
  const auto* told = known.In<v1::Determination>(v1::Determination::STATE_NOTIFIED);
  if (told == nullptr || known.Chance(60)) return std::nullopt;
  v1::EndDeterminationRequest request;
  request.set_name(told->name());
  request.set_effective_to_date(known.Date(known.Pick(30)));
  request.set_reason(
      static_cast<v1::Determination::EndReason>(1 + known.Pick(v1::Determination::EndReason_MAX)));
  request.mutable_decision()->set_reasons("The person moved away.");
  request.set_etag(known.EtagOf(*told));
  return By(IsCouncils(told->regime()) ? kSecondCouncilOfficer : kSecondIcbOfficer, std::move(request));
}

Asking RecordBudgetGrant(Known& known) {
  const auto* told = known.In<v1::Determination>(v1::Determination::STATE_NOTIFIED);
  if (told == nullptr || IsCouncils(told->regime())) return std::nullopt;
  v1::RecordBudgetGrantRequest request;
  request.set_name(told->name());
  request.set_on_review(!told->budget_grants().empty());
  v1::BudgetGrant& grant = *request.mutable_grant();
  grant.set_extent(v1::BudgetGrant::EXTENT_WHOLE);
  if (known.Chance(40)) {
    grant.set_extent(v1::BudgetGrant::EXTENT_NONE);
    grant.add_grounds(v1::BUDGET_REFUSAL_GROUND_IMPRACTICABLE);
    grant.set_other_personalisation("A choice between two care agencies.");
    grant.set_review_offered_date(known.Date());
    grant.mutable_decision()->set_reasons("Needs that only the ward's team can meet for now.");
  }
  request.set_etag(known.EtagOf(*told));
  return By(Mostly(known, kIcb, kSecondIcbOfficer), std::move(request));
}

Asking DisputeDetermination(Known& known) {
  // Most who dispute were refused.
  const bool refused = known.Chance(70);
  const auto* told = known.One<v1::Determination>([refused](const v1::Determination& one) {
    return (one.state() == v1::Determination::STATE_NOTIFIED ||
            one.state() == v1::Determination::STATE_UPHELD) &&
           (!refused || one.outcome() == v1::ELIGIBILITY_OUTCOME_NOT_ELIGIBLE);
  });
  if (told == nullptr) return std::nullopt;
  v1::DisputeDeterminationRequest request;
  request.set_name(told->name());
  request.set_by(v1::Dispute::BY_PERSON);
  request.set_grounds("The nights were not looked at.");
  request.set_etag(known.EtagOf(*told));
  return By(IsCouncils(told->regime()) ? kCouncil : kIcb, std::move(request));
}

Asking UpholdDetermination(Known& known) {
  const auto* disputed = known.In<v1::Determination>(v1::Determination::STATE_DISPUTED);
  if (disputed == nullptr || known.Chance(50)) return std::nullopt;
  v1::UpholdDeterminationRequest request;
  request.set_name(disputed->name());
  request.mutable_decision()->set_reasons("Nothing new was found.");
  request.set_letter_date(known.Date());
  request.set_etag(known.EtagOf(*disputed));
  return By(IsCouncils(disputed->regime()) ? testing::kCouncilReviewer : testing::kIcbReviewer,
            std::move(request));
}

Asking OverturnDetermination(Known& known) {
  const auto* disputed = known.One<v1::Determination>([](const v1::Determination& one) {
    return one.state() == v1::Determination::STATE_DISPUTED &&
           one.outcome() == v1::ELIGIBILITY_OUTCOME_NOT_ELIGIBLE;
  });
  if (disputed == nullptr) return std::nullopt;
  v1::OverturnDeterminationRequest request;
  request.set_name(disputed->name());
  request.mutable_decision()->set_reasons("The night staff were heard.");
  request.set_etag(known.EtagOf(*disputed));
  return By(IsCouncils(disputed->regime()) ? testing::kCouncilReviewer : testing::kIcbReviewer,
            std::move(request));
}

constexpr Step kSteps[] = {
    {"EligibilityService.ReceiveRequest", ReceiveRequest},
    {"EligibilityService.CloseRequest", CloseRequest},
    {"EligibilityService.RecordAssessment", RecordAssessment},
    {"EligibilityService.UpdateAssessment", UpdateAssessment},
    {"EligibilityService.RecordRecommendation", RecordRecommendation},
    {"EligibilityService.RecordDetermination", RecordDetermination},
    {"EligibilityService.NotifyDetermination", NotifyDetermination},
    {"EligibilityService.EndDetermination", EndDetermination},
    {"EligibilityService.RecordBudgetGrant", RecordBudgetGrant},
    {"EligibilityService.DisputeDetermination", DisputeDetermination},
    {"EligibilityService.UpholdDetermination", UpholdDetermination},
    {"EligibilityService.OverturnDetermination", OverturnDetermination},
};

}  // namespace

absl::Span<const Step> EligibilitySteps() { return kSteps; }

}  // namespace ipb::preview
