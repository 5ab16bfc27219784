// The report of a simulation as a table.
#pragma once

#include <string>

#include "ipb/v1/simulation.pb.h"

namespace ipb::allocation {

// For people: one column for each policy, one block for each group.
std::string TextTable(const v1::SimulationReport& report);

// For spreadsheets: a line for each group and figure, `cohort,figure,current,candidate`; amounts in pence.
std::string CsvTable(const v1::SimulationReport& report);

// Whether a policy gives anybody of the group an indicative amount.
bool HasIndicativeAmounts(const v1::SimulationGroup& group);

// A band of change in words: "£1.01 to £5.00 more".
std::string ChangeInWords(const v1::SimulationBand& band);

}  // namespace ipb::allocation
