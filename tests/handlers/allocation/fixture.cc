#include "tests/handlers/allocation/fixture.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/client/grpc_status.h"
#include "common/errors/errors.h"
#include "ipb/v1/eligibility_service.grpc.pb.h"
#include "services/allocation/service.h"
#include "services/people/service.h"

namespace ipb::allocation {
namespace {

class KnownDeterminations final : public v1::EligibilityService::CallbackService,
                                  public process::HostedService {
 public:
  explicit KnownDeterminations(const Determinations& known) : known_(known) {}
  grpc::Service* grpc_service() override { return this; }

  grpc::ServerUnaryReactor* GetDetermination(grpc::CallbackServerContext* context,
                                             const v1::GetDeterminationRequest* request,
                                             v1::Determination* reply) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    const auto found = known_.find(request->name());
    if (found != known_.end()) *reply = found->second;
    reactor->Finish(found != known_.end() ? grpc::Status::OK
                                          : client::ToGrpc(errors::NotFound(request->name())));
    return reactor;
  }

 private:
  const Determinations& known_;
};

process::ServiceFactory EligibilityOf(const Determinations& known) {
  return {"eligibility", "eligibility/test", [&known](const server::Serving&, process::Upstreams&) {
            return std::make_unique<KnownDeterminations>(known);
          }};
}

}  // namespace

AllocationTest::AllocationTest(bool with_eligibility, process::Substitutes substitutes) {
  std::vector<process::ServiceFactory> factories = {people::Factory(), Factory()};
  if (with_eligibility) factories.push_back(EligibilityOf(determinations_));
  suite_ = std::make_unique<testing::RunningSuite>(std::move(factories), std::move(substitutes));
  stub_ = v1::AllocationService::NewStub(suite_->channel());
  people_ = v1::PeopleService::NewStub(suite_->channel());
}

std::string AllocationTest::NewPerson() {
  using People = v1::PeopleService::StubInterface;
  auto request = Text<v1::RegisterPersonRequest>(
      "identifier { kind: IDENTIFIER_KIND_NHS_NUMBER } birth_date: '1975-03-01' "
      "role: RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE effective_from_date: '2025-04-01'");
  request.mutable_identifier()->set_value(testing::NewNhsNumber());
  v1::Person person, ignored;
  EXPECT_TRUE(suite_->Call(*people_, &People::RegisterPerson, kCouncil, request, &person).ok());
  request.set_role(v1::RESPONSIBILITY_ROLE_RESPONSIBLE_ICB);
  EXPECT_TRUE(suite_->Call(*people_, &People::RegisterPerson, kIcb, request, &ignored).ok());
  v1::AcceptResponsibilityRequest accept;
  accept.set_name(person.name());
  accept.set_organisation(kIcb.organisation);
  EXPECT_TRUE(suite_->Call(*people_, &People::AcceptResponsibility, kCouncil, accept, &ignored).ok());
  v1::Determination& determination = Determination(absl::StrCat(person.name(), "/determinations/1"));
  determination = Text<v1::Determination>(
      "state: STATE_NOTIFIED regime: ELIGIBILITY_REGIME_CARE_ACT_ADULT outcome: ELIGIBILITY_OUTCOME_ELIGIBLE "
      "effective_from_date: '2025-05-01'");
  determination.set_name(absl::StrCat(person.name(), "/determinations/1"));
  return person.name();
}

std::string AllocationTest::RecordDeath(const std::string& person, const std::string& date) {
  v1::RecordCircumstanceRequest request;
  request.set_parent(person);
  request.set_kind(v1::Circumstance::KIND_DEATH);
  request.set_effective_from_date(date);
  v1::Circumstance recorded;
  EXPECT_TRUE(suite_
                  ->Call(*people_, &v1::PeopleService::StubInterface::RecordCircumstance, kCouncil, request,
                         &recorded)
                  .ok());
  return recorded.name();
}

void AllocationTest::TakeBack(const std::string& death) {
  v1::CorrectCircumstanceRequest request;
  request.set_name(death);
  request.set_recorded_in_error(true);
  request.mutable_decision()->set_reasons("It was somebody else of that name.");
  v1::Circumstance corrected;
  EXPECT_TRUE(suite_
                  ->Call(*people_, &v1::PeopleService::StubInterface::CorrectCircumstance, kCouncil, request,
                         &corrected)
                  .ok());
}

v1::Budget AllocationTest::Agreed(const std::string& person) {
  Must(&Stub::RecordFinancialAssessment, kCouncil, MeansRequest(person));
  const v1::Budget indicative = Must(&Stub::CreateBudget, kCouncil, JointRequest(person));
  return Must(&Stub::AgreeBudget, kCouncil, AgreeRequest(indicative));
}

}  // namespace ipb::allocation
