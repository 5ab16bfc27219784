// Every kind of bad input to what changes who people are, with the refusal that a practitioner reads. Run it
// with
// --gtest_filter=BadInput.* to read the list.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/dynamic_message.h"
#include "google/protobuf/text_format.h"
#include "tests/handlers/people/identity.h"
#include "tests/support/methods.h"

namespace ipb::people {
namespace {

using ipb::testing::kCouncil;
using ipb::testing::kIcb;
using ipb::testing::kStranger;
using ipb::testing::NewNhsNumber;
using ::testing::HasSubstr;

// $P is a person of the council's and the ICB's with the number $N and the local number L1, $Q another with
// $M whom the second council is responsible for too, $G one who was merged into $P, and $T a number that is
// somebody else's.
struct Bad {
  const char* method;
  const char* what;
  const char* request;
  grpc::StatusCode code;
  const char* says;  // a field, a rule or a reason, and what the text must hold
  As as = kCouncil;
};

constexpr char kWhy[] = " decision { reasons: 'It is so.' }";

const Bad kBad[] = {
    {"AddIdentifier", "no person named", "identifier { kind: IDENTIFIER_KIND_LOCAL value: 'x' }",
     grpc::INVALID_ARGUMENT, "name"},
    {"AddIdentifier", "a name of another shape",
     "name: 'persons/7' identifier { kind: IDENTIFIER_KIND_LOCAL value: 'x' }", grpc::INVALID_ARGUMENT,
     "name"},
    {"AddIdentifier", "no identifier", "name: '$P'", grpc::INVALID_ARGUMENT, "identifier"},
    {"AddIdentifier", "an identifier of no kind", "name: '$P' identifier { value: 'x' }",
     grpc::INVALID_ARGUMENT, "identifier.kind"},
    {"AddIdentifier", "an NHS number with a wrong check digit",
     "name: '$P' identifier { kind: IDENTIFIER_KIND_NHS_NUMBER value: '9990000010' }", grpc::INVALID_ARGUMENT,
     "identifier.value"},
    {"AddIdentifier", "a local number with a space",
     "name: '$P' identifier { kind: IDENTIFIER_KIND_LOCAL value: 'a b' }", grpc::INVALID_ARGUMENT,
     "identifier.value"},
    {"AddIdentifier", "a request_id that is no UUID",
     "name: '$P' identifier { kind: IDENTIFIER_KIND_LOCAL value: 'x' } request_id: '7'",
     grpc::INVALID_ARGUMENT, "request_id"},
    {"AddIdentifier", "a person whom the caller may not know",
     "name: '$P' identifier { kind: IDENTIFIER_KIND_LOCAL value: 'x' }", grpc::NOT_FOUND, "NOT_FOUND",
     kStranger},
    {"AddIdentifier", "a stale etag",
     "name: '$P' identifier { kind: IDENTIFIER_KIND_LOCAL value: 'x' } etag: '1-old'", grpc::ABORTED,
     "ETAG_MISMATCH"},
    {"AddIdentifier", "a number that leads to somebody else",
     "name: '$P' identifier { kind: IDENTIFIER_KIND_NHS_NUMBER value: '$T' }", grpc::FAILED_PRECONDITION,
     "PEOPLE-IDENTIFIER-FREE"},
    {"AddIdentifier", "a person who was merged",
     "name: '$G' identifier { kind: IDENTIFIER_KIND_LOCAL value: 'x' }", grpc::FAILED_PRECONDITION,
     "PERSON_MERGED"},
    {"AddIdentifier", "nobody behind the call",
     "name: '$P' identifier { kind: IDENTIFIER_KIND_LOCAL value: 'x' }", grpc::UNAUTHENTICATED,
     "CALLER_UNKNOWN", As{"E10000019", "", ""}},
    {"RemoveIdentifier", "no reasons",
     "name: '$P' identifier { kind: IDENTIFIER_KIND_LOCAL value: 'L1' } decision { }", grpc::INVALID_ARGUMENT,
     "decision.reasons"},
    {"RemoveIdentifier", "reasons of blanks",
     "name: '$P' identifier { kind: IDENTIFIER_KIND_LOCAL value: 'L1' } decision { reasons: '  ' }",
     grpc::INVALID_ARGUMENT, "decision.reasons"},
    {"RemoveIdentifier", "a decision of tomorrow",
     "name: '$P' identifier { kind: IDENTIFIER_KIND_LOCAL value: 'L1' } decision { reasons: 'x' "
     "decision_date: "
     "'2025-06-03' }",
     grpc::INVALID_ARGUMENT, "decision.decision_date"},
    {"RemoveIdentifier", "a number that is not the person's",
     "name: '$P' identifier { kind: IDENTIFIER_KIND_LOCAL value: 'L9' }$W", grpc::FAILED_PRECONDITION,
     "PEOPLE-IDENTIFIER-HELD"},
    {"RemoveIdentifier", "the last number",
     "name: '$Q' identifier { kind: IDENTIFIER_KIND_NHS_NUMBER value: '$M' }$W", grpc::FAILED_PRECONDITION,
     "PEOPLE-IDENTIFIER-LAST"},
    {"RemoveIdentifier", "a number that came with a merge",
     "name: '$P' identifier { kind: IDENTIFIER_KIND_LOCAL value: 'L2' }$W", grpc::FAILED_PRECONDITION,
     "PEOPLE-IDENTIFIER-MERGED"},
    {"UpdatePerson", "no date", "name: '$P'$W", grpc::INVALID_ARGUMENT, "birth_date"},
    {"UpdatePerson", "a date that does not exist", "name: '$P' birth_date: '1961-02-29'$W",
     grpc::INVALID_ARGUMENT, "birth_date"},
    {"UpdatePerson", "a birth in the future", "name: '$P' birth_date: '2025-06-03'$W", grpc::INVALID_ARGUMENT,
     "birth_date"},
    {"UpdatePerson", "a birth before 1900", "name: '$P' birth_date: '1899-12-31'$W", grpc::INVALID_ARGUMENT,
     "birth_date"},
    {"UpdatePerson", "no decision", "name: '$P' birth_date: '1961-05-01'", grpc::INVALID_ARGUMENT,
     "decision"},
    {"UpdatePerson", "the date that is on record", "name: '$P' birth_date: '1960-05-01'$W",
     grpc::FAILED_PRECONDITION, "PEOPLE-BIRTH-KNOWN"},
    {"UpdatePerson", "a birth after what happened", "name: '$P' birth_date: '2025-05-21'$W",
     grpc::FAILED_PRECONDITION, "PEOPLE-BIRTH-ORDER"},
    {"MergePeople", "no survivor", "name: '$P'$W", grpc::INVALID_ARGUMENT, "survivor"},
    {"MergePeople", "a person and themselves", "name: '$P' survivor: '$P'$W", grpc::INVALID_ARGUMENT,
     "survivor"},
    {"MergePeople", "no reasons", "name: '$Q' survivor: '$P' decision { }", grpc::INVALID_ARGUMENT,
     "decision.reasons"},
    {"MergePeople", "a survivor whom the caller may not know", "name: '$Q' survivor: '$P'$W", grpc::NOT_FOUND,
     "NOT_FOUND", kStranger},
    {"MergePeople", "a person whom the caller may not know", "name: '$Q' survivor: '$P'$W", grpc::NOT_FOUND,
     "NOT_FOUND", kIcb},
    {"MergePeople", "different dates of birth", "name: '$Q' survivor: '$P'$W", grpc::FAILED_PRECONDITION,
     "PEOPLE-MERGE-BIRTH"},
    {"MergePeople", "one who was merged already", "name: '$G' survivor: '$Q'$W", grpc::FAILED_PRECONDITION,
     "PERSON_MERGED"},
    {"MergePeople", "into one who was merged", "name: '$Q' survivor: '$G'$W", grpc::FAILED_PRECONDITION,
     "PERSON_MERGED"},
    {"SplitPerson", "neither way", "name: '$P'$W", grpc::INVALID_ARGUMENT, "merged"},
    {"SplitPerson", "both ways",
     "name: '$P' merged: '$G' identifiers { kind: IDENTIFIER_KIND_LOCAL value: 'L1' }$W",
     grpc::INVALID_ARGUMENT, "merged"},
    {"SplitPerson", "no date of birth for the other",
     "name: '$P' identifiers { kind: IDENTIFIER_KIND_LOCAL value: 'L1' }$W", grpc::INVALID_ARGUMENT,
     "birth_date"},
    {"SplitPerson", "a malformed number",
     "name: '$P' identifiers { kind: IDENTIFIER_KIND_NHS_NUMBER value: '1' } birth_date: '1961-01-01'$W",
     grpc::INVALID_ARGUMENT, "identifiers[0].value"},
    {"SplitPerson", "one who was not merged into this one", "name: '$P' merged: '$Q'$W",
     grpc::FAILED_PRECONDITION, "PEOPLE-SPLIT-MERGED"},
    {"SplitPerson", "somebody else's number",
     "name: '$P' identifiers { kind: IDENTIFIER_KIND_NHS_NUMBER value: '$T' } birth_date: '1961-01-01'$W",
     grpc::FAILED_PRECONDITION, "PEOPLE-SPLIT-HELD"},
    {"SplitPerson", "the only number",
     "name: '$Q' identifiers { kind: IDENTIFIER_KIND_NHS_NUMBER value: '$M' } birth_date: '1961-01-01'$W",
     grpc::FAILED_PRECONDITION, "PEOPLE-SPLIT-KEEPS"},
    {"TransferResponsibility", "a code that is none",
     "name: '$P' organisation: 'the council' role: RESPONSIBILITY_ROLE_HOST effective_from_date: "
     "'2025-07-01'$W",
     grpc::INVALID_ARGUMENT, "organisation"},
    {"TransferResponsibility", "an organisation that nobody knows",
     "name: '$P' organisation: 'E06999999' role: RESPONSIBILITY_ROLE_HOST effective_from_date: "
     "'2025-07-01'$W",
     grpc::INVALID_ARGUMENT, "organisation"},
    {"TransferResponsibility", "a day in the past",
     "name: '$P' organisation: 'E10000028' role: RESPONSIBILITY_ROLE_HOST effective_from_date: "
     "'2025-06-01'$W",
     grpc::INVALID_ARGUMENT, "effective_from_date"},
    {"TransferResponsibility", "to oneself",
     "name: '$P' organisation: 'E10000019' role: RESPONSIBILITY_ROLE_HOST effective_from_date: "
     "'2025-07-01'$W",
     grpc::FAILED_PRECONDITION, "PEOPLE-TRANSFER-OTHER"},
    {"TransferResponsibility", "a role of the NHS for a council",
     "name: '$P' organisation: 'E10000028' role: RESPONSIBILITY_ROLE_PLACING_ICB effective_from_date: "
     "'2025-07-01'$W",
     grpc::FAILED_PRECONDITION, "PEOPLE-ROLE-NHS"},
    {"TransferResponsibility", "before one's own began",
     "name: '$P' organisation: 'E10000028' role: RESPONSIBILITY_ROLE_HOST effective_from_date: "
     "'2025-06-02'$W",
     grpc::FAILED_PRECONDITION, "PEOPLE-TRANSFER-HELD"},
    {"TransferResponsibility", "ordinary residence to where the prison is",
     "name: '$P' organisation: 'E10000028' role: RESPONSIBILITY_ROLE_PRISON effective_from_date: "
     "'2025-07-01'$W",
     grpc::FAILED_PRECONDITION, "PEOPLE-TRANSFER-PRISON"},
    {"TransferResponsibility", "ordinary residence as after-care",
     "name: '$P' organisation: 'E10000028' role: RESPONSIBILITY_ROLE_SECTION_117 effective_from_date: "
     "'2025-07-01'$W",
     grpc::FAILED_PRECONDITION, "PEOPLE-TRANSFER-AFTER-CARE"},
    {"RegisterPerson", "as host where the council is that of ordinary residence",
     "identifier { kind: IDENTIFIER_KIND_NHS_NUMBER value: '$N' } birth_date: '1960-05-01' role: "
     "RESPONSIBILITY_ROLE_HOST",
     grpc::FAILED_PRECONDITION, "PEOPLE-ROLE-RESIDENT"},
    {"RegisterPerson", "a detention before the birth",
     "identifier { kind: IDENTIFIER_KIND_LOCAL value: 'x' } birth_date: '1960-05-01' role: "
     "RESPONSIBILITY_ROLE_SECTION_117 detention_date: '1960-04-30'",
     grpc::INVALID_ARGUMENT, "detention_date"},
    {"RegisterPerson", "a detention in the future",
     "identifier { kind: IDENTIFIER_KIND_LOCAL value: 'x' } birth_date: '1960-05-01' role: "
     "RESPONSIBILITY_ROLE_SECTION_117 detention_date: '2025-06-03'",
     grpc::INVALID_ARGUMENT, "detention_date"},
    {"RegisterPerson", "a detention of who is not after-care's",
     "identifier { kind: IDENTIFIER_KIND_LOCAL value: 'x' } birth_date: '1960-05-01' role: "
     "RESPONSIBILITY_ROLE_HOST "
     "detention_date: '2025-06-01'",
     grpc::INVALID_ARGUMENT, "detention_date"},
    {"RegisterPerson", "a placement by who places nobody",
     "identifier { kind: IDENTIFIER_KIND_LOCAL value: 'x' } birth_date: '1960-05-01' role: "
     "RESPONSIBILITY_ROLE_HOST "
     "placement: PLACEMENT_CARE_HOME",
     grpc::INVALID_ARGUMENT, "placement"},
    {"RegisterPerson", "a placement in supported living",
     "identifier { kind: IDENTIFIER_KIND_LOCAL value: 'x' } birth_date: '1960-05-01' role: "
     "RESPONSIBILITY_ROLE_PLACING_ICB placement: PLACEMENT_SUPPORTED_LIVING",
     grpc::FAILED_PRECONDITION, "PEOPLE-ROLE-PLACING", kIcb},
    {"ClaimUrgentResponsibility", "no reasons",
     "identifier { kind: IDENTIFIER_KIND_NHS_NUMBER value: '$N' } role: RESPONSIBILITY_ROLE_HOST decision { "
     "}",
     grpc::INVALID_ARGUMENT, "decision.reasons", kStranger},
    {"ClaimUrgentResponsibility", "no role", "identifier { kind: IDENTIFIER_KIND_NHS_NUMBER value: '$N' }$W",
     grpc::INVALID_ARGUMENT, "role", kStranger},
    {"ClaimUrgentResponsibility", "a number that nobody has",
     "identifier { kind: IDENTIFIER_KIND_LOCAL value: 'none' } role: RESPONSIBILITY_ROLE_HOST$W",
     grpc::NOT_FOUND, "NOT_FOUND", kStranger},
    {"ClaimUrgentResponsibility", "a council in a role of the NHS",
     "identifier { kind: IDENTIFIER_KIND_NHS_NUMBER value: '$N' } role: "
     "RESPONSIBILITY_ROLE_RESPONSIBLE_ICB$W",
     grpc::FAILED_PRECONDITION, "PEOPLE-ROLE-NHS", kStranger},
    {"ClaimUrgentResponsibility", "who is responsible already",
     "identifier { kind: IDENTIFIER_KIND_NHS_NUMBER value: '$N' } role: RESPONSIBILITY_ROLE_HOST$W",
     grpc::FAILED_PRECONDITION, "PEOPLE-URGENT-ONCE"},
    {"ClaimUrgentResponsibility", "a provider",
     "identifier { kind: IDENTIFIER_KIND_NHS_NUMBER value: '$N' } role: "
     "RESPONSIBILITY_ROLE_SUPPORT_PROVIDER$W",
     grpc::PERMISSION_DENIED, "CALLER_NOT_ALLOWED", As{"SUPPORTCO"}},
};

class BadInput : public ::testing::Test, protected Identity {
 protected:
  BadInput() {
    person_ = RegisterForBoth(kCouncil, kIcb, NhsNumber(number_));
    Add(kCouncil, person_, LocalNumber("L1"));
    other_ = RegisterForBoth(kCouncil, kStranger, NhsNumber(other_number_));
    EXPECT_TRUE(Correct(kCouncil, other_, "1961-05-01").ok());
    merged_ = Register(kCouncil, LocalNumber("L2")).person.name();
    EXPECT_TRUE(Merge(kCouncil, merged_, person_).ok());
    EXPECT_TRUE(Register(kStranger, NhsNumber(taken_)).ok());
    v1::RecordCircumstanceRequest stay;
    stay.set_parent(person_);
    stay.set_kind(v1::Circumstance::KIND_HOSPITAL);
    stay.set_effective_from_date("2025-05-20");
    v1::Circumstance circumstance;
    const auto stub = v1::PeopleService::NewStub(suite().channel());
    EXPECT_TRUE(suite().Call(*stub, &Stub::RecordCircumstance, kCouncil, stay, &circumstance).ok());
  }

