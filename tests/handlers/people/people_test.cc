#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ipb/v1/changes_service.grpc.pb.h"
#include "ipb/v1/people_service.grpc.pb.h"
#include "services/people/service.h"
#include "tests/support/running_suite.h"

namespace ipb {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::As;
using testing::DetailsOf;
using testing::kCouncil;
using testing::kIcb;
using testing::kStranger;
using testing::RunningSuite;
using Stub = v1::PeopleService::Stub;

v1::RegisterPersonRequest Registration(const std::string& nhs_number) {
  v1::RegisterPersonRequest request;
  request.mutable_identifier()->set_kind(v1::IDENTIFIER_KIND_NHS_NUMBER);
  request.mutable_identifier()->set_value(nhs_number);
  request.set_birth_date("1960-05-01");
  request.set_role(v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE);
  request.set_request_id(testing::NewRequestId());
  return request;
}

class PeopleTest : public ::testing::Test {
 protected:
  PeopleTest() : suite_({people::Factory()}), stub_(v1::PeopleService::NewStub(suite_.channel())) {}

  v1::Person Register(const As& as, const v1::RegisterPersonRequest& request) {
    v1::Person person;
    const grpc::Status status = suite_.Call(*stub_, &Stub::RegisterPerson, as, request, &person);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return person;
  }
  v1::Person Someone() { return Register(kCouncil, Registration(testing::NewNhsNumber())); }
  grpc::Status Get(const As& as, const std::string& name, v1::Person* person) {
    v1::GetPersonRequest request;
    request.set_name(name);
    return suite_.Call(*stub_, &Stub::GetPerson, as, request, person);
  }
  v1::RecordCircumstanceRequest Circumstance(const std::string& parent, v1::Circumstance::Kind kind,
                                             const std::string& date) {
    v1::RecordCircumstanceRequest request;
    request.set_parent(parent);
    request.set_kind(kind);
    request.set_effective_from_date(date);
    request.set_request_id(testing::NewRequestId());
    return request;
  }

