#include "common/explain/words.h"

#include "absl/strings/ascii.h"
#include "absl/strings/strip.h"

namespace ipb::explain {

std::string Words(absl::string_view enum_value_name, absl::string_view prefix) {
  std::string words(absl::StripPrefix(enum_value_name, prefix));
  for (char& letter : words) letter = letter == '_' ? ' ' : absl::ascii_tolower(letter);
  return words;
}

}  // namespace ipb::explain
