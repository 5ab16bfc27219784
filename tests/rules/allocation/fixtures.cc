#include "tests/rules/allocation/fixtures.h"

#include "google/rpc/error_details.pb.h"
#include "tests/rules/support/policy_file.h"

namespace ipb::allocation {

const v1::AllocationPolicy& National() {
  static const auto* document =
      new v1::PolicyDocument(tests::ReadPolicy("deploy/policy/national/allocation.textproto"));
  return document->allocation();
}

const v1::AllocationPolicy& CouncilPolicy() {
  static const auto* document =
      new v1::PolicyDocument(tests::ReadPolicy("deploy/policy/local/E10000019/allocation.textproto"));
  return document->allocation();
}

const v1::AllocationPolicy& IcbPolicy() {
  static const auto* document =
      new v1::PolicyDocument(tests::ReadPolicy("deploy/policy/local/QZZ/allocation.textproto"));
  return document->allocation();
}

v1::FinancialFacts Single(const std::string& birth_date) {
  v1::FinancialFacts facts;
  facts.mutable_household()->set_relationship(v1::RELATIONSHIP_SINGLE);
  facts.mutable_household()->set_birth_date(birth_date);
  return facts;
}

void AddIncome(v1::FinancialFacts& facts, v1::IncomeKind kind, int64_t weekly_pence) {
  v1::IncomeItem* item = facts.add_income();
  item->set_kind(kind);
  item->set_weekly_pence(weekly_pence);
}

void AddCapital(v1::FinancialFacts& facts, v1::CapitalKind kind, int64_t value_pence) {
  v1::CapitalItem* item = facts.add_capital();
  item->set_kind(kind);
  item->set_value_pence(value_pence);
}

v1::BudgetComponent Hours(const std::string& id, int32_t minutes_per_week, int64_t unit_rate_pence,
                          const std::vector<v1::FundingShare>& shares) {
  v1::BudgetComponent component;
  component.set_component_id(id);
  component.set_description("Personal assistant");
  component.set_kind(v1::COMPONENT_KIND_ONGOING);
  component.set_unit(v1::COST_UNIT_HOUR);
  component.set_minutes_per_week(minutes_per_week);
  component.set_unit_rate_pence(unit_rate_pence);
  for (const v1::FundingShare& share : shares) *component.add_shares() = share;
  return component;
}

v1::HumanDecision PanelDecision(const std::string& decision_date) {
  v1::HumanDecision decision;
  decision.set_decider("p-17");
  decision.set_role("panel_chair");
  decision.set_organisation(kCouncil);
  decision.set_decision_date(decision_date);
  return decision;
}

OrganisationKinds ExampleKinds() {
  return {{kCouncil, v1::CALLER_KIND_COUNCIL},
          {"E10000028", v1::CALLER_KIND_COUNCIL},
          {kIcb, v1::CALLER_KIND_NHS}};
}

NamedDetermination Determined(const std::string& name) {
  v1::Determination determination;
  determination.set_name(name);
  determination.set_state(v1::Determination::STATE_NOTIFIED);
  determination.set_regime(v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT);
  determination.set_outcome(v1::ELIGIBILITY_OUTCOME_ELIGIBLE);
  determination.set_effective_from_date("2025-04-01");
  return {name, determination};
}

std::vector<std::string> RulesOf(const absl::Status& status) {
  google::rpc::PreconditionFailure failure;
  std::vector<std::string> rules;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.PreconditionFailure");
  if (payload && failure.ParseFromString(std::string(*payload))) {
    for (const auto& violation : failure.violations()) rules.push_back(violation.type());
  }
  return rules;
}

}  // namespace ipb::allocation
