#include "tests/bench/population.h"

#include "absl/strings/str_cat.h"
#include "common/identifiers/uuid.h"
#include "common/names/names.h"

namespace ipb::bench {
namespace {

constexpr char kCouncil[] = "E10000019";
constexpr char kFirstDate[] = "2025-04-07";
constexpr char kSpentDate[] = "2025-04-10";

// One component of the budget and the line of the plan that spends it.
struct Line {
  const char* id;
  v1::SpendingCategory category;
  int64_t weekly_pence;
};

constexpr Line kLines[] = {{"personal-assistant", v1::SPENDING_CATEGORY_PERSONAL_ASSISTANT, 31250},
                           {"activities", v1::SPENDING_CATEGORY_ACTIVITIES, 4500}};
constexpr int64_t kContributionWeeklyPence = 4217;

template <typename Shares>
void AddCouncil(Shares* shares) {
  v1::FundingShare* share = shares->Add();
  share->set_organisation(kCouncil);
  share->set_basis(v1::FUNDING_BASIS_CARE_ACT);
  share->mutable_share()->set_numerator(1);
  share->mutable_share()->set_denominator(1);
}

v1::RecordStatementRequest Statement(const std::string& person) {
  v1::RecordStatementRequest request;
  request.set_parent(person);
  request.set_service("payments");
  request.set_reference("benchmark");
  request.set_effective_date(kFirstDate);
  return request;
}

}  // namespace

Population::Population(int64_t size) {
  names_.reserve(size);
  for (int64_t i = 0; i < size; ++i) {
    names_.push_back(absl::StrCat("people/", names::PersonIdFor(absl::StrCat("benchmark/", i))));
    indexes_[names_.back()] = i;
  }
}

int64_t Population::IndexOf(absl::string_view name) const {
  const auto found = indexes_.find(name);
  return found == indexes_.end() ? -1 : found->second;
}

// All but the last 12 digits, which count.
RequestIds::RequestIds() : prefix_(identifiers::RandomUuid().substr(0, 24)) {}

std::string RequestIds::Next(int64_t count) const {
  return absl::StrCat(prefix_, absl::Hex(count, absl::kZeroPad12));
}

v1::RecordStatementRequest StatePerson(const std::string& person) {
  v1::RecordStatementRequest request = Statement(person);
  v1::Person* stated = request.mutable_resource()->mutable_person();
  stated->set_name(person);
  stated->set_birth_date("1961-03-14");
  v1::Responsibility* held = stated->add_responsibilities();
  held->set_organisation(kCouncil);
  held->set_role(v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE);
  held->set_effective_from_date(kFirstDate);
  held->set_state(v1::Responsibility::STATE_ACCEPTED);
  return request;
}

v1::RecordStatementRequest StateBudget(const std::string& person) {
  v1::RecordStatementRequest request = Statement(person);
  v1::Budget* budget = request.mutable_resource()->mutable_budget();
  budget->set_name(absl::StrCat(person, "/budgets/1"));
  budget->set_state(v1::Budget::STATE_AGREED);
  budget->set_mode(v1::Budget::MODE_LIVE);
  budget->set_effective_from_date(kFirstDate);
  budget->set_contribution_weekly_pence(kContributionWeeklyPence);
  for (const Line& line : kLines) {
    v1::BudgetComponent* component = budget->add_components();
    component->set_component_id(line.id);
    component->set_description(line.id);
    component->set_kind(v1::COMPONENT_KIND_ONGOING);
    component->set_category(line.category);
    component->set_weekly_pence(line.weekly_pence);
    AddCouncil(component->mutable_shares());
  }
  return request;
}

v1::RecordStatementRequest StatePlan(const std::string& person) {
  v1::RecordStatementRequest request = Statement(person);
  v1::Plan* plan = request.mutable_resource()->mutable_plan();
  plan->set_name(absl::StrCat(person, "/plans/1"));
  plan->set_kind(v1::Plan::KIND_FULL);
  plan->set_state(v1::Plan::STATE_ACTIVE);
  plan->set_budget(absl::StrCat(person, "/budgets/1"));
  plan->set_start_date(kFirstDate);
  plan->set_active_date(kFirstDate);
  for (const Line& line : kLines) {
    v1::PlanLine* planned = plan->add_lines();
    planned->set_line_id(line.id);
    planned->set_component_id(line.id);
    planned->set_management_option(v1::MANAGEMENT_OPTION_DIRECT_PAYMENT);
    planned->set_category(line.category);
    planned->set_weekly_pence(line.weekly_pence);
  }
  return request;
}

v1::ProposePayeeRequest ProposePayee(const std::string& person) {
  v1::ProposePayeeRequest request;
  request.set_parent(person);
  request.set_kind(v1::PAYEE_KIND_PERSON);
  request.set_account_name("A PERSON");
  request.set_sort_code("000000");
  request.set_account_number("00000001");
  request.set_dedicated_account(true);
  return request;
}

v1::ApprovePayeeRequest ApprovePayee(const std::string& person) {
  v1::ApprovePayeeRequest request;
  request.set_name(absl::StrCat(person, "/payees/1"));
  request.set_account_name_check(v1::ACCOUNT_NAME_CHECK_MATCH);
  request.set_called_back(true);
  request.mutable_decision()->set_reasons("the details were confirmed by a call back");
  return request;
}

v1::OpenAgreementRequest OpenAgreement(const std::string& person) {
  v1::OpenAgreementRequest request;
  request.set_parent(person);
  request.set_plan(absl::StrCat(person, "/plans/1"));
  request.set_payee(absl::StrCat(person, "/payees/1"));
  request.set_management_option(v1::MANAGEMENT_OPTION_DIRECT_PAYMENT);
  request.set_arrangement(v1::FUNDING_ARRANGEMENT_ALIGNED);
  request.set_payment_basis(v1::PAYMENT_BASIS_NET);
  request.set_first_date(kFirstDate);
  return request;
}

v1::RecordSpendingRequest RecordSpending(const std::string& person) {
  v1::RecordSpendingRequest request;
  request.set_parent(person);
  request.set_agreement(absl::StrCat(person, "/agreements/1"));
  request.set_line_id(kLines[0].id);
  request.set_category(kLines[0].category);
  request.set_amount_pence(1864);
  request.set_spent_date(kSpentDate);
  request.set_provider_reference("PA-0001");
  request.add_evidence("payslip/2025-04");
  return request;
}

v1::GetBalanceRequest GetBalance(const std::string& person) {
  v1::GetBalanceRequest request;
  request.set_name(absl::StrCat(person, "/agreements/1"));
  return request;
}

std::vector<std::string> BalanceRecords() { return {"agreements/a1/balance", "agreements/a1"}; }

}  // namespace ipb::bench
