// People and rows that tests of people's rules start from, and the ids of the rules and the fields that
// refused.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "services/people/rules/authority.h"
#include "services/people/rules/circumstance.h"
#include "tests/support/text.h"

namespace ipb::people::rules {

// 22 November 2026: "today" of all tests.
inline constexpr absl::CivilDay kToday(2026, 11, 22);
inline constexpr char kPerson[] = "people/3f9c0a7d51e84b2c9d60";

// The rule ids that an error carries, in order; the wrong fields where it carries those; else the ErrorInfo
// reason; empty for OK.
std::vector<std::string> Refusals(const absl::Status& status);

// Someone born on that day: 15 March 1980 unless said otherwise.
v1::Person Someone(const std::string& birth_date = "1980-03-15");

// A row in text form as the n-th of its collection, recorded on 1 January 2026.
template <typename Row>
Row Kept(const std::string& collection, int n, const std::string& text) {
  Row row = testing::Text<Row>(text);
  row.set_name(absl::StrCat(kPerson, "/", collection, "/", n));
  row.mutable_recorded_time()->set_seconds(1767225600);
  return row;
}

// The facts of someone of whom nothing is on record, with the national policy that ships.
AuthorityFacts Facts(const std::string& birth_date = "1980-03-15");

// A finding that the person lacks capacity for the matter from 1 February 2026.
v1::CapacityDecision Lacking(v1::CapacityDecision::Matter matter);

// An attorney for health and welfare as the n-th appointment, from 1 January 2026.
v1::Representative Attorney(int n, const std::string& party);

}  // namespace ipb::people::rules
