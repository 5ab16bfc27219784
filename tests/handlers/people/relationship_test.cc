// Relationships through the real service: none tells of a person to whom the caller may not know.
#include "absl/strings/str_cat.h"
#include "tests/handlers/people/life.h"

namespace ipb::people {
namespace {

using ::testing::ElementsAre;

class RelationshipTest : public LifeTest {};

TEST_F(RelationshipTest, ARelationshipIsShownToWhoMayKnowBoth) {
  const std::string hidden = NewPerson("1958-01-01", false);
  const auto carer = Done<v1::PersonRelationship>(
      "RecordRelationship", absl::StrCat("parent: '$P' kind: KIND_CARER related_person: '", hidden, "'"));
  EXPECT_EQ(carer.explanation().steps(0).rule_id(), "RELATIONSHIP-CARER");
  Done<v1::PersonRelationship>("RecordRelationship",
                               "parent: '$P' kind: KIND_HOUSEHOLD party: 'neighbour-1'");
  EXPECT_EQ(Done<v1::ListRelationshipsResponse>("ListRelationships", "parent: '$P'").relationships_size(), 2);
  const auto seen = Done<v1::ListRelationshipsResponse>("ListRelationships", "parent: '$P'", kIcb);
  ASSERT_EQ(seen.relationships_size(), 1);
  EXPECT_EQ(seen.relationships(0).party(), "neighbour-1");
  EXPECT_THAT(seen.DebugString(), ::testing::Not(::testing::HasSubstr(hidden)));

  const std::string end = "effective_to_date: '2025-06-02' name: '";
  const auto refused = Ask(kIcb, "EndRelationship", absl::StrCat(end, carer.name(), "'"));
  const auto nothing = Ask(kIcb, "EndRelationship", absl::StrCat(end, "$P/relationships/9'"));
  EXPECT_EQ(refused.status.error_code(), grpc::NOT_FOUND);
  EXPECT_EQ(nothing.status.error_code(), grpc::NOT_FOUND);
  Done<v1::PersonRelationship>("EndRelationship", absl::StrCat(end, carer.name(), "'"));
}

TEST_F(RelationshipTest, WhoIsHiddenAndWhoDoesNotExistAreNotToldApart) {
  const std::string hidden = NewPerson("1958-01-01", false);
  const auto record = [&](const std::string& name) {
    return Ask(kIcb, "RecordRelationship",
               absl::StrCat("parent: '$P' kind: KIND_CARER related_person: '", name, "'"))
        .status;
  };
  const grpc::Status of_hidden = record(hidden);
  const grpc::Status of_nobody = record("people/00000000000000000000000000");
  EXPECT_EQ(of_hidden.error_code(), grpc::NOT_FOUND);
  EXPECT_EQ(of_nobody.error_code(), grpc::NOT_FOUND);
  EXPECT_EQ(of_hidden.error_message().size() - hidden.size(),
            of_nobody.error_message().size() - std::string("people/00000000000000000000000000").size());
}

TEST_F(RelationshipTest, HoldsForItsPeriod) {
  Done<v1::PersonRelationship>(
      "RecordRelationship",
      "parent: '$P' kind: KIND_CARED_FOR party: 'mother-1' effective_from_date: '2025-01-01'");
  EXPECT_THAT(Refused("RecordRelationship", "parent: '$P' kind: KIND_CARED_FOR party: 'mother-1'"),
              ElementsAre("RELATIONSHIP-TWICE"));
  Done<v1::PersonRelationship>("EndRelationship",
                               "name: '$P/relationships/1' effective_to_date: '2025-05-31'");
  const auto count = [&](const std::string& day) {
    return Done<v1::ListRelationshipsResponse>("ListRelationships",
                                               absl::StrCat("parent: '$P' as_of_date: '", day, "'"))
        .relationships_size();
  };
  EXPECT_EQ(count("2024-12-31"), 0);
  EXPECT_EQ(count("2025-05-31"), 1);
  EXPECT_EQ(count("2025-06-01"), 0);
}

}  // namespace
}  // namespace ipb::people