  RunningSuite suite_;
  std::unique_ptr<Stub> stub_;
};

TEST_F(PeopleTest, RegistersByClaimAndFindsAgain) {
  const std::string nhs_number = testing::NewNhsNumber();
  const v1::Person person = Register(kCouncil, Registration(nhs_number));
  EXPECT_THAT(person.name(), ::testing::StartsWith("people/"));
  EXPECT_EQ(person.responsibilities(0).organisation(), kCouncil.organisation);
  EXPECT_EQ(person.responsibilities(0).state(), v1::Responsibility::STATE_ACCEPTED);
  v1::LookupPersonRequest lookup;
  *lookup.mutable_identifier() = Registration(nhs_number).identifier();
  v1::Person found;
  ASSERT_TRUE(suite_.Call(*stub_, &Stub::LookupPerson, kCouncil, lookup, &found).ok());
  EXPECT_EQ(found.name(), person.name());
  EXPECT_EQ(suite_.Call(*stub_, &Stub::LookupPerson, kStranger, lookup, &found).error_code(), grpc::NOT_FOUND);
}

TEST_F(PeopleTest, LetsAnotherInOnlyByAcceptance) {
  const std::string nhs_number = testing::NewNhsNumber();
  const v1::Person person = Register(kCouncil, Registration(nhs_number));
  v1::RegisterPersonRequest joining = Registration(nhs_number);
  joining.set_role(v1::RESPONSIBILITY_ROLE_RESPONSIBLE_ICB);
  const v1::Person seen = Register(kIcb, joining);
  EXPECT_EQ(seen.name(), person.name());
  EXPECT_THAT(seen.responsibilities(), IsEmpty()) << "the name and nothing else";
  v1::Person read;
  EXPECT_EQ(Get(kIcb, person.name(), &read).error_code(), grpc::NOT_FOUND);

  v1::AcceptResponsibilityRequest accept;
  accept.set_name(person.name());
  accept.set_organisation(kIcb.organisation);
  EXPECT_EQ(suite_.Call(*stub_, &Stub::AcceptResponsibility, kIcb, accept, &read).error_code(), grpc::NOT_FOUND);
  ASSERT_TRUE(suite_.Call(*stub_, &Stub::AcceptResponsibility, kCouncil, accept, &read).ok());
  ASSERT_TRUE(Get(kIcb, person.name(), &read).ok());
  EXPECT_EQ(read.responsibilities_size(), 2);
  const grpc::Status again = suite_.Call(*stub_, &Stub::AcceptResponsibility, kCouncil, accept, &read);
  EXPECT_EQ(again.error_code(), grpc::FAILED_PRECONDITION);
  EXPECT_THAT(DetailsOf(again).rules(), ElementsAre("PEOPLE-ACCEPT-PENDING"));
  accept.set_organisation(kCouncil.organisation);
  const grpc::Status own = suite_.Call(*stub_, &Stub::AcceptResponsibility, kCouncil, accept, &read);
  EXPECT_THAT(DetailsOf(own).rules(), ElementsAre("PEOPLE-ACCEPT-OTHER"));
}

TEST_F(PeopleTest, RegisteringAgainChangesNobodysResponsibility) {
  const std::string nhs_number = testing::NewNhsNumber();
  const v1::Person person = Register(kCouncil, Registration(nhs_number));
  suite_.SetDate("2025-06-03");
  v1::RegisterPersonRequest joining = Registration(nhs_number);
  joining.set_role(v1::RESPONSIBILITY_ROLE_RESPONSIBLE_ICB);
  Register(kIcb, joining);
  v1::Person before, after;
  ASSERT_TRUE(Get(kCouncil, person.name(), &before).ok());
  suite_.SetDate("2025-06-04");
  Register(kCouncil, Registration(nhs_number));
  ASSERT_TRUE(Get(kCouncil, person.name(), &after).ok());
  after.set_etag(before.etag());
  EXPECT_EQ(after.SerializeAsString(), before.SerializeAsString());
}

TEST_F(PeopleTest, WhoIsResponsibleNoMoreLearnsTheNameOnly) {
  const std::string nhs_number = testing::NewNhsNumber();
  const v1::Person person = Register(kCouncil, Registration(nhs_number));
  Register(kStranger, Registration(nhs_number));
  v1::AcceptResponsibilityRequest accept;
  accept.set_name(person.name());
  accept.set_organisation(kStranger.organisation);
  v1::Person read;
  ASSERT_TRUE(suite_.Call(*stub_, &Stub::AcceptResponsibility, kCouncil, accept, &read).ok());
  v1::EndResponsibilityRequest end;
  end.set_name(person.name());
  end.set_effective_to_date("2025-06-02");
  ASSERT_TRUE(suite_.Call(*stub_, &Stub::EndResponsibility, kCouncil, end, &read).ok());
  suite_.SetDate("2025-06-03");
  const v1::Person back = Register(kCouncil, Registration(nhs_number));
  EXPECT_EQ(back.name(), person.name());
  EXPECT_THAT(back.responsibilities(), IsEmpty());
  EXPECT_EQ(back.birth_date(), "");
}

TEST_F(PeopleTest, TakesOnlyRolesOfTheRegisteringKindOfBody) {
  const struct {
    As as;
    v1::ResponsibilityRole role;
    std::vector<std::string> refused_by;
  } cases[] = {
      {kCouncil, v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE, {}},
      {kCouncil, v1::RESPONSIBILITY_ROLE_HOST, {}},
      {kCouncil, v1::RESPONSIBILITY_ROLE_CONTINUITY, {}},
      {kCouncil, v1::RESPONSIBILITY_ROLE_PRISON, {}},
      {kCouncil, v1::RESPONSIBILITY_ROLE_SECTION_117, {}},
      {kCouncil, v1::RESPONSIBILITY_ROLE_RESPONSIBLE_ICB, {"PEOPLE-ROLE-NHS"}},
      {kCouncil, v1::RESPONSIBILITY_ROLE_PLACING_ICB, {"PEOPLE-ROLE-NHS"}},
      {kCouncil, v1::RESPONSIBILITY_ROLE_SUPPORT_PROVIDER, {"PEOPLE-ROLE-PROVIDER"}},
      {kIcb, v1::RESPONSIBILITY_ROLE_RESPONSIBLE_ICB, {}},
      {kIcb, v1::RESPONSIBILITY_ROLE_PLACING_ICB, {}},
      {kIcb, v1::RESPONSIBILITY_ROLE_SECTION_117, {}},
      {kIcb, v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE, {"PEOPLE-ROLE-COUNCIL"}},
      {kIcb, v1::RESPONSIBILITY_ROLE_PRISON, {"PEOPLE-ROLE-COUNCIL"}},
  };
  for (const auto& one : cases) {
    v1::RegisterPersonRequest request = Registration(testing::NewNhsNumber());
    request.set_role(one.role);
    v1::Person person;
    const grpc::Status status = suite_.Call(*stub_, &Stub::RegisterPerson, one.as, request, &person);
    EXPECT_EQ(DetailsOf(status).rules(), one.refused_by) << v1::ResponsibilityRole_Name(one.role);
    EXPECT_EQ(status.ok(), one.refused_by.empty());
  }
}

TEST_F(PeopleTest, TellsEveryWrongFieldAtOnce) {
  v1::RegisterPersonRequest request;
  request.mutable_identifier()->set_kind(v1::IDENTIFIER_KIND_NHS_NUMBER);
  request.mutable_identifier()->set_value("not a number");
  request.set_birth_date("2025-02-30");
  request.set_request_id("7");
  v1::Person person;
  const grpc::Status status = suite_.Call(*stub_, &Stub::RegisterPerson, kCouncil, request, &person);
  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_THAT(DetailsOf(status).fields(),
              ::testing::UnorderedElementsAre("identifier.value", "birth_date", "role", "request_id"));
  request = Registration(testing::NewNhsNumber());
  request.set_birth_date("2025-06-03");
  request.mutable_identifier()->set_value("9990000010");
  request.set_effective_from_date("1959-01-01");
  EXPECT_THAT(DetailsOf(suite_.Call(*stub_, &Stub::RegisterPerson, kCouncil, request, &person)).fields(),
              ElementsAre("birth_date", "effective_from_date", "identifier.value"));
}

TEST_F(PeopleTest, ReplaysARequestAndRefusesItsIdForAnother) {
  v1::RegisterPersonRequest request = Registration(testing::NewNhsNumber());
  const v1::Person first = Register(kCouncil, request);
  const v1::Person second = Register(kCouncil, request);
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
  request.set_birth_date("1961-05-01");
  v1::Person person;
  const grpc::Status status = suite_.Call(*stub_, &Stub::RegisterPerson, kCouncil, request, &person);
  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(DetailsOf(status).info.reason(), "REQUEST_ID_REUSED");
}

TEST_F(PeopleTest, PreviewsWhatTheRealCallThenDoes) {
  const v1::Person person = Someone();
  v1::RecordCircumstanceRequest request =
      Circumstance(person.name(), v1::Circumstance::KIND_HOSPITAL, "2025-06-01");
  request.set_validate_only(true);
  v1::Circumstance preview, real;
  ASSERT_TRUE(suite_.Call(*stub_, &Stub::RecordCircumstance, kCouncil, request, &preview).ok());
  ASSERT_FALSE(preview.preview_token().empty());
  request.set_validate_only(false);
  request.set_preview_token(preview.preview_token());
  ASSERT_TRUE(suite_.Call(*stub_, &Stub::RecordCircumstance, kCouncil, request, &real).ok());
  EXPECT_EQ(real.name(), preview.name());

  request.set_request_id(testing::NewRequestId());
  const grpc::Status stale = suite_.Call(*stub_, &Stub::RecordCircumstance, kCouncil, request, &real);
  EXPECT_EQ(stale.error_code(), grpc::ABORTED);
  EXPECT_EQ(DetailsOf(stale).info.reason(), "PREVIEW_STALE");
}

TEST_F(PeopleTest, RecordsDeathOnce) {
  const v1::Person person = Someone();
  v1::Circumstance circumstance;
  const auto death = Circumstance(person.name(), v1::Circumstance::KIND_DEATH, "2025-06-01");
  ASSERT_TRUE(suite_.Call(*stub_, &Stub::RecordCircumstance, kCouncil, death, &circumstance).ok());
  v1::Person read;
  ASSERT_TRUE(Get(kCouncil, person.name(), &read).ok());
  EXPECT_EQ(read.death_date(), "2025-06-01");
  const auto again = Circumstance(person.name(), v1::Circumstance::KIND_DEATH, "2025-06-02");
  EXPECT_THAT(DetailsOf(suite_.Call(*stub_, &Stub::RecordCircumstance, kCouncil, again, &circumstance)).rules(),
              ElementsAre("PEOPLE-DEATH-ONCE"));
  v1::EndCircumstanceRequest end;
  end.set_name(circumstance.name());
  end.set_effective_to_date("2025-06-02");
  EXPECT_THAT(DetailsOf(suite_.Call(*stub_, &Stub::EndCircumstance, kCouncil, end, &circumstance)).rules(),
              ElementsAre("PEOPLE-DEATH-FINAL"));
}

TEST_F(PeopleTest, RecordsNoDeathBeforeWhatHappenedAfterIt) {
  const v1::Person person = Someone();
  v1::Circumstance circumstance;
  const auto stay = Circumstance(person.name(), v1::Circumstance::KIND_HOSPITAL, "2025-05-20");
  ASSERT_TRUE(suite_.Call(*stub_, &Stub::RecordCircumstance, kCouncil, stay, &circumstance).ok());
  const auto early = Circumstance(person.name(), v1::Circumstance::KIND_DEATH, "2025-05-19");
  EXPECT_THAT(
      DetailsOf(suite_.Call(*stub_, &Stub::RecordCircumstance, kCouncil, early, &circumstance)).rules(),
      ElementsAre("PEOPLE-DEATH-ORDER"));
  const auto death = Circumstance(person.name(), v1::Circumstance::KIND_DEATH, "2025-05-20");
  EXPECT_TRUE(suite_.Call(*stub_, &Stub::RecordCircumstance, kCouncil, death, &circumstance).ok());
  const auto after = Circumstance(person.name(), v1::Circumstance::KIND_COMMUNITY_TREATMENT_ORDER, "2025-05-21");
  EXPECT_THAT(
      DetailsOf(suite_.Call(*stub_, &Stub::RecordCircumstance, kCouncil, after, &circumstance)).rules(),
      ElementsAre("PEOPLE-AFTER-DEATH"));
}

TEST_F(PeopleTest, EndsResponsibilityOnlyWithASuccessor) {
  const std::string nhs_number = testing::NewNhsNumber();
  const v1::Person person = Register(kCouncil, Registration(nhs_number));
  v1::EndResponsibilityRequest end;
  end.set_name(person.name());
  end.set_effective_to_date("2025-06-30");
  v1::Person read;
  EXPECT_THAT(DetailsOf(suite_.Call(*stub_, &Stub::EndResponsibility, kCouncil, end, &read)).rules(),
              ElementsAre("PEOPLE-END-SUCCESSOR"));
  Register(kStranger, Registration(nhs_number));
  v1::AcceptResponsibilityRequest accept;
  accept.set_name(person.name());
  accept.set_organisation(kStranger.organisation);
  ASSERT_TRUE(suite_.Call(*stub_, &Stub::AcceptResponsibility, kCouncil, accept, &read).ok());
  ASSERT_TRUE(suite_.Call(*stub_, &Stub::EndResponsibility, kCouncil, end, &read).ok());
  suite_.SetDate("2025-07-01");
  EXPECT_EQ(Get(kCouncil, person.name(), &read).error_code(), grpc::NOT_FOUND);
  EXPECT_TRUE(Get(kStranger, person.name(), &read).ok());
}

TEST_F(PeopleTest, PagesCircumstancesInOrderOfNumber) {
  const v1::Person person = Someone();
  v1::Circumstance circumstance;
  for (int day = 10; day < 22; ++day) {
    const std::string date = "2025-05-" + std::to_string(day);
    auto stay = Circumstance(person.name(), v1::Circumstance::KIND_HOSPITAL, date);
    stay.set_effective_to_date(date);
    ASSERT_TRUE(suite_.Call(*stub_, &Stub::RecordCircumstance, kCouncil, stay, &circumstance).ok());
  }
  v1::ListCircumstancesRequest request;
  request.set_parent(person.name());
  request.set_page_size(5);
  std::vector<std::string> names;
  do {
    v1::ListCircumstancesResponse page;
    ASSERT_TRUE(suite_.Call(*stub_, &Stub::ListCircumstances, kCouncil, request, &page).ok());
    EXPECT_LE(page.circumstances_size(), 5);
    for (const auto& one : page.circumstances()) names.push_back(one.name());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  ASSERT_EQ(names.size(), 12u);
  for (int i = 0; i < 12; ++i) EXPECT_EQ(names[i], person.name() + "/circumstances/" + std::to_string(i + 1));
}

TEST_F(PeopleTest, AppointsAndEndsRepresentatives) {
  const v1::Person person = Someone();
  v1::AppointRepresentativeRequest request;
  request.set_parent(person.name());
  request.set_kind(v1::Representative::KIND_NOMINATED_PERSON);
  request.set_party("party-7");
  request.set_reasons("The person wishes it.");
  request.mutable_conditions()->set_asked_by_person(true);
  request.mutable_conditions()->set_agrees(true);
  request.mutable_conditions()->set_capable(true);
  request.mutable_conditions()->set_appropriate(true);
  v1::Representative representative;
  request.set_effective_from_date("1960-04-30");
  EXPECT_THAT(DetailsOf(suite_.Call(*stub_, &Stub::AppointRepresentative, kCouncil, request, &representative))
                  .fields(),
              ElementsAre("effective_from_date"));
  request.set_effective_from_date("1978-04-30");
  EXPECT_THAT(DetailsOf(suite_.Call(*stub_, &Stub::AppointRepresentative, kCouncil, request, &representative))
                  .rules(),
              ElementsAre("PEOPLE-REP-ADULT"));
  request.clear_effective_from_date();
  ASSERT_TRUE(suite_.Call(*stub_, &Stub::AppointRepresentative, kCouncil, request, &representative).ok());
  v1::EndRepresentativeRequest end;
  end.set_name(representative.name());
  end.set_effective_to_date("2025-06-30");
  end.set_etag("1-stale");
  EXPECT_EQ(DetailsOf(suite_.Call(*stub_, &Stub::EndRepresentative, kCouncil, end, &representative)).info.reason(),
            "ETAG_MISMATCH");
  end.set_etag(representative.etag());
  ASSERT_TRUE(suite_.Call(*stub_, &Stub::EndRepresentative, kCouncil, end, &representative).ok());
  EXPECT_EQ(representative.effective_to_date(), "2025-06-30");
}

TEST_F(PeopleTest, ChangesNeedAnActorAndARole) {
  v1::Person person;
  const As nobody{"E10000019", "", ""};
  const grpc::Status status =
      suite_.Call(*stub_, &Stub::RegisterPerson, nobody, Registration(testing::NewNhsNumber()), &person);
  EXPECT_EQ(status.error_code(), grpc::UNAUTHENTICATED);
  const As unknown{"E99999999"};
  EXPECT_EQ(Get(unknown, "people/x", &person).error_code(), grpc::UNAUTHENTICATED);
}

TEST_F(PeopleTest, HistoryNamesWhoDidWhatAndIsChained) {
  const v1::Person person = Someone();
  v1::Circumstance circumstance;
  const auto stay = Circumstance(person.name(), v1::Circumstance::KIND_HOSPITAL, "2025-06-01");
  ASSERT_TRUE(suite_.Call(*stub_, &Stub::RecordCircumstance, kCouncil, stay, &circumstance).ok());
  const auto changes = v1::ChangesService::NewStub(suite_.channel());
  v1::ListHistoryRequest request;
  request.set_parent(person.name());
  request.set_service("people");
  v1::ListHistoryResponse history;
  ASSERT_TRUE(
      suite_.Call(*changes, &v1::ChangesService::Stub::ListHistory, kCouncil, request, &history).ok());
  ASSERT_EQ(history.entries_size(), 2);
  EXPECT_EQ(history.entries(0).method(), "PeopleService.RegisterPerson");
  EXPECT_EQ(history.entries(1).actor(), kCouncil.actor);
  EXPECT_EQ(history.entries(1).request_id(), stay.request_id());
  EXPECT_EQ(history.entries(1).previous_digest().size(), 32u);
  EXPECT_THAT(history.entries(1).resources(),
              ElementsAre(circumstance.name(), person.name() + "/decisions/2"));
  EXPECT_EQ(
      suite_.Call(*changes, &v1::ChangesService::Stub::ListHistory, kStranger, request, &history).error_code(),
      grpc::NOT_FOUND);
}

TEST_F(PeopleTest, WatchResumesFromItsCursorAndShowsNothingToStrangers) {
  const v1::Person person = Someone();
  const auto changes = v1::ChangesService::NewStub(suite_.channel());
  v1::WatchRequest request;
  request.set_service("people");
  std::string cursor;
  const auto watch_until_change = [&](const As& as) {
    grpc::ClientContext context;
    RunningSuite::Prepare(context, as);
    const auto stream = changes->Watch(&context, request);
    v1::WatchResponse response;
    while (stream->Read(&response)) {
      cursor = response.cursor();
      if (response.changes_size() > 0) break;
    }
    context.TryCancel();
    stream->Finish();
    return response;
  };
  EXPECT_EQ(watch_until_change(kCouncil).changes(0).subject(), person.name());
  request.set_cursor(cursor);
  v1::Circumstance circumstance;
  const auto stay = Circumstance(person.name(), v1::Circumstance::KIND_HOSPITAL, "2025-06-01");
  ASSERT_TRUE(suite_.Call(*stub_, &Stub::RecordCircumstance, kCouncil, stay, &circumstance).ok());
  const v1::WatchResponse resumed = watch_until_change(kCouncil);
  ASSERT_EQ(resumed.changes_size(), 1);
  EXPECT_THAT(resumed.changes(0).resources(),
              ElementsAre(circumstance.name(), person.name() + "/decisions/2"));

  // The cursor is the council's own; a stranger's stream from the beginning shows no change before its checkpoint.
  grpc::ClientContext context;
  RunningSuite::Prepare(context, kStranger);
  const auto stolen = changes->Watch(&context, request);
  v1::WatchResponse response;
  EXPECT_FALSE(stolen->Read(&response));
  EXPECT_EQ(stolen->Finish().error_code(), grpc::INVALID_ARGUMENT);
  request.clear_cursor();
  grpc::ClientContext own;
  RunningSuite::Prepare(own, kStranger);
  const auto stream = changes->Watch(&own, request);
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.changes_size(), 0);
  own.TryCancel();
  stream->Finish();
}

// Numbers of the range 999 are issued to nobody: outside tests whoever gives one has mistyped another.
TEST(RealDeploymentTest, KnowsNobodyByATestNumber) {
  RunningSuite suite({people::Factory()}, {}, false, "sqlite::memory:",
                     [](process::Flags& flags) { flags.test_people = false; });
  const auto stub = v1::PeopleService::NewStub(suite.channel());
  v1::Person person;
  const grpc::Status refused =
      suite.Call(*stub, &Stub::RegisterPerson, kCouncil, Registration(testing::NewNhsNumber()), &person);
  EXPECT_EQ(refused.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_THAT(DetailsOf(refused).fields(), ElementsAre("identifier.value"));
  EXPECT_TRUE(suite.Call(*stub, &Stub::RegisterPerson, kCouncil, Registration("4010232137"), &person).ok());
}

}  // namespace
}  // namespace ipb
