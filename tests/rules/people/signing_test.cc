// What GetAuthority says of signing is what care planning does: the two rooms do not share code, so a test
// holds them together over every age, finding and appointment.
#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/careplanning/rules/plan_moves.h"
#include "tests/rules/careplanning/examples.h"
#include "tests/rules/people/cases.h"

namespace ipb::people::rules {
namespace {

using Kind = v1::Representative;
using Role = v1::PlanSignature;

// Both services on 1 May 2026, the day of care planning's examples.
const absl::CivilDay kDay = careplanning::kToday;

// Whether anybody of that name may sign under any law.
bool MaySign(const AuthorityFacts& facts, const std::string& who) {
  const auto authority = AuthorityOn(facts, kDay);
  EXPECT_TRUE(authority.ok()) << authority.status();
  bool may = false;
  for (const auto& regime : authority->regimes()) {
    for (const auto& verdict : regime.verdicts()) {
      may = may || (verdict.who() == who && verdict.act() == v1::AUTHORITY_ACT_SIGN && verdict.may());
    }
  }
  return may;
}

// Whether care planning takes the signature.
bool IsTaken(const AuthorityFacts& facts, bool lacks, Role::Role role, const std::string& representative) {
  const auto proposed = careplanning::DecidePropose(careplanning::CompletePlan(), careplanning::JointBudget(),
                                                    careplanning::ShippedPolicy(), kDay);
  EXPECT_TRUE(proposed.ok()) << proposed.status();
  v1::Plan plan = proposed->plan;
  plan.mutable_capacity()->set_lacks_capacity(lacks);
  careplanning::PersonFacts person;
  person.name = facts.person.name();
  person.birth_date = dates::Checked(facts.person.birth_date());
  person.representatives = facts.representatives;
  v1::SignPlanRequest request;
  request.mutable_signature()->set_role(role);
  request.mutable_signature()->set_representative(representative);
  return careplanning::DecideSign(plan, person, request, careplanning::Author(),
                                  careplanning::ShippedPolicy(), kDay)
      .ok();
}

TEST(Signing, IsJudgedAsCarePlanningJudgesIt) {
  int taken = 0;
  for (const char* born : {"2010-05-02", "2010-05-01", "2008-05-02", "2008-05-01", "1980-03-15"}) {
    for (const bool lacks : {false, true}) {
      // No finding is recorded of a person under 16.
      if (lacks && std::string(born) == "2010-05-02") continue;
      for (int kind = 1; kind <= Kind::KIND_DEPUTY; ++kind) {
        for (const char* last : {"", "2026-04-30"}) {
          AuthorityFacts facts = Facts(born);
          if (lacks) facts.capacity = {Lacking(v1::CapacityDecision::MATTER_CARE_AND_SUPPORT)};
          auto row = Kept<v1::Representative>("representatives", 1, "effective_from_date: '2026-01-01'");
          row.set_kind(static_cast<Kind::Kind>(kind));
          row.set_effective_to_date(last);
          facts.representatives = {row};
          const std::string what = absl::StrCat("born ", born, lacks ? ", lacking, " : ", ",
                                                Kind::Kind_Name(row.kind()), " until ", last);
          EXPECT_EQ(MaySign(facts, kPerson), IsTaken(facts, lacks, Role::ROLE_PERSON, "")) << what;
          const bool parent = row.kind() == Kind::KIND_PARENT;
          // Who has parental responsibility signs by that, and names no appointment that could have ended.
          if (parent && *last != 0) continue;
          const bool signs = parent ? IsTaken(facts, lacks, Role::ROLE_PARENTAL_RESPONSIBILITY, "")
                                    : IsTaken(facts, lacks, Role::ROLE_REPRESENTATIVE, row.name());
          EXPECT_EQ(MaySign(facts, row.name()), signs) << what;
          taken += signs ? 1 : 0;
        }
      }
    }
  }
  EXPECT_GT(taken, 5);
}

}  // namespace
}  // namespace ipb::people::rules
