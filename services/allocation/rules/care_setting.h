// Where the needs of a person are met on a day, as far as charging differs by it (SI 2014/2672 regs 2, 6-8).
#pragma once

#include "absl/status/statusor.h"
#include "common/explain/trace.h"
#include "ipb/v1/financial_assessment.pb.h"
#include "services/allocation/rules/charging_rates.h"

namespace ipb::allocation {

// By which of the formulas the person is charged on the day of the rates: OUTSIDE_CARE_HOME,
// TEMPORARY_RESIDENT or PERMANENT_RESIDENT. A stay that has not begun, and a short one where the council
// chooses so, counts as outside. INVALID_ARGUMENT for dates out of order or missing; FAILED_PRECONDITION for
// a stay that is longer than its kind may be; NO_RATE where no row says how long that is.
absl::StatusOr<v1::CareSetting> SettingOn(const v1::FinancialFacts& facts, const ChargingRates& rates,
                                          explain::Trace& trace);

// Whether the person stays in a care home on the day, by whichever formula they are charged.
bool StaysInCareHome(const v1::FinancialFacts& facts, absl::CivilDay day);

// What kind of stay it is on the day, whichever formula they are charged by; OUTSIDE_CARE_HOME for none.
v1::CareSetting StayOn(const v1::FinancialFacts& facts, absl::CivilDay day);

// The first day of a stay for good; that of the stay where it was so from the start.
absl::CivilDay PermanentFrom(const v1::ResidentialStay& stay);

}  // namespace ipb::allocation
