// What holds of every budget that is handed over, uplifted and worked out again, in whatever order that
// becomes known.
#include "services/allocation/rules/derivation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <tuple>

#include "common/dates/civil.h"
#include "common/money/accrual.h"
#include "services/allocation/rules/rederivation.h"
#include "tests/rules/allocation/course_world.h"
#include "tests/rules/allocation/fixtures.h"

namespace ipb::allocation {
namespace {

const absl::CivilDay kFirst(2025, 4, 7);
const absl::CivilDay kLate(2026, 1, 19);
constexpr int kRounds = 400;

// What a funder, or the person, owes: by organisation and basis, the person under no name.
using Owed = std::map<std::pair<std::string, int>, int64_t>;

// What is owed for the days of a course from its beginning to `last`.
Owed OwedBy(const std::vector<v1::Budget>& course, absl::CivilDay last) {
  Owed owed;
  for (const v1::Budget& budget : course) {
    const absl::CivilDay from = dates::Checked(budget.effective_from_date());
    const absl::CivilDay to = budget.effective_to_date().empty()
                                  ? last
                                  : std::min(last, dates::Checked(budget.effective_to_date()));
    owed[{"", 0}] += *money::DuePence(budget.contribution_weekly_pence(), kFirst, from, to);
    for (const v1::BudgetComponent& component : budget.components()) {
      if (component.weekly_pence() == 0) continue;
      std::vector<money::Fraction> parts;
      for (const auto& share : component.shares()) {
        parts.push_back({share.share().numerator(), share.share().denominator()});
      }
      const auto due = *money::DueByPart(component.weekly_pence(), parts, kFirst, from, to);
      for (size_t i = 0; i < parts.size(); ++i) {
        owed[{component.shares(i).organisation(), component.shares(i).basis()}] += due[i];
      }
    }
  }
  return owed;
}

void AddTo(const v1::Budget& budget, Owed& owed) {
  for (const auto& one : budget.adjustments()) {
    owed[{one.organisation(), one.basis()}] += one.difference_pence();
  }
  for (const auto& one : budget.contribution_adjustments()) owed[{"", 0}] += one.difference_pence();
}

void AddTo(const ChangeDecision& decision, Owed& owed) {
  for (const DerivedBudget& made : decision.made) AddTo(made.budget, owed);
}

// Nobody who owes nothing.
Owed Real(Owed owed) {
  for (auto at = owed.begin(); at != owed.end();) at = at->second == 0 ? owed.erase(at) : std::next(at);
  return owed;
}

// The course as money: from which day on how much of whom, and what the person pays. Whether a hand-over to
// who funds already made a budget of its own depends on when it became known, and is left out.
std::vector<std::string> Told(const std::vector<v1::Budget>& course) {
  std::vector<std::string> told;
  std::string before;
  for (const v1::Budget& budget : course) {
    v1::Budget money;
    *money.mutable_components() = budget.components();
    money.set_contribution_weekly_pence(budget.contribution_weekly_pence());
    const std::string said = money.ShortDebugString();
    if (said != before) told.push_back(budget.effective_from_date() + ": " + said);
    before = said;
  }
  return told;
}

class AnyCourse : public testing::Test {
 protected:
  int64_t Below(int64_t limit) { return std::uniform_int_distribution<int64_t>(0, limit - 1)(random_); }

  absl::CivilDay AnyDay() { return kFirst + Below(kLate - kFirst); }

  std::vector<v1::FundingShare> AnyShares() {
    const int64_t parts = 1 + Below(7);
    const int64_t council = Below(parts + 1);
    if (council == 0) return {Share(kIcb, v1::FUNDING_BASIS_JOINT_PACKAGE, 1, 1)};
    if (council == parts) return {Share(kCouncil, v1::FUNDING_BASIS_CARE_ACT, 1, 1)};
    return {Share(kCouncil, v1::FUNDING_BASIS_CARE_ACT, council, parts),
            Share(kIcb, v1::FUNDING_BASIS_JOINT_PACKAGE, parts - council, parts)};
  }

