#include "absl/strings/str_cat.h"
#include "common/errors/status_macros.h"
#include "common/names/names.h"
#include "google/rpc/error_details.pb.h"
#include "services/careplanning/handlers/facts.h"
#include "services/careplanning/rules/activation.h"
#include "services/careplanning/rules/plan_moves.h"
#include "services/careplanning/work/jobs.h"

namespace ipb::careplanning {
namespace {

constexpr int kMostPlans = 200;

// Waiting does not change these answers; people have to.
bool IsRefusal(const absl::Status& status) {
  return absl::IsFailedPrecondition(status) || absl::IsInvalidArgument(status) || absl::IsNotFound(status) ||
         absl::IsOutOfRange(status);
}

std::vector<std::string> ReasonsOf(const absl::Status& refusal) {
  google::rpc::PreconditionFailure failure;
  const auto payload =
      refusal.GetPayload(absl::StrCat("type.googleapis.com/", failure.GetDescriptor()->full_name()));
  if (payload) failure.ParseFromString(std::string(*payload));
  std::vector<std::string> reasons;
  for (const auto& violation : failure.violations()) reasons.push_back(violation.description());
  if (reasons.empty()) reasons.push_back(std::string(refusal.message()));
  return reasons;
}

// The name of the budget that is agreed with the plan. A revision that leaves the money alone has one already.
Answer<std::string> AgreedBudget(const Upstreams& upstreams, call::Call& call, v1::Plan plan,
                                 std::string request_id) {
  auto reading = upstreams.read_budget(call, plan.budget());
  IPB_CO_ASSIGN_OR_RETURN(const v1::Budget budget, co_await reading);
  if (budget.state() == v1::Budget::STATE_AGREED) co_return budget.name();
  IPB_CO_ASSIGN_OR_RETURN(v1::AgreeBudgetRequest request,
                          AgreementFor(plan, budget, call.caller().organisation));
  request.set_request_id(std::move(request_id));
  auto agreeing = upstreams.agree_budget(call, std::move(request));
  const absl::StatusOr<v1::Budget> agreed = co_await agreeing;
  // Agreed so long ago that allocation forgot the reply: the budget itself names what it became.
  if (absl::IsAlreadyExists(agreed.status())) co_return budget.superseded_by();
  IPB_CO_RETURN_IF_ERROR(agreed.status());
  co_return agreed->name();
}

// Writes the plan in effect, and those that it replaces.
async::Task<absl::Status> PutActive(call::Call& call, call::Subject& subject, v1::Plan plan, std::string budget) {
  auto listing = call.List(subject.name(), absl::StrCat(handlers::kPlans, "/"), kMostPlans, "");
  IPB_CO_ASSIGN_OR_RETURN(const call::Page page, co_await listing);
  std::vector<v1::Plan> all;
  for (const store::Record& record : page.records) all.emplace_back().ParseFromString(record.data);
  IPB_CO_ASSIGN_OR_RETURN(Activation activation, DecideActivate(plan, all, call.today()));
  activation.plan.set_budget(std::move(budget));
  call::SetTime(call.now(), activation.plan.mutable_recorded_time());
  *activation.plan.mutable_explanation() = handlers::Explain(call, activation.trace);
  subject.Put(activation.plan);
  if (activation.plan.kind() == v1::Plan::KIND_INTERIM) EnqueueExpiry(call, subject, activation.plan);
  for (v1::Plan& changed : activation.changed) {
    call::SetTime(call.now(), changed.mutable_recorded_time());
    subject.Put(changed);
    if (changed.state() == v1::Plan::STATE_ACTIVE) EnqueueSupersession(call, subject, changed);
  }
  co_return absl::OkStatus();
}

absl::Status PutBack(const call::Call& call, call::Subject& subject, const v1::Plan& plan,
                     const absl::Status& refusal) {
  IPB_ASSIGN_OR_RETURN(PlanDecision decision, DecideActivationFailure(plan, ReasonsOf(refusal)));
  subject.Put(handlers::Stamp(call, decision));
  return absl::OkStatus();
}

// Writes what became of an APPROVED plan.
async::Task<absl::Status> Decide(const Upstreams& upstreams, call::Call& call, call::Subject& subject, v1::Plan plan,
                                 std::string request_id) {
  auto agreeing = AgreedBudget(upstreams, call, plan, std::move(request_id));
  const absl::StatusOr<std::string> budget = co_await agreeing;
  if (!budget.ok() && IsRefusal(budget.status())) co_return PutBack(call, subject, plan, budget.status());
  IPB_CO_RETURN_IF_ERROR(budget.status());
  auto putting = PutActive(call, subject, std::move(plan), *budget);
  co_return co_await putting;
}

}  // namespace

async::Task<absl::Status> ActivatePlan(const Upstreams& upstreams, call::Call& call, work::Item item) {
  const std::string name = item.content.payload();
  const std::string record = call::WorkRecordOf(item.id);
  auto loading = call.Load(name, {record});
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  const auto work = subject.FindRecord<state::v1::WorkItem>(record);
  if (!work) co_return absl::OkStatus();
  IPB_CO_ASSIGN_OR_RETURN(v1::Plan plan, subject.Get<v1::Plan>(name));
  // The person may have died, and the plan have ended, in between.
  if (plan.state() == v1::Plan::STATE_APPROVED) {
    auto deciding = Decide(upstreams, call, subject, std::move(plan), item.RequestId(0));
    IPB_CO_RETURN_IF_ERROR(co_await deciding);
  }
  subject.FinishWork(item.id, *work);
  auto committing = call.Commit(std::move(subject));
  co_return co_await committing;
}

std::string EnqueueActivation(const call::Call& call, call::Subject& subject, const v1::Plan& plan,
                              const v1::PlanApproval& approval) {
  // A plan that came back to PROPOSED is approved anew, with a request id of its own.
  const std::string id = absl::StrCat("activate-", names::LastSegment(plan.name()), "-", subject.revision().counter);
  state::v1::WorkItem item;
  item.set_kind(kActivatePlan);
  item.set_payload(plan.name());
  call::SetTime(call.now() + work::kLease, item.mutable_due_time());
  item.set_organisation(approval.organisation());
  item.set_system(call.caller().system);
  item.set_actor(approval.decision().decider());
  item.set_role(approval.decision().role());
  subject.Enqueue(id, item);
  return id;
}

std::vector<work::Job> Jobs(const Upstreams& upstreams) {
  return {{kActivatePlan,
           [&upstreams](call::Call& call, work::Item item) { return ActivatePlan(upstreams, call, std::move(item)); }},
          {kExpirePlan, ExpirePlan},
          {kSupersedePlan, SupersedePlan}};
}

}  // namespace ipb::careplanning
