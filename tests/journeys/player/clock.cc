#include "tests/journeys/player/clock.h"

#include <cstdio>
#include <fstream>

#include "absl/strings/str_cat.h"

namespace ipb::journey {

Clock::Clock(std::string file) : file_(std::move(file)) {}

absl::Status Clock::Set(absl::string_view instant) {
  if (file_.empty()) {
    return absl::FailedPreconditionError("the journey steps the clock: give --clock=FILE, as to the servers");
  }
  const std::string draft = absl::StrCat(file_, ".next");
  std::ofstream out(draft, std::ios::trunc);
  out << instant << "\n";
  out.close();
  if (!out || std::rename(draft.c_str(), file_.c_str()) != 0) {
    return absl::UnavailableError(absl::StrCat("cannot write the clock file ", file_));
  }
  return absl::OkStatus();
}

absl::Time Clock::Now() const {
  std::ifstream in(file_);
  std::string text;
  in >> text;
  absl::Time instant;
  std::string error;
  return absl::ParseTime(absl::RFC3339_full, text, &instant, &error) ? instant : absl::Now();
}

}  // namespace ipb::journey
