#include "tests/handlers/payments/requests.h"

#include "common/names/names.h"
#include "tests/support/running_suite.h"

namespace ipb::payments {
namespace {

using ipb::testing::kCouncil;
using ipb::testing::kIcb;
using ipb::testing::NewRequestId;

void AddShare(const std::string& organisation, v1::FundingBasis basis, int64_t numerator, int64_t denominator,
              google::protobuf::RepeatedPtrField<v1::FundingShare>* shares) {
  v1::FundingShare* share = shares->Add();
  share->set_organisation(organisation);
  share->set_basis(basis);
  share->mutable_share()->set_numerator(numerator);
  share->mutable_share()->set_denominator(denominator);
}

struct Line {
  const char* line_id;
  const char* component_id;
  v1::ComponentKind kind;
  v1::ManagementOption option;
  v1::SpendingCategory category;
  int64_t weekly_pence;
  int64_t one_off_pence;
  bool joint;
};

constexpr Line kLines[] = {
    {"care", "c1", v1::COMPONENT_KIND_ONGOING, v1::MANAGEMENT_OPTION_DIRECT_PAYMENT,
     v1::SPENDING_CATEGORY_PERSONAL_ASSISTANT, 50000, 0, true},
    {"bike", "c2", v1::COMPONENT_KIND_ONE_OFF, v1::MANAGEMENT_OPTION_DIRECT_PAYMENT,
     v1::SPENDING_CATEGORY_EQUIPMENT, 0, 30000, false},
    {"day", "c3", v1::COMPONENT_KIND_ONGOING, v1::MANAGEMENT_OPTION_THIRD_PARTY,
     v1::SPENDING_CATEGORY_ACTIVITIES, 8000, 0, false},
};

void AddShares(const Line& line, google::protobuf::RepeatedPtrField<v1::FundingShare>* shares) {
  AddShare(kCouncil.organisation, v1::FUNDING_BASIS_CARE_ACT, line.joint ? 3 : 1, line.joint ? 5 : 1, shares);
  if (line.joint) AddShare(kIcb.organisation, v1::FUNDING_BASIS_JOINT_PACKAGE, 2, 5, shares);
}

v1::Plan PlanOf(const std::string& person, v1::Plan::State state) {
  v1::Plan plan;
  plan.set_name(names::Child(person, "plans", 1));
  plan.set_kind(v1::Plan::KIND_FULL);
  plan.set_form(v1::Plan::FORM_NEEDS_OF_PERSON);
  plan.set_state(state);
  plan.set_budget(names::Child(person, "budgets", 1));
  plan.set_start_date("2025-05-26");
  plan.set_active_date("2025-06-02");
  for (const Line& line : kLines) {
    v1::PlanLine* own = plan.add_lines();
    own->set_line_id(line.line_id);
    own->set_component_id(line.component_id);
    own->set_management_option(line.option);
    own->set_category(line.category);
    own->set_weekly_pence(line.weekly_pence);
    own->set_one_off_pence(line.one_off_pence);
    AddShares(line, own->mutable_shares());
  }
  return plan;
}

v1::Budget AgreedBudget(const std::string& person) {
  v1::Budget budget;
  budget.set_name(names::Child(person, "budgets", 2));
  budget.set_state(v1::Budget::STATE_AGREED);
  budget.set_mode(v1::Budget::MODE_LIVE);
  budget.set_plan(names::Child(person, "plans", 1));
  budget.set_contribution_weekly_pence(4000);
  budget.set_charge_assessed(true);
  for (const Line& line : kLines) {
    v1::BudgetComponent* component = budget.add_components();
    component->set_component_id(line.component_id);
    component->set_description(line.line_id);
    component->set_kind(line.kind);
    component->set_weekly_pence(line.weekly_pence);
    component->set_one_off_pence(line.one_off_pence);
    AddShares(line, component->mutable_shares());
  }
  return budget;
}

}  // namespace

std::vector<v1::StatedResource> PlanAndBudgets(const std::string& person, v1::Plan::State state) {
  std::vector<v1::StatedResource> stated(3);
  stated[0] = StatedPlan(person, state);
  *stated[1].mutable_budget() = AgreedBudget(person);
  v1::Budget* indicative = stated[2].mutable_budget();
  *indicative = AgreedBudget(person);
  indicative->set_superseded_by(indicative->name());
  indicative->set_name(names::Child(person, "budgets", 1));
  indicative->clear_plan();
  indicative->set_state(v1::Budget::STATE_SUPERSEDED);
  return stated;
}

v1::StatedResource StatedPlan(const std::string& person, v1::Plan::State state) {
  v1::StatedResource resource;
  *resource.mutable_plan() = PlanOf(person, state);
  return resource;
}

v1::RecordStatementRequest Stating(const std::string& person, const v1::StatedResource& resource,
                                   const std::string& service) {
  v1::RecordStatementRequest request;
  request.set_parent(person);
  request.set_service(service);
  request.set_reference("council records");
  request.set_effective_date("2025-06-02");
  *request.mutable_resource() = resource;
  return request;
}

v1::ProposePayeeRequest Proposing(const std::string& person) {
  v1::ProposePayeeRequest request;
  request.set_parent(person);
  request.set_kind(v1::PAYEE_KIND_PERSON);
  request.set_account_name("A Person");
  request.set_sort_code("010203");
  request.set_account_number("12345678");
  request.set_dedicated_account(true);
  request.set_request_id(NewRequestId());
  return request;
}

v1::ApprovePayeeRequest Approving(const std::string& payee) {
  v1::ApprovePayeeRequest request;
  request.set_name(payee);
  request.set_account_name_check(v1::ACCOUNT_NAME_CHECK_MATCH);
  request.set_called_back(true);
  request.mutable_decision()->set_reasons("Called back on the number in the file.");
  request.set_request_id(NewRequestId());
  return request;
}

v1::OpenAgreementRequest Opening(const std::string& person, const std::string& payee) {
  v1::OpenAgreementRequest request;
  request.set_parent(person);
  request.set_plan(names::Child(person, "plans", 1));
  request.set_management_option(v1::MANAGEMENT_OPTION_DIRECT_PAYMENT);
  request.set_payee(payee);
  request.set_arrangement(v1::FUNDING_ARRANGEMENT_ALIGNED);
  request.set_payment_basis(v1::PAYMENT_BASIS_NET);
  request.set_first_date("2025-06-02");
  request.set_request_id(NewRequestId());
  return request;
}

v1::CloseAgreementRequest Closing(const std::string& agreement, v1::CloseReason reason) {
  v1::CloseAgreementRequest request;
  request.set_name(agreement);
  request.set_last_date("2025-06-29");
  request.set_reason(reason);
  request.mutable_decision()->set_decision_date("2025-06-02");
  request.set_request_id(NewRequestId());
  return request;
}

v1::RecordSpendingRequest Spending(const std::string& agreement, int64_t amount_pence) {
  v1::RecordSpendingRequest request;
  request.set_parent(names::Subject(agreement));
  request.set_agreement(agreement);
  request.set_line_id("care");
  request.set_category(v1::SPENDING_CATEGORY_PERSONAL_ASSISTANT);
  request.set_amount_pence(amount_pence);
  request.set_spent_date("2025-06-02");
  request.set_provider_reference("provider-7");
  request.add_evidence("invoice-2025-0042");
  request.set_request_id(NewRequestId());
  return request;
}

v1::CreatePaymentRunRequest Creating(const std::string& pay_date) {
  v1::CreatePaymentRunRequest request;
  request.set_pay_date(pay_date);
  request.set_request_id(NewRequestId());
  return request;
}

v1::ReleasePaymentRunRequest Releasing(const v1::PaymentRun& run) {
  v1::ReleasePaymentRunRequest request;
  request.set_name(run.name());
  request.set_digest(run.digest());
  request.set_total_pence(run.total_pence());
  request.mutable_decision()->set_reasons("Looked through it.");
  request.set_request_id(NewRequestId());
  return request;
}

v1::ExportPaymentRunRequest Exporting(const v1::PaymentRun& run) {
  v1::ExportPaymentRunRequest request;
  request.set_name(run.name());
  request.set_request_id(NewRequestId());
  return request;
}

v1::HoldPaymentRequest Holding(const std::string& payment) {
  v1::HoldPaymentRequest request;
  request.set_name(payment);
  request.mutable_decision()->set_reasons("The account may be misused.");
  request.set_request_id(NewRequestId());
  return request;
}

}  // namespace ipb::payments
