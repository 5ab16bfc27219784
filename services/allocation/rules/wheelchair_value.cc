#include "services/allocation/rules/wheelchair_value.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/words.h"
#include "services/allocation/rules/unit_price.h"

namespace ipb::allocation {
namespace {

using explain::Pence;

constexpr absl::string_view kWorth =
    "SI 2012/2996 reg 32A; personal wheelchair budgets: wheelchair-service pages, Enabled and Homerton";
constexpr absl::string_view kNotionalPages =
    "Personal wheelchair budgets: wheelchair-service pages, WSH and AJM";
constexpr absl::string_view kThirdPartyPages =
    "Personal wheelchair budgets: wheelchair-service pages, Homerton, Mid and South Essex; for direct "
    "payments from practice, not verified";
constexpr absl::string_view kDearerPages =
    "Personal wheelchair budgets: wheelchair-service pages, WSH, AJM, Homerton, Mid and South Essex";
constexpr absl::string_view kTax =
    "Personal wheelchair budgets: wheelchair-service pages, WSH and AJM: value added tax on the "
    "contribution unless exempt; VAT Act 1994 Sch 8 Group 12";

constexpr explain::Rule kNoRoom = {.id = "ALLOCATION-WHEELCHAIR-DEARER",
                                   .sentence =
                                       "The chosen chair costs {excess_pence} more than the budget of "
                                       "{one_off_pence}, and the option \"{option}\" has no room for a "
                                       "contribution",
                                   .source = kNotionalPages,
                                   .remedy =
                                       "choose NOTIONAL_WITH_CONTRIBUTION, or THIRD_PARTY by which the "
                                       "person pays what is dearer, or the chair that is prescribed"};
constexpr explain::Rule kNothingToPay = {
    .id = "ALLOCATION-WHEELCHAIR-NO-CONTRIBUTION",
    .sentence =
        "The chosen chair costs no more than the budget of {one_off_pence}, so that nothing is contributed",
    .source = kNotionalPages,
    .remedy = "choose NOTIONAL, or give what the dearer chair costs"};

constexpr explain::Rule kItem = {.id = "ALLOCATION-WHEELCHAIR-ITEM",
                                 .sentence = "For the assessed need: {description}, {unit_rate_pence}.",
                                 .source = kWorth};
constexpr explain::Rule kNhsOwns = {
    .id = "ALLOCATION-WHEELCHAIR-NHS-OWNS",
    .sentence = "The NHS owns the chair and repairs it, so nothing is added for repair.",
    .source = kNotionalPages};
constexpr explain::Rule kRepair = {
    .id = "ALLOCATION-WHEELCHAIR-REPAIR",
    .sentence =
        "The person owns the chair and has it repaired: {repair_pence} is added for repair and maintenance.",
    .source = kThirdPartyPages};
constexpr explain::Rule kValue = {.id = "ALLOCATION-WHEELCHAIR-VALUE",
                                  .sentence =
                                      "The wheelchair budget is worth {one_off_pence}, what meeting the "
                                      "assessed need costs the NHS, and is given once.",
                                  .source = kWorth};
constexpr explain::Rule kExcess = {
    .id = "ALLOCATION-WHEELCHAIR-EXCESS",
    .sentence =
        "The chosen chair costs {chosen_pence}, which is {excess_pence} more than the budget: {who_pays}.",
    .source = kDearerPages};
constexpr explain::Rule kTaxed = {.id = "ALLOCATION-WHEELCHAIR-TAX",
                                  .sentence =
                                      "The supplier adds value added tax of {part} to what is paid beyond "
                                      "the budget, half a penny up: {tax_pence}, {contribution_pence} in "
                                      "all.",
                                  .source = kTax};
constexpr explain::Rule kExempt = {.id = "ALLOCATION-WHEELCHAIR-EXEMPT",
                                   .sentence =
                                       "The chair is for a disabled person's own use, so no value added "
                                       "tax is added: {contribution_pence} in all.",
                                   .source = kTax};

// Who owns the chair has it repaired.
bool PersonOwns(v1::WheelchairBudgetOption option) {
  return option == v1::WHEELCHAIR_BUDGET_OPTION_THIRD_PARTY ||
         option == v1::WHEELCHAIR_BUDGET_OPTION_DIRECT_PAYMENT;
}

absl::Status CheckForm(const v1::WheelchairNeed& need) {
  std::vector<errors::FieldViolation> wrong;
  std::set<std::string> seen;
  if (need.unit_rates().empty()) {
    wrong.push_back({"wheelchair.unit_rates", "must have at least one element"});
  }
  for (int i = 0; i < need.unit_rates_size(); ++i) {
    if (!seen.insert(need.unit_rates(i)).second) {
      wrong.push_back({absl::StrCat("wheelchair.unit_rates[", i, "]"), "is given more than once"});
    }
  }
  if (need.option() == v1::WHEELCHAIR_BUDGET_OPTION_UNSPECIFIED) {
    wrong.push_back({"wheelchair.option", "must be given"});
  }
  return wrong.empty() ? absl::OkStatus() : errors::InvalidFields(wrong);
}

absl::StatusOr<const v1::WheelchairPractice*> PracticeOn(absl::CivilDay day,
                                                         const v1::AllocationPolicy& local) {
  const v1::WheelchairPractice* practice = dates::InEffect(local.wheelchair_practices(), day);
  if (practice == nullptr) return errors::NoRate("how a wheelchair budget is valued", dates::Format(day));
  return practice;
}

// What the NHS gives once.
absl::StatusOr<int64_t> ValueOf(const v1::WheelchairNeed& need, absl::CivilDay day,
                                const v1::AllocationPolicy& local, explain::Trace& trace) {
  money::Sum sum;
  for (const std::string& code : need.unit_rates()) {
    IPB_ASSIGN_OR_RETURN(const v1::UnitRate* rate, FindUnitRate(code, v1::COST_UNIT_ITEM, day, local));
    sum.Add(rate->unit_pence());
    trace.Add(kItem, {{"description", rate->description()}, {"unit_rate_pence", Pence{rate->unit_pence()}}},
              Pence{rate->unit_pence()});
  }
  if (PersonOwns(need.option())) {
    IPB_ASSIGN_OR_RETURN(const v1::WheelchairPractice* practice, PracticeOn(day, local));
    sum.Add(practice->repair_pence());
    trace.Add(kRepair, {{"repair_pence", Pence{practice->repair_pence()}}}, Pence{practice->repair_pence()});
  } else {
    trace.Add(kNhsOwns);
  }
  return sum.Total();
}

// A dearer chair goes with a contribution to a notional budget, which there is not without one, or with a
// supplier whom the person pays too.
absl::Status CheckOption(const v1::WheelchairNeed& need, int64_t value_pence, int64_t excess_pence) {
  const bool contributed = need.option() == v1::WHEELCHAIR_BUDGET_OPTION_NOTIONAL_WITH_CONTRIBUTION;
  const bool has_room = contributed || need.option() == v1::WHEELCHAIR_BUDGET_OPTION_THIRD_PARTY;
  explain::Refusal refusal;
  if (excess_pence > 0 && !has_room) {
    refusal.Add(kNoRoom, "wheelchair.option",
                {{"excess_pence", Pence{excess_pence}},
                 {"one_off_pence", Pence{value_pence}},
                 {"option", explain::Words(v1::WheelchairBudgetOption_Name(need.option()),
                                           "WHEELCHAIR_BUDGET_OPTION_")}});
  }
  if (excess_pence == 0 && contributed) {
    refusal.Add(kNothingToPay, "wheelchair.chosen_pence", {{"one_off_pence", Pence{value_pence}}});
  }
  return refusal.ToStatus();
}

// What there is to pay beyond the budget, with value added tax on it unless it is exempt.
absl::StatusOr<int64_t> ContributionOf(const v1::WheelchairNeed& need, int64_t excess_pence,
                                       absl::CivilDay day, const v1::AllocationPolicy& local,
                                       explain::Trace& trace) {
  const bool contributed = need.option() == v1::WHEELCHAIR_BUDGET_OPTION_NOTIONAL_WITH_CONTRIBUTION;
  trace.Add(kExcess, {{"chosen_pence", Pence{need.chosen_pence()}},
                      {"excess_pence", Pence{excess_pence}},
                      {"who_pays", contributed ? "the person, an agency or a charity contributes it"
                                               : "the person pays it to the supplier"}});
  if (need.exempt_from_value_added_tax()) {
    trace.Add(kExempt, {{"contribution_pence", Pence{excess_pence}}}, Pence{excess_pence});
    return excess_pence;
  }
  IPB_ASSIGN_OR_RETURN(const v1::WheelchairPractice* practice, PracticeOn(day, local));
  if (!practice->has_value_added_tax()) {
    return errors::NoRate("value added tax on what is paid for a wheelchair", dates::Format(day));
  }
  const money::Fraction part = {practice->value_added_tax().numerator(),
                                practice->value_added_tax().denominator()};
  IPB_ASSIGN_OR_RETURN(const int64_t tax_pence, money::Scale(excess_pence, part, money::Rounding::kHalfUp));
  IPB_ASSIGN_OR_RETURN(const int64_t contribution_pence,
                       money::Sum().Add(excess_pence).Add(tax_pence).Total());
  trace.Add(
      kTaxed,
      {{"part", part}, {"tax_pence", Pence{tax_pence}}, {"contribution_pence", Pence{contribution_pence}}},
      Pence{contribution_pence});
  return contribution_pence;
}

}  // namespace

absl::StatusOr<v1::IndicativeAmount> ValueWheelchair(const v1::WheelchairNeed& need, absl::CivilDay day,
                                                     const v1::AllocationPolicy& local,
                                                     explain::Trace& trace) {
  IPB_RETURN_IF_ERROR(CheckForm(need));
  IPB_ASSIGN_OR_RETURN(const int64_t value_pence, ValueOf(need, day, local, trace));
  const int64_t excess_pence = std::max<int64_t>(need.chosen_pence() - value_pence, 0);
  IPB_RETURN_IF_ERROR(CheckOption(need, value_pence, excess_pence));
  trace.Add(kValue, {{"one_off_pence", Pence{value_pence}}}, Pence{value_pence});
  v1::IndicativeAmount amount;
  amount.set_one_off_pence(value_pence);
  if (excess_pence > 0) {
    IPB_ASSIGN_OR_RETURN(const int64_t contribution_pence,
                         ContributionOf(need, excess_pence, day, local, trace));
    amount.set_contribution_pence(contribution_pence);
  }
  return amount;
}

}  // namespace ipb::allocation
