#include "common/decisions/decisions_service.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/constraints/redactor.h"
#include "common/decisions/differences.h"
#include "common/decisions/recorded.h"
#include "common/decisions/replay.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/policy/policy.h"
#include "common/server/method.h"
#include "google/rpc/error_details.pb.h"
#include "grpcpp/grpcpp.h"

namespace ipb::decisions {
namespace {

using google::protobuf::Any;

// Fewer than a load takes, for the resource itself is loaded as well.
constexpr size_t kVersionsALoad = store::kMaximumLoadNames - 1;

// The decision of that name with its facts.
async::Task<absl::StatusOr<v1::Decision>> Read(const DecisionsService::Sources& sources, call::Call& call,
                                               std::string service, std::string name) {
  if (sources.count(service) == 0) co_return errors::NotFound(absl::StrCat("service ", service));
  auto loading = call.Load(name);
  IPB_CO_ASSIGN_OR_RETURN(const call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(const auto record, subject.Get<state::v1::DecisionRecord>(name));
  v1::Decision named;
  named.set_name(name);
  const std::vector<std::string> needed = VersionsNeeded(record, RevisionOf(named));
  Versions versions;
  for (size_t start = 0; start < needed.size(); start += kVersionsALoad) {
    const size_t end = std::min(needed.size(), start + kVersionsALoad);
    std::vector<std::string> names(needed.begin() + start, needed.begin() + end);
    const std::vector<std::string> asked = names;
    auto reading = call.Load(name, std::move(names));
    IPB_CO_ASSIGN_OR_RETURN(const call::Subject page, co_await reading);
    for (const std::string& version : asked) {
      if (auto found = page.FindRecord<Any>(version)) versions[version] = *std::move(found);
    }
  }
  co_return AsDecision(name, record, versions);
}

async::Task<absl::StatusOr<v1::Decision>> GetDecision(const DecisionsService::Sources& sources,
                                                      call::Call& call,
                                                      const v1::GetDecisionRequest& request) {
  auto reading = Read(sources, call, request.service(), request.name());
  absl::StatusOr<v1::Decision> decision = co_await reading;
  co_return decision;
}

std::vector<Any> AsSeenBy(const call::Caller& caller, std::vector<Any> resources) {
  for (Any& resource : resources) constraints::Redact(resource, constraints::EyesOf(caller.kind, false));
  return resources;
}

// Whether an error is what the rules say of the request, and not that it could not be decided at all.
bool IsRefusal(const absl::Status& status) {
  return absl::IsFailedPrecondition(status) || absl::IsInvalidArgument(status) || absl::IsNotFound(status);
}

// The rules' words are for the kind of body that decided: they may tell what others have no eyes for.
bool MayReadRefusal(const call::Caller& caller, const v1::Decision& decision) {
  return caller.kind == decision.caller_kind() || caller.kind == v1::CALLER_KIND_SERVICE;
}

// By which rules a method refuses is not for those who may not use it: "income twice" tells of means.
bool MayKnowRules(const call::Caller& caller, const v1::Decision& decision) {
  return server::Method(absl::StrCat("ipb.v1.", decision.method())).Allows(caller.kind);
}

void AddRefusal(const absl::Status& status, const call::Caller& caller, v1::ReplayDecisionResponse& reply) {
  const v1::Decision& decision = reply.decision();
  reply.set_refusal(MayReadRefusal(caller, decision)
                        ? std::string(status.message())
                        : "it would be refused now; the words are for the kind of body that decided");
  if (!MayKnowRules(caller, decision)) return;
  google::rpc::PreconditionFailure failure;
  const auto details = status.GetPayload(absl::StrCat("type.googleapis.com/", failure.GetTypeName()));
  if (!details || !failure.ParseFromString(std::string(*details))) return;
  for (const auto& violation : failure.violations()) reply.add_refused_rules(violation.type());
}

async::Task<absl::StatusOr<v1::ReplayDecisionResponse>> ReplayDecision(
    const DecisionsService::Sources& sources, call::Call& call, const v1::ReplayDecisionRequest& request) {
  auto reading = Read(sources, call, request.service(), request.name());
  IPB_CO_ASSIGN_OR_RETURN(v1::Decision decision, co_await reading);
  auto replaying =
      Replay(decision, sources.at(request.service()).deciders, call.environment(), call.info().deadline);
  const Replayed replayed = co_await replaying;
  v1::ReplayDecisionResponse reply;
  reply.set_policy_version(call.environment().policy->version());
  reply.set_rule_set_version(call.environment().rule_set_version);
  if (!replayed.status.ok()) {
    if (!IsRefusal(replayed.status)) co_return replayed.status;
    *reply.mutable_decision() = std::move(decision);
    AddRefusal(replayed.status, call.caller(), reply);
    co_return reply;
  }
  const std::vector<Any> then(decision.outcome().begin(), decision.outcome().end());
  const size_t all = Differences(then, replayed.outcome).size();
  for (v1::DecisionDifference& difference :
       Differences(AsSeenBy(call.caller(), then), AsSeenBy(call.caller(), replayed.outcome))) {
    *reply.add_differences() = std::move(difference);
  }
  reply.set_hidden_differences(std::max(0, static_cast<int>(all) - reply.differences_size()));
  for (const Any& resource : replayed.outcome) *reply.add_outcome() = resource;
  *reply.mutable_decision() = std::move(decision);
  co_return reply;
}

}  // namespace

void DecisionsService::Add(const server::Serving& serving, Deciders deciders) {
  sources_[serving.environment.service] = {&serving, std::move(deciders)};
}

// The service whose decision is asked for admits the caller; a service that is not here is refused by the
// handler.
const server::Serving& DecisionsService::Admits(const std::string& service) const {
  const auto source = sources_.find(service);
  return source == sources_.end() ? *sources_.begin()->second.serving : *source->second.serving;
}

grpc::ServerUnaryReactor* DecisionsService::GetDecision(grpc::CallbackServerContext* context,
                                                        const v1::GetDecisionRequest* request,
                                                        v1::Decision* reply) {
  return server::Serve<decisions::GetDecision>(Admits(request->service()), sources_,
                                               "ipb.v1.DecisionsService", "GetDecision", context, request,
                                               reply);
}

grpc::ServerUnaryReactor* DecisionsService::ReplayDecision(grpc::CallbackServerContext* context,
                                                           const v1::ReplayDecisionRequest* request,
                                                           v1::ReplayDecisionResponse* reply) {
  return server::Serve<decisions::ReplayDecision>(Admits(request->service()), sources_,
                                                  "ipb.v1.DecisionsService", "ReplayDecision", context,
                                                  request, reply);
}

}  // namespace ipb::decisions
