#include "tests/handlers/careplanning/fixture.h"

#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/client/metadata.h"
#include "ipb/v1/eligibility_service.grpc.pb.h"
#include "services/allocation/service.h"
#include "services/careplanning/service.h"
#include "services/people/service.h"
#include "tests/handlers/allocation/requests.h"
#include "tests/support/text.h"

namespace ipb::careplanning {
namespace {

using ipb::testing::Text;

class Eligibility final : public v1::EligibilityService::CallbackService, public process::HostedService {
 public:
  grpc::Service* grpc_service() override { return this; }

  grpc::ServerUnaryReactor* GetDetermination(grpc::CallbackServerContext* context,
                                             const v1::GetDeterminationRequest* request,
                                             v1::Determination* reply) override {
    *reply = Text<v1::Determination>(
        "state: STATE_NOTIFIED regime: ELIGIBILITY_REGIME_CARE_ACT_ADULT outcome: ELIGIBILITY_OUTCOME_ELIGIBLE "
        "effective_from_date: '2025-05-01'");
    reply->set_name(request->name());
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

class Allocation final : public v1::AllocationService::CallbackService, public process::HostedService {
 public:
  explicit Allocation(ScriptedAllocation& script) : script_(script) {}
  grpc::Service* grpc_service() override { return this; }

  grpc::ServerUnaryReactor* GetBudget(grpc::CallbackServerContext* context, const v1::GetBudgetRequest*,
                                      v1::Budget* reply) override {
    const std::lock_guard lock(script_.mutex);
    *reply = script_.budget;
    return Finish(context, grpc::Status::OK);
  }

  grpc::ServerUnaryReactor* AgreeBudget(grpc::CallbackServerContext* context,
                                        const v1::AgreeBudgetRequest* request, v1::Budget* reply) override {
    const std::lock_guard lock(script_.mutex);
    script_.asked.push_back(*request);
    const auto caller = context->client_metadata().find(client::kOrganisation);
    script_.callers.emplace_back(caller->second.data(), caller->second.size());
    if (script_.answers.empty()) {
      *reply = script_.budget;
      reply->set_name(absl::StrCat(request->name(), "0"));
      reply->set_state(v1::Budget::STATE_AGREED);
      return Finish(context, grpc::Status::OK);
    }
    const grpc::Status answer = script_.answers.front();
    script_.answers.pop_front();
    return Finish(context, answer);
  }

 private:
  static grpc::ServerUnaryReactor* Finish(grpc::CallbackServerContext* context, const grpc::Status& status) {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(status);
    return reactor;
  }

  ScriptedAllocation& script_;
};

template <typename Service, typename... Arguments>
process::ServiceFactory Pretend(const std::string& name, Arguments&... arguments) {
  return {name, name + "/test", [&arguments...](const server::Serving&, process::Upstreams&) {
            return std::make_unique<Service>(arguments...);
          }};
}

}  // namespace

std::vector<process::ServiceFactory> Services(ScriptedAllocation* scripted) {
  return {people::Factory(), Pretend<Eligibility>("eligibility"),
          scripted == nullptr ? allocation::Factory() : Pretend<Allocation>("allocation", *scripted), Factory()};
}

Planning::Planning(std::unique_ptr<ipb::testing::RunningSuite> suite) : suite_(std::move(suite)) {
  stub_ = v1::CarePlanningService::NewStub(suite_->channel());
  money_ = v1::AllocationService::NewStub(suite_->channel());
  people_ = v1::PeopleService::NewStub(suite_->channel());
}

CarePlanningTest::CarePlanningTest(ScriptedAllocation* scripted)
    : Planning(std::make_unique<ipb::testing::RunningSuite>(Services(scripted))) {
  person_ = NewPerson();
}

void Planning::StartAlone() {
  suite_ = std::make_unique<ipb::testing::RunningSuite>(std::vector<process::ServiceFactory>{Factory()});
  stub_ = v1::CarePlanningService::NewStub(suite_->channel());
  statements_ = v1::StatementsService::NewStub(suite_->channel());
  auto request = Text<v1::RecordStatementRequest>(
      "resource { person { birth_date: '1975-03-01' "
      "  responsibilities { organisation: 'E10000019' role: RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE "
      "    state: STATE_ACCEPTED effective_from_date: '2025-04-01' } "
      "  responsibilities { organisation: 'QZZ' role: RESPONSIBILITY_ROLE_RESPONSIBLE_ICB "
      "    state: STATE_ACCEPTED effective_from_date: '2025-04-01' } } }");
  request.mutable_resource()->mutable_person()->set_name(person_);
  State(std::move(request));
}

void Planning::StateBudget(const v1::Budget& budget) {
  v1::RecordStatementRequest request;
  *request.mutable_resource()->mutable_budget() = budget;
  State(std::move(request));
}

void Planning::State(v1::RecordStatementRequest request) {
  request.set_parent(person_);
  request.set_service("careplanning");
  request.set_reference("case 7");
  request.set_effective_date("2025-06-02");
  Must(*statements_, &v1::StatementsService::Stub::RecordStatement, kWriter, request);
}

std::string Planning::NewPerson() {
  auto request = Text<v1::RegisterPersonRequest>(
      "identifier { kind: IDENTIFIER_KIND_NHS_NUMBER } birth_date: '1975-03-01' "
      "role: RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE effective_from_date: '2025-04-01'");
  request.mutable_identifier()->set_value(ipb::testing::NewNhsNumber());
  const v1::Person person = Must(*people_, &People::RegisterPerson, kWriter, request);
  request.set_role(v1::RESPONSIBILITY_ROLE_RESPONSIBLE_ICB);
  Must(*people_, &People::RegisterPerson, kNurse, request);
  v1::AcceptResponsibilityRequest accept;
  accept.set_name(person.name());
  accept.set_organisation(kNurse.organisation);
  Must(*people_, &People::AcceptResponsibility, kWriter, accept);
  return person.name();
}

void Planning::Die(const std::string& date) {
  v1::RecordCircumstanceRequest request;
  request.set_parent(person_);
  request.set_kind(v1::Circumstance::KIND_DEATH);
  request.set_effective_from_date(date);
  Must(*people_, &People::RecordCircumstance, kWriter, request);
}

v1::Representative Planning::AppointSister() {
  auto finding = Text<v1::RecordCapacityDecisionRequest>(
      "matter: MATTER_DIRECT_PAYMENT outcome: OUTCOME_LACKS_CAPACITY assessor: 'writer-1' impairment: true "
      "support_given: 'pictures' inabilities: INABILITY_USE_OR_WEIGH decision { reasons: 'cannot weigh costs' } "
      "best_interests { options_considered: 'managed' options_considered: 'her sister' option_chosen: 'her sister' "
      "  least_restrictive_reasons: 'she keeps her assistants' consulted { party: 'sister-1' role: ROLE_CARER_OR_FAMILY } }");
  finding.set_parent(person_);
  Must(*people_, &People::RecordCapacityDecision, kWriter, finding);
  auto appoint = Text<v1::AppointRepresentativeRequest>(
      "kind: KIND_AUTHORISED_PERSON party: 'sister-1' ground: GROUND_NOBODY_MCA_AUTHORISED closeness: CLOSENESS_FAMILY "
      "reasons: 'lacks capacity to manage money; best interests meeting of 1 June' "
      "conditions { agrees: true suitable: true best_interests: true capable: true appropriate: true }");
  appoint.set_parent(person_);
  return Must(*people_, &People::AppointRepresentative, kWriter, appoint);
}

v1::Budget Planning::NewBudget(v1::Budget::Mode mode) {
  return Must(*money_, &Money::CreateBudget, kWriter, Budgeting(person_, mode));
}

void Planning::AssessMeans() {
  Must(*money_, &Money::RecordFinancialAssessment, kWriter, allocation::MeansRequest(person_));
}

v1::CreatePlanRequest Planning::Creating(const std::string& budget) const {
  return careplanning::Creating(person_, budget);
}

v1::Plan Planning::Get(const std::string& name, const As& as) {
  v1::GetPlanRequest request;
  request.set_name(name);
  return Must(&Stub::GetPlan, as, request);
}

v1::Plan Planning::Propose(const v1::CreatePlanRequest& request) {
  v1::UpdatePlanRequest clinical;
  *clinical.mutable_plan() = request.plan();
  clinical.mutable_plan()->set_name(Must(&Stub::CreatePlan, kWriter, request).name());
  clinical.mutable_update_mask()->add_paths("profile");
  clinical.mutable_update_mask()->add_paths("needs");
  return Propose(Must(&Stub::UpdatePlan, kNurse, clinical).name());
}

v1::Plan Planning::Propose(const std::string& name) {
  v1::ProposePlanRequest request;
  request.set_name(name);
  return Must(&Stub::ProposePlan, kWriter, request);
}

v1::Plan Planning::AlmostApproved(const v1::CreatePlanRequest& request) {
  const std::string name = Propose(request).name();
  Must(&Stub::SignPlan, kWriter, Signing(name));
  return Must(&Stub::ApprovePlan, kLead, NhsApproval(name));
}

void Planning::AwaitState(const std::string& name, v1::Plan::State state) {
  const absl::Time last = absl::Now() + absl::Seconds(20);
  while (Get(name).state() != state && absl::Now() < last) {
    suite_->clock().Set(suite_->clock().Now() + absl::Seconds(30));
    suite_->FinishWork("careplanning");
    std::this_thread::yield();
  }
  EXPECT_EQ(Get(name).state(), state);
}

}  // namespace ipb::careplanning
