#include "ipb/v1/allocation_service.pb.h"
#include "ipb/v1/determination.pb.h"
#include "tests/handlers/allocation/requests.h"
#include "tests/handlers/careplanning/requests.h"
#include "tests/handlers/preview/steps.h"

namespace ipb::preview {
namespace {

using testing::kCouncil;
using testing::kIcb;
using testing::kSecondCouncilOfficer;

// Parts like those of the first budget, with other hours.
v1::CreateBudgetRequest Parts(Known& known) {
  v1::CreateBudgetRequest request = careplanning::Budgeting(known.person(), v1::Budget::MODE_LIVE);
  request.mutable_components(0)->set_minutes_per_week(1200 + 60 * known.Pick(5));
  request.clear_determinations();
  return request;
}

Asking RecordFinancialAssessment(Known& known) {
  v1::RecordFinancialAssessmentRequest request = allocation::MeansRequest(known.person());
  request.mutable_facts()->mutable_income(0)->set_weekly_pence(16000 + 500 * known.Pick(10));
  if (known.Chance(50)) request.set_effective_from_date(known.Date());
  return By(Mostly(known, kCouncil, kIcb), std::move(request));
}

Asking CreateBudget(Known& known) {
  const auto* rests_on = known.One<v1::Determination>([](const v1::Determination& one) {
    const bool holds = one.state() == v1::Determination::STATE_DETERMINED ||
                       one.state() == v1::Determination::STATE_NOTIFIED;
    return holds && one.outcome() == v1::ELIGIBILITY_OUTCOME_ELIGIBLE && one.effective_to_date().empty();
  });
  if (rests_on == nullptr) return std::nullopt;
  v1::CreateBudgetRequest request = Parts(known);
  request.add_determinations(rests_on->name());
  request.set_effective_from_date(known.Date(known.Pick(3)));
  if (known.Chance(25)) request.set_mode(v1::Budget::MODE_SHADOW);
  return By(Mostly(known, kCouncil, kIcb), std::move(request));
}

Asking ReviseBudget(Known& known) {
  const auto* current = known.One<v1::Budget>([](const v1::Budget& one) {
    return one.state() == v1::Budget::STATE_INDICATIVE || one.state() == v1::Budget::STATE_AGREED;
  });
  if (current == nullptr) return std::nullopt;
  v1::ReviseBudgetRequest request;
  request.set_name(current->name());
  request.set_effective_from_date(known.Date(known.Pick(3)));
  *request.mutable_components() = Parts(known).components();
  request.mutable_decision()->set_reasons("More hours are needed.");
  request.set_etag(known.EtagOf(*current));
  return By(kCouncil, std::move(request));
}

Asking AgreeBudget(Known& known) {
  const auto* indicative = known.In<v1::Budget>(v1::Budget::STATE_INDICATIVE);
  if (indicative == nullptr || known.Chance(50)) return std::nullopt;
  return By(Mostly(known, kSecondCouncilOfficer, kIcb),
            allocation::AgreeRequest(*indicative, 1 + known.Pick(2)));
}

Asking EndFunding(Known& known) {
  const auto* agreed = known.In<v1::Budget>(v1::Budget::STATE_AGREED);
  if (agreed == nullptr) return std::nullopt;
  v1::EndFundingRequest request;
  request.set_name(agreed->name());
  request.set_effective_to_date(known.Date(known.Pick(10)));
  const auto* successor = known.One<v1::Budget>([agreed](const v1::Budget& other) {
    return other.state() == v1::Budget::STATE_AGREED && other.mode() == v1::Budget::MODE_LIVE &&
           other.name() != agreed->name();
  });
  if (agreed->mode() == v1::Budget::MODE_SHADOW) {
    request.set_end_reason(v1::Budget::END_REASON_SHADOW_OVER);
  } else if (successor != nullptr && known.Chance(70)) {
    request.set_end_reason(v1::Budget::END_REASON_SUCCESSOR);
    request.set_successor(successor->name());
  } else {
    request.set_end_reason(v1::Budget::END_REASON_DEATH);
  }
  request.mutable_decision()->set_reasons("As agreed by the panel.");
  request.set_etag(known.EtagOf(*agreed));
  return By(kSecondCouncilOfficer, std::move(request));
}

Asking ApplyUplift(Known& known) {
  if (known.Chance(known.All<v1::Budget>().empty() ? 90 : 60)) return std::nullopt;
  v1::ApplyUpliftRequest request;
  request.set_effective_from_date(known.Date(known.Pick(10)));
  return By(known.Chance(60) ? kCouncil : kIcb, std::move(request));
}

Asking ReleaseUplift(Known& known) {
  const auto* previewed = known.In<v1::Uplift>(v1::Uplift::STATE_PREVIEWED);
  if (previewed == nullptr) return std::nullopt;
  v1::ReleaseUpliftRequest request;
  request.set_name(previewed->name());
  request.set_digest(previewed->digest());
  request.set_weekly_after_pence(previewed->weekly_after_pence());
  request.mutable_decision()->set_reasons("As the board resolved.");
  request.set_etag(known.EtagOf(*previewed));
  const bool icb = previewed->organisation() == kIcb.organisation;
  return By(Mostly(known, icb ? testing::kSecondIcbOfficer : kSecondCouncilOfficer, icb ? kIcb : kCouncil),
            std::move(request));
}

Asking CancelUplift(Known& known) {
  const auto* previewed = known.In<v1::Uplift>(v1::Uplift::STATE_PREVIEWED);
  if (previewed == nullptr || known.Chance(70)) return std::nullopt;
  v1::CancelUpliftRequest request;
  request.set_name(previewed->name());
  request.mutable_decision()->set_reasons("The rates were wrong.");
  request.set_etag(known.EtagOf(*previewed));
  return By(previewed->organisation() == kIcb.organisation ? kIcb : kCouncil, std::move(request));
}

Asking HandOverFunding(Known& known) {
  const auto* agreed = known.In<v1::Budget>(v1::Budget::STATE_AGREED);
  if (agreed == nullptr || agreed->components().empty() || agreed->determinations().empty()) return std::nullopt;
  v1::HandOverFundingRequest request;
  request.set_name(agreed->name());
  request.set_effective_from_date(known.Date(known.Pick(10)));
  *request.mutable_determinations() = agreed->determinations();
  v1::ComponentFunding& funding = *request.add_funding();
  funding.set_component_id(agreed->components(0).component_id());
  v1::FundingShare& share = *funding.add_shares();
  share.set_organisation(known.Chance(50) ? kIcb.organisation : kCouncil.organisation);
  share.set_basis(share.organisation() == kIcb.organisation ? v1::FUNDING_BASIS_JOINT_PACKAGE
                                                            : v1::FUNDING_BASIS_CARE_ACT);
  share.mutable_share()->set_numerator(1);
  share.mutable_share()->set_denominator(1);
  request.mutable_decision()->set_reasons("As both bodies agreed.");
  request.set_etag(known.EtagOf(*agreed));
  return By(Mostly(known, kIcb, kCouncil), std::move(request));
}

Asking RederiveBudget(Known& known) {
  const auto* agreed = known.In<v1::Budget>(v1::Budget::STATE_AGREED);
  if (agreed == nullptr) return std::nullopt;
  v1::RederiveBudgetRequest request;
  request.set_name(agreed->name());
  request.mutable_decision()->set_reasons("Means were assessed late.");
  request.set_etag(known.EtagOf(*agreed));
  return By(kCouncil, std::move(request));
}

constexpr Step kSteps[] = {
    {"AllocationService.RecordFinancialAssessment", RecordFinancialAssessment},
    {"AllocationService.CreateBudget", CreateBudget},
    {"AllocationService.ReviseBudget", ReviseBudget},
    {"AllocationService.AgreeBudget", AgreeBudget},
    {"AllocationService.EndFunding", EndFunding},
    {"AllocationService.ApplyUplift", ApplyUplift},
    {"AllocationService.ReleaseUplift", ReleaseUplift},
    {"AllocationService.CancelUplift", CancelUplift},
    {"AllocationService.HandOverFunding", HandOverFunding},
    {"AllocationService.RederiveBudget", RederiveBudget},
};

}  // namespace

absl::Span<const Step> AllocationSteps() { return kSteps; }

}  // namespace ipb::preview
