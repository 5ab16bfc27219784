// Plays every journey in order, as `deploy/local/run` does, against the real binaries: on the embedded store,
// and on a redis-server that syncs every write.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/journeys/program.h"
#include "tests/store/redis_server.h"
#include "tests/support/folder.h"

namespace ipb::journey {
namespace {

using testing::Folder;

std::string SourceFolder() { return std::getenv("IPB_SOURCE_DIR"); }

std::vector<std::string> JourneyFiles() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(SourceFolder() + "/tests/journeys")) {
    if (entry.path().extension() == ".json") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

Program Serve(const std::string& name, const std::string& store, const std::string& clock,
              std::vector<std::string> flags) {
  flags.insert(flags.end(), {"--insecure", "--listen=127.0.0.1:0", absl::StrCat("--store=", store),
                             absl::StrCat("--clock=", clock),
                             absl::StrCat("--policy=", SourceFolder(), "/deploy/policy")});
  return Program(name, std::move(flags));
}

void PlayAll(const std::string& suite_store, const std::string& payments_store, const Folder& folder) {
  const std::string clock = folder.File("clock");
  std::ofstream(clock) << "2025-05-12T09:00:00Z\n";
  Program suite = Serve("ipb-suite", suite_store, clock, {});
  Program payments = Serve("ipb-payments", payments_store, clock, {"--host_people"});
  std::vector<std::string> arguments = {absl::StrCat("--clock=", clock), "--wait=30s"};
  arguments.push_back(absl::StrCat("--address=", suite.Address()));
  arguments.push_back(absl::StrCat("--deployments=payments=", payments.Address()));
  const std::vector<std::string> files = JourneyFiles();
  ASSERT_GE(files.size(), 22);
  arguments.insert(arguments.end(), files.begin(), files.end());
  Program player("ipb-journey", std::move(arguments));
  const std::string story = player.Rest();
  EXPECT_EQ(player.Wait(), 0) << story;
  EXPECT_THAT(story, ::testing::HasSubstr(absl::StrCat(files.size(), " passed, 0 failed")));
  EXPECT_EQ(suite.Stop(), 0);
  EXPECT_EQ(payments.Stop(), 0);
}

TEST(JourneysPlayed, AreAsTheyShouldBeOnTheEmbeddedStore) {
  const Folder folder;
  PlayAll(absl::StrCat("sqlite:", folder.File("suite.db")),
          absl::StrCat("sqlite:", folder.File("payments.db")), folder);
}

TEST(JourneysPlayed, AreAsTheyShouldBeOnRedis) {
  const Folder folder;
  const store::RedisServer suite, payments;
  PlayAll(absl::StrCat("redis://127.0.0.1:", suite.port()),
          absl::StrCat("redis://127.0.0.1:", payments.port()), folder);
}

}  // namespace
}  // namespace ipb::journey
