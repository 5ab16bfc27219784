#include "tests/handlers/allocation/requests.h"

#include "absl/strings/str_cat.h"
#include "tests/support/text.h"

namespace ipb::allocation {

v1::CreateBudgetRequest JointRequest(const std::string& person) {
  auto request = testing::Text<v1::CreateBudgetRequest>(
      "mode: MODE_LIVE effective_from_date: '2025-06-09' decision { reasons: 'first estimate' } "
      "components { component_id: 'pa' description: 'Personal assistant' kind: COMPONENT_KIND_ONGOING "
      "  unit: COST_UNIT_HOUR minutes_per_week: 1200 unit_rate: 'pa-hour' "
      "  shares { organisation: 'E10000019' basis: FUNDING_BASIS_CARE_ACT share { numerator: 3 denominator: "
      "8 } } "
      "  shares { organisation: 'QZZ' basis: FUNDING_BASIS_JOINT_PACKAGE share { numerator: 5 denominator: 8 "
      "} } }");
  request.set_parent(person);
  request.add_determinations(absl::StrCat(person, "/determinations/1"));
  return request;
}

v1::RecordFinancialAssessmentRequest MeansRequest(const std::string& person) {
  auto request = testing::Text<v1::RecordFinancialAssessmentRequest>(
      "facts { household { relationship: RELATIONSHIP_SINGLE birth_date: '1975-03-01' } "
      "  income { kind: INCOME_KIND_OTHER weekly_pence: 16000 } } "
      "effective_from_date: '2025-04-06' decision { reasons: 'assessed' }");
  request.set_parent(person);
  return request;
}

v1::AgreeBudgetRequest AgreeRequest(const v1::Budget& budget, int64_t plan) {
  v1::AgreeBudgetRequest request;
  request.set_name(budget.name());
  request.set_plan(absl::StrCat(budget.name().substr(0, budget.name().find("/budgets/")), "/plans/", plan));
  request.mutable_decision()->set_reasons("as the plan needs");
  for (const v1::BudgetComponent& component : budget.components()) {
    v1::AgreedAmount* amount = request.add_amounts();
    amount->set_component_id(component.component_id());
    amount->set_weekly_pence(component.weekly_pence());
    amount->set_one_off_pence(component.one_off_pence());
  }
  return request;
}

v1::EndFundingRequest EndRequest(const v1::Budget& budget, v1::Budget::EndReason reason) {
  v1::EndFundingRequest request;
  request.set_name(budget.name());
  request.set_effective_to_date("2025-06-30");
  request.set_end_reason(reason);
  request.mutable_decision()->set_reasons("it ends");
  return request;
}

}  // namespace ipb::allocation