  grpc::Status Ask(const Bad& bad) {
    const std::string text = absl::StrReplaceAll(bad.request, {{"$P", person_},
                                                               {"$Q", other_},
                                                               {"$G", merged_},
                                                               {"$N", number_},
                                                               {"$M", other_number_},
                                                               {"$T", taken_},
                                                               {"$W", kWhy}});
    const auto& method = ipb::testing::MethodNamed(absl::StrCat("PeopleService.", bad.method));
    const std::unique_ptr<google::protobuf::Message> request(
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(method.input_type())->New());
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, request.get())) << text;
    return suite().CallAny(method, bad.as, *request).status;
  }

  const std::string number_ = NewNhsNumber(), other_number_ = NewNhsNumber(), taken_ = NewNhsNumber();
  std::string person_, other_, merged_;
};

TEST_F(BadInput, IsRefusedInWordsThatSayWhatIsWrongAndWhatWouldHelp) {
  for (const Bad& bad : kBad) {
    const grpc::Status status = Ask(bad);
    const ipb::testing::Details details = ipb::testing::DetailsOf(status);
    std::string words = status.error_message();
    std::vector<std::string> said = {details.info.reason()};
    for (const auto& one : details.bad_request.field_violations()) {
      said.push_back(one.field());
      absl::StrAppend(&words, " [", one.field(), " ", one.description(), "]");
    }
    for (const auto& one : details.failure.violations()) {
      said.push_back(one.type());
      absl::StrAppend(&words, " [", one.type(), ": ", one.description(), "]");
    }
    std::printf("%s | %s | %d | %s\n", bad.method, bad.what, status.error_code(), words.c_str());
    EXPECT_EQ(status.error_code(), bad.code) << bad.method << ": " << bad.what;
    EXPECT_THAT(said, ::testing::Contains(bad.says)) << bad.method << ": " << bad.what;
    for (const std::string& number : {number_, other_number_, taken_}) {
      EXPECT_THAT(words, ::testing::Not(HasSubstr(number))) << bad.method << " tells an NHS number";
    }
  }
}

}  // namespace
}  // namespace ipb::people
