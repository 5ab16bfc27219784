#include "tests/handlers/careplanning/requests.h"

#include "absl/strings/str_cat.h"
#include "tests/rules/careplanning/examples.h"
#include "tests/support/text.h"

namespace ipb::careplanning {

v1::CreateBudgetRequest Budgeting(const std::string& person, v1::Budget::Mode mode) {
  auto request = ipb::testing::Text<v1::CreateBudgetRequest>(
      "effective_from_date: '2025-06-09' decision { reasons: 'first estimate' } "
      "components { component_id: 'care' description: 'Personal assistant' kind: COMPONENT_KIND_ONGOING "
      "  unit: COST_UNIT_HOUR minutes_per_week: 1200 unit_rate: 'pa-hour' "
      "  shares { organisation: 'E10000019' basis: FUNDING_BASIS_CARE_ACT share { numerator: 2 denominator: "
      "3 } } "
      "  shares { organisation: 'QZZ' basis: FUNDING_BASIS_JOINT_PACKAGE share { numerator: 1 denominator: 3 "
      "} } } "
      "components { component_id: 'equipment' description: 'Mattress' kind: COMPONENT_KIND_ONE_OFF "
      "  unit: COST_UNIT_ITEM unit_rate_pence: 90000 "
      "  shares { organisation: 'QZZ' basis: FUNDING_BASIS_JOINT_PACKAGE share { numerator: 1 denominator: 1 "
      "} } }");
  request.set_parent(person);
  request.set_mode(mode);
  request.add_determinations(absl::StrCat(person, "/determinations/1"));
  return request;
}

v1::CreatePlanRequest Creating(const std::string& person, const std::string& budget) {
  v1::CreatePlanRequest request;
  request.set_parent(person);
  v1::Plan& plan = *request.mutable_plan();
  plan = CompletePlan();
  plan.clear_name();
  plan.clear_authors();
  plan.set_budget(budget);
  plan.set_assessment(absl::StrCat(person, "/assessments/1"));
  plan.set_start_date("2025-06-09");
  plan.mutable_lines(0)->set_weekly_pence(32400);
  plan.mutable_direct_payment()->set_weekly_pence(32400);
  return request;
}

v1::SignPlanRequest Signing(const std::string& name) {
  v1::SignPlanRequest request;
  request.set_name(name);
  request.mutable_signature()->set_role(v1::PlanSignature::ROLE_PERSON);
  return request;
}

v1::ApprovePlanRequest CouncilApproval(const std::string& name) {
  v1::ApprovePlanRequest request;
  request.set_name(name);
  request.mutable_decision()->set_reasons("it meets the needs");
  return request;
}

v1::ApprovePlanRequest NhsApproval(const std::string& name) {
  v1::ApprovePlanRequest request = CouncilApproval(name);
  v1::ClinicalAgreement* agreement = request.mutable_clinical_agreement();
  agreement->set_clinician("nurse-1");
  agreement->set_role("nurse_assessor");
  agreement->set_agreement_date("2025-06-01");
  return request;
}

}  // namespace ipb::careplanning
