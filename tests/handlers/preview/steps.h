// The calls that a random history may make: a table for each service, a step for each method that changes
// something. A step makes a request from what the history knows; it is valid more often than not, and not
// always.
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "google/protobuf/message.h"
#include "tests/handlers/preview/known.h"
#include "tests/support/running_suite.h"

namespace ipb::preview {

using ipb::testing::As;

// A request, and who makes it.
struct Ask {
  As as;
  std::unique_ptr<google::protobuf::Message> request;
};

// Nothing where the history knows nothing yet that the request could be about.
using Asking = std::optional<Ask>;

struct Step {
  const char* method;  // "PeopleService.RegisterPerson"
  Asking (*make)(Known&);
};

absl::Span<const Step> PeopleSteps();
absl::Span<const Step> EligibilitySteps();
absl::Span<const Step> AllocationSteps();
absl::Span<const Step> CarePlanningSteps();
absl::Span<const Step> PaymentsSteps();
absl::Span<const Step> ReviewsSteps();
// For a suite in which payments stands without care planning and allocation.
absl::Span<const Step> StatementsSteps();

// Who does it: the officer, and now and then a colleague who may lack what it takes.
inline As Mostly(Known& known, const As& usual, const As& other) { return known.Chance(85) ? usual : other; }

template <typename Request>
Asking By(const As& as, Request request) {
  return Ask{as, std::make_unique<Request>(std::move(request))};
}

}  // namespace ipb::preview