  cases::v1::CourseCase AnyBudget() {
    cases::v1::CourseCase given;
    given.set_first_date(dates::Format(kFirst));
    given.add_determinations();
    given.add_determinations()->mutable_decision()->set_organisation(kIcb);
    const int64_t components = 1 + Below(3);
    for (int64_t i = 0; i < components; ++i) {
      v1::BudgetComponent one =
          Hours(std::string(1, static_cast<char>('a' + i)), 15 * (1 + Below(200)), 0, AnyShares());
      one.set_unit_rate("hour");
      *given.add_components() = one;
    }
    cases::v1::AssessedMeans& means = *given.add_steps()->mutable_assessed();
    means.set_effective_from_date(dates::Format(kFirst - 30));
    means.mutable_means()->set_other_weekly_pence(10000 + Below(30000));
    return given;
  }

  static v1::AllocationPolicy Local() {
    v1::AllocationPolicy local;
    *local.add_unit_rates() = Price(1800, "");
    return local;
  }

  static v1::UnitRate Price(int64_t unit_pence, const std::string& from_date) {
    v1::UnitRate price;
    price.set_code("hour");
    price.set_unit(v1::COST_UNIT_HOUR);
    price.set_unit_pence(unit_pence);
    price.mutable_provenance()->set_effective_from_date(from_date);
    return price;
  }

  // Something that changes the budget on a day of its own, so that no two are of one day.
  cases::v1::CourseStep AnyStep(const cases::v1::CourseCase& given, absl::CivilDay day) {
    cases::v1::CourseStep step;
    const v1::BudgetComponent& component = given.components(static_cast<int>(Below(given.components_size())));
    switch (Below(4)) {
      case 0: {
        v1::BudgetChange& change = *step.mutable_changed();
        change.set_effective_from_date(dates::Format(day));
        for (const auto& [organisation, basis] : {std::pair{kCouncil, v1::FUNDING_BASIS_CARE_ACT},
                                                  std::pair{kIcb, v1::FUNDING_BASIS_JOINT_PACKAGE}}) {
          if (Below(3) == 0) continue;
          v1::UpliftedShare& grown = *change.add_uplifted();
          grown.set_component_id(component.component_id());
          grown.set_organisation(organisation);
          grown.set_basis(basis);
          grown.mutable_part()->set_numerator(Below(100));
          grown.mutable_part()->set_denominator(1000);
        }
        return step;
      }
      case 1: {
        v1::HandOverFundingRequest& request = *step.mutable_hand_over();
        request.set_effective_from_date(dates::Format(day));
        v1::ComponentFunding& funding = *request.add_funding();
        funding.set_component_id(component.component_id());
        for (const auto& share : AnyShares()) *funding.add_shares() = share;
        return step;
      }
      case 2: {
        *step.mutable_announced() = Price(1000 + Below(2000), dates::Format(day));
        return step;
      }
      default: {
        step.mutable_assessed()->set_effective_from_date(dates::Format(day));
        step.mutable_assessed()->mutable_means()->set_other_weekly_pence(10000 + Below(30000));
        return step;
      }
    }
  }

  std::vector<cases::v1::CourseStep> AnySteps(const cases::v1::CourseCase& given) {
    std::vector<absl::CivilDay> days;
    for (int64_t n = 1 + Below(5); n > 0; --n) days.push_back(AnyDay());
    std::sort(days.begin(), days.end());
    days.erase(std::unique(days.begin(), days.end()), days.end());
    std::vector<cases::v1::CourseStep> steps;
    for (const absl::CivilDay day : days) steps.push_back(AnyStep(given, day));
    return steps;
  }

