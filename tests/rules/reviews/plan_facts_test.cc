#include "services/reviews/rules/plan_facts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/rules/reviews/examples.h"

namespace ipb::reviews {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

void AddLine(v1::Plan& plan, v1::ManagementOption option, const std::string& organisation,
             v1::FundingBasis basis) {
  v1::PlanLine* line = plan.add_lines();
  line->set_management_option(option);
  v1::FundingShare* share = line->add_shares();
  share->set_organisation(organisation);
  share->set_basis(basis);
}

v1::Plan PlanFrom(const std::string& active_date, const std::string& name = "people/p1/plans/1") {
  v1::Plan plan;
  plan.set_name(name);
  plan.set_state(v1::Plan::STATE_ACTIVE);
  plan.set_start_date("2026-04-01");
  plan.set_active_date(active_date);
  return plan;
}

PlanSources Sources(v1::Plan plan) {
  PlanSources sources;
  sources.plan = std::move(plan);
  sources.nhs_organisations = {"QZZ"};
  return sources;
}

std::vector<v1::ReviewRegime> Regimes(const PlanFacts& facts) {
  std::vector<v1::ReviewRegime> regimes;
  for (const RegimeFacts& one : facts.regimes) regimes.push_back(one.regime);
  return regimes;
}

v1::Review Held(v1::ReviewRegime regime, const std::string& date) {
  v1::Review review;
  review.set_state(v1::Review::STATE_COMPLETED);
  review.add_regimes(regime);
  review.set_review_date(date);
  return review;
}

// National rows only: no local check of how money is used.
ReviewPolicy NationalPolicy() { return {ShippedPolicy().national, {}}; }

struct RegimeCase {
  const char* what;
  v1::ManagementOption option;
  const char* organisation;
  v1::FundingBasis basis;
  std::vector<v1::ReviewRegime> regimes;
};

TEST(PlanFacts, RegimesFollowFromTheMoney) {
  constexpr auto kNotional = v1::MANAGEMENT_OPTION_NOTIONAL;
  constexpr auto kDirect = v1::MANAGEMENT_OPTION_DIRECT_PAYMENT;
  const RegimeCase cases[] = {
      {"council", kNotional, "E10000019", v1::FUNDING_BASIS_CARE_ACT, {v1::REVIEW_REGIME_CARE_ACT}},
      {"council payment",
       kDirect,
       "E10000019",
       v1::FUNDING_BASIS_CARE_ACT,
       {v1::REVIEW_REGIME_CARE_ACT, v1::REVIEW_REGIME_CARE_ACT_DIRECT_PAYMENT}},
      {"continuing healthcare", kNotional, "QZZ", v1::FUNDING_BASIS_CHC, {v1::REVIEW_REGIME_CHC}},
      {"continuing healthcare payment",
       kDirect,
       "QZZ",
       v1::FUNDING_BASIS_CHC,
       {v1::REVIEW_REGIME_CHC, v1::REVIEW_REGIME_HEALTH_BUDGET}},
      {"nursing care", kNotional, "QZZ", v1::FUNDING_BASIS_FNC, {v1::REVIEW_REGIME_FNC}},
      {"children", kNotional, "QZZ", v1::FUNDING_BASIS_CYPCC, {v1::REVIEW_REGIME_CYPCC}},
      {"joint package", kDirect, "QZZ", v1::FUNDING_BASIS_JOINT_PACKAGE, {v1::REVIEW_REGIME_HEALTH_BUDGET}},
      {"after-care payment",
       kDirect,
       "E10000019",
       v1::FUNDING_BASIS_SECTION_117,
       {v1::REVIEW_REGIME_SECTION_117, v1::REVIEW_REGIME_CARE_ACT_DIRECT_PAYMENT}},
  };
  for (const RegimeCase& one : cases) {
    v1::Plan plan = PlanFrom("2026-04-06");
    AddLine(plan, one.option, one.organisation, one.basis);
    EXPECT_EQ(Regimes(FactsOf(Sources(plan), NationalPolicy())), one.regimes) << one.what;
  }
}

TEST(PlanFacts, ChecksMoneyWhereLocalPolicyDoes) {
  v1::Plan plan = PlanFrom("2026-04-06");
  AddLine(plan, v1::MANAGEMENT_OPTION_DIRECT_PAYMENT, "QZZ", v1::FUNDING_BASIS_JOINT_PACKAGE);
  EXPECT_THAT(Regimes(FactsOf(Sources(plan), ShippedPolicy())),
              ElementsAre(v1::REVIEW_REGIME_HEALTH_BUDGET, v1::REVIEW_REGIME_FINANCIAL_CHECK));
}

TEST(PlanFacts, RegimesGoOnThroughRevisionsSaveThePlansOwn) {
  v1::Plan plan = PlanFrom("2026-09-01", "people/p1/plans/3");
  AddLine(plan, v1::MANAGEMENT_OPTION_DIRECT_PAYMENT, "E10000019", v1::FUNDING_BASIS_CARE_ACT);
  PlanSources sources = Sources(plan);
  sources.revised = {PlanFrom("2026-06-01", "people/p1/plans/2"), PlanFrom("2026-04-06")};
  AddLine(sources.revised[0], v1::MANAGEMENT_OPTION_DIRECT_PAYMENT, "E10000019", v1::FUNDING_BASIS_CARE_ACT);
  AddLine(sources.revised[1], v1::MANAGEMENT_OPTION_NOTIONAL, "E10000019", v1::FUNDING_BASIS_CARE_ACT);
  sources.reviews = {Held(v1::REVIEW_REGIME_CARE_ACT_DIRECT_PAYMENT, "2026-05-01"),
                     Held(v1::REVIEW_REGIME_CARE_ACT_DIRECT_PAYMENT, "2026-07-01"),
                     Held(v1::REVIEW_REGIME_CARE_ACT, "2026-07-01")};
  const PlanFacts facts = FactsOf(sources, NationalPolicy());
  ASSERT_EQ(facts.regimes.size(), 2u);
  EXPECT_EQ(facts.regimes[0].start_date, absl::CivilDay(2026, 9, 1));
  EXPECT_EQ(facts.regimes[0].last_review_date, std::nullopt) << "a new plan gets its own first look";
  EXPECT_EQ(facts.regimes[1].start_date, absl::CivilDay(2026, 6, 1));
  EXPECT_EQ(facts.regimes[1].last_review_date, absl::CivilDay(2026, 7, 1));
}

TEST(PlanFacts, AnInterimPlanFollowsItsOwnDateOnce) {
  v1::Plan plan = PlanFrom("2026-04-06");
  plan.set_kind(v1::Plan::KIND_INTERIM);
  plan.set_review_date("2026-04-20");
  EXPECT_EQ(FactsOf(Sources(plan), NationalPolicy()).regimes.at(0).fixed_date, absl::CivilDay(2026, 4, 20));
  PlanSources held = Sources(plan);
  held.reviews = {Held(v1::REVIEW_REGIME_INTERIM, "2026-04-18")};
  EXPECT_THAT(FactsOf(held, NationalPolicy()).regimes, IsEmpty());
}

TEST(PlanFacts, APlanThatIsOverIsUnderNoRegime) {
  v1::Plan plan = PlanFrom("2026-04-06");
  AddLine(plan, v1::MANAGEMENT_OPTION_NOTIONAL, "E10000019", v1::FUNDING_BASIS_CARE_ACT);
  PlanSources died = Sources(plan);
  died.person_died = true;
  plan.set_state(v1::Plan::STATE_ENDED);
  for (const PlanSources& sources : {Sources(plan), died}) {
    const PlanFacts facts = FactsOf(sources, NationalPolicy());
    EXPECT_FALSE(facts.in_effect);
    EXPECT_THAT(facts.regimes, IsEmpty());
    EXPECT_THAT(facts.organisations, ElementsAre("E10000019"));
  }
}

}  // namespace
}  // namespace ipb::reviews
