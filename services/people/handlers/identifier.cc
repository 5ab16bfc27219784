#include "services/people/rules/identifier.h"

#include "common/errors/status_macros.h"
#include "services/people/handlers/claim.h"
#include "services/people/handlers/handlers.h"
#include "services/people/work/jobs.h"

namespace ipb::people::handlers {

// The claim first: an identifier whose person does not list it yet leads to the right one all the same, and
// the request repeated lists it.
Answer<v1::Person> AddIdentifier(const Upstreams&, call::Call& call,
                                 const v1::AddIdentifierRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(v1::Person person, subject.Get<v1::Person>(request.name()));
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), person));
  auto finding = FindClaim(call, request.identifier(), "identifier");
  IPB_CO_ASSIGN_OR_RETURN(FoundClaim found, co_await finding);
  auto meeting = Meet(call, found.shown, found.claim);
  IPB_CO_ASSIGN_OR_RETURN(const rules::MetIdentifier met, co_await meeting);
  const int known = person.identifiers_size();
  IPB_CO_ASSIGN_OR_RETURN(person, rules::AddIdentifier(std::move(person), met));
  if (person.identifiers_size() == known) co_return call.Unchanged(subject, std::move(person));
  if (met.claims.empty()) {
    auto pointing = PointClaim(call, std::move(found), request.name());
    IPB_CO_RETURN_IF_ERROR(co_await pointing);
  }
  PutPerson(subject, Stamp(call, person));
  auto committing = call.Commit(std::move(subject), std::move(person));
  co_return co_await committing;
}

// The person first, as the decision that one identifier stays is about all of them; the claim follows as
// work.
Answer<v1::Person> RemoveIdentifier(const Upstreams&, call::Call& call,
                                    const v1::RemoveIdentifierRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(v1::Person person, subject.Get<v1::Person>(request.name()));
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), person));
  auto finding = FindClaim(call, request.identifier(), "identifier");
  IPB_CO_ASSIGN_OR_RETURN(const FoundClaim found, co_await finding);
  auto meeting = Meet(call, found.shown, found.claim);
  IPB_CO_ASSIGN_OR_RETURN(const rules::MetIdentifier met, co_await meeting);
  const v1::HumanDecision decision = call.DecidedBy(request.decision());
  IPB_CO_ASSIGN_OR_RETURN(person, rules::RemoveIdentifier(std::move(person), met, decision, call.today()));
  state::v1::ClaimMove move;
  move.add_claims()->set_name(found.subject.name());
  move.mutable_claims(0)->set_term(found.claim.term());
  PutPerson(subject, Stamp(call, person));
  const std::string id = EnqueueClaimMove(call, subject, move);
  auto committing = CommitAndTry(call, std::move(subject), std::move(person), id);
  co_return co_await committing;
}

}  // namespace ipb::people::handlers
