#include "services/eligibility/rules/request.h"

#include "common/errors/status_macros.h"
#include "services/eligibility/handlers/facts.h"
#include "services/eligibility/handlers/handlers.h"
#include "services/eligibility/work/jobs.h"

namespace ipb::eligibility::handlers {
namespace {

// What storing adds to a decision.
v1::SupportRequest& Stamp(const call::Call& call, RequestDecision& decision) {
  call::SetTime(call.now(), decision.request.mutable_recorded_time());
  *decision.request.mutable_explanation() = Explain(call, decision.trace);
  return decision.request;
}

}  // namespace

Answer<v1::SupportRequest> ReceiveRequest(const Upstreams&, call::Call& call,
                                          const v1::ReceiveRequestRequest& request) {
  auto loading = call.Load(request.parent());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  auto asking = PersonOf(call, subject);
  RequestFacts facts;
  IPB_CO_ASSIGN_OR_RETURN(facts.person, co_await asking);
  facts.organisation = call.caller().organisation;
  IPB_CO_ASSIGN_OR_RETURN(RequestDecision decision,
                          DecideReceipt(facts, request, PolicyOf(call), call.today()));
  decision.request.set_name(names::Child(request.parent(), kRequests, subject.Next(kRequests)));
  call::SetTime(call.now(), decision.request.mutable_first_recorded_time());
  v1::SupportRequest& received = Stamp(call, decision);
  subject.Put(received);
  EnqueueClocks(call, subject, received);
  auto committing = call.Commit(std::move(subject), std::move(received));
  co_return co_await committing;
}

Answer<v1::SupportRequest> CloseRequest(const Upstreams&, call::Call& call,
                                        const v1::CloseRequestRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  RequestFacts facts;
  IPB_CO_ASSIGN_OR_RETURN(facts.request, subject.Get<v1::SupportRequest>(request.name()));
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), facts.request));
  auto asking = PersonOf(call, subject);
  IPB_CO_ASSIGN_OR_RETURN(facts.person, co_await asking);
  facts.organisation = call.caller().organisation;
  IPB_CO_ASSIGN_OR_RETURN(RequestDecision decision, DecideClosing(facts, request, call.today()));
  call::SetTime(call.now(), decision.request.mutable_closed_time());
  v1::SupportRequest& closed = Stamp(call, decision);
  subject.Put(closed);
  auto committing = call.Commit(std::move(subject), std::move(closed));
  co_return co_await committing;
}

Answer<v1::ListRequestsResponse> ListRequests(const Upstreams&, call::Call& call,
                                              const v1::ListRequestsRequest& request) {
  auto listing =
      call.ListOf<v1::SupportRequest>(request.parent(), kRequests, request.page_size(), request.page_token());
  IPB_CO_ASSIGN_OR_RETURN(auto page, co_await listing);
  v1::ListRequestsResponse reply;
  for (v1::SupportRequest& one : page.resources) *reply.add_requests() = std::move(one);
  reply.set_next_page_token(page.next_page_token);
  co_return reply;
}

}  // namespace ipb::eligibility::handlers
