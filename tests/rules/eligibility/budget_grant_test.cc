// SI 2012/2996 reg 32B(4): granted save to the extent that it is not appropriate, refused with reasons,
// reviewed by another person.
#include "services/eligibility/rules/budget_grant.h"

#include <functional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/rules/eligibility/cases.h"

namespace ipb::eligibility {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Grant = v1::BudgetGrant;

constexpr v1::EligibilityOutcome kYes = v1::ELIGIBILITY_OUTCOME_ELIGIBLE;

DeterminationFacts Facts(v1::EligibilityRegime regime = v1::ELIGIBILITY_REGIME_CHC) {
  DeterminationFacts facts;
  facts.caller_kind = v1::CALLER_KIND_NHS;
  facts.by = By(kIcb, "manager-1", "Only the regional service can maintain the ventilator.");
  facts.determination = Decided(DeterminationName(1), regime, kYes, kIcb);
  return facts;
}

// A grant of that extent, with everything that it needs.
v1::RecordBudgetGrantRequest Granting(Grant::Extent extent) {
  v1::RecordBudgetGrantRequest request;
  Grant& grant = *request.mutable_grant();
  grant.set_extent(extent);
  if (extent == Grant::EXTENT_WHOLE) return request;
  grant.add_grounds(v1::BUDGET_REFUSAL_GROUND_SPECIALISED);
  grant.set_other_personalisation("A choice of two suppliers.");
  grant.set_review_offered_date("2026-11-22");
  if (extent == Grant::EXTENT_PART) grant.set_part_refused("The ventilator and its servicing.");
  return request;
}

std::vector<std::string> Refused(const DeterminationFacts& facts,
                                 const v1::RecordBudgetGrantRequest& request) {
  return Refusals(DecideBudgetGrant(facts, request, Policy(), kToday).status());
}

TEST(BudgetGrant, IsOfTheWholeOrAPartOrNone) {
  for (const auto& [extent, rule] :
       {std::pair(Grant::EXTENT_WHOLE, "GRANT-WHOLE"), std::pair(Grant::EXTENT_PART, "GRANT-IN-PART"),
        std::pair(Grant::EXTENT_NONE, "GRANT-NONE")}) {
    const auto decided = DecideBudgetGrant(Facts(), Granting(extent), Policy(), kToday);
    ASSERT_TRUE(decided.ok()) << decided.status();
    ASSERT_EQ(decided->determination.budget_grants_size(), 1);
    EXPECT_EQ(decided->determination.budget_grants(0).extent(), extent);
    EXPECT_EQ(decided->determination.budget_grants(0).decision().decider(), "manager-1");
    EXPECT_EQ(decided->determination.state(), v1::Determination::STATE_DETERMINED) << "it moves no state";
    const v1::Explanation explanation = decided->trace.Render("test", "test");
    EXPECT_EQ(explanation.steps(0).rule_id(), rule);
  }
}

TEST(BudgetGrant, IsRefusedOnlyWithAllThatTheRegulationAsks) {
  const struct {
    std::function<void(v1::RecordBudgetGrantRequest&, DeterminationFacts&)> change;
    const char* rule;
  } faults[] = {
      {[](auto&, auto& facts) { facts.by.clear_reasons(); }, "GRANT-REASONS"},
      {[](auto& request, auto&) { request.mutable_grant()->clear_grounds(); }, "GRANT-REASONS"},
      {[](auto& request, auto&) { request.mutable_grant()->clear_other_personalisation(); },
       "GRANT-OTHER-WAY"},
      {[](auto& request, auto&) { request.mutable_grant()->clear_review_offered_date(); },
       "GRANT-REVIEW-RIGHT"},
      {[](auto& request, auto&) { request.mutable_grant()->set_review_offered_date("2026-11-21"); },
       "GRANT-REVIEW-RIGHT"},
      {[](auto& request, auto&) { request.mutable_grant()->set_review_offered_date("2026-11-23"); },
       "GRANT-REVIEW-RIGHT"},
      {[](auto& request, auto&) { request.mutable_grant()->clear_part_refused(); }, "GRANT-PART"},
  };
  for (const auto& fault : faults) {
    v1::RecordBudgetGrantRequest request = Granting(Grant::EXTENT_PART);
    DeterminationFacts facts = Facts();
    EXPECT_THAT(Refused(facts, request), IsEmpty());
    fault.change(request, facts);
    EXPECT_THAT(Refused(facts, request), ElementsAre(fault.rule)) << request.ShortDebugString();
  }
}

TEST(BudgetGrant, DoesNotContradictItself) {
  v1::RecordBudgetGrantRequest request = Granting(Grant::EXTENT_NONE);
  request.mutable_grant()->set_part_refused("Equipment.");
  EXPECT_THAT(Refused(Facts(), request), ElementsAre("GRANT-CONTRADICTION"));
  request = Granting(Grant::EXTENT_WHOLE);
  request.mutable_grant()->add_grounds(v1::BUDGET_REFUSAL_GROUND_INAPPROPRIATE);
  EXPECT_THAT(Refused(Facts(), request), ElementsAre("GRANT-CONTRADICTION"));
  request = Granting(Grant::EXTENT_WHOLE);
  request.mutable_grant()->set_part_refused("Equipment.");
  EXPECT_THAT(Refused(Facts(), request), ElementsAre("GRANT-CONTRADICTION"));
}

TEST(BudgetGrant, IsForWhoIsEligibleUnderARegimeThatGivesIt) {
  for (int code = 1; code < v1::EligibilityRegime_ARRAYSIZE; ++code) {
    const auto regime = static_cast<v1::EligibilityRegime>(code);
    const bool gives = regime != v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT &&
                       regime != v1::ELIGIBILITY_REGIME_CARE_ACT_CARER &&
                       regime != v1::ELIGIBILITY_REGIME_NURSING_CARE;
    DeterminationFacts facts = Facts(regime);
    if (!gives && regime != v1::ELIGIBILITY_REGIME_NURSING_CARE) facts.caller_kind = v1::CALLER_KIND_COUNCIL;
    EXPECT_EQ(Refused(facts, Granting(Grant::EXTENT_WHOLE)),
              gives ? std::vector<std::string>() : std::vector<std::string>{"GRANT-NO-RIGHT"})
        << v1::EligibilityRegime_Name(regime);
  }
  DeterminationFacts facts = Facts();
  facts.determination.set_outcome(v1::ELIGIBILITY_OUTCOME_NOT_ELIGIBLE);
  EXPECT_THAT(Refused(facts, Granting(Grant::EXTENT_WHOLE)), ElementsAre("GRANT-NO-RIGHT"));
}

TEST(BudgetGrant, IsDecidedByANamedHumanOfTheNhsAfterEligibilityWas) {
  DeterminationFacts facts = Facts();
  facts.by.set_decision_date("2026-05-31");
  EXPECT_THAT(Refused(facts, Granting(Grant::EXTENT_WHOLE)), ElementsAre("GRANT-BEFORE-DECISION"));
  facts.by.set_decision_date("2026-06-01");
  EXPECT_THAT(Refused(facts, Granting(Grant::EXTENT_WHOLE)), IsEmpty());
  facts.by.clear_decider();
  facts.caller_kind = v1::CALLER_KIND_COUNCIL;
  EXPECT_THAT(Refused(facts, Granting(Grant::EXTENT_WHOLE)),
              ElementsAre("DETERMINATION-DECIDER", "DETERMINATION-HUMAN"));
  facts = Facts();
  facts.determination.set_state(v1::Determination::STATE_RECOMMENDED);
  EXPECT_THAT(Refused(facts, Granting(Grant::EXTENT_WHOLE)), ElementsAre("WRONG_STATE"));
}

TEST(BudgetGrant, IsReviewedByAnotherPersonAndNothingIsLost) {
  v1::RecordBudgetGrantRequest review = Granting(Grant::EXTENT_WHOLE);
  review.set_on_review(true);
  EXPECT_THAT(Refused(Facts(), review), ElementsAre("GRANT-REVIEW")) << "there is nothing to review";
  DeterminationFacts facts = Facts();
  facts.determination =
      DecideBudgetGrant(facts, Granting(Grant::EXTENT_NONE), Policy(), kToday)->determination;
  EXPECT_THAT(Refused(facts, review), ElementsAre("GRANT-SECOND-PERSON"));
  facts.by = By(kIcb, "manager-2");
  const auto reviewed = DecideBudgetGrant(facts, review, Policy(), kToday);
  ASSERT_TRUE(reviewed.ok()) << reviewed.status();
  ASSERT_EQ(reviewed->determination.budget_grants_size(), 2);
  EXPECT_EQ(reviewed->determination.budget_grants(0).extent(), Grant::EXTENT_NONE);
  EXPECT_EQ(reviewed->determination.budget_grants(1).extent(), Grant::EXTENT_WHOLE);
  review.set_on_review(false);
  EXPECT_THAT(Refused(facts, review), ElementsAre("GRANT-REVIEW")) << "a second decision is a review";
}

}  // namespace
}  // namespace ipb::eligibility
