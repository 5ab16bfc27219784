#include "tests/rules/careplanning/examples.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"
#include "tests/rules/support/policy_file.h"
#include "tests/support/funding.h"

namespace ipb::careplanning {
namespace {

using tests::Share;

void AddOrganisation(v1::PolicyDocument& document, const std::string& code, v1::CallerKind kind) {
  v1::Organisation* organisation = document.add_organisations();
  organisation->set_code(code);
  organisation->set_kind(kind);
  organisation->mutable_provenance()->set_effective_from_date("2015-04-01");
}

constexpr char kPlan[] = R"pb(
  name: "people/p1/plans/1"
  kind: KIND_FULL
  form: FORM_NEEDS_OF_PERSON
  state: STATE_DRAFT
  budget: "people/p1/budgets/1"
  assessment: "people/p1/assessments/1"
  start_date: "2026-05-04"
  profile {
    about: "Amal teaches chess"
    strengths: "patient, good with numbers"
    social_context: "lives alone near her sister"
    health_summary: "multiple sclerosis"
    working: "mornings with Jo"
    not_working: "evenings alone"
    matters_to_person: "seeing friends"
    matters_for_health: "skin care every day"
  }
  needs {
    need_id: "n1"
    description: "help to wash and dress"
    eligibility: NEED_ELIGIBILITY_ELIGIBLE
    meeting_organisation: "E10000019"
  }
  needs { need_id: "n2" description: "pressure care" eligibility: NEED_ELIGIBILITY_HEALTH_NEED }
  outcomes {
    outcome_id: "o1"
    description: "to be up and out by ten"
    how_achieved: "a personal assistant each morning"
    wellbeing_areas: WELLBEING_AREA_CONTROL
  }
  safety {
    risks { description: "the assistant is ill" mitigation: "a second assistant is on call" }
    contingency_plan: "ring the agency that holds the plan"
    nhs_contact: "community nursing team, duty nurse"
  }
  advice { reducing_needs: "a perching stool" preventing_needs: "fall prevention class" }
  actions { who: "Jo" what: "learns to use the hoist" by_date: "2026-05-20" }
  care_coordinator: "Sam Reed, continuing care team"
  monitoring {
    outcomes_monitoring: "talk every month"
    money_monitoring: "quarterly statements"
    going_well_signs: "out by ten on most days"
    going_wrong_signs: "missed visits"
  }
  money_summary: "a direct payment for the assistant; the ICB buys the mattress"
  lines {
    line_id: "l1"
    description: "personal assistant"
    outcome_ids: "o1"
    need_ids: "n1"
    component_id: "care"
    management_option: MANAGEMENT_OPTION_DIRECT_PAYMENT
    category: SPENDING_CATEGORY_PERSONAL_ASSISTANT
    weekly_pence: 30000
  }
  lines {
    line_id: "l2"
    description: "mattress"
    outcome_ids: "o1"
    need_ids: "n2"
    component_id: "equipment"
    management_option: MANAGEMENT_OPTION_NOTIONAL
    category: SPENDING_CATEGORY_EQUIPMENT
    one_off_pence: 90000
  }
  direct_payment { weekly_pence: 30000 frequency: PAYMENT_FREQUENCY_FOUR_WEEKLY }
  authors { organisation: "E10000019" actor: "author" }
)pb";

}  // namespace

const PlanPolicy& ShippedPolicy() {
  static const PlanPolicy* policy = [] {
    auto* national =
        new v1::PolicyDocument(tests::ReadPolicy("deploy/policy/national/care_planning.textproto"));
    national->clear_organisations();
    AddOrganisation(*national, kCouncil, v1::CALLER_KIND_COUNCIL);
    AddOrganisation(*national, kIcb, v1::CALLER_KIND_NHS);
    auto* shipped = new PlanPolicy;
    shipped->national = national;
    for (const char* organisation : {kCouncil, kIcb}) {
      shipped->local.push_back(new v1::PolicyDocument(tests::ReadPolicy(
          std::string("deploy/policy/local/") + organisation + "/care_planning.textproto")));
    }
    return shipped;
  }();
  return *policy;
}

BudgetFacts JointBudget() {
  BudgetFacts budget;
  budget.name = "people/p1/budgets/1";
  budget.current = true;
  budget.components.push_back({"care",
                               30000,
                               0,
                               {Share(kCouncil, v1::FUNDING_BASIS_CARE_ACT, 2, 3),
                                Share(kIcb, v1::FUNDING_BASIS_JOINT_PACKAGE, 1, 3)}});
  budget.components.push_back({"equipment", 0, 90000, {Share(kIcb, v1::FUNDING_BASIS_JOINT_PACKAGE, 1, 1)}});
  return budget;
}

v1::Plan CompletePlan() {
  v1::Plan plan;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(kPlan, &plan));
  return plan;
}

BudgetFacts BudgetOf(const std::string& organisation, v1::FundingBasis basis) {
  BudgetFacts budget = JointBudget();
  for (ComponentFacts& component : budget.components) component.shares = {Share(organisation, basis, 1, 1)};
  return budget;
}

v1::Plan InterimPlan() {
  v1::Plan plan = CompletePlan();
  plan.set_kind(v1::Plan::KIND_INTERIM);
  plan.set_expiry_date("2026-06-14");
  plan.set_review_date("2026-05-25");
  plan.set_urgency_reasons("discharged today, and there is no care at home");
  plan.clear_assessment();
  plan.clear_profile();
  plan.clear_outcomes();
  plan.clear_advice();
  plan.clear_actions();
  plan.clear_monitoring();
  plan.clear_care_coordinator();
  plan.clear_money_summary();
  for (v1::PlanLine& line : *plan.mutable_lines()) line.clear_outcome_ids();
  return plan;
}

PersonFacts Adult() {
  PersonFacts person;
  person.name = "people/p1";
  person.birth_date = absl::CivilDay(1970, 2, 3);
  return person;
}

Caller Author() { return {kCouncil, "author", "social_worker"}; }
Caller CouncilManager() { return {kCouncil, "manager", "team_manager"}; }
Caller IcbLead() { return {kIcb, "lead", "phb_lead"}; }

std::vector<std::string> RulesOf(const absl::Status& status) {
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.PreconditionFailure");
  google::rpc::PreconditionFailure failure;
  if (!payload || !failure.ParseFromString(std::string(*payload))) return {std::string(status.message())};
  std::vector<std::string> rules;
  for (const auto& violation : failure.violations()) rules.push_back(violation.type());
  return rules;
}

}  // namespace ipb::careplanning
