#include "services/careplanning/rules/care_act_check.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/errors/status_macros.h"
#include "services/careplanning/rules/plan_check.h"
#include "services/careplanning/rules/plan_money.h"

namespace ipb::careplanning {
namespace {

constexpr explain::Rule kNeeds = {"PLAN-CA-1", "The plan does not say which needs the assessment identified",
                                  "Care Act 2014 s25(1)(a)", "name the assessment and describe each need"};
constexpr explain::Rule kEligible = {"PLAN-CA-2",
                                     "The plan does not say whether and how far the need is eligible",
                                     "Care Act 2014 s25(1)(b)", "say for each need how far it is eligible"};
constexpr explain::Rule kMet = {"PLAN-CA-3", "The plan does not say who will meet the eligible need and how",
                                "Care Act 2014 s25(1)(c)",
                                "name who meets it and a line that does, or say how it is met without money"};
constexpr explain::Rule kOutcomes = {
    "PLAN-CA-4", "The plan does not say which outcomes and areas of well-being the support bears on",
    "Care Act 2014 s25(1)(d), s9(4)", "describe each outcome and name an area of well-being"};
constexpr explain::Rule kBudget = {"PLAN-CA-5", "The plan does not say the personal budget",
                                   "Care Act 2014 s25(1)(e), s26", "name a budget that says its amounts"};
constexpr explain::Rule kReducing = {"PLAN-CA-6", "The plan gives no advice on meeting or reducing the needs",
                                     "Care Act 2014 s25(1)(f)(i)", "write the advice"};
constexpr explain::Rule kPreventing = {
    "PLAN-CA-7", "The plan gives no advice on preventing or delaying the development of needs",
    "Care Act 2014 s25(1)(f)(ii)", "write the advice"};
constexpr explain::Rule kPayment = {
    "PLAN-CA-8",
    "The plan does not say what the direct payment is and how often it is paid, as its lines have it",
    "Care Act 2014 s25(2)",
    "state {lines_weekly_pence} a week and {lines_one_off_pence} once, before contributions, and how often "
    "it is paid"};
constexpr explain::Rule kHealthPayment = {
    "PLAN-DP-AMOUNT",
    "The plan does not say what the direct payment for healthcare is and how often it is paid, as its lines "
    "have it",
    "SI 2013/1617 reg 8",
    "state {lines_weekly_pence} a week and {lines_one_off_pence} once, and how often it is paid"};
constexpr explain::Rule kCarer = {"PLAN-CARER-1",
                                  "The plan does not say whether the carer is able and willing to care, and "
                                  "what they wish of work and recreation",
                                  "Care Act 2014 s10(5)-(6), s25(1)(d)", "write both"};
constexpr explain::Rule kCarerAgreement = {
    "PLAN-CARER-2", "The carer's need is met by care to the adult, who has not agreed to it",
    "Care Act 2014 s20(7)-(8)", "ask the adult, or record that it is in their best interests"};

bool IsNamedByLine(const v1::Plan& plan, const std::string& need_id) {
  return std::any_of(plan.lines().begin(), plan.lines().end(), [&](const v1::PlanLine& line) {
    return std::find(line.need_ids().begin(), line.need_ids().end(), need_id) != line.need_ids().end();
  });
}

bool IsMet(const v1::Plan& plan, const v1::PlanNeed& need) {
  if (need.eligibility() != v1::NEED_ELIGIBILITY_ELIGIBLE &&
      need.eligibility() != v1::NEED_ELIGIBILITY_PARTLY_ELIGIBLE) {
    return true;
  }
  if (!IsBlank(need.how_met())) return true;
  return !need.meeting_organisation().empty() && IsNamedByLine(plan, need.need_id());
}

void CheckNeeds(const v1::Plan& plan, explain::Refusal& gaps) {
  const bool described = std::none_of(plan.needs().begin(), plan.needs().end(),
                                      [](const v1::PlanNeed& need) { return IsBlank(need.description()); });
  if (plan.assessment().empty() || plan.needs().empty() || !described) gaps.Add(kNeeds, "needs");
  for (const v1::PlanNeed& need : plan.needs()) {
    const std::string subject = absl::StrCat("needs/", need.need_id());
    if (need.eligibility() == v1::NEED_ELIGIBILITY_UNSPECIFIED) gaps.Add(kEligible, subject);
    if (!IsMet(plan, need)) gaps.Add(kMet, subject);
  }
}

void CheckCarer(const v1::Plan& plan, explain::Refusal& gaps) {
  const v1::PlanCarerMatters& matters = plan.carer_matters();
  if (IsBlank(matters.able_and_willing()) || IsBlank(matters.work_and_recreation())) {
    gaps.Add(kCarer, "carer_matters");
  }
  if (matters.met_by_care_to_adult() && !matters.adult_agrees()) gaps.Add(kCarerAgreement, "carer_matters");
}

}  // namespace

void CheckCareAct(const v1::Plan& plan, const BudgetFacts& budget, explain::Refusal& gaps) {
  CheckNeeds(plan, gaps);
  const bool described =
      std::none_of(plan.outcomes().begin(), plan.outcomes().end(), [](const v1::PlanOutcome& outcome) {
        return IsBlank(outcome.description()) || outcome.wellbeing_areas().empty();
      });
  if (plan.outcomes().empty() || !described) gaps.Add(kOutcomes, "outcomes");
  if (plan.budget().empty() || budget.components.empty()) gaps.Add(kBudget, "budget");
  if (IsBlank(plan.advice().reducing_needs())) gaps.Add(kReducing, "advice");
  if (IsBlank(plan.advice().preventing_needs())) gaps.Add(kPreventing, "advice");
  if (plan.form() == v1::Plan::FORM_CARER) CheckCarer(plan, gaps);
}

absl::Status CheckDirectPayment(const v1::Plan& plan, bool council_money, explain::Refusal& gaps) {
  IPB_ASSIGN_OR_RETURN(const Cost lines, DirectPaymentCost(plan));
  const v1::PlanDirectPayment& stated = plan.direct_payment();
  const bool once = stated.frequency() == v1::PAYMENT_FREQUENCY_ONCE;
  const bool paced =
      stated.frequency() != v1::PAYMENT_FREQUENCY_UNSPECIFIED && !(once && lines.weekly_pence > 0);
  if (paced && Cost{stated.weekly_pence(), stated.one_off_pence()} == lines) return absl::OkStatus();
  gaps.Add(council_money ? kPayment : kHealthPayment, "direct_payment",
           {{"lines_weekly_pence", explain::Pence{lines.weekly_pence}},
            {"lines_one_off_pence", explain::Pence{lines.one_off_pence}}});
  return absl::OkStatus();
}

}  // namespace ipb::careplanning
