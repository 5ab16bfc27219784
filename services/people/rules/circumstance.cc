#include "services/people/rules/circumstance.h"

#include <vector>

#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/trace.h"

namespace ipb::people::rules {
namespace {

constexpr explain::Rule kOneDeath{
    "PEOPLE-DEATH-ONCE", "the person's death on {death_date} is recorded already",
    "a person dies once; payments and entitlements already rest on the date",
    "no call changes a recorded death: if it is wrong, tell whoever operates this service"};
constexpr explain::Rule kNotAfterDeath{"PEOPLE-AFTER-DEATH", "the person died on {death_date}, before this began",
                                       "circumstances end with life", "check the dates"};
constexpr explain::Rule kDeathOrder{
    "PEOPLE-DEATH-ORDER", "a circumstance that began on {start_date}, after this death, is recorded",
    "circumstances end with life", "check the day of death: no call changes it once it is recorded"};
constexpr explain::Rule kNoEnd{
    "PEOPLE-DEATH-FINAL", "death does not end", "circumstances: death is final",
    "no call undoes a recorded death: if it is wrong, tell whoever operates this service"};
constexpr explain::Rule kEnded{"PEOPLE-CIRCUMSTANCE-ENDED", "the circumstance ended on {end_date}",
                               "a period ends once", "record a new circumstance"};

}  // namespace

absl::StatusOr<CircumstanceDecision> RecordCircumstance(v1::Person person,
                                                        const std::vector<v1::Circumstance>& known,
                                                        const v1::RecordCircumstanceRequest& request,
                                                        absl::CivilDay today) {
  const absl::CivilDay first = dates::Checked(request.effective_from_date());
  std::vector<errors::FieldViolation> wrong;
  if (first > today) wrong.push_back({"effective_from_date", "is in the future"});
  if (first < dates::Checked(person.birth_date())) {
    wrong.push_back({"effective_from_date", "is before the person's birth"});
  }
  if (!wrong.empty()) return errors::InvalidFields(wrong);
  explain::Refusal refusal;
  const bool dead = !person.death_date().empty();
  if (dead && request.kind() == v1::Circumstance::KIND_DEATH) {
    refusal.Add(kOneDeath, person.name(), {{"death_date", dates::Checked(person.death_date())}});
  } else if (dead && first > dates::Checked(person.death_date())) {
    refusal.Add(kNotAfterDeath, person.name(), {{"death_date", dates::Checked(person.death_date())}});
  }
  for (const v1::Circumstance& other : known) {
    const absl::CivilDay began = dates::Checked(other.effective_from_date());
    if (dead || request.kind() != v1::Circumstance::KIND_DEATH || began <= first) continue;
    refusal.Add(kDeathOrder, other.name(), {{"start_date", began}});
  }
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  CircumstanceDecision decision;
  decision.circumstance.set_kind(request.kind());
  decision.circumstance.set_effective_from_date(request.effective_from_date());
  decision.person = std::move(person);
  if (request.kind() == v1::Circumstance::KIND_DEATH) decision.person.set_death_date(request.effective_from_date());
  return decision;
}

absl::StatusOr<v1::Circumstance> EndCircumstance(v1::Circumstance circumstance,
                                                 const v1::EndCircumstanceRequest& request, absl::CivilDay today) {
  explain::Refusal refusal;
  if (circumstance.kind() == v1::Circumstance::KIND_DEATH) refusal.Add(kNoEnd, circumstance.name());
  if (!circumstance.effective_to_date().empty()) {
    refusal.Add(kEnded, circumstance.name(), {{"end_date", dates::Checked(circumstance.effective_to_date())}});
  }
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  const absl::CivilDay last = dates::Checked(request.effective_to_date());
  std::vector<errors::FieldViolation> wrong;
  if (last > today) wrong.push_back({"effective_to_date", "is in the future"});
  if (last < dates::Checked(circumstance.effective_from_date())) {
    wrong.push_back({"effective_to_date", "is before the circumstance began"});
  }
  if (!wrong.empty()) return errors::InvalidFields(wrong);
  circumstance.set_effective_to_date(request.effective_to_date());
  return circumstance;
}

}  // namespace ipb::people::rules
