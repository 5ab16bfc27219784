#include "services/people/rules/payment_exclusion.h"

#include <string>

#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/words.h"

namespace ipb::people::rules {
namespace {

constexpr char kLaw[] = "SI 2014/2871 Sch 1; SI 2013/1617 Sch; SI 2009/1887";

constexpr explain::Rule kRecorded{
    "EXCLUSION", "Subject to {code} from {start_date}: other ways of meeting needs stay open", kLaw};
constexpr explain::Rule kEndedOn{"EXCLUSION-END", "It bars direct payments until {end_date}", kLaw};

constexpr explain::Rule kTwice{"EXCLUSION-TWICE",
                               "the same kind of order under this reference is on record from {start_date}",
                               kLaw, "end the one on record first, or give the reference of the other order"};
constexpr explain::Rule kLiving{"EXCLUSION-LIVING", "the person died on {death_date}, before it began", kLaw,
                                "check the dates"};
constexpr explain::Rule kEnded{"EXCLUSION-ENDED", "it ended on {end_date}", "a period ends once",
                               "record another exclusion where a new order was made"};
constexpr explain::Rule kDecisionDate{
    "EXCLUSION-DATE", "the decision is dated in the future: {decision_date}",
    "decisions are recorded when they are made", "give the day of the decision"};

std::vector<errors::FieldViolation> WrongDates(const ExclusionFacts& facts,
                                               const v1::RecordPaymentExclusionRequest& request,
                                               absl::CivilDay today) {
  const absl::CivilDay first = dates::Checked(request.effective_from_date());
  std::vector<errors::FieldViolation> wrong;
  if (first > today) wrong.push_back({"effective_from_date", "is in the future"});
  if (first < dates::Checked(facts.person.birth_date())) {
    wrong.push_back({"effective_from_date", "is before the person's birth"});
  }
  if (!request.effective_to_date().empty() && dates::Checked(request.effective_to_date()) < first) {
    wrong.push_back({"effective_to_date", "is before the first day"});
  }
  return wrong;
}

bool StillHolds(const v1::PaymentExclusion& row, absl::CivilDay day) {
  return row.effective_to_date().empty() || dates::Checked(row.effective_to_date()) >= day;
}

}  // namespace

absl::StatusOr<ExclusionDecision> RecordExclusion(const ExclusionFacts& facts,
                                                  const v1::RecordPaymentExclusionRequest& request,
                                                  absl::CivilDay today) {
  const std::vector<errors::FieldViolation> wrong = WrongDates(facts, request, today);
  if (!wrong.empty()) return errors::InvalidFields(wrong);
  const absl::CivilDay first = dates::Checked(request.effective_from_date());
  explain::Refusal refusal;
  if (!facts.person.death_date().empty() && first > dates::Checked(facts.person.death_date())) {
    refusal.Add(kLiving, facts.person.name(), {{"death_date", dates::Checked(facts.person.death_date())}});
  }
  for (const v1::PaymentExclusion& row : facts.known) {
    const bool same = row.code() == request.code() && row.order_reference() == request.order_reference();
    if (!same || !StillHolds(row, first)) continue;
    refusal.Add(kTwice, row.name(), {{"start_date", dates::Checked(row.effective_from_date())}});
  }
  const absl::CivilDay decided = dates::Checked(facts.by.decision_date());
  if (decided > today) refusal.Add(kDecisionDate, "decision.decision_date", {{"decision_date", decided}});
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  ExclusionDecision decision;
  v1::PaymentExclusion& row = decision.exclusion;
  row.set_code(request.code());
  row.set_effective_from_date(request.effective_from_date());
  row.set_effective_to_date(request.effective_to_date());
  row.set_planned_to_date(request.effective_to_date());
  row.set_order_reference(request.order_reference());
  *row.mutable_decision() = facts.by;
  decision.trace.Add(kRecorded,
                     {{"code", explain::Words(v1::ExclusionCode_Name(row.code()), "EXCLUSION_CODE_")},
                      {"start_date", first}});
  return decision;
}

absl::StatusOr<ExclusionDecision> EndExclusion(const ExclusionFacts& facts,
                                               const v1::EndPaymentExclusionRequest& request,
                                               absl::CivilDay today) {
  const absl::CivilDay last = dates::Checked(request.effective_to_date());
  std::vector<errors::FieldViolation> wrong;
  if (last > today) wrong.push_back({"effective_to_date", "is in the future"});
  if (last < dates::Checked(facts.exclusion.effective_from_date())) {
    wrong.push_back({"effective_to_date", "is before the first day"});
  }
  if (!wrong.empty()) return errors::InvalidFields(wrong);
  explain::Refusal refusal;
  const std::string& ended = facts.exclusion.effective_to_date();
  if (!ended.empty() && (facts.exclusion.has_end_recorded_time() || dates::Checked(ended) <= last)) {
    refusal.Add(kEnded, facts.exclusion.name(), {{"end_date", dates::Checked(ended)}});
  }
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  ExclusionDecision decision;
  decision.exclusion = facts.exclusion;
  decision.exclusion.set_effective_to_date(request.effective_to_date());
  decision.trace.Add(kEndedOn, {{"end_date", last}});
  return decision;
}

}  // namespace ipb::people::rules
