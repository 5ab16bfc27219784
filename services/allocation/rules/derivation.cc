#include "services/allocation/rules/derivation.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "services/allocation/rules/adjustment.h"
#include "services/allocation/rules/change.h"
#include "services/allocation/rules/costed_plan.h"
#include "services/allocation/rules/statement.h"

namespace ipb::allocation {
namespace {

using explain::Pence;

constexpr explain::Rule kFollows = {
    .id = "CHANGE-FOLLOWS",
    .sentence = "It follows from {agreed_budget}, agreed with {plan}, and holds from {first_day_date}.",
    .source = "Care Act 2014 ss25(1)(e), 26-27"};
constexpr explain::Rule kNotBackdated = {
    .id = "CHANGE-NOT-CHARGED-BACK",
    .sentence =
        "Funding changed after this day: the contribution stays {contribution_weekly_pence} a week, and is "
        "not made more for days before the change was recorded.",
    .source = "Care Act 2014 s14(1); National Framework: refunds guidance",
    .purpose = v1::PURPOSE_MEANS};

std::optional<absl::CivilDay> LastDay(const v1::Budget& budget) {
  if (budget.effective_to_date().empty()) return std::nullopt;
  return dates::Checked(budget.effective_to_date());
}

bool HoldsOnSomeDay(const v1::Budget& budget) {
  const std::optional<absl::CivilDay> last = LastDay(budget);
  return !last || *last >= dates::Checked(budget.effective_from_date());
}

const std::string& AgreedNameOf(const v1::Budget& budget) {
  return budget.agreed_budget().empty() ? budget.name() : budget.agreed_budget();
}

// Same day: what is priced, then what grows, then who funds, each in the order of the names of their uplifts.
bool Before(const v1::BudgetChange& a, const v1::BudgetChange& b) {
  const auto rank = [](const v1::BudgetChange& change) {
    return change.funding_size() > 0 ? 2 : change.uplifted_size() > 0 ? 1 : 0;
  };
  return std::make_tuple(std::cref(a.effective_from_date()), rank(a), std::cref(a.uplift())) <
         std::make_tuple(std::cref(b.effective_from_date()), rank(b), std::cref(b.uplift()));
}

// One course while it is worked out.
struct Course {
  const BudgetFacts& facts;
  const Policies& policies;
  std::vector<v1::Budget> before;         // as CourseOf
  std::vector<v1::BudgetChange> changes;  // all, in order
  absl::CivilDay start;

