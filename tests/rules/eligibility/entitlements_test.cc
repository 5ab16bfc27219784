// What determinations entitle to, by day and by what was known.
#include "services/eligibility/rules/entitlements.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/rules/eligibility/cases.h"

namespace ipb::eligibility {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using D = v1::Determination;

constexpr v1::EligibilityOutcome kYes = v1::ELIGIBILITY_OUTCOME_ELIGIBLE;
constexpr v1::EligibilityOutcome kNo = v1::ELIGIBILITY_OUTCOME_NOT_ELIGIBLE;
constexpr v1::EligibilityRegime kCareAct = v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT;
constexpr v1::EligibilityRegime kChc = v1::ELIGIBILITY_REGIME_CHC;

std::vector<v1::Entitlement> On(absl::CivilDay day, const std::vector<D>& determinations,
                                std::optional<absl::Time> known_at = std::nullopt,
                                std::optional<absl::CivilDay> death = std::nullopt) {
  auto entitlements = EntitlementsOn(day, known_at, determinations, death, Policy(), "test");
  EXPECT_TRUE(entitlements.ok()) << entitlements.status();
  return entitlements.ok() ? *std::move(entitlements) : std::vector<v1::Entitlement>();
}

D Make(v1::EligibilityRegime regime, const std::string& from_date, v1::EligibilityOutcome outcome = kYes) {
  D determination = Decided(DeterminationName(1), regime, outcome, regime == kCareAct ? kCouncil : kIcb);
  determination.set_effective_from_date(from_date);
  return determination;
}

TEST(Entitlements, ComeFromBothRegimesAtOnceInOrder) {
  const auto entitlements = On(kToday, {Make(kChc, "2026-06-01"), Make(kCareAct, "2026-07-01")});
  ASSERT_THAT(entitlements, SizeIs(2));
  EXPECT_EQ(entitlements[0].regime(), kCareAct);
  EXPECT_EQ(entitlements[0].budget(), v1::BUDGET_KIND_PERSONAL_BUDGET);
  EXPECT_EQ(entitlements[0].organisation(), kCouncil);
  EXPECT_EQ(entitlements[1].regime(), kChc);
  EXPECT_EQ(entitlements[1].budget(), v1::BUDGET_KIND_PERSONAL_HEALTH_BUDGET);
  EXPECT_EQ(entitlements[1].right(), v1::BUDGET_RIGHT_TO_HAVE);
  EXPECT_EQ(entitlements[1].organisation(), kIcb);
  EXPECT_EQ(entitlements[1].determination(), DeterminationName(1));
  EXPECT_EQ(entitlements[1].explanation().steps(0).legal_source(), "SI 2012/2996 regs 32A, 32B(4)");
}

TEST(Entitlements, EndWithThePersonsDeath) {
  const absl::CivilDay death(2026, 6, 20);
  const std::vector<D> open = {Make(kCareAct, "2026-06-01")};
  const auto on_the_day = On(death, open, std::nullopt, death);
  ASSERT_THAT(on_the_day, SizeIs(1));
  EXPECT_EQ(on_the_day[0].effective_to_date(), "2026-06-20");
  ASSERT_EQ(on_the_day[0].explanation().steps_size(), 2);
  EXPECT_EQ(on_the_day[0].explanation().steps(1).rule_id(), "ENTITLEMENT-DEATH");
  EXPECT_THAT(On(death + 1, open, std::nullopt, death), IsEmpty());
  D ended = open.front();
  ended.set_effective_to_date("2026-06-10");
  ended.add_state_changes()->set_state(D::STATE_ENDED);
  EXPECT_EQ(On(absl::CivilDay(2026, 6, 5), {ended}, std::nullopt, death)[0].effective_to_date(),
            "2026-06-10");
}

struct Case {
  const char* name;
  v1::EligibilityRegime regime;
  absl::CivilDay day;
  v1::BudgetRight right;
};

class Cohorts : public testing::TestWithParam<Case> {};

TEST_P(Cohorts, HaveTheirRightSinceTheirDate) {
  const auto entitlements = On(GetParam().day, {Make(GetParam().regime, "2014-01-01")});
  ASSERT_THAT(entitlements, SizeIs(1));
  EXPECT_EQ(entitlements[0].right(), GetParam().right);
}

INSTANTIATE_TEST_SUITE_P(
    Regulation32A, Cohorts,
    testing::Values(Case{"ChcFirstDayToAsk", kChc, absl::CivilDay(2014, 4, 1), v1::BUDGET_RIGHT_TO_ASK},
                    Case{"ChcLastDayToAsk", kChc, absl::CivilDay(2014, 9, 30), v1::BUDGET_RIGHT_TO_ASK},
                    Case{"ChcFirstDayToHave", kChc, absl::CivilDay(2014, 10, 1), v1::BUDGET_RIGHT_TO_HAVE},
                    Case{"AfterCare", v1::ELIGIBILITY_REGIME_SECTION_117, absl::CivilDay(2019, 12, 2),
                         v1::BUDGET_RIGHT_TO_HAVE},
                    Case{"Wheelchair", v1::ELIGIBILITY_REGIME_WHEELCHAIR, absl::CivilDay(2019, 12, 2),
                         v1::BUDGET_RIGHT_TO_HAVE},
                    Case{"Discretion", v1::ELIGIBILITY_REGIME_DISCRETIONARY_PHB, absl::CivilDay(2026, 1, 1),
                         v1::BUDGET_RIGHT_DISCRETIONARY}),
    [](const auto& info) { return info.param.name; });

TEST(Entitlements, AreNotInventedBeforeARightExisted) {
  for (const auto& [regime, day] :
       {std::pair(v1::ELIGIBILITY_REGIME_SECTION_117, absl::CivilDay(2019, 12, 1)),
        std::pair(kChc, absl::CivilDay(2014, 3, 31))}) {
    EXPECT_THAT(Refusals(EntitlementsOn(day, std::nullopt, {Make(regime, "2014-01-01")}, std::nullopt,
                                        Policy(), "test")
                             .status()),
                ElementsAre("NO_RATE"));
  }
}

TEST(Entitlements, NeedADecisionOfEligible) {
  D recommended = Make(kChc, "2026-06-01");
  recommended.set_state(D::STATE_RECOMMENDED);
  recommended.mutable_state_changes()->RemoveLast();
  EXPECT_THAT(On(kToday, {recommended}), IsEmpty());
  EXPECT_THAT(On(kToday, {Make(kChc, "2026-06-01", kNo)}), IsEmpty());
}

TEST(Entitlements, HoldFromTheFirstToTheLastDay) {
  D ended = Make(kChc, "2026-06-01");
  ended.set_state(D::STATE_ENDED);
  ended.set_effective_to_date("2026-08-31");
  ended.add_state_changes()->set_state(D::STATE_ENDED);
  EXPECT_THAT(On(absl::CivilDay(2026, 5, 31), {ended}), IsEmpty());
  EXPECT_THAT(On(absl::CivilDay(2026, 6, 1), {ended}), SizeIs(1));
  EXPECT_THAT(On(absl::CivilDay(2026, 8, 31), {ended}), SizeIs(1));
  EXPECT_THAT(On(absl::CivilDay(2026, 9, 1), {ended}), IsEmpty());
  ended.set_end_reason(D::END_REASON_RECORDED_IN_ERROR);
  EXPECT_THAT(On(absl::CivilDay(2026, 7, 1), {ended}), IsEmpty());
}

TEST(Entitlements, PassFromTheReplacedToTheReplacingWithoutAGap) {
  D old = Make(kCareAct, "2026-01-01");
  old.set_state(D::STATE_SUPERSEDED);
  old.set_effective_to_date("2026-11-30");
  old.add_state_changes()->set_state(D::STATE_SUPERSEDED);
  const D next = Make(kCareAct, "2026-12-01");
  for (absl::CivilDay day(2026, 11, 20); day < absl::CivilDay(2026, 12, 10); ++day) {
    EXPECT_THAT(On(day, {old, next}), SizeIs(1)) << day;
  }
}

TEST(Entitlements, AreAsTheyWereKnown) {
  D ended = Make(kChc, "2026-06-01");
  ended.set_state(D::STATE_ENDED);
  ended.set_effective_to_date("2026-08-31");
  ended.mutable_state_changes(0)->mutable_recorded_time()->set_seconds(1000);
  ended.mutable_state_changes(1)->mutable_recorded_time()->set_seconds(2000);
  D::StateChange* last = ended.add_state_changes();
  last->set_state(D::STATE_ENDED);
  last->mutable_recorded_time()->set_seconds(3000);
  const absl::CivilDay september(2026, 9, 15);
  EXPECT_THAT(On(september, {ended}, absl::FromUnixSeconds(1999)), IsEmpty()) << "only recommended";
  const auto open = On(september, {ended}, absl::FromUnixSeconds(2000));
  ASSERT_THAT(open, SizeIs(1)) << "the end was not known";
  EXPECT_EQ(open[0].effective_to_date(), "");
  EXPECT_THAT(On(september, {ended}, absl::FromUnixSeconds(3000)), IsEmpty());
}

TEST(Entitlements, SayWhereABudgetIsTheDefaultAtHome) {
  const auto is_default = [](v1::EligibilityRegime regime, absl::CivilDay day,
                             v1::EligibilityIndication says) {
    D determination = Make(regime, "2014-12-01");
    determination.set_indication(says);
    return On(day, {determination})[0].default_at_home();
  };
  const absl::CivilDay first(2019, 4, 1);
  EXPECT_FALSE(is_default(kChc, first - 1, v1::ELIGIBILITY_INDICATION_ELIGIBLE));
  EXPECT_TRUE(is_default(kChc, first, v1::ELIGIBILITY_INDICATION_ELIGIBLE));
  EXPECT_FALSE(is_default(kChc, first, v1::ELIGIBILITY_INDICATION_BINDING)) << "fast track";
  EXPECT_FALSE(is_default(v1::ELIGIBILITY_REGIME_CHILDRENS_CONTINUING_CARE, first,
                          v1::ELIGIBILITY_INDICATION_ELIGIBLE));
}

TEST(Entitlements, AreADefaultForAFastTrackWherePolicySaysSo) {
  D determination = Make(kChc, "2026-06-01");
  determination.set_indication(v1::ELIGIBILITY_INDICATION_BINDING);
  v1::EligibilityPolicy policy = Policy();
  policy.mutable_budget_defaults(0)->set_except_fast_track(false);
  EXPECT_TRUE(EntitlementsOn(kToday, std::nullopt, {determination}, std::nullopt, policy, "test")
                  ->front()
                  .default_at_home());
}

TEST(Entitlements, SayHowMuchWasGrantedAsItWasKnown) {
  D determination = Make(kChc, "2026-06-01");
  EXPECT_EQ(On(kToday, {determination})[0].granted(), v1::BudgetGrant::EXTENT_UNSPECIFIED);
  for (const auto& [extent, seconds] :
       {std::pair(v1::BudgetGrant::EXTENT_NONE, 100), std::pair(v1::BudgetGrant::EXTENT_PART, 200)}) {
    v1::BudgetGrant* grant = determination.add_budget_grants();
    grant->set_extent(extent);
    grant->mutable_recorded_time()->set_seconds(seconds);
  }
  EXPECT_EQ(On(kToday, {determination})[0].granted(), v1::BudgetGrant::EXTENT_PART);
  EXPECT_EQ(On(kToday, {determination}, absl::FromUnixSeconds(199))[0].granted(),
            v1::BudgetGrant::EXTENT_NONE);
  EXPECT_EQ(On(kToday, {determination}, absl::FromUnixSeconds(99))[0].granted(),
            v1::BudgetGrant::EXTENT_UNSPECIFIED);
}

TEST(Entitlements, HaveNoBudgetForWhatTheCouncilMayNotMeet) {
  D determination = Make(kCareAct, "2026-06-01");
  determination.add_care_act_bars(v1::CARE_ACT_BAR_HOUSING);
  v1::Entitlement entitlement = On(kToday, {determination})[0];
  EXPECT_EQ(entitlement.right(), v1::BUDGET_RIGHT_TO_HAVE);
  EXPECT_EQ(entitlement.explanation().steps(1).sentence(),
            "The personal budget has nothing for needs that call for what the Housing Acts provide (s23).");
  determination.add_care_act_bars(v1::CARE_ACT_BAR_DESTITUTION);
  entitlement = On(kToday, {determination})[0];
  EXPECT_EQ(entitlement.right(), v1::BUDGET_RIGHT_NONE);
  ASSERT_EQ(entitlement.explanation().steps_size(), 1);
  EXPECT_EQ(entitlement.explanation().steps(0).rule_id(), "ENTITLEMENT-BAR-DESTITUTION");
}

}  // namespace
}  // namespace ipb::eligibility
