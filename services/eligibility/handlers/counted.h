// The index of an organisation's decisions on NHS continuing healthcare, by day. Its keys say as what each
// counts, so that counting reads the index and nobody's record.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "common/call/subject.h"
#include "ipb/v1/determination.pb.h"
#include "services/eligibility/rules/assurance.h"
#include "services/eligibility/rules/decider.h"
#include "services/eligibility/rules/determination.h"

namespace ipb::eligibility::handlers {

// The index of an organisation's own decisions.
std::string CountedIndexOf(absl::string_view organisation);

// The keys of a day and of the days after it are at or after this one.
std::string CountedKeyFrom(absl::CivilDay day);

// As what the decision of a key counts.
CountedDecision CountedAt(absl::string_view key);

// Adds a decision that was made to the index, if it counts. `facts` are those that it was made from.
void IndexDecided(const DeterminationDecision& decided, const DeterminationFacts& facts,
                  call::Subject& subject);

// Puts one that overturns another in that one's place: counted once, on the day of the first decision, by
// the body that made it, as it stands now.
void IndexOverturned(const v1::Determination& made, const DeterminationFacts& facts, call::Subject& subject);

// Takes one that ended as recorded in error out of the index; any other ending leaves a decision one.
void IndexEnded(const v1::Determination& ended, const DeterminationFacts& facts, call::Subject& subject);

}  // namespace ipb::eligibility::handlers
