#include "services/people/rules/relationship.h"

#include <string>
#include <utility>

#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/words.h"

namespace ipb::people::rules {
namespace {

using Kind = v1::PersonRelationship;

constexpr explain::Rule kCarer{
    "RELATIONSHIP-CARER",
    "Someone cares for the person from {start_date}: their own needs may be assessed, and the "
    "duty lies where the adult cared for ordinarily resides",
    "Care Act 2014 ss10, 20"};
constexpr explain::Rule kCaredFor{
    "RELATIONSHIP-CARED-FOR",
    "The person cares for an adult from {start_date}: care to the adult meets the carer's "
    "need only with the adult's agreement, and the carer is never charged for it",
    "Care Act 2014 ss10, 14(3), 20"};
constexpr explain::Rule kHousehold{"RELATIONSHIP-HOUSEHOLD", "They live in one household from {start_date}",
                                   "SI 2014/2871 reg 3; SI 2013/1617 reg 8"};
constexpr explain::Rule kEndedOn{"RELATIONSHIP-END", "It lasts until {end_date}", "a period ends once"};

constexpr explain::Rule kSelf{"RELATIONSHIP-SELF", "nobody is in a relationship with themself",
                              "Care Act 2014 s10(3)", "name the other person"};
constexpr explain::Rule kTwice{"RELATIONSHIP-TWICE", "the same relationship is on record from {start_date}",
                               "a relationship is on record once", "end the one on record first"};
constexpr explain::Rule kLiving{"RELATIONSHIP-LIVING",
                                "the person died on {death_date}, before it began or ended",
                                "relationships end with life", "check the dates"};
constexpr explain::Rule kEnded{"RELATIONSHIP-ENDED", "it ended on {end_date}", "a period ends once",
                               "record it again where it was taken up again"};

bool IsWithSame(const v1::PersonRelationship& row, const v1::RecordRelationshipRequest& request) {
  return row.kind() == request.kind() && row.related_person() == request.related_person() &&
         row.party() == request.party();
}

std::vector<errors::FieldViolation> WrongFields(const v1::Person& person,
                                                const v1::RecordRelationshipRequest& request,
                                                absl::CivilDay first, absl::CivilDay today) {
  std::vector<errors::FieldViolation> wrong;
  if (request.related_person().empty() && request.party().empty()) {
    wrong.push_back({"other", "`related_person` or `party` is needed"});
  }
  if (first > today) wrong.push_back({"effective_from_date", "is in the future"});
  if (first < dates::Checked(person.birth_date())) {
    wrong.push_back({"effective_from_date", "is before the person's birth"});
  }
  return wrong;
}

void CheckLiving(const v1::Person& person, absl::CivilDay day, explain::Refusal& refusal) {
  if (person.death_date().empty() || day <= dates::Checked(person.death_date())) return;
  refusal.Add(kLiving, person.name(), {{"death_date", dates::Checked(person.death_date())}});
}

const explain::Rule& RuleOf(Kind::Kind kind) {
  if (kind == Kind::KIND_CARER) return kCarer;
  return kind == Kind::KIND_CARED_FOR ? kCaredFor : kHousehold;
}

}  // namespace

absl::StatusOr<RelationshipDecision> RecordRelationship(const v1::Person& person,
                                                        const std::vector<v1::PersonRelationship>& known,
                                                        const v1::RecordRelationshipRequest& request,
                                                        absl::CivilDay today) {
  const absl::CivilDay first =
      request.effective_from_date().empty() ? today : dates::Checked(request.effective_from_date());
  const std::vector<errors::FieldViolation> wrong = WrongFields(person, request, first, today);
  if (!wrong.empty()) return errors::InvalidFields(wrong);
  explain::Refusal refusal;
  if (request.related_person() == person.name()) refusal.Add(kSelf, "related_person");
  CheckLiving(person, first, refusal);
  for (const v1::PersonRelationship& row : known) {
    const bool lasts = row.effective_to_date().empty() || dates::Checked(row.effective_to_date()) >= first;
    if (!IsWithSame(row, request) || !lasts) continue;
    refusal.Add(kTwice, row.name(), {{"start_date", dates::Checked(row.effective_from_date())}});
  }
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  RelationshipDecision decision;
  v1::PersonRelationship& row = decision.relationship;
  row.set_kind(request.kind());
  if (request.related_person().empty()) {
    row.set_party(request.party());
  } else {
    row.set_related_person(request.related_person());
  }
  row.set_effective_from_date(dates::Format(first));
  decision.trace.Add(RuleOf(row.kind()), {{"start_date", first}});
  return decision;
}

absl::StatusOr<RelationshipDecision> EndRelationship(const v1::Person& person,
                                                     v1::PersonRelationship relationship,
                                                     const v1::EndRelationshipRequest& request,
                                                     absl::CivilDay today) {
  const absl::CivilDay last = dates::Checked(request.effective_to_date());
  std::vector<errors::FieldViolation> wrong;
  if (last > today) wrong.push_back({"effective_to_date", "is in the future"});
  if (last < dates::Checked(relationship.effective_from_date())) {
    wrong.push_back({"effective_to_date", "is before the relationship began"});
  }
  if (!wrong.empty()) return errors::InvalidFields(wrong);
  explain::Refusal refusal;
  if (!relationship.effective_to_date().empty()) {
    refusal.Add(kEnded, relationship.name(),
                {{"end_date", dates::Checked(relationship.effective_to_date())}});
  }
  CheckLiving(person, last, refusal);
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  RelationshipDecision decision;
  decision.relationship = std::move(relationship);
  decision.relationship.set_effective_to_date(request.effective_to_date());
  decision.trace.Add(kEndedOn, {{"end_date", last}});
  return decision;
}

}  // namespace ipb::people::rules
