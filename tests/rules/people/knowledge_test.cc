// Two axes of time: what was on record at an instant, and what holds on a day.
#include "services/people/rules/knowledge.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/rules/people/cases.h"

namespace ipb::people::rules {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

google::protobuf::Timestamp At(int64_t seconds, int nanos = 0) {
  google::protobuf::Timestamp instant;
  instant.set_seconds(seconds);
  instant.set_nanos(nanos);
  return instant;
}

v1::Circumstance Row() {
  return testing::Text<v1::Circumstance>(
      "effective_from_date: '2026-01-01' effective_to_date: '2026-01-09' recorded_time { seconds: 100 } "
      "end_recorded_time { seconds: 200 } superseded_by: 'people/x/circumstances/2' superseded_time { "
      "seconds: 300 }");
}

TEST(Knowledge, ComparesInstantsToTheNanosecond) {
  EXPECT_FALSE(IsAfter(At(5, 3), At(5, 3)));
  EXPECT_TRUE(IsAfter(At(5, 4), At(5, 3)));
  EXPECT_FALSE(IsAfter(At(4, 9), At(5, 3)));
}

TEST(Knowledge, TakesARowBackStepByStep) {
  v1::Circumstance row = Row();
  EXPECT_FALSE(Rewind(At(99), row));
  ASSERT_TRUE(Rewind(At(300), row));
  EXPECT_EQ(row.SerializeAsString(), Row().SerializeAsString()) << "what was recorded at that instant counts";
  ASSERT_TRUE(Rewind(At(299), row));
  EXPECT_EQ(row.superseded_by(), "");
  EXPECT_FALSE(row.has_superseded_time());
  EXPECT_EQ(row.effective_to_date(), "2026-01-09");
  ASSERT_TRUE(Rewind(At(100), row));
  EXPECT_EQ(row.effective_to_date(), "");
  EXPECT_FALSE(row.has_end_recorded_time());
}

TEST(Knowledge, GivesBackThePlannedEndOfAnExclusion) {
  auto row = testing::Text<v1::PaymentExclusion>(
      "effective_to_date: '2026-02-01' planned_to_date: '2026-06-01' recorded_time { seconds: 100 } "
      "end_recorded_time { seconds: 200 }");
  ASSERT_TRUE(Rewind(At(199), row));
  EXPECT_EQ(row.effective_to_date(), "2026-06-01");
}

TEST(Knowledge, AnEndRecordedWithTheRowStays) {
  auto row = Row();
  row.clear_end_recorded_time();
  ASSERT_TRUE(Rewind(At(100), row));
  EXPECT_EQ(row.effective_to_date(), "2026-01-09");
}

TEST(Knowledge, LeavesOutWhatIsNotKnownOrNotInEffect) {
  EXPECT_THAT(RewindAll<v1::Circumstance>(At(50), {Row(), Row()}), IsEmpty());
  EXPECT_THAT(RewindAll<v1::Circumstance>(At(150), {Row(), Row()}), SizeIs(2));
  EXPECT_THAT(InEffectOn<v1::Circumstance>(absl::CivilDay(2026, 1, 9), {Row()}), SizeIs(1));
  EXPECT_THAT(InEffectOn<v1::Circumstance>(absl::CivilDay(2026, 1, 10), {Row()}), IsEmpty());
}

}  // namespace
}  // namespace ipb::people::rules
