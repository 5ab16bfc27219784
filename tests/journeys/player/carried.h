// The values that a journey carries from reply to request, and those that are new on every run.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "tests/journeys/player/json.h"

namespace ipb::journey {

// Fills `${name}` in texts. Known from the start, for each journey of each run:
//   ${run}                      eight hexadecimal digits that name the run
//   ${nhs_number}, ${nhs_number:NAME}  a valid number of the test range 999, another for each NAME
//   ${uuid:NAME}                a UUID, another for each NAME
//   ${today}, ${today+N}, ${today-N}   the civil date of the clock, N days away
class Carried {
 public:
  // `run` names the run, `journey` the journey within it; the same two give the same values.
  Carried(std::string run, std::string journey);

  void SetToday(absl::CivilDay today) { today_ = today; }
  void Keep(const std::string& name, Json value);

  // The JSON with every `${name}` in its texts replaced. A text that is one `${name}` alone becomes the kept
  // value itself. NOT_FOUND for a name that nothing carries.
  absl::StatusOr<Json> Fill(const Json& json) const;

  // A text with every `${name}` replaced by what `value` gives for it.
  using Lookup = std::function<absl::StatusOr<std::string>(const std::string& name)>;
  static absl::StatusOr<std::string> FillText(absl::string_view text, const Lookup& value);

  // The value of one name. NOT_FOUND where nothing carries it.
  absl::StatusOr<Json> Value(const std::string& name) const;

  // A UUID (version 5) that is the same for the same run, journey and label.
  std::string Uuid(absl::string_view label) const;

 private:
  std::string NhsNumber(absl::string_view label) const;
  absl::StatusOr<Json> Today(const std::string& name) const;

  const std::string run_;
  const std::string journey_;
  absl::CivilDay today_;
  std::map<std::string, Json> kept_;
};

}  // namespace ipb::journey
