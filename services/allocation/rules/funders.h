// Which funders may share one budget, and that no funder pays for the same person twice.
#pragma once

#include "absl/types/span.h"
#include "common/explain/trace.h"
#include "ipb/v1/budget.pb.h"

namespace ipb::allocation {

// Adds to `refusal` what the funders of a budget may not do: continuing healthcare is paid for by the NHS
// alone, so no component mixes it with another basis; one council's means test applies to one budget; and a
// live budget does not overlap another agreed live budget of the same funder on the same basis, except the
// one it revises.
void CheckFunders(const v1::Budget& budget, absl::Span<const v1::Budget> others, explain::Refusal& refusal);

}  // namespace ipb::allocation
