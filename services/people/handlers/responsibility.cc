#include "services/people/rules/responsibility.h"

#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "common/policy/policy.h"
#include "services/people/handlers/claim.h"
#include "services/people/handlers/handlers.h"

namespace ipb::people::handlers {
namespace {

// The organisation that a request names, as the rules see it.
rules::Registrant Named(const call::Call& call, const std::string& organisation, absl::CivilDay day) {
  const policy::Policy& policy = *call.environment().policy;
  return {organisation, policy.KindOf(organisation, day), policy.ActsFor(organisation, day)};
}

}  // namespace

Answer<v1::Person> AcceptResponsibility(const Upstreams&, call::Call& call,
                                        const v1::AcceptResponsibilityRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(v1::Person person, subject.Get<v1::Person>(request.name()));
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), person));
  const rules::Registrant asking = Named(call, request.organisation(), call.today());
  IPB_CO_ASSIGN_OR_RETURN(person, rules::Accept(std::move(person), asking, By(call), call.today()));
  PutPerson(subject, person);
  auto committing = call.Commit(std::move(subject), std::move(person));
  co_return co_await committing;
}

Answer<v1::Person> EndResponsibility(const Upstreams&, call::Call& call,
                                     const v1::EndResponsibilityRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(v1::Person person, subject.Get<v1::Person>(request.name()));
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), person));
  IPB_CO_ASSIGN_OR_RETURN(person, rules::End(std::move(person), request, By(call), call.today()));
  PutPerson(subject, person);
  auto committing = call.Commit(std::move(subject), std::move(person));
  co_return co_await committing;
}

Answer<v1::Person> TransferResponsibility(const Upstreams&, call::Call& call,
                                          const v1::TransferResponsibilityRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(v1::Person person, subject.Get<v1::Person>(request.name()));
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), person));
  const absl::CivilDay first = dates::Checked(request.effective_from_date());
  const rules::Registrant successor = Named(call, request.organisation(), first);
  const v1::HumanDecision decision = call.DecidedBy(request.decision());
  IPB_CO_ASSIGN_OR_RETURN(
      person, rules::HandOver(std::move(person), request, decision, By(call), successor, call.today()));
  PutPerson(subject, Stamp(call, person));
  auto committing = call.Commit(std::move(subject), std::move(person));
  co_return co_await committing;
}

Answer<v1::Person> ClaimUrgentResponsibility(const Upstreams&, call::Call& call,
                                             const v1::ClaimUrgentResponsibilityRequest& request) {
  auto finding = FindClaim(call, request.identifier(), "identifier");
  IPB_CO_ASSIGN_OR_RETURN(const FoundClaim found, co_await finding);
  auto following = SurvivorOf(call, found.claim.person());
  IPB_CO_ASSIGN_OR_RETURN(const std::string name, co_await following);
  if (name.empty()) co_return errors::NotFound("a person with this identifier");
  auto loading = call.LoadUnguarded(name, {call::RecordOf(name)});
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  std::optional<v1::Person> person = subject.Find<v1::Person>(name);
  if (!person) co_return errors::NotFound("a person with this identifier");
  if (!person->merged_into().empty()) co_return errors::PersonMerged(name, person->merged_into());
  const v1::HumanDecision decision = call.DecidedBy(request.decision());
  const v1::PeoplePolicy& policy = call.environment().policy->national().people();
  IPB_CO_ASSIGN_OR_RETURN(
      person, rules::ClaimUrgently(*std::move(person), request, decision, By(call), policy, call.today()));
  PutPerson(subject, Stamp(call, *person));
  auto committing = call.Commit(std::move(subject), *std::move(person));
  co_return co_await committing;
}

}  // namespace ipb::people::handlers
