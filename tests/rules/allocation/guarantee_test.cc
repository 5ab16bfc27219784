// The guarantee by year and circumstance (SI 2014/2672 reg 7).
#include "services/allocation/rules/guarantee.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "tests/rules/allocation/fixtures.h"

namespace ipb::allocation {
namespace {

struct Case {
  const char* what;
  v1::Relationship relationship;
  const char* birth_date;
  const char* partner_birth_date;
  int children;
  std::vector<v1::QualifyingBenefit> benefits;
  const char* day;
  int64_t expected_pence;
};

absl::StatusOr<int64_t> Guarantee(const Case& c, const v1::AllocationPolicy& local = {}) {
  v1::FinancialFacts facts;
  v1::Household& household = *facts.mutable_household();
  household.set_relationship(c.relationship);
  household.set_birth_date(c.birth_date);
  household.set_partner_birth_date(c.partner_birth_date);
  household.set_dependent_children(c.children);
  for (const auto benefit : c.benefits) household.add_benefits(benefit);
  explain::Trace trace;
  return AssessGuarantee(facts, RatesOn(dates::Checked(c.day), {National(), local}), trace);
}

constexpr auto kEnhanced = v1::QUALIFYING_BENEFIT_PIP_DAILY_LIVING_ENHANCED;
constexpr auto kStandard = v1::QUALIFYING_BENEFIT_PIP_DAILY_LIVING_STANDARD;
constexpr auto kCarer = v1::QUALIFYING_BENEFIT_CARERS_ALLOWANCE;

TEST(Guarantee, FollowsTheTableByYearAndCircumstance) {
  const Case cases[] = {
      {"91.40 + 40.35 + 19.70, published in 2015",
       v1::RELATIONSHIP_SINGLE,
       "1975-01-01",
       "",
       0,
       {kEnhanced},
       "2016-05-01",
       15145},
      {"single under 25", v1::RELATIONSHIP_SINGLE, "2003-01-01", "", 0, {}, "2025-06-01", 8915},
      {"single on the 25th birthday", v1::RELATIONSHIP_SINGLE, "2000-06-01", "", 0, {}, "2025-06-01", 11250},
      {"single under 25 in 2026/27", v1::RELATIONSHIP_SINGLE, "2004-01-01", "", 0, {}, "2026-06-01", 9540},
      {"single of pension age", v1::RELATIONSHIP_SINGLE, "1950-01-01", "", 0, {}, "2023-06-01", 21435},
      {"no disability premium at pension age",
       v1::RELATIONSHIP_SINGLE,
       "1950-01-01",
       "",
       0,
       {kEnhanced},
       "2023-06-01",
       21435},
      {"standard rate gives no enhanced premium",
       v1::RELATIONSHIP_SINGLE,
       "1980-01-01",
       "",
       0,
       {kStandard},
       "2025-06-01",
       11250 + 4965},
      {"enhanced",
       v1::RELATIONSHIP_SINGLE,
       "1980-01-01",
       "",
       0,
       {kEnhanced},
       "2025-06-01",
       11250 + 4965 + 2425},
      {"carer only", v1::RELATIONSHIP_SINGLE, "1980-01-01", "", 0, {kCarer}, "2025-06-01", 11250 + 5325},
      {"lone parent of two",
       v1::RELATIONSHIP_LONE_PARENT,
       "1990-01-01",
       "",
       2,
       {},
       "2023-06-01",
       10365 + 2 * 9490},
      {"couple", v1::RELATIONSHIP_COUPLE, "1980-01-01", "1982-01-01", 0, {}, "2025-06-01", 8835},
      {"couple, partner of pension age",
       v1::RELATIONSHIP_COUPLE,
       "1980-01-01",
       "1950-01-01",
       0,
       {},
       "2025-06-01",
       17755},
  };
  for (const Case& c : cases) {
    const auto guarantee = Guarantee(c);
    ASSERT_TRUE(guarantee.ok()) << c.what << ": " << guarantee.status();
    EXPECT_EQ(*guarantee, c.expected_pence) << c.what;
  }
}

TEST(Guarantee, PartnersBenefitGivesTheCouplePremium) {
  v1::FinancialFacts facts;
  v1::Household& household = *facts.mutable_household();
  household.set_relationship(v1::RELATIONSHIP_COUPLE);
  household.set_birth_date("1980-01-01");
  household.set_partner_birth_date("1981-01-01");
  household.add_partner_benefits(kEnhanced);
  explain::Trace trace;
  const v1::AllocationPolicy local;
  const auto guarantee =
      AssessGuarantee(facts, RatesOn(absl::CivilDay(2025, 6, 1), {National(), local}), trace);
  ASSERT_TRUE(guarantee.ok()) << guarantee.status();
  EXPECT_EQ(*guarantee, 8835 + 3540 + 1745);
}

TEST(Guarantee, CouncilMayAdd) {
  const Case single = {"", v1::RELATIONSHIP_SINGLE, "1980-01-01", "", 0, {}, "2025-06-01", 0};
  EXPECT_EQ(*Guarantee(single, CouncilPolicy()), 11250 + 500);
}

TEST(Guarantee, RefusesWhatItHasNoRateFor) {
  const Case single = {"", v1::RELATIONSHIP_SINGLE, "1980-01-01", "", 0, {}, "2026-06-01", 0};
  EXPECT_EQ(errors::ReasonOf(Guarantee(single).status()), v1::ERROR_REASON_NO_RATE);
}

TEST(Guarantee, NamesTheDayWhoseRatesAreMissing) {
  v1::AllocationPolicy local;
  v1::GuaranteeDelay* delay = local.add_guarantee_delays();
  delay->set_charged_before_date("2015-06-01");
  delay->set_rates_of_date("2015-04-05");
  v1::FinancialFacts facts = Single("1980-01-01");
  facts.set_first_charged_date("2015-05-01");
  explain::Trace trace;
  const absl::Status status =
      AssessGuarantee(facts, RatesOn(absl::CivilDay(2025, 6, 1), {National(), local}), trace).status();
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("on 2015-04-05"));
}

TEST(Guarantee, RefusesWhereOnePremiumOfSeveralHasNoRate) {
  v1::AllocationPolicy national = National();
  for (int i = national.guarantee_rates_size(); i-- > 0;) {
    if (national.guarantee_rates(i).component() == v1::GUARANTEE_COMPONENT_ENHANCED_DISABILITY_SINGLE) {
      national.mutable_guarantee_rates()->DeleteSubrange(i, 1);
    }
  }
  v1::FinancialFacts facts = Single("1980-01-01");
  facts.mutable_household()->add_benefits(kStandard);
  const v1::AllocationPolicy local;
  const ChargingRates rates = RatesOn(absl::CivilDay(2025, 6, 1), {national, local});
  explain::Trace trace;
  EXPECT_TRUE(AssessGuarantee(facts, rates, trace).ok());
  facts.mutable_household()->add_benefits(kEnhanced);
  EXPECT_EQ(errors::ReasonOf(AssessGuarantee(facts, rates, trace).status()), v1::ERROR_REASON_NO_RATE);
}

TEST(Guarantee, RefusesIncompleteCouples) {
  const Case couple = {"", v1::RELATIONSHIP_COUPLE, "1980-01-01", "", 0, {}, "2025-06-01", 0};
  EXPECT_EQ(errors::ReasonOf(Guarantee(couple).status()), v1::ERROR_REASON_INVALID_FIELD);
}

TEST(PensionDay, FollowsTheDateOfBirth) {
  const absl::CivilDay day(2025, 6, 1);
  const v1::AllocationPolicy local;
  const ChargingRates rates = RatesOn(day, {National(), local});
  EXPECT_EQ(*PensionDay(absl::CivilDay(1960, 4, 5), rates), absl::CivilDay(2026, 4, 5));
  EXPECT_EQ(*PensionDay(absl::CivilDay(1960, 4, 6), rates), absl::CivilDay(2026, 5, 6));
  EXPECT_EQ(*PensionDay(absl::CivilDay(1961, 3, 5), rates), absl::CivilDay(2028, 2, 5));
  EXPECT_EQ(*PensionDay(absl::CivilDay(1961, 3, 6), rates), absl::CivilDay(2028, 3, 6));
  EXPECT_LE(*PensionDay(absl::CivilDay(1930, 1, 1), rates), day);
  EXPECT_EQ(*PensionDay(absl::CivilDay(1956, 2, 29), rates), absl::CivilDay(2022, 3, 1))
      << "as every age of who is born on 29 February";
  EXPECT_EQ(*PensionDay(absl::CivilDay(1961, 1, 31), rates), absl::CivilDay(2027, 11, 30))
      << "66 years and 10 months, in a month of 30 days";
  EXPECT_EQ(errors::ReasonOf(PensionDay(absl::CivilDay(1950, 1, 1),
                                        RatesOn(absl::CivilDay(2016, 1, 1), {National(), local}))
                                 .status()),
            v1::ERROR_REASON_NO_RATE);
}

}  // namespace
}  // namespace ipb::allocation
