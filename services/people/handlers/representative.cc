#include "common/errors/status_macros.h"
#include "common/names/names.h"
#include "services/people/handlers/handlers.h"
#include "services/people/rules/representative.h"

namespace ipb::people::handlers {
namespace {

constexpr char kCollection[] = "representatives";

}  // namespace

Answer<v1::Representative> AppointRepresentative(const Upstreams&, call::Call& call,
                                                 const v1::AppointRepresentativeRequest& request) {
  auto loading = call.Load(request.parent());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(const v1::Person person, subject.Get<v1::Person>(request.parent()));
  IPB_CO_ASSIGN_OR_RETURN(v1::Representative representative, rules::Appoint(person, request, call.today()));
  representative.set_name(names::Child(request.parent(), kCollection, subject.Next(kCollection)));
  call::SetTime(call.now(), representative.mutable_recorded_time());
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
  subject.Put(representative);
  auto committing = call.Commit(std::move(subject), std::move(representative));
  co_return co_await committing;
}

Answer<v1::ListRepresentativesResponse> ListRepresentatives(const Upstreams&, call::Call& call,
                                                            const v1::ListRepresentativesRequest& request) {
  auto listing = call.ListOf<v1::Representative>(request.parent(), kCollection, request.page_size(),
                                                 request.page_token());
  IPB_CO_ASSIGN_OR_RETURN(auto page, co_await listing);
  v1::ListRepresentativesResponse reply;
  for (v1::Representative& representative : page.resources) *reply.add_representatives() = std::move(representative);
  reply.set_next_page_token(page.next_page_token);
  co_return reply;
}

}  // namespace ipb::people::handlers
