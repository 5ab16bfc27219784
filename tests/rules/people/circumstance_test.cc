// Circumstances: what can be beside what, what ends, and what a correction leaves on record.
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

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Kind = v1::Circumstance;
using testing::Text;

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

absl::StatusOr<CircumstanceDecision> Record(CircumstanceFacts facts, const std::string& text) {
  return RecordCircumstance(std::move(facts), Text<v1::RecordCircumstanceRequest>(text), kToday);
}

struct FieldCase {
  const char* request;
  std::vector<std::string> wrong;
};

TEST(RecordCircumstance, RefusesFieldsThatCannotBe) {
  const FieldCase cases[] = {
      {"kind: KIND_HOSPITAL effective_from_date: '2026-11-23'", {"effective_from_date"}},
      {"kind: KIND_HOSPITAL effective_from_date: '1980-03-14'", {"effective_from_date"}},
      {"kind: KIND_HOSPITAL effective_from_date: '2026-11-01' effective_to_date: '2026-10-31'",
       {"effective_to_date"}},
      {"kind: KIND_HOSPITAL effective_from_date: '2026-11-01' effective_to_date: '2026-11-23'",
       {"effective_to_date"}},
      {"kind: KIND_DEATH effective_from_date: '2026-11-01' effective_to_date: '2026-11-02'",
       {"effective_to_date"}},
      {"kind: KIND_CUSTODY effective_from_date: '2026-11-01'", {"details"}},
      {"kind: KIND_MOVE effective_from_date: '2026-11-01'", {"details"}},
      {"kind: KIND_CARE_HOME_STAY effective_from_date: '2026-11-01'", {"details"}},
      {"kind: KIND_SAFEGUARDING_CONCERN effective_from_date: '2026-11-01'", {"details"}},
      {"kind: KIND_PROVIDER_FAILURE effective_from_date: '2026-11-01'", {"details"}},
      {"kind: KIND_MENTAL_HEALTH_DETENTION effective_from_date: '2026-11-01'", {"details"}},
      {"kind: KIND_HOSPITAL effective_from_date: '2026-11-01' details { custody { place: PLACE_PRISON } }",
       {"details"}},
      {"kind: KIND_CUSTODY effective_from_date: '2026-11-01' details { detention { section: SECTION_3 } }",
       {"details"}},
      {"kind: KIND_MOVE effective_from_date: '2026-11-01' details { move { from_council: 'E1' to_council: "
       "'E1' } }",
       {"details.move.to_council"}},
      {"kind: KIND_MOVE effective_from_date: '2026-11-23' effective_to_date: '2026-11-20'",
       {"effective_from_date", "effective_to_date", "effective_to_date", "details"}},
  };
  for (const FieldCase& one : cases) {
    EXPECT_THAT(Refusals(Record(With({}), one.request).status()), ElementsAreArray(one.wrong)) << one.request;
  }
}

TEST(RecordCircumstance, TakesNoOtherBodyForACouncil) {
  CircumstanceFacts facts = With({});
  facts.not_councils = {"QZZ"};
  const FieldCase cases[] = {
      {"kind: KIND_CUSTODY details { custody { place: PLACE_PRISON council: 'QZZ' } }",
       {"details.custody.council"}},
      {"kind: KIND_MOVE details { move { from_council: 'QZZ' to_council: 'B' } }",
       {"details.move.from_council"}},
      {"kind: KIND_MOVE details { move { from_council: 'A' to_council: 'QZZ' } }",
       {"details.move.to_council"}},
      {"kind: KIND_MOVE details { move { from_council: 'A' to_council: 'B' } }", {}},
      {"kind: KIND_PROVIDER_FAILURE details { provider_failure { provider: 'QZZ' } }", {}},
  };
  for (const FieldCase& one : cases) {
    const std::string request = absl::StrCat(one.request, " effective_from_date: '2026-11-01'");
    EXPECT_THAT(Refusals(Record(facts, request).status()), ElementsAreArray(one.wrong)) << request;
  }
}

