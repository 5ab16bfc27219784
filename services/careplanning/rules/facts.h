// What the rules of care planning are told about the person and the money, as plain values read by the
// handlers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/funding.pb.h"
#include "ipb/v1/people_service.pb.h"
#include "ipb/v1/plan.pb.h"

namespace ipb::careplanning {

// Every explanation of this service names it.
inline constexpr absl::string_view kRuleSetVersion = "careplanning/1";

// One part of a budget and whose money it is.
struct ComponentFacts {
  std::string component_id;
  int64_t weekly_pence = 0;
  int64_t one_off_pence = 0;
  std::vector<v1::FundingShare> shares;
};

// A budget as care planning sees it.
struct BudgetFacts {
  // `people/{person}/budgets/{n}`.
  std::string name;
  // Neither superseded nor ended.
  bool current = false;
  // Its last day, where it has one from the start: money for an urgent need.
  std::optional<absl::CivilDay> last_day;
  std::vector<ComponentFacts> components;
};

// The person as care planning sees them.
struct PersonFacts {
  // `people/{person}`.
  std::string name;
  absl::CivilDay birth_date;
  // The person died.
  bool deceased = false;
  // Every appointment, over or not.
  std::vector<v1::Representative> representatives;
};

// What a rule made of a plan: its new version, and why.
struct PlanDecision {
  v1::Plan plan;
  explain::Trace trace;
};

// Who calls, as the author of what they write.
struct Caller {
  std::string organisation;
  std::string actor;
  std::string role;
};

}  // namespace ipb::careplanning
