#include "services/people/rules/merge.h"

#include "absl/strings/str_cat.h"
#include "common/errors/status_macros.h"
#include "common/names/names.h"
#include "services/people/handlers/claim.h"
#include "services/people/handlers/handlers.h"
#include "services/people/work/jobs.h"

namespace ipb::people::handlers {
namespace {

Answer<v1::Person> UndoMerge(call::Call& call, call::Subject subject, v1::Person person,
                             const v1::SplitPersonRequest& request) {
  auto loading = call.LoadUnguarded(request.merged(), {call::RecordOf(request.merged())});
  IPB_CO_ASSIGN_OR_RETURN(const call::Subject other, co_await loading);
  const v1::Person merged = other.Find<v1::Person>(request.merged()).value_or(v1::Person());
  const v1::HumanDecision decision = call.DecidedBy(request.decision());
  IPB_CO_ASSIGN_OR_RETURN(person, rules::Undo(std::move(person), merged, decision, By(call), call.today()));
  PutPerson(subject, Stamp(call, person));
  const std::string id = EnqueueUndoing(call, subject, merged);
  auto committing = CommitAndTry(call, std::move(subject), std::move(person), id);
  co_return co_await committing;
}

Answer<v1::Person> SeparateNew(call::Call& call, call::Subject subject, v1::Person person,
                               const v1::SplitPersonRequest& request) {
  state::v1::ClaimMove move;
  std::vector<rules::MetIdentifier> identifiers;
  for (int i = 0; i < request.identifiers_size(); ++i) {
    auto finding = FindClaim(call, request.identifiers(i), absl::StrCat("identifiers[", i, "]"));
    IPB_CO_ASSIGN_OR_RETURN(const FoundClaim found, co_await finding);
    auto meeting = Meet(call, found.shown, found.claim);
    IPB_CO_ASSIGN_OR_RETURN(rules::MetIdentifier met, co_await meeting);
    identifiers.push_back(std::move(met));
    state::v1::SeenClaim* seen = move.add_claims();
    seen->set_name(found.subject.name());
    seen->set_term(found.claim.term());
  }
  const std::string other = absl::StrCat(
      "people/", names::PersonIdFor(absl::StrCat(subject.name(), "|", subject.revision().commit_id)));
  const v1::HumanDecision decision = call.DecidedBy(request.decision());
  IPB_CO_ASSIGN_OR_RETURN(rules::Separated separated, rules::Separate(std::move(person), identifiers, other,
                                                                      request, decision, call.today()));
  *move.mutable_person() = Stamp(call, separated.other);
  PutPerson(subject, Stamp(call, separated.person));
  const std::string id = EnqueueClaimMove(call, subject, move);
  auto committing = CommitAndTry(call, std::move(subject), std::move(separated.person), id);
  co_return co_await committing;
}

}  // namespace

// The merged person first, which from then on points to the survivor; what the survivor gets follows as work.
Answer<v1::Person> MergePeople(const Upstreams&, call::Call& call, const v1::MergePeopleRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(v1::Person person, subject.Get<v1::Person>(request.name()));
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), person));
  // Whoever may not change the survivor learns into whom they were merged from the refusal itself.
  auto admitting = call.Load(request.survivor());
  IPB_CO_ASSIGN_OR_RETURN(const call::Subject other, co_await admitting);
  IPB_CO_ASSIGN_OR_RETURN(const v1::Person survivor, other.Get<v1::Person>(request.survivor()));
  const v1::HumanDecision decision = call.DecidedBy(request.decision());
  IPB_CO_ASSIGN_OR_RETURN(person, rules::Merge(std::move(person), survivor, decision, call.today()));
  PutPerson(subject, Stamp(call, person));
  const std::string id = EnqueueCarrying(call, subject);
  auto committing = CommitAndTry(call, std::move(subject), std::move(person), id);
  co_return co_await committing;
}

Answer<v1::Person> SplitPerson(const Upstreams&, call::Call& call, const v1::SplitPersonRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(v1::Person person, subject.Get<v1::Person>(request.name()));
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), person));
  if (request.merged().empty() == (request.identifiers_size() == 0)) {
    co_return errors::InvalidField("merged",
                                   "give either who was merged wrongly, or the identifiers of the other");
  }
  auto splitting = request.merged().empty()
                       ? SeparateNew(call, std::move(subject), std::move(person), request)
                       : UndoMerge(call, std::move(subject), std::move(person), request);
  co_return co_await splitting;
}

}  // namespace ipb::people::handlers
