#include "services/eligibility/rules/determination.h"

#include <algorithm>

#include "common/errors/status_macros.h"
#include "services/eligibility/handlers/counted.h"
#include "services/eligibility/handlers/facts.h"
#include "services/eligibility/handlers/handlers.h"
#include "services/eligibility/rules/dispute.h"
#include "services/eligibility/rules/ending.h"
#include "services/eligibility/rules/recommendation.h"
#include "services/eligibility/work/jobs.h"

namespace ipb::eligibility::handlers {
namespace {

// Gives the instant of the call to what the decision has added.
template <typename Row>
void StampNew(const call::Call& call, Row& row) {
  if (!row.has_recorded_time()) call::SetTime(call.now(), row.mutable_recorded_time());
}

void StampRecorded(const call::Call& call, v1::Determination& determination) {
  call::SetTime(call.now(), determination.mutable_recorded_time());
  for (auto& change : *determination.mutable_state_changes()) StampNew(call, change);
  if (determination.has_notification()) StampNew(call, *determination.mutable_notification());
  for (v1::Dispute& dispute : *determination.mutable_disputes()) {
    StampNew(call, dispute);
    const bool decided = dispute.has_decision() && !dispute.has_decided_time();
    if (decided) call::SetTime(call.now(), dispute.mutable_decided_time());
  }
}

// Writes a decision with the one that it replaces and the request that it answers; gives the reply.
v1::Determination Store(const call::Call& call, DeterminationDecision decision, call::Subject& subject) {
  StampRecorded(call, decision.determination);
  *decision.determination.mutable_explanation() = Explain(call, decision.trace);
  subject.Put(decision.determination);
  if (decision.superseded) {
    StampRecorded(call, *decision.superseded);
    subject.Put(*decision.superseded);
  }
  if (decision.answered) {
    for (v1::RequestClock& clock : *decision.answered->mutable_clocks()) {
      const bool met = !clock.met_date().empty() && !clock.has_met_time();
      if (met) call::SetTime(call.now(), clock.mutable_met_time());
    }
    subject.Put(*decision.answered);
  }
  return std::move(decision.determination);
}

// Adds the assessment of that name, if there is a name; NOT_FOUND where there is no such assessment.
absl::Status AddAssessment(const call::Subject& subject, const std::string& name, DeterminationFacts& facts) {
  if (name.empty()) return absl::OkStatus();
  IPB_ASSIGN_OR_RETURN(v1::Assessment assessment, Referred<v1::Assessment>(subject, name));
  facts.assessments.push_back(std::move(assessment));
  return absl::OkStatus();
}

// NOT_FOUND for safeguards that name what does not exist. Whether it serves is for the rules.
absl::Status CheckSuccessor(const std::string& successor, const DeterminationFacts& facts) {
  const bool exists = successor.empty() || successor == facts.determination.name() ||
                      std::any_of(facts.others.begin(), facts.others.end(),
                                  [&](const v1::Determination& other) { return other.name() == successor; });
  return exists ? absl::OkStatus() : errors::NotFound(successor);
}

// A subject with a determination of it and all that rules ask for besides, when it is decided or ended.
struct Gathered {
  call::Subject subject;
  DeterminationFacts facts;
};

async::Task<absl::StatusOr<Gathered>> Gather(call::Call& call, std::string name, std::string etag,
                                             v1::HumanDecision decision,
                                             v1::WithdrawalSafeguards safeguards) {
  auto looking = call.Load(name);
  IPB_CO_ASSIGN_OR_RETURN(const call::Subject seen, co_await looking);
  IPB_CO_ASSIGN_OR_RETURN(const v1::Determination before, seen.Get<v1::Determination>(name));
  // What it rests on never changes, so the second look finds what the first one named.
  std::vector<std::string> named = {before.assessment()};
  if (!before.request().empty()) named.push_back(before.request());
  if (!safeguards.reassessment().empty()) named.push_back(safeguards.reassessment());
  auto loading = call.Load(name, std::move(named));
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  Gathered gathered{std::move(subject), {}};
  DeterminationFacts& facts = gathered.facts;
  IPB_CO_ASSIGN_OR_RETURN(facts.determination, gathered.subject.Get<v1::Determination>(name));
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(etag, facts.determination));
  auto asking = PersonOf(call, gathered.subject);
  IPB_CO_ASSIGN_OR_RETURN(facts.person, co_await asking);
  auto listing = DeterminationsOf(call, gathered.subject.name(), name);
  IPB_CO_ASSIGN_OR_RETURN(facts.others, co_await listing);
  facts.caller_kind = call.caller().kind;
  facts.by = call.DecidedBy(std::move(decision));
  IPB_CO_RETURN_IF_ERROR(AddAssessment(gathered.subject, before.assessment(), facts));
  if (safeguards.reassessment() != before.assessment()) {
    IPB_CO_RETURN_IF_ERROR(AddAssessment(gathered.subject, safeguards.reassessment(), facts));
  }
  AddSuccessions(call, safeguards, facts);
  IPB_CO_RETURN_IF_ERROR(CheckSuccessor(safeguards.successor(), facts));
  if (!before.request().empty()) {
    IPB_CO_ASSIGN_OR_RETURN(facts.request, gathered.subject.Get<v1::SupportRequest>(before.request()));
  }
  co_return gathered;
}

}  // namespace

