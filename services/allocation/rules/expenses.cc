#include "services/allocation/rules/expenses.h"

#include <algorithm>

#include "common/errors/status_macros.h"
#include "common/explain/words.h"

namespace ipb::allocation {
namespace {

using explain::Inputs;
using explain::Pence;

constexpr explain::Rule kHousing = {.id = "CHARGE-HOUSING-COST",
                                    .sentence = "{weekly_pence} a week of {kind} is left to the person.",
                                    .source = "SI 2014/2672 Sch 1 para 3; guidance Annex C",
                                    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kExpense = {
    .id = "CHARGE-DISABILITY-EXPENSE",
    .sentence =
        "{weekly_pence} a week for \"{description}\" is left to the person as a disability-related expense.",
    .source = "SI 2014/2672 Sch 1 para 4; guidance Annex C",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kNotEvidenced = {.id = "CHARGE-DISABILITY-EXPENSE-NOT-EVIDENCED",
                                         .sentence =
                                             "{weekly_pence} a week for \"{description}\" is not allowed "
                                             "until the council has seen what shows it.",
                                         .source = "guidance Annex C; the council's charging policy",
                                         .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kSupplied = {
    .id = "CHARGE-DISABILITY-EXPENSE-SUPPLIED",
    .sentence =
        "{weekly_pence} a week for \"{description}\" is not an expense: the NHS or the council supplies it.",
    .source = "guidance Annex C",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kFlat = {
    .id = "CHARGE-DISABILITY-EXPENSE-FLAT",
    .sentence =
        "The council allows {flat_weekly_pence} a week without evidence, which is more than the "
        "{evidenced_weekly_pence} evidenced.",
    .source = "the council's charging policy",
    .purpose = v1::PURPOSE_MEANS};

bool ReceivesDisabilityBenefit(const v1::FinancialFacts& facts) {
  return std::any_of(facts.income().begin(), facts.income().end(), [](const v1::IncomeItem& item) {
    return item.weekly_pence() > 0 &&
           (item.kind() == v1::INCOME_KIND_ATTENDANCE_ALLOWANCE || item.kind() == v1::INCOME_KIND_DLA_CARE ||
            item.kind() == v1::INCOME_KIND_PIP_DAILY_LIVING);
  });
}

}  // namespace

absl::StatusOr<int64_t> AllowedHousingCosts(const v1::FinancialFacts& facts, explain::Trace& trace) {
  money::Sum sum;
  for (const v1::HousingCost& cost : facts.housing_costs()) {
    sum.Add(cost.weekly_pence());
    trace.Add(kHousing, [&] {
      return Inputs{{"kind", explain::Words(v1::HousingCost::Kind_Name(cost.kind()), "KIND_")},
                    {"weekly_pence", Pence{cost.weekly_pence()}}};
    });
  }
  return sum.Total();
}

absl::StatusOr<int64_t> AllowedDisabilityExpenses(const v1::FinancialFacts& facts, const ChargingRates& rates,
                                                  explain::Trace& trace) {
  money::Sum sum;
  for (const v1::DisabilityExpense& expense : facts.disability_expenses()) {
    const explain::Rule& rule = expense.publicly_supplied() ? kSupplied
                                : expense.evidenced()       ? kExpense
                                                            : kNotEvidenced;
    trace.Add(rule, [&] {
      return Inputs{{"description", expense.description()}, {"weekly_pence", Pence{expense.weekly_pence()}}};
    });
    if (&rule == &kExpense) sum.Add(expense.weekly_pence());
  }
  IPB_ASSIGN_OR_RETURN(const int64_t evidenced_pence, sum.Total());
  const v1::DisabilityExpensePractice* practice = rates.disability_expense_practice;
  if (practice == nullptr || practice->flat_weekly_pence() <= evidenced_pence ||
      !ReceivesDisabilityBenefit(facts)) {
    return evidenced_pence;
  }
  trace.Add(kFlat, [&] {
    return Inputs{{"flat_weekly_pence", Pence{practice->flat_weekly_pence()}},
                  {"evidenced_weekly_pence", Pence{evidenced_pence}}};
  });
  return practice->flat_weekly_pence();
}

}  // namespace ipb::allocation
