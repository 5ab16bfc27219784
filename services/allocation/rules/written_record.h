// What a person is given in writing about their charge (Care Act 2014 s17; guidance ch 8): what was found,
// how it was reached and from when it holds, in plain words.
#pragma once

#include <string>

#include "absl/time/civil_time.h"
#include "ipb/v1/explanation.pb.h"
#include "ipb/v1/financial_assessment.pb.h"

namespace ipb::allocation {

// The record of a financial assessment with its explanation.
std::string WrittenRecord(const v1::FinancialAssessment& assessment);

// The record of what would be paid on a day.
std::string WrittenRecord(const v1::ChargeCalculation& charge, absl::CivilDay day,
                          const v1::Explanation& explanation);

}  // namespace ipb::allocation
