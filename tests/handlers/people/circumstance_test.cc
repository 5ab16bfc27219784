// Circumstances through the real service: correction of a death, and reading by day and by what was known.
#include "absl/strings/str_cat.h"
#include "tests/handlers/people/life.h"

namespace ipb::people {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class CircumstanceTest : public LifeTest {
 protected:
  // The listed rows, as "number from to".
  std::vector<std::string> List(const std::string& filter) {
    const auto page = Done<v1::ListCircumstancesResponse>("ListCircumstances", "parent: '$P' " + filter);
    std::vector<std::string> rows;
    for (const auto& row : page.circumstances()) {
      rows.push_back(absl::StrCat(row.name().substr(row.name().rfind('/') + 1), " ",
                                  row.effective_from_date(), " ", row.effective_to_date()));
    }
    return rows;
  }
  std::string DeathDate() { return Done<v1::Person>("GetPerson", "name: '$P'").death_date(); }
};

TEST_F(CircumstanceTest, ACorrectedDeathKeepsWhatWasKnownWhen) {
  const auto death = Done<v1::Circumstance>(
      "RecordCircumstance", "parent: '$P' kind: KIND_DEATH effective_from_date: '2025-05-20'");
  EXPECT_EQ(death.explanation().steps(0).rule_id(), "PEOPLE-DEATH");
  const std::string first = Tick();
  const auto moved = Done<v1::Circumstance>("CorrectCircumstance",
                                            absl::StrCat("name: '", death.name(),
                                                         "' effective_from_date: '2025-05-19' decision { "
                                                         "reasons: 'as the certificate says' }"));
  EXPECT_EQ(moved.corrects(), death.name());
  EXPECT_EQ(moved.correction().decider(), kCouncil.actor);
  EXPECT_EQ(DeathDate(), "2025-05-19");
  const std::string second = Tick();
  const auto never =
      Done<v1::Circumstance>("CorrectCircumstance", absl::StrCat("name: '", moved.name(),
                                                                 "' recorded_in_error: true decision { "
                                                                 "reasons: 'somebody else of that name' }"));
  EXPECT_EQ(DeathDate(), "");
  EXPECT_THAT(List("as_of_date: '2025-06-01'"), IsEmpty());
  EXPECT_THAT(List("as_of_date: '2025-06-01' " + first), ElementsAre("1 2025-05-20 "));
  EXPECT_THAT(List("as_of_date: '2025-06-01' " + second), ElementsAre("2 2025-05-19 "));
  EXPECT_THAT(List(first), ElementsAre("1 2025-05-20 "));
  const auto all = Done<v1::ListCircumstancesResponse>("ListCircumstances", "parent: '$P'");
  ASSERT_EQ(all.circumstances_size(), 3);
  EXPECT_EQ(all.circumstances(0).superseded_by(), moved.name());
  EXPECT_EQ(all.circumstances(1).superseded_by(), never.name());
  EXPECT_TRUE(all.circumstances(2).recorded_in_error());
  EXPECT_THAT(Refused("CorrectCircumstance", absl::StrCat("name: '", death.name(),
                                                          "' recorded_in_error: true "
                                                          "decision { reasons: 'again' }")),
              ElementsAre("PEOPLE-CIRCUMSTANCE-CORRECTED"));
  Done<v1::Circumstance>("RecordCircumstance",
                         "parent: '$P' kind: KIND_HOSPITAL effective_from_date: '2025-06-01'");
}

TEST_F(CircumstanceTest, WhoLivesAfterAllKeepsWhoIsResponsible) {
  Done<v1::Circumstance>("RecordCircumstance",
                         "parent: '$P' kind: KIND_DEATH effective_from_date: '2025-05-20'");
  const std::string end = "name: '$P' effective_to_date: '2025-06-10'";
  for (const As& as : {kIcb, kCouncil}) Done<v1::Person>("EndResponsibility", end, as);
  Done<v1::Circumstance>("CorrectCircumstance",
                         "name: '$P/circumstances/1' recorded_in_error: true decision { "
                         "reasons: 'somebody else of that name' }");
  suite_.SetDate("2025-06-11");
  const auto person = Done<v1::Person>("GetPerson", "name: '$P'");
  for (const v1::Responsibility& held : person.responsibilities()) EXPECT_EQ(held.effective_to_date(), "");
}

TEST_F(CircumstanceTest, AnEndIsKnownFromWhenItWasRecorded) {
  Done<v1::Circumstance>("RecordCircumstance",
                         "parent: '$P' kind: KIND_HOSPITAL effective_from_date: '2025-05-20'");
  const std::string before = Tick();
  const auto etag =
      Done<v1::ListCircumstancesResponse>("ListCircumstances", "parent: '$P'").circumstances(0).etag();
  const std::string end = "name: '$P/circumstances/1' effective_to_date: '2025-05-25' ";
  EXPECT_THAT(Refused("EndCircumstance", end + "etag: '1-other'"), ElementsAre("ETAG_MISMATCH"));
  const auto preview =
      Done<v1::Circumstance>("EndCircumstance", absl::StrCat(end, "etag: '", etag, "' validate_only: true"));
  Tick();
  Done<v1::Circumstance>("EndCircumstance",
                         absl::StrCat(end, "preview_token: '", preview.preview_token(), "'"));
  EXPECT_THAT(List("as_of_date: '2025-05-30'"), IsEmpty());
  EXPECT_THAT(List("as_of_date: '2025-05-25'"), ElementsAre("1 2025-05-20 2025-05-25"));
  EXPECT_THAT(List("as_of_date: '2025-05-30' " + before), ElementsAre("1 2025-05-20 "));
}

TEST_F(CircumstanceTest, PagesStayWholeUnderAFilter) {
  for (const char* day : {"01", "03", "05", "07"}) {
    Done<v1::Circumstance>("RecordCircumstance",
                           absl::StrCat("parent: '$P' kind: KIND_HOSPITAL effective_from_date: '2025-05-",
                                        day, "' effective_to_date: '2025-05-", day, "'"));
  }
  std::vector<std::string> found;
  std::string token;
  int pages = 0;
  do {
    const auto page = Done<v1::ListCircumstancesResponse>(
        "ListCircumstances",
        absl::StrCat("parent: '$P' page_size: 1 as_of_date: '2025-05-05' page_token: '", token, "'"));
    for (const auto& row : page.circumstances()) found.push_back(row.effective_from_date());
    token = page.next_page_token();
    ++pages;
  } while (!token.empty());
  EXPECT_EQ(pages, 4);
  EXPECT_THAT(found, ElementsAre("2025-05-05"));
}

TEST_F(CircumstanceTest, ASafeguardingConcernNamesTheirOwnRepresentativeOrNone) {
  const std::string concern =
      "parent: '$P' kind: KIND_SAFEGUARDING_CONCERN effective_from_date: '2025-06-01' details { "
      "safeguarding_concern { "
      "subject: SUBJECT_MONEY representative: '";
  const char* field = "details.safeguarding_concern.representative";
  EXPECT_THAT(Refused("RecordCircumstance", concern + "$P/representatives/1' } }"), ElementsAre(field));
  Done<v1::Representative>("AppointRepresentative",
                           "parent: '$P' kind: KIND_ADVOCATE party: 'p' reasons: 'r' conditions { "
                           "substantial_difficulty: true nobody_appropriate: true }");
  EXPECT_THAT(Refused("RecordCircumstance", concern + NewPerson("1970-01-01") + "/representatives/1' } }"),
              ElementsAre(field));
  EXPECT_THAT(Refused("RecordCircumstance", concern + "$P/representatives/1' } }"), ElementsAre("OK"));
}

TEST_F(CircumstanceTest, ProvidersReadNone) {
  const As provider{"SUPPORTCO", "carer-1", "manager"};
  for (const char* method :
       {"ListCircumstances", "ListPaymentExclusions", "ListCapacityDecisions", "ListRelationships"}) {
    EXPECT_EQ(Ask(provider, method, "parent: '$P'").status.error_code(), grpc::PERMISSION_DENIED) << method;
  }
  EXPECT_EQ(Ask(provider, "GetAuthority", "name: '$P'").status.error_code(), grpc::PERMISSION_DENIED);
}

}  // namespace
}  // namespace ipb::people
