// Which circumstances hold when, and that whatever is recorded leaves one of a kind at a time.
#include "services/people/rules/circumstance.h"

#include <random>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/people/rules/circumstance_check.h"
#include "tests/rules/people/cases.h"

namespace ipb::people::rules {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;
using Kind = v1::Circumstance;

v1::Circumstance Known(int n, const std::string& text) {
  return Kept<v1::Circumstance>("circumstances", n, text);
}

CircumstanceFacts With(std::vector<v1::Circumstance> known) {
  CircumstanceFacts facts;
  facts.person = Someone();
  for (const v1::Circumstance& row : known) {
    if (row.kind() == Kind::KIND_DEATH && Stands(row)) facts.person.set_death_date(row.effective_from_date());
  }
  facts.known = std::move(known);
  facts.by.set_decider("staff-1");
  facts.by.set_role("social_worker");
  facts.by.set_organisation("E10000019");
  return facts;
}

constexpr char kMoved[] =
    "kind: KIND_MOVE effective_from_date: '2026-10-01' details { move { from_council: 'A' to_council: 'B' } "
    "}";
constexpr char kDied[] = "kind: KIND_DEATH effective_from_date: '2026-10-05'";

TEST(CircumstancesOn, EndWithDeathWhichLasts) {
  const std::vector<v1::Circumstance> rows = {
      Known(1, "kind: KIND_HOSPITAL effective_from_date: '2026-10-01'"), Known(2, kMoved), Known(3, kDied)};
  EXPECT_THAT(CircumstancesOn(absl::CivilDay(2026, 9, 30), rows), IsEmpty());
  EXPECT_THAT(CircumstancesOn(absl::CivilDay(2026, 10, 4), rows), SizeIs(2));
  EXPECT_THAT(CircumstancesOn(absl::CivilDay(2026, 10, 5), rows), SizeIs(3));
  EXPECT_THAT(CircumstancesOn(absl::CivilDay(2026, 10, 6), rows), SizeIs(2));
}

// Whatever is recorded in whatever order: of the kinds of which there is one at a time, no day ever has two.
TEST(Circumstances, NeverHaveTwoOfAKindOnADay) {
  std::mt19937 random(7);
  const Kind::Kind kinds[] = {Kind::KIND_HOSPITAL, Kind::KIND_COMMUNITY_TREATMENT_ORDER, Kind::KIND_DEATH};
  int taken = 0;
  for (int history = 0; history < 200; ++history) {
    std::vector<v1::Circumstance> known;
    for (int step = 0; step < 12; ++step) {
      v1::RecordCircumstanceRequest request;
      request.set_kind(kinds[std::uniform_int_distribution<int>(0, 2)(random)]);
      const absl::CivilDay first =
          absl::CivilDay(2026, 10, 1) + std::uniform_int_distribution<int>(0, 30)(random);
      request.set_effective_from_date(dates::Format(first));
      const int days = std::uniform_int_distribution<int>(0, 9)(random);
      if (days > 0 && !IsOfOneDay(request.kind())) request.set_effective_to_date(dates::Format(first + days));
      auto decision = RecordCircumstance(With(known), request, kToday);
      if (!decision.ok()) continue;
      ++taken;
      decision->circumstance.set_name(absl::StrCat(kPerson, "/circumstances/", step));
      known.push_back(decision->circumstance);
    }
    for (absl::CivilDay day(2026, 10, 1); day <= kToday; ++day) {
      std::map<int, int> count;
      for (const v1::Circumstance& row : CircumstancesOn(day, known)) {
        // Of two that share one day, one ends on it.
        if (row.effective_to_date() != dates::Format(day)) ++count[row.kind()];
      }
      for (const auto& [kind, rows] : count) EXPECT_LE(rows, 1) << kind << " on " << day;
    }
  }
  EXPECT_GT(taken, 400) << "the histories say little";
}

}  // namespace
}  // namespace ipb::people::rules
