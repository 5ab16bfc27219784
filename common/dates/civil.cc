#include "common/dates/civil.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace ipb::dates {
namespace {

const absl::TimeZone& London() {
  static const absl::TimeZone zone = [] {
    absl::TimeZone loaded;
    absl::LoadTimeZone("Europe/London", &loaded);
    return loaded;
  }();
  return zone;
}

constexpr const char* kMonths[] = {"January", "February", "March",     "April",   "May",      "June",
                                   "July",    "August",   "September", "October", "November", "December"};

bool Digits(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

int Number(absl::string_view digits) {
  int value = 0;
  for (char c : digits) value = value * 10 + (c - '0');
  return value;
}

}  // namespace

absl::StatusOr<absl::CivilDay> Parse(absl::string_view text) {
  if (text.size() == 10 && text[4] == '-' && text[7] == '-' && Digits(text.substr(0, 4)) &&
      Digits(text.substr(5, 2)) && Digits(text.substr(8, 2))) {
    const int year = Number(text.substr(0, 4)), month = Number(text.substr(5, 2)),
              day = Number(text.substr(8, 2));
    const absl::CivilDay parsed(year, month, day);
    if (parsed.year() == year && parsed.month() == month && parsed.day() == day) return parsed;
  }
  return absl::InvalidArgumentError("not a date that exists, written as YYYY-MM-DD");
}

absl::CivilDay Checked(absl::string_view text) {
  const absl::StatusOr<absl::CivilDay> day = Parse(text);
  return day.ok() ? *day : absl::CivilDay();
}

std::string Format(absl::CivilDay day) {
  return absl::StrFormat("%04d-%02d-%02d", day.year(), day.month(), day.day());
}

std::string Spell(absl::CivilDay day) {
  return absl::StrCat(day.day(), " ", kMonths[day.month() - 1], " ", day.year());
}

absl::CivilDay InLondon(absl::Time instant) { return absl::ToCivilDay(instant, London()); }

absl::Time StartOfDay(absl::CivilDay day) { return absl::FromCivil(day, London()); }

absl::CivilDay AddMonths(absl::CivilDay day, int months) {
  const absl::CivilMonth month = absl::CivilMonth(day) + months;
  const absl::CivilDay last = absl::CivilDay(month + 1) - 1;
  return std::min(absl::CivilDay(month) + (day.day() - 1), last);
}

int AgeOn(absl::CivilDay birth, absl::CivilDay day) {
  const int years = static_cast<int>(day.year() - birth.year());
  const bool before_birthday =
      day.month() < birth.month() || (day.month() == birth.month() && day.day() < birth.day());
  return before_birthday ? years - 1 : years;
}

absl::CivilDay Birthday(absl::CivilDay birth, int age_years) {
  // A day that the month does not have runs over into the next.
  return absl::CivilDay(birth.year() + age_years, birth.month(), birth.day());
}

bool Within(absl::CivilDay day, absl::string_view from_date, absl::string_view to_date) {
  if (!from_date.empty() && day < Checked(from_date)) return false;
  return to_date.empty() || day <= Checked(to_date);
}

}  // namespace ipb::dates
