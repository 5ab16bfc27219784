#include "services/allocation/rules/funders.h"

#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/str_join.h"

namespace ipb::allocation {
namespace {

constexpr explain::Rule kChcWhole = {
    .id = "BUDGET-CHC-NHS-ALONE",
    .sentence = "\"{component_id}\" mixes NHS continuing healthcare with another basis",
    .source = "SI 2012/2996 reg 20; Care Act 2014 s22",
    .remedy =
        "fund the component wholly on the basis CHC, or as a JOINT_PACKAGE where there is no primary health "
        "need"};
constexpr explain::Rule kOneCouncil = {
    .id = "BUDGET-ONE-COUNCIL",
    .sentence = "More than one council would fund it under the Care Act: {organisations}",
    .source = "Care Act 2014 ss17-18, 37-38",
    .remedy = "make a budget for each council, the first ending the day before the second's first day"};
constexpr explain::Rule kOneLive = {
    .id = "BUDGET-ONE-LIVE",
    .sentence = "{budget} is agreed, live and in effect for the same funder {organisation}",
    .source = "Care Act 2014 ss25(1)(e), 26",
    .remedy = "use ReviseBudget on that budget"};

bool Overlap(const v1::Budget& a, const v1::Budget& b) {
  const auto ends_before = [](const v1::Budget& x, const v1::Budget& y) {
    return !x.effective_to_date().empty() && x.effective_to_date() < y.effective_from_date();
  };
  return !ends_before(a, b) && !ends_before(b, a);
}

const v1::FunderAmount* SharedFunder(const v1::Budget& a, const v1::Budget& b) {
  for (const v1::FunderAmount& mine : a.funder_totals()) {
    for (const v1::FunderAmount& theirs : b.funder_totals()) {
      if (mine.organisation() == theirs.organisation() && mine.basis() == theirs.basis()) return &mine;
    }
  }
  return nullptr;
}

void CheckBases(const v1::Budget& budget, explain::Refusal& refusal) {
  std::set<std::string> councils;
  for (const v1::BudgetComponent& component : budget.components()) {
    bool chc = false, other = false;
    for (const v1::FundingShare& share : component.shares()) {
      (share.basis() == v1::FUNDING_BASIS_CHC ? chc : other) = true;
      if (share.basis() == v1::FUNDING_BASIS_CARE_ACT) councils.insert(share.organisation());
    }
    if (chc && other) {
      refusal.Add(kChcWhole, component.component_id(), {{"component_id", component.component_id()}});
    }
  }
  if (councils.size() > 1) {
    refusal.Add(kOneCouncil, "components", {{"organisations", absl::StrJoin(councils, ", ")}});
  }
}

}  // namespace

void CheckFunders(const v1::Budget& budget, absl::Span<const v1::Budget> others, explain::Refusal& refusal) {
  CheckBases(budget, refusal);
  if (budget.mode() != v1::Budget::MODE_LIVE) return;
  for (const v1::Budget& other : others) {
    const bool pays = other.mode() == v1::Budget::MODE_LIVE &&
                      (other.state() == v1::Budget::STATE_AGREED || other.state() == v1::Budget::STATE_ENDED);
    if (!pays || other.name() == budget.revises() || !Overlap(budget, other)) continue;
    if (const v1::FunderAmount* shared = SharedFunder(budget, other)) {
      refusal.Add(kOneLive, other.name(),
                  {{"budget", other.name()}, {"organisation", shared->organisation()}});
    }
  }
}

}  // namespace ipb::allocation
