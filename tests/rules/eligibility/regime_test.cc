// What tells the regimes apart: each is of one kind of body, for adults, for children or for both, and is
// reassessed by its own part.
#include "services/eligibility/rules/regime.h"

#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/rules/eligibility/cases.h"

namespace ipb::eligibility {
namespace {

TEST(Regimes, AreReassessedByTheirOwnPart) {
  const std::map<v1::EligibilityRegime, std::set<std::string>> parts = {
      {v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT, {"care_act"}},
      {v1::ELIGIBILITY_REGIME_CARE_ACT_CARER, {"carer"}},
      {v1::ELIGIBILITY_REGIME_CHC, {"checklist", "decision_support_tool"}},
      {v1::ELIGIBILITY_REGIME_CHILDRENS_CONTINUING_CARE, {"childrens_continuing_care"}},
      {v1::ELIGIBILITY_REGIME_NURSING_CARE, {"nursing_care"}},
      {v1::ELIGIBILITY_REGIME_SECTION_117, {"after_care"}},
      {v1::ELIGIBILITY_REGIME_WHEELCHAIR, {"wheelchair"}},
  };
  const auto* descriptor = v1::AssessmentEvidence::descriptor();
  for (int code = 1; code < v1::EligibilityRegime_ARRAYSIZE; ++code) {
    const auto regime = static_cast<v1::EligibilityRegime>(code);
    std::set<std::string> found;
    for (int i = 0; i < descriptor->field_count(); ++i) {
      const auto* field = descriptor->field(i);
      if (field->message_type() == nullptr || field->is_repeated()) continue;
      v1::AssessmentEvidence evidence = JointEvidence();
      evidence.GetReflection()->MutableMessage(&evidence, field);
      if (HasPartFor(regime, evidence)) found.insert(field->name());
    }
    const auto expected = parts.find(regime);
    if (expected != parts.end()) {
      EXPECT_EQ(found, expected->second) << v1::EligibilityRegime_Name(regime);
    } else {
      EXPECT_EQ(regime, v1::ELIGIBILITY_REGIME_DISCRETIONARY_PHB) << "a regime without a part of its own";
    }
  }
}

TEST(Regimes, AreTheOnesThatEvidenceHasAPartFor) {
  const std::map<std::string, v1::EligibilityRegime> regimes = {
      {"care_act", v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT},
      {"carer", v1::ELIGIBILITY_REGIME_CARE_ACT_CARER},
      {"checklist", v1::ELIGIBILITY_REGIME_CHC},
      {"decision_support_tool", v1::ELIGIBILITY_REGIME_CHC},
      {"fast_track", v1::ELIGIBILITY_REGIME_CHC},
      {"childrens_continuing_care", v1::ELIGIBILITY_REGIME_CHILDRENS_CONTINUING_CARE},
      {"childrens_fast_track", v1::ELIGIBILITY_REGIME_CHILDRENS_CONTINUING_CARE},
      {"nursing_care", v1::ELIGIBILITY_REGIME_NURSING_CARE},
      {"after_care", v1::ELIGIBILITY_REGIME_SECTION_117},
      {"wheelchair", v1::ELIGIBILITY_REGIME_WHEELCHAIR},
      {"discretionary_budget", v1::ELIGIBILITY_REGIME_DISCRETIONARY_PHB},
  };
  const auto* descriptor = v1::AssessmentEvidence::descriptor();
  v1::AssessmentEvidence whole;
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const auto* field = descriptor->field(i);
    if (field->message_type() == nullptr || field->is_repeated()) continue;
    v1::AssessmentEvidence evidence = JointEvidence();
    evidence.GetReflection()->MutableMessage(&evidence, field);
    whole.GetReflection()->MutableMessage(&whole, field);
    ASSERT_EQ(regimes.count(field->name()), 1) << field->name() << " is of no regime";
    EXPECT_THAT(RegimesOf(evidence), testing::ElementsAre(regimes.at(field->name()))) << field->name();
  }
  EXPECT_EQ(RegimesOf(whole).size(), static_cast<size_t>(v1::EligibilityRegime_ARRAYSIZE - 1)) << "each once";
  EXPECT_THAT(RegimesOf(JointEvidence()), testing::IsEmpty());
}

TEST(Regimes, AreTheOnesUnderWhichRequestsAreAnswered) {
  const std::set<int> of_none = {v1::SupportRequest::KIND_UNSPECIFIED,
                                 v1::SupportRequest::KIND_PERSONAL_HEALTH_BUDGET,
                                 v1::SupportRequest::KIND_DIRECT_PAYMENT, v1::SupportRequest::KIND_URGENT,
                                 v1::SupportRequest::KIND_BUDGET_REVIEW};
  std::set<v1::EligibilityRegime> found;
  for (int code = 0; code < v1::SupportRequest::Kind_ARRAYSIZE; ++code) {
    const auto regime = RegimeOf(static_cast<v1::SupportRequest::Kind>(code));
    EXPECT_EQ(regime == v1::ELIGIBILITY_REGIME_UNSPECIFIED, of_none.count(code) == 1)
        << v1::SupportRequest::Kind_Name(code);
    found.insert(regime);
  }
  EXPECT_EQ(found.size(), static_cast<size_t>(v1::EligibilityRegime_ARRAYSIZE)) << "and each regime has one";
}

TEST(Regimes, AreForAdultsForChildrenOrForBoth) {
  for (int code = 1; code < v1::EligibilityRegime_ARRAYSIZE; ++code) {
    const auto regime = static_cast<v1::EligibilityRegime>(code);
    EXPECT_FALSE(IsForAdults(regime) && IsForChildren(regime)) << v1::EligibilityRegime_Name(regime);
    EXPECT_TRUE(!IsOfCouncil(regime) || IsForAdults(regime)) << v1::EligibilityRegime_Name(regime);
  }
  EXPECT_TRUE(IsForAdults(v1::ELIGIBILITY_REGIME_CHC));
  EXPECT_TRUE(IsForAdults(v1::ELIGIBILITY_REGIME_NURSING_CARE));
  EXPECT_TRUE(IsForChildren(v1::ELIGIBILITY_REGIME_CHILDRENS_CONTINUING_CARE));
  EXPECT_FALSE(IsForAdults(v1::ELIGIBILITY_REGIME_SECTION_117)) << "after-care knows no age";
}

}  // namespace
}  // namespace ipb::eligibility
