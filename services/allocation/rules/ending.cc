#include "services/allocation/rules/ending.h"

#include <vector>

#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "services/allocation/rules/adjustment.h"
#include "services/allocation/rules/derivation.h"

namespace ipb::allocation {
namespace {

constexpr explain::Rule kDeathRecorded = {
    .id = "END-DEATH-RECORDED",
    .sentence = "No death on or before {last_day_date} is on record for the person",
    .source = "Care Act 2014 s18",
    .remedy = "record the death with the people service, and end on or after its day"};
constexpr explain::Rule kSuccessor = {
    .id = "END-SUCCESSOR-IN-EFFECT",
    .sentence = "No other agreed, live budget is named that is in effect from {next_day_date} and goes on",
    .source = "National Framework for NHS continuing healthcare 2022; Care Act 2014 ss27, 37",
    .remedy = "after joint reassessment, agree the alternative funding first and name it in `successor`"};
constexpr explain::Rule kShadowOnly = {
    .id = "END-SHADOW-ONLY",
    .sentence = "The budget is live: it does not end as a trial does",
    .source = "National Framework for NHS continuing healthcare 2022; Care Act 2014 s27",
    .remedy = "name a `successor` that is in effect from the next day"};
constexpr explain::Rule kEndedByDeath = {
    .id = "ENDED-DEATH",
    .sentence = "Funding ends on {last_day_date}: the person died on {death_date}.",
    .source = "Care Act 2014 s18"};
constexpr explain::Rule kEndedBySuccessor = {
    .id = "ENDED-SUCCESSOR",
    .sentence = "Funding ends on {last_day_date}; {successor} is in effect from the next day.",
    .source = "National Framework for NHS continuing healthcare 2022; Care Act 2014 ss27, 37"};
constexpr explain::Rule kEndedShadow = {
    .id = "ENDED-SHADOW",
    .sentence = "The shadow budget ends on {last_day_date}; no money was paid by it.",
    .source = "the funders' local policy"};

bool TakesOver(const v1::Budget* successor, absl::CivilDay last_day) {
  // Money for an urgent need that ends by itself is no alternative to what the person has.
  const bool goes_on =
      successor != nullptr && (!successor->has_urgent_need() || successor->effective_to_date().empty());
  return goes_on && successor->state() == v1::Budget::STATE_AGREED &&
         successor->mode() == v1::Budget::MODE_LIVE &&
         dates::Within(last_day + 1, successor->effective_from_date(), successor->effective_to_date());
}

void DecideDeath(const BudgetFacts& facts, absl::CivilDay last_day, explain::Refusal& refusal,
                 explain::Trace& trace) {
  const explain::Input last = {"last_day_date", last_day};
  if (facts.death_date.empty() || dates::Checked(facts.death_date) > last_day) {
    refusal.Add(kDeathRecorded, facts.budget.name(), {last});
    return;
  }
  trace.Add(kEndedByDeath, {last, {"death_date", dates::Checked(facts.death_date)}});
}

void DecideOtherwise(const BudgetFacts& facts, const v1::EndFundingRequest& request, absl::CivilDay last_day,
                     explain::Refusal& refusal, explain::Trace& trace) {
  const explain::Input last = {"last_day_date", last_day};
  const bool live = facts.budget.mode() == v1::Budget::MODE_LIVE;
  if (request.end_reason() == v1::Budget::END_REASON_SHADOW_OVER) {
    if (live) {
      refusal.Add(kShadowOnly, facts.budget.name());
    } else {
      trace.Add(kEndedShadow, {last});
    }
    return;
  }
  if (live && !TakesOver(FindOther(facts, request.successor()), last_day)) {
    refusal.Add(kSuccessor, facts.budget.name(), {{"next_day_date", last_day + 1}});
    return;
  }
  trace.Add(kEndedBySuccessor, {last, {"successor", request.successor()}});
}

// The named budget, or the one that holds on the last day in its place, with those that will not follow.
void End(const BudgetFacts& facts, absl::CivilDay last_day, BudgetDecision& decision) {
  const std::string ended = EndsOn(facts, last_day);
  for (const v1::Budget& budget : CourseOf(facts)) {
    if (budget.name() == ended) decision.budget = budget;
    if (dates::Checked(budget.effective_from_date()) <= last_day) continue;
    v1::Budget& never = decision.changed.emplace_back(budget);
    never.set_state(v1::Budget::STATE_SUPERSEDED);
    never.set_effective_to_date(dates::Format(dates::Checked(budget.effective_from_date()) - 1));
    never.set_superseded_by(ended);
  }
}

}  // namespace

std::string EndsOn(const BudgetFacts& facts, absl::CivilDay last_day) {
  if (last_day >= dates::Checked(facts.budget.effective_from_date())) return facts.budget.name();
  for (const v1::Budget& budget : CourseOf(facts)) {
    if (dates::Within(last_day, budget.effective_from_date(), budget.effective_to_date()))
      return budget.name();
  }
  return "";
}

absl::StatusOr<BudgetDecision> DecideEndFunding(const BudgetFacts& facts,
                                                const v1::EndFundingRequest& request, absl::CivilDay today) {
  IPB_RETURN_IF_ERROR(CheckState(facts.budget, {v1::Budget::STATE_AGREED}, "AGREED"));
  IPB_RETURN_IF_ERROR(CheckDecisionDate(facts.decision, today));
  const absl::CivilDay last_day = dates::Checked(request.effective_to_date());
  if (EndsOn(facts, last_day).empty()) {
    return errors::InvalidField("effective_to_date", "is before the budget's first day");
  }
  if (request.end_reason() != v1::Budget::END_REASON_SUCCESSOR && !request.successor().empty()) {
    return errors::InvalidField("successor", "is for END_REASON_SUCCESSOR");
  }
  if (facts.budget.mode() != v1::Budget::MODE_LIVE && !request.successor().empty() &&
      FindOther(facts, request.successor()) == nullptr) {
    return errors::InvalidField("successor", "is no other budget of this person");
  }
  BudgetDecision decision;
  explain::Refusal refusal;
  if (request.end_reason() == v1::Budget::END_REASON_DEATH) {
    DecideDeath(facts, last_day, refusal, decision.trace);
  } else {
    DecideOtherwise(facts, request, last_day, refusal, decision.trace);
  }
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  End(facts, last_day, decision);
  decision.budget.set_state(v1::Budget::STATE_ENDED);
  decision.budget.set_effective_to_date(request.effective_to_date());
  decision.budget.set_end_reason(request.end_reason());
  decision.budget.set_superseded_by(request.successor());
  *decision.budget.mutable_end_decision() = facts.decision;
  if (facts.budget.mode() != v1::Budget::MODE_LIVE) return decision;
  const std::vector<v1::Budget> before = CourseOf(facts);
  const AdjustmentBasis basis = {.start = dates::Checked(before.front().effective_from_date()),
                                 .last = today - 1};
  IPB_RETURN_IF_ERROR(AdjustEnded(before, basis, last_day, decision.budget, decision.trace));
  return decision;
}

}  // namespace ipb::allocation
