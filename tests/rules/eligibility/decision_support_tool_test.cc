// The Decision Support Tool (July 2022) and the fast track: allowed levels, patterns, differing views,
// management.
#include "services/eligibility/rules/decision_support_tool.h"

#include <functional>
#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/eligibility/rules/indication.h"
#include "tests/rules/eligibility/cases.h"

namespace ipb::eligibility {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using Tools = v1::DecisionSupportToolEvidence;

struct Outcome {
  v1::DecisionSupportToolFinding finding;
  std::vector<std::string> refused;
};

Outcome Find(const v1::AssessmentEvidence& evidence) {
  explain::Refusal refusal;
  explain::Trace trace;
  const auto finding = EvaluateDecisionSupportTool(evidence, Policy(), refusal, trace);
  EXPECT_TRUE(finding.ok()) << finding.status();
  return {finding.ok() ? *finding : v1::DecisionSupportToolFinding(), refusal.RuleIds()};
}

Outcome Find(const Tools& tool) {
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_decision_support_tool() = tool;
  return Find(evidence);
}

void Set(v1::CareDomain domain, v1::NeedLevel level, Tools& tool) { DomainOf(domain, tool).set_level(level); }

struct Case {
  const char* name;
  std::function<void(Tools&)> change;
  v1::PrimaryHealthNeedIndication indication;
  const char* pattern;
};

class PatternCases : public testing::TestWithParam<Case> {};

TEST_P(PatternCases, SaysWhatTheGuidanceSays) {
  Tools tool = Tool();
  GetParam().change(tool);
  const Outcome outcome = Find(tool);
  EXPECT_THAT(outcome.refused, IsEmpty());
  EXPECT_EQ(outcome.finding.indication(), GetParam().indication);
  EXPECT_EQ(outcome.finding.pattern(), GetParam().pattern);
}

INSTANTIATE_TEST_SUITE_P(
    July2022, PatternCases,
    testing::Values(
        Case{"NoNeeds", [](auto&) {}, v1::PRIMARY_HEALTH_NEED_INDICATION_NOT_EXPECTED, "D-NONE"},
        Case{"OneLow", [](auto& tool) { Set(v1::CARE_DOMAIN_SKIN, v1::NEED_LEVEL_LOW, tool); },
             v1::PRIMARY_HEALTH_NEED_INDICATION_UNLIKELY, "D-LOW"},
        Case{"OneModerate", [](auto& tool) { Set(v1::CARE_DOMAIN_SKIN, v1::NEED_LEVEL_MODERATE, tool); },
             v1::PRIMARY_HEALTH_NEED_INDICATION_MAY_INDICATE, "D-HIGH-MODERATE"},
        Case{"OneSevere", [](auto& tool) { Set(v1::CARE_DOMAIN_COGNITION, v1::NEED_LEVEL_SEVERE, tool); },
             v1::PRIMARY_HEALTH_NEED_INDICATION_MAY_INDICATE, "D-ONE-SEVERE"},
        Case{"TwoSevere",
             [](auto& tool) {
               Set(v1::CARE_DOMAIN_COGNITION, v1::NEED_LEVEL_SEVERE, tool);
               Set(v1::CARE_DOMAIN_MOBILITY, v1::NEED_LEVEL_SEVERE, tool);
             },
             v1::PRIMARY_HEALTH_NEED_INDICATION_CLEAR, "D-SEVERE"},
        Case{"SevereInTheTwelfthDomainCounts",
             [](auto& tool) {
               Set(v1::CARE_DOMAIN_COGNITION, v1::NEED_LEVEL_SEVERE, tool);
               Set(v1::CARE_DOMAIN_OTHER, v1::NEED_LEVEL_SEVERE, tool);
             },
             v1::PRIMARY_HEALTH_NEED_INDICATION_CLEAR, "D-SEVERE"},
        Case{"OnePriority", [](auto& tool) { Set(v1::CARE_DOMAIN_BEHAVIOUR, v1::NEED_LEVEL_PRIORITY, tool); },
             v1::PRIMARY_HEALTH_NEED_INDICATION_CLEAR, "D-PRIORITY"}),
    [](const auto& info) { return info.param.name; });

// Which levels each domain has: N L M H S P.
struct Levels {
  v1::CareDomain domain;
  const char* allowed;
};

class LevelCases : public testing::TestWithParam<Levels> {};

TEST_P(LevelCases, AllowsTheLevelsOfTheTool) {
  for (int code = v1::NEED_LEVEL_NO_NEEDS; code <= v1::NEED_LEVEL_PRIORITY; ++code) {
    Tools tool = Tool();
    Set(GetParam().domain, static_cast<v1::NeedLevel>(code), tool);
    const bool allowed = std::string(GetParam().allowed).find("?NLMHSP"[code]) != std::string::npos;
    if (allowed) {
      EXPECT_THAT(Find(tool).refused, IsEmpty()) << code;
    } else {
      EXPECT_THAT(Find(tool).refused, ElementsAre("DST-LEVEL-NOT-ALLOWED")) << code;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    July2022, LevelCases,
    testing::Values(Levels{v1::CARE_DOMAIN_BREATHING, "NLMHSP"}, Levels{v1::CARE_DOMAIN_NUTRITION, "NLMHS"},
                    Levels{v1::CARE_DOMAIN_CONTINENCE, "NLMH"}, Levels{v1::CARE_DOMAIN_SKIN, "NLMHS"},
                    Levels{v1::CARE_DOMAIN_MOBILITY, "NLMHS"}, Levels{v1::CARE_DOMAIN_COMMUNICATION, "NLMH"},
                    Levels{v1::CARE_DOMAIN_PSYCHOLOGICAL, "NLMH"}, Levels{v1::CARE_DOMAIN_COGNITION, "NLMHS"},
                    Levels{v1::CARE_DOMAIN_BEHAVIOUR, "NLMHSP"}, Levels{v1::CARE_DOMAIN_MEDICATION, "NLMHSP"},
                    Levels{v1::CARE_DOMAIN_CONSCIOUSNESS, "NLMHP"}, Levels{v1::CARE_DOMAIN_OTHER, "LMHS"}));

// From any levels, raising one domain to its next level never lowers what the pattern says. Fixed seed.
TEST(DecisionSupportTool, AHigherLevelNeverSaysLess) {
  std::mt19937 random(20221);
  for (int round = 0; round < 2000; ++round) {
    Tools tool = Tool();
    for (v1::DomainAssessment& domain : *tool.mutable_domains()) {
      for (const v1::CareDomainRule& rule : Policy().care_domains()) {
        if (rule.domain() != domain.domain()) continue;
        domain.set_level(rule.levels(static_cast<int>(random() % rule.levels_size())));
      }
    }
    const v1::PrimaryHealthNeedIndication before = Find(tool).finding.indication();
    v1::DomainAssessment& raised = *tool.mutable_domains(static_cast<int>(random() % 11));
    for (const v1::CareDomainRule& rule : Policy().care_domains()) {
      if (rule.domain() == raised.domain()) raised.set_level(rule.levels(rule.levels_size() - 1));
    }
    EXPECT_GE(Find(tool).finding.indication(), before) << tool.DebugString();
  }
}

TEST(DecisionSupportTool, CountsTheHigherLevelWhereMembersDiffer) {
  Tools tool = Tool();
  Set(v1::CARE_DOMAIN_COGNITION, v1::NEED_LEVEL_SEVERE, tool);
  v1::DomainAssessment& mobility = DomainOf(v1::CARE_DOMAIN_MOBILITY, tool);
  mobility.set_level(v1::NEED_LEVEL_HIGH);
  EXPECT_EQ(Find(tool).finding.indication(), v1::PRIMARY_HEALTH_NEED_INDICATION_MAY_INDICATE);
  v1::DifferingView* view = mobility.add_differing_views();
  view->set_participant("worker-1");
  view->set_level(v1::NEED_LEVEL_SEVERE);
  view->set_reasons("Transfers are unsafe with two people.");
  EXPECT_EQ(Find(tool).finding.indication(), v1::PRIMARY_HEALTH_NEED_INDICATION_CLEAR);
  view->set_level(v1::NEED_LEVEL_LOW);
  EXPECT_EQ(Find(tool).finding.indication(), v1::PRIMARY_HEALTH_NEED_INDICATION_MAY_INDICATE);
  view->set_participant("somebody-else");
  EXPECT_THAT(Find(tool).refused, ElementsAre("DST-VIEW-OF-STRANGER"));
}

TEST(DecisionSupportTool, CountsAWellManagedNeedAsIfItWereNotManaged) {
  Tools tool = Tool();
  v1::DomainAssessment& behaviour = DomainOf(v1::CARE_DOMAIN_BEHAVIOUR, tool);
  behaviour.set_level(v1::NEED_LEVEL_LOW);
  behaviour.set_well_managed(true);
  EXPECT_THAT(Find(tool).refused, ElementsAre("DST-UNMANAGED-LEVEL"));
  behaviour.set_level_if_unmanaged(v1::NEED_LEVEL_PRIORITY);
  EXPECT_EQ(Find(tool).finding.indication(), v1::PRIMARY_HEALTH_NEED_INDICATION_CLEAR);
  behaviour.set_permanently_reduced(true);
  EXPECT_THAT(Find(tool).refused, ElementsAre("DST-PERMANENTLY-REDUCED"));
  behaviour.set_permanently_reduced_reasons(
      "No incident for two years, and none since support was withdrawn.");
  const Outcome outcome = Find(tool);
  EXPECT_THAT(outcome.refused, IsEmpty());
  EXPECT_EQ(outcome.finding.indication(), v1::PRIMARY_HEALTH_NEED_INDICATION_UNLIKELY);
}

TEST(DecisionSupportTool, WantsEveryDomainButTheTwelfthAndEveryIndicator) {
  Tools tool = Tool();
  tool.mutable_domains()->RemoveLast();
  tool.mutable_domains(0)->set_domain(v1::CARE_DOMAIN_SKIN);
  tool.mutable_indicators(3)->clear_narrative();
  EXPECT_THAT(Find(tool).refused, ElementsAre("DST-DOMAIN-TWICE", "DST-DOMAIN-MISSING", "DST-INDICATOR"));
}

TEST(DecisionSupportTool, WantsATeam) {
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_decision_support_tool() = Tool();
  evidence.mutable_participants()->RemoveLast();
  EXPECT_THAT(Find(evidence).refused, IsEmpty()) << "two healthcare professions";
  evidence.mutable_participants(1)->set_profession("registered_nurse");
  EXPECT_THAT(Find(evidence).refused, ElementsAre("DST-TEAM")) << "two of one profession";
  evidence.mutable_participants(1)->set_capacity(v1::AssessmentParticipant::CAPACITY_COUNCIL_ASSESSOR);
  EXPECT_THAT(Find(evidence).refused, IsEmpty()) << "one and an assessor of the council";
  evidence.mutable_participants(0)->set_capacity(v1::AssessmentParticipant::CAPACITY_COUNCIL_ASSESSOR);
  EXPECT_THAT(Find(evidence).refused, ElementsAre("DST-TEAM")) << "nobody from health";
}

TEST(DecisionSupportTool, SaysLevelsToTheNhsOnly) {
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_decision_support_tool() = Tool();
  explain::Refusal refusal;
  explain::Trace trace;
  ASSERT_TRUE(EvaluateDecisionSupportTool(evidence, Policy(), refusal, trace).ok());
  const v1::Explanation explanation = trace.Render("test", "test");
  for (const v1::ExplanationStep& step : explanation.steps()) {
    const bool clinical = step.rule_id() == "DST-DOMAIN" || step.rule_id() == "DST-PATTERN";
    EXPECT_EQ(step.purpose(), clinical ? v1::PURPOSE_HEALTH : v1::PURPOSE_COMMON) << step.rule_id();
  }
}

void Say(const std::string& participant, Tools& tool) {
  v1::MemberRationale* rationale = tool.add_rationales();
  rationale->set_participant(participant);
  rationale->set_outcome(v1::ELIGIBILITY_OUTCOME_NOT_ELIGIBLE);
  rationale->set_rationale("The needs are met by what is in place.");
}

TEST(DecisionSupportTool, RecordsTheRationaleOfEachMemberWhoDoesNotAgree) {
  v1::AssessmentEvidence evidence = JointEvidence();
  v1::AssessmentParticipant* manager = evidence.add_participants();
  manager->set_reference("manager-1");
  manager->set_capacity(v1::AssessmentParticipant::CAPACITY_OTHER);
  Tools& tool = *evidence.mutable_decision_support_tool();
  tool = Tool();
  tool.set_no_agreement(true);
  EXPECT_THAT(Find(evidence).refused, ElementsAre("DST-RATIONALE"));
  Say("nurse-1", tool);
  Say("therapist-1", tool);
  EXPECT_THAT(Find(evidence).refused, ElementsAre("DST-RATIONALE")) << "the social worker is not heard";
  Say("worker-1", tool);
  EXPECT_THAT(Find(evidence).refused, IsEmpty()) << "a provider's manager is no member";
  EXPECT_TRUE(Find(evidence).finding.no_agreement());
  Say("worker-1", tool);
  EXPECT_THAT(Find(evidence).refused, ElementsAre("DST-RATIONALE")) << "heard twice";
  tool.mutable_rationales()->RemoveLast();
  Say("manager-1", tool);
  EXPECT_THAT(Find(evidence).refused, ElementsAre("DST-RATIONALE-NOT-ASKED"));
  tool.mutable_rationales()->RemoveLast();
  Say("nobody", tool);
  EXPECT_THAT(Find(evidence).refused, ElementsAre("DST-RATIONALE-NOT-ASKED"));
  tool.mutable_rationales()->RemoveLast();
  tool.set_no_agreement(false);
  EXPECT_THAT(Find(evidence).refused, ElementsAre("DST-RATIONALE-NOT-ASKED")) << "they agreed";
}

TEST(DecisionSupportTool, IsForJudgementWhereTheTeamDoesNotAgree) {
  v1::AssessmentEvidence evidence = JointEvidence();
  Tools& tool = *evidence.mutable_decision_support_tool();
  tool = Tool();
  EXPECT_EQ(*Indication(v1::ELIGIBILITY_REGIME_CHC, Complete(evidence, AssessmentName(1))),
            v1::ELIGIBILITY_INDICATION_NOT_ELIGIBLE);
  tool.set_no_agreement(true);
  for (const char* member : {"nurse-1", "therapist-1", "worker-1"}) Say(member, tool);
  EXPECT_EQ(*Indication(v1::ELIGIBILITY_REGIME_CHC, Complete(evidence, AssessmentName(1))),
            v1::ELIGIBILITY_INDICATION_JUDGEMENT);
}

TEST(FastTrack, BindsWhenCompletedByAnAppropriateClinician) {
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_fast_track() = FastTrack();
  explain::Refusal refusal;
  explain::Trace trace;
  EXPECT_TRUE(EvaluateFastTrack(evidence, refusal, trace));
  EXPECT_TRUE(refusal.empty());
}

TEST(FastTrack, IsNoneWithoutClinicianOrCondition) {
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_fast_track() = FastTrack();
  evidence.mutable_fast_track()->set_clinician("worker-1");
  evidence.mutable_fast_track()->set_rapidly_deteriorating(false);
  explain::Refusal refusal;
  explain::Trace trace;
  EXPECT_FALSE(EvaluateFastTrack(evidence, refusal, trace));
  EXPECT_THAT(refusal.RuleIds(), ElementsAre("FAST-TRACK-CLINICIAN", "FAST-TRACK-CONDITION"));
}

}  // namespace
}  // namespace ipb::eligibility
