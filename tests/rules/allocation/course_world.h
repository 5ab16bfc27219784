// An agreed budget and what happens to it, as the handlers would have it: budgets, assessments and prices are
// kept, and each act is decided on what there is by then.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "ipb/v1/allocation_service.pb.h"
#include "services/allocation/rules/derivation.h"
#include "tests/rules/allocation/allocation_case.pb.h"

namespace ipb::allocation {

class CourseWorld {
 public:
  // A budget `people/a/budgets/1`, agreed with `people/a/plans/1`, of components costed on its first day.
  CourseWorld(const v1::AllocationPolicy& local, const cases::v1::CourseCase& given);

  // The day of what happens next.
  absl::CivilDay today;

  // Assesses means by the rules.
  void Assess(const std::string& effective_from_date, const v1::FinancialFacts& facts);
  // Adds a price, which ends the one of the same code that holds on its first day.
  void Announce(const v1::UnitRate& price);
  // Decide on the budget that stands and keep what was decided.
  absl::StatusOr<ChangeDecision> HandOver(v1::HandOverFundingRequest request);
  absl::StatusOr<ChangeDecision> Rederive();
  absl::StatusOr<ChangeDecision> Change(v1::BudgetChange change);
  // Ends the funding by a death on the day.
  absl::StatusOr<BudgetDecision> End(absl::CivilDay death);
  // The agreed budgets of an organisation's that would come out otherwise now.
  std::vector<std::string> ToRederive(const std::string& organisation) const;
  // Does what a step of a case says; a step that decides nothing gives an empty decision.
  absl::StatusOr<ChangeDecision> Do(const cases::v1::CourseStep& step);

  // The budget that stands.
  const v1::Budget& standing() const;
  // The budgets that hold on some day, in order.
  std::vector<v1::Budget> Course() const;
  const std::vector<v1::Budget>& budgets() const { return budgets_; }

 private:
  BudgetFacts Facts() const;
  Policies policies() const;
  absl::StatusOr<ChangeDecision> Keep(absl::StatusOr<ChangeDecision> decision);

  v1::AllocationPolicy local_;
  const cases::v1::CourseCase given_;
  std::vector<v1::Budget> budgets_;
  std::vector<v1::FinancialAssessment> assessments_;
  std::vector<NamedDetermination> determinations_;
};

// What a decision gives, as the reply has it.
v1::ChangedBudgets ReplyOf(const ChangeDecision& decision);

}  // namespace ipb::allocation