TEST(RecordCircumstance, EveryKindIsTakenWithItsDetailsAndExplained) {
  const std::pair<const char*, const char*> cases[] = {
      {"kind: KIND_HOSPITAL", "PEOPLE-HOSPITAL"},
      {"kind: KIND_DEATH", "PEOPLE-DEATH"},
      {"kind: KIND_CUSTODY details { custody { place: PLACE_PRISON council: 'E10000028' } }",
       "PEOPLE-CUSTODY"},
      {"kind: KIND_MOVE details { move { from_council: 'E10000019' to_council: 'E10000028' } }",
       "PEOPLE-MOVE"},
      {"kind: KIND_CARE_HOME_STAY details { care_home_stay { stay: STAY_RESPITE } }", "PEOPLE-CARE-HOME"},
      {"kind: KIND_SAFEGUARDING_CONCERN details { safeguarding_concern { subject: SUBJECT_MONEY } }",
       "PEOPLE-SAFEGUARDING"},
      {"kind: KIND_PROVIDER_FAILURE details { provider_failure { provider: 'SUPPORTCO' } }",
       "PEOPLE-PROVIDER-FAILURE"},
      {"kind: KIND_MENTAL_HEALTH_DETENTION details { detention { section: SECTION_2 } }", "PEOPLE-DETENTION"},
      {"kind: KIND_MENTAL_HEALTH_DETENTION details { detention { section: SECTION_3 } }",
       "PEOPLE-DETENTION-AFTERCARE"},
      {"kind: KIND_MENTAL_HEALTH_DETENTION details { detention { section: SECTION_38 } }",
       "PEOPLE-DETENTION"},
      {"kind: KIND_MENTAL_HEALTH_DETENTION details { detention { section: SECTION_47 } }",
       "PEOPLE-DETENTION-AFTERCARE"},
      {"kind: KIND_COMMUNITY_TREATMENT_ORDER", "PEOPLE-CTO"},
  };
  for (const auto& [request, rule] : cases) {
    const auto decision = Record(With({}), absl::StrCat(request, " effective_from_date: '2026-11-01'"));
    ASSERT_TRUE(decision.ok()) << request << decision.status();
    const v1::Explanation why = decision->trace.Render("", "");
    ASSERT_THAT(why.steps(), SizeIs(1)) << request;
    EXPECT_EQ(why.steps(0).rule_id(), rule);
    EXPECT_EQ(why.steps(0).sentence().find('{'), std::string::npos) << why.steps(0).sentence();
  }
}

struct BesideCase {
  const char* known;
  const char* request;
  std::vector<std::string> refused;
};

constexpr char kStay[] =
    "kind: KIND_HOSPITAL effective_from_date: '2026-10-01' effective_to_date: '2026-10-10'";
constexpr char kDayCase[] =
    "kind: KIND_HOSPITAL effective_from_date: '2026-10-01' effective_to_date: '2026-10-01'";
constexpr char kPrison[] =
    "kind: KIND_CUSTODY effective_from_date: '2026-10-01' details { custody { place: PLACE_PRISON council: "
    "'E1' } }";
constexpr char kMoved[] =
    "kind: KIND_MOVE effective_from_date: '2026-10-01' details { move { from_council: 'A' to_council: 'B' } "
    "}";
constexpr char kDied[] = "kind: KIND_DEATH effective_from_date: '2026-10-05'";

