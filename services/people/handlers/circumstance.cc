#include "common/errors/status_macros.h"
#include "common/names/names.h"
#include "services/people/handlers/claim.h"
#include "services/people/handlers/handlers.h"
#include "services/people/rules/circumstance.h"

namespace ipb::people::handlers {
namespace {

constexpr char kCollection[] = "circumstances";

}  // namespace

Answer<v1::Circumstance> RecordCircumstance(const Upstreams&, call::Call& call,
                                            const v1::RecordCircumstanceRequest& request) {
  auto loading = call.Load(request.parent());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(v1::Person person, subject.Get<v1::Person>(request.parent()));
  IPB_CO_ASSIGN_OR_RETURN(rules::CircumstanceDecision decision,
                          rules::RecordCircumstance(std::move(person), request, call.today()));
  v1::Circumstance& circumstance = decision.circumstance;
  circumstance.set_name(names::Child(request.parent(), kCollection, subject.Next(kCollection)));
  call::SetTime(call.now(), circumstance.mutable_recorded_time());
  subject.Put(circumstance);
  if (circumstance.kind() == v1::Circumstance::KIND_DEATH) PutPerson(subject, decision.person);
  auto committing = call.Commit(std::move(subject), std::move(circumstance));
  co_return co_await committing;
}

Answer<v1::Circumstance> EndCircumstance(const Upstreams&, call::Call& call,
                                         const v1::EndCircumstanceRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(v1::Circumstance circumstance, subject.Get<v1::Circumstance>(request.name()));
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), circumstance));
  IPB_CO_ASSIGN_OR_RETURN(circumstance, rules::EndCircumstance(std::move(circumstance), request, call.today()));
  subject.Put(circumstance);
  auto committing = call.Commit(std::move(subject), std::move(circumstance));
  co_return co_await committing;
}

Answer<v1::ListCircumstancesResponse> ListCircumstances(const Upstreams&, call::Call& call,
                                                        const v1::ListCircumstancesRequest& request) {
  auto listing = call.ListOf<v1::Circumstance>(request.parent(), kCollection, request.page_size(),
                                               request.page_token());
  IPB_CO_ASSIGN_OR_RETURN(auto page, co_await listing);
  v1::ListCircumstancesResponse reply;
  for (v1::Circumstance& circumstance : page.resources) *reply.add_circumstances() = std::move(circumstance);
  reply.set_next_page_token(page.next_page_token);
  co_return reply;
}

}  // namespace ipb::people::handlers
