// Bad input of every kind for circumstances, capacity, representatives, exclusions, relationships and
// authority, with what a practitioner reads. The list is printed: method, what is wrong, status, text.
#include <iostream>

#include "absl/strings/str_cat.h"
#include "tests/handlers/people/life.h"
#include "tests/support/methods.h"

namespace ipb::people {
namespace {

using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::Not;

// A request that has to be refused by these rules, wrong fields or, where there are neither, this reason.
struct BadInput {
  const char* method;
  const char* what;
  const char* request;
  grpc::StatusCode code;
  std::vector<std::string> refused_by;
};

std::string NameOf(grpc::StatusCode code) {
  switch (code) {
    case grpc::INVALID_ARGUMENT:
      return "INVALID_ARGUMENT";
    case grpc::FAILED_PRECONDITION:
      return "FAILED_PRECONDITION";
    case grpc::NOT_FOUND:
      return "NOT_FOUND";
    default:
      return absl::StrCat("status ", static_cast<int>(code));
  }
}

constexpr auto kWrong = grpc::INVALID_ARGUMENT;
constexpr auto kRule = grpc::FAILED_PRECONDITION;
constexpr auto kNone = grpc::NOT_FOUND;

const BadInput kCircumstances[] = {
    {"RecordCircumstance", "nothing said", "", kWrong, {"parent", "kind", "effective_from_date"}},
    {"RecordCircumstance",
     "a day that does not exist",
     "parent: '$P' kind: KIND_HOSPITAL effective_from_date: '2025-02-30'",
     kWrong,
     {"effective_from_date"}},
    {"RecordCircumstance",
     "a request id that is none",
     "parent: '$P' kind: KIND_HOSPITAL effective_from_date: '2025-05-01' request_id: '7'",
     kWrong,
     {"request_id"}},
    {"RecordCircumstance",
     "somebody unknown",
     "parent: 'people/00000000000000000000000000' kind: KIND_HOSPITAL effective_from_date: '2025-05-01'",
     kNone,
     {"NOT_FOUND"}},
    {"RecordCircumstance",
     "a day that has not come",
     "parent: '$P' kind: KIND_HOSPITAL effective_from_date: '2025-06-03'",
     kWrong,
     {"effective_from_date"}},
    {"RecordCircumstance",
     "before birth",
     "parent: '$P' kind: KIND_HOSPITAL effective_from_date: '1960-04-30'",
     kWrong,
     {"effective_from_date"}},
    {"RecordCircumstance",
     "discharge before admission",
     "parent: '$P' kind: KIND_HOSPITAL effective_from_date: '2025-05-02' effective_to_date: '2025-05-01'",
     kWrong,
     {"effective_to_date"}},
    {"RecordCircumstance",
     "custody without a place",
     "parent: '$P' kind: KIND_CUSTODY effective_from_date: '2025-05-01'",
     kWrong,
     {"details"}},
    {"RecordCircumstance",
     "a prison without its council",
     "parent: '$P' kind: KIND_CUSTODY effective_from_date: '2025-05-01' details { custody { place: "
     "PLACE_PRISON } }",
     kWrong,
     {"details.custody.council"}},
    {"RecordCircumstance",
     "details of another kind",
     "parent: '$P' kind: KIND_HOSPITAL effective_from_date: '2025-05-01' details { care_home_stay { stay: "
     "STAY_RESPITE } }",
     kWrong,
     {"details"}},
    {"RecordCircumstance",
     "a move to where the person lives",
     "parent: '$P' kind: KIND_MOVE effective_from_date: '2025-05-01' details { move { from_council: "
     "'E10000019' "
     "to_council: 'E10000019' } }",
     kWrong,
     {"details.move.to_council"}},
    {"RecordCircumstance",
     "a move to an integrated care board",
     "parent: '$P' kind: KIND_MOVE effective_from_date: '2025-05-01' details { move { from_council: "
     "'E10000019' "
     "to_council: 'QZZ' } }",
     kWrong,
     {"details.move.to_council"}},
    {"RecordCircumstance",
     "an enquiry told as a story",
     "parent: '$P' kind: KIND_SAFEGUARDING_CONCERN effective_from_date: '2025-05-01' details { "
     "safeguarding_concern { "
     "subject: SUBJECT_CARE enquiry_reference: 'bruises seen on Monday' } }",
     kWrong,
     {"details.safeguarding_concern.enquiry_reference"}},
    {"RecordCircumstance",
     "a second stay at the same time",
     "parent: '$P' kind: KIND_HOSPITAL effective_from_date: '2025-04-05'",
     kRule,
     {"PEOPLE-CIRCUMSTANCE-OVERLAP"}},
    {"RecordCircumstance",
     "in prison while in hospital",
     "parent: '$P' kind: KIND_CUSTODY effective_from_date: '2025-04-05' effective_to_date: '2025-04-06' "
     "details { custody { place: PLACE_PRISON council: 'E10000028' } }",
     kRule,
     {"PEOPLE-CIRCUMSTANCE-CONTRADICTS"}},
    {"RecordCircumstance",
     "a death before what happened since",
     "parent: '$P' kind: KIND_DEATH effective_from_date: '2025-03-31'",
     kRule,
     {"PEOPLE-DEATH-ORDER"}},
    {"EndCircumstance",
     "no such circumstance",
     "name: '$P/circumstances/9' effective_to_date: '2025-05-01'",
     kNone,
     {"NOT_FOUND"}},
    {"EndCircumstance",
     "ended twice",
     "name: '$P/circumstances/1' effective_to_date: '2025-05-01'",
     kRule,
     {"PEOPLE-CIRCUMSTANCE-ENDED"}},
    {"CorrectCircumstance",
     "without reasons",
     "name: '$P/circumstances/1' effective_from_date: '2025-04-02' decision { }",
     kRule,
     {"PEOPLE-CORRECT-REASONS"}},
    {"CorrectCircumstance",
     "without what was right",
     "name: '$P/circumstances/1' decision { reasons: 'r' }",
     kWrong,
     {"effective_from_date"}},
    {"CorrectCircumstance",
     "never so, and yet a date",
     "name: '$P/circumstances/1' recorded_in_error: true effective_from_date: '2025-04-02' decision { "
     "reasons: 'r' }",
     kWrong,
     {"effective_from_date"}},
    {"CorrectCircumstance",
     "changed by somebody else meanwhile",
     "name: '$P/circumstances/1' recorded_in_error: true decision { reasons: 'r' } etag: '1-other'",
     grpc::ABORTED,
     {"ETAG_MISMATCH"}},
    {"ListCircumstances",
     "a token of another list",
     "parent: '$P' page_token: 'abc'",
     kWrong,
     {"page_token"}},
    {"ListCircumstances",
     "a day that does not exist",
     "parent: '$P' as_of_date: 'June'",
     kWrong,
     {"as_of_date"}},
};

const BadInput kCapacity[] = {
    {"RecordCapacityDecision",
     "nothing said",
     "",
     kWrong,
     {"parent", "matter", "outcome", "assessor", "decision"}},
    {"RecordCapacityDecision",
     "an assessor by name",
     "parent: '$P' matter: MATTER_RESIDENCE outcome: OUTCOME_HAS_CAPACITY assessor: 'Dr A. Person' decision "
     "{ }",
     kWrong,
     {"assessor"}},
    {"RecordCapacityDecision",
     "assessed tomorrow",
     "parent: '$P' matter: MATTER_RESIDENCE outcome: OUTCOME_HAS_CAPACITY assessor: 's-1' assessed_date: "
     "'2025-06-03' "
     "decision { }",
     kWrong,
     {"assessed_date"}},
    {"RecordCapacityDecision",
     "lacking, and nothing shown",
     "parent: '$P' matter: MATTER_RESIDENCE outcome: OUTCOME_LACKS_CAPACITY assessor: 's-1' decision { }",
     kRule,
     {"CAPACITY-REASONS", "CAPACITY-SUPPORT", "CAPACITY-IMPAIRMENT", "CAPACITY-INABILITY", "CAPACITY-OPTIONS",
      "CAPACITY-CHOSEN", "CAPACITY-RESTRICTIVE", "CAPACITY-CONSULTED"}},
    {"RecordCapacityDecision",
     "capacity, and decided for all the same",
     "parent: '$P' matter: MATTER_RESIDENCE outcome: OUTCOME_HAS_CAPACITY assessor: 's-1' decision { } "
     "inabilities: INABILITY_RETAIN best_interests { option_chosen: 'a' }",
     kRule,
     {"CAPACITY-CONTRARY", "CAPACITY-CONTRARY"}},
    {"RecordCapacityDecision",
     "consulted by name",
     "parent: '$P' matter: MATTER_RESIDENCE outcome: OUTCOME_LACKS_CAPACITY assessor: 's-1' decision { } "
     "best_interests { consulted { party: 'her sister' } }",
     kWrong,
     {"best_interests.consulted[0].party", "best_interests.consulted[0].role"}},
    {"ListCapacityDecisions",
     "somebody unknown",
     "parent: 'people/00000000000000000000000000'",
     kNone,
     {"NOT_FOUND"}},
};

const BadInput kRepresentatives[] = {
    {"AppointRepresentative", "nothing said", "", kWrong, {"parent", "kind", "party", "reasons"}},
    {"AppointRepresentative",
     "a nominated person, no condition met",
     "parent: '$P' kind: KIND_NOMINATED_PERSON party: 'p' reasons: 'r'",
     kRule,
     {"PEOPLE-S31-ASKED", "PEOPLE-S31-AGREES", "PEOPLE-S31-CAPABLE", "PEOPLE-S31-APPROPRIATE"}},
    {"AppointRepresentative",
     "a nominee from an agency, unchecked",
     "parent: '$P' kind: KIND_NOMINEE party: 'p' reasons: 'r' conditions { asked_by_person: true agrees: "
     "true "
     "capable: true } closeness: CLOSENESS_NONE",
     kRule,
     {"PEOPLE-REP-DISCLOSURE"}},
    {"AppointRepresentative",
     "an authorised person, no ground",
     "parent: '$P' kind: KIND_AUTHORISED_PERSON party: 'p' reasons: 'r'",
     kWrong,
     {"ground"}},
    {"AppointRepresentative",
     "an authorised person, no condition met",
     "parent: '$P' kind: KIND_AUTHORISED_PERSON party: 'p' reasons: 'r' ground: GROUND_NOBODY_MCA_AUTHORISED",
     kRule,
     {"PEOPLE-S32-REQUEST", "PEOPLE-S32-INTERESTS", "PEOPLE-S32-CAPABLE", "PEOPLE-S32-APPROPRIATE",
      "PEOPLE-S32-SUITABLE", "PEOPLE-REP-CAPACITY-NEEDED", "PEOPLE-REP-DISCLOSURE"}},
    {"AppointRepresentative",
     "a representative for who has capacity",
     "parent: '$P' kind: KIND_REPRESENTATIVE party: 'p' reasons: 'r' closeness: CLOSENESS_FAMILY conditions "
     "{ "
     "agrees: true best_interests: true capable: true }",
     kRule,
     {"PEOPLE-REP-CAPACITY-NEEDED"}},
    {"AppointRepresentative",
     "authorised by a power of attorney for property",
     "parent: '$P' kind: KIND_AUTHORISED_PERSON party: 'son-1' reasons: 'r' ground: GROUND_MCA_AUTHORISED "
     "mca_authority: '$P/representatives/1' closeness: CLOSENESS_FAMILY conditions { agrees: true "
     "best_interests: true "
     "capable: true appropriate: true }",
     kRule,
     {"PEOPLE-S32-SCOPE", "PEOPLE-REP-CAPACITY-NEEDED"}},
    {"AppointRepresentative",
     "a parent of an adult",
     "parent: '$P' kind: KIND_PARENT party: 'p' reasons: 'r' conditions { parental_responsibility: true "
     "capable: true }",
     kRule,
     {"PEOPLE-REP-PARENT"}},
    {"AppointRepresentative",
     "an advocate where none is needed",
     "parent: '$P' kind: KIND_ADVOCATE party: 'p' reasons: 'r'",
     kRule,
     {"PEOPLE-S67-DIFFICULTY", "PEOPLE-S67-APPROPRIATE"}},
    {"AppointRepresentative",
     "an attorney without scope or instrument",
     "parent: '$P' kind: KIND_ATTORNEY party: 'p' reasons: 'r'",
     kWrong,
     {"scopes"}},
    {"AppointRepresentative",
     "an attorney whose instrument nobody saw",
     "parent: '$P' kind: KIND_ATTORNEY party: 'p' reasons: 'r' scopes: SCOPE_HEALTH_AND_WELFARE",
     kRule,
     {"PEOPLE-REP-INSTRUMENT"}},
    {"AppointRepresentative",
     "the same attorney again",
     "parent: '$P' kind: KIND_ATTORNEY party: 'son-1' reasons: 'r' scopes: SCOPE_PROPERTY_AND_AFFAIRS "
     "conditions { "
     "instrument_reference: 'opg-1' }",
     kRule,
     {"PEOPLE-REP-TWICE"}},
    {"AppointRepresentative",
     "a certificate of tomorrow",
     "parent: '$P' kind: KIND_NOMINEE party: 'p' reasons: 'r' conditions { asked_by_person: true agrees: "
     "true "
     "capable: true disclosure_check_date: '2025-06-03' }",
     kWrong,
     {"conditions.disclosure_check_date"}},
    {"EndRepresentative",
     "before they were appointed",
     "name: '$P/representatives/1' effective_to_date: '2024-12-31'",
     kWrong,
     {"effective_to_date"}},
    {"GetAuthority", "nobody named", "", kWrong, {"name"}},
    {"GetAuthority", "before birth", "name: '$P' as_of_date: '1960-04-30'", kWrong, {"as_of_date"}},
};

const BadInput kOthers[] = {
    {"RecordPaymentExclusion",
     "nothing said",
     "",
     kWrong,
     {"parent", "code", "effective_from_date", "order_reference", "decision"}},
    {"RecordPaymentExclusion",
     "a licence that ends before it begins",
     "parent: '$P' code: EXCLUSION_CODE_LICENCE_OFFENDING_BEHAVIOUR effective_from_date: '2025-05-02' "
     "effective_to_date: '2025-05-01' order_reference: 'o-2' decision { }",
     kWrong,
     {"effective_to_date"}},
    {"RecordPaymentExclusion",
     "the same order again",
     "parent: '$P' code: EXCLUSION_CODE_ALCOHOL_TREATMENT_REQUIREMENT effective_from_date: '2025-05-02' "
     "order_reference: 'o-1' decision { }",
     kRule,
     {"EXCLUSION-TWICE"}},
    {"EndPaymentExclusion",
     "on a day that has not come",
     "name: '$P/paymentExclusions/1' effective_to_date: '2025-06-03'",
     kWrong,
     {"effective_to_date"}},
    {"EndPaymentExclusion",
     "no such exclusion",
     "name: '$P/paymentExclusions/9' effective_to_date: '2025-06-01'",
     kNone,
     {"NOT_FOUND"}},
    {"ListPaymentExclusions",
     "somebody unknown",
     "parent: 'people/00000000000000000000000000'",
     kNone,
     {"NOT_FOUND"}},
    {"RecordRelationship", "nothing said", "", kWrong, {"parent", "kind"}},
    {"RecordRelationship", "with nobody", "parent: '$P' kind: KIND_CARER", kWrong, {"other"}},
    {"RecordRelationship",
     "with themself",
     "parent: '$P' kind: KIND_CARER related_person: '$P'",
     kRule,
     {"RELATIONSHIP-SELF"}},
    {"RecordRelationship",
     "with somebody unknown",
     "parent: '$P' kind: KIND_CARER related_person: 'people/00000000000000000000000000'",
     kNone,
     {"NOT_FOUND"}},
    {"RecordRelationship",
     "with a name",
     "parent: '$P' kind: KIND_CARER party: 'Her Sister'",
     kWrong,
     {"party"}},
    {"RecordRelationship",
     "the same again",
     "parent: '$P' kind: KIND_CARER party: 'sister-1'",
     kRule,
     {"RELATIONSHIP-TWICE"}},
    {"EndRelationship",
     "before it began",
     "name: '$P/relationships/1' effective_to_date: '2025-04-30'",
     kWrong,
     {"effective_to_date"}},
    {"ListRelationships", "a page of less than nothing", "parent: '$P' page_size: -1", kWrong, {"page_size"}},
    {"ListRepresentatives",
     "a day that does not exist",
     "parent: '$P' as_of_date: '2025-13-01'",
     kWrong,
     {"as_of_date"}},
};

class BadInputTest : public LifeTest {
 protected:
  // A stay in hospital that is over, an attorney for property, a court order and a carer.
  BadInputTest() {
    Done<v1::Circumstance>("RecordCircumstance",
                           "parent: '$P' kind: KIND_HOSPITAL effective_from_date: '2025-04-01' "
                           "effective_to_date: '2025-04-10'");
    Done<v1::Representative>("AppointRepresentative",
                             "parent: '$P' kind: KIND_ATTORNEY party: 'son-1' reasons: 'r' conditions { "
                             "instrument_reference: 'opg-1' } scopes: SCOPE_PROPERTY_AND_AFFAIRS "
                             "effective_from_date: '2025-01-01'");
    Done<v1::PaymentExclusion>(
        "RecordPaymentExclusion",
        "parent: '$P' code: EXCLUSION_CODE_ALCOHOL_TREATMENT_REQUIREMENT order_reference: 'o-1' "
        "effective_from_date: '2025-05-01' effective_to_date: '2025-05-31' decision { reasons: 'seen' }");
    Done<v1::PersonRelationship>(
        "RecordRelationship",
        "parent: '$P' kind: KIND_CARER party: 'sister-1' effective_from_date: '2025-05-01'");
  }

