#include "services/people/rules/representative.h"

#include <utility>

#include "common/errors/status_macros.h"
#include "common/names/names.h"
#include "services/people/handlers/authority_facts.h"
#include "services/people/handlers/handlers.h"
#include "services/people/handlers/rows.h"

namespace ipb::people::handlers {
namespace {

constexpr char kCollection[] = "representatives";

}  // namespace

Answer<v1::Representative> AppointRepresentative(const Upstreams&, call::Call& call,
                                                 const v1::AppointRepresentativeRequest& request) {
  auto loading = call.Load(request.parent());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  auto reading = ReadAuthorityFacts(call, subject);
  IPB_CO_ASSIGN_OR_RETURN(const rules::AuthorityFacts facts, co_await reading);
  v1::HumanDecision by;
  by.set_reasons(request.reasons());
  by = call.DecidedBy(std::move(by));
  IPB_CO_ASSIGN_OR_RETURN(rules::AppointmentDecision decision,
                          rules::Appoint(facts, request, by, call.today()));
  v1::Representative& representative = decision.representative;
  representative.set_name(names::Child(request.parent(), kCollection, subject.Next(kCollection)));
  call::SetTime(call.now(), representative.mutable_recorded_time());
  *representative.mutable_explanation() = Rendered(call, decision.trace);
  subject.Put(representative);
  auto committing = call.Commit(std::move(subject), std::move(representative));
  co_return co_await committing;
}

Answer<v1::Representative> EndRepresentative(const Upstreams&, call::Call& call,
                                             const v1::EndRepresentativeRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(v1::Representative representative, subject.Get<v1::Representative>(request.name()));
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), representative));
  IPB_CO_ASSIGN_OR_RETURN(representative, rules::EndAppointment(std::move(representative), request));
  call::SetTime(call.now(), representative.mutable_end_recorded_time());
  subject.Put(representative);
  auto committing = call.Commit(std::move(subject), std::move(representative));
  co_return co_await committing;
}

Answer<v1::ListRepresentativesResponse> ListRepresentatives(const Upstreams&, call::Call& call,
                                                            const v1::ListRepresentativesRequest& request) {
  auto viewing =
      ViewOf<v1::Representative>(call, request, kCollection, rules::InEffectOn<v1::Representative>);
  IPB_CO_ASSIGN_OR_RETURN(auto page, co_await viewing);
  v1::ListRepresentativesResponse reply;
  for (v1::Representative& representative : page.resources)
    *reply.add_representatives() = std::move(representative);
  reply.set_next_page_token(page.next_page_token);
  co_return reply;
}

}  // namespace ipb::people::handlers
