#include "services/eligibility/rules/entitlements.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/trace.h"
#include "services/eligibility/rules/cohort.h"
#include "services/eligibility/rules/known.h"
#include "services/eligibility/rules/nursing_care.h"
#include "services/eligibility/rules/regime.h"
#include "services/eligibility/rules/words.h"

namespace ipb::eligibility {
namespace {

constexpr explain::Rule kPersonalBudget{
    "ENTITLEMENT-PERSONAL-BUDGET",
    "Eligible under the Care Act from {first_date}: where the council meets the needs, a personal budget.",
    "Care Act 2014 ss18, 24, 26"};
constexpr explain::Rule kDestitution{"ENTITLEMENT-BAR-DESTITUTION",
                                     "Eligible under the Care Act from {first_date}, and the council may not "
                                     "meet needs that {bar}: no personal budget.",
                                     "Care Act 2014 s21"};
constexpr explain::Rule kBar{"ENTITLEMENT-BAR", "The personal budget has nothing for needs that {bar}.",
                             "Care Act 2014 ss22-23"};
constexpr explain::Rule kCarersBudget{
    "ENTITLEMENT-CARERS-BUDGET",
    "Eligible as a carer from {first_date}: where the council meets the needs, a support plan and a personal "
    "budget. "
    "For care to the adult it is the adult who is charged, never the carer.",
    "Care Act 2014 ss14(3), 20, 25, 26"};
constexpr explain::Rule kRightToHave{
    "ENTITLEMENT-RIGHT-TO-HAVE",
    "Eligible under {regime} from {first_date}: a right to have a personal health budget on {day_date}, save "
    "to the "
    "extent that it is not appropriate. It does not imply any one way of holding the money.",
    "SI 2012/2996 regs 32A, 32B(4)"};
constexpr explain::Rule kRightToAsk{
    "ENTITLEMENT-RIGHT-TO-ASK",
    "Eligible under {regime} from {first_date}: a right to ask for a personal health budget on {day_date}.",
    "SI 2012/2996 Part 6A"};
constexpr explain::Rule kDiscretionary{
    "ENTITLEMENT-DISCRETIONARY",
    "The integrated care board offers a personal health budget from {first_date}.",
    "Think Local Act Personal, personal health budgets; NHS Act 2006 s3"};

constexpr explain::Rule kDefault{"ENTITLEMENT-DEFAULT-AT-HOME",
                                 "Where the care is given at home, a personal health budget is the default.",
                                 "NHS England, personal health budgets in NHS continuing healthcare"};
constexpr explain::Rule kNursing{"ENTITLEMENT-NURSING-CARE",
                                 "Eligible for NHS-funded nursing care from {first_date}: the integrated "
                                 "care board pays a flat rate to the care "
                                 "home. It is no personal budget.",
                                 "SI 2012/2996 reg 28"};
constexpr explain::Rule kNursingRate{
    "ENTITLEMENT-NURSING-RATE",
    "For the week of {day_date} the rate is {weekly_pence}, with a supplement of {weekly_supplement_pence}.",
    "SI 2012/2996 reg 20; gov.uk, NHS-funded nursing care rates"};
constexpr explain::Rule kNursingNoRate{"ENTITLEMENT-NURSING-NO-RATE",
                                       "No rate for the week of {day_date} had been announced.",
                                       "SI 2012/2996 reg 20; gov.uk, NHS-funded nursing care rates"};
constexpr explain::Rule kContinues{
    "ENTITLEMENT-CONTINUES-AFTER-MOVE",
    "The determination ended on {last_date} because of a move. The needs are met as before from {first_date} "
    "until the council of the new area has assessed and decided.",
    "Care Act 2014 ss37-38"};
constexpr explain::Rule kDeath{"ENTITLEMENT-DEATH", "It ends with the person's death on {death_date}.",
                               "Care Act 2014 s18; SI 2012/2996 reg 20"};

// Of which day it is asked, by what had been recorded by which instant; everything where empty.
struct Asked {
  absl::CivilDay day;
  std::optional<absl::Time> known_at;
};

// Whether a determination, as it was known, was decided and is not one recorded in error.
bool Stands(const v1::Determination& determination) {
  return IsDecided(determination) &&
         determination.end_reason() != v1::Determination::END_REASON_RECORDED_IN_ERROR;
}

// Whether a determination, as it was known, made the person eligible on the day.
bool Holds(const v1::Determination& determination, absl::CivilDay day) {
  return Stands(determination) && determination.outcome() == v1::ELIGIBILITY_OUTCOME_ELIGIBLE &&
         dates::Within(day, determination.effective_from_date(), determination.effective_to_date());
}

// Whether the needs of an adult, or of a carer, are met on the day under a determination that a move ended:
// no council has decided since, whichever way.
bool ContinuesAfterMove(const v1::Determination& moved, absl::CivilDay day,
                        const std::vector<v1::Determination>& known) {
  if (!Stands(moved) || !IsOfCouncil(moved.regime()) || moved.outcome() != v1::ELIGIBILITY_OUTCOME_ELIGIBLE ||
      moved.end_reason() != v1::Determination::END_REASON_MOVED ||
      day <= dates::Checked(moved.effective_to_date())) {
    return false;
  }
  const std::string date = dates::Format(day);
  return std::none_of(known.begin(), known.end(), [&](const v1::Determination& other) {
    return Stands(other) && other.regime() == moved.regime() &&
           other.effective_from_date() > moved.effective_from_date() && other.effective_from_date() <= date;
  });
}

// Whether the person had been told: before it ended or was replaced, or since.
bool IsNotified(const v1::Determination& determination) {
  const auto& changes = determination.state_changes();
  return determination.has_notification() ||
         std::any_of(changes.begin(), changes.end(), [](const v1::Determination::StateChange& change) {
           return change.state() == v1::Determination::STATE_NOTIFIED;
         });
}

const explain::Rule& RuleOf(v1::BudgetRight right) {
  if (right == v1::BUDGET_RIGHT_TO_HAVE) return kRightToHave;
  return right == v1::BUDGET_RIGHT_TO_ASK ? kRightToAsk : kDiscretionary;
}

// Lets the entitlement go on beyond the last day of a determination that ended because the person moved.
void ContinueAfterMove(const v1::Determination& moved, v1::Entitlement& entitlement, explain::Trace& trace) {
  const absl::CivilDay last_day = dates::Checked(moved.effective_to_date());
  entitlement.clear_effective_to_date();
  entitlement.set_continues_from_date(dates::Format(last_day + 1));
  trace.Add(kContinues, {{"last_date", last_day}, {"first_date", last_day + 1}});
}

// Gives the entitlement the day of death as its last, unless it ends before.
void EndWithDeath(std::optional<absl::CivilDay> death, v1::Entitlement& entitlement, explain::Trace& trace) {
  if (!death || !dates::Within(*death, "", entitlement.effective_to_date())) return;
  entitlement.set_effective_to_date(dates::Format(*death));
  trace.Add(kDeath, {{"death_date", *death}});
}

void EntitleToPersonalBudget(const v1::Determination& determination, v1::Entitlement& entitlement,
                             explain::Trace& trace) {
  entitlement.set_budget(v1::BUDGET_KIND_PERSONAL_BUDGET);
  const absl::CivilDay first_day = dates::Checked(determination.effective_from_date());
  const auto& bars = determination.care_act_bars();
  if (std::find(bars.begin(), bars.end(), v1::CARE_ACT_BAR_DESTITUTION) != bars.end()) {
    entitlement.set_right(v1::BUDGET_RIGHT_NONE);
    trace.Add(kDestitution,
              {{"first_date", first_day}, {"bar", std::string(Words(v1::CARE_ACT_BAR_DESTITUTION))}});
    return;
  }
  entitlement.set_right(v1::BUDGET_RIGHT_TO_HAVE);
  const bool carer = determination.regime() == v1::ELIGIBILITY_REGIME_CARE_ACT_CARER;
  trace.Add(carer ? kCarersBudget : kPersonalBudget, {{"first_date", first_day}});
  for (const int bar : bars) {
    trace.Add(kBar, {{"bar", std::string(Words(static_cast<v1::CareActBar>(bar)))}});
  }
}

// How much of the budget was granted.
v1::BudgetGrant::Extent Granted(const v1::Determination& determination) {
  if (determination.budget_grants().empty()) return v1::BudgetGrant::EXTENT_UNSPECIFIED;
  return determination.budget_grants().rbegin()->extent();
}

bool IsDefaultAtHome(const v1::Determination& determination, v1::PersonalHealthBudgetCohort cohort,
                     absl::CivilDay day, const v1::EligibilityPolicy& policy) {
  const bool fast_track = determination.indication() == v1::ELIGIBILITY_INDICATION_BINDING;
  return dates::InEffect(policy.budget_defaults(), day, [&](const v1::BudgetDefault& row) {
           return row.cohort() == cohort && !(row.except_fast_track() && fast_track);
         }) != nullptr;
}

absl::Status EntitleToHealthBudget(const v1::Determination& determination, const Asked& asked,
                                   const v1::EligibilityPolicy& policy, v1::Entitlement& entitlement,
                                   explain::Trace& trace) {
  const v1::PersonalHealthBudgetCohort cohort = CohortOf(determination.regime());
  const absl::CivilDay day = asked.day;
  const v1::CohortRight* row =
      dates::InEffect(policy.cohort_rights(), day,
                      [&](const v1::CohortRight& candidate) { return candidate.cohort() == cohort; });
  if (row == nullptr) return errors::NoRate("right to a personal health budget", dates::Format(day));
  entitlement.set_budget(v1::BUDGET_KIND_PERSONAL_HEALTH_BUDGET);
  entitlement.set_right(row->right());
  trace.Add(RuleOf(row->right()), {{"regime", std::string(Words(determination.regime()))},
                                   {"first_date", dates::Checked(determination.effective_from_date())},
                                   {"day_date", day}});
  entitlement.set_granted(Granted(determination));
  entitlement.set_default_at_home(IsDefaultAtHome(determination, cohort, day, policy));
  if (entitlement.default_at_home()) trace.Add(kDefault);
  return absl::OkStatus();
}

void EntitleToNursing(const v1::Determination& determination, const Asked& asked,
                      const v1::EligibilityPolicy& policy, v1::Entitlement& entitlement,
                      explain::Trace& trace) {
  entitlement.set_budget(v1::BUDGET_KIND_PAYMENT_TO_HOME);
  entitlement.set_right(v1::BUDGET_RIGHT_NONE);
  trace.Add(kNursing, {{"first_date", dates::Checked(determination.effective_from_date())}});
  std::optional<absl::CivilDay> known_day;
  if (asked.known_at.has_value()) known_day = dates::InLondon(*asked.known_at);
  const absl::StatusOr<v1::NursingCarePayment> payment =
      NursingCarePaymentOn(determination.nursing_care_band(), asked.day, known_day, policy);
  if (!payment.ok()) {
    trace.Add(kNursingNoRate, {{"day_date", asked.day}});
    return;
  }
  *entitlement.mutable_nursing_care_payment() = *payment;
  trace.Add(kNursingRate, {{"day_date", asked.day},
                           {"weekly_pence", explain::Pence{payment->weekly_pence()}},
                           {"weekly_supplement_pence", explain::Pence{payment->weekly_supplement_pence()}}});
}

absl::StatusOr<v1::Entitlement> Entitle(const v1::Determination& determination, const Asked& asked,
                                        std::optional<absl::CivilDay> death,
                                        const v1::EligibilityPolicy& policy,
                                        absl::string_view policy_version) {
  v1::Entitlement entitlement;
  entitlement.set_regime(determination.regime());
  entitlement.set_organisation(determination.decision().organisation());
  entitlement.set_determination(determination.name());
  entitlement.set_effective_from_date(determination.effective_from_date());
  entitlement.set_effective_to_date(determination.effective_to_date());
  entitlement.set_notified(IsNotified(determination));
  explain::Trace trace;
  if (determination.regime() == v1::ELIGIBILITY_REGIME_NURSING_CARE) {
    EntitleToNursing(determination, asked, policy, entitlement, trace);
  } else if (IsOfCouncil(determination.regime())) {
    EntitleToPersonalBudget(determination, entitlement, trace);
  } else {
    IPB_RETURN_IF_ERROR(EntitleToHealthBudget(determination, asked, policy, entitlement, trace));
  }
  if (!dates::Within(asked.day, "", determination.effective_to_date())) {
    ContinueAfterMove(determination, entitlement, trace);
  }
  EndWithDeath(death, entitlement, trace);
  *entitlement.mutable_explanation() = trace.Render(kRuleSetVersion, policy_version);
  return entitlement;
}

}  // namespace

absl::StatusOr<std::vector<v1::Entitlement>> EntitlementsOn(
    absl::CivilDay day, std::optional<absl::Time> known_at,
    const std::vector<v1::Determination>& determinations, std::optional<absl::CivilDay> death,
    const v1::EligibilityPolicy& policy, absl::string_view policy_version) {
  std::vector<v1::Entitlement> entitlements;
  if (death && day > *death) return entitlements;
  const std::vector<v1::Determination> known =
      AsKnown(PersonRecord{{}, {}, determinations}, known_at).determinations;
  for (const v1::Determination& determination : known) {
    if (!Holds(determination, day) && !ContinuesAfterMove(determination, day, known)) continue;
    IPB_ASSIGN_OR_RETURN(v1::Entitlement entitlement,
                         Entitle(determination, {day, known_at}, death, policy, policy_version));
    entitlements.push_back(std::move(entitlement));
  }
  std::stable_sort(entitlements.begin(), entitlements.end(),
                   [](const v1::Entitlement& left, const v1::Entitlement& right) {
                     return std::make_tuple(left.regime(), left.effective_from_date()) <
                            std::make_tuple(right.regime(), right.effective_from_date());
                   });
  return entitlements;
}

}  // namespace ipb::eligibility