Answer<v1::Determination> RecordRecommendation(const Upstreams&, call::Call& call,
                                               const v1::RecordRecommendationRequest& request) {
  std::vector<std::string> named = {request.assessment()};
  if (!request.request().empty()) named.push_back(request.request());
  auto loading = call.Load(request.parent(), std::move(named));
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  DeterminationFacts facts;
  IPB_CO_RETURN_IF_ERROR(AddAssessment(subject, request.assessment(), facts));
  if (!request.request().empty()) {
    IPB_CO_ASSIGN_OR_RETURN(facts.request, Referred<v1::SupportRequest>(subject, request.request()));
  }
  auto asking = PersonOf(call, subject);
  IPB_CO_ASSIGN_OR_RETURN(facts.person, co_await asking);
  auto listing = DeterminationsOf(call, request.parent());
  IPB_CO_ASSIGN_OR_RETURN(facts.others, co_await listing);
  facts.caller_kind = call.caller().kind;
  facts.by = call.DecidedBy(request.recommendation());
  AddSuccessions(call, {}, facts);
  if (request.regime() == v1::ELIGIBILITY_REGIME_CHC) {
    auto screening = AddScreenings(call, request.parent(), facts);
    IPB_CO_RETURN_IF_ERROR(co_await screening);
  }
  facts.new_name = names::Child(request.parent(), kDeterminations, subject.Next(kDeterminations));
  IPB_CO_ASSIGN_OR_RETURN(DeterminationDecision decision,
                          DecideRecommendation(facts, request, PolicyOf(call), call.today()));
  v1::Determination recommended = Store(call, std::move(decision), subject);
  auto committing = call.Commit(std::move(subject), std::move(recommended));
  co_return co_await committing;
}

Answer<v1::Determination> RecordDetermination(const Upstreams&, call::Call& call,
                                              const v1::RecordDeterminationRequest& request) {
  auto gathering = Gather(call, request.name(), request.etag(), request.decision(), request.safeguards());
  IPB_CO_ASSIGN_OR_RETURN(Gathered gathered, co_await gathering);
  IPB_CO_ASSIGN_OR_RETURN(DeterminationDecision decision,
                          DecideDetermination(gathered.facts, request, PolicyOf(call), call.today()));
  IndexDecided(decision, gathered.facts, gathered.subject);
  v1::Determination decided = Store(call, std::move(decision), gathered.subject);
  EnqueueTransition(call, gathered.subject, decided, gathered.facts.person);
  auto committing = call.Commit(std::move(gathered.subject), std::move(decided));
  co_return co_await committing;
}

