// The costed-plan method: units, prices, reserves, shares.
#include "services/allocation/rules/costed_plan.h"

#include <gtest/gtest.h>

#include <limits>

#include "absl/strings/str_cat.h"
#include "common/errors/errors.h"
#include "google/rpc/error_details.pb.h"
#include "tests/rules/allocation/fixtures.h"

namespace ipb::allocation {
namespace {

const absl::CivilDay kDay(2025, 6, 1);

absl::StatusOr<v1::Costing> Cost(const std::vector<v1::BudgetComponent>& components,
                                 const v1::AllocationPolicy& local = IcbPolicy()) {
  explain::Refusal refusal;
  explain::Trace trace;
  return CostPlan(components, kDay, {National(), local}, refusal, trace);
}

v1::FundingShare AllOf(const char* organisation, v1::FundingBasis basis) {
  return Share(organisation, basis, 1, 1);
}

TEST(CostedPlan, IsUnitsTimesPriceRoundedHalfUp) {
  v1::BudgetComponent respite = Hours("respite", 0, 14200, {AllOf(kCouncil, v1::FUNDING_BASIS_CARE_ACT)});
  respite.set_unit(v1::COST_UNIT_NIGHT);
  respite.mutable_units_per_week()->set_units(28);
  respite.mutable_units_per_week()->set_weeks(52);
  const v1::BudgetComponent hours = Hours("pa", 615, 1621, {AllOf(kCouncil, v1::FUNDING_BASIS_CARE_ACT)});
  const auto costing = Cost({hours, respite});
  ASSERT_TRUE(costing.ok()) << costing.status();
  EXPECT_EQ(costing->components(0).weekly_pence(), 16615);  // 10.25 x 16.21 = 166.1525
  EXPECT_EQ(costing->components(1).weekly_pence(), 7646);   // 28/52 x 142.00 = 76.4615
  EXPECT_EQ(costing->weekly_pence(), 24261);
  EXPECT_EQ(costing->annual_pence(), 24261 * 52);
}

TEST(CostedPlan, TakesPricesAndContingencyFromLocalPolicy) {
  v1::BudgetComponent hours = Hours("pa", 600, 0,
                                    {Share(kCouncil, v1::FUNDING_BASIS_CARE_ACT, 1, 3),
                                     Share(kIcb, v1::FUNDING_BASIS_JOINT_PACKAGE, 2, 3)});
  hours.set_unit_rate("trained-pa-hour");
  v1::BudgetComponent start = Hours("start", 0, 25000, {AllOf(kIcb, v1::FUNDING_BASIS_JOINT_PACKAGE)});
  start.set_kind(v1::COMPONENT_KIND_START_UP);
  start.set_unit(v1::COST_UNIT_DAY);
  start.set_units(2);
  v1::BudgetComponent reserve;
  reserve.set_component_id("reserve");
  reserve.set_description("Contingency");
  reserve.set_kind(v1::COMPONENT_KIND_CONTINGENCY);
  *reserve.add_shares() = AllOf(kIcb, v1::FUNDING_BASIS_JOINT_PACKAGE);
  const auto costing = Cost({reserve, hours, start});
  ASSERT_TRUE(costing.ok()) << costing.status();
  EXPECT_EQ(costing->weekly_pence(), 18400);
  EXPECT_EQ(costing->components(1).funder_amounts(0).weekly_pence(), 6133);
  EXPECT_EQ(costing->components(1).funder_amounts(1).weekly_pence(), 12267);
  EXPECT_EQ(costing->components(0).one_off_pence(), 12267);  // one week of what the ICB pays
  EXPECT_EQ(costing->one_off_pence(), 12267 + 50000);
  ASSERT_EQ(costing->funder_totals_size(), 2);
  EXPECT_EQ(costing->funder_totals(0).weekly_pence() + costing->funder_totals(1).weekly_pence(), 18400);
}

TEST(CostedPlan, RefusesWhatPolicyHasNoPriceFor) {
  v1::BudgetComponent hours = Hours("pa", 600, 0, {AllOf(kIcb, v1::FUNDING_BASIS_CHC)});
  hours.set_unit_rate("no-such-price");
  EXPECT_EQ(errors::ReasonOf(Cost({hours}).status()), v1::ERROR_REASON_NO_RATE);
  hours.set_unit_rate("pa-hour");
  hours.set_unit(v1::COST_UNIT_HOUR);
  EXPECT_EQ(errors::ReasonOf(Cost({hours}, v1::AllocationPolicy()).status()), v1::ERROR_REASON_NO_RATE);
}

TEST(CostedPlan, ListsEverythingThatIsNotWellFormed) {
  v1::BudgetComponent bad = Hours("pa", 600, 0, {Share(kIcb, v1::FUNDING_BASIS_CHC, 1, 2)});
  bad.mutable_units_per_week()->set_units(1);
  bad.set_unit(v1::COST_UNIT_NIGHT);
  bad.set_units(3);
  bad.set_contingency_weeks(2);
  const absl::Status status = Cost({bad, bad}).status();
  google::rpc::BadRequest violations;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.BadRequest");
  ASSERT_TRUE(payload && violations.ParseFromString(std::string(*payload))) << status;
  EXPECT_EQ(violations.field_violations_size(), 6 * 2 + 1);
}

// The rules do not lean on the contract: a sum that does not fit is told, never a wrong one.
TEST(CostedPlan, RefusesWhatDoesNotFit) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  const auto costs = [](const char* id, v1::ComponentKind kind, v1::FundingBasis basis) {
    v1::BudgetComponent component = Hours(id, 0, kMost, {AllOf(kIcb, basis)});
    component.set_kind(kind);
    if (kind == v1::COMPONENT_KIND_ONGOING) component.mutable_units_per_week()->set_units(1);
    return component;
  };
  const auto weekly = costs("weekly", v1::COMPONENT_KIND_ONGOING, v1::FUNDING_BASIS_CHC);
  const auto more = costs("more", v1::COMPONENT_KIND_ONGOING, v1::FUNDING_BASIS_CHC);
  const auto other = costs("other", v1::COMPONENT_KIND_ONGOING, v1::FUNDING_BASIS_SECTION_117);
  const auto once = costs("once", v1::COMPONENT_KIND_ONE_OFF, v1::FUNDING_BASIS_CHC);
  const auto again = costs("again", v1::COMPONENT_KIND_ONE_OFF, v1::FUNDING_BASIS_CHC);
  const auto elsewhere = costs("elsewhere", v1::COMPONENT_KIND_ONE_OFF, v1::FUNDING_BASIS_SECTION_117);
  v1::BudgetComponent twice = once;
  twice.set_units(2);
  v1::BudgetComponent reserve;
  reserve.set_component_id("reserve");
  reserve.set_kind(v1::COMPONENT_KIND_CONTINGENCY);
  reserve.set_contingency_weeks(2);
  *reserve.add_shares() = AllOf(kIcb, v1::FUNDING_BASIS_CHC);
  const std::vector<v1::BudgetComponent> plans[] = {
      {twice},         {weekly, more, reserve}, {weekly, reserve}, {weekly, more},
      {weekly, other}, {once, again},           {once, elsewhere}, {weekly},
  };
  for (const auto& plan : plans) {
    EXPECT_EQ(errors::ReasonOf(Cost(plan).status()), v1::ERROR_REASON_MONEY_OVERFLOW)
        << plan.front().component_id() << " and " << plan.back().component_id();
  }
}

// More funders than can share to the penny.
TEST(CostedPlan, RefusesMoreFundersThanCanShare) {
  std::vector<v1::FundingShare> shares;
  for (int i = 0; i < 101; ++i) {
    shares.push_back(Share(absl::StrCat("QZ", i), v1::FUNDING_BASIS_CHC, 1, 101));
  }
  const v1::BudgetComponent hours = Hours("pa", 60, 100, shares);
  v1::BudgetComponent reserve = Hours("reserve", 0, 0, shares);
  reserve.set_kind(v1::COMPONENT_KIND_CONTINGENCY);
  reserve.set_contingency_weeks(1);
  EXPECT_EQ(Cost({hours}).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Cost({reserve}).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(CostedPlan, ExplainsEveryComponentWithItsSource) {
  explain::Refusal refusal;
  explain::Trace trace;
  const std::vector<v1::BudgetComponent> components = {
      Hours("pa", 60, 100, {AllOf(kIcb, v1::FUNDING_BASIS_CHC)})};
  ASSERT_TRUE(CostPlan(components, kDay, {National(), IcbPolicy()}, refusal, trace).ok());
  const v1::Explanation explanation = trace.Render("allocation/1", "test");
  EXPECT_TRUE(ExplainsCosting(explanation, components));
  EXPECT_FALSE(ExplainsCosting({}, components));
  for (const v1::ExplanationStep& step : explanation.steps()) {
    EXPECT_EQ(step.purpose(), v1::PURPOSE_COMMON);
    EXPECT_EQ(step.sentence().find('{'), std::string::npos) << step.sentence();
  }
}

}  // namespace
}  // namespace ipb::allocation
