// Plays journeys against the servers of a deployment and tells their story.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tests/journeys/player/carried.h"
#include "tests/journeys/player/clock.h"
#include "tests/journeys/player/journey.h"
#include "tests/journeys/player/remote.h"
#include "tests/journeys/player/story.h"

namespace ipb::journey {

// Where things are and how a run is played.
struct Settings {
  std::string run;         // names the run: the same run gives the same identifiers and request ids
  std::string clock_file;  // empty where the deployment's clock is not for us to step
  // How long a call that finds the server away, or gets no answer in time, is made again with the same
  // request_id.
  absl::Duration ride_out = absl::ZeroDuration();
};

// Plays for one thread.
class Player {
 public:
  Player(Settings settings, Story& story);

  // Says where a service is, for journeys of a deployment. An empty service means all that are not said.
  void Place(const std::string& deployment, const std::string& service, std::shared_ptr<Remote> remote);

  // Plays a journey and tells it. False where anything was not as expected; the steps after that are not
  // played.
  bool Play(const Journey& journey);

 private:
  struct Playing {
    const Journey& journey;
    Carried carried;
    size_t step = 0;
  };

  absl::StatusOr<Remote*> RemoteFor(const Journey& journey, const Step& step) const;
  absl::Status PassTime(const std::string& instant, Playing& playing);
  // Each returns what is wrong, as sentences; empty where all is well.
  std::vector<std::string> PlayStep(const Step& step, Playing& playing);
  std::vector<std::string> PlayCall(const Step& step, Playing& playing);
  std::vector<std::string> Conclude(const Step& step, const Json& expect, const Outcome& outcome,
                                    Playing& playing);

  const Settings settings_;
  Clock clock_;
  Story& story_;
  std::map<std::pair<std::string, std::string>, std::shared_ptr<Remote>> places_;
};

}  // namespace ipb::journey
