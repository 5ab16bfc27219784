// Which identifiers lead to a person.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "ipb/v1/people_service.pb.h"

namespace ipb::people::rules {

// An identifier as a decision meets it: how the person's record shows it, and where it leads at present.
struct MetIdentifier {
  // Without a time of recording and without a removal.
  v1::HeldIdentifier shown;
  // `people/{person}`: whom the claim itself points to; empty for nobody.
  std::string claims;
  // `people/{person}`: who is found by it, which is another where the one claimed was merged; empty for
  // nobody.
  std::string leads_to;
};

// The person's latest entry of a claim; null where there is none.
const v1::HeldIdentifier* LatestOf(const v1::Person& person, const std::string& claim);

// Whether the identifier is one of those that lead to the person.
bool Holds(const v1::Person& person, const std::string& claim);

// The person with the identifier among theirs; unchanged where it is. `recorded_time` is left to the handler.
v1::Person Hold(v1::Person person, const MetIdentifier& identifier);

// The person with one more identifier; unchanged where it leads to them already. FAILED_PRECONDITION where it
// leads to another, or is just being taken away, or the person has as many as a record can hold.
absl::StatusOr<v1::Person> AddIdentifier(v1::Person person, const MetIdentifier& identifier);

// The person with the identifier taken away. INVALID_ARGUMENT for a decision without reasons.
// FAILED_PRECONDITION where the identifier is not theirs, came with a merge, or is the last one.
absl::StatusOr<v1::Person> RemoveIdentifier(v1::Person person, const MetIdentifier& identifier,
                                            const v1::HumanDecision& decision, absl::CivilDay today);

}  // namespace ipb::people::rules