  const v1::Budget& agreed() const { return before.front(); }
};

bool IsLateFunding(const v1::BudgetChange& change, absl::CivilDay day) {
  return change.funding_size() > 0 && !change.recorded_date().empty() &&
         dates::Checked(change.recorded_date()) > day;
}

// The budget of the course on a day, without name, period and what it is owed for days that passed; with the
// changes that reach it. `all` leaves out none; else those are left out that make chargeable what was not
// when the day passed.
absl::StatusOr<DerivedBudget> BudgetOn(const Course& course, absl::CivilDay day, bool all) {
  DerivedBudget derived;
  const v1::Budget& agreed = course.agreed();
  v1::Budget& budget = derived.budget;
  budget.set_mode(agreed.mode());
  budget.set_effective_from_date(dates::Format(day));
  *budget.mutable_determinations() = agreed.determinations();
  budget.set_plan(agreed.plan());
  budget.set_agreed_budget(agreed.name());
  *budget.mutable_decision() = course.facts.decision;
  budget.set_nhs_equivalent_weekly_pence(agreed.nhs_equivalent_weekly_pence());
  if (agreed.has_reduction()) *budget.mutable_reduction() = agreed.reduction();
  if (agreed.has_urgent_need()) *budget.mutable_urgent_need() = agreed.urgent_need();
  derived.trace.Add(kFollows,
                    {{"agreed_budget", agreed.name()}, {"plan", agreed.plan()}, {"first_day_date", day}});
  std::vector<v1::BudgetComponent> components(agreed.components().begin(), agreed.components().end());
  for (const v1::BudgetChange& change : course.changes) {
    if (dates::Checked(change.effective_from_date()) > day) break;
    if (!all && IsLateFunding(change, day)) continue;
    IPB_RETURN_IF_ERROR(ApplyChange(change, absl::MakeSpan(components), derived.trace));
    if (change.determinations_size() > 0) *budget.mutable_determinations() = change.determinations();
    *budget.add_changes() = change;
  }
  IPB_ASSIGN_OR_RETURN(const v1::Costing costing,
                       AddUp(components, day, course.policies.local, derived.trace));
  IPB_RETURN_IF_ERROR(StateBudget(costing, course.facts.assessments, course.policies, budget, derived.trace));
  return derived;
}

// The same, with the contribution of days that passed no more than without funding that changed too late.
absl::StatusOr<DerivedBudget> StatedOn(const Course& course, absl::CivilDay day) {
  IPB_ASSIGN_OR_RETURN(DerivedBudget derived, BudgetOn(course, day, true));
  const auto& changes = derived.budget.changes();
  const bool late = std::any_of(changes.begin(), changes.end(),
                                [&](const v1::BudgetChange& change) { return IsLateFunding(change, day); });
  if (!late) return derived;
  IPB_ASSIGN_OR_RETURN(const DerivedBudget known, BudgetOn(course, day, false));
  const int64_t most = known.budget.contribution_weekly_pence();
  v1::Budget& budget = derived.budget;
  if (budget.contribution_weekly_pence() <= most) return derived;
  budget.set_contribution_weekly_pence(most);
  budget.set_council_net_weekly_pence(budget.care_act_weekly_pence() - most);
  derived.trace.Add(kNotBackdated, {{"contribution_weekly_pence", Pence{most}}});
  return derived;
}

// The days on which the course may come out otherwise; true for those of a change, which always begin a
// budget.
std::map<absl::CivilDay, bool> Boundaries(const Course& course) {
  std::map<absl::CivilDay, bool> days = {{course.start, true}};
  for (const v1::BudgetChange& change : course.changes) {
    days[std::max(dates::Checked(change.effective_from_date()), course.start)] = true;
  }
  for (const v1::BudgetChange& change : course.changes) {
    if (IsLateFunding(change, dates::Checked(change.effective_from_date()))) {
      days.emplace(std::max(dates::Checked(change.recorded_date()), course.start), false);
    }
  }
  for (const v1::FinancialAssessment& assessment : course.facts.assessments) {
    const absl::CivilDay first = dates::Checked(assessment.effective_from_date());
    if (first > course.start) days.emplace(first, false);
  }
  if (const std::optional<absl::CivilDay> last = LastDay(course.before.back())) {
    days.erase(days.upper_bound(*last), days.end());
  }
  return days;
}

// Whether two budgets say the same of money and of what it rests on.
bool SameMoney(const v1::Budget& a, const v1::Budget& b) {
  const auto of = [](const v1::Budget& budget) {
    v1::Budget money;
    *money.mutable_components() = budget.components();
    for (v1::BudgetComponent& component : *money.mutable_components()) component.clear_reasons();
    *money.mutable_determinations() = budget.determinations();
    money.set_contribution_weekly_pence(budget.contribution_weekly_pence());
    money.set_charge_assessed(budget.charge_assessed());
    return money.SerializeAsString();
  };
  return of(a) == of(b);
}

// The whole course anew, in order of first day, each budget with its last day.
absl::StatusOr<std::vector<DerivedBudget>> Derive(const Course& course) {
  std::vector<DerivedBudget> derived;
  for (const auto& [day, changes] : Boundaries(course)) {
    IPB_ASSIGN_OR_RETURN(DerivedBudget one, StatedOn(course, day));
    if (!derived.empty()) {
      v1::Budget& earlier = derived.back().budget;
      if (!changes && SameMoney(earlier, one.budget)) continue;
      earlier.set_effective_to_date(dates::Format(day - 1));
    }
    one.budget.set_effective_to_date(course.before.back().effective_to_date());
    derived.push_back(std::move(one));
  }
  return derived;
}

// The budget before that stays for what was derived: it begins on the same day and says the same.
const v1::Budget* Staying(const Course& course, const v1::Budget& derived) {
  for (const v1::Budget& before : course.before) {
    if (before.effective_from_date() == derived.effective_from_date() && SameMoney(before, derived) &&
        before.changes_size() == derived.changes_size()) {
      return &before;
    }
  }
  return nullptr;
}

// Notes on a budget which follows it and when it ends; whether that is news.
bool Follow(const std::string& last_date, const std::string& next, v1::Budget& budget) {
  const v1::Budget::State state = next.empty() ? v1::Budget::STATE_AGREED : v1::Budget::STATE_SUPERSEDED;
  const bool news =
      budget.effective_to_date() != last_date || budget.superseded_by() != next || budget.state() != state;
  budget.set_effective_to_date(last_date);
  budget.set_superseded_by(next);
  budget.set_state(state);
  return news;
}

// The derived course from a day on in the place of the one before: what stays, what is made, what it
// replaces.
class Replacing {
 public:
  Replacing(const Course& course, absl::CivilDay from, const std::function<std::string()>& mint)
      : course_(course), from_(from), mint_(mint) {}

