#include "services/payments/rules/agreement.h"

#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "common/names/names.h"
#include "services/payments/handlers/handlers.h"
#include "services/payments/handlers/money.h"
#include "services/payments/handlers/upstream_facts.h"

namespace ipb::payments::handlers {
namespace {

constexpr char kCollection[] = "agreements";

async::Task<absl::StatusOr<OpenFacts>> FactsToOpen(const Upstreams& upstreams, call::Call& call,
                                                   const call::Subject& subject,
                                                   const v1::OpenAgreementRequest& request) {
  OpenFacts facts;
  IPB_CO_ASSIGN_OR_RETURN(facts.payee, subject.Get<v1::Payee>(request.payee()));
  auto reading = ReadPlannedMoney(upstreams, call, request.plan(), dates::Checked(request.first_date()));
  IPB_CO_ASSIGN_OR_RETURN(PlannedMoney planned, co_await reading);
  facts.plan = std::move(planned.plan);
  facts.budget = std::move(planned.budget);
  facts.person = PersonOf(subject);
  facts.person.barred_from_direct_payments = planned.barred_from_direct_payments;
  auto listing = call.AllOf<v1::Agreement>(request.parent(), kCollection);
  IPB_CO_ASSIGN_OR_RETURN(facts.agreements, co_await listing);
  co_return facts;
}

// How an agreement came to be and how it ended, one after the other.
v1::Explanation Continued(v1::Explanation before, v1::Explanation after) {
  for (v1::ExplanationStep& step : *after.mutable_steps()) *before.add_steps() = std::move(step);
  before.set_rule_set_version(after.rule_set_version());
  before.set_policy_version(after.policy_version());
  return before;
}

}  // namespace

Answer<v1::Agreement> OpenAgreement(const Upstreams& upstreams, call::Call& call,
                                    const v1::OpenAgreementRequest& request) {
  IPB_CO_RETURN_IF_ERROR(CheckOfPerson(request.parent(), "plan", request.plan()));
  IPB_CO_RETURN_IF_ERROR(CheckOfPerson(request.parent(), "payee", request.payee()));
  auto loading = call.Load(request.parent(), {request.payee()});
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  auto gathering = FactsToOpen(upstreams, call, subject, request);
  IPB_CO_ASSIGN_OR_RETURN(const OpenFacts facts, co_await gathering);
  const payments::Caller caller = CallerOf(call);
  const v1::PaymentsPolicy policy = PolicyOf(call, caller.organisation);
  IPB_CO_ASSIGN_OR_RETURN(OpenDecision decision, DecideOpenAgreement(facts, request, caller, policy));
  v1::Agreement agreement = std::move(decision.agreement);
  agreement.set_name(names::Child(request.parent(), kCollection, subject.Next(kCollection)));
  call::SetTime(call.now(), agreement.mutable_recorded_time());
  *agreement.mutable_explanation() = Rendered(call, decision.trace);
  subject.Put(agreement);
  subject.AddIndex(AgreementIndexOf(agreement.payer()), agreement.name(), call::RecordOf(agreement.name()));
  auto committing = call.Commit(std::move(subject), std::move(agreement));
  co_return co_await committing;
}

Answer<v1::Agreement> GetAgreement(const Upstreams&, call::Call& call,
                                   const v1::GetAgreementRequest& request) {
  const std::string explanation = call::ExplanationRecordOf(request.name());
  auto loading = call.Load(request.name(), {explanation});
  IPB_CO_ASSIGN_OR_RETURN(const call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(v1::Agreement agreement, subject.Get<v1::Agreement>(request.name()));
  std::optional<v1::Explanation> kept = subject.FindRecord<v1::Explanation>(explanation);
  if (kept) *agreement.mutable_explanation() = *std::move(kept);
  co_return agreement;
}

Answer<v1::ListAgreementsResponse> ListAgreements(const Upstreams&, call::Call& call,
                                                  const v1::ListAgreementsRequest& request) {
  auto listing =
      call.ListOf<v1::Agreement>(request.parent(), kCollection, request.page_size(), request.page_token());
  IPB_CO_ASSIGN_OR_RETURN(auto page, co_await listing);
  v1::ListAgreementsResponse reply;
  for (v1::Agreement& agreement : page.resources) *reply.add_agreements() = std::move(agreement);
  reply.set_next_page_token(page.next_page_token);
  co_return reply;
}

Answer<v1::Agreement> CloseAgreement(const Upstreams&, call::Call& call,
                                     const v1::CloseAgreementRequest& request) {
  const std::string explanation = call::ExplanationRecordOf(request.name());
  auto loading = call.Load(request.name(), {explanation, BalanceRecordOf(request.name())});
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  CloseFacts facts;
  IPB_CO_ASSIGN_OR_RETURN(facts.agreement, subject.Get<v1::Agreement>(request.name()));
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), facts.agreement));
  auto listing = call.AllOf<v1::Payment>(subject.name(), "payments");
  IPB_CO_ASSIGN_OR_RETURN(facts.payments, co_await listing);
  facts.numbers = NumbersOf(subject);
  if (request.reason() == v1::CLOSE_REASON_DEATH) {
    auto refreshing = RefreshAccess(call, subject);
    IPB_CO_RETURN_IF_ERROR((co_await refreshing).status());
  }
  facts.death = PersonOf(subject).death;
  const v1::PaymentsPolicy policy = PolicyOf(call, facts.agreement.payer());
  IPB_CO_ASSIGN_OR_RETURN(CloseDecision decision,
                          DecideCloseAgreement(facts, request, CallerOf(call), policy, call.today()));
  for (v1::Payment& payment : decision.payments) PutPayment(call, subject, payment);
  IPB_CO_RETURN_IF_ERROR(PostAll(call, subject, request.name(), std::move(decision.transactions)));
  Reserve(subject, decision.numbers);
  v1::Agreement agreement = std::move(decision.agreement);
  std::optional<v1::Explanation> opened = subject.FindRecord<v1::Explanation>(explanation);
  *agreement.mutable_explanation() =
      Continued(std::move(opened).value_or(v1::Explanation()), Rendered(call, decision.trace));
  subject.Put(agreement);
  auto committing = call.Commit(std::move(subject), std::move(agreement));
  co_return co_await committing;
}

}  // namespace ipb::payments::handlers
