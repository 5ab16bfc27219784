#include "services/payments/rules/human.h"

#include "absl/strings/ascii.h"
#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"

namespace ipb::payments {

absl::StatusOr<v1::HumanDecision> DecidedBy(const v1::HumanDecision& decision, const Caller& caller,
                                            absl::CivilDay today) {
  v1::HumanDecision decided = decision;
  decided.set_decider(caller.actor);
  decided.set_role(caller.role);
  decided.set_organisation(caller.organisation);
  if (decided.decision_date().empty()) decided.set_decision_date(dates::Format(today));
  IPB_ASSIGN_OR_RETURN(const absl::CivilDay day, dates::Parse(decided.decision_date()));
  if (day > today) return errors::InvalidField("decision.decision_date", "lies in the future");
  return decided;
}

bool SamePerson(absl::string_view organisation, absl::string_view actor, const Caller& caller) {
  return organisation == caller.organisation && actor == caller.actor;
}

bool HasReasons(const v1::HumanDecision& decision) {
  return !absl::StripAsciiWhitespace(decision.reasons()).empty();
}

}  // namespace ipb::payments
