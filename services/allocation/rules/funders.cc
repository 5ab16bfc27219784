#include "services/allocation/rules/funders.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_join.h"
#include "common/explain/words.h"

namespace ipb::allocation {
namespace {

constexpr explain::Rule kChcWhole = {
    .id = "BUDGET-CHC-NHS-ALONE",
    .sentence = "\"{component_id}\" mixes NHS continuing healthcare with another basis",
    .source = "SI 2012/2996 reg 20; Care Act 2014 s22",
    .remedy =
        "fund the component wholly on the basis CHC, or as a JOINT_PACKAGE where there is no primary health "
        "need"};
constexpr explain::Rule kCouncilFunds = {
    .id = "BUDGET-CARE-ACT-COUNCIL-FUNDS",
    .sentence = "{organisation} is no council, and would fund on the basis \"{basis}\"",
    .source = "Care Act 2014 ss1(4), 18-20; Housing Grants, Construction and Regeneration Act 1996 s23",
    .remedy = "name the council that meets the needs, or gives the grant"};
constexpr explain::Rule kNhsFunds = {
    .id = "BUDGET-NHS-FUNDS",
    .sentence = "{organisation} is no NHS body, and would fund on the basis \"{basis}\"",
    .source = "NHS Act 2006 s3; SI 2012/2996 regs 20, 28, 32A; Care Act 2014 s22",
    .remedy = "name the NHS body that is responsible for the person"};
constexpr explain::Rule kCommissionerFunds = {
    .id = "BUDGET-COMMISSIONER-FUNDS",
    .sentence =
        "{organisation} is neither a council nor an NHS body, and would fund on the basis \"{basis}\"",
    .source = "Care Act 2014 s26; NHS Act 2006 ss3, 75",
    .remedy = "name the council or NHS body whose money it is; policy says what kind of body each is"};
constexpr explain::Rule kOneCouncil = {
    .id = "BUDGET-ONE-COUNCIL",
    .sentence = "More than one council would fund it under the Care Act: {organisations}",
    .source = "Care Act 2014 ss17-18, 37-38",
    .remedy = "make a budget for each council, the first ending the day before the second's first day"};
constexpr explain::Rule kGrantOnce = {
    .id = "BUDGET-GRANT-PAID-ONCE",
    .sentence = "\"{component_id}\" goes on every week, and a disabled facilities grant pays for it",
    .source = "Housing Grants, Construction and Regeneration Act 1996 s23",
    .remedy = "fund it on another basis, or make it a component that is paid once"};
constexpr explain::Rule kExcluded = {
    .id = "BUDGET-EXCLUDED",
    .sentence =
        "\"{component_id}\" is for {category}, which the money of {organisation} may not buy: {row_source}",
    .source = "spending exclusions of the care planning policy",
    .remedy =
        "leave it out, or name a funder whose money may buy it; primary and emergency care go on as for "
        "everybody"};
constexpr explain::Rule kOneLive = {
    .id = "BUDGET-ONE-LIVE",
    .sentence = "{budget} is agreed, live and in effect for the same funder {organisation}",
    .source = "Care Act 2014 ss25(1)(e), 26",
    .remedy = "use ReviseBudget on that budget"};

// The kind of body that law has fund on a basis; unspecified where councils and NHS bodies both may.
v1::CallerKind FunderOf(v1::FundingBasis basis) {
  switch (basis) {
    case v1::FUNDING_BASIS_CARE_ACT:
    case v1::FUNDING_BASIS_DFG:
      return v1::CALLER_KIND_COUNCIL;
    case v1::FUNDING_BASIS_CHC:
    case v1::FUNDING_BASIS_JOINT_PACKAGE:
    case v1::FUNDING_BASIS_FNC:
    case v1::FUNDING_BASIS_DISCRETIONARY_PHB:
      return v1::CALLER_KIND_NHS;
    default:
      return v1::CALLER_KIND_UNSPECIFIED;
  }
}

void CheckKind(const v1::FundingShare& share, const OrganisationKinds& kinds, explain::Refusal& refusal) {
  const auto known = kinds.find(share.organisation());
  const v1::CallerKind kind = known == kinds.end() ? v1::CALLER_KIND_UNSPECIFIED : known->second;
  const v1::CallerKind needed = FunderOf(share.basis());
  const explain::Inputs inputs = {
      {"organisation", share.organisation()},
      {"basis", explain::Words(v1::FundingBasis_Name(share.basis()), "FUNDING_BASIS_")}};
  if (needed == v1::CALLER_KIND_COUNCIL && kind != needed) {
    refusal.Add(kCouncilFunds, share.organisation(), inputs);
  } else if (needed == v1::CALLER_KIND_NHS && kind != needed) {
    refusal.Add(kNhsFunds, share.organisation(), inputs);
  } else if (kind != v1::CALLER_KIND_COUNCIL && kind != v1::CALLER_KIND_NHS) {
    refusal.Add(kCommissionerFunds, share.organisation(), inputs);
  }
}

// Each organisation and basis is looked at once, however many components it funds.
void CheckKinds(const v1::Budget& budget, const OrganisationKinds& kinds, explain::Refusal& refusal) {
  std::set<std::pair<std::string, int>> seen;
  for (const v1::BudgetComponent& component : budget.components()) {
    for (const v1::FundingShare& share : component.shares()) {
      if (seen.emplace(share.organisation(), share.basis()).second) CheckKind(share, kinds, refusal);
    }
  }
}

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
      if (share.basis() == v1::FUNDING_BASIS_DFG && component.kind() == v1::COMPONENT_KIND_ONGOING) {
        refusal.Add(kGrantOnce, component.component_id(), {{"component_id", component.component_id()}});
      }
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

void CheckExcluded(const v1::Budget& budget, const std::vector<ExcludedShare>& excluded,
                   explain::Refusal& refusal) {
  for (const v1::BudgetComponent& component : budget.components()) {
    for (const v1::FundingShare& share : component.shares()) {
      const auto found = std::find_if(excluded.begin(), excluded.end(), [&](const ExcludedShare& one) {
        return one.component_id == component.component_id() && one.organisation == share.organisation() &&
               one.basis == share.basis();
      });
      if (found == excluded.end()) continue;
      const std::string category =
          explain::Words(v1::SpendingCategory_Name(component.category()), "SPENDING_CATEGORY_");
      refusal.Add(kExcluded, component.component_id(),
                  {{"component_id", component.component_id()},
                   {"category", category},
                   {"organisation", share.organisation()},
                   {"row_source", found->row_source}});
    }
  }
}

}  // namespace

bool Funds(const v1::Budget& budget, absl::string_view organisation) {
  for (const v1::BudgetComponent& component : budget.components()) {
    for (const v1::FundingShare& share : component.shares()) {
      if (share.organisation() == organisation) return true;
    }
  }
  return false;
}

void CheckFunders(const v1::Budget& budget, const FunderFacts& funders, absl::Span<const v1::Budget> others,
                  explain::Refusal& refusal) {
  CheckKinds(budget, funders.kinds, refusal);
  CheckBases(budget, refusal);
  CheckExcluded(budget, funders.excluded, refusal);
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
