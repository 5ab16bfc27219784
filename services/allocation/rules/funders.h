// Which funders may share one budget, what each may fund, and that no funder pays for the same person twice.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/explain/trace.h"
#include "ipb/v1/budget.pb.h"
#include "ipb/v1/options.pb.h"

namespace ipb::allocation {

// What kind of body each organisation is on a budget's first day; those that policy does not know are left
// out.
using OrganisationKinds = std::map<std::string, v1::CallerKind>;

// A share of a component whose money may not buy what the component is for, however it is held.
struct ExcludedShare {
  std::string component_id;
  std::string organisation;
  v1::FundingBasis basis;
  // The source of the row of policy that says so.
  std::string row_source;
};

// What policy says of the funders of a budget and their money on its first day.
struct FunderFacts {
  OrganisationKinds kinds;
  std::vector<ExcludedShare> excluded;
};

// Whether the organisation has a share of a budget.
bool Funds(const v1::Budget& budget, absl::string_view organisation);

// Adds to `refusal` what the funders of a budget may not do: Care Act money is a council's, continuing
// healthcare and the other NHS bases an NHS body's, and every funder is one of the two; continuing healthcare
// is paid for by the NHS alone, so no component mixes it with another basis; one council's means test applies
// to one budget; no share buys what its money may not; and a live budget does not overlap another agreed live
// budget of the same funder on the same basis, except the one it revises.
void CheckFunders(const v1::Budget& budget, const FunderFacts& funders, absl::Span<const v1::Budget> others,
                  explain::Refusal& refusal);

}  // namespace ipb::allocation
