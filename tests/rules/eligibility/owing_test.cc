// Who owes a person what they are entitled to while they are in custody and after a move.
#include "services/eligibility/rules/owing.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/eligibility/rules/entitlements.h"
#include "tests/rules/eligibility/cases.h"

namespace ipb::eligibility {
namespace {

using testing::IsEmpty;

constexpr char kOther[] = "E10000028";
constexpr absl::CivilDay kDay(2026, 11, 22);

struct Held {
  std::string organisation;
  v1::ResponsibilityRole role;
  std::string from_date = "2026-01-01";
  std::string to_date = "";
  v1::Responsibility::State state = v1::Responsibility::STATE_ACCEPTED;
};

v1::Person PersonWith(const std::vector<Held>& all) {
  v1::Person person;
  for (const Held& one : all) {
    v1::Responsibility* held = person.add_responsibilities();
    held->set_organisation(one.organisation);
    held->set_role(one.role);
    held->set_effective_from_date(one.from_date);
    held->set_effective_to_date(one.to_date);
    held->set_state(one.state);
  }
  return person;
}

v1::Entitlement Owed(const v1::Person& person,
                     v1::EligibilityRegime regime = v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT,
                     const std::string& decider = kCouncil) {
  v1::Entitlement entitlement;
  entitlement.set_regime(regime);
  entitlement.set_organisation(decider);
  NameWhoOwes(person, kDay, entitlement);
  return entitlement;
}

std::string Explained(const v1::Entitlement& entitlement) {
  const auto& steps = entitlement.explanation().steps();
  return steps.empty() ? "" : steps.rbegin()->rule_id();
}

TEST(Owing, IsOfWhoDecidedWhileTheyAreResponsible) {
  const v1::Entitlement found = Owed(PersonWith(
      {{kCouncil, v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE}, {kOther, v1::RESPONSIBILITY_ROLE_HOST}}));
  EXPECT_EQ(found.owed_by_organisation(), kCouncil);
  EXPECT_THAT(found.explanation().steps(), IsEmpty());
}

TEST(Owing, IsOfTheCouncilWhereThePersonIsInCustody) {
  const v1::Entitlement found = Owed(PersonWith(
      {{kCouncil, v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE}, {kOther, v1::RESPONSIBILITY_ROLE_PRISON}}));
  EXPECT_EQ(found.organisation(), kCouncil);
  EXPECT_EQ(found.owed_by_organisation(), kOther);
  EXPECT_EQ(Explained(found), "ENTITLEMENT-OWED-IN-CUSTODY");
  EXPECT_EQ(found.explanation().steps(0).legal_source(), "Care Act 2014 s76");
}

TEST(Owing, ReturnsFromCustodyWithTheDayAfterIt) {
  for (const auto& [last_date, owes] :
       {std::pair<std::string, std::string>{"2026-11-22", kOther}, {"2026-11-21", kCouncil}}) {
    const v1::Entitlement found =
        Owed(PersonWith({{kCouncil, v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE},
                         {kOther, v1::RESPONSIBILITY_ROLE_PRISON, "2026-10-01", last_date}}));
    EXPECT_EQ(found.owed_by_organisation(), owes) << last_date;
  }
}

TEST(Owing, PassesOnTheDayOfAMoveToWhoContinuesOrIsOfResidence) {
  for (const auto role : {v1::RESPONSIBILITY_ROLE_CONTINUITY, v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE}) {
    const v1::Entitlement on_the_day =
        Owed(PersonWith({{kCouncil, v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE, "2026-01-01", "2026-11-21"},
                         {kOther, role, "2026-11-22"}}));
    EXPECT_EQ(on_the_day.owed_by_organisation(), kOther);
    EXPECT_EQ(Explained(on_the_day), "ENTITLEMENT-OWED-AFTER-MOVE");
    EXPECT_EQ(
        Owed(PersonWith({{kCouncil, v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE, "2026-01-01", "2026-11-22"},
                         {kOther, role, "2026-11-23"}}))
            .owed_by_organisation(),
        kCouncil);
  }
}

TEST(Owing, DoesNotPassToWhoWaitsOrOnlyHosts) {
  for (const Held& one :
       {Held{kOther, v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE, "2026-11-22", "",
             v1::Responsibility::STATE_PENDING},
        Held{kOther, v1::RESPONSIBILITY_ROLE_PRISON, "2026-11-22", "", v1::Responsibility::STATE_WITHDRAWN},
        Held{kOther, v1::RESPONSIBILITY_ROLE_HOST}, Held{kIcb, v1::RESPONSIBILITY_ROLE_RESPONSIBLE_ICB}}) {
    EXPECT_EQ(Owed(PersonWith({one})).owed_by_organisation(), kCouncil) << one.organisation << one.role;
  }
}

TEST(Owing, OfOtherLawsStaysWithWhoDecided) {
  const v1::Person person =
      PersonWith({{kOther, v1::RESPONSIBILITY_ROLE_CONTINUITY}, {kOther, v1::RESPONSIBILITY_ROLE_PRISON}});
  for (const auto regime : {v1::ELIGIBILITY_REGIME_CARE_ACT_CARER, v1::ELIGIBILITY_REGIME_SECTION_117}) {
    EXPECT_EQ(Owed(person, regime).owed_by_organisation(), kCouncil) << regime;
  }
  EXPECT_EQ(Owed(person, v1::ELIGIBILITY_REGIME_CHC, kIcb).owed_by_organisation(), kIcb);
}

}  // namespace
}  // namespace ipb::eligibility
