#include "services/people/rules/authority.h"

#include <utility>

#include "common/errors/status_macros.h"
#include "common/policy/policy.h"
#include "services/people/handlers/authority_facts.h"
#include "services/people/handlers/handlers.h"
#include "services/people/handlers/rows.h"

namespace ipb::people::handlers {

async::Task<absl::StatusOr<rules::AuthorityFacts>> ReadAuthorityFacts(call::Call& call,
                                                                      const call::Subject& subject) {
  rules::AuthorityFacts facts;
  IPB_CO_ASSIGN_OR_RETURN(facts.person, subject.Get<v1::Person>(subject.name()));
  auto representatives = call.AllOf<v1::Representative>(subject.name(), "representatives");
  IPB_CO_ASSIGN_OR_RETURN(facts.representatives, co_await representatives);
  auto capacity = call.AllOf<v1::CapacityDecision>(subject.name(), "capacityDecisions");
  IPB_CO_ASSIGN_OR_RETURN(facts.capacity, co_await capacity);
  auto circumstances = call.AllOf<v1::Circumstance>(subject.name(), "circumstances");
  IPB_CO_ASSIGN_OR_RETURN(facts.circumstances, co_await circumstances);
  auto exclusions = call.AllOf<v1::PaymentExclusion>(subject.name(), "paymentExclusions");
  IPB_CO_ASSIGN_OR_RETURN(facts.exclusions, co_await exclusions);
  facts.policy = call.environment().policy->national().authority();
  co_return facts;
}

Answer<v1::Authority> GetAuthority(const Upstreams&, call::Call& call,
                                   const v1::GetAuthorityRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(const call::Subject subject, co_await loading);
  auto reading = ReadAuthorityFacts(call, subject);
  IPB_CO_ASSIGN_OR_RETURN(const rules::AuthorityFacts facts, co_await reading);
  const absl::CivilDay day =
      request.as_of_date().empty() ? call.today() : dates::Checked(request.as_of_date());
  co_return rules::AuthorityOn(facts, day);
}

}  // namespace ipb::people::handlers
