#include "common/clock/clock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/clock/test_clock.h"

namespace ipb::clock {
namespace {

absl::Time At(const std::string& text) {
  absl::Time instant;
  std::string reason;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &instant, &reason)) << reason;
  return instant;
}

// Time goes on from the instant in the file; no test takes a minute.
MATCHER_P(JustAfter, instant, "") { return arg >= instant && arg < instant + absl::Minutes(1); }

class FileClockTest : public ::testing::Test {
 protected:
  FileClockTest() : path_(absl::StrCat(::testing::TempDir(), "clock.", ::getpid())) {}
  ~FileClockTest() override { std::remove(path_.c_str()); }
  void Write(const std::string& text) { std::ofstream(path_) << text; }
  const std::string path_;
};

TEST(SystemClock, IsTheMachines) {
  const absl::Time before = absl::Now();
  const absl::Time now = SystemClock().Now();
  EXPECT_LE(before, now);
  EXPECT_LE(now, absl::Now());
}

TEST_F(FileClockTest, GoesOnAndSteps) {
  Write("2026-04-06T09:00:00Z\n");
  const auto clock = FileClock::Open(path_);
  ASSERT_TRUE(clock.ok()) << clock.status();
  EXPECT_THAT((*clock)->Now(), JustAfter(At("2026-04-06T09:00:00Z")));
  EXPECT_THAT((*clock)->Now(), JustAfter(At("2026-04-06T09:00:00Z")));
  Write("2026-04-07T00:30:00+01:00");
  EXPECT_THAT((*clock)->Now(), JustAfter(At("2026-04-06T23:30:00Z")));
}

TEST_F(FileClockTest, SeesEveryStepAtOnceEvenWithinOneTickAndOfOneSize) {
  Write("2026-04-06T09:00:00Z");
  const auto clock = FileClock::Open(path_);
  ASSERT_TRUE(clock.ok());
  for (int i = 0; i < 500; ++i) {
    const std::string text = absl::StrCat("2026-04-06T09:", 10 + 2 * (i % 10), ":00Z");
    Write(text);
    ASSERT_THAT((*clock)->Now(), JustAfter(At(text))) << i;
  }
}

TEST_F(FileClockTest, KeepsTheTimeWhileTheFileIsBroken) {
  Write("2026-04-06T09:00:00Z");
  const auto clock = FileClock::Open(path_);
  ASSERT_TRUE(clock.ok());
  Write("2026-04-");
  EXPECT_THAT((*clock)->Now(), JustAfter(At("2026-04-06T09:00:00Z")));
  std::remove(path_.c_str());
  EXPECT_THAT((*clock)->Now(), JustAfter(At("2026-04-06T09:00:00Z")));
  Write("2026-05-01T00:00:00Z");
  EXPECT_THAT((*clock)->Now(), JustAfter(At("2026-05-01T00:00:00Z")));
}

TEST_F(FileClockTest, RefusesToStartWithoutAnInstant) {
  EXPECT_EQ(FileClock::Open(path_).status().code(), absl::StatusCode::kNotFound);
  Write("yesterday");
  EXPECT_EQ(FileClock::Open(path_).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(TestClock, IsSetFromAnyThread) {
  TestClock clock(absl::UnixEpoch());
  std::thread setter([&] { clock.Set(absl::FromUnixSeconds(100)); });
  setter.join();
  clock.Advance(absl::Seconds(5));
  EXPECT_EQ(clock.Now(), absl::FromUnixSeconds(105));
}

}  // namespace
}  // namespace ipb::clock
