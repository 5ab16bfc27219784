#include "services/allocation/rules/uplift_verdict.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "common/explain/words.h"
#include "common/money/pence.h"
#include "services/allocation/rules/agreement.h"
#include "services/allocation/rules/rederivation.h"
#include "services/allocation/rules/uplift.h"

namespace ipb::allocation {
namespace {

using explain::Pence;

constexpr explain::Rule kDied = {
    .id = "UPLIFT-PERSON-ALIVE",
    .sentence = "The person died on {death_date}, before the uplift's first day.",
    .source = "Care Act 2014 ss18, 26"};
constexpr explain::Rule kBeginsLater = {.id = "UPLIFT-BEGINS-LATER",
                                        .sentence =
                                            "It begins on {first_day_date}, after the uplift's first day, "
                                            "and was costed by the prices of its own.",
                                        .source = "local policy: price lists"};
constexpr explain::Rule kOthersPrices = {
    .id = "UPLIFT-OTHERS-PRICES",
    .sentence = "Its prices are those of {organisation}, which uplifts it by its own list.",
    .source = "financial control: each body releases what it pays"};
constexpr explain::Rule kStandsNoMore = {
    .id = "UPLIFT-STANDS-NO-MORE",
    .sentence = "It is not what holds from {first_day_date} any more: it is {state} now.",
    .source = "financial control: what is posted is what was released"};
constexpr explain::Rule kNotAsFrozen = {
    .id = "UPLIFT-NOT-AS-RELEASED",
    .sentence =
        "It would go from {before_pence} to {after_pence} a week now; from {frozen_before_pence} to "
        "{frozen_after_pence} was released.",
    .source = "financial control: what is posted is what was released"};

// The last sentence of a trace, as the reason of a verdict; an uplift that changes nothing says why.
std::string ReasonOf(const explain::Trace& trace) {
  return trace.Render("", "").steps().rbegin()->sentence();
}

UpliftDecision Without(const v1::UpliftVerdict& verdict, v1::UpliftVerdict::Kind kind, std::string reason) {
  UpliftDecision decision;
  decision.verdict = verdict;
  decision.verdict.set_kind(kind);
  decision.verdict.set_reason(std::move(reason));
  return decision;
}

UpliftDecision Without(const v1::UpliftVerdict& verdict, v1::UpliftVerdict::Kind kind,
                       const explain::Rule& rule, explain::Inputs inputs) {
  explain::Trace trace;
  trace.Add(rule, std::move(inputs));
  return Without(verdict, kind, ReasonOf(trace));
}

absl::StatusOr<UpliftDecision> Decide(const v1::Uplift& uplift, const v1::Budget& standing,
                                      const UpliftFacts& facts) {
  const std::string& organisation = uplift.organisation();
  const absl::CivilDay day = dates::Checked(uplift.effective_from_date());
  BudgetFacts about = About(standing, facts.person);
  about.decision = uplift.release();
  const std::vector<v1::Budget> course = CourseOf(about);
  const v1::Budget* on = InEffectOn(course, day);
  UpliftDecision decision;
  v1::UpliftVerdict& verdict = decision.verdict;
  verdict.set_budget(standing.name());
  IPB_ASSIGN_OR_RETURN(const int64_t before, WeeklyOf(on == nullptr ? standing : *on, organisation));
  verdict.set_weekly_before_pence(before);
  verdict.set_weekly_after_pence(before);
  if (on == nullptr) {
    return Without(verdict, v1::UpliftVerdict::KIND_STAYS, kBeginsLater,
                   {{"first_day_date", dates::Checked(course.front().effective_from_date())}});
  }
  if (!about.death_date.empty() && dates::Checked(about.death_date) < day) {
    return Without(verdict, v1::UpliftVerdict::KIND_STAYS, kDied,
                   {{"death_date", dates::Checked(about.death_date)}});
  }
  const Policies policies = facts.policies_of(course.front());
  if (uplift.method() == v1::UPLIFT_METHOD_PRICE_LIST) {
    const std::string priced_by = WeeksDecidedBy(course.front(), organisation);
    if (priced_by != organisation) {
      return Without(verdict, v1::UpliftVerdict::KIND_STAYS, kOthersPrices, {{"organisation", priced_by}});
    }
    IPB_ASSIGN_OR_RETURN(decision.changes,
                         DecideRepricing(about, uplift.name(), policies, facts.today, facts.mint));
  } else {
    IPB_ASSIGN_OR_RETURN(std::optional<v1::BudgetChange> change,
                         UpliftOf(*on, organisation, facts.own, day, decision.trace));
    if (!change) return Without(verdict, v1::UpliftVerdict::KIND_STAYS, ReasonOf(decision.trace));
    change->set_uplift(uplift.name());
    change->set_recorded_date(dates::Format(facts.today));
    if (uplift.has_release()) *change->mutable_decision() = uplift.release();
    IPB_ASSIGN_OR_RETURN(decision.changes,
                         DecideChanges(about, {*change}, policies, facts.today, facts.mint));
  }
  // Of prices that change on other days only, none is made for this one.
  for (const DerivedBudget& made : decision.changes.made) {
    if (InEffectOn(absl::MakeConstSpan(&made.budget, 1), day) == nullptr) continue;
    // The whole of a budget fits, so that what one body pays of it does.
    verdict.set_weekly_after_pence(WeeklyOf(made.budget, organisation).value());
  }
  verdict.set_kind(v1::UpliftVerdict::KIND_TO_UPLIFT);
  return decision;
}

// The same, with a refusal as the reason why it stays.
UpliftDecision DecideOrStay(const v1::Uplift& uplift, const v1::Budget& budget, const UpliftFacts& facts) {
  absl::StatusOr<UpliftDecision> decision = Decide(uplift, budget, facts);
  if (decision.ok()) return *std::move(decision);
  v1::UpliftVerdict verdict;
  verdict.set_budget(budget.name());
  const int64_t before = WeeklyOf(budget, uplift.organisation()).value_or(0);
  verdict.set_weekly_before_pence(before);
  verdict.set_weekly_after_pence(before);
  return Without(verdict, v1::UpliftVerdict::KIND_STAYS, std::string(decision.status().message()));
}

const v1::Budget* FindNamed(absl::Span<const v1::Budget> budgets, absl::string_view name) {
  const auto found =
      std::find_if(budgets.begin(), budgets.end(), [&](const v1::Budget& one) { return one.name() == name; });
  return found == budgets.end() ? nullptr : &*found;
}

const std::string& RootOf(const v1::Budget& budget) {
  return budget.agreed_budget().empty() ? budget.name() : budget.agreed_budget();
}

// The first budget that this very uplift made of the same agreed one; null for none.
const v1::Budget* MadeBy(const v1::Uplift& uplift, const v1::Budget& of,
                         absl::Span<const v1::Budget> budgets) {
  for (const v1::Budget& budget : budgets) {
    if (RootOf(budget) != RootOf(of)) continue;
    for (const v1::BudgetChange& change : budget.changes()) {
      if (change.uplift() == uplift.name()) return &budget;
    }
  }
  return nullptr;
}

}  // namespace

absl::StatusOr<int64_t> WeeklyOf(const v1::Budget& budget, absl::string_view organisation) {
  money::Sum weekly;
  for (const v1::FunderAmount& total : budget.funder_totals()) {
    if (total.organisation() == organisation) weekly.Add(total.weekly_pence());
  }
  return weekly.Total();
}

std::vector<const v1::Budget*> BudgetsOn(absl::Span<const v1::Budget> budgets, absl::string_view organisation,
                                         absl::CivilDay day) {
  std::vector<const v1::Budget*> on;
  for (const v1::Budget& budget : budgets) {
    const bool stands = budget.state() == v1::Budget::STATE_AGREED && budget.mode() == v1::Budget::MODE_LIVE;
    const bool over = !budget.effective_to_date().empty() && dates::Checked(budget.effective_to_date()) < day;
    if (stands && !over && Funds(budget, organisation)) on.push_back(&budget);
  }
  return on;
}

std::vector<UpliftDecision> PreviewUplift(const v1::Uplift& uplift, const UpliftFacts& facts) {
  std::vector<UpliftDecision> decisions;
  const absl::CivilDay day = dates::Checked(uplift.effective_from_date());
  for (const v1::Budget* budget : BudgetsOn(facts.person.others, uplift.organisation(), day)) {
    decisions.push_back(DecideOrStay(uplift, *budget, facts));
  }
  return decisions;
}

UpliftDecision PostUplift(const v1::Uplift& uplift, const v1::UpliftVerdict& frozen,
                          const UpliftFacts& facts) {
  const absl::CivilDay day = dates::Checked(uplift.effective_from_date());
  const std::vector<v1::Budget>& budgets = facts.person.others;
  const v1::Budget* budget = FindNamed(budgets, frozen.budget());
  if (budget == nullptr) {
    return Without(frozen, v1::UpliftVerdict::KIND_DROPPED, kStandsNoMore,
                   {{"first_day_date", day}, {"state", std::string("not known")}});
  }
  if (const v1::Budget* made = MadeBy(uplift, *budget, budgets); made != nullptr) {
    UpliftDecision done = Without(frozen, v1::UpliftVerdict::KIND_UPLIFTED, "");
    done.verdict.set_uplifted_budget(made->name());
    return done;
  }
  const std::vector<const v1::Budget*> on = BudgetsOn(budgets, uplift.organisation(), day);
  if (std::find(on.begin(), on.end(), budget) == on.end()) {
    return Without(frozen, v1::UpliftVerdict::KIND_DROPPED, kStandsNoMore,
                   {{"first_day_date", day},
                    {"state", explain::Words(v1::Budget::State_Name(budget->state()), "STATE_")}});
  }
  UpliftDecision decision = DecideOrStay(uplift, *budget, facts);
  v1::UpliftVerdict& verdict = decision.verdict;
  if (verdict.kind() != v1::UpliftVerdict::KIND_TO_UPLIFT) {
    return Without(frozen, v1::UpliftVerdict::KIND_DROPPED, verdict.reason());
  }
  if (verdict.weekly_before_pence() != frozen.weekly_before_pence() ||
      verdict.weekly_after_pence() != frozen.weekly_after_pence()) {
    return Without(frozen, v1::UpliftVerdict::KIND_DROPPED, kNotAsFrozen,
                   {{"before_pence", Pence{verdict.weekly_before_pence()}},
                    {"after_pence", Pence{verdict.weekly_after_pence()}},
                    {"frozen_before_pence", Pence{frozen.weekly_before_pence()}},
                    {"frozen_after_pence", Pence{frozen.weekly_after_pence()}}});
  }
  verdict.set_kind(v1::UpliftVerdict::KIND_UPLIFTED);
  verdict.set_uplifted_budget(decision.changes.made.front().budget.name());
  return decision;
}

}  // namespace ipb::allocation
