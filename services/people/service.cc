#include "services/people/service.h"

#include "ipb/v1/people_service.grpc.pb.h"
#include "services/people/handlers/handlers.h"
#include "services/people/work/jobs.h"

namespace ipb::people {
namespace {

class Service final : public v1::PeopleService::CallbackService, public process::HostedService {
 public:
  explicit Service(const server::Serving& serving) : serving_(serving) {}
  grpc::Service* grpc_service() override { return this; }
  std::vector<work::Job> jobs() override { return Jobs(); }
  decisions::Deciders deciders() override {
    return {IPB_DECIDES(AcceptResponsibility), IPB_DECIDES(EndResponsibility), IPB_DECIDES(TransferResponsibility),
            IPB_DECIDES(UpdatePerson), IPB_DECIDES(RecordCircumstance), IPB_DECIDES(EndCircumstance),
            IPB_DECIDES(CorrectCircumstance), IPB_DECIDES(RecordCapacityDecision), IPB_DECIDES(AppointRepresentative),
            IPB_DECIDES(EndRepresentative), IPB_DECIDES(RecordPaymentExclusion), IPB_DECIDES(EndPaymentExclusion)};
  }

  IPB_SERVE(RegisterPerson, RegisterPersonRequest, Person)
  IPB_SERVE(GetPerson, GetPersonRequest, Person)
  IPB_SERVE(LookupPerson, LookupPersonRequest, Person)
  IPB_SERVE(AcceptResponsibility, AcceptResponsibilityRequest, Person)
  IPB_SERVE(EndResponsibility, EndResponsibilityRequest, Person)
  IPB_SERVE(TransferResponsibility, TransferResponsibilityRequest, Person)
  IPB_SERVE(ClaimUrgentResponsibility, ClaimUrgentResponsibilityRequest, Person)
  IPB_SERVE(AddIdentifier, AddIdentifierRequest, Person)
  IPB_SERVE(RemoveIdentifier, RemoveIdentifierRequest, Person)
  IPB_SERVE(UpdatePerson, UpdatePersonRequest, Person)
  IPB_SERVE(MergePeople, MergePeopleRequest, Person)
  IPB_SERVE(SplitPerson, SplitPersonRequest, Person)
  IPB_SERVE(RecordCircumstance, RecordCircumstanceRequest, Circumstance)
  IPB_SERVE(EndCircumstance, EndCircumstanceRequest, Circumstance)
  IPB_SERVE(ListCircumstances, ListCircumstancesRequest, ListCircumstancesResponse)
  IPB_SERVE(CorrectCircumstance, CorrectCircumstanceRequest, Circumstance)
  IPB_SERVE(RecordCapacityDecision, RecordCapacityDecisionRequest, CapacityDecision)
  IPB_SERVE(ListCapacityDecisions, ListCapacityDecisionsRequest, ListCapacityDecisionsResponse)
  IPB_SERVE(AppointRepresentative, AppointRepresentativeRequest, Representative)
  IPB_SERVE(EndRepresentative, EndRepresentativeRequest, Representative)
  IPB_SERVE(ListRepresentatives, ListRepresentativesRequest, ListRepresentativesResponse)
  IPB_SERVE(GetAuthority, GetAuthorityRequest, Authority)
  IPB_SERVE(RecordPaymentExclusion, RecordPaymentExclusionRequest, PaymentExclusion)
  IPB_SERVE(EndPaymentExclusion, EndPaymentExclusionRequest, PaymentExclusion)
  IPB_SERVE(ListPaymentExclusions, ListPaymentExclusionsRequest, ListPaymentExclusionsResponse)
  IPB_SERVE(RecordRelationship, RecordRelationshipRequest, PersonRelationship)
  IPB_SERVE(EndRelationship, EndRelationshipRequest, PersonRelationship)
  IPB_SERVE(ListRelationships, ListRelationshipsRequest, ListRelationshipsResponse)

 private:
  static constexpr char kService[] = "ipb.v1.PeopleService";
  const server::Serving& serving_;
  const Upstreams upstreams_{};
};

}  // namespace

process::ServiceFactory Factory() {
  return {"people", "people/2", [](const server::Serving& serving, process::Upstreams&) {
            return std::make_unique<Service>(serving);
          }};
}

}  // namespace ipb::people
