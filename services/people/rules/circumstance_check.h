// Whether a circumstance can be as it is given, beside all others on record.
#pragma once

#include <vector>

#include "absl/time/civil_time.h"
#include "common/errors/errors.h"
#include "common/explain/trace.h"
#include "services/people/rules/circumstance.h"

namespace ipb::people::rules {

// Whether the kind is of one day and does not end: a death, a move.
bool IsOfOneDay(v1::Circumstance::Kind kind);

// The fields of a circumstance that cannot be: dates out of order, in the future or before the birth, and
// details that are missing, of another kind, or name as council what is none.
std::vector<errors::FieldViolation> WrongFields(const v1::Circumstance& candidate,
                                                const CircumstanceFacts& facts, absl::CivilDay today);

// Adds every rule by which the person's life, as it is on record, refuses the candidate. `facts.circumstance`
// is what the candidate corrects, and does not count.
void CheckBesideOthers(const v1::Circumstance& candidate, const CircumstanceFacts& facts,
                       explain::Refusal& refusal);

}  // namespace ipb::people::rules
