#include "absl/strings/str_cat.h"
#include "common/errors/status_macros.h"
#include "common/names/names.h"
#include "services/people/handlers/claim.h"
#include "services/people/handlers/handlers.h"
#include "services/people/rules/person.h"

namespace ipb::people::handlers {
namespace {

constexpr char kClaim[] = ".";

// The person whom the claim points to, after pointing it to a new one where it points to none. A claim may stand
// without its person when a process dies between the two; whoever registers next creates the person under it.
async::Task<absl::StatusOr<std::string>> Claim(call::Call& call, std::string claim_name) {
  auto loading = call.LoadUnguarded(claim_name, {kClaim});
  auto loaded = co_await loading;
  // A remembered reply belongs to the person's subject, never to a claim's.
  IPB_CO_ASSIGN_OR_RETURN(call::Subject claim, std::move(loaded));
  const auto known = claim.FindRecord<state::v1::Claim>(kClaim);
  if (known) co_return known->person();
  state::v1::Claim made;
  made.set_person(
      absl::StrCat("people/", names::PersonIdFor(absl::StrCat(claim_name, "|", claim.revision().commit_id))));
  claim.PutRecord(kClaim, made);
  auto committing = call.Commit(std::move(claim));
  IPB_CO_RETURN_IF_ERROR(co_await committing);
  co_return made.person();
}

}  // namespace

Answer<v1::Person> RegisterPerson(const Upstreams&, call::Call& call, const v1::RegisterPersonRequest& request) {
  std::vector<errors::FieldViolation> wrong = rules::WrongDates(request, call.today());
  std::string fault = IdentifierFault(call, request.identifier());
  if (!fault.empty()) wrong.push_back({"identifier.value", std::move(fault)});
  if (!wrong.empty()) co_return errors::InvalidFields(wrong);
  IPB_CO_ASSIGN_OR_RETURN(std::string claim, ClaimOf(call, request.identifier()));
  auto claiming = Claim(call, std::move(claim));
  IPB_CO_ASSIGN_OR_RETURN(const std::string name, co_await claiming);
  auto loading = call.LoadUnguarded(name, {call::RecordOf(name)});
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  const rules::Registrant by{call.caller().organisation, call.caller().kind};
  const std::optional<v1::Person> known = subject.Find<v1::Person>(name);
  auto decided = known ? rules::AskToJoin(*known, request, by, call.today())
                       : rules::Register(request, by, call.today());
  IPB_CO_ASSIGN_OR_RETURN(v1::Person person, std::move(decided));
  person.set_name(name);
  if (!known) call::SetTime(call.now(), person.mutable_recorded_time());
  for (v1::Responsibility& held : *person.mutable_responsibilities()) {
    if (!held.has_recorded_time()) call::SetTime(call.now(), held.mutable_recorded_time());
  }
  PutPerson(subject, person);
  // Whoever is not responsible yet learns the name and nothing else.
  v1::Person reply;
  reply.set_name(name);
  if (rules::IsResponsible(person, by.organisation, call.today())) reply = person;
  auto committing = call.Commit(std::move(subject), std::move(reply));
  co_return co_await committing;
}

}  // namespace ipb::people::handlers
