#include "services/people/rules/capacity.h"

#include <utility>

#include "common/errors/status_macros.h"
#include "common/names/names.h"
#include "services/people/handlers/handlers.h"
#include "services/people/handlers/rows.h"

namespace ipb::people::handlers {
namespace {

constexpr char kCollection[] = "capacityDecisions";

}  // namespace

Answer<v1::CapacityDecision> RecordCapacityDecision(const Upstreams&, call::Call& call,
                                                    const v1::RecordCapacityDecisionRequest& request) {
  auto loading = call.Load(request.parent());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  rules::CapacityFacts facts;
  IPB_CO_ASSIGN_OR_RETURN(facts.person, subject.Get<v1::Person>(request.parent()));
  facts.by = call.DecidedBy(request.decision());
  auto listing = call.AllOf<v1::CapacityDecision>(request.parent(), kCollection);
  IPB_CO_ASSIGN_OR_RETURN(facts.known, co_await listing);
  IPB_CO_ASSIGN_OR_RETURN(rules::CapacityChange change, rules::RecordCapacity(facts, request, call.today()));
  v1::CapacityDecision& finding = change.finding;
  finding.set_name(names::Child(request.parent(), kCollection, subject.Next(kCollection)));
  call::SetTime(call.now(), finding.mutable_recorded_time());
  if (!finding.superseded_by().empty()) call::SetTime(call.now(), finding.mutable_superseded_time());
  *finding.mutable_explanation() = Rendered(call, change.trace);
  subject.Put(finding);
  if (!change.superseded.name().empty()) {
    change.superseded.set_superseded_by(finding.name());
    call::SetTime(call.now(), change.superseded.mutable_superseded_time());
    subject.Put(change.superseded);
  }
  auto committing = call.Commit(std::move(subject), std::move(finding));
  co_return co_await committing;
}

Answer<v1::ListCapacityDecisionsResponse> ListCapacityDecisions(
    const Upstreams&, call::Call& call, const v1::ListCapacityDecisionsRequest& request) {
  auto viewing = ViewOf<v1::CapacityDecision>(call, request, kCollection, rules::CapacityDecisionsOn);
  IPB_CO_ASSIGN_OR_RETURN(auto page, co_await viewing);
  v1::ListCapacityDecisionsResponse reply;
  for (v1::CapacityDecision& finding : page.resources) *reply.add_capacity_decisions() = std::move(finding);
  reply.set_next_page_token(page.next_page_token);
  co_return reply;
}

}  // namespace ipb::people::handlers
