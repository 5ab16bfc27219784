// The means test (Care Act 2014 s17; SI 2014/2672): who pays the full cost, and what others can pay at most.
#pragma once

#include "absl/status/statusor.h"
#include "common/explain/trace.h"
#include "ipb/v1/financial_assessment.pb.h"
#include "services/allocation/rules/charging_rates.h"

namespace ipb::allocation {

// The means test by the rates of a day. INVALID_ARGUMENT where a fact that is needed is missing or
// contradicts another; FAILED_PRECONDITION for a person under 18, a stay longer than its kind may be, income
// listed twice or a light touch that the person has not agreed to; NO_RATE where a rate that is needed has no
// row.
absl::StatusOr<v1::MeansTest> AssessMeans(const v1::FinancialFacts& facts, const ChargingRates& rates,
                                          explain::Trace& trace);

}  // namespace ipb::allocation
