// The determinations that a budget rests on: the person's own, known, decided eligible, and in effect on its
// first day.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/explain/trace.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "ipb/v1/budget.pb.h"
#include "ipb/v1/determination.pb.h"

namespace ipb::allocation {

// A determination as eligibility gave it, or as it was stated; absent where neither knows of it.
struct NamedDetermination {
  std::string name;
  std::optional<v1::Determination> determination;
};

// INVALID_ARGUMENT with every name in `field` that is of another person than `person`, "people/{person}".
absl::Status CheckSamePerson(absl::string_view person, absl::string_view field,
                             const google::protobuf::RepeatedPtrField<std::string>& names);

// The bases on which the budget has money and for which no determination that it names shows the duty or
// power: one under the basis's own regime where it has one, else any. Each once, in the order of the
// components.
std::vector<v1::FundingBasis> BasesNotDetermined(const v1::Budget& budget,
                                                 absl::Span<const NamedDetermination> known);

// Adds to `refusal` each determination that the budget names and that is not known, not decided eligible by a
// named human, or not in effect on the budget's first day.
void CheckDeterminations(const v1::Budget& budget, absl::Span<const NamedDetermination> known,
                         explain::Refusal& refusal);

}  // namespace ipb::allocation