  void Walk(absl::Span<const BadInput> inputs) {
    for (const BadInput& bad : inputs) {
      const grpc::Status status = Ask(kCouncil, bad.method, bad.request).status;
      EXPECT_EQ(status.error_code(), bad.code)
          << bad.method << ", " << bad.what << ": " << status.error_message();
      const Details details = DetailsOf(status);
      std::vector<std::string> refused_by = details.rules();
      if (refused_by.empty()) refused_by = details.fields();
      if (refused_by.empty()) refused_by.push_back(details.info.reason());
      EXPECT_THAT(refused_by, ElementsAreArray(bad.refused_by)) << bad.method << ", " << bad.what;
      Print(bad, status, details);
    }
  }

  // Every text says something, and no rule's leaves a place for a value open.
  static void Print(const BadInput& bad, const grpc::Status& status, const Details& details) {
    std::vector<std::string> texts;
    for (const auto& field : details.bad_request.field_violations()) {
      texts.push_back(absl::StrCat(field.field(), " ", field.description()));
      EXPECT_FALSE(field.description().empty()) << field.field();
    }
    for (const auto& rule : details.failure.violations()) {
      texts.push_back(absl::StrCat(rule.type(), " ", rule.description()));
      EXPECT_THAT(rule.description(), Not(HasSubstr("{"))) << bad.method << ", " << bad.what;
    }
    if (texts.empty()) texts.push_back(status.error_message());
    std::cout << bad.method << " | " << bad.what << " | " << NameOf(status.error_code()) << "\n";
    for (const std::string& text : texts) std::cout << "    " << text << "\n";
  }
};

TEST_F(BadInputTest, OfCircumstances) { Walk(kCircumstances); }
TEST_F(BadInputTest, OfCapacity) { Walk(kCapacity); }
TEST_F(BadInputTest, OfRepresentatives) { Walk(kRepresentatives); }
TEST_F(BadInputTest, OfExclusionsAndRelationships) { Walk(kOthers); }

}  // namespace
}  // namespace ipb::people