  ChangeDecision Decide(std::vector<DerivedBudget> derived) {
    ChangeDecision decision;
    std::vector<v1::Budget> staying;
    for (const v1::Budget& before : course_.before) {
      if (dates::Checked(before.effective_from_date()) < from_) staying.push_back(before);
    }
    for (DerivedBudget& one : derived) {
      if (dates::Checked(one.budget.effective_from_date()) < from_) continue;
      if (const v1::Budget* stays = Staying(course_, one.budget)) {
        staying.push_back(*stays);
        staying.back().set_effective_to_date(one.budget.effective_to_date());
        continue;
      }
      one.budget.set_name(mint_());
      decision.made.push_back(std::move(one));
    }
    if (decision.made.empty()) return decision;
    Link(staying, decision);
    return decision;
  }

 private:
  using Days = std::map<absl::CivilDay, v1::Budget*>;

  // Names the budgets by which each is followed, and ends each the day before.
  void Link(std::vector<v1::Budget>& staying, ChangeDecision& decision) {
    Days course;
    for (v1::Budget& one : staying) course[dates::Checked(one.effective_from_date())] = &one;
    for (DerivedBudget& one : decision.made) {
      course[dates::Checked(one.budget.effective_from_date())] = &one.budget;
    }
    std::set<std::string> made, kept;
    for (const DerivedBudget& one : decision.made) made.insert(one.budget.name());
    for (auto at = course.begin(); at != course.end(); ++at) {
      const auto next = std::next(at);
      const bool last = next == course.end();
      const std::string last_date =
          last ? course_.before.back().effective_to_date() : dates::Format(next->first - 1);
      const bool news = Follow(last_date, last ? "" : next->second->name(), *at->second);
      kept.insert(at->second->name());
      if (news && made.count(at->second->name()) == 0) decision.changed.push_back(*at->second);
    }
    for (const v1::Budget& before : course_.before) {
      if (kept.count(before.name()) > 0) continue;
      const absl::CivilDay first = dates::Checked(before.effective_from_date());
      v1::Budget& replaced = decision.changed.emplace_back(before);
      Follow(dates::Format(first - 1), std::prev(course.upper_bound(first))->second->name(), replaced);
    }
  }

