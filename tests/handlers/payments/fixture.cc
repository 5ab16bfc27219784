#include "tests/handlers/payments/fixture.h"

#include <thread>
#include <utility>

#include "common/client/access_source.h"
#include "common/dates/civil.h"
#include "common/names/names.h"
#include "services/payments/service.h"
#include "services/people/service.h"
#include "tests/async/wait.h"

namespace ipb::payments {
namespace {

process::Substitutes Counting(std::shared_ptr<StoreCounts> counts) {
  process::Substitutes substitutes;
  substitutes.wrap_engine = CountingEngine("payments", std::move(counts));
  return substitutes;
}

v1::RegisterPersonRequest Registering(const std::string& nhs_number, v1::ResponsibilityRole role) {
  v1::RegisterPersonRequest request;
  request.mutable_identifier()->set_kind(v1::IDENTIFIER_KIND_NHS_NUMBER);
  request.mutable_identifier()->set_value(nhs_number);
  request.set_birth_date("1948-03-15");
  request.set_role(role);
  request.set_effective_from_date("2020-01-01");
  return request;
}

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

std::vector<process::ServiceFactory> WithPayments(std::vector<process::ServiceFactory> services) {
  services.insert(services.begin(), {people::Factory(), Factory()});
  return services;
}

}  // namespace

PaymentsTest::PaymentsTest(std::vector<process::ServiceFactory> beside, const std::string& store)
    : suite_(WithPayments(std::move(beside)), Counting(counts_), true, store),
      people_(v1::PeopleService::NewStub(suite_.channel())),
      statements_(v1::StatementsService::NewStub(suite_.channel())),
      stub_(v1::PaymentsService::NewStub(suite_.channel())),
      person_(NewPerson()) {
  StatePlan(person_);
}

std::string PaymentsTest::NewPerson() {
  using People = v1::PeopleService::Stub;
  const std::string nhs_number = ipb::testing::NewNhsNumber();
  v1::Person person;
  const auto council = Registering(nhs_number, v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE);
  EXPECT_TRUE(suite_.Call(*people_, &People::RegisterPerson, kCouncil, council, &person).ok());
  const std::string name = person.name();
  const auto icb = Registering(nhs_number, v1::RESPONSIBILITY_ROLE_RESPONSIBLE_ICB);
  EXPECT_TRUE(suite_.Call(*people_, &People::RegisterPerson, kIcb, icb, &person).ok());
  v1::AcceptResponsibilityRequest accept;
  accept.set_name(name);
  accept.set_organisation(kIcb.organisation);
  EXPECT_TRUE(suite_.Call(*people_, &People::AcceptResponsibility, kCouncil, accept, &person).ok());
  AwaitPerson(name);
  return name;
}

void PaymentsTest::Die(const std::string& person, const std::string& date) {
  v1::RecordCircumstanceRequest request;
  request.set_parent(person);
  request.set_kind(v1::Circumstance::KIND_DEATH);
  request.set_effective_from_date(date);
  v1::Circumstance reply;
  EXPECT_TRUE(
      suite_.Call(*people_, &v1::PeopleService::Stub::RecordCircumstance, kCouncil, request, &reply).ok());
  AwaitPerson(person);
}

void PaymentsTest::AwaitPerson(const std::string& person) {
  v1::GetPersonRequest request;
  request.set_name(person);
  v1::Person now;
  EXPECT_TRUE(suite_.Call(*people_, &v1::PeopleService::Stub::GetPerson, kCouncil, request, &now).ok());
  const int64_t revision = client::AccessRecordOf(now).person_revision();
  while (true) {
    auto loaded = async::Wait(suite_.process().StoreOf("payments")->Load({person, "", {}}));
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    state::v1::AccessRecord access;
    if (access.ParseFromString(loaded->access) && access.person_revision() >= revision) return;
    std::this_thread::yield();
  }
}

void PaymentsTest::State(const std::string& person, const v1::StatedResource& resource,
                         const std::string& service) {
  v1::RecordStatementRequest request;
  request.set_parent(person);
  request.set_service(service);
  request.set_reference("council records");
  request.set_effective_date("2025-06-02");
  *request.mutable_resource() = resource;
  v1::UpstreamStatement reply;
  const grpc::Status status =
      suite_.Call(*statements_, &v1::StatementsService::Stub::RecordStatement, kCouncil, request, &reply);
  EXPECT_TRUE(status.ok()) << status.error_message();
}

void PaymentsTest::StatePlan(const std::string& person, v1::Plan::State state) {
  v1::StatedResource resource = StatedPlan(person, state);
  State(person, resource);
  *resource.mutable_budget() = AgreedBudget(person);
  State(person, resource);
  v1::Budget* indicative = resource.mutable_budget();
  indicative->set_superseded_by(indicative->name());
  indicative->set_name(names::Child(person, "budgets", 1));
  indicative->clear_plan();
  indicative->set_state(v1::Budget::STATE_SUPERSEDED);
  State(person, resource);
}

v1::StatedResource PaymentsTest::StatedPlan(const std::string& person, v1::Plan::State state) {
  v1::StatedResource resource;
  *resource.mutable_plan() = PlanOf(person, state);
  return resource;
}

void PaymentsTest::StateNecessities(const std::vector<Necessity>& found) {
  v1::StatedResource resource;
  *resource.mutable_plan() = PlanOf(person_, v1::Plan::STATE_ACTIVE);
  for (const Necessity& one : found) {
    v1::PlanApproval* approval = resource.mutable_plan()->add_approvals();
    approval->set_organisation(one.organisation);
    approval->mutable_decision()->set_decision_date("2025-05-26");
    v1::NecessityFinding* finding = approval->add_necessities();
    finding->set_line_id("care");
    finding->set_ground(one.ground);
    finding->set_reasons("Nobody else knows the person's language.");
  }
  State(person_, resource);
}

v1::ProposePayeeRequest PaymentsTest::Proposing(const std::string& person) const {
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

v1::ApprovePayeeRequest PaymentsTest::Approving(const std::string& payee) const {
  v1::ApprovePayeeRequest request;
  request.set_name(payee);
  request.set_account_name_check(v1::ACCOUNT_NAME_CHECK_MATCH);
  request.set_called_back(true);
  request.mutable_decision()->set_reasons("Called back on the number in the file.");
  request.set_request_id(NewRequestId());
  return request;
}

v1::OpenAgreementRequest PaymentsTest::Opening(const std::string& person, const std::string& payee) const {
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

v1::CloseAgreementRequest PaymentsTest::Closing(const std::string& agreement, v1::CloseReason reason) const {
  v1::CloseAgreementRequest request;
  request.set_name(agreement);
  request.set_last_date("2025-06-29");
  request.set_reason(reason);
  request.mutable_decision()->set_decision_date("2025-06-02");
  request.set_request_id(NewRequestId());
  return request;
}

v1::RecordSpendingRequest PaymentsTest::Spending(const std::string& agreement, int64_t amount_pence) const {
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

v1::CreatePaymentRunRequest PaymentsTest::Creating(const std::string& pay_date) const {
  v1::CreatePaymentRunRequest request;
  request.set_pay_date(pay_date);
  request.set_request_id(NewRequestId());
  return request;
}

v1::ReleasePaymentRunRequest PaymentsTest::Releasing(const v1::PaymentRun& run) const {
  v1::ReleasePaymentRunRequest request;
  request.set_name(run.name());
  request.set_digest(run.digest());
  request.set_total_pence(run.total_pence());
  request.mutable_decision()->set_reasons("Looked through it.");
  request.set_request_id(NewRequestId());
  return request;
}

v1::ExportPaymentRunRequest PaymentsTest::Exporting(const v1::PaymentRun& run) const {
  v1::ExportPaymentRunRequest request;
  request.set_name(run.name());
  request.set_request_id(NewRequestId());
  return request;
}

v1::SettlePaymentsRequest PaymentsTest::Settling(const v1::PaymentRun& run, v1::BankResult::Outcome outcome) {
  v1::SettlePaymentsRequest request;
  request.set_name(run.name());
  request.set_request_id(NewRequestId());
  for (const v1::RunPayment& row : Rows(run.name())) {
    v1::BankResult* result = request.add_results();
    result->set_end_to_end_id(row.end_to_end_id());
    result->set_outcome(outcome);
    result->set_outcome_date(dates::Format(dates::InLondon(suite_.clock().Now())));
  }
  return request;
}

std::vector<v1::RunPayment> PaymentsTest::Rows(const std::string& run, int page_size) {
  v1::ListRunPaymentsRequest request;
  request.set_parent(run);
  request.set_page_size(page_size);
  std::vector<v1::RunPayment> rows;
  do {
    const v1::ListRunPaymentsResponse page = Must(&Stub::ListRunPayments, kCouncil, request);
    rows.insert(rows.end(), page.payments().begin(), page.payments().end());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return rows;
}

v1::Payee PaymentsTest::ApprovedPayee(const As& proposer, const As& approver) {
  const v1::Payee payee = Must(&Stub::ProposePayee, proposer, Proposing(person_));
  return Must(&Stub::ApprovePayee, approver, Approving(payee.name()));
}

v1::Agreement PaymentsTest::CouncilAgreement() {
  const v1::Payee payee = ApprovedPayee(kCouncil, kSecondCouncilOfficer);
  return Must(&Stub::OpenAgreement, kCouncil, Opening(person_, payee.name()));
}

v1::Agreement PaymentsTest::IcbAgreement() {
  const v1::Payee payee = ApprovedPayee(kIcb, kSecondIcbOfficer);
  return Must(&Stub::OpenAgreement, kIcb, Opening(person_, payee.name()));
}

}  // namespace ipb::payments
