#include "tests/rules/allocation/budget_story.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "services/allocation/rules/agreement.h"
#include "services/allocation/rules/ending.h"
#include "tests/rules/allocation/fixtures.h"

namespace ipb::allocation {
namespace {

using cases::v1::BudgetStep;

constexpr char kPerson[] = "people/p";
constexpr char kFirstDate[] = "2025-06-09";
constexpr char kRevisedDate[] = "2025-07-07";
constexpr char kEndDate[] = "2025-09-07";
constexpr int32_t kMinutes = 1200;
constexpr int64_t kUnitPence = 1600;
constexpr int64_t kMostPence = 5000;

std::string NameOf(const char* collection, size_t number) {
  return absl::StrCat(kPerson, "/", collection, "/", number);
}

// The resource of that name; without a name, or where there is none, a further one, which begins as
// `ordinary`.
template <typename Resource>
Resource& Of(const std::string& name, const char* collection, const Resource& ordinary,
             std::vector<Resource>& known) {
  for (Resource& one : known) {
    if (one.name() == name) return one;
  }
  Resource& further = known.emplace_back(ordinary);
  further.set_name(name.empty() ? NameOf(collection, known.size()) : name);
  return further;
}

// What a component says too little of is 20 hours of a personal assistant, the council's alone.
v1::BudgetComponent Completed(v1::BudgetComponent component, int number) {
  if (component.component_id().empty()) component.set_component_id(absl::StrCat(number));
  if (component.shares().empty()) *component.add_shares() = Share(kCouncil, v1::FUNDING_BASIS_CARE_ACT, 1, 1);
  if (component.kind() != v1::COMPONENT_KIND_UNSPECIFIED) return component;
  v1::BudgetComponent whole =
      Hours(component.component_id(),
            component.minutes_per_week() == 0 ? kMinutes : component.minutes_per_week(), kUnitPence, {});
  whole.MergeFrom(component);
  return whole;
}

google::protobuf::RepeatedPtrField<v1::BudgetComponent> Components(
    const google::protobuf::RepeatedPtrField<v1::BudgetComponent>& given) {
  google::protobuf::RepeatedPtrField<v1::BudgetComponent> components;
  for (const v1::BudgetComponent& component : given) {
    *components.Add() = Completed(component, components.size() + 1);
  }
  return components;
}

class Story {
 public:
  explicit Story(const cases::v1::AllocationCase& given) : given_(given) {
    for (const v1::Budget& other : given.budget().others()) KnowBudget(other);
    BudgetStep ordinary;
    if (!given.budget().without_assessment()) ordinary.add_assessments();
    if (!given.budget().without_determination()) ordinary.add_determinations();
    Learn(ordinary);
  }

  absl::StatusOr<BudgetDecision> Decide(const BudgetStep& step, absl::CivilDay day) {
    Learn(step);
    today_ = step.decision_date().empty() ? day : dates::Checked(step.decision_date());
    by_nhs_ = step.by_nhs();
    switch (step.asked_case()) {
      case BudgetStep::kCreate:
        return Create(step.create());
      case BudgetStep::kRevise:
        return Revise(step.revise());
      case BudgetStep::kAgree:
        return Agree(step.agree());
      case BudgetStep::kEnd:
        return End(step.end());
      case BudgetStep::ASKED_NOT_SET:
        break;
    }
    return absl::InvalidArgumentError("a step asks for nothing");
  }

  void Take(const BudgetDecision& decision) {
    v1::Budget budget = decision.budget;
    *budget.mutable_explanation() = decision.trace.Render("allocation/test", "test");
    KnowBudget(budget);
    for (const v1::Budget& changed : decision.changed) KnowBudget(changed);
    last_ = decision.budget.name();
  }

 private:
  // A budget is known as it now stands, not by what changed; that it keeps its explanation where it comes
  // without one, is as the store has it.
  void KnowBudget(const v1::Budget& budget) {
    v1::Budget& known = Of(budget.name(), "budgets", {}, budgets_);
    const std::string name = known.name();
    const v1::Explanation explanation = budget.has_explanation() ? budget.explanation() : known.explanation();
    known = budget;
    known.set_name(name);
    *known.mutable_explanation() = explanation;
  }

  void Learn(const BudgetStep& step) {
    v1::FinancialAssessment assessed;
    assessed.set_organisation(kCouncil);
    assessed.set_effective_from_date("2025-04-06");
    assessed.mutable_result()->set_outcome(v1::MEANS_OUTCOME_ASSESSED);
    assessed.mutable_result()->set_maximum_weekly_pence(kMostPence);
    for (const v1::FinancialAssessment& one : step.assessments()) {
      Of(one.name(), "financialAssessments", assessed, assessments_).MergeFrom(one);
    }
    const v1::Determination determined = *Determined("").determination;
    for (const v1::Determination& one : step.determinations()) {
      Of(one.name(), "determinations", determined, determinations_).MergeFrom(one);
    }
    if (!step.death_date().empty()) death_date_ = step.death_date();
  }

  template <typename Names>
  std::vector<NamedDetermination> Read(const Names& names) const {
    std::vector<NamedDetermination> read;
    for (const std::string& name : names) {
      NamedDetermination& one = read.emplace_back(NamedDetermination{name, std::nullopt});
      for (const v1::Determination& known : determinations_) {
        if (known.name() == name) one.determination = known;
      }
    }
    return read;
  }

