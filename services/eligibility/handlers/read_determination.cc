#include <optional>

#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "common/policy/policy.h"
#include "services/eligibility/handlers/facts.h"
#include "services/eligibility/handlers/handlers.h"
#include "services/eligibility/rules/childrens_continuing_care.h"
#include "services/eligibility/rules/entitlements.h"
#include "services/eligibility/rules/regime.h"

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
  auto listing = DeterminationsOf(call, subject.name());
  IPB_CO_ASSIGN_OR_RETURN(const std::vector<v1::Determination> determinations, co_await listing);
  const absl::CivilDay day =
      request.as_of_date().empty() ? call.today() : dates::Checked(request.as_of_date());
  std::optional<absl::Time> known_at;
  if (request.has_as_known_at()) {
    known_at = absl::FromUnixSeconds(request.as_known_at().seconds()) +
               absl::Nanoseconds(request.as_known_at().nanos());
  }
  std::optional<absl::CivilDay> death;
  if (!subject.access().death_date().empty()) death = dates::Checked(subject.access().death_date());
  IPB_CO_ASSIGN_OR_RETURN(std::vector<v1::Entitlement> entitlements,
                          EntitlementsOn(day, known_at, determinations, death, PolicyOf(call),
                                         call.environment().policy->version()));
  v1::GetEntitlementsResponse reply;
  bool child = false;
  for (v1::Entitlement& entitlement : entitlements) {
    child = child || IsForChildren(entitlement.regime());
    *reply.add_entitlements() = std::move(entitlement);
  }
  if (!child) co_return reply;
  const absl::CivilDay birth = dates::Checked(subject.access().birth_date());
  for (v1::TransitionStep& step : TransitionSteps(birth, day, PolicyOf(call))) {
    *reply.add_transition_steps() = std::move(step);
  }
  co_return reply;
}

}  // namespace ipb::eligibility::handlers
