// Tells a journey so that an officer of a council or an NHS body can follow it.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "tests/journeys/player/journey.h"
#include "tests/journeys/player/outcome.h"

namespace ipb::journey {

// A value as it is told: money in pounds and dates spelled out, by the unit that ends its field's name.
std::string Spell(absl::string_view field, const Json& value);

// Writes one story after another to a stream.
class Story {
 public:
  explicit Story(std::ostream& out) : out_(out) {}

  void Begin(const Journey& journey);
  // Who does what on which day. `say` is filled in.
  void Tell(size_t number, const Caller& caller, absl::CivilDay today, const std::string& say,
            const Step& step);
  // The reply to a step: the sentence `so` (filled in), or else the values that were expected and found.
  void Reply(const Step& step, const std::string& so, const Json& expect, const Outcome& outcome);
  // A refusal that was expected, with every rule and field that refused.
  void Refused(const Outcome& outcome);
  // What is not as it should be.
  void Wrong(const std::vector<std::string>& notes);
  void End(const Journey& journey, bool passed);
  void Summary(size_t passed, size_t failed);

 private:
  std::ostream& out_;
};

}  // namespace ipb::journey
