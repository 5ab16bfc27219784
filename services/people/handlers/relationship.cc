#include "services/people/rules/relationship.h"

#include <utility>

#include "common/errors/status_macros.h"
#include "common/names/names.h"
#include "services/people/handlers/handlers.h"
#include "services/people/handlers/rows.h"

namespace ipb::people::handlers {
namespace {

constexpr char kCollection[] = "relationships";

// Whether the caller may know the related person; true where there is only a party.
async::Task<absl::StatusOr<bool>> MayKnow(call::Call& call, std::string related_person) {
  if (related_person.empty()) co_return true;
  auto loading = call.Load(std::move(related_person));
  const absl::StatusOr<call::Subject> related = co_await loading;
  if (absl::IsNotFound(related.status())) co_return false;
  IPB_CO_RETURN_IF_ERROR(related.status());
  co_return related->exists();
}

}  // namespace

Answer<v1::PersonRelationship> RecordRelationship(const Upstreams&, call::Call& call,
                                                  const v1::RecordRelationshipRequest& request) {
  auto loading = call.Load(request.parent());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(const v1::Person person, subject.Get<v1::Person>(request.parent()));
  if (request.related_person() != request.parent()) {
    auto asking = MayKnow(call, request.related_person());
    IPB_CO_ASSIGN_OR_RETURN(const bool known_to_caller, co_await asking);
    if (!known_to_caller) co_return errors::NotFound(request.related_person());
  }
  auto listing = call.AllOf<v1::PersonRelationship>(request.parent(), kCollection);
  IPB_CO_ASSIGN_OR_RETURN(const std::vector<v1::PersonRelationship> known, co_await listing);
  IPB_CO_ASSIGN_OR_RETURN(rules::RelationshipDecision decision,
                          rules::RecordRelationship(person, known, request, call.today()));
  v1::PersonRelationship& relationship = decision.relationship;
  relationship.set_name(names::Child(request.parent(), kCollection, subject.Next(kCollection)));
  call::SetTime(call.now(), relationship.mutable_recorded_time());
  *relationship.mutable_explanation() = Rendered(call, decision.trace);
  subject.Put(relationship);
  auto committing = call.Commit(std::move(subject), std::move(relationship));
  co_return co_await committing;
}

Answer<v1::PersonRelationship> EndRelationship(const Upstreams&, call::Call& call,
                                               const v1::EndRelationshipRequest& request) {
  auto loading = call.Load(request.name(), {call::SubjectOf(request.name())});
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(const v1::Person person, subject.Get<v1::Person>(subject.name()));
  IPB_CO_ASSIGN_OR_RETURN(v1::PersonRelationship relationship,
                          subject.Get<v1::PersonRelationship>(request.name()));
  auto asking = MayKnow(call, relationship.related_person());
  IPB_CO_ASSIGN_OR_RETURN(const bool known_to_caller, co_await asking);
  if (!known_to_caller) co_return errors::NotFound(request.name());
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), relationship));
  IPB_CO_ASSIGN_OR_RETURN(rules::RelationshipDecision decision,
                          rules::EndRelationship(person, std::move(relationship), request, call.today()));
  v1::PersonRelationship& ended = decision.relationship;
  call::SetTime(call.now(), ended.mutable_end_recorded_time());
  *ended.mutable_explanation() = Rendered(call, decision.trace);
  subject.Put(ended);
  auto committing = call.Commit(std::move(subject), std::move(ended));
  co_return co_await committing;
}

Answer<v1::ListRelationshipsResponse> ListRelationships(const Upstreams&, call::Call& call,
                                                        const v1::ListRelationshipsRequest& request) {
  auto viewing =
      ViewOf<v1::PersonRelationship>(call, request, kCollection, rules::InEffectOn<v1::PersonRelationship>);
  IPB_CO_ASSIGN_OR_RETURN(auto page, co_await viewing);
  v1::ListRelationshipsResponse reply;
  for (v1::PersonRelationship& relationship : page.resources) {
    auto asking = MayKnow(call, relationship.related_person());
    IPB_CO_ASSIGN_OR_RETURN(const bool known_to_caller, co_await asking);
    if (known_to_caller) *reply.add_relationships() = std::move(relationship);
  }
  reply.set_next_page_token(page.next_page_token);
  co_return reply;
}

}  // namespace ipb::people::handlers
