// Handing the funding of an agreed budget over: the new stream begins the day after the old one ends, and
// nobody is left without (National Framework 2022; Care Act 2014 s37).
#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "ipb/v1/allocation_service.pb.h"
#include "services/allocation/rules/derivation.h"

namespace ipb::allocation {

// Hands over facts.budget, which must be AGREED, from the request's day on. facts.determinations are those of
// the request, facts.funders those of all who will fund. Whoever did not fund before has decided something that
// the funding rests on, or is who hands over to itself. A day that has passed is one from which a
// determination holds; for NHS continuing healthcare also the days by which its decision was late, from the
// day after the last day of its clock. Errors: WRONG_STATE; INVALID_ARGUMENT for a decision dated after
// today, components that the budget does not have or that come twice, and shares that do not sum to one;
// FAILED_PRECONDITION listing every rule not met: a day that is none of the budget's, money that was paid
// once, nothing that changes, funders and determinations as DecideAgreeBudget, means not assessed; as
// DecideChanges.
absl::StatusOr<ChangeDecision> DecideHandOver(const BudgetFacts& facts,
                                              const v1::HandOverFundingRequest& request,
                                              const Policies& policies, absl::CivilDay today,
                                              const std::function<std::string()>& mint);

}  // namespace ipb::allocation
