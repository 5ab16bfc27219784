#include "common/explain/words.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

namespace ipb::explain {

std::string Words(absl::string_view enum_value_name, absl::string_view prefix) {
  return absl::StrReplaceAll(absl::AsciiStrToLower(absl::StripPrefix(enum_value_name, prefix)), {{"_", " "}});
}

}  // namespace ipb::explain
