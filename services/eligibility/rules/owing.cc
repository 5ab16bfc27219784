#include "services/eligibility/rules/owing.h"

#include <algorithm>
#include <string>

#include "common/dates/effective.h"
#include "common/explain/trace.h"

namespace ipb::eligibility {
namespace {

constexpr explain::Rule kCustody{
    "ENTITLEMENT-OWED-IN-CUSTODY",
    "While the person is in custody {organisation}, the council where that is, meets the needs; ordinary "
    "residence is unchanged.",
    "Care Act 2014 s76"};
constexpr explain::Rule kMove{
    "ENTITLEMENT-OWED-AFTER-MOVE",
    "Since the person moved {organisation} meets the needs as {decided_organisation} did, until it has "
    "assessed.",
    "Care Act 2014 ss37-38"};

bool InEffect(const v1::Responsibility& held, absl::CivilDay day) {
  return held.state() == v1::Responsibility::STATE_ACCEPTED &&
         dates::Within(day, held.effective_from_date(), held.effective_to_date());
}

// The organisation that holds the role on the day; empty where none does.
std::string Holder(const v1::Person& person, v1::ResponsibilityRole role, absl::CivilDay day) {
  for (const v1::Responsibility& held : person.responsibilities()) {
    if (held.role() == role && InEffect(held, day)) return held.organisation();
  }
  return "";
}

bool IsResponsible(const v1::Person& person, const std::string& organisation, absl::CivilDay day) {
  return std::any_of(person.responsibilities().begin(), person.responsibilities().end(),
                     [&](const v1::Responsibility& held) {
                       return held.organisation() == organisation && InEffect(held, day);
                     });
}

// The council to which the needs passed with a move; empty where who decided is responsible still and did not
// end it for the move.
std::string SecondAuthority(const v1::Person& person, const v1::Entitlement& entitlement,
                            absl::CivilDay day) {
  const bool ended = !entitlement.continues_from_date().empty();
  if (!ended && IsResponsible(person, entitlement.organisation(), day)) return "";
  const std::string continues = Holder(person, v1::RESPONSIBILITY_ROLE_CONTINUITY, day);
  return continues.empty() ? Holder(person, v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE, day) : continues;
}

}  // namespace

void NameWhoOwes(const v1::Person& person, absl::CivilDay day, v1::Entitlement& entitlement) {
  const std::string& decided_by = entitlement.organisation();
  entitlement.set_owed_by_organisation(decided_by);
  const bool adult = entitlement.regime() == v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT;
  if (!adult && entitlement.continues_from_date().empty()) return;
  const std::string prison = adult ? Holder(person, v1::RESPONSIBILITY_ROLE_PRISON, day) : "";
  const std::string owes = prison.empty() ? SecondAuthority(person, entitlement, day) : prison;
  if (owes.empty() || owes == decided_by) return;
  entitlement.set_owed_by_organisation(owes);
  explain::Trace trace;
  if (prison.empty()) {
    trace.Add(kMove, {{"organisation", owes}, {"decided_organisation", decided_by}});
  } else {
    trace.Add(kCustody, {{"organisation", owes}});
  }
  const v1::Explanation found = trace.Render("", "");
  entitlement.mutable_explanation()->mutable_steps()->MergeFrom(found.steps());
}

}  // namespace ipb::eligibility