  BudgetFacts Facts(const std::string& named, const v1::HumanDecision& decision) const {
    BudgetFacts facts;
    facts.name = NameOf("budgets", budgets_.size() + 1);
    facts.decision = PanelDecision(dates::Format(today_));
    if (by_nhs_) facts.decision.set_organisation(kIcb);
    facts.decision.MergeFrom(decision);
    for (const v1::Budget& budget : budgets_) {
      if (budget.name() == named) {
        facts.budget = budget;
      } else {
        facts.others.push_back(budget);
      }
    }
    facts.assessments = assessments_;
    facts.funders.kinds = ExampleKinds();
    facts.funders.kinds["SUPPORTCO"] = v1::CALLER_KIND_PROVIDER;
    for (const cases::v1::ExcludedShare& one : given_.budget().excluded()) {
      facts.funders.excluded.push_back({one.component_id(), one.organisation(), one.basis(), one.row_source()});
    }
    facts.means_hidden = by_nhs_;
    facts.death_date = death_date_;
    return facts;
  }

  Policies PoliciesOf(absl::string_view organisation) const {
    if (given_.has_local()) return {National(), given_.local()};
    return {National(), organisation == kIcb ? IcbPolicy() : CouncilPolicy()};
  }
  std::string Decider() const { return by_nhs_ ? kIcb : kCouncil; }

  absl::StatusOr<BudgetDecision> Create(v1::CreateBudgetRequest request) {
    if (request.mode() == v1::Budget::MODE_UNSPECIFIED) request.set_mode(v1::Budget::MODE_LIVE);
    if (request.effective_from_date().empty()) request.set_effective_from_date(kFirstDate);
    if (request.components().empty()) {
      *request.add_components() = Hours("pa", kMinutes, kUnitPence,
                                        {Share(kCouncil, v1::FUNDING_BASIS_CARE_ACT, 3, 8),
                                         Share(kIcb, v1::FUNDING_BASIS_JOINT_PACKAGE, 5, 8)});
    }
    *request.mutable_components() = Components(request.components());
    if (request.determinations().empty()) {
      for (const v1::Determination& known : determinations_) request.add_determinations(known.name());
    }
    BudgetFacts facts = Facts("", request.decision());
    facts.determinations = Read(request.determinations());
    return DecideCreateBudget(facts, request, PoliciesOf(Decider()), today_);
  }

  absl::StatusOr<BudgetDecision> Revise(v1::ReviseBudgetRequest request) {
    BudgetFacts facts = Facts(request.name().empty() ? last_ : request.name(), request.decision());
    if (request.effective_from_date().empty()) request.set_effective_from_date(kRevisedDate);
    if (request.components().empty()) *request.mutable_components() = facts.budget.components();
    *request.mutable_components() = Components(request.components());
    facts.determinations =
        Read(request.determinations().empty() ? facts.budget.determinations() : request.determinations());
    return DecideReviseBudget(facts, request, PoliciesOf(Decider()), today_);
  }

  absl::StatusOr<BudgetDecision> Agree(v1::AgreeBudgetRequest request) {
    BudgetFacts facts = Facts(request.name().empty() ? last_ : request.name(), request.decision());
    if (request.plan().empty()) request.set_plan(NameOf("plans", 1));
    if (request.amounts().empty()) {
      for (const v1::BudgetComponent& component : facts.budget.components()) {
        v1::AgreedAmount* amount = request.add_amounts();
        amount->set_component_id(component.component_id());
        amount->set_weekly_pence(component.weekly_pence());
        amount->set_one_off_pence(component.one_off_pence());
      }
    }
    facts.determinations = Read(facts.budget.determinations());
    return DecideAgreeBudget(facts, request, PoliciesOf(WeeksDecidedBy(facts.budget, Decider())), today_);
  }

  absl::StatusOr<BudgetDecision> End(v1::EndFundingRequest request) {
    if (request.effective_to_date().empty()) request.set_effective_to_date(kEndDate);
    const BudgetFacts facts = Facts(request.name().empty() ? last_ : request.name(), request.decision());
    return DecideEndFunding(facts, request, today_);
  }

  const cases::v1::AllocationCase& given_;
  std::vector<v1::Budget> budgets_;
  std::vector<v1::FinancialAssessment> assessments_;
  std::vector<v1::Determination> determinations_;
  std::string death_date_;
  std::string last_;
  absl::CivilDay today_;
  bool by_nhs_ = false;
};

}  // namespace

absl::StatusOr<BudgetDecision> LastDecision(const cases::v1::AllocationCase& given, absl::CivilDay day) {
  Story story(given);
  absl::StatusOr<BudgetDecision> decision = absl::InvalidArgumentError("the case has no step");
  for (int i = 0; i < given.budget().steps_size(); ++i) {
    if (decision.ok()) story.Take(*decision);
    decision = story.Decide(given.budget().steps(i), day);
    const bool last = i + 1 == given.budget().steps_size();
    EXPECT_TRUE(last || decision.ok()) << "step " << i + 1 << ": " << decision.status();
    if (!decision.ok()) break;
  }
  return decision;
}

}  // namespace ipb::allocation
