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
  v1::UpstreamStatement reply;
  const grpc::Status status = suite_.Call(*statements_, &v1::StatementsService::Stub::RecordStatement,
                                          kCouncil, Stating(person, resource, service), &reply);
  EXPECT_TRUE(status.ok()) << status.error_message();
}

void PaymentsTest::StatePlan(const std::string& person, v1::Plan::State state) {
  for (const v1::StatedResource& resource : PlanAndBudgets(person, state)) State(person, resource);
}

void PaymentsTest::StateNecessities(const std::vector<Necessity>& found) {
  v1::StatedResource resource = StatedPlan(person_, v1::Plan::STATE_ACTIVE);
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
