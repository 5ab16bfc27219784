#include "tests/rules/people/cases.h"

#include "absl/strings/str_cat.h"
#include "tests/rules/support/case_file.h"
#include "tests/rules/support/policy_file.h"

namespace ipb::people::rules {

std::vector<std::string> Refusals(const absl::Status& status) {
  const std::vector<std::string> wrong = tests::WrongFieldsOf(status);
  return wrong.empty() ? tests::RuleIdsOf(status) : wrong;
}

v1::Person Someone(const std::string& birth_date) {
  v1::Person person;
  person.set_name(kPerson);
  person.set_birth_date(birth_date);
  return person;
}

AuthorityFacts Facts(const std::string& birth_date) {
  static const v1::PolicyDocument* document =
      new v1::PolicyDocument(tests::ReadPolicy("deploy/policy/national/authority.textproto"));
  AuthorityFacts facts;
  facts.person = Someone(birth_date);
  facts.policy = document->authority();
  return facts;
}

v1::CapacityDecision Lacking(v1::CapacityDecision::Matter matter) {
  auto finding = Kept<v1::CapacityDecision>("capacityDecisions", static_cast<int>(matter),
                                            "outcome: OUTCOME_LACKS_CAPACITY assessed_date: '2026-02-01'");
  finding.set_matter(matter);
  return finding;
}

v1::Representative Attorney(int n, const std::string& party) {
  auto row = Kept<v1::Representative>("representatives", n,
                                      "kind: KIND_ATTORNEY scopes: SCOPE_HEALTH_AND_WELFARE "
                                      "effective_from_date: '2026-01-01'");
  row.set_party(party);
  return row;
}

}  // namespace ipb::people::rules
