// When two people are one, and when one is two.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "ipb/v1/people_service.pb.h"
#include "services/people/rules/identifier.h"
#include "services/people/rules/registrant.h"

namespace ipb::people::rules {

// The person, merged into the survivor. INVALID_ARGUMENT for a person and themselves, or no reasons.
// FAILED_PRECONDITION where the survivor is merged, the dates of birth differ, the survivor lacks the
// person's death, or the record has no room.
absl::StatusOr<v1::Person> Merge(v1::Person person, const v1::Person& survivor,
                                 const v1::HumanDecision& decision, absl::CivilDay today);

// The survivor with the responsibilities of a person who was merged into them, and with their latest merge on
// record; the same as given where all is there, or where that merge is undone.
v1::Person CarryOver(v1::Person survivor, const v1::Person& merged);

// The survivor without a person whose merge was wrong: responsibilities that came with them are withdrawn,
// but for those of `by` where nobody else would be responsible from today on. INVALID_ARGUMENT for no
// reasons. FAILED_PRECONDITION where `merged` is not merged into this person.
absl::StatusOr<v1::Person> Undo(v1::Person survivor, const v1::Person& merged,
                                const v1::HumanDecision& decision, const Registrant& by,
                                absl::CivilDay today);

// The merged person on their own again after Undo. Where nobody is responsible for them from today on, `by`
// is, who undid the merge: until its last day where that was urgent and unconfirmed. The same as given where
// that was done before.
v1::Person StandAgain(v1::Person merged, const v1::Person& survivor, const Registrant& by,
                      absl::CivilDay today);

// A merge taken back because each of several people was merged into the next at the same moment.
v1::Person WithoutMerge(v1::Person person);

// A person and the new person who came out of them.
struct Separated {
  v1::Person person;
  v1::Person other;  // without etag
};

// The person without the identifiers, which go to a new person of that name and date of birth for whom the
// same organisations are responsible. INVALID_ARGUMENT for no reasons or an impossible birth.
// FAILED_PRECONDITION where an identifier is not theirs, or none would stay.
absl::StatusOr<Separated> Separate(v1::Person person, const std::vector<MetIdentifier>& identifiers,
                                   const std::string& other_name, const v1::SplitPersonRequest& request,
                                   const v1::HumanDecision& decision, absl::CivilDay today);

}  // namespace ipb::people::rules
