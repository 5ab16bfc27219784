#include "services/people/rules/payment_exclusion.h"

#include <utility>

#include "common/errors/status_macros.h"
#include "common/names/names.h"
#include "services/people/handlers/handlers.h"
#include "services/people/handlers/rows.h"

namespace ipb::people::handlers {
namespace {

constexpr char kCollection[] = "paymentExclusions";

}  // namespace

Answer<v1::PaymentExclusion> RecordPaymentExclusion(const Upstreams&, call::Call& call,
                                                    const v1::RecordPaymentExclusionRequest& request) {
  auto loading = call.Load(request.parent());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  rules::ExclusionFacts facts;
  IPB_CO_ASSIGN_OR_RETURN(facts.person, subject.Get<v1::Person>(request.parent()));
  facts.by = call.DecidedBy(request.decision());
  auto listing = call.AllOf<v1::PaymentExclusion>(request.parent(), kCollection);
  IPB_CO_ASSIGN_OR_RETURN(facts.known, co_await listing);
  IPB_CO_ASSIGN_OR_RETURN(rules::ExclusionDecision decision,
                          rules::RecordExclusion(facts, request, call.today()));
  v1::PaymentExclusion& exclusion = decision.exclusion;
  exclusion.set_name(names::Child(request.parent(), kCollection, subject.Next(kCollection)));
  call::SetTime(call.now(), exclusion.mutable_recorded_time());
  *exclusion.mutable_explanation() = Rendered(call, decision.trace);
  subject.Put(exclusion);
  auto committing = call.Commit(std::move(subject), std::move(exclusion));
  co_return co_await committing;
}

Answer<v1::PaymentExclusion> EndPaymentExclusion(const Upstreams&, call::Call& call,
                                                 const v1::EndPaymentExclusionRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  rules::ExclusionFacts facts;
  IPB_CO_ASSIGN_OR_RETURN(facts.exclusion, subject.Get<v1::PaymentExclusion>(request.name()));
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), facts.exclusion));
  IPB_CO_ASSIGN_OR_RETURN(rules::ExclusionDecision decision,
                          rules::EndExclusion(facts, request, call.today()));
  v1::PaymentExclusion& exclusion = decision.exclusion;
  call::SetTime(call.now(), exclusion.mutable_end_recorded_time());
  *exclusion.mutable_explanation() = Rendered(call, decision.trace);
  subject.Put(exclusion);
  auto committing = call.Commit(std::move(subject), std::move(exclusion));
  co_return co_await committing;
}

Answer<v1::ListPaymentExclusionsResponse> ListPaymentExclusions(
    const Upstreams&, call::Call& call, const v1::ListPaymentExclusionsRequest& request) {
  auto viewing =
      ViewOf<v1::PaymentExclusion>(call, request, kCollection, rules::InEffectOn<v1::PaymentExclusion>);
  IPB_CO_ASSIGN_OR_RETURN(auto page, co_await viewing);
  v1::ListPaymentExclusionsResponse reply;
  for (v1::PaymentExclusion& exclusion : page.resources)
    *reply.add_payment_exclusions() = std::move(exclusion);
  reply.set_next_page_token(page.next_page_token);
  co_return reply;
}

}  // namespace ipb::people::handlers
