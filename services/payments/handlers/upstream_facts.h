// Plans and budgets of the services to the left, read from them or from stored statements, as facts for the
// rules.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/async/task.h"
#include "common/call/call.h"
#include "services/payments/handlers/handlers.h"
#include "services/payments/rules/facts.h"

namespace ipb::payments::handlers {

// A plan with its budget, as that is on one day.
struct PlannedMoney {
  PlanFacts plan;
  BudgetFacts budget;
  // The plan says that direct payments to the person are barred by an order or licence.
  bool barred_from_direct_payments = false;
};

// Reads a plan and the budget that it draws on, as the call's caller may see them: without the contribution
// where the caller may not know the means test. A budget that was handed over, uplifted or worked out again is
// as it is on `day`; its name stays that of the one agreed with the plan. NOT_FOUND where either is not known; UNAVAILABLE where they
// cannot be asked.
async::Task<absl::StatusOr<PlannedMoney>> ReadPlannedMoney(const Upstreams& upstreams, call::Call& call,
                                                           std::string plan, absl::CivilDay day);

}  // namespace ipb::payments::handlers