  const Course& course_;
  const absl::CivilDay from_;
  const std::function<std::string()>& mint_;
};

// The day on which a decision for NHS continuing healthcare that came too late takes effect.
std::optional<absl::CivilDay> OverrunUntil(const BudgetFacts& facts) {
  for (const NamedDetermination& one : facts.determinations) {
    if (!one.determination || one.determination->regime() != v1::ELIGIBILITY_REGIME_CHC) continue;
    if (one.determination->overrun_days() > 0)
      return dates::Checked(one.determination->effective_from_date());
  }
  return std::nullopt;
}

// What is asked of the course.
struct Asked {
  const BudgetFacts& facts;
  absl::Span<const v1::BudgetChange> changes;
  const Policies& policies;
  absl::CivilDay today;
  const std::function<std::string()>& mint;
};

absl::StatusOr<ChangeDecision> Replace(const Asked& asked, absl::CivilDay from) {
  Course course{asked.facts, asked.policies, CourseOf(asked.facts), {}, {}};
  course.start = dates::Checked(course.agreed().effective_from_date());
  course.changes.assign(asked.facts.budget.changes().begin(), asked.facts.budget.changes().end());
  course.changes.insert(course.changes.end(), asked.changes.begin(), asked.changes.end());
  std::stable_sort(course.changes.begin(), course.changes.end(), Before);
  IPB_ASSIGN_OR_RETURN(std::vector<DerivedBudget> derived, Derive(course));
  ChangeDecision decision =
      Replacing(course, std::max(from, course.start), asked.mint).Decide(std::move(derived));
  const bool funding = std::any_of(asked.changes.begin(), asked.changes.end(),
                                   [](const v1::BudgetChange& change) { return change.funding_size() > 0; });
  const AdjustmentBasis basis = {
      .start = course.start,
      .last = asked.today - 1,
      .reason = funding ? v1::ADJUSTMENT_REASON_LATE_HAND_OVER : v1::ADJUSTMENT_REASON_LATE_FACT,
      .overrun_until = funding ? OverrunUntil(asked.facts) : std::nullopt};
  for (DerivedBudget& made : decision.made) {
    IPB_RETURN_IF_ERROR(Adjust(course.before, basis, made.budget, made.trace));
  }
  return decision;
}

}  // namespace

std::vector<v1::Budget> CourseOf(const BudgetFacts& facts) {
  const std::string& agreed = AgreedNameOf(facts.budget);
  std::vector<v1::Budget> course;
  const auto add = [&](const v1::Budget& budget) {
    if (AgreedNameOf(budget) == agreed && (budget.name() == agreed || HoldsOnSomeDay(budget))) {
      course.push_back(budget);
    }
  };
  add(facts.budget);
  for (const v1::Budget& other : facts.others) add(other);
  std::stable_sort(course.begin(), course.end(), [&](const v1::Budget& a, const v1::Budget& b) {
    return std::make_pair(a.name() != agreed, a.effective_from_date()) <
           std::make_pair(b.name() != agreed, b.effective_from_date());
  });
  return course;
}

const v1::Budget* InEffectOn(absl::Span<const v1::Budget> course, absl::CivilDay day) {
  for (const v1::Budget& budget : course) {
    if (dates::Within(day, budget.effective_from_date(), budget.effective_to_date())) return &budget;
  }
  return nullptr;
}

absl::StatusOr<ChangeDecision> DecideChanges(const BudgetFacts& facts,
                                             absl::Span<const v1::BudgetChange> changes,
                                             const Policies& policies, absl::CivilDay today,
                                             const std::function<std::string()>& mint) {
  absl::CivilDay from = absl::CivilDay::max();
  for (const v1::BudgetChange& change : changes) {
    from = std::min(from, dates::Checked(change.effective_from_date()));
  }
  return Replace({facts, changes, policies, today, mint}, from);
}

absl::StatusOr<ChangeDecision> DecideWholeCourse(const BudgetFacts& facts,
                                                 absl::Span<const v1::BudgetChange> changes,
                                                 const Policies& policies, absl::CivilDay today,
                                                 const std::function<std::string()>& mint) {
  return Replace({facts, changes, policies, today, mint}, absl::CivilDay::min());
}

}  // namespace ipb::allocation
