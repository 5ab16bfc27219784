#include "tests/journeys/player/carried.h"

#include <openssl/sha.h>

#include <array>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"

namespace ipb::journey {
namespace {

using Digest = std::array<unsigned char, SHA_DIGEST_LENGTH>;

Digest Hash(absl::string_view text) {
  Digest digest;
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return digest;
}

// The tenth digit that makes nine digits an NHS number by modulus 11; 10 where no digit does.
int CheckDigit(const std::string& nine) {
  int sum = 0;
  for (int i = 0; i < 9; ++i) sum += (nine[i] - '0') * (10 - i);
  return (11 - sum % 11) % 11;
}

}  // namespace

Carried::Carried(std::string run, std::string journey) : run_(std::move(run)), journey_(std::move(journey)) {}

void Carried::Keep(const std::string& name, Json value) { kept_[name] = std::move(value); }

std::string Carried::Uuid(absl::string_view label) const {
  Digest digest = Hash(absl::StrCat(run_, "/", journey_, "/", label));
  digest[6] = (digest[6] & 0x0f) | 0x50;
  digest[8] = (digest[8] & 0x3f) | 0x80;
  const std::string hex =
      absl::BytesToHexString(absl::string_view(reinterpret_cast<const char*>(digest.data()), 16));
  return absl::StrCat(hex.substr(0, 8), "-", hex.substr(8, 4), "-", hex.substr(12, 4), "-", hex.substr(16, 4),
                      "-", hex.substr(20));
}

std::string Carried::NhsNumber(absl::string_view label) const {
  const Digest digest = Hash(absl::StrCat(run_, "/", journey_, "/nhs_number/", label));
  uint32_t number = (digest[0] << 16 | digest[1] << 8 | digest[2]) % 1000000;
  while (true) {
    const std::string nine = absl::StrCat("999", absl::Dec(number, absl::kZeroPad6));
    const int check = CheckDigit(nine);
    if (check < 10) return absl::StrCat(nine, check);
    number = (number + 1) % 1000000;
  }
}

absl::StatusOr<Json> Carried::Today(const std::string& name) const {
  int days = 0;
  const std::string offset = name.substr(absl::string_view("today").size());
  if (!offset.empty() && !absl::SimpleAtoi(offset, &days)) {
    return absl::InvalidArgumentError(absl::StrCat("${", name, "} must be like ${today+28}"));
  }
  return Json(dates::Format(today_ + days));
}

absl::StatusOr<Json> Carried::Value(const std::string& name) const {
  const auto kept = kept_.find(name);
  if (kept != kept_.end()) return kept->second;
  if (name == "run") return Json(run_);
  if (name == "nhs_number") return Json(NhsNumber(""));
  if (absl::StartsWith(name, "nhs_number:")) return Json(NhsNumber(name.substr(11)));
  if (absl::StartsWith(name, "uuid:")) return Json(Uuid(name));
  if (name == "today" || absl::StartsWith(name, "today+") || absl::StartsWith(name, "today-"))
    return Today(name);
  return absl::NotFoundError(absl::StrCat("nothing carries ${", name, "}"));
}

absl::StatusOr<std::string> Carried::FillText(absl::string_view text, const Lookup& value) {
  std::string filled;
  while (true) {
    const size_t start = text.find("${");
    const size_t end = start == absl::string_view::npos ? start : text.find('}', start);
    if (end == absl::string_view::npos) return absl::StrCat(filled, text);
    const auto found = value(std::string(text.substr(start + 2, end - start - 2)));
    if (!found.ok()) return found.status();
    absl::StrAppend(&filled, text.substr(0, start), *found);
    text.remove_prefix(end + 1);
  }
}

absl::StatusOr<Json> Carried::Fill(const Json& json) const {
  if (json.is_string()) {
    const std::string text = json.get<std::string>();
    const bool whole = absl::StartsWith(text, "${") && text.find('}') + 1 == text.size();
    if (whole) return Value(text.substr(2, text.size() - 3));
    const auto filled = FillText(text, [this](const std::string& name) -> absl::StatusOr<std::string> {
      const auto value = Value(name);
      if (!value.ok()) return value.status();
      return value->is_string() ? value->get<std::string>() : value->dump();
    });
    if (!filled.ok()) return filled.status();
    return Json(*filled);
  }
  if (!json.is_structured()) return json;
  Json result = json;
  for (auto& element : result) {
    auto filled = Fill(element);
    if (!filled.ok()) return filled.status();
    element = *std::move(filled);
  }
  return result;
}

}  // namespace ipb::journey
