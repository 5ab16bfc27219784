#include "common/store/redis_keys.h"

#include <set>

#include "common/store/redis_functions.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ipb::store {
namespace {

// CRC16 as Redis Cluster uses it (XMODEM).
int SlotOf(absl::string_view tag) {
  uint16_t crc = 0;
  for (const unsigned char byte : tag) {
    crc ^= static_cast<uint16_t>(byte << 8);
    for (int i = 0; i < 8; ++i) crc = static_cast<uint16_t>(crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1);
  }
  return crc % 16384;
}

TEST(RedisKeysTest, SlotOfMatchesTheExampleOfTheClusterSpecification) {
  EXPECT_EQ(SlotOf("123456789"), 0x31C3);
}

TEST(RedisKeysTest, TagsAreEvenlySpacedOverTheSlots) {
  for (int p = 0; p < kPartitions; ++p) EXPECT_EQ(SlotOf(TagOf(p)), 256 * p + 128) << TagOf(p);
}

TEST(RedisKeysTest, KeysOfASubjectAndItsPartitionShareATag) {
  const RedisKeys keys("payments");
  const std::string subject = "people/7q2m";
  const int partition = PartitionOf(subject);
  const std::string start = absl::StrCat("ipb:{", TagOf(partition), "}:payments:");
  const std::set<std::string> all = {keys.Subject(subject),   keys.Names(subject),
                                     keys.History(subject),   keys.Index(partition, "work"),
                                     keys.Changes(partition), keys.Trimmed(partition)};
  EXPECT_EQ(all.size(), 6u);
  EXPECT_THAT(all, testing::Each(testing::StartsWith(start)));
  EXPECT_EQ(keys.Subject(subject), absl::StrCat(start, "s:people/7q2m"));
  EXPECT_EQ(keys.SubjectPrefix(partition) + subject, keys.Subject(subject));
}

TEST(RedisKeysTest, ValuesComeBackAsTheyWere) {
  const Revision revision{42, "id with spaces"};
  EXPECT_EQ(ReadRevision(WriteRevision(revision)).value(), revision);
  const Remembered remembered{.fingerprint = "12 ", .reply = "3 reply", .name = "people/1 2", .revision = 7};
  const Remembered back = ReadReply(WriteReply(remembered)).value();
  EXPECT_EQ(back.fingerprint, remembered.fingerprint);
  EXPECT_EQ(back.reply, remembered.reply);
  EXPECT_EQ(back.name, remembered.name);
  EXPECT_EQ(back.revision, 7);
  EXPECT_EQ(ReadHistory(WriteHistory("commit", "entry")).value(), "entry");
  const IndexEntry entry{"work", "2026", "people/1", "work/1"};
  EXPECT_EQ(ReadIndexMember("work", WriteIndexMember("2026", "people/1", "work/1")).value(), entry);
  EXPECT_EQ(ReadStreamId("17-3"), (StreamId{17, 3}));
}

TEST(RedisKeysTest, DamagedValuesAreToldApart) {
  EXPECT_FALSE(ReadRevision("").ok());
  EXPECT_FALSE(ReadRecord("name", "data without a revision").ok());
  for (const char* reply : {"", "9 short", "3 1 9x", "x"}) EXPECT_FALSE(ReadReply(reply).ok()) << reply;
  EXPECT_FALSE(ReadHistory("").ok());
  EXPECT_FALSE(ReadHistory("\x09too").ok());
  EXPECT_FALSE(ReadIndexMember("work", "one part").ok());
  for (const char* id : {"", "1", "-", "1-", "a-1", "1--1"}) EXPECT_EQ(ReadStreamId(id), std::nullopt) << id;
}

TEST(RedisKeysTest, FunctionsAreNamedByTheHashOfTheirSource) {
  const absl::string_view hash = CommitFunction().substr(absl::string_view("commit_").size());
  EXPECT_EQ(hash.size(), 16u);
  EXPECT_THAT(std::string(FunctionLibrary()),
              testing::StartsWith(absl::StrCat("#!lua name=ipb_", hash, "\n")));
  EXPECT_THAT(std::string(FunctionLibrary()), testing::HasSubstr(std::string(TrimFunction())));
}

}  // namespace
}  // namespace ipb::store
