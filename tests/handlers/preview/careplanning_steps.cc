#include <algorithm>

#include "ipb/v1/assessment.pb.h"
#include "ipb/v1/budget.pb.h"
#include "ipb/v1/care_planning_service.pb.h"
#include "tests/handlers/careplanning/requests.h"
#include "tests/handlers/preview/steps.h"

namespace ipb::preview {
namespace {

using testing::kCouncil;
using testing::kIcb;

const As kManager{testing::kCouncil.organisation, "manager-1", "team_manager"};
const As kLead{testing::kIcb.organisation, "lead-1", "phb_lead"};

bool IsCurrent(const v1::Budget& budget) {
  const bool current =
      budget.state() == v1::Budget::STATE_INDICATIVE || budget.state() == v1::Budget::STATE_AGREED;
  return current && budget.mode() == v1::Budget::MODE_LIVE;
}

// A draft with the clinical detail that a complete plan needs: its authors are of both bodies.
bool IsWritten(const v1::Plan& plan) {
  const auto by_nurse = [](const v1::PlanAuthor& author) {
    return author.organisation() == kIcb.organisation;
  };
  return plan.state() == v1::Plan::STATE_DRAFT &&
         std::any_of(plan.authors().begin(), plan.authors().end(), by_nurse);
}

// The complete plan, spending all of a budget from its first day.
v1::CreatePlanRequest Spending(const v1::Budget& budget, Known& known) {
  v1::CreatePlanRequest request = careplanning::Creating(known.person(), budget.name());
  v1::Plan& plan = *request.mutable_plan();
  plan.set_start_date(budget.effective_from_date());
  const auto care = std::find_if(budget.components().begin(), budget.components().end(),
                                 [](const v1::BudgetComponent& one) { return one.component_id() == "care"; });
  if (care != budget.components().end()) {
    plan.mutable_lines(0)->set_weekly_pence(care->weekly_pence());
    plan.mutable_direct_payment()->set_weekly_pence(care->weekly_pence());
  }
  const auto* complete = known.In<v1::Assessment>(v1::Assessment::STATE_COMPLETE);
  if (complete != nullptr) plan.set_assessment(complete->name());
  return request;
}

template <typename Request>
Request About(const v1::Plan& plan, Known& known) {
  Request request;
  request.set_name(plan.name());
  request.set_etag(known.EtagOf(plan));
  return request;
}

Asking CreatePlan(Known& known) {
  const auto* budget = known.One<v1::Budget>(IsCurrent);
  if (budget == nullptr || (known.All<v1::Plan>().size() > 1 && known.Chance(60))) return std::nullopt;
  v1::CreatePlanRequest request = Spending(*budget, known);
  if (known.Chance(20)) {
    request.mutable_plan()->set_kind(v1::Plan::KIND_INTERIM);
    request.mutable_plan()->set_urgency_reasons("Discharged today.");
    request.mutable_plan()->set_review_date(known.Date(7));
    request.mutable_plan()->set_expiry_date(known.Date(14 + known.Pick(14)));
  }
  return By(Mostly(known, kCouncil, kIcb), std::move(request));
}

// The clinical detail by the nurse, which a complete plan needs; and now and then other money by the council.
Asking UpdatePlan(Known& known) {
  const auto* draft = known.In<v1::Plan>(v1::Plan::STATE_DRAFT);
  const auto* budget = known.One<v1::Budget>(IsCurrent);
  if (draft == nullptr || budget == nullptr) return std::nullopt;
  const bool clinical = known.Chance(70);
  v1::UpdatePlanRequest request;
  *request.mutable_plan() = Spending(*budget, known).plan();
  request.mutable_plan()->set_name(draft->name());
  request.set_etag(known.EtagOf(*draft));
  for (const char* path : clinical ? std::vector<const char*>{"profile", "needs"}
                                   : std::vector<const char*>{"budget", "lines", "direct_payment"}) {
    request.mutable_update_mask()->add_paths(path);
  }
  return By(clinical ? kIcb : kCouncil, std::move(request));
}

Asking ProposePlan(Known& known) {
  const auto* draft = known.One<v1::Plan>(IsWritten);
  if (draft == nullptr) return std::nullopt;
  return By(Mostly(known, kCouncil, kIcb), About<v1::ProposePlanRequest>(*draft, known));
}

Asking SignPlan(Known& known) {
  const auto* proposed = known.In<v1::Plan>(v1::Plan::STATE_PROPOSED);
  if (proposed == nullptr) return std::nullopt;
  v1::SignPlanRequest request = careplanning::Signing(proposed->name());
  request.set_etag(known.EtagOf(*proposed));
  return By(Mostly(known, kCouncil, kIcb), std::move(request));
}

Asking ApprovePlan(Known& known) {
  const auto* proposed = known.In<v1::Plan>(v1::Plan::STATE_PROPOSED);
  if (proposed == nullptr) return std::nullopt;
  v1::ApprovePlanRequest request = careplanning::NhsApproval(proposed->name());
  request.mutable_clinical_agreement()->set_agreement_date(known.Date());
  const bool council = known.Chance(50);
  if (council) request.clear_clinical_agreement();
  request.set_etag(known.EtagOf(*proposed));
  return By(Mostly(known, council ? kManager : kLead, kCouncil), std::move(request));
}

Asking ReturnPlan(Known& known) {
  const auto* proposed = known.In<v1::Plan>(v1::Plan::STATE_PROPOSED);
  if (proposed == nullptr || known.Chance(85)) return std::nullopt;
  auto request = About<v1::ReturnPlanRequest>(*proposed, known);
  request.mutable_decision()->set_reasons("The evenings are missing.");
  return By(known.Chance(50) ? kManager : kLead, std::move(request));
}

Asking RevisePlan(Known& known) {
  const auto* active = known.In<v1::Plan>(v1::Plan::STATE_ACTIVE);
  if (active == nullptr) return std::nullopt;
  auto request = About<v1::RevisePlanRequest>(*active, known);
  const auto* budget = known.One<v1::Budget>(IsCurrent);
  if (budget != nullptr && known.Chance(40)) request.set_budget(budget->name());
  request.set_start_date(known.Date(known.Pick(14)));
  return By(kCouncil, std::move(request));
}

Asking EndPlan(Known& known) {
  const auto* going = known.One<v1::Plan>([](const v1::Plan& one) {
    return one.state() != v1::Plan::STATE_ENDED && one.state() != v1::Plan::STATE_SUPERSEDED;
  });
  if (going == nullptr || known.Chance(85)) return std::nullopt;
  auto request = About<v1::EndPlanRequest>(*going, known);
  const bool active = going->state() == v1::Plan::STATE_ACTIVE;
  request.mutable_end()->set_reason(active ? v1::PlanEnd::REASON_PERSON_ASKED
                                           : v1::PlanEnd::REASON_WITHDRAWN);
  if (known.Chance(15)) request.mutable_end()->set_reason(v1::PlanEnd::REASON_DEATH);
  request.mutable_end()->set_end_date(known.Date(known.Pick(20)));
  request.mutable_end()->mutable_decision()->set_reasons("The person asked.");
  return By(Mostly(known, kCouncil, kLead), std::move(request));
}

constexpr Step kSteps[] = {
    {"CarePlanningService.CreatePlan", CreatePlan},   {"CarePlanningService.UpdatePlan", UpdatePlan},
    {"CarePlanningService.ProposePlan", ProposePlan}, {"CarePlanningService.SignPlan", SignPlan},
    {"CarePlanningService.ApprovePlan", ApprovePlan}, {"CarePlanningService.ReturnPlan", ReturnPlan},
    {"CarePlanningService.RevisePlan", RevisePlan},   {"CarePlanningService.EndPlan", EndPlan},
};

}  // namespace

absl::Span<const Step> CarePlanningSteps() { return kSteps; }

}  // namespace ipb::preview
