// Every case file of people, judged by the rules and by the policy that ships.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/dates/civil.h"
#include "tests/rules/people/case_judges.h"
#include "tests/rules/support/case_file.h"
#include "tests/rules/support/text_file.h"

namespace ipb::people::rules {
namespace {

using cases::v1::PeopleCase;

class Cases : public ::testing::TestWithParam<std::string> {};

TEST_P(Cases, IsJudgedAsItSays) {
  PeopleCase given;
  tests::ReadText(GetParam(), given);
  tests::CheckHeading(given.about());
  SCOPED_TRACE(given.about().title());
  const CaseFacts facts = FactsOf(given);
  switch (given.judged_case()) {
    case PeopleCase::kRegistration:
      return Judge(facts, given.registration());
    case PeopleCase::kBirthDate:
      return Judge(facts, given.birth_date());
    case PeopleCase::kAddedIdentifier:
      return Judge(facts, given.added_identifier());
    case PeopleCase::kRemovedIdentifier:
      return Judge(facts, given.removed_identifier());
    case PeopleCase::kAcceptance:
      return Judge(facts, given.acceptance());
    case PeopleCase::kResponsibilityEnd:
      return Judge(facts, given.responsibility_end());
    case PeopleCase::kTransfer:
      return Judge(facts, given.transfer());
    case PeopleCase::kUrgentClaim:
      return Judge(facts, given.urgent_claim());
    case PeopleCase::kMerge:
      return Judge(facts, given.merge());
    case PeopleCase::kUndoing:
      return Judge(facts, given.undoing());
    case PeopleCase::kSeparation:
      return Judge(facts, given.separation());
    case PeopleCase::kCircumstance:
      return Judge(facts, given.circumstance());
    case PeopleCase::kCircumstanceEnd:
      return Judge(facts, given.circumstance_end());
    case PeopleCase::kCircumstanceCorrection:
      return Judge(facts, given.circumstance_correction());
    case PeopleCase::kAppointment:
      return Judge(facts, given.appointment());
    case PeopleCase::kAppointmentEnd:
      return Judge(facts, given.appointment_end());
    case PeopleCase::kCapacity:
      return Judge(facts, given.capacity());
    case PeopleCase::kExclusion:
      return Judge(facts, given.exclusion());
    case PeopleCase::kExclusionEnd:
      return Judge(facts, given.exclusion_end());
    case PeopleCase::kRelationship:
      return Judge(facts, given.relationship());
    case PeopleCase::kRelationshipEnd:
      return Judge(facts, given.relationship_end());
    case PeopleCase::kAuthority:
      return Judge(facts, given.authority());
    case PeopleCase::JUDGED_NOT_SET:
      FAIL() << "the case says nothing to judge";
  }
}

std::string NameOf(const ::testing::TestParamInfo<std::string>& info) { return tests::CaseName(info.param); }

INSTANTIATE_TEST_SUITE_P(People, Cases, ::testing::ValuesIn(tests::TextFiles("tests/rules/people/cases")),
                         NameOf);

}  // namespace
}  // namespace ipb::people::rules
