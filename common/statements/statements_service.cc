#include "common/statements/statements_service.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/client/access_source.h"
#include "common/client/upstream.h"
#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/names/names.h"
#include "common/policy/policy.h"
#include "grpcpp/grpcpp.h"

namespace ipb::statements {
namespace {

constexpr char kCollection[] = "statements";
constexpr char kService[] = "ipb.v1.StatementsService";

// What a statement is about: the resource's message and name, the service that owns it, and the shape of its name.
struct Stated {
  const google::protobuf::Message* resource = nullptr;
  std::string name;
  std::string owner;
  std::string pattern;
};

Stated About(const v1::StatedResource& resource) {
  switch (resource.kind_case()) {
    case v1::StatedResource::kPerson:
      return {&resource.person(), resource.person().name(), "people", "people/{person}"};
    case v1::StatedResource::kDetermination:
      return {&resource.determination(), resource.determination().name(), "eligibility",
              "people/{person}/determinations/{n}"};
    case v1::StatedResource::kBudget:
      return {&resource.budget(), resource.budget().name(), "allocation", "people/{person}/budgets/{n}"};
    case v1::StatedResource::kPlan:
      return {&resource.plan(), resource.plan().name(), "careplanning", "people/{person}/plans/{n}"};
    case v1::StatedResource::KIND_NOT_SET:
      break;
  }
  return {};
}

absl::Status Check(const Stated& stated, const v1::RecordStatementRequest& request, const Listener& listener) {
  if (stated.resource == nullptr) {
    return errors::InvalidField("resource", "must hold one resource: a person, determination, budget or plan");
  }
  if (!names::Matches(stated.name, stated.pattern) || names::Subject(stated.name) != request.parent()) {
    return errors::InvalidField("resource",
                                absl::StrCat("must have a name of the form ", stated.pattern, ", of the same person"));
  }
  if (listener.configured.count(stated.owner) > 0) {
    return errors::Make(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_UPSTREAM_CONFIGURED,
                        absl::StrCat("the ", stated.owner, " service is configured here and says this itself: record it "
                                                           "there"),
                        {{"service", stated.owner}});
  }
  return absl::OkStatus();
}

// A statement of a person opens the person; whoever makes it must be responsible by it, so that nobody opens a person to
// others only.
absl::Status CheckPerson(const v1::Person& person, const call::Call& call) {
  const auto& held = person.responsibilities();
  const bool own = std::any_of(held.begin(), held.end(), [&call](const v1::Responsibility& one) {
    return one.state() == v1::Responsibility::STATE_ACCEPTED &&
           call.environment().policy->ActsFor(call.caller().organisation, one.organisation(), call.today()) &&
           dates::Within(call.today(), one.effective_from_date(), one.effective_to_date());
  });
  if (own) return absl::OkStatus();
  return errors::InvalidField("resource.person.responsibilities",
                              "must hold an accepted responsibility of your own organisation that is in effect");
}

async::Task<absl::StatusOr<v1::UpstreamStatement>> RecordIn(call::Call& call, const v1::RecordStatementRequest& request,
                                                    Stated stated) {
  const bool of_person = request.resource().has_person();
  auto loading = of_person ? call.LoadUnguarded(request.parent(), {}) : call.Load(request.parent());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  if (of_person) {
    // Once the person is known, only who has access may state something new of them.
    if (subject.exists()) {
      auto admitting = call.Load(request.parent());
      IPB_CO_ASSIGN_OR_RETURN(subject, co_await admitting);
    }
    IPB_CO_RETURN_IF_ERROR(CheckPerson(request.resource().person(), call));
    state::v1::AccessRecord access = client::AccessRecordOf(request.resource().person());
    access.set_person_revision(subject.revision().counter + 1);
    subject.SetAccess(std::move(access));
  }
  v1::UpstreamStatement statement;
  statement.set_name(names::Child(request.parent(), kCollection, subject.Next(kCollection)));
  statement.set_attester(call.caller().actor);
  statement.set_organisation(call.caller().organisation);
  statement.set_reference(request.reference());
  statement.set_effective_date(request.effective_date());
  call::SetTime(call.now(), statement.mutable_recorded_time());
  *statement.mutable_resource() = request.resource();
  subject.PutRecord(call::StatedRecordOf(stated.name), *stated.resource);
  subject.Put(statement);
  auto committing = call.Commit(std::move(subject), std::move(statement));
  co_return co_await committing;
}

absl::StatusOr<const Listener*> Find(const Listeners& listeners, const std::string& service) {
  const auto found = listeners.find(service);
  if (found == listeners.end()) return errors::NotFound(absl::StrCat("service ", service));
  return &found->second;
}

// The service that the call is for, whose store and access records it sees; any where there is none of that name, for the
// handler to refuse.
const server::Serving& ServingOf(const Listeners& listeners, const std::string& service) {
  const auto found = listeners.find(service);
  return found == listeners.end() ? *listeners.begin()->second.serving : *found->second.serving;
}

async::Task<absl::StatusOr<v1::UpstreamStatement>> RecordStatement(const Listeners& listeners, call::Call& call,
                                                           const v1::RecordStatementRequest& request) {
  IPB_CO_ASSIGN_OR_RETURN(const Listener* listener, Find(listeners, request.service()));
  Stated stated = About(request.resource());
  IPB_CO_RETURN_IF_ERROR(Check(stated, request, *listener));
  auto recording = RecordIn(call, request, std::move(stated));
  co_return co_await recording;
}

async::Task<absl::StatusOr<v1::ListStatementsResponse>> ListStatements(const Listeners& listeners, call::Call& call,
                                                                       const v1::ListStatementsRequest& request) {
  IPB_CO_RETURN_IF_ERROR(Find(listeners, request.service()).status());
  auto listing = call.ListOf<v1::UpstreamStatement>(request.parent(), kCollection, request.page_size(), request.page_token());
  IPB_CO_ASSIGN_OR_RETURN(auto page, co_await listing);
  v1::ListStatementsResponse reply;
  for (v1::UpstreamStatement& statement : page.resources) *reply.add_statements() = std::move(statement);
  reply.set_next_page_token(page.next_page_token);
  co_return reply;
}

}  // namespace

void StatementsService::Add(const server::Serving& serving, std::set<std::string> configured) {
  listeners_[serving.environment.service] = {&serving, std::move(configured)};
}

grpc::ServerUnaryReactor* StatementsService::RecordStatement(grpc::CallbackServerContext* context,
                                                             const v1::RecordStatementRequest* request,
                                                             v1::UpstreamStatement* reply) {
  return server::Serve<statements::RecordStatement>(ServingOf(listeners_, request->service()), listeners_, kService,
                                                    "RecordStatement", context, request, reply);
}

grpc::ServerUnaryReactor* StatementsService::ListStatements(grpc::CallbackServerContext* context,
                                                            const v1::ListStatementsRequest* request,
                                                            v1::ListStatementsResponse* reply) {
  return server::Serve<statements::ListStatements>(ServingOf(listeners_, request->service()), listeners_, kService,
                                                   "ListStatements", context, request, reply);
}

}  // namespace ipb::statements
