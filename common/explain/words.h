// Contract words as people read them, for the sentences of explanations and refusals.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace ipb::explain {

// The name of an enum value without its prefix, in small words: INCOME_KIND_STATE_PENSION is "state pension".
std::string Words(absl::string_view enum_value_name, absl::string_view prefix);

}  // namespace ipb::explain
