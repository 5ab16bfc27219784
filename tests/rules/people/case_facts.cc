#include "tests/rules/people/case_facts.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "services/people/rules/circumstance.h"
#include "tests/rules/people/cases.h"

namespace ipb::people::rules {
namespace {

constexpr char kCouncil[] = "E10000019";

// The rows as the service keeps them, named by their place.
template <typename Rows>
auto Numbered(const Rows& given, const char* collection) {
  std::vector<typename Rows::value_type> rows(given.begin(), given.end());
  for (size_t i = 0; i < rows.size(); ++i) {
    rows[i].set_name(absl::StrCat(kPerson, "/", collection, "/", i + 1));
  }
  return rows;
}

v1::Person PersonOf(const cases::v1::OnRecord& given) {
  v1::Person person = Someone();
  for (const v1::Circumstance& row : given.circumstances()) {
    if (row.kind() == v1::Circumstance::KIND_DEATH && Stands(row)) {
      person.set_death_date(row.effective_from_date());
    }
  }
  person.MergeFrom(given.person());
  for (int i = 0; i < given.past_identifiers(); ++i) {
    v1::HeldIdentifier* past = person.add_identifiers();
    past->set_claim(absl::StrCat("identifiers/past-", i));
    past->mutable_removal();
  }
  for (int i = 0; i < given.past_responsibilities(); ++i) {
    *person.add_responsibilities() = testing::Text<v1::Responsibility>(
        "organisation: 'E10000003' role: RESPONSIBILITY_ROLE_HOST effective_from_date: '2015-04-01' "
        "effective_to_date: '2015-04-30' state: STATE_ACCEPTED");
  }
  for (int i = 0; i < given.birth_corrections(); ++i) person.add_superseded_birth_dates();
  for (int i = 0; i < given.past_merges(); ++i) person.add_merges()->mutable_undoing();
  return person;
}

}  // namespace

CaseFacts FactsOf(const cases::v1::PeopleCase& given) {
  const cases::v1::OnRecord& record = given.on_record();
  CaseFacts facts;
  facts.today = given.today().empty() ? kToday : dates::Checked(given.today());
  facts.known = given.has_on_record();
  facts.record = Facts();
  facts.record.person = PersonOf(record);
  facts.record.circumstances = Numbered(record.circumstances(), "circumstances");
  facts.record.representatives = Numbered(record.representatives(), "representatives");
  facts.record.capacity = Numbered(record.capacity_decisions(), "capacityDecisions");
  facts.record.exclusions = Numbered(record.payment_exclusions(), "paymentExclusions");
  facts.relationships = Numbered(record.relationships(), "relationships");
  const cases::v1::CallingBody& caller = given.caller();
  facts.by.organisation = caller.organisation().empty() ? kCouncil : caller.organisation();
  facts.by.kind = caller.kind() == v1::CALLER_KIND_UNSPECIFIED ? v1::CALLER_KIND_COUNCIL : caller.kind();
  facts.by.acts_for.assign(caller.acts_for().begin(), caller.acts_for().end());
  facts.expect = given.expect();
  return facts;
}

v1::HumanDecision DecidedBy(const CaseFacts& facts, v1::HumanDecision decision) {
  decision.set_decider("staff-1");
  decision.set_role("social_worker");
  decision.set_organisation(facts.by.organisation);
  if (decision.decision_date().empty()) decision.set_decision_date(dates::Format(facts.today));
  return decision;
}

MetIdentifier Met(const cases::v1::FoundIdentifier& identifier) {
  const std::string& leads_to = identifier.leads_to();
  return {identifier.shown(), identifier.claims(), leads_to.empty() ? identifier.claims() : leads_to};
}

}  // namespace ipb::people::rules
