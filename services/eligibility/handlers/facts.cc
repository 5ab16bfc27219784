#include "services/eligibility/handlers/facts.h"

#include <algorithm>
#include <set>
#include <utility>

#include "common/errors/status_macros.h"
#include "common/policy/policy.h"

namespace ipb::eligibility::handlers {

v1::Person AsLastHeard(const call::Subject& subject) {
  const state::v1::AccessRecord& access = subject.access();
  v1::Person person;
  person.set_name(subject.name());
  person.set_birth_date(access.birth_date());
  person.set_death_date(access.death_date());
  *person.mutable_responsibilities() = access.responsibilities();
  return person;
}

async::Task<absl::StatusOr<v1::Person>> PersonOf(call::Call& call, call::Subject& subject) {
  call::AccessSource* people = call.environment().access_source;
  // A service that calls for itself is responsible for nobody, so people would not tell it.
  if (people != nullptr && call.caller().kind != v1::CALLER_KIND_SERVICE) {
    auto fetching = people->Fetch(call.caller(), subject.name());
    IPB_CO_ASSIGN_OR_RETURN(state::v1::AccessRecord current, co_await fetching);
    if (current.person_revision() > subject.access().person_revision()) subject.SetAccess(std::move(current));
    IPB_CO_RETURN_IF_ERROR(call.RestOn(subject));
  }
  co_return AsLastHeard(subject);
}

async::Task<absl::StatusOr<std::vector<v1::Determination>>> DeterminationsOf(call::Call& call,
                                                                             std::string subject,
                                                                             std::string except) {
  auto listing = call.AllOf<v1::Determination>(std::move(subject), kDeterminations);
  IPB_CO_ASSIGN_OR_RETURN(std::vector<v1::Determination> determinations, co_await listing);
  const auto kept = std::remove_if(determinations.begin(), determinations.end(),
                                   [&except](const v1::Determination& one) { return one.name() == except; });
  determinations.erase(kept, determinations.end());
  co_return determinations;
}

async::Task<absl::StatusOr<PersonRecord>> RecordOf(call::Call& call, std::string subject) {
  PersonRecord record;
  auto requests = call.AllOf<v1::SupportRequest>(subject, kRequests);
  IPB_CO_ASSIGN_OR_RETURN(record.requests, co_await requests);
  auto assessments = call.AllOf<v1::Assessment>(subject, kAssessments);
  IPB_CO_ASSIGN_OR_RETURN(record.assessments, co_await assessments);
  auto determinations = call.AllOf<v1::Determination>(std::move(subject), kDeterminations);
  IPB_CO_ASSIGN_OR_RETURN(record.determinations, co_await determinations);
  co_return record;
}

async::Task<absl::Status> AddScreenings(call::Call& call, std::string subject, DeterminationFacts& facts) {
  auto listing = call.AllOf<v1::Assessment>(std::move(subject), kAssessments);
  IPB_CO_ASSIGN_OR_RETURN(std::vector<v1::Assessment> assessments, co_await listing);
  for (v1::Assessment& assessment : assessments) {
    const v1::AssessmentEvidence& evidence = assessment.evidence();
    const bool screens =
        evidence.has_checklist() || evidence.checklist_waiver() != v1::CHECKLIST_WAIVER_UNSPECIFIED;
    if (screens && FindAssessment(facts, assessment.name()) == nullptr) {
      facts.assessments.push_back(std::move(assessment));
    }
  }
  co_return absl::OkStatus();
}

void AddSuccessions(const call::Call& call, const v1::WithdrawalSafeguards& safeguards,
                    DeterminationFacts& facts) {
  std::set<std::string> organisations = {facts.by.organisation(), safeguards.consulted_organisation(),
                                         safeguards.other_body_decision().organisation(),
                                         facts.determination.recommendation().organisation(),
                                         facts.determination.decision().organisation()};
  for (const v1::Responsibility& held : facts.person.responsibilities()) {
    organisations.insert(held.organisation());
  }
  for (const std::string& organisation : organisations) {
    for (std::string& other : call.environment().policy->ActsFor(organisation, call.today())) {
      if (other != organisation) facts.successions.push_back({organisation, std::move(other)});
    }
  }
}

const v1::EligibilityPolicy& PolicyOf(const call::Call& call) {
  return call.environment().policy->national().eligibility();
}

v1::Explanation Explain(const call::Call& call, const explain::Trace& trace) {
  return trace.Render(call.environment().rule_set_version, call.environment().policy->version());
}

}  // namespace ipb::eligibility::handlers
