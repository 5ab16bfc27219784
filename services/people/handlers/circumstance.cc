#include "services/people/rules/circumstance.h"

#include <utility>
#include <vector>

#include "common/errors/status_macros.h"
#include "common/names/names.h"
#include "services/people/handlers/claim.h"
#include "services/people/handlers/handlers.h"
#include "services/people/handlers/rows.h"

namespace ipb::people::handlers {
namespace {

constexpr char kCollection[] = "circumstances";

// The appointment of whoever a safeguarding concern is about; empty where there is none.
const std::string& RepresentativeIn(const v1::CircumstanceDetails& details) {
  return details.safeguarding_concern().representative();
}

// INVALID_ARGUMENT where a safeguarding concern names an appointment that is not the person's.
absl::Status CheckRepresentative(const call::Subject& subject, const std::string& name) {
  if (name.empty() || (call::SubjectOf(name) == subject.name() && subject.Has(name))) return absl::OkStatus();
  return errors::InvalidField("details.safeguarding_concern.representative",
                              "is no appointment of this person");
}

// The codes in the details that policy knows today as those of other bodies than councils. Councils that this
// deployment does not know are not among them: people move anywhere.
std::vector<std::string> NotCouncils(const call::Call& call, const v1::CircumstanceDetails& details) {
  std::vector<std::string> found;
  for (const std::string& code :
       {details.custody().council(), details.move().from_council(), details.move().to_council()}) {
    const v1::CallerKind kind = call.environment().policy->KindOf(code, call.today());
    if (kind != v1::CALLER_KIND_UNSPECIFIED && kind != v1::CALLER_KIND_COUNCIL) found.push_back(code);
  }
  return found;
}

// The person and all their circumstances, with `name` among them where one is ended or corrected.
async::Task<absl::StatusOr<rules::CircumstanceFacts>> FactsOf(call::Call& call, const call::Subject& subject,
                                                              std::string name) {
  rules::CircumstanceFacts facts;
  IPB_CO_ASSIGN_OR_RETURN(facts.person, subject.Get<v1::Person>(subject.name()));
  if (!name.empty()) {
    IPB_CO_ASSIGN_OR_RETURN(facts.circumstance, subject.Get<v1::Circumstance>(name));
  }
  auto listing = call.AllOf<v1::Circumstance>(subject.name(), kCollection);
  IPB_CO_ASSIGN_OR_RETURN(facts.known, co_await listing);
  co_return facts;
}

// Writes a new row, and the one that it supersedes.
void PutNew(const call::Call& call, call::Subject& subject, rules::CircumstanceDecision& decision) {
  v1::Circumstance& row = decision.circumstance;
  row.set_name(names::Child(subject.name(), kCollection, subject.Next(kCollection)));
  call::SetTime(call.now(), row.mutable_recorded_time());
  *row.mutable_explanation() = Rendered(call, decision.trace);
  subject.Put(row);
  if (decision.superseded.name().empty()) return;
  decision.superseded.set_superseded_by(row.name());
  call::SetTime(call.now(), decision.superseded.mutable_superseded_time());
  subject.Put(decision.superseded);
}

}  // namespace

Answer<v1::Circumstance> RecordCircumstance(const Upstreams&, call::Call& call,
                                            const v1::RecordCircumstanceRequest& request) {
  const std::string& representative = RepresentativeIn(request.details());
  std::vector<std::string> records;
  if (!representative.empty()) records.push_back(representative);
  auto loading = call.Load(request.parent(), std::move(records));
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_RETURN_IF_ERROR(CheckRepresentative(subject, representative));
  auto gathering = FactsOf(call, subject, "");
  IPB_CO_ASSIGN_OR_RETURN(rules::CircumstanceFacts facts, co_await gathering);
  facts.not_councils = NotCouncils(call, request.details());
  IPB_CO_ASSIGN_OR_RETURN(rules::CircumstanceDecision decision,
                          rules::RecordCircumstance(std::move(facts), request, call.today()));
  PutNew(call, subject, decision);
  if (request.kind() == v1::Circumstance::KIND_DEATH) PutPerson(subject, decision.person);
  auto committing = call.Commit(std::move(subject), std::move(decision.circumstance));
  co_return co_await committing;
}

Answer<v1::Circumstance> EndCircumstance(const Upstreams&, call::Call& call,
                                         const v1::EndCircumstanceRequest& request) {
  auto loading = call.Load(request.name(), {call::SubjectOf(request.name())});
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  auto gathering = FactsOf(call, subject, request.name());
  IPB_CO_ASSIGN_OR_RETURN(rules::CircumstanceFacts facts, co_await gathering);
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), facts.circumstance));
  IPB_CO_ASSIGN_OR_RETURN(rules::CircumstanceDecision decision,
                          rules::EndCircumstance(std::move(facts), request, call.today()));
  v1::Circumstance& circumstance = decision.circumstance;
  call::SetTime(call.now(), circumstance.mutable_end_recorded_time());
  *circumstance.mutable_explanation() = Rendered(call, decision.trace);
  subject.Put(circumstance);
  auto committing = call.Commit(std::move(subject), std::move(circumstance));
  co_return co_await committing;
}

Answer<v1::Circumstance> CorrectCircumstance(const Upstreams&, call::Call& call,
                                             const v1::CorrectCircumstanceRequest& request) {
  const std::string& representative = RepresentativeIn(request.details());
  std::vector<std::string> records = {call::SubjectOf(request.name())};
  if (!representative.empty()) records.push_back(representative);
  auto loading = call.Load(request.name(), std::move(records));
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_RETURN_IF_ERROR(CheckRepresentative(subject, representative));
  auto gathering = FactsOf(call, subject, request.name());
  IPB_CO_ASSIGN_OR_RETURN(rules::CircumstanceFacts facts, co_await gathering);
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), facts.circumstance));
  facts.by = call.DecidedBy(request.decision());
  facts.not_councils = NotCouncils(call, request.details());
  IPB_CO_ASSIGN_OR_RETURN(rules::CircumstanceDecision decision,
                          rules::CorrectCircumstance(std::move(facts), request, call.today()));
  PutNew(call, subject, decision);
  if (decision.circumstance.kind() == v1::Circumstance::KIND_DEATH) PutPerson(subject, decision.person);
  auto committing = call.Commit(std::move(subject), std::move(decision.circumstance));
  co_return co_await committing;
}

Answer<v1::ListCircumstancesResponse> ListCircumstances(const Upstreams&, call::Call& call,
                                                        const v1::ListCircumstancesRequest& request) {
  auto viewing = ViewOf<v1::Circumstance>(call, request, kCollection, rules::CircumstancesOn);
  IPB_CO_ASSIGN_OR_RETURN(auto page, co_await viewing);
  v1::ListCircumstancesResponse reply;
  for (v1::Circumstance& circumstance : page.resources) *reply.add_circumstances() = std::move(circumstance);
  reply.set_next_page_token(page.next_page_token);
  co_return reply;
}

}  // namespace ipb::people::handlers
