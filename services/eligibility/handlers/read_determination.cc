#include <optional>

#include "common/dates/civil.h"
#include "common/dates/instant.h"
#include "common/errors/status_macros.h"
#include "common/policy/policy.h"
#include "services/eligibility/handlers/facts.h"
#include "services/eligibility/handlers/handlers.h"
#include "services/eligibility/rules/entitlements.h"
#include "services/eligibility/rules/owing.h"
#include "services/eligibility/rules/pending.h"
#include "services/eligibility/rules/transition.h"

namespace ipb::eligibility::handlers {

Answer<v1::Determination> GetDetermination(const Upstreams&, call::Call& call,
                                           const v1::GetDeterminationRequest& request) {
  auto loading = call.Load(request.name(), {call::ExplanationRecordOf(request.name())});
  IPB_CO_ASSIGN_OR_RETURN(const call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(v1::Determination determination, subject.Get<v1::Determination>(request.name()));
  JoinExplanation(subject, determination);
  co_return determination;
}

Answer<v1::ListDeterminationsResponse> ListDeterminations(const Upstreams&, call::Call& call,
                                                          const v1::ListDeterminationsRequest& request) {
  auto listing = call.ListOf<v1::Determination>(request.parent(), kDeterminations, request.page_size(),
                                                request.page_token());
  IPB_CO_ASSIGN_OR_RETURN(auto page, co_await listing);
  v1::ListDeterminationsResponse reply;
  for (v1::Determination& determination : page.resources)
    *reply.add_determinations() = std::move(determination);
  reply.set_next_page_token(page.next_page_token);
  co_return reply;
}

Answer<v1::GetEntitlementsResponse> GetEntitlements(const Upstreams&, call::Call& call,
                                                    const v1::GetEntitlementsRequest& request) {
  auto loading = call.Load(request.parent());
  IPB_CO_ASSIGN_OR_RETURN(const call::Subject subject, co_await loading);
  auto gathering = RecordOf(call, subject.name());
  IPB_CO_ASSIGN_OR_RETURN(PersonRecord record, co_await gathering);
  const absl::CivilDay day =
      request.as_of_date().empty() ? call.today() : dates::Checked(request.as_of_date());
  std::optional<absl::Time> known_at;
  if (request.has_as_known_at()) known_at = dates::InstantOf(request.as_known_at());
  std::optional<absl::CivilDay> death;
  if (!subject.access().death_date().empty()) death = dates::Checked(subject.access().death_date());
  IPB_CO_ASSIGN_OR_RETURN(std::vector<v1::Entitlement> entitlements,
                          EntitlementsOn(day, known_at, record.determinations, death, PolicyOf(call),
                                         call.environment().policy->version()));
  record = AsKnown(std::move(record), known_at);
  const v1::Person person = AsKnown(AsLastHeard(subject), known_at);
  v1::GetEntitlementsResponse reply;
  for (v1::Entitlement& entitlement : entitlements) {
    NameWhoOwes(person, day, entitlement);
    *reply.add_entitlements() = std::move(entitlement);
  }
  for (v1::PendingDecision& pending : PendingOn(day, record, PolicyOf(call))) {
    *reply.add_pending_decisions() = std::move(pending);
  }
  const bool alive = !death || day <= *death;
  const absl::CivilDay birth = dates::Checked(subject.access().birth_date());
  std::vector<v1::TransitionStep> steps = TransitionSteps(birth, day, record, PolicyOf(call));
  if (!alive || !ShowsTransition(steps, record, day)) co_return reply;
  for (v1::TransitionStep& step : steps) *reply.add_transition_steps() = std::move(step);
  co_return reply;
}

}  // namespace ipb::eligibility::handlers
