#include "services/eligibility/handlers/facts.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/errors/status_macros.h"
#include "common/policy/policy.h"

namespace ipb::eligibility::handlers {
namespace {

constexpr int32_t kPage = 200;

v1::Person AsPerson(const std::string& name, const state::v1::AccessRecord& access) {
  v1::Person person;
  person.set_name(name);
  person.set_birth_date(access.birth_date());
  person.set_death_date(access.death_date());
  *person.mutable_responsibilities() = access.responsibilities();
  return person;
}

}  // namespace

async::Task<absl::StatusOr<v1::Person>> PersonOf(call::Call& call, call::Subject& subject) {
  call::AccessSource* people = call.environment().access_source;
  // A service that calls for itself is responsible for nobody, so people would not tell it.
  if (people != nullptr && call.caller().kind != v1::CALLER_KIND_SERVICE) {
    auto fetching = people->Fetch(call.caller(), subject.name());
    IPB_CO_ASSIGN_OR_RETURN(state::v1::AccessRecord current, co_await fetching);
    if (current.person_revision() > subject.access().person_revision()) subject.SetAccess(std::move(current));
    call.RestOn(subject.access());
  }
  co_return AsPerson(subject.name(), subject.access());
}

async::Task<absl::StatusOr<std::vector<v1::Determination>>> DeterminationsOf(call::Call& call,
                                                                             const std::string& subject,
                                                                             std::string except) {
  std::vector<v1::Determination> determinations;
  std::string page_token;
  do {
    auto listing = call.List(subject, absl::StrCat(kDeterminations, "/"), kPage, page_token);
    IPB_CO_ASSIGN_OR_RETURN(const call::Page page, co_await listing);
    for (const store::Record& record : page.records) {
      v1::Determination determination;
      determination.ParseFromString(record.data);
      if (determination.name() != except) determinations.push_back(std::move(determination));
    }
    page_token = page.next_page_token;
  } while (!page_token.empty());
  co_return determinations;
}

const v1::EligibilityPolicy& PolicyOf(const call::Call& call) {
  return call.environment().policy->national().eligibility();
}

v1::Explanation Explain(const call::Call& call, const explain::Trace& trace) {
  return trace.Render(call.environment().rule_set_version, call.environment().policy->version());
}

}  // namespace ipb::eligibility::handlers
