// Civil dates: days in Europe/London without a time of day.
#pragma once

#include <string>
#include "absl/strings/string_view.h"

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace ipb::dates {

// Reads an ISO 8601 date such as 2026-04-06; the whole text must match and the day must exist.
// INVALID_ARGUMENT otherwise.
absl::StatusOr<absl::CivilDay> Parse(absl::string_view text);

// Reads a date that a contract has already checked. A text that is not a date gives 1970-01-01.
absl::CivilDay Checked(absl::string_view text);

// "2026-04-06".
std::string Format(absl::CivilDay day);

// "6 April 2026", for people.
std::string Spell(absl::CivilDay day);

// The civil date in Europe/London at an instant.
absl::CivilDay InLondon(absl::Time instant);

// The instant at which a day begins in Europe/London.
absl::Time StartOfDay(absl::CivilDay day);

// Adds calendar months; a day that the month does not have becomes its last (31 January + 1 month = 28 February).
absl::CivilDay AddMonths(absl::CivilDay day, int months);

// Whole years of age on a day; 29 February counts up on 1 March.
int AgeOn(absl::CivilDay birth, absl::CivilDay day);

// The first day of an age, as AgeOn counts it: born on 29 February, on 1 March where there is none.
absl::CivilDay Birthday(absl::CivilDay birth, int age_years);

// Whether the day lies in a period with inclusive ends; an empty text is an open end.
bool Within(absl::CivilDay day, absl::string_view from_date, absl::string_view to_date);

}  // namespace ipb::dates
