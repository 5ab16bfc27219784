#include "common/errors/status_macros.h"
#include "services/people/handlers/claim.h"
#include "services/people/handlers/handlers.h"
#include "services/people/handlers/rows.h"
#include "services/people/rules/person.h"

namespace ipb::people::handlers {
namespace {

// The person's relationships, read beside the call: what a decision was made from is shown to everybody
// responsible, and a relationship to whoever may know both people.
async::Task<absl::StatusOr<std::vector<v1::PersonRelationship>>> ReadRelationships(const call::Call& call,
                                                                                   std::string person) {
  call::RequestInfo info;
  info.method = call.info().method;
  call::Call beside(call.environment(), call.caller(), std::move(info));
  auto listing = beside.AllOf<v1::PersonRelationship>(std::move(person), "relationships");
  co_return co_await listing;
}

}  // namespace

Answer<v1::Person> UpdatePerson(const Upstreams&, call::Call& call, const v1::UpdatePersonRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(v1::Person person, subject.Get<v1::Person>(request.name()));
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), person));
  rules::DatedFacts facts;
  auto circumstances = call.AllOf<v1::Circumstance>(request.name(), "circumstances");
  IPB_CO_ASSIGN_OR_RETURN(facts.circumstances, co_await circumstances);
  auto representatives = call.AllOf<v1::Representative>(request.name(), "representatives");
  IPB_CO_ASSIGN_OR_RETURN(facts.representatives, co_await representatives);
  auto capacity = call.AllOf<v1::CapacityDecision>(request.name(), "capacityDecisions");
  IPB_CO_ASSIGN_OR_RETURN(facts.capacity, co_await capacity);
  auto exclusions = call.AllOf<v1::PaymentExclusion>(request.name(), "paymentExclusions");
  IPB_CO_ASSIGN_OR_RETURN(facts.exclusions, co_await exclusions);
  auto relationships = ReadRelationships(call, request.name());
  IPB_CO_ASSIGN_OR_RETURN(facts.relationships, co_await relationships);
  const v1::HumanDecision decision = call.DecidedBy(request.decision());
  IPB_CO_ASSIGN_OR_RETURN(person,
                          rules::CorrectBirthDate(std::move(person), request, decision, facts, call.today()));
  PutPerson(subject, Stamp(call, person));
  auto committing = call.Commit(std::move(subject), std::move(person));
  co_return co_await committing;
}

}  // namespace ipb::people::handlers