  // Does one thing, and works out again what it leaves to that. A hand-over is done unasked, as whether it is
  // refused for changing nothing depends on what is known by then.
  static void Live(CourseWorld& world, const cases::v1::CourseStep& step, Owed& adjusted) {
    v1::BudgetChange unasked;
    unasked.set_effective_from_date(step.hand_over().effective_from_date());
    *unasked.mutable_funding() = step.hand_over().funding();
    const auto done = step.has_hand_over() ? world.Change(unasked) : world.Do(step);
    ASSERT_TRUE(done.ok()) << done.status();
    AddTo(*done, adjusted);
    const v1::Budget standing = world.standing();
    // Whoever has a share is told beforehand, and nobody else.
    const char* const funder = Funds(standing, kCouncil) ? kCouncil : kIcb;
    const std::vector<std::string> told = world.ToRederive(funder);
    if (!Funds(standing, kIcb)) {
      ASSERT_TRUE(world.ToRederive(kIcb).empty());
    }
    const auto again = world.Rederive();
    if (again.ok()) AddTo(*again, adjusted);
    ASSERT_EQ(told, again.ok() ? std::vector<std::string>{standing.name()} : std::vector<std::string>());
  }

  std::mt19937_64 random_{20261130};
};

std::string DayOf(const cases::v1::CourseStep& step) {
  if (step.has_changed()) return step.changed().effective_from_date();
  if (step.has_hand_over()) return step.hand_over().effective_from_date();
  if (step.has_assessed()) return step.assessed().effective_from_date();
  return step.announced().provenance().effective_from_date();
}

TEST_F(AnyCourse, WhatArrivesLateInAnyOrderGivesOneCourse) {
  for (int round = 0; round < kRounds; ++round) {
    const cases::v1::CourseCase given = AnyBudget();
    std::vector<cases::v1::CourseStep> steps = AnySteps(given);
    CourseWorld in_order(Local(), given);
    in_order.today = kLate;
    Owed adjusted;
    for (const auto& step : steps) Live(in_order, step, adjusted);
    std::shuffle(steps.begin(), steps.end(), random_);
    CourseWorld shuffled(Local(), given);
    shuffled.today = kLate;
    Owed adjusted_otherwise;
    for (const auto& step : steps) Live(shuffled, step, adjusted_otherwise);
    ASSERT_EQ(Told(in_order.Course()), Told(shuffled.Course())) << round;
    ASSERT_EQ(Real(adjusted), Real(adjusted_otherwise)) << round;
  }
}

TEST_F(AnyCourse, WhatWasOwedAndAllAdjustmentsAreWhatIsOwed) {
  for (int round = 0; round < kRounds; ++round) {
    const cases::v1::CourseCase given = AnyBudget();
    CourseWorld world(Local(), given);
    world.today = kLate;
    Owed owed = OwedBy(world.Course(), kLate - 1);
    for (const auto& step : AnySteps(given)) Live(world, step, owed);
    ASSERT_EQ(Real(owed), Real(OwedBy(world.Course(), kLate - 1))) << round;
  }
}

TEST_F(AnyCourse, LateGivesWhatInTimeGivesButNoChargeForDaysThatPassed) {
  for (int round = 0; round < kRounds; ++round) {
    const cases::v1::CourseCase given = AnyBudget();
    const std::vector<cases::v1::CourseStep> steps = AnySteps(given);
    CourseWorld in_time(Local(), given), late(Local(), given);
    late.today = kLate;
    Owed unexpected, adjusted;
    for (const auto& step : steps) {
      in_time.today = dates::Checked(DayOf(step));
      Live(in_time, step, unexpected);
      Live(late, step, adjusted);
    }
    ASSERT_TRUE(Real(unexpected).empty()) << round << ": nothing had passed";
    Owed owed = OwedBy(in_time.Course(), kLate - 1), owed_late = OwedBy(late.Course(), kLate - 1);
    ASSERT_LE(owed_late[std::make_pair(std::string(), 0)], owed[std::make_pair(std::string(), 0)]) << round;
    owed.erase({"", 0});
    owed_late.erase({"", 0});
    ASSERT_EQ(Real(owed), Real(owed_late)) << round;
  }
}

TEST_F(AnyCourse, AnEndThatIsKnownLateLeavesWhatWasOwedUntilThen) {
  for (int round = 0; round < kRounds; ++round) {
    const cases::v1::CourseCase given = AnyBudget();
    CourseWorld world(Local(), given);
    world.today = kLate;
    Owed owed = OwedBy(world.Course(), kLate - 1);
    for (const auto& step : AnySteps(given)) Live(world, step, owed);
    // Some of the adjustments of the budget that ends may be of before.
    Owed known;
    for (const v1::Budget& budget : world.budgets()) AddTo(budget, known);
    ASSERT_TRUE(world.End(kFirst + Below(kLate - kFirst + 20)).ok()) << round;
    for (const v1::Budget& budget : world.budgets()) AddTo(budget, owed);
    for (const auto& [who, pence] : known) owed[who] -= pence;
    ASSERT_EQ(Real(owed), Real(OwedBy(world.Course(), kLate - 1))) << round;
  }
}

TEST_F(AnyCourse, HandingOverMovesMoneyBetweenBodiesAndNeverMakesThePersonPayBack) {
  int handed_over = 0;
  for (int round = 0; round < kRounds; ++round) {
    const cases::v1::CourseCase given = AnyBudget();
    CourseWorld world(Local(), given);
    world.today = kLate;
    cases::v1::CourseStep step;
    do {
      step = AnyStep(given, AnyDay());
    } while (!step.has_hand_over());
    const auto decision = world.Do(step);
    if (!decision.ok()) continue;
    ++handed_over;
    int64_t sum = 0, recharged = 0, owed_more = 0;
    const v1::ChangedBudgets reply = ReplyOf(*decision);
    for (const v1::Budget& budget : reply.budgets()) {
      for (const auto& one : budget.adjustments()) {
        sum += one.difference_pence();
        owed_more += std::max<int64_t>(one.difference_pence(), 0);
      }
      for (const auto& one : budget.contribution_adjustments()) ASSERT_LE(one.difference_pence(), 0) << round;
    }
    for (const auto& one : reply.recharges()) recharged += one.amount_pence();
    ASSERT_EQ(sum, 0) << round;
    ASSERT_EQ(recharged, owed_more) << round;
  }
  EXPECT_GT(handed_over, kRounds / 2);
}

TEST_F(AnyCourse, EveryDayHasOneBudgetAndThatIsFollowedByTheNext) {
  for (int round = 0; round < kRounds; ++round) {
    const cases::v1::CourseCase given = AnyBudget();
    CourseWorld world(Local(), given);
    world.today = kLate;
    Owed adjusted;
    for (const auto& step : AnySteps(given)) Live(world, step, adjusted);
    const std::vector<v1::Budget> course = world.Course();
    ASSERT_EQ(course.front().effective_from_date(), dates::Format(kFirst)) << round;
    for (size_t i = 0; i + 1 < course.size(); ++i) {
      ASSERT_EQ(dates::Checked(course[i].effective_to_date()) + 1,
                dates::Checked(course[i + 1].effective_from_date()))
          << round;
      ASSERT_EQ(course[i].superseded_by(), course[i + 1].name()) << round;
      ASSERT_EQ(course[i].state(), v1::Budget::STATE_SUPERSEDED) << round;
    }
    ASSERT_EQ(course.back().name(), world.standing().name()) << round;
    ASSERT_EQ(course.back().effective_to_date(), "") << round;
    const auto standing =
        std::count_if(world.budgets().begin(), world.budgets().end(),
                      [](const auto& budget) { return budget.state() == v1::Budget::STATE_AGREED; });
    ASSERT_EQ(standing, 1) << round;
  }
}

TEST_F(AnyCourse, WhatCannotBeWorkedOutAgainIsNamedToo) {
  const CourseWorld world(Local(), AnyBudget());
  BudgetFacts person;
  person.others = world.budgets();
  const v1::AllocationPolicy empty;
  const auto policies_of = [&](const v1::Budget&) { return Policies{National(), empty}; };
  EXPECT_EQ(
      BudgetsToRederive(person, Funds(world.standing(), kCouncil) ? kCouncil : kIcb, policies_of, kLate),
      std::vector<std::string>{world.standing().name()});
}

}  // namespace
}  // namespace ipb::allocation
