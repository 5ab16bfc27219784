#include "absl/strings/str_cat.h"
#include "common/errors/status_macros.h"
#include "common/names/names.h"
#include "services/people/handlers/claim.h"
#include "services/people/handlers/handlers.h"
#include "services/people/rules/person.h"
#include "services/people/rules/responsibility.h"

namespace ipb::people::handlers {
namespace {

// The identifier, after pointing its claim to a new person where it points to none. A claim may stand without
// its person when a process dies between the two; whoever registers next creates the person under it.
async::Task<absl::StatusOr<rules::MetIdentifier>> Claim(call::Call& call, v1::Identifier identifier) {
  auto finding = FindClaim(call, std::move(identifier), "identifier");
  IPB_CO_ASSIGN_OR_RETURN(FoundClaim found, co_await finding);
  auto meeting = Meet(call, found.shown, found.claim);
  IPB_CO_ASSIGN_OR_RETURN(rules::MetIdentifier met, co_await meeting);
  if (!met.claims.empty()) co_return met;
  met.claims = absl::StrCat("people/", names::PersonIdFor(absl::StrCat(found.subject.name(), "|",
                                                                       found.subject.revision().commit_id)));
  met.leads_to = met.claims;
  auto pointing = PointClaim(call, std::move(found), met.claims);
  IPB_CO_RETURN_IF_ERROR(co_await pointing);
  co_return met;
}

}  // namespace

Answer<v1::Person> RegisterPerson(const Upstreams&, call::Call& call,
                                  const v1::RegisterPersonRequest& request) {
  std::vector<errors::FieldViolation> wrong = rules::WrongDates(request, call.today());
  std::string fault = IdentifierFault(call, request.identifier());
  if (!fault.empty()) wrong.push_back({"identifier.value", std::move(fault)});
  if (!wrong.empty()) co_return errors::InvalidFields(wrong);
  auto claiming = Claim(call, request.identifier());
  IPB_CO_ASSIGN_OR_RETURN(const rules::MetIdentifier met, co_await claiming);
  const std::string name = met.leads_to;
  auto loading = call.LoadUnguarded(name, {call::RecordOf(name)});
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  const rules::Registrant by = By(call);
  const std::optional<v1::Person> known = subject.Find<v1::Person>(name);
  if (known && !known->merged_into().empty()) co_return errors::PersonMerged(name, known->merged_into());
  auto decided = known ? rules::AskToJoin(*known, request, by, call.today())
                       : rules::Register(request, by, call.today());
  IPB_CO_ASSIGN_OR_RETURN(v1::Person person, std::move(decided));
  person.set_name(name);
  const bool listed = rules::LatestOf(person, met.shown.claim()) != nullptr;
  if (met.claims == name && !listed) person = rules::Hold(std::move(person), met);
  PutPerson(subject, Stamp(call, person));
  // Whoever is not responsible yet learns the name and nothing else.
  v1::Person reply;
  reply.set_name(name);
  if (rules::IsResponsible(person, by, call.today())) reply = person;
  auto committing = call.Commit(std::move(subject), std::move(reply));
  co_return co_await committing;
}

}  // namespace ipb::people::handlers