TEST(RecordCircumstance, RefusesWhatContradictsTheRecord) {
  const BesideCase cases[] = {
      {kStay, "kind: KIND_HOSPITAL effective_from_date: '2026-10-09'", {"PEOPLE-CIRCUMSTANCE-OVERLAP"}},
      {kStay, "kind: KIND_HOSPITAL effective_from_date: '2026-10-10'", {}},
      {kStay, "kind: KIND_HOSPITAL effective_from_date: '2026-09-01'", {"PEOPLE-CIRCUMSTANCE-OVERLAP"}},
      {kStay, "kind: KIND_HOSPITAL effective_from_date: '2026-09-01' effective_to_date: '2026-10-01'", {}},
      {kStay, kStay, {"PEOPLE-CIRCUMSTANCE-OVERLAP"}},
      {kDayCase, kDayCase, {"PEOPLE-CIRCUMSTANCE-OVERLAP"}},
      {kPrison, "kind: KIND_HOSPITAL effective_from_date: '2026-11-01'", {"PEOPLE-CIRCUMSTANCE-CONTRADICTS"}},
      {kPrison,
       "kind: KIND_HOSPITAL effective_from_date: '2026-11-01' overlap_reasons: 'treated as a prisoner'",
       {}},
      {kPrison,
       "kind: KIND_CARE_HOME_STAY effective_from_date: '2026-11-01' details { care_home_stay { stay: "
       "STAY_RESPITE } }",
       {"PEOPLE-CIRCUMSTANCE-CONTRADICTS"}},
      {"kind: KIND_COMMUNITY_TREATMENT_ORDER effective_from_date: '2026-10-01'",
       "kind: KIND_MENTAL_HEALTH_DETENTION effective_from_date: '2026-11-01' details { detention { section: "
       "SECTION_3 } }",
       {"PEOPLE-CIRCUMSTANCE-CONTRADICTS"}},
      {"kind: KIND_CARE_HOME_STAY effective_from_date: '2026-10-01'",
       "kind: KIND_HOSPITAL effective_from_date: '2026-11-01'",
       {}},
      {"kind: KIND_SAFEGUARDING_CONCERN effective_from_date: '2026-10-01'",
       "kind: KIND_SAFEGUARDING_CONCERN effective_from_date: '2026-10-01' "
       "details { safeguarding_concern { subject: SUBJECT_CARE } }",
       {}},
      {"kind: KIND_PROVIDER_FAILURE effective_from_date: '2026-10-01' details { provider_failure { provider: "
       "'P' } }",
       "kind: KIND_PROVIDER_FAILURE effective_from_date: '2026-11-01' details { provider_failure { provider: "
       "'P' } }",
       {"PEOPLE-CIRCUMSTANCE-OVERLAP"}},
      {"kind: KIND_PROVIDER_FAILURE effective_from_date: '2026-10-01' details { provider_failure { provider: "
       "'P' } }",
       "kind: KIND_PROVIDER_FAILURE effective_from_date: '2026-11-01' details { provider_failure { provider: "
       "'Q' } }",
       {}},
      {kMoved,
       "kind: KIND_MOVE effective_from_date: '2026-11-01' details { move { from_council: 'B' to_council: 'C' "
       "} }",
       {}},
      {kMoved,
       "kind: KIND_MOVE effective_from_date: '2026-11-01' details { move { from_council: 'C' to_council: 'B' "
       "} }",
       {"PEOPLE-MOVE-CHAIN"}},
      {kMoved,
       "kind: KIND_MOVE effective_from_date: '2026-09-01' details { move { from_council: 'C' to_council: 'B' "
       "} }",
       {"PEOPLE-MOVE-CHAIN"}},
      {kMoved,
       "kind: KIND_MOVE effective_from_date: '2026-09-01' details { move { from_council: 'C' to_council: 'A' "
       "} }",
       {}},
      {kDied, "kind: KIND_DEATH effective_from_date: '2026-10-06'", {"PEOPLE-DEATH-ONCE"}},
      {kDied, "kind: KIND_HOSPITAL effective_from_date: '2026-10-06'", {"PEOPLE-AFTER-DEATH"}},
      {kDied, "kind: KIND_HOSPITAL effective_from_date: '2026-10-05'", {}},
      {kDied,
       "kind: KIND_HOSPITAL effective_from_date: '2026-10-01' effective_to_date: '2026-10-06'",
       {"PEOPLE-AFTER-DEATH"}},
      {kStay, "kind: KIND_DEATH effective_from_date: '2026-09-30'", {"PEOPLE-DEATH-ORDER"}},
      {kStay, "kind: KIND_DEATH effective_from_date: '2026-10-05'", {"PEOPLE-DEATH-DURING"}},
      {kStay, "kind: KIND_DEATH effective_from_date: '2026-10-10'", {}},
  };
  for (const BesideCase& one : cases) {
    EXPECT_THAT(Refusals(Record(With({Known(1, one.known)}), one.request).status()),
                ElementsAreArray(one.refused))
        << one.known << "\nbeside " << one.request;
  }
}

TEST(RecordCircumstance, DoesNotCountWhatWasCorrectedOrNeverSo) {
  for (const char* gone : {"superseded_by: 'people/x/circumstances/2'", "recorded_in_error: true"}) {
    const auto facts = With({Known(1, absl::StrCat(kDied, gone)), Known(2, absl::StrCat(kStay, gone))});
    EXPECT_TRUE(Record(facts, "kind: KIND_HOSPITAL effective_from_date: '2026-10-06'").ok()) << gone;
  }
}

CircumstanceFacts Of(v1::Circumstance row, std::vector<v1::Circumstance> others = {}) {
  others.push_back(row);
  CircumstanceFacts facts = With(std::move(others));
  facts.circumstance = std::move(row);
  return facts;
}

TEST(EndCircumstance, RefusesWhatDoesNotEnd) {
  const BesideCase cases[] = {
      {"kind: KIND_HOSPITAL effective_from_date: '2026-10-01'", "effective_to_date: '2026-10-09'", {}},
      {"kind: KIND_HOSPITAL effective_from_date: '2026-10-01'",
       "effective_to_date: '2026-09-30'",
       {"effective_to_date"}},
      {"kind: KIND_HOSPITAL effective_from_date: '2026-10-01'",
       "effective_to_date: '2026-11-23'",
       {"effective_to_date"}},
      {kStay, "effective_to_date: '2026-10-09'", {"PEOPLE-CIRCUMSTANCE-ENDED"}},
      {kDied, "effective_to_date: '2026-10-09'", {"PEOPLE-DEATH-FINAL"}},
      {kMoved, "effective_to_date: '2026-10-09'", {"PEOPLE-MOVE-FINAL"}},
      {"kind: KIND_HOSPITAL effective_from_date: '2026-10-01' recorded_in_error: true",
       "effective_to_date: '2026-10-09'",
       {"PEOPLE-CIRCUMSTANCE-NOT-SO"}},
      {"kind: KIND_HOSPITAL effective_from_date: '2026-10-01' superseded_by: 'people/x/circumstances/2'",
       "effective_to_date: '2026-10-09'",
       {"PEOPLE-CIRCUMSTANCE-CORRECTED"}},
  };
  for (const BesideCase& one : cases) {
    const auto decision =
        EndCircumstance(Of(Known(7, one.known)), Text<v1::EndCircumstanceRequest>(one.request), kToday);
    EXPECT_THAT(Refusals(decision.status()), ElementsAreArray(one.refused)) << one.known << "\n"
                                                                            << one.request;
  }
  const auto late = EndCircumstance(
      Of(Known(7, "kind: KIND_HOSPITAL effective_from_date: '2026-10-01'"), {Known(1, kDied)}),
      Text<v1::EndCircumstanceRequest>("effective_to_date: '2026-10-06'"), kToday);
  EXPECT_THAT(Refusals(late.status()), ElementsAre("PEOPLE-AFTER-DEATH"));
}

