#include "tests/rules/eligibility/case_facts.h"

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "tests/rules/eligibility/cases.h"

namespace ipb::eligibility {
namespace {

using google::protobuf::RepeatedPtrField;

constexpr char kScores[] = "ABC";
constexpr char kLevels[] = "NLMHSP";
constexpr char kLeftOut = '-';

// The place of a letter among those of a tool, from 1; a letter that the tool does not have fails the test.
int Code(char letter, const char* letters) {
  const char* found = std::strchr(letters, letter);
  EXPECT_NE(found, nullptr) << letter << " is none of " << letters;
  return found == nullptr ? 0 : static_cast<int>(found - letters) + 1;
}

v1::CareActEvidence UnableTo(const cases::v1::Evidence& given) {
  v1::CareActEvidence evidence = CareAct(0);
  evidence.set_needs_from_impairment(!given.not_from_impairment());
  evidence.set_significant_impact(!given.without_significant_impact());
  for (const int outcome : given.unable()) {
    v1::OutcomeRecord* record = evidence.mutable_outcomes(outcome - 1);
    record->set_typical(v1::ACHIEVEMENT_UNABLE);
    record->add_meanings(v1::UNABLE_MEANING_NEEDS_ASSISTANCE);
  }
  return evidence;
}

v1::ChecklistEvidence Scored(const std::string& scores, const std::string& date) {
  v1::ChecklistEvidence evidence;
  evidence.set_completed_date(date);
  for (size_t i = 0; i < scores.size(); ++i) {
    if (scores[i] == kLeftOut) continue;
    v1::ChecklistDomain* domain = evidence.add_domains();
    domain->set_domain(static_cast<v1::CareDomain>(i + 1));
    domain->set_score(static_cast<v1::ChecklistScore>(Code(scores[i], kScores)));
  }
  return evidence;
}

v1::DecisionSupportToolEvidence Levelled(const std::string& levels, const std::string& date) {
  v1::DecisionSupportToolEvidence tool = Tool();
  tool.set_completed_date(date);
  tool.clear_domains();
  for (size_t i = 0; i < levels.size(); ++i) {
    if (levels[i] == kLeftOut) continue;
    v1::DomainAssessment* domain = tool.add_domains();
    domain->set_domain(static_cast<v1::CareDomain>(i + 1));
    domain->set_level(static_cast<v1::NeedLevel>(Code(levels[i], kLevels)));
  }
  return tool;
}

v1::CarerEvidence CarerUnableTo(const cases::v1::Evidence& given) {
  v1::CarerEvidence evidence = Carer(0);
  for (const int outcome : given.carer_unable()) {
    v1::CarerOutcomeRecord* record = evidence.mutable_outcomes(outcome - 1);
    record->set_typical(v1::ACHIEVEMENT_UNABLE);
    record->add_meanings(v1::CARER_UNABLE_MEANING_NEEDS_ASSISTANCE);
  }
  return evidence;
}

v1::ChildrensContinuingCareEvidence ChildLevelled(const std::string& levels, const std::string& date) {
  v1::ChildrensContinuingCareEvidence tool = ChildrensTool();
  tool.set_completed_date(date);
  tool.clear_domains();
  for (size_t i = 0; i < levels.size(); ++i) {
    if (levels[i] == kLeftOut) continue;
    v1::ChildDomainAssessment* domain = tool.add_domains();
    domain->set_domain(static_cast<v1::ChildCareDomain>(i + 1));
    domain->set_level(static_cast<v1::NeedLevel>(Code(levels[i], kLevels)));
  }
  return tool;
}

// Takes out of the short form what the full one says again, so that the full one replaces it.
template <typename Row, typename Key>
void Replace(RepeatedPtrField<Row>& rows, const RepeatedPtrField<Row>& replacing, Key key) {
  for (int i = rows.size() - 1; i >= 0; --i) {
    for (const Row& row : replacing) {
      if (key(row) != key(rows.Get(i))) continue;
      rows.DeleteSubrange(i, 1);
      break;
    }
  }
}

std::string Or(const std::string& given, const char* ordinary) { return given.empty() ? ordinary : given; }

}  // namespace

v1::AssessmentEvidence EvidenceOf(const cases::v1::Evidence& given) {
  v1::AssessmentEvidence evidence = JointEvidence();
  const std::string date = Or(given.assessment_date(), "2026-11-02");
  evidence.set_assessment_date(date);
  if (!given.unable().empty()) *evidence.mutable_care_act() = UnableTo(given);
  if (!given.checklist().empty()) *evidence.mutable_checklist() = Scored(given.checklist(), date);
  if (!given.decision_support_tool().empty()) {
    *evidence.mutable_decision_support_tool() = Levelled(given.decision_support_tool(), date);
    if (given.not_involved()) evidence.mutable_decision_support_tool()->clear_involvement();
  }
  if (given.fast_track()) {
    *evidence.mutable_fast_track() = FastTrack();
    evidence.mutable_fast_track()->set_received_date(date);
  }
  if (given.carer()) *evidence.mutable_carer() = CarerUnableTo(given);
  if (!given.childrens_tool().empty()) {
    *evidence.mutable_childrens_continuing_care() = ChildLevelled(given.childrens_tool(), date);
  }
  if (given.nursing_care()) {
    *evidence.mutable_nursing_care() = NursingCare();
    evidence.mutable_nursing_care()->set_assessed_date(date);
  }
  if (given.after_care()) *evidence.mutable_after_care() = AfterCare();
  if (given.nobody_took_part()) evidence.clear_participants();
  if (given.childrens_fast_track()) {
    *evidence.mutable_childrens_fast_track() = ChildrensFastTrack();
    evidence.mutable_childrens_fast_track()->set_received_date(date);
  }
  const v1::AssessmentEvidence& full = given.in_full();
  Replace(*evidence.mutable_participants(), full.participants(),
          [](const auto& row) { return row.reference(); });
  if (evidence.has_care_act()) {
    Replace(*evidence.mutable_care_act()->mutable_outcomes(), full.care_act().outcomes(),
            [](const auto& row) { return row.outcome(); });
    if (!full.care_act().well_being_areas().empty()) evidence.mutable_care_act()->clear_well_being_areas();
  }
  if (evidence.has_checklist()) {
    Replace(*evidence.mutable_checklist()->mutable_domains(), full.checklist().domains(),
            [](const auto& row) { return row.domain(); });
  }
  if (evidence.has_decision_support_tool()) {
    v1::DecisionSupportToolEvidence& tool = *evidence.mutable_decision_support_tool();
    Replace(*tool.mutable_domains(), full.decision_support_tool().domains(),
            [](const auto& row) { return row.domain(); });
    Replace(*tool.mutable_indicators(), full.decision_support_tool().indicators(),
            [](const auto& row) { return row.indicator(); });
  }
  if (evidence.has_carer()) {
    Replace(*evidence.mutable_carer()->mutable_outcomes(), full.carer().outcomes(),
            [](const auto& row) { return row.outcome(); });
  }
  evidence.MergeFrom(full);
  return evidence;
}

v1::EligibilityPolicy PolicyOf(const cases::v1::EligibilityCase& given) {
  v1::EligibilityPolicy policy = Policy();
  std::vector<const google::protobuf::FieldDescriptor*> lists;
  given.rows().GetReflection()->ListFields(given.rows(), &lists);
  for (const google::protobuf::FieldDescriptor* list : lists)
    policy.GetReflection()->ClearField(&policy, list);
  policy.MergeFrom(given.rows());
  return policy;
}

DeterminationFacts FactsOf(const cases::v1::Standing& standing, const v1::EligibilityPolicy& policy) {
  DeterminationFacts facts;
  facts.person = Adult();
  facts.person.MergeFrom(standing.person());
  facts.caller_kind =
      standing.caller_kind() == v1::CALLER_KIND_UNSPECIFIED ? v1::CALLER_KIND_NHS : standing.caller_kind();
  const bool council = facts.caller_kind == v1::CALLER_KIND_COUNCIL;
  facts.by = By(council ? kCouncil : kIcb, "decider-1");
  facts.by.MergeFrom(standing.by());
  if (standing.nobody_named()) facts.by.Clear();
  for (int i = 0; i < standing.assessments_size(); ++i) {
    facts.assessments.push_back(Complete(EvidenceOf(standing.assessments(i)), AssessmentName(i + 1), policy));
    if (standing.assessments(i).draft()) facts.assessments.back().set_state(v1::Assessment::STATE_DRAFT);
  }
  for (int i = 0; i < standing.others_size(); ++i) {
    facts.others.push_back(standing.others(i));
    facts.others.back().set_name(DeterminationName(i + 1));
  }
  facts.request = standing.request();
  for (const cases::v1::Succession& one : standing.successions()) {
    facts.successions.push_back({one.successor(), one.predecessor()});
  }
  return facts;
}

}  // namespace ipb::eligibility
