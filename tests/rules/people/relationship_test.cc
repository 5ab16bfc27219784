// Relationships: who cares for whom, and who lives together.
#include "services/people/rules/relationship.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/rules/people/cases.h"

namespace ipb::people::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using Request = v1::RecordRelationshipRequest;

constexpr char kCarer[] = "kind: KIND_CARER party: 'sister-1' effective_from_date: '2026-03-01'";

TEST(RecordRelationship, Refuses) {
  const struct {
    const char* known;
    std::string request;
    std::vector<std::string> refused;
  } cases[] = {
      {"", kCarer, {}},
      {"", "kind: KIND_CARER", {"other"}},
      {"", "kind: KIND_CARER party: 'p' effective_from_date: '2026-11-23'", {"effective_from_date"}},
      {"", "kind: KIND_CARER party: 'p' effective_from_date: '1980-03-14'", {"effective_from_date"}},
      {"", absl::StrCat("kind: KIND_HOUSEHOLD related_person: '", kPerson, "'"), {"RELATIONSHIP-SELF"}},
      {kCarer, "kind: KIND_CARER party: 'sister-1'", {"RELATIONSHIP-TWICE"}},
      {kCarer, "kind: KIND_HOUSEHOLD party: 'sister-1'", {}},
      {kCarer, "kind: KIND_CARER party: 'brother-1'", {}},
      {"kind: KIND_CARER party: 'sister-1' effective_from_date: '2026-01-01' effective_to_date: '2026-11-21'",
       "kind: KIND_CARER party: 'sister-1'",
       {}},
  };
  for (const auto& one : cases) {
    std::vector<v1::PersonRelationship> known;
    if (*one.known != 0) known.push_back(Kept<v1::PersonRelationship>("relationships", 1, one.known));
    const auto decision = RecordRelationship(Someone(), known, testing::Text<Request>(one.request), kToday);
    EXPECT_THAT(Refusals(decision.status()), ElementsAreArray(one.refused))
        << one.known << " and " << one.request;
  }
  v1::Person dead = Someone();
  dead.set_death_date("2026-02-28");
  EXPECT_THAT(Refusals(RecordRelationship(dead, {}, testing::Text<Request>(kCarer), kToday).status()),
              ElementsAre("RELATIONSHIP-LIVING"));
}

TEST(RecordRelationship, SaysWhatFollowsFromEachKind) {
  const std::pair<const char*, const char*> cases[] = {{"KIND_CARER", "RELATIONSHIP-CARER"},
                                                       {"KIND_CARED_FOR", "RELATIONSHIP-CARED-FOR"},
                                                       {"KIND_HOUSEHOLD", "RELATIONSHIP-HOUSEHOLD"}};
  for (const auto& [kind, rule] : cases) {
    const auto decision = RecordRelationship(
        Someone(), {}, testing::Text<Request>(absl::StrCat("kind: ", kind, " party: 'p'")), kToday);
    ASSERT_TRUE(decision.ok());
    EXPECT_EQ(decision->trace.Render("", "").steps(0).rule_id(), rule);
    EXPECT_EQ(decision->relationship.effective_from_date(), "2026-11-22");
  }
}

TEST(EndRelationship, OnceAndInOrder) {
  const auto end = [](const std::string& known, const std::string& date) {
    v1::EndRelationshipRequest request;
    request.set_effective_to_date(date);
    const auto row = Kept<v1::PersonRelationship>("relationships", 1, known);
    return Refusals(EndRelationship(row, request, kToday).status());
  };
  EXPECT_THAT(end(kCarer, "2026-11-22"), ::testing::IsEmpty());
  EXPECT_THAT(end(kCarer, "2026-02-28"), ElementsAre("effective_to_date"));
  EXPECT_THAT(end(kCarer, "2026-11-23"), ElementsAre("effective_to_date"));
  EXPECT_THAT(end(absl::StrCat(kCarer, " effective_to_date: '2026-04-01'"), "2026-05-01"),
              ElementsAre("RELATIONSHIP-ENDED"));
}

}  // namespace
}  // namespace ipb::people::rules
