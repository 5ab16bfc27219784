#include "services/allocation/rules/hand_over.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/words.h"
#include "services/allocation/rules/funders.h"
#include "services/allocation/rules/shares.h"

namespace ipb::allocation {
namespace {

constexpr explain::Rule kDay = {.id = "HAND-OVER-DAY",
                                .sentence = "{first_day_date} is not a day on which {agreed_budget} holds",
                                .source = "Care Act 2014 ss25(1)(e), 26",
                                .remedy = "hand over on one of its days, or agree another budget"};
constexpr explain::Rule kPaidOnce = {
    .id = "HAND-OVER-PAID-ONCE",
    .sentence = "\"{component_id}\" is paid once: there is nothing of it to hand over",
    .source = "Care Act 2014 s26; NHS Act 2006 s75",
    .remedy = "leave it out; what one body is to pay back of it is for the two to agree"};
constexpr explain::Rule kNothing = {
    .id = "HAND-OVER-NOTHING",
    .sentence = "Who funds the components from {first_day_date} is who funds them already",
    .source = "Care Act 2014 s26(3)",
    .remedy = "name funders, shares or bases that differ"};
constexpr explain::Rule kTakenOver = {
    .id = "HAND-OVER-TAKEN-OVER",
    .sentence =
        "{organisation} would begin to fund \"{component_id}\", and decided none of the determinations named",
    .source = "National Framework for NHS continuing healthcare 2022; Care Act 2014 ss22, 37",
    .remedy =
        "name the determination by which {organisation} took it on, or have {organisation} hand over to "
        "itself"};
constexpr explain::Rule kDetermined = {
    .id = "HAND-OVER-DETERMINATION",
    .sentence = "No determination named shows a duty or power to fund on the basis \"{basis}\"",
    .source = "Care Act 2014 ss13, 18-20; SI 2012/2996 regs 21, 32A",
    .remedy = "name the determinations on which the budget rests from the day on"};
constexpr explain::Rule kMeans = {
    .id = "HAND-OVER-MEANS-ASSESSED",
    .sentence = "Council money is in it, and no financial assessment holds on {first_day_date}",
    .source = "Care Act 2014 ss14, 17, 26(1)(b)",
    .remedy = "record a financial assessment that holds on the day"};

const v1::BudgetComponent* ComponentOf(const v1::Budget& budget, absl::string_view component_id) {
  for (const v1::BudgetComponent& component : budget.components()) {
    if (component.component_id() == component_id) return &component;
  }
  return nullptr;
}

absl::Status CheckFields(const v1::Budget& budget, const v1::HandOverFundingRequest& request) {
  std::vector<errors::FieldViolation> violations;
  std::set<std::string> seen;
  for (int i = 0; i < request.funding_size(); ++i) {
    const v1::ComponentFunding& funding = request.funding(i);
    const std::string field = absl::StrCat("funding[", i, "]");
    const v1::BudgetComponent* component = ComponentOf(budget, funding.component_id());
    if (component == nullptr) {
      violations.push_back({absl::StrCat(field, ".component_id"), "is no component of the budget"});
      continue;
    }
    if (!seen.insert(funding.component_id()).second) {
      violations.push_back({absl::StrCat(field, ".component_id"), "comes a second time"});
    }
    v1::BudgetComponent funded = *component;
    *funded.mutable_shares() = funding.shares();
    CheckShares(funded, field, violations);
  }
  return violations.empty() ? absl::OkStatus() : errors::InvalidFields(violations);
}

// The budget of the course that holds on the day; null where none does.
const v1::Budget* On(const std::vector<v1::Budget>& course, absl::CivilDay day) {
  for (const v1::Budget& budget : course) {
    if (dates::Within(day, budget.effective_from_date(), budget.effective_to_date())) return &budget;
  }
  return nullptr;
}

bool SameShares(const v1::BudgetComponent& component, const v1::ComponentFunding& funding) {
  const auto same = [](const v1::FundingShare& a, const v1::FundingShare& b) {
    return a.organisation() == b.organisation() && a.basis() == b.basis() &&
           money::Fraction{a.share().numerator(), a.share().denominator()} ==
               money::Fraction{b.share().numerator(), b.share().denominator()};
  };
  return std::equal(component.shares().begin(), component.shares().end(), funding.shares().begin(),
                    funding.shares().end(), same);
}

bool Funds(const v1::BudgetComponent& component, absl::string_view organisation) {
  return std::any_of(component.shares().begin(), component.shares().end(),
                     [&](const v1::FundingShare& share) { return share.organisation() == organisation; });
}

bool Decided(const BudgetFacts& facts, absl::string_view organisation) {
  if (facts.decision.organisation() == organisation) return true;
  return std::any_of(facts.determinations.begin(), facts.determinations.end(), [&](const auto& one) {
    return one.determination && one.determination->decision().organisation() == organisation;
  });
}

void CheckFunding(const BudgetFacts& facts, const v1::Budget& holds,
                  const v1::HandOverFundingRequest& request, explain::Refusal& refusal) {
  bool changes = false;
  for (const v1::ComponentFunding& funding : request.funding()) {
    const v1::BudgetComponent& component = *ComponentOf(holds, funding.component_id());
    changes = changes || !SameShares(component, funding);
    if (component.kind() == v1::COMPONENT_KIND_ONE_OFF || component.kind() == v1::COMPONENT_KIND_START_UP) {
      refusal.Add(kPaidOnce, component.component_id(), {{"component_id", component.component_id()}});
    }
    for (const v1::FundingShare& share : funding.shares()) {
      if (Funds(component, share.organisation()) || Decided(facts, share.organisation())) continue;
      refusal.Add(kTakenOver, share.organisation(),
                  {{"organisation", share.organisation()}, {"component_id", component.component_id()}});
    }
  }
  if (!changes) {
    refusal.Add(kNothing, "funding", {{"first_day_date", dates::Checked(request.effective_from_date())}});
  }
}

// The determinations, with the days by which a decision for NHS continuing healthcare was late counted in:
// for those the NHS refunds what others paid.
std::vector<NamedDetermination> WithOverrun(std::vector<NamedDetermination> known) {
  for (NamedDetermination& one : known) {
    if (!one.determination || one.determination->regime() != v1::ELIGIBILITY_REGIME_CHC) continue;
    if (one.determination->overrun_days() == 0) continue;
    const absl::CivilDay decided = dates::Checked(one.determination->decision().decision_date());
    const absl::CivilDay refunded = decided - one.determination->overrun_days() + 1;
    const absl::CivilDay first = dates::Checked(one.determination->effective_from_date());
    one.determination->set_effective_from_date(dates::Format(std::min(refunded, first)));
  }
  return known;
}

// What holds of the first budget that is made.
void CheckMade(const BudgetFacts& facts, const std::vector<v1::Budget>& elsewhere, const v1::Budget& made,
               explain::Refusal& refusal) {
  const std::vector<NamedDetermination> known = WithOverrun(facts.determinations);
  CheckFunders(made, facts.funders, elsewhere, refusal);
  CheckDeterminations(made, known, refusal);
  for (const v1::FundingBasis basis : BasesNotDetermined(made, known)) {
    refusal.Add(kDetermined, facts.budget.name(),
                {{"basis", explain::Words(v1::FundingBasis_Name(basis), "FUNDING_BASIS_")}});
  }
  if (!made.charge_assessed()) {
    refusal.Add(kMeans, facts.budget.name(),
                {{"first_day_date", dates::Checked(made.effective_from_date())}});
  }
}

std::vector<v1::Budget> Elsewhere(const BudgetFacts& facts, const std::vector<v1::Budget>& course) {
  std::vector<v1::Budget> others;
  for (const v1::Budget& other : facts.others) {
    const bool own = std::any_of(course.begin(), course.end(),
                                 [&](const v1::Budget& one) { return one.name() == other.name(); });
    if (!own) others.push_back(other);
  }
  return others;
}

v1::BudgetChange ChangeOf(const BudgetFacts& facts, const v1::HandOverFundingRequest& request,
                          absl::CivilDay today) {
  v1::BudgetChange change;
  change.set_effective_from_date(request.effective_from_date());
  *change.mutable_funding() = request.funding();
  *change.mutable_determinations() = request.determinations();
  *change.mutable_decision() = facts.decision;
  change.set_recorded_date(dates::Format(today));
  return change;
}

}  // namespace

absl::StatusOr<ChangeDecision> DecideHandOver(const BudgetFacts& facts,
                                              const v1::HandOverFundingRequest& request,
                                              const Policies& policies, absl::CivilDay today,
                                              const std::function<std::string()>& mint) {
  IPB_RETURN_IF_ERROR(CheckState(facts.budget, {v1::Budget::STATE_AGREED}, "AGREED"));
  IPB_RETURN_IF_ERROR(CheckDecisionDate(facts.decision, today));
  IPB_RETURN_IF_ERROR(CheckFields(facts.budget, request));
  const std::vector<v1::Budget> course = CourseOf(facts);
  const absl::CivilDay day = dates::Checked(request.effective_from_date());
  explain::Refusal refusal;
  const v1::Budget* holds = On(course, day);
  if (holds == nullptr) {
    refusal.Add(kDay, "effective_from_date",
                {{"first_day_date", day}, {"agreed_budget", course.front().name()}});
    return refusal.ToStatus();
  }
  CheckFunding(facts, *holds, request, refusal);
  CheckAlive(facts, request.effective_from_date(), refusal);
  IPB_ASSIGN_OR_RETURN(ChangeDecision decision,
                       DecideChanges(facts, std::vector<v1::BudgetChange>{ChangeOf(facts, request, today)},
                                     policies, today, mint));
  const std::vector<v1::Budget> elsewhere = Elsewhere(facts, course);
  // Budgets further on rest on what later changes named, which were looked at then.
  CheckMade(facts, elsewhere, decision.made.front().budget, refusal);
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  return decision;
}

}  // namespace ipb::allocation
