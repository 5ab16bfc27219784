// The NHS Continuing Healthcare Checklist (July 2022): thresholds at their boundaries, and over every set of
// scores.
#include "services/eligibility/rules/checklist.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/rules/eligibility/cases.h"

namespace ipb::eligibility {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Finding = v1::ChecklistFinding;

Finding Find(const v1::ChecklistEvidence& evidence, std::vector<std::string>* refused = nullptr) {
  explain::Refusal refusal;
  explain::Trace trace;
  const auto finding = EvaluateChecklist(evidence, Policy(), refusal, trace);
  EXPECT_TRUE(finding.ok()) << finding.status();
  if (refused != nullptr) *refused = refusal.RuleIds();
  return finding.ok() ? *finding : Finding();
}

struct Case {
  const char* name;
  int a;
  int b;
  bool positive;
};

class ChecklistCases : public testing::TestWithParam<Case> {};

TEST_P(ChecklistCases, MeetsTheThresholds) {
  const Finding finding = Find(Checklist(GetParam().a, GetParam().b));
  EXPECT_EQ(finding.result(), GetParam().positive ? Finding::RESULT_POSITIVE : Finding::RESULT_NEGATIVE);
}

INSTANTIATE_TEST_SUITE_P(July2022, ChecklistCases,
                         testing::Values(Case{"AllC", 0, 0, false}, Case{"OneA", 1, 0, false},
                                         Case{"TwoA", 2, 0, true}, Case{"FourB", 0, 4, false},
                                         Case{"FiveB", 0, 5, true}, Case{"OneAThreeB", 1, 3, false},
                                         Case{"OneAFourB", 1, 4, true}, Case{"SevenA", 7, 0, true}),
                         [](const auto& info) { return info.param.name; });

class AsteriskCases : public testing::TestWithParam<v1::CareDomain> {};

TEST_P(AsteriskCases, OneAIsEnough) {
  v1::ChecklistEvidence evidence = Checklist(0, 0);
  for (v1::ChecklistDomain& domain : *evidence.mutable_domains()) {
    if (domain.domain() == GetParam()) domain.set_score(v1::CHECKLIST_SCORE_A);
  }
  const Finding finding = Find(evidence);
  EXPECT_EQ(finding.result(), Finding::RESULT_POSITIVE);
  EXPECT_THAT(finding.thresholds_met(), ElementsAre("K-ASTERISK"));
}

INSTANTIATE_TEST_SUITE_P(PriorityDomains, AsteriskCases,
                         testing::Values(v1::CARE_DOMAIN_BREATHING, v1::CARE_DOMAIN_BEHAVIOUR,
                                         v1::CARE_DOMAIN_MEDICATION, v1::CARE_DOMAIN_CONSCIOUSNESS));

TEST(ChecklistTool, AHigherScoreNeverMakesItNegative) {
  constexpr int kDomains = 11;
  constexpr int kSets = 177147;  // 3 to the power of 11
  v1::ChecklistEvidence evidence = Checklist(0, 0);
  std::vector<bool> positive(kSets);
  for (int set = 0; set < kSets; ++set) {
    int place = 1;
    for (int i = 0; i < kDomains; ++i, place *= 3) {
      evidence.mutable_domains(i)->set_score(static_cast<v1::ChecklistScore>(3 - set / place % 3));
    }
    positive[set] = Find(evidence).result() == Finding::RESULT_POSITIVE;
    place = 1;
    for (int i = 0; i < kDomains; ++i, place *= 3) {
      if (set / place % 3 == 0) continue;
      ASSERT_LE(positive[set - place], positive[set]) << set;
    }
  }
}

TEST(ChecklistTool, JudgementRefersBelowTheThresholdWithReasonsOnly) {
  v1::ChecklistEvidence evidence = Checklist(1, 0);
  evidence.set_positive_by_judgement(true);
  std::vector<std::string> refused;
  Find(evidence, &refused);
  EXPECT_THAT(refused, ElementsAre("CHECKLIST-JUDGEMENT-REASONS"));
  evidence.set_judgement_reasons("Several needs interact.");
  EXPECT_EQ(Find(evidence, &refused).result(), Finding::RESULT_POSITIVE_BY_JUDGEMENT);
  EXPECT_THAT(refused, IsEmpty());
}

TEST(ChecklistTool, WantsEachOfItsElevenDomainsOnce) {
  v1::ChecklistEvidence evidence = Checklist(0, 0);
  evidence.mutable_domains(0)->set_domain(v1::CARE_DOMAIN_NUTRITION);
  v1::ChecklistDomain* other = evidence.add_domains();
  other->set_domain(v1::CARE_DOMAIN_OTHER);
  other->set_score(v1::CHECKLIST_SCORE_A);
  std::vector<std::string> refused;
  Find(evidence, &refused);
  EXPECT_THAT(refused,
              ElementsAre("CHECKLIST-DOMAIN-UNKNOWN", "CHECKLIST-DOMAIN-TWICE", "CHECKLIST-DOMAIN-MISSING"));
}

TEST(ChecklistTool, KeepsScoresFromCouncilsAndTellsThemTheResult) {
  explain::Refusal refusal;
  explain::Trace trace;
  ASSERT_TRUE(EvaluateChecklist(Checklist(2, 0), Policy(), refusal, trace).ok());
  const v1::Explanation explanation = trace.Render("test", "test");
  ASSERT_EQ(explanation.steps_size(), 3);
  EXPECT_EQ(explanation.steps(0).purpose(), v1::PURPOSE_HEALTH);
  EXPECT_EQ(explanation.steps(1).purpose(), v1::PURPOSE_HEALTH);
  EXPECT_EQ(explanation.steps(2).purpose(), v1::PURPOSE_COMMON);
}

std::vector<std::string> Waive(v1::ChecklistWaiver waiver, bool fast_track, bool after_care, bool checklist,
                               const std::string& date = "2026-11-02") {
  v1::AssessmentEvidence evidence;
  evidence.set_assessment_date(date);
  evidence.set_checklist_waiver(waiver);
  if (fast_track) *evidence.mutable_fast_track() = FastTrack();
  if (after_care) *evidence.mutable_after_care() = AfterCare();
  if (checklist) *evidence.mutable_checklist() = Checklist(0, 0);
  explain::Refusal refusal;
  explain::Trace trace;
  CheckWaiver(evidence, Policy(), refusal, trace);
  EXPECT_EQ(trace.empty(), waiver == v1::CHECKLIST_WAIVER_UNSPECIFIED);
  return refusal.RuleIds();
}

TEST(ChecklistWaiver, IsForAReasonThatTheAssessmentShows) {
  EXPECT_THAT(Waive(v1::CHECKLIST_WAIVER_UNSPECIFIED, false, false, true), IsEmpty());
  EXPECT_THAT(Waive(v1::CHECKLIST_WAIVER_AGREED, false, false, false), IsEmpty());
  EXPECT_THAT(Waive(v1::CHECKLIST_WAIVER_AGREED, false, false, true), ElementsAre("CHECKLIST-WAIVER"));
  EXPECT_THAT(Waive(v1::CHECKLIST_WAIVER_FAST_TRACK, true, false, false), IsEmpty());
  EXPECT_THAT(Waive(v1::CHECKLIST_WAIVER_FAST_TRACK, false, true, false), ElementsAre("CHECKLIST-WAIVER"));
  EXPECT_THAT(Waive(v1::CHECKLIST_WAIVER_AFTER_CARE, false, true, false), IsEmpty());
  EXPECT_THAT(Waive(v1::CHECKLIST_WAIVER_AFTER_CARE, true, false, false), ElementsAre("CHECKLIST-WAIVER"));
  EXPECT_THAT(Waive(v1::CHECKLIST_WAIVER_AGREED, false, false, false, "2022-06-30"),
              ElementsAre("CHECKLIST-WAIVER"))
      << "before the framework";
}

TEST(ChecklistTool, HasNoRowsForTheToolsBeforeJuly2022) {
  v1::ChecklistEvidence evidence = Checklist(2, 0);
  evidence.set_completed_date("2022-06-30");
  explain::Refusal refusal;
  explain::Trace trace;
  EXPECT_THAT(Refusals(EvaluateChecklist(evidence, Policy(), refusal, trace).status()),
              ElementsAre("NO_RATE"));
}

}  // namespace
}  // namespace ipb::eligibility
