#include "tests/rules/allocation/course_world.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "services/allocation/rules/adjustment.h"
#include "services/allocation/rules/assessment.h"
#include "services/allocation/rules/costed_plan.h"
#include "services/allocation/rules/ending.h"
#include "services/allocation/rules/hand_over.h"
#include "services/allocation/rules/rederivation.h"
#include "services/allocation/rules/statement.h"
#include "tests/rules/allocation/case_facts.h"
#include "tests/rules/allocation/fixtures.h"

namespace ipb::allocation {
namespace {

constexpr char kPerson[] = "people/a";

v1::Determination DeterminationOf(const v1::Determination& given, const std::string& first_date, size_t n) {
  v1::Determination made = *Determined(absl::StrCat(kPerson, "/determinations/", n)).determination;
  made.set_effective_from_date(first_date);
  made.mutable_decision()->set_organisation(kCouncil);
  made.mutable_decision()->set_decision_date(first_date);
  made.MergeFrom(given);
  return made;
}

// Rows of a case hold on every day where they say nothing.
v1::AllocationPolicy WithWeeks(v1::AllocationPolicy local) {
  if (local.weeks_conventions().empty()) {
    local.add_weeks_conventions()->set_days_or_weeks(52);
    local.mutable_weeks_conventions(0)->set_divisor(1);
  }
  return local;
}

}  // namespace

CourseWorld::CourseWorld(const v1::AllocationPolicy& local, const cases::v1::CourseCase& given)
    : local_(WithWeeks(local)), given_(given) {
  const absl::CivilDay first_day = dates::Checked(given.first_date());
  today = first_day;
  for (const v1::Determination& one : given.determinations()) {
    const v1::Determination made = DeterminationOf(one, given.first_date(), determinations_.size() + 1);
    determinations_.push_back({made.name(), made});
  }
  v1::Budget agreed;
  agreed.set_name(absl::StrCat(kPerson, "/budgets/1"));
  agreed.set_plan(absl::StrCat(kPerson, "/plans/1"));
  agreed.set_state(v1::Budget::STATE_AGREED);
  agreed.set_mode(v1::Budget::MODE_LIVE);
  agreed.set_effective_from_date(given.first_date());
  agreed.set_effective_to_date(given.last_date());
  for (const NamedDetermination& one : determinations_) agreed.add_determinations(one.name);
  cases::v1::CostingCase costing;
  *costing.mutable_components() = given.components();
  explain::Trace trace;
  explain::Refusal refusal;
  const auto costed = CostPlan(ComponentsOf(costing), first_day, policies(), refusal, trace);
  EXPECT_TRUE(costed.ok() && refusal.empty()) << costed.status();
  // Means that the case assesses as its first step are those that the budget was agreed with.
  if (!given.steps().empty() && given.steps(0).has_assessed()) Do(given.steps(0)).IgnoreError();
  if (costed.ok()) {
    const absl::Status stated = StateBudget(*costed, assessments_, policies(), agreed, trace);
    EXPECT_TRUE(stated.ok()) << stated;
  }
  budgets_.push_back(agreed);
}

Policies CourseWorld::policies() const { return {National(), local_}; }

const v1::Budget& CourseWorld::standing() const {
  return *std::find_if(budgets_.begin(), budgets_.end(),
                       [](const v1::Budget& budget) { return budget.state() == v1::Budget::STATE_AGREED; });
}

BudgetFacts CourseWorld::Facts() const {
  BudgetFacts facts;
  facts.decision = PanelDecision(dates::Format(today));
  if (!given_.organisation().empty()) facts.decision.set_organisation(given_.organisation());
  facts.budget = standing();
  for (const v1::Budget& budget : budgets_) {
    if (budget.name() != facts.budget.name()) facts.others.push_back(budget);
  }
  facts.assessments = assessments_;
  facts.funders.kinds = ExampleKinds();
  facts.death_date = given_.death_date();
  return facts;
}

void CourseWorld::Assess(const std::string& effective_from_date, const v1::FinancialFacts& means) {
  AssessmentFacts facts;
  facts.name = absl::StrCat(kPerson, "/financialAssessments/", assessments_.size() + 1);
  facts.decision = PanelDecision(dates::Format(today));
  facts.assessments = assessments_;
  v1::RecordFinancialAssessmentRequest request;
  request.set_effective_from_date(effective_from_date);
  *request.mutable_facts() = means;
  const auto decision = DecideFinancialAssessment(facts, request, policies(), today);
  ASSERT_TRUE(decision.ok()) << decision.status();
  assessments_ = After(*decision, std::move(assessments_));
}

void CourseWorld::Announce(const v1::UnitRate& price) {
  const std::string& from_date = price.provenance().effective_from_date();
  for (v1::UnitRate& row : *local_.mutable_unit_rates()) {
    auto& period = *row.mutable_provenance();
    if (row.code() != price.code() || row.unit() != price.unit()) continue;
    if (!dates::Within(dates::Checked(from_date), period.effective_from_date(), period.effective_to_date()))
      continue;
    period.set_effective_to_date(dates::Format(dates::Checked(from_date) - 1));
  }
  *local_.add_unit_rates() = price;
}

absl::StatusOr<ChangeDecision> CourseWorld::Keep(absl::StatusOr<ChangeDecision> decision) {
  if (!decision.ok()) return decision;
  for (const v1::Budget& changed : decision->changed) {
    for (v1::Budget& one : budgets_) {
      if (one.name() == changed.name()) one = changed;
    }
  }
  for (const DerivedBudget& made : decision->made) budgets_.push_back(made.budget);
  return decision;
}

absl::StatusOr<ChangeDecision> CourseWorld::HandOver(v1::HandOverFundingRequest request) {
  BudgetFacts facts = Facts();
  if (request.determinations().empty()) {
    for (const NamedDetermination& one : determinations_) request.add_determinations(one.name);
  }
  for (const std::string& name : request.determinations()) {
    const auto known = std::find_if(determinations_.begin(), determinations_.end(),
                                    [&](const NamedDetermination& one) { return one.name == name; });
    facts.determinations.push_back(known == determinations_.end() ? NamedDetermination{name, std::nullopt}
                                                                  : *known);
  }
  size_t n = budgets_.size();
  return Keep(DecideHandOver(facts, request, policies(), today,
                             [&] { return absl::StrCat(kPerson, "/budgets/", ++n); }));
}

absl::StatusOr<ChangeDecision> CourseWorld::Rederive() {
  size_t n = budgets_.size();
  return Keep(DecideRederivation(Facts(), policies(), today,
                                 [&] { return absl::StrCat(kPerson, "/budgets/", ++n); }));
}

absl::StatusOr<BudgetDecision> CourseWorld::End(absl::CivilDay death) {
  BudgetFacts facts = Facts();
  facts.death_date = dates::Format(death);
  v1::EndFundingRequest request;
  request.set_effective_to_date(facts.death_date);
  request.set_end_reason(v1::Budget::END_REASON_DEATH);
  absl::StatusOr<BudgetDecision> decision = DecideEndFunding(facts, request, today);
  if (!decision.ok()) return decision;
  const auto keep = [&](const v1::Budget& decided) {
    for (v1::Budget& one : budgets_) {
      if (one.name() == decided.name()) one = decided;
    }
  };
  keep(decision->budget);
  for (const v1::Budget& changed : decision->changed) keep(changed);
  return decision;
}

std::vector<std::string> CourseWorld::ToRederive(const std::string& organisation) const {
  BudgetFacts person = Facts();
  person.budget.Clear();
  person.others = budgets_;
  return BudgetsToRederive(
      person, organisation, [&](const v1::Budget&) { return policies(); }, today);
}

absl::StatusOr<ChangeDecision> CourseWorld::Change(v1::BudgetChange change) {
  size_t n = budgets_.size();
  change.set_recorded_date(dates::Format(today));
  const std::vector<v1::BudgetChange> changes = {change};
  return Keep(DecideChanges(Facts(), changes, policies(), today,
                            [&] { return absl::StrCat(kPerson, "/budgets/", ++n); }));
}

absl::StatusOr<ChangeDecision> CourseWorld::Do(const cases::v1::CourseStep& step) {
  if (!step.today().empty()) today = dates::Checked(step.today());
  switch (step.happens_case()) {
    case cases::v1::CourseStep::kHandOver:
      return HandOver(step.hand_over());
    case cases::v1::CourseStep::kRederived:
      return Rederive();
    case cases::v1::CourseStep::kAssessed:
      Assess(step.assessed().effective_from_date(), FactsOf(step.assessed().means()));
      return ChangeDecision{};
    case cases::v1::CourseStep::kAnnounced:
      Announce(step.announced());
      return ChangeDecision{};
    case cases::v1::CourseStep::kChanged:
      return Change(step.changed());
    case cases::v1::CourseStep::HAPPENS_NOT_SET:
      break;
  }
  ADD_FAILURE() << "a step says nothing";
  return ChangeDecision{};
}

std::vector<v1::Budget> CourseWorld::Course() const {
  std::vector<v1::Budget> course;
  for (const v1::Budget& budget : budgets_) {
    const std::string& last_date = budget.effective_to_date();
    if (last_date.empty() || last_date >= budget.effective_from_date()) course.push_back(budget);
  }
  std::sort(course.begin(), course.end(), [](const v1::Budget& a, const v1::Budget& b) {
    return a.effective_from_date() < b.effective_from_date();
  });
  return course;
}

v1::ChangedBudgets ReplyOf(const ChangeDecision& decision) {
  v1::ChangedBudgets reply;
  std::vector<v1::FundingAdjustment> adjustments;
  int64_t contribution = 0;
  for (const DerivedBudget& made : decision.made) {
    *reply.add_budgets() = made.budget;
    adjustments.insert(adjustments.end(), made.budget.adjustments().begin(), made.budget.adjustments().end());
    for (const auto& one : made.budget.contribution_adjustments()) contribution += one.difference_pence();
  }
  *reply.mutable_recharges() = *RechargesOf(adjustments);
  reply.set_contribution_difference_pence(contribution);
  return reply;
}

}  // namespace ipb::allocation
