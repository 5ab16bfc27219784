// Financial assessments hold from a day and follow one another.
#include "services/allocation/rules/assessment.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "tests/rules/allocation/fixtures.h"

namespace ipb::allocation {
namespace {

const absl::CivilDay kToday(2025, 9, 1);

AssessmentDecision Record(const std::string& name, const std::string& from, int64_t income_pence,
                          std::vector<v1::FinancialAssessment> before) {
  v1::RecordFinancialAssessmentRequest request;
  request.set_effective_from_date(from);
  *request.mutable_facts() = Single("1980-01-01");
  AddIncome(*request.mutable_facts(), v1::INCOME_KIND_OTHER, income_pence);
  const AssessmentFacts facts = {name, PanelDecision("2025-09-01"), std::move(before)};
  auto decision = DecideFinancialAssessment(facts, request, {National(), {}}, kToday);
  EXPECT_TRUE(decision.ok()) << decision.status();
  return decision.ok() ? *std::move(decision) : AssessmentDecision();
}

const v1::FinancialAssessment* On(const std::vector<v1::FinancialAssessment>& all, const char* day) {
  return AssessmentInEffect(all, kCouncil, dates::Checked(day));
}

TEST(Assessment, RecordsWhatWasFoundAndWho) {
  const AssessmentDecision decision = Record("a/1", "2025-06-01", 20000, {});
  EXPECT_EQ(decision.assessment.result().maximum_weekly_pence(), 20000 - 11250);
  EXPECT_EQ(decision.assessment.organisation(), kCouncil);
  EXPECT_EQ(decision.assessment.decision().decider(), "p-17");
  EXPECT_TRUE(decision.changed.empty());
  EXPECT_FALSE(decision.trace.empty());
}

TEST(Assessment, ArrivingLateEqualsArrivingOnTime) {
  const v1::FinancialAssessment june = Record("a/1", "2025-06-01", 20000, {}).assessment;
  const AssessmentDecision august = Record("a/2", "2025-08-01", 21000, {june});
  ASSERT_EQ(august.changed.size(), 1u);
  const AssessmentDecision july = Record("a/3", "2025-07-01", 22000, {august.changed[0], august.assessment});
  ASSERT_EQ(july.changed.size(), 1u);
  const std::vector<v1::FinancialAssessment> all = {july.changed[0], august.assessment, july.assessment};
  EXPECT_EQ(On(all, "2025-05-31"), nullptr);
  EXPECT_EQ(On(all, "2025-06-30")->name(), "a/1");
  EXPECT_EQ(On(all, "2025-07-31")->name(), "a/3");
  EXPECT_EQ(On(all, "2025-08-01")->name(), "a/2");
  EXPECT_EQ(july.assessment.superseded_by(), "a/2") << "it is followed by who followed the one before";
  const AssessmentDecision may = Record("a/4", "2025-05-01", 22000, all);
  EXPECT_TRUE(may.changed.empty());
  EXPECT_EQ(may.assessment.effective_to_date(), "2025-05-31");
}

TEST(Assessment, ACorrectionReplacesTheWholePeriod) {
  const v1::FinancialAssessment wrong = Record("a/1", "2025-06-01", 20000, {}).assessment;
  const AssessmentDecision right = Record("a/2", "2025-06-01", 15000, {wrong});
  const std::vector<v1::FinancialAssessment> all = {right.changed[0], right.assessment};
  EXPECT_EQ(all[0].superseded_by(), "a/2");
  EXPECT_EQ(On(all, "2025-06-01")->name(), "a/2");
}

v1::FinancialAssessment Kept(const std::string& name, const char* organisation, const std::string& from,
                             const std::string& to) {
  v1::FinancialAssessment assessment;
  assessment.set_name(name);
  assessment.set_organisation(organisation);
  assessment.set_effective_from_date(from);
  assessment.set_effective_to_date(to);
  return assessment;
}

// Between what has ended and the next that holds: another council's, and one that was corrected, are none of
// these.
TEST(Assessment, ArrivingBetweenOthersEndsBeforeTheNext) {
  const std::vector<v1::FinancialAssessment> known = {
      Kept("a/1", kCouncil, "2025-01-01", "2025-03-31"), Kept("a/2", "E10000028", "2025-06-15", ""),
      Kept("a/3", kCouncil, "2025-07-01", "2025-06-30"), Kept("a/4", kCouncil, "2025-10-01", ""),
      Kept("a/5", kCouncil, "2025-08-01", "2025-09-30"), Kept("a/6", kCouncil, "2025-11-01", "2025-11-30")};
  const AssessmentDecision june = Record("a/7", "2025-06-01", 20000, known);
  EXPECT_TRUE(june.changed.empty());
  EXPECT_EQ(june.assessment.effective_to_date(), "2025-07-31");
  EXPECT_EQ(june.assessment.superseded_by(), "a/5");
}

TEST(Assessment, NeedsTheRatesOfItsFirstDay) {
  v1::RecordFinancialAssessmentRequest request;
  request.set_effective_from_date("2014-06-01");
  *request.mutable_facts() = Single("1980-01-01");
  const AssessmentFacts facts = {"a/1", PanelDecision("2025-09-01"), {}};
  EXPECT_EQ(errors::ReasonOf(DecideFinancialAssessment(facts, request, {National(), {}}, kToday).status()),
            v1::ERROR_REASON_NO_RATE);
}

TEST(Assessment, IsNotDecidedInTheFuture) {
  v1::RecordFinancialAssessmentRequest request;
  request.set_effective_from_date("2025-06-01");
  const AssessmentFacts facts = {"a/1", PanelDecision("2025-09-02"), {}};
  EXPECT_EQ(errors::ReasonOf(DecideFinancialAssessment(facts, request, {National(), {}}, kToday).status()),
            v1::ERROR_REASON_INVALID_FIELD);
}

// Everything that is recorded is known from then on, with the periods that it made of those before.
TEST(Assessment, IsKnownAsItStoodAtEachInstant) {
  const char* const kFirstDays[] = {"2025-06-01", "2025-08-01", "2025-07-01", "2025-07-01", "2025-05-01"};
  std::vector<v1::FinancialAssessment> all;
  std::vector<std::vector<v1::FinancialAssessment>> stood;
  for (int i = 0; i < 5; ++i) {
    AssessmentDecision decision = Record(absl::StrCat("a/", i + 1), kFirstDays[i], 20000, all);
    decision.assessment.mutable_recorded_time()->set_seconds(100 * (i + 1));
    all = After(decision, std::move(all));
    stood.push_back(all);
  }
  EXPECT_TRUE(AsKnown(all, absl::FromUnixSeconds(99)).empty());
  for (int i = 0; i < 5; ++i) {
    const std::vector<v1::FinancialAssessment> known =
        AsKnown(all, absl::FromUnixSeconds(100 * (i + 1) + 50));
    ASSERT_EQ(known.size(), stood[i].size());
    for (size_t at = 0; at < known.size(); ++at) {
      EXPECT_EQ(known[at].SerializeAsString(), stood[i][at].SerializeAsString()) << i << " " << at;
    }
  }
  EXPECT_EQ(AsKnown(all, absl::FromUnixSeconds(500)).size(), 5u) << "of the very instant on";
}

}  // namespace
}  // namespace ipb::allocation
