#include "services/people/rules/human.h"

#include "absl/strings/ascii.h"
#include "common/dates/civil.h"

namespace ipb::people::rules {

std::vector<errors::FieldViolation> WrongDecision(const v1::HumanDecision& decision, absl::CivilDay today) {
  std::vector<errors::FieldViolation> wrong;
  if (absl::StripAsciiWhitespace(decision.reasons()).empty()) {
    wrong.push_back({"decision.reasons", "must say why"});
  }
  if (!decision.decision_date().empty() && dates::Checked(decision.decision_date()) > today) {
    wrong.push_back({"decision.decision_date", "lies in the future"});
  }
  return wrong;
}

}  // namespace ipb::people::rules