absl::StatusOr<CircumstanceDecision> Correct(CircumstanceFacts facts, const std::string& text) {
  const auto request = Text<v1::CorrectCircumstanceRequest>(text);
  facts.by.set_reasons(request.decision().reasons());
  facts.by.set_decision_date(request.decision().decision_date());
  return CorrectCircumstance(std::move(facts), request, kToday);
}

constexpr char kBecause[] = "decision { reasons: 'the certificate says otherwise' }";

TEST(CorrectCircumstance, MovesTheDateOfDeathAndKeepsTheRowBefore) {
  const auto decision =
      Correct(Of(Known(1, kDied)), absl::StrCat("effective_from_date: '2026-10-03' ", kBecause));
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->person.death_date(), "2026-10-03");
  EXPECT_EQ(decision->circumstance.corrects(), decision->superseded.name());
  EXPECT_EQ(decision->superseded.effective_from_date(), "2026-10-05");
  EXPECT_EQ(decision->circumstance.correction().decider(), "staff-1");
  EXPECT_EQ(decision->circumstance.correction().decision_date(), "2026-11-22");
}

TEST(CorrectCircumstance, BringsBackToLifeWhoNeverDied) {
  const auto decision = Correct(Of(Known(1, kDied)), absl::StrCat("recorded_in_error: true ", kBecause));
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->person.death_date(), "");
  EXPECT_FALSE(Stands(decision->circumstance));
  EXPECT_THAT(CircumstancesOn(kToday, {decision->circumstance}), IsEmpty());
}

TEST(CorrectCircumstance, TouchesNoDeathWhereAnotherKindIsCorrected) {
  const auto decision =
      Correct(Of(Known(2, kStay), {Known(1, "kind: KIND_DEATH effective_from_date: '2026-10-20'")}),
              absl::StrCat("effective_from_date: '2026-10-02' ", kBecause));
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->person.death_date(), "2026-10-20");
}

TEST(CorrectCircumstance, Refuses) {
  const BesideCase cases[] = {
      {kStay, "effective_from_date: '2026-10-02'", {"PEOPLE-CORRECT-REASONS"}},
      {kStay,
       "effective_from_date: '2026-10-02' decision { reasons: ' ' decision_date: '2026-11-23' }",
       {"PEOPLE-CORRECT-DATE", "PEOPLE-CORRECT-REASONS"}},
      {kStay, "decision { reasons: 'r' }", {"effective_from_date"}},
      {kStay,
       "recorded_in_error: true effective_from_date: '2026-10-02' effective_to_date: '2026-10-02' "
       "details { } overlap_reasons: 'o' decision { reasons: 'r' }",
       {"effective_from_date", "effective_to_date", "details", "overlap_reasons"}},
      {kStay, "effective_from_date: '2026-11-23' decision { reasons: 'r' }", {"effective_from_date"}},
      {kPrison, "effective_from_date: '2026-10-02' decision { reasons: 'r' }", {"details"}},
      {"kind: KIND_HOSPITAL effective_from_date: '2026-10-01' superseded_by: 'people/x/circumstances/2'",
       "effective_from_date: '2026-10-02' decision { reasons: 'r' }",
       {"PEOPLE-CIRCUMSTANCE-CORRECTED"}},
  };
  for (const BesideCase& one : cases) {
    EXPECT_THAT(Refusals(Correct(Of(Known(7, one.known)), one.request).status()),
                ElementsAreArray(one.refused))
        << one.known << "\n"
        << one.request;
  }
  const auto beside = Correct(Of(Known(7, kDied), {Known(1, kStay)}),
                              absl::StrCat("effective_from_date: '2026-09-01' ", kBecause));
  EXPECT_THAT(Refusals(beside.status()), ElementsAre("PEOPLE-DEATH-ORDER"));
}

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
