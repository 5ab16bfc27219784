// ipb-journey: plays journeys against a deployment, tells them as stories, and says whether all was as
// expected.
#include <fstream>
#include <iostream>
#include <random>
#include <sstream>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/flags/usage_config.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/journeys/player/player.h"

ABSL_FLAG(std::string, address, "127.0.0.1:50050",
          "HOST:PORT of the server that journeys are played against");
ABSL_FLAG(std::string, services, "",
          "a file with a line `Service HOST:PORT` for each service that is somewhere else, such as "
          "`PaymentsService 127.0.0.1:50055`");
ABSL_FLAG(std::vector<std::string>, deployments, {},
          "NAME=HOST:PORT,... for journeys that name a deployment other than the default one");
ABSL_FLAG(std::string, clock, "",
          "the clock file that the servers were given; needed by journeys that step the clock");
ABSL_FLAG(std::string, run, "",
          "names the run, so that it can be played again with the same identifiers; "
          "random where left out");
ABSL_FLAG(absl::Duration, wait, absl::ZeroDuration(), "how long to wait first until every server is ready");
ABSL_FLAG(
    absl::Duration, ride_out, absl::ZeroDuration(),
    "how long a call is made again, with the same request_id, while the server is away or does not answer");

namespace ipb::journey {
namespace {

using Remotes = std::map<std::string, std::shared_ptr<Remote>>;

constexpr int kWrong = 1;     // a journey was not as expected
constexpr int kUnusable = 2;  // a flag or a journey's file is wrong, or a server did not become ready

std::shared_ptr<Remote> At(const std::string& address, Remotes& remotes) {
  auto& remote = remotes[address];
  if (remote == nullptr) remote = std::make_shared<Remote>(address);
  return remote;
}

absl::Status PlaceServices(const std::string& file, Remotes& remotes, Player& player) {
  if (file.empty()) return absl::OkStatus();
  std::ifstream in(file);
  if (!in) return absl::NotFoundError(absl::StrCat("--services: there is no file ", file));
  std::string line;
  while (std::getline(in, line)) {
    std::istringstream words(line);
    std::string service, address;
    if (!(words >> service) || service[0] == '#') continue;
    if (!(words >> address))
      return absl::InvalidArgumentError(absl::StrCat("--services: no address in: ", line));
    if (service.find('.') == std::string::npos) service = absl::StrCat("ipb.v1.", service);
    player.Place("", service, At(address, remotes));
  }
  return absl::OkStatus();
}

absl::Status PlaceAll(Remotes& remotes, Player& player) {
  player.Place("", "", At(absl::GetFlag(FLAGS_address), remotes));
  for (const std::string& text : absl::GetFlag(FLAGS_deployments)) {
    const std::pair<std::string, std::string> named = absl::StrSplit(text, absl::MaxSplits('=', 1));
    if (named.second.empty()) return absl::InvalidArgumentError("--deployments takes NAME=HOST:PORT,...");
    player.Place(named.first, "", At(named.second, remotes));
  }
  return PlaceServices(absl::GetFlag(FLAGS_services), remotes, player);
}

absl::Status AwaitAll(const Remotes& remotes) {
  if (absl::GetFlag(FLAGS_wait) <= absl::ZeroDuration()) return absl::OkStatus();
  for (const auto& [address, remote] : remotes) {
    const absl::Status status = remote->AwaitReady(absl::GetFlag(FLAGS_wait));
    if (!status.ok()) return absl::UnavailableError(absl::StrCat(address, ": ", status.message()));
  }
  return absl::OkStatus();
}

std::string NewRun() {
  std::random_device random;
  return absl::StrCat(absl::Hex(random(), absl::kZeroPad8));
}

int Fail(const absl::Status& status) {
  std::cerr << "ipb-journey: " << status.message() << std::endl;
  return kUnusable;
}

int Run(const std::vector<std::string>& files) {
  std::vector<Journey> journeys;
  for (const std::string& file : files) {
    auto journey = ReadJourney(file);
    if (!journey.ok()) return Fail(journey.status());
    journeys.push_back(*std::move(journey));
  }
  std::string run = absl::GetFlag(FLAGS_run);
  if (run.empty()) run = NewRun();
  Story story(std::cout);
  Player player({run, absl::GetFlag(FLAGS_clock), absl::GetFlag(FLAGS_ride_out)}, story);
  Remotes remotes;
  absl::Status status = PlaceAll(remotes, player);
  if (status.ok()) status = AwaitAll(remotes);
  if (!status.ok()) return Fail(status);
  size_t passed = 0;
  for (const Journey& journey : journeys) passed += player.Play(journey);
  if (!journeys.empty()) story.Summary(passed, journeys.size() - passed);
  return passed == journeys.size() ? 0 : kWrong;
}

}  // namespace
}  // namespace ipb::journey

int main(int argc, char** argv) {
  absl::FlagsUsageConfig usage;
  usage.contains_help_flags = [](absl::string_view file) { return absl::EndsWith(file, "player/main.cc"); };
  absl::SetFlagsUsageConfig(usage);
  absl::SetProgramUsageMessage(
      "plays journeys against a deployment.\n\n  ipb-journey [--address=HOST:PORT] [--clock=FILE] "
      "JOURNEY.json...\n\n"
      "Without a journey it only waits until the servers are ready (--wait=60s). Exits with 0 if all was as "
      "expected,\n"
      "1 if not, 2 if it could not play.");
  const std::vector<char*> rest = absl::ParseCommandLine(argc, argv);
  return ipb::journey::Run(std::vector<std::string>(rest.begin() + 1, rest.end()));
}
