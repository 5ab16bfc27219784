// The organisation that acts on a person.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "ipb/v1/options.pb.h"

namespace ipb::people::rules {

// The organisation that acts, what kind of body it is, and whom it acts for on the day: itself and those that
// it succeeds.
struct Registrant {
  std::string organisation;
  v1::CallerKind kind = v1::CALLER_KIND_UNSPECIFIED;
  std::vector<std::string> acts_for;

  bool Is(const std::string& other) const {
    return other == organisation || std::find(acts_for.begin(), acts_for.end(), other) != acts_for.end();
  }
};

}  // namespace ipb::people::rules
