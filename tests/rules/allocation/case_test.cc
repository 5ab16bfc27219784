// Every case file of allocation, judged by the rules, by the national policy that ships and by the rows of
// the council that the case gives.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "services/allocation/rules/costed_plan.h"
#include "services/allocation/rules/derivation.h"
#include "services/allocation/rules/indicative_amount.h"
#include "services/allocation/rules/table_fit.h"
#include "services/allocation/rules/uplift.h"
#include "tests/rules/allocation/budget_story.h"
#include "tests/rules/allocation/case_facts.h"
#include "tests/rules/allocation/course_world.h"
#include "tests/rules/allocation/fixtures.h"
#include "tests/rules/support/case_file.h"
#include "tests/rules/support/text_file.h"

namespace ipb::allocation {
namespace {

using cases::v1::AllocationCase;

const absl::CivilDay kDay(2025, 6, 1);

// What was found, with how.
template <typename Found>
struct Decision {
  Found found;
  explain::Trace trace;
};

template <typename Found>
Found FoundOf(const Decision<Found>& decision) {
  return decision.found;
}

// Compares what was found, or the refusal in its place, with what the case expects.
template <typename Found>
void Check(const AllocationCase& given, const absl::StatusOr<Found>& found, const Found& expected,
           const explain::Trace& trace) {
  using Decided = absl::StatusOr<Decision<Found>>;
  const Decided decided = found.ok() ? Decided(Decision<Found>{*found, trace}) : Decided(found.status());
  tests::Check(given.expect(), decided, expected, FoundOf<Found>);
}

// The budgets that a change makes, with the steps of all of them.
struct Changed {
  struct Steps {
    v1::Explanation explanation;
    v1::Explanation Render(absl::string_view, absl::string_view) const { return explanation; }
  };
  v1::ChangedBudgets found;
  Steps trace;
};

Changed ChangedBy(const ChangeDecision& decision) {
  Changed changed{ReplyOf(decision), {}};
  for (const DerivedBudget& made : decision.made) {
    changed.trace.explanation.MergeFrom(made.trace.Render("", ""));
  }
  return changed;
}

v1::ChangedBudgets BudgetsOf(const Changed& changed) { return changed.found; }

void JudgeCharge(const AllocationCase& given, absl::CivilDay day) {
  const cases::v1::ChargeCase& judged = given.charge();
  explain::Trace trace;
  const auto charge = DecideCharge(FactsOf(judged.means()), LinesOf(judged),
                                   RatesOn(day, {National(), given.local()}), trace);
  Check(given, charge, judged.charge(), trace);
}

void JudgeCosting(const AllocationCase& given, absl::CivilDay day) {
  explain::Refusal refusal;
  explain::Trace trace;
  auto costing = CostPlan(ComponentsOf(given.costing()), day, {National(), given.local()}, refusal, trace);
  if (costing.ok() && !refusal.empty()) costing = refusal.ToStatus();
  Check(given, costing, given.costing().costing(), trace);
}

void JudgeIndicative(const AllocationCase& given, absl::CivilDay day) {
  explain::Trace trace;
  const auto amount = DecideIndicativeAmount(RequestOf(given.indicative(), day), AskerOf(given.indicative()),
                                             given.local(), trace);
  Check(given, amount, given.indicative().amount(), trace);
}

// The budget with what has changed since it was agreed, and what it was before among the others.
absl::StatusOr<BudgetFacts> ChangedSince(const AllocationCase& given, absl::CivilDay day) {
  BudgetFacts facts;
  facts.budget = BudgetOf(given.uplift());
  facts.decision = PanelDecision(dates::Format(day));
  const auto& changes = given.uplift().budget().changes();
  if (changes.empty()) return facts;
  const std::vector<v1::BudgetChange> before(changes.begin(), changes.end());
  IPB_ASSIGN_OR_RETURN(ChangeDecision decision,
                       DecideChanges(facts, before, {National(), given.local()}, day,
                                     [] { return std::string("people/a/budgets/2"); }));
  facts.others = std::move(decision.changed);
  facts.budget = std::move(decision.made.back().budget);
  return facts;
}

// The change, and what it makes of the budget.
absl::StatusOr<cases::v1::Uplifted> DecideUplifted(const AllocationCase& given, absl::CivilDay day,
                                                   explain::Trace& trace) {
  const std::string& organisation = given.uplift().organisation();
  IPB_ASSIGN_OR_RETURN(const BudgetFacts facts, ChangedSince(given, day));
  IPB_ASSIGN_OR_RETURN(
      const std::optional<v1::BudgetChange> change,
      UpliftOf(facts.budget, organisation.empty() ? kCouncil : organisation, given.local(), day, trace));
  cases::v1::Uplifted uplifted;
  if (!change) return uplifted;
  *uplifted.mutable_change() = *change;
  IPB_ASSIGN_OR_RETURN(const ChangeDecision decision,
                       DecideChanges(facts, {*change}, {National(), given.local()}, day,
                                     [] { return std::string("people/a/budgets/3"); }));
  *uplifted.mutable_budget() = decision.made.front().budget;
  return uplifted;
}

void JudgeUplift(const AllocationCase& given, absl::CivilDay day) {
  explain::Trace trace;
  const auto uplifted = DecideUplifted(given, day, trace);
  Check(given, uplifted, given.uplift().uplifted(), trace);
}

void JudgeCourse(const AllocationCase& given) {
  const cases::v1::CourseCase& judged = given.course();
  CourseWorld world(given.local(), judged);
  for (int i = 0; i + 1 < judged.steps_size(); ++i) {
    // The world has begun with the means that a case assesses first.
    if (i == 0 && judged.steps(i).has_assessed()) continue;
    const auto done = world.Do(judged.steps(i));
    ASSERT_TRUE(done.ok()) << "step " << i + 1 << ": " << done.status();
  }
  const auto decision = world.Do(judged.steps(judged.steps_size() - 1));
  using Decided = absl::StatusOr<Changed>;
  const Decided decided = decision.ok() ? Decided(ChangedBy(*decision)) : Decided(decision.status());
  tests::Check(given.expect(), decided, judged.changed(), BudgetsOf);
  if (judged.course().empty()) return;
  cases::v1::CourseCase course, expected;
  for (const v1::Budget& budget : world.Course()) *course.add_course() = budget;
  *expected.mutable_course() = judged.course();
  tests::CheckResult({}, expected, course, {});
}

void JudgeFit(const AllocationCase& given) {
  explain::Trace trace;
  const auto table = FitTable(RequestOf(given.fit()), trace);
  Check(given, table, given.fit().table(), trace);
}

v1::Budget BudgetOf(const BudgetDecision& decision) { return decision.budget; }

void JudgeBudget(const AllocationCase& given, absl::CivilDay day) {
  const absl::StatusOr<BudgetDecision> decision = LastDecision(given, day);
  tests::Check(given.expect(), decision, given.budget().budget(), BudgetOf);
  if (!decision.ok()) return;
  for (const v1::Budget& expected : given.budget().changed()) {
    const auto& changed = decision->changed;
    const auto found = std::find_if(changed.begin(), changed.end(), [&expected](const v1::Budget& one) {
      return one.name() == expected.name();
    });
    ASSERT_NE(found, changed.end()) << expected.name() << " is not changed";
    tests::CheckResult({}, expected, *found, {});
  }
}

class Cases : public testing::TestWithParam<std::string> {};

TEST_P(Cases, IsJudgedAsItSays) {
  AllocationCase given;
  tests::ReadText(GetParam(), given);
  tests::CheckHeading(given.about());
  SCOPED_TRACE(given.about().title());
  const absl::CivilDay day = given.decision_date().empty() ? kDay : dates::Checked(given.decision_date());
  switch (given.judged_case()) {
    case AllocationCase::kCharge:
      return JudgeCharge(given, day);
    case AllocationCase::kCosting:
      return JudgeCosting(given, day);
    case AllocationCase::kIndicative:
      return JudgeIndicative(given, day);
    case AllocationCase::kUplift:
      return JudgeUplift(given, day);
    case AllocationCase::kCourse:
      return JudgeCourse(given);
    case AllocationCase::kFit:
      return JudgeFit(given);
    case AllocationCase::kBudget:
      return JudgeBudget(given, day);
    case AllocationCase::JUDGED_NOT_SET:
      FAIL() << "the case says nothing to judge";
  }
}

std::string NameOf(const testing::TestParamInfo<std::string>& info) { return tests::CaseName(info.param); }

INSTANTIATE_TEST_SUITE_P(Allocation, Cases,
                         testing::ValuesIn(tests::TextFiles("tests/rules/allocation/cases")), NameOf);

}  // namespace
}  // namespace ipb::allocation
