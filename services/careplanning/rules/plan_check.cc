#include "services/careplanning/rules/plan_check.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "services/careplanning/rules/care_act_check.h"
#include "services/careplanning/rules/health_check.h"
#include "services/careplanning/rules/line_check.h"
#include "services/careplanning/rules/plan_money.h"

namespace ipb::careplanning {
namespace {

constexpr explain::Rule kCouncilList = {
    "PLAN-CHECK-CARE-ACT",
    "Council money pays for part of the plan, so it must say what a care and support plan says",
    "Care Act 2014 s25"};
constexpr explain::Rule kHealthList = {
    "PLAN-CHECK-HEALTH-BUDGET",
    "NHS money pays for part of the plan, so it must meet the criteria of a health budget's",
    "SI 2013/1617 reg 8"};
constexpr explain::Rule kShortList = {
    "PLAN-CHECK-INTERIM",
    "The plan is an interim one, so a short list applies; it must expire, and be reviewed before",
    "Care Act 2014 s19(3); National Framework, fast track"};
constexpr explain::Rule kUrgency = {"PLAN-INTERIM-1", "The interim plan does not say why it cannot wait",
                                    "Care Act 2014 s19(3)", "say what is urgent"};
constexpr explain::Rule kNeeds = {"PLAN-INTERIM-2", "The interim plan does not say which needs it meets",
                                  "Care Act 2014 s19(3)", "describe at least one need"};
constexpr explain::Rule kExpiry = {
    "PLAN-INTERIM-3", "The interim plan must expire within {maximum_days} days of its start",
    "interim limits of the care planning policy", "give it an expiry date in that time"};
constexpr explain::Rule kReview = {"PLAN-INTERIM-4", "The interim plan needs a review date before it expires",
                                   "Care Act 2014 s27(1)",
                                   "give it a review date from its start to its expiry"};
constexpr explain::Rule kContingency = {
    "PLAN-INTERIM-5", "The interim plan does not say what happens if things go wrong",
    "Care and Support Statutory Guidance, urgent needs", "write a contingency plan"};
constexpr explain::Rule kBarred = {
    "PLAN-DP-BARRED", "A court or parole condition bars a direct payment to this person",
    "SI 2014/2871 Schedule 1; SI 2013/1617 Schedule", "hold the money in another way; those stay open"};

absl::Status CheckInterim(const v1::Plan& plan, const PlanPolicy& policy, explain::Refusal& gaps) {
  const absl::CivilDay start = dates::Checked(plan.start_date());
  const std::optional<int> maximum_days = InterimMaximumDays(policy, Funders(plan), start);
  if (!maximum_days) return errors::NoRate("longest interim plan", plan.start_date());
  if (IsBlank(plan.urgency_reasons())) gaps.Add(kUrgency, "urgency_reasons");
  const bool described = std::any_of(plan.needs().begin(), plan.needs().end(),
                                     [](const v1::PlanNeed& need) { return !IsBlank(need.description()); });
  if (!described) gaps.Add(kNeeds, "needs");
  const absl::CivilDay last_expiry = start + (*maximum_days - 1);
  const bool expires =
      dates::Parse(plan.expiry_date()).ok() && dates::Checked(plan.expiry_date()) <= last_expiry;
  if (!expires) gaps.Add(kExpiry, "expiry_date", {{"maximum_days", int64_t{*maximum_days}}});
  const absl::CivilDay latest = expires ? dates::Checked(plan.expiry_date()) : last_expiry;
  const absl::CivilDay review = dates::Checked(plan.review_date());
  if (plan.review_date().empty() || review < start || review > latest) gaps.Add(kReview, "review_date");
  if (IsBlank(plan.safety().contingency_plan())) gaps.Add(kContingency, "safety");
  return absl::OkStatus();
}

// The plan with whose money each line is; with the whole budget's where no line names a part of it yet.
bool PaidBy(const v1::Plan& plan, const BudgetFacts& budget, v1::CallerKind kind, const PlanPolicy& policy,
            absl::CivilDay day) {
  if (!Funders(plan).empty()) return HasMoneyOf(plan, kind, policy, day);
  for (const ComponentFacts& component : budget.components) {
    for (const v1::FundingShare& share : component.shares) {
      if (KindOf(policy, share.organisation(), day) == kind) return true;
    }
  }
  return false;
}

}  // namespace

absl::StatusOr<PlanCheck> CheckPlan(const v1::Plan& draft, const BudgetFacts& budget,
                                    const PlanPolicy& policy, absl::CivilDay today) {
  v1::Plan plan = draft;
  CopyShares(plan, budget);
  const absl::CivilDay day = plan.start_date().empty() ? today : dates::Checked(plan.start_date());
  PlanCheck check;
  if (plan.kind() == v1::Plan::KIND_INTERIM) {
    check.trace.Add(kShortList);
    IPB_RETURN_IF_ERROR(CheckInterim(plan, policy, check.gaps));
  } else {
    if (PaidBy(plan, budget, v1::CALLER_KIND_COUNCIL, policy, day)) {
      check.trace.Add(kCouncilList);
      CheckCareAct(plan, budget, check.gaps);
    }
    if (PaidBy(plan, budget, v1::CALLER_KIND_NHS, policy, day)) {
      check.trace.Add(kHealthList);
      CheckHealthBudget(plan, check.gaps);
    }
  }
  IPB_RETURN_IF_ERROR(CheckLines(plan, budget, policy, today, check.gaps));
  if (HasDirectPayment(plan)) {
    const bool council_money = HasMoneyOf(plan, v1::CALLER_KIND_COUNCIL, policy, day, true);
    IPB_RETURN_IF_ERROR(CheckDirectPayment(plan, council_money, check.gaps));
    if (!plan.direct_payment().bars().empty()) check.gaps.Add(kBarred, "direct_payment");
  }
  return check;
}

bool IsBlank(absl::string_view text) { return absl::StripAsciiWhitespace(text).empty(); }

}  // namespace ipb::careplanning
