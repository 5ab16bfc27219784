// What the rules of payments need to know from elsewhere, in the fewest words. Handlers fill it from the
// services to the left; rules never see those services' messages.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "ipb/v1/funding.pb.h"
#include "ipb/v1/options.pb.h"

namespace ipb::payments {

// Who calls, as the server established it.
struct Caller {
  std::string organisation;
  v1::CallerKind kind = v1::CALLER_KIND_UNSPECIFIED;
  std::string actor;
  std::string role;
};

// A person, as far as paying depends on it.
struct PersonFacts {
  std::string name;  // people/{person}
  std::optional<absl::CivilDay> death;
  // Subject to an order or licence condition that bars direct payments (SI 2014/2871 Sch 1; SI 2013/1617
  // Schedule).
  bool barred_from_direct_payments = false;
};

// One costed line of a plan.
struct PlanLineFacts {
  std::string line_id;
  std::string component_id;
  v1::ComponentKind component_kind = v1::COMPONENT_KIND_UNSPECIFIED;
  v1::ManagementOption management_option = v1::MANAGEMENT_OPTION_UNSPECIFIED;
  v1::SpendingCategory category = v1::SPENDING_CATEGORY_UNSPECIFIED;
  int64_t weekly_pence = 0;
  int64_t one_off_pence = 0;
  std::vector<v1::FundingShare> shares;  // of the whole line; they sum to one
  std::optional<absl::CivilDay> first;   // the plan's first day where absent
  std::optional<absl::CivilDay> last;    // the plan's last day where absent
  // The organisations that found it necessary to pay somebody of the family or household.
  std::vector<std::string> family_necessary_organisations = {};
};

struct PlanFacts {
  std::string name;
  std::string budget;
  bool active = false;
  absl::CivilDay first;
  std::optional<absl::CivilDay> last;
  std::vector<PlanLineFacts> lines;
};

// The most that may ever be paid from a budget component, before any contribution. Absent components have no
// such bound.
struct ComponentLimit {
  std::string component_id;
  int64_t limit_pence = 0;
};

// Who funds a component for some days.
struct FundedDays {
  std::string component_id;
  absl::CivilDay first;
  std::optional<absl::CivilDay> last;  // open where absent
  std::vector<v1::FundingShare> shares;
};

struct BudgetFacts {
  std::string name;  // of the one agreed with the plan
  bool agreed = false;
  bool live = false;  // a shadow budget has no effect in cash
  int64_t contribution_weekly_pence = 0;
  std::vector<ComponentLimit> limits;
  std::vector<FundedDays> funding = {};  // of its whole course, in order
};

// Something that the law or local policy does not let money of some bases buy.
struct ExclusionFacts {
  v1::SpendingCategory category = v1::SPENDING_CATEGORY_UNSPECIFIED;
  std::vector<v1::FundingBasis> bases;  // none for money of every basis
  std::string source;
  std::string organisation = {};  // whose money; empty for everybody's
};

// Somebody of the family or household whom the money of one organisation pays only where it is necessary.
struct FamilyRuleFacts {
  std::string organisation;
  std::string source;
};

// The next free numbers of a person's resources. A decision counts them up as it names what it makes.
struct Numbers {
  int64_t payment = 1;
  int64_t transaction = 1;
};

}  // namespace ipb::payments
