#include "services/eligibility/rules/wheelchair_budget.h"

#include <string>

#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "services/eligibility/rules/age.h"

namespace ipb::eligibility {
namespace {

constexpr absl::string_view kRight = "SI 2012/2996 reg 32A";
constexpr absl::string_view kNotionalPages =
    "Personal wheelchair budgets: wheelchair-service pages, WSH and AJM";
constexpr absl::string_view kThirdPartyPages =
    "Personal wheelchair budgets: wheelchair-service pages, Homerton, Mid and South Essex";
constexpr absl::string_view kTermPages =
    "Personal wheelchair budgets: wheelchair-service pages, Enabled and Homerton";
constexpr absl::string_view kDirectPayment =
    "SI 2012/2996 reg 32B(4): the body decides which way; from practice, rarely offered for a wheelchair";

constexpr explain::Rule kNotGranted{
    "WHEELCHAIR-BUDGET-NOT-GRANTED",
    "A wheelchair budget is given, and the regime is another or nothing is granted", kRight,
    "leave the wheelchair budget out, or grant it on a determination of the regime WHEELCHAIR."};
constexpr explain::Rule kValue{"WHEELCHAIR-BUDGET-VALUE", "The wheelchair budget has no value", kTermPages,
                               "give what the chair that meets the assessed need costs the NHS."};
constexpr explain::Rule kContribution{"WHEELCHAIR-BUDGET-CONTRIBUTION",
                                      "The contribution does not fit the option: notional budgets with a "
                                      "contribution have one, those paid to a third party may, others do not",
                                      kNotionalPages,
                                      "leave the contribution out, give it, or choose the option that fits."};
constexpr explain::Rule kReasons{"WHEELCHAIR-BUDGET-REASONS",
                                 "A direct payment is chosen for the wheelchair without reasons",
                                 kDirectPayment, "give the reasons in writing, or choose another option."};
constexpr explain::Rule kPurchase{
    "WHEELCHAIR-BUDGET-PURCHASE",
    "The chair was not bought between the decision of {granted_date} and today: nothing is paid in "
    "retrospect",
    kTermPages, "correct the day of the purchase, or leave it out until the chair is bought."};
constexpr explain::Rule kTermRuns{
    "WHEELCHAIR-BUDGET-TERM-RUNS",
    "The term of the wheelchair budget granted on {granted_date} runs until {term_ends_date}, and no "
    "clinical change with reasons is given",
    kTermPages,
    "say that the decision rests on a clinical change and give the reasons, or wait for the term."};

constexpr explain::Rule kNotional{
    "WHEELCHAIR-BUDGET-NOTIONAL",
    "Notional: the NHS buys the chair that it prescribes, owns it and repairs it.", kNotionalPages};
constexpr explain::Rule kNotionalWithContribution{
    "WHEELCHAIR-BUDGET-NOTIONAL-WITH-CONTRIBUTION",
    "Notional with a contribution of {contribution_pence}: the NHS owns the chair and repairs it, but for "
    "what the contribution adds.",
    kNotionalPages};
constexpr explain::Rule kThirdParty{"WHEELCHAIR-BUDGET-THIRD-PARTY",
                                    "Third party: the supplier is paid on its invoice and the person adds "
                                    "{contribution_pence}; the person owns the chair and has it repaired.",
                                    kThirdPartyPages};
constexpr explain::Rule kDirectlyPaid{
    "WHEELCHAIR-BUDGET-DIRECT-PAYMENT",
    "Direct payment, for reasons recorded: the person is paid, owns the chair and has it repaired.",
    kDirectPayment};
constexpr explain::Rule kClinicalChange{
    "WHEELCHAIR-BUDGET-CLINICAL-CHANGE",
    "Granted within the term of the wheelchair budget of {granted_date}, for a clinical change.", kTermPages};
constexpr explain::Rule kTerm{
    "WHEELCHAIR-BUDGET-TERM",
    "It is worth {value_pence}, what the chair that meets the assessed need costs the NHS, and is given "
    "once: for a term until {term_ends_date}, to be redeemed by {redeem_by_date}.",
    kTermPages};

bool FitsOption(const v1::WheelchairBudget& budget) {
  switch (budget.option()) {
    case v1::WHEELCHAIR_BUDGET_OPTION_NOTIONAL_WITH_CONTRIBUTION:
      return budget.contribution_pence() > 0;
    case v1::WHEELCHAIR_BUDGET_OPTION_THIRD_PARTY:
      return true;
    default:
      return budget.contribution_pence() == 0;
  }
}

const explain::Rule& RuleOf(v1::WheelchairBudgetOption option) {
  switch (option) {
    case v1::WHEELCHAIR_BUDGET_OPTION_NOTIONAL_WITH_CONTRIBUTION:
      return kNotionalWithContribution;
    case v1::WHEELCHAIR_BUDGET_OPTION_THIRD_PARTY:
      return kThirdParty;
    case v1::WHEELCHAIR_BUDGET_OPTION_DIRECT_PAYMENT:
      return kDirectlyPaid;
    default:
      return kNotional;
  }
}

// The last grant of a determination, which counts, if its wheelchair budget has a term that runs on the day;
// null otherwise.
const v1::BudgetGrant* RunningOn(const v1::Determination& determination, const std::string& day_date) {
  if (determination.budget_grants().empty() ||
      determination.end_reason() == v1::Determination::END_REASON_RECORDED_IN_ERROR) {
    return nullptr;
  }
  const v1::BudgetGrant& last = *determination.budget_grants().rbegin();
  return last.wheelchair().term_ends_date() < day_date ? nullptr : &last;
}

// The person's grant whose term runs on the day; null where there is none. One of a part on the determination
// itself is what the grant at hand reviews.
const v1::BudgetGrant* EarlierGrant(const DeterminationFacts& facts, const std::string& day_date) {
  const v1::BudgetGrant* own = RunningOn(facts.determination, day_date);
  if (own != nullptr && own->extent() == v1::BudgetGrant::EXTENT_WHOLE) return own;
  for (const v1::Determination& other : facts.others) {
    const v1::BudgetGrant* running = RunningOn(other, day_date);
    if (running != nullptr) return running;
  }
  return nullptr;
}

void CheckBudget(const v1::WheelchairBudget& budget, const v1::HumanDecision& by, absl::CivilDay today,
                 explain::Refusal& refusal) {
  if (budget.value_pence() == 0) refusal.Add(kValue, "grant.wheelchair.value_pence");
  if (!FitsOption(budget)) refusal.Add(kContribution, "grant.wheelchair.contribution_pence");
  if (budget.option() == v1::WHEELCHAIR_BUDGET_OPTION_DIRECT_PAYMENT && by.reasons().empty()) {
    refusal.Add(kReasons, "grant.decision.reasons");
  }
  if (!budget.purchase_date().empty() &&
      (budget.purchase_date() < by.decision_date() || dates::Checked(budget.purchase_date()) > today)) {
    refusal.Add(kPurchase, "grant.wheelchair.purchase_date",
                {{"granted_date", dates::Checked(by.decision_date())}});
  }
}

}  // namespace

void CheckWheelchairBudget(const DeterminationFacts& facts, const v1::BudgetGrant& grant,
                           const v1::HumanDecision& by, absl::CivilDay today, explain::Refusal& refusal) {
  if (facts.determination.regime() != v1::ELIGIBILITY_REGIME_WHEELCHAIR ||
      grant.extent() == v1::BudgetGrant::EXTENT_NONE) {
    if (grant.has_wheelchair()) refusal.Add(kNotGranted, "grant.wheelchair");
    return;
  }
  if (grant.has_wheelchair()) CheckBudget(grant.wheelchair(), by, today, refusal);
  const v1::BudgetGrant* earlier = EarlierGrant(facts, by.decision_date());
  if (earlier != nullptr && (!grant.wheelchair().clinical_change() || by.reasons().empty())) {
    refusal.Add(kTermRuns, "grant.wheelchair.clinical_change",
                {{"granted_date", dates::Checked(earlier->decision().decision_date())},
                 {"term_ends_date", dates::Checked(earlier->wheelchair().term_ends_date())}});
  }
}

absl::Status SetWheelchairTerm(const DeterminationFacts& facts, const v1::EligibilityPolicy& policy,
                               absl::CivilDay granted, v1::WheelchairBudget& budget, explain::Trace& trace) {
  const bool adult = dates::AgeOn(dates::Checked(facts.person.birth_date()), granted) >= kAdultAge;
  const v1::WheelchairBudgetTerm* row =
      dates::InEffect(policy.wheelchair_budget_terms(), granted,
                      [adult](const v1::WheelchairBudgetTerm& one) { return one.adult() == adult; });
  if (row == nullptr) return errors::NoRate("term of a personal wheelchair budget", dates::Format(granted));
  const absl::CivilDay term_ends = dates::AddMonths(granted, row->term_months()) - 1;
  const absl::CivilDay redeem_by = dates::AddMonths(granted, row->redeem_months());
  budget.set_term_ends_date(dates::Format(term_ends));
  budget.set_redeem_by_date(dates::Format(redeem_by));
  trace.Add(RuleOf(budget.option()), {{"contribution_pence", explain::Pence{budget.contribution_pence()}}});
  const v1::BudgetGrant* earlier = EarlierGrant(facts, dates::Format(granted));
  if (earlier != nullptr) {
    trace.Add(kClinicalChange, {{"granted_date", dates::Checked(earlier->decision().decision_date())}});
  }
  trace.Add(kTerm, {{"value_pence", explain::Pence{budget.value_pence()}},
                    {"term_ends_date", term_ends},
                    {"redeem_by_date", redeem_by}});
  return absl::OkStatus();
}

}  // namespace ipb::eligibility
