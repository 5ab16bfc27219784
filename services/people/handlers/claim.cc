#include "services/people/handlers/claim.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/client/access_source.h"
#include "common/client/metadata.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/identifiers/nhs_number.h"
#include "common/policy/policy.h"

namespace ipb::people::handlers {
namespace {

constexpr char kClaim[] = ".";
// People are merged into one another once or twice; a longer line is one that goes round.
constexpr int kLongestLine = 16;

// The organisations whose identifier it may be, likeliest first; the empty one for a national identifier.
std::vector<std::string> IssuersOf(const call::Call& call, const v1::Identifier& identifier) {
  if (identifier.kind() == v1::IDENTIFIER_KIND_NHS_NUMBER) return {""};
  return By(call).acts_for;
}

async::Task<absl::StatusOr<FoundClaim>> LoadClaim(call::Call& call, std::string name) {
  auto loading = call.LoadUnguarded(name, {kClaim});
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  const auto known = subject.FindRecord<state::v1::Claim>(kClaim);
  state::v1::Claim claim = known ? *known : state::v1::Claim();
  if (claim.origin().empty()) claim.set_origin(std::move(name));
  co_return FoundClaim{std::move(subject), std::move(claim), {}};
}

// Writes a claim on the service's own behalf, as no caller asked for the rotation of keys. ABORTED where it
// is not what it was when it was looked at.
async::Task<absl::Status> PutClaim(const call::Call& call, std::string name, state::v1::Claim was,
                                   state::v1::Claim is) {
  call::RequestInfo info;
  info.method = "keys/rewrite";
  info.mutates = true;
  const std::string service = call.environment().service;
  const call::Caller itself{client::kSuite, service, service, "service", v1::CALLER_KIND_SERVICE};
  call::Call rewriting(call.environment(), itself, std::move(info));
  auto loading = LoadClaim(rewriting, std::move(name));
  IPB_CO_ASSIGN_OR_RETURN(FoundClaim found, co_await loading);
  if (found.subject.exists() && found.claim.SerializeAsString() != was.SerializeAsString()) {
    co_return absl::AbortedError("the claim changed meanwhile");
  }
  found.subject.PutRecord(kClaim, is);
  auto committing = rewriting.Commit(std::move(found.subject));
  co_return co_await committing;
}

// Rewrites a claim that an older key names. First the older one says where to; until the newer one exists,
// the older still says who, so that whoever stops in between loses nobody, and whoever meets it next goes on.
async::Task<absl::StatusOr<FoundClaim>> Rewrite(call::Call& call, FoundClaim older, std::string name) {
  state::v1::Claim moved = older.claim;
  if (moved.rewritten_to().empty()) {
    moved.set_rewritten_to(name);
    auto marking = PutClaim(call, older.subject.name(), older.claim, moved);
    const absl::Status marked = co_await marking;
    if (!marked.ok()) co_return older;
  }
  state::v1::Claim newer = moved;
  newer.clear_rewritten_to();
  auto writing = PutClaim(call, moved.rewritten_to(), newer, newer);
  const absl::Status written = co_await writing;
  // Where it is there and says something else, others came first.
  if (!written.ok() && !absl::IsAborted(written)) co_return written;
  auto loading = LoadClaim(call, moved.rewritten_to());
  co_return co_await loading;
}

// A claim as it was found under one name, or the one that it was rewritten to.
async::Task<absl::StatusOr<FoundClaim>> Newest(call::Call& call, FoundClaim found) {
  if (found.claim.rewritten_to().empty()) co_return found;
  auto loading = LoadClaim(call, found.claim.rewritten_to());
  IPB_CO_ASSIGN_OR_RETURN(FoundClaim newer, co_await loading);
  if (newer.subject.exists()) co_return newer;
  found.claim.clear_rewritten_to();
  co_return FoundClaim{std::move(newer.subject), std::move(found.claim), {}};
}

// The claim under the first of the names that has one; under the first name where none has.
async::Task<absl::StatusOr<FoundClaim>> FindAmong(call::Call& call, std::vector<std::string> names) {
  auto loading = LoadClaim(call, names.front());
  IPB_CO_ASSIGN_OR_RETURN(FoundClaim first, co_await loading);
  if (first.subject.exists()) {
    auto following = Newest(call, std::move(first));
    co_return co_await following;
  }
  for (size_t i = 1; i < names.size(); ++i) {
    auto trying = LoadClaim(call, names[i]);
    IPB_CO_ASSIGN_OR_RETURN(FoundClaim older, co_await trying);
    if (!older.subject.exists()) continue;
    // A preview writes nothing.
    if (call.info().validate_only) {
      auto following = Newest(call, std::move(older));
      co_return co_await following;
    }
    auto rewriting = Rewrite(call, std::move(older), names.front());
    co_return co_await rewriting;
  }
  co_return first;
}

}  // namespace

std::string IdentifierFault(const call::Call& call, const v1::Identifier& identifier) {
  if (identifier.kind() != v1::IDENTIFIER_KIND_NHS_NUMBER) return "";
  const auto range = identifiers::CheckNhsNumber(identifier.value());
  if (!range.ok()) return std::string(range.status().message());
  const bool test = *range == identifiers::NhsNumberRange::kTest;
  if (test && !call.environment().test_people) {
    return "is in the range 999 that is never issued; this deployment is not a test";
  }
  return "";
}

async::Task<absl::StatusOr<FoundClaim>> FindClaim(call::Call& call, v1::Identifier identifier,
                                                  std::string field) {
  std::string fault = IdentifierFault(call, identifier);
  if (!fault.empty()) co_return errors::InvalidField(absl::StrCat(field, ".value"), std::move(fault));
  const std::vector<std::string> issuers = IssuersOf(call, identifier);
  std::optional<FoundClaim> own;
  for (const std::string& issuer : issuers) {
    auto finding =
        FindAmong(call, call.environment().claims->Names(
                            {v1::IdentifierKind_Name(identifier.kind()), issuer, identifier.value()}));
    IPB_CO_ASSIGN_OR_RETURN(FoundClaim found, co_await finding);
    found.shown.set_claim(found.claim.origin());
    found.shown.set_kind(identifier.kind());
    found.shown.set_issuer(issuer);
    const bool claimed = !found.claim.person().empty();
    if (!own || claimed) own = std::move(found);
    if (claimed) break;
  }
  co_return *std::move(own);
}

async::Task<absl::StatusOr<FoundClaim>> FindClaimNamed(call::Call& call, std::string name) {
  auto loading = LoadClaim(call, std::move(name));
  IPB_CO_ASSIGN_OR_RETURN(FoundClaim found, co_await loading);
  auto following = Newest(call, std::move(found));
  co_return co_await following;
}

async::Task<absl::Status> PointClaim(call::Call& call, FoundClaim found, std::string person) {
  found.claim.set_person(std::move(person));
  found.claim.set_term(found.claim.term() + 1);
  found.subject.PutRecord(kClaim, found.claim);
  auto committing = call.Commit(std::move(found.subject));
  co_return co_await committing;
}

async::Task<absl::StatusOr<std::string>> SurvivorOf(call::Call& call, std::string person) {
  for (int i = 0; i < kLongestLine && !person.empty(); ++i) {
    auto loading = call.LoadUnguarded(person);
    IPB_CO_ASSIGN_OR_RETURN(const call::Subject subject, co_await loading);
    if (subject.access().merged_into().empty()) break;
    person = subject.access().merged_into();
  }
  co_return person;
}

async::Task<absl::StatusOr<rules::MetIdentifier>> Meet(call::Call& call, v1::HeldIdentifier shown,
                                                       state::v1::Claim claim) {
  rules::MetIdentifier met;
  met.shown = std::move(shown);
  met.claims = claim.person();
  auto following = SurvivorOf(call, claim.person());
  IPB_CO_ASSIGN_OR_RETURN(met.leads_to, co_await following);
  co_return met;
}

rules::Registrant By(const call::Call& call) {
  const std::string& organisation = call.caller().organisation;
  return {organisation, call.caller().kind, call.environment().policy->ActsFor(organisation, call.today())};
}

void PutPerson(call::Subject& subject, v1::Person& person) {
  subject.Put(person);
  subject.SetAccess(client::AccessRecordOf(person));
}

v1::Person& Stamp(const call::Call& call, v1::Person& person) {
  const auto record = [&call](auto* part) {
    if (!part->has_recorded_time()) call::SetTime(call.now(), part->mutable_recorded_time());
  };
  record(&person);
  for (v1::Responsibility& held : *person.mutable_responsibilities()) record(&held);
  for (v1::HeldIdentifier& held : *person.mutable_identifiers()) {
    record(&held);
    if (held.has_removal()) record(held.mutable_removal());
  }
  for (v1::PersonMerge& merge : *person.mutable_merges()) {
    record(&merge);
    if (merge.has_undoing()) record(merge.mutable_undoing());
  }
  for (v1::PersonSeparation& separation : *person.mutable_separations()) record(&separation);
  for (v1::SupersededBirthDate& earlier : *person.mutable_superseded_birth_dates()) record(&earlier);
  return person;
}

}  // namespace ipb::people::handlers
