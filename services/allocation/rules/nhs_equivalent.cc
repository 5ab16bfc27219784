#include "services/allocation/rules/nhs_equivalent.h"

#include "common/errors/status_macros.h"
#include "services/allocation/rules/unit_price.h"

namespace ipb::allocation {
namespace {

using explain::Pence;

constexpr absl::string_view kEquivalent =
    "SI 2012/2996 Part 6A regs 32A, 32B; personal health budgets: an indication of money upfront, and "
    "enough money";

constexpr explain::Rule kService = {.id = "ALLOCATION-NHS-SERVICE",
                                    .sentence =
                                        "The NHS would have commissioned {description}: {quantity} a week "
                                        "at {unit_rate_pence} a {unit} comes to {weekly_pence} a week, "
                                        "half a penny up.",
                                    .source = kEquivalent};
constexpr explain::Rule kTotal = {.id = "ALLOCATION-NHS-EQUIVALENT",
                                  .sentence =
                                      "What the NHS would have commissioned for the same needs comes to "
                                      "{weekly_pence} a week. It may go up or down: what is agreed with "
                                      "the plan must meet the assessed needs.",
                                  .source = kEquivalent};

}  // namespace

absl::StatusOr<v1::IndicativeAmount> PriceNhsEquivalent(
    const google::protobuf::RepeatedPtrField<v1::NhsEquivalentService>& services, absl::CivilDay day,
    const v1::AllocationPolicy& local, explain::Trace& trace) {
  money::Sum sum;
  for (const v1::NhsEquivalentService& service : services) {
    IPB_ASSIGN_OR_RETURN(const v1::UnitRate* rate,
                         FindUnitRate(service.unit_rate(), service.unit(), day, local));
    IPB_ASSIGN_OR_RETURN(const int64_t weekly_pence,
                         CostOf(rate->unit_pence(), WeeklyUnits(service.units_per_week())));
    sum.Add(weekly_pence);
    trace.Add(kService,
              {{"description", service.description()},
               {"quantity", SpellPace(service.units_per_week())},
               {"unit_rate_pence", Pence{rate->unit_pence()}},
               {"unit", SpellUnit(service.unit())},
               {"weekly_pence", Pence{weekly_pence}}},
              Pence{weekly_pence});
  }
  IPB_ASSIGN_OR_RETURN(const int64_t total, sum.Total());
  v1::IndicativeAmount amount;
  amount.set_raw_weekly_pence(total);
  amount.set_weekly_pence(total);
  trace.Add(kTotal, {{"weekly_pence", Pence{total}}}, Pence{total});
  return amount;
}

}  // namespace ipb::allocation
