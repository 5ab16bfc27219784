// What is not being decided, although something like it is on record.
#include "services/eligibility/rules/pending.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/eligibility/rules/dispute.h"
#include "tests/rules/eligibility/cases.h"

namespace ipb::eligibility {
namespace {

using testing::IsEmpty;
using testing::SizeIs;
using D = v1::Determination;

TEST(Pending, IsNotWhatComesAfterTheDay) {
  PersonRecord record;
  v1::Assessment& draft = record.assessments.emplace_back();
  draft.set_state(v1::Assessment::STATE_DRAFT);
  draft.mutable_evidence()->set_assessment_date("2026-11-23");
  D& disputed = record.determinations.emplace_back(
      Decided(DeterminationName(1), v1::ELIGIBILITY_REGIME_CHC, v1::ELIGIBILITY_OUTCOME_NOT_ELIGIBLE, kIcb));
  disputed.add_disputes()->set_received_date("2026-11-23");
  EXPECT_THAT(PendingOn(kToday, record, Policy()), IsEmpty());
  EXPECT_THAT(PendingOn(kToday + 1, record, Policy()), SizeIs(2));
}

TEST(Pending, IsNotTheRecommendationThatAnOverturningTookOver) {
  D refused =
      Decided(DeterminationName(1), v1::ELIGIBILITY_REGIME_CHC, v1::ELIGIBILITY_OUTCOME_NOT_ELIGIBLE, kIcb);
  refused.mutable_recommendation()->set_decision_date("2026-05-28");
  refused.set_state(D::STATE_DISPUTED);
  refused.add_disputes()->set_received_date("2026-07-01");
  DeterminationFacts facts;
  facts.person = Adult();
  facts.caller_kind = v1::CALLER_KIND_NHS;
  facts.by = By(kIcb, "reviewer-1", "The nights were heard.");
  facts.new_name = DeterminationName(2);
  facts.determination = refused;
  const auto decision = DecideOverturning(facts, Policy(), kToday);
  ASSERT_TRUE(decision.ok()) << decision.status();
  const PersonRecord record{{}, {}, {*decision->superseded, decision->determination}};
  const auto pending = PendingOn(absl::CivilDay(2026, 8, 1), record, Policy());
  ASSERT_THAT(pending, SizeIs(1));
  EXPECT_EQ(pending[0].kind(), v1::PendingDecision::KIND_DISPUTE);
  EXPECT_THAT(PendingOn(kToday, record, Policy()), IsEmpty());
}

TEST(Pending, HasTheClocksOfItsOwnRequestOnly) {
  PersonRecord record;
  for (int n = 1; n <= 2; ++n) {
    v1::SupportRequest& request = record.requests.emplace_back();
    request.set_name(RequestName(n));
    request.set_kind(v1::SupportRequest::KIND_CHC_CHECKLIST);
    request.set_received_date("2026-11-01");
    request.add_clocks()->set_clock(n == 1 ? "FIRST" : "SECOND");
    request.mutable_clocks(0)->set_due_date("2026-11-29");
  }
  D& recommended = record.determinations.emplace_back();
  recommended.set_regime(v1::ELIGIBILITY_REGIME_CHC);
  recommended.set_request(RequestName(2));
  recommended.mutable_recommendation()->set_decision_date("2026-11-05");
  const auto pending = PendingOn(kToday, record, Policy());
  ASSERT_THAT(pending, SizeIs(3));
  EXPECT_EQ(pending[2].kind(), v1::PendingDecision::KIND_RECOMMENDATION);
  ASSERT_THAT(pending[2].clocks(), SizeIs(1));
  EXPECT_EQ(pending[2].clocks(0).clock(), "SECOND");
}

TEST(Pending, IsAPanelEvenWherePolicyHasForgottenItsDuty) {
  D child = Decided(DeterminationName(1), v1::ELIGIBILITY_REGIME_CHILDRENS_CONTINUING_CARE,
                    v1::ELIGIBILITY_OUTCOME_ELIGIBLE, kIcb);
  child.mutable_recommendation()->set_decision_date("2026-06-01");
  child.set_panel_due_date("2026-07-13");
  v1::EligibilityPolicy policy = Policy();
  EXPECT_TRUE(PendingOn(kToday, {{}, {}, {child}}, policy)[0].late());
  EXPECT_THAT(PendingOn(absl::CivilDay(2026, 5, 31), {{}, {}, {child}}, policy), IsEmpty());
  policy.clear_childrens_fast_tracks();
  ASSERT_THAT(PendingOn(kToday, {{}, {}, {child}}, policy), SizeIs(1));
  EXPECT_FALSE(PendingOn(kToday, {{}, {}, {child}}, policy)[0].late());
}

TEST(Pending, IsAReviewOfABudgetThatWasRefusedBeforeItWasAskedFor) {
  D decided =
      Decided(DeterminationName(1), v1::ELIGIBILITY_REGIME_CHC, v1::ELIGIBILITY_OUTCOME_ELIGIBLE, kIcb);
  decided.mutable_recommendation()->set_decision_date("2026-06-01");
  v1::BudgetGrant& grant = *decided.add_budget_grants();
  grant.set_extent(v1::BudgetGrant::EXTENT_NONE);
  grant.mutable_decision()->set_decision_date("2026-07-01");
  v1::SupportRequest request;
  request.set_kind(v1::SupportRequest::KIND_BUDGET_REVIEW);
  request.set_received_date("2026-08-01");
  const auto kinds = [&](absl::CivilDay day) {
    std::vector<v1::PendingDecision::Kind> found;
    for (const auto& pending : PendingOn(day, {{request}, {}, {decided}}, Policy())) {
      found.push_back(pending.kind());
    }
    return found;
  };
  using P = v1::PendingDecision;
  EXPECT_THAT(kinds(absl::CivilDay(2026, 7, 31)), IsEmpty());
  EXPECT_THAT(kinds(kToday), testing::ElementsAre(P::KIND_REQUEST, P::KIND_BUDGET_REVIEW));
  request.set_kind(v1::SupportRequest::KIND_URGENT);
  EXPECT_THAT(kinds(kToday), testing::ElementsAre(P::KIND_REQUEST));
}

}  // namespace
}  // namespace ipb::eligibility