Answer<v1::Determination> NotifyDetermination(const Upstreams&, call::Call& call,
                                              const v1::NotifyDeterminationRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  DeterminationFacts facts;
  IPB_CO_ASSIGN_OR_RETURN(facts.determination, subject.Get<v1::Determination>(request.name()));
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), facts.determination));
  facts.caller_kind = call.caller().kind;
  IPB_CO_ASSIGN_OR_RETURN(DeterminationDecision decision, DecideNotification(facts, request, call.today()));
  v1::Determination told = Store(call, std::move(decision), subject);
  auto committing = call.Commit(std::move(subject), std::move(told));
  co_return co_await committing;
}

Answer<v1::Determination> EndDetermination(const Upstreams&, call::Call& call,
                                           const v1::EndDeterminationRequest& request) {
  auto gathering = Gather(call, request.name(), request.etag(), request.decision(), request.safeguards());
  IPB_CO_ASSIGN_OR_RETURN(Gathered gathered, co_await gathering);
  IPB_CO_ASSIGN_OR_RETURN(DeterminationDecision decision,
                          DecideEnding(gathered.facts, request, PolicyOf(call), call.today()));
  IndexEnded(decision.determination, gathered.facts, gathered.subject);
  v1::Determination ended = Store(call, std::move(decision), gathered.subject);
  auto committing = call.Commit(std::move(gathered.subject), std::move(ended));
  co_return co_await committing;
}

Answer<v1::Determination> DisputeDetermination(const Upstreams&, call::Call& call,
                                               const v1::DisputeDeterminationRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  DeterminationFacts facts;
  IPB_CO_ASSIGN_OR_RETURN(facts.determination, subject.Get<v1::Determination>(request.name()));
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), facts.determination));
  facts.caller_kind = call.caller().kind;
  IPB_CO_ASSIGN_OR_RETURN(DeterminationDecision decision,
                          DecideDispute(facts, request, PolicyOf(call), call.today()));
  v1::Determination disputed = Store(call, std::move(decision), subject);
  auto committing = call.Commit(std::move(subject), std::move(disputed));
  co_return co_await committing;
}

Answer<v1::Determination> UpholdDetermination(const Upstreams&, call::Call& call,
                                              const v1::UpholdDeterminationRequest& request) {
  auto gathering = Gather(call, request.name(), request.etag(), request.decision(), {});
  IPB_CO_ASSIGN_OR_RETURN(Gathered gathered, co_await gathering);
  IPB_CO_ASSIGN_OR_RETURN(DeterminationDecision decision,
                          DecideUpholding(gathered.facts, request, call.today()));
  v1::Determination upheld = Store(call, std::move(decision), gathered.subject);
  auto committing = call.Commit(std::move(gathered.subject), std::move(upheld));
  co_return co_await committing;
}

Answer<v1::Determination> OverturnDetermination(const Upstreams&, call::Call& call,
                                                const v1::OverturnDeterminationRequest& request) {
  auto gathering = Gather(call, request.name(), request.etag(), request.decision(), {});
  IPB_CO_ASSIGN_OR_RETURN(Gathered gathered, co_await gathering);
  call::Subject& subject = gathered.subject;
  gathered.facts.new_name = names::Child(subject.name(), kDeterminations, subject.Next(kDeterminations));
  IPB_CO_ASSIGN_OR_RETURN(DeterminationDecision decision,
                          DecideOverturning(gathered.facts, PolicyOf(call), call.today()));
  IndexOverturned(decision.determination, gathered.facts, subject);
  v1::Determination made = Store(call, std::move(decision), subject);
  EnqueueTransition(call, subject, made, gathered.facts.person);
  auto committing = call.Commit(std::move(gathered.subject), std::move(made));
  co_return co_await committing;
}

}  // namespace ipb::eligibility::handlers
