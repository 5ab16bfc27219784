#include "services/people/rules/circumstance.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/words.h"
#include "services/people/rules/circumstance_check.h"
#include "services/people/rules/responsibility.h"

namespace ipb::people::rules {
namespace {

using Kind = v1::Circumstance;

constexpr explain::Rule kHospital{
    "PEOPLE-HOSPITAL", "Admitted on {start_date}; a direct payment does not cease by it, a review follows",
    "Care Act 2014 s27; local practice on hospital stays"};
constexpr explain::Rule kDeath{
    "PEOPLE-DEATH", "The person died on {start_date}; entitlement and authority to act end with life",
    "Care Act 2014 s18; SI 2013/1617 reg 15"};
constexpr explain::Rule kCustody{
    "PEOPLE-CUSTODY",
    "In custody from {start_date}: {council} is responsible meanwhile, and ordinary residence is unchanged",
    "Care Act 2014 s76"};
constexpr explain::Rule kMove{
    "PEOPLE-MOVE",
    "From {start_date} {to_council} meets the needs as {from_council} did, until it has assessed",
    "Care Act 2014 ss37-38"};
constexpr explain::Rule kCareHome{"PEOPLE-CARE-HOME", "{stay} stay in a care home from {start_date}",
                                  "Care Act 2014 s14; SI 2014/2672; SI 2014/2871 reg 6"};
constexpr explain::Rule kSafeguarding{
    "PEOPLE-SAFEGUARDING",
    "A safeguarding concern is open from {start_date}; it delays no duty to stop a payment",
    "Care Act 2014 s42"};
constexpr explain::Rule kProviderFailure{
    "PEOPLE-PROVIDER-FAILURE",
    "The service of {provider} ends from {start_date}: the council meets the needs meanwhile",
    "Care Act 2014 ss48-49"};
constexpr explain::Rule kDetention{"PEOPLE-DETENTION",
                                   "Detained under {section} from {start_date}; no after-care follows",
                                   "Mental Health Act 1983 s117(1)"};
constexpr explain::Rule kAfterCare{
    "PEOPLE-DETENTION-AFTERCARE",
    "Detained under {section} from {start_date}; after-care follows when detention ends "
    "and the person leaves hospital",
    "Mental Health Act 1983 s117(1)"};
constexpr explain::Rule kCommunityOrder{
    "PEOPLE-CTO", "A community treatment order from {start_date}; after-care does not end while it lasts",
    "Mental Health Act 1983 ss17A, 117(2)"};
constexpr explain::Rule kEndedOn{"PEOPLE-CIRCUMSTANCE-END", "It ended on {end_date}", "a period ends once"};
constexpr explain::Rule kCorrect{"PEOPLE-CIRCUMSTANCE-CORRECT",
                                 "It replaces what was recorded: {kind} from {start_date}",
                                 "facts are corrected, not overwritten: what was known when stays on record"};
constexpr explain::Rule kNeverSo{"PEOPLE-CIRCUMSTANCE-NEVER",
                                 "What was recorded never was so: {kind} from {start_date}",
                                 "facts are corrected, not overwritten: what was known when stays on record"};

constexpr explain::Rule kStays{
    "PEOPLE-DEATH-RESPONSIBLE",
    "{organisation} stays responsible: its part was to end as the last, which rested on "
    "the death",
    "Care Act 2014 ss37-38; National Framework for NHS Continuing Healthcare 2022: no "
    "withdrawal without a successor"};

constexpr explain::Rule kNoEnd{"PEOPLE-DEATH-FINAL", "death does not end", "circumstances: death is final",
                               "where the person lives, correct the death as recorded in error"};
constexpr explain::Rule kMoveNoEnd{"PEOPLE-MOVE-FINAL", "a move is of one day and does not end",
                                   "Care Act 2014 ss37-38", "record the next move, or correct this one"};
constexpr explain::Rule kEnded{"PEOPLE-CIRCUMSTANCE-ENDED", "the circumstance ended on {end_date}",
                               "a period ends once",
                               "correct it where the day is wrong, or record a new one"};
constexpr explain::Rule kCorrected{"PEOPLE-CIRCUMSTANCE-CORRECTED", "the circumstance was corrected by {row}",
                                   "facts are corrected, not overwritten", "use the row that corrects it"};
constexpr explain::Rule kNotSo{
    "PEOPLE-CIRCUMSTANCE-NOT-SO", "the row says that the circumstance never was so",
    "facts are corrected, not overwritten", "correct it first, if it was so after all"};
constexpr explain::Rule kReasons{"PEOPLE-CORRECT-REASONS", "a correction needs its reasons",
                                 "UK GDPR article 5(1)(d): accuracy",
                                 "write in decision.reasons what was wrong and how it was found"};
constexpr explain::Rule kDecisionDate{
    "PEOPLE-CORRECT-DATE", "the correction is dated in the future: {decision_date}",
    "decisions are recorded when they are made", "give the day of the decision"};

bool LeadsToAfterCare(v1::DetentionDetails::Section section) {
  switch (section) {
    case v1::DetentionDetails::SECTION_3:
    case v1::DetentionDetails::SECTION_37:
    case v1::DetentionDetails::SECTION_45A:
    case v1::DetentionDetails::SECTION_47:
    case v1::DetentionDetails::SECTION_48:
      return true;
    default:
      return false;
  }
}

// What the circumstance means, for the explanation.
void Explain(const v1::Circumstance& row, explain::Trace& trace) {
  const explain::Input start = {"start_date", dates::Checked(row.effective_from_date())};
  const v1::CircumstanceDetails& details = row.details();
  switch (row.kind()) {
    case Kind::KIND_DEATH:
      return trace.Add(kDeath, {start});
    case Kind::KIND_CUSTODY:
      return trace.Add(kCustody, {start, {"council", details.custody().council()}});
    case Kind::KIND_MOVE:
      return trace.Add(kMove, {start,
                               {"from_council", details.move().from_council()},
                               {"to_council", details.move().to_council()}});
    case Kind::KIND_CARE_HOME_STAY:
      return trace.Add(
          kCareHome,
          {start,
           {"stay",
            explain::Words(v1::CareHomeStayDetails::Stay_Name(details.care_home_stay().stay()), "STAY_")}});
    case Kind::KIND_SAFEGUARDING_CONCERN:
      return trace.Add(kSafeguarding, {start});
    case Kind::KIND_PROVIDER_FAILURE:
      return trace.Add(kProviderFailure, {start, {"provider", details.provider_failure().provider()}});
    case Kind::KIND_MENTAL_HEALTH_DETENTION: {
      const auto section = details.detention().section();
      return trace.Add(LeadsToAfterCare(section) ? kAfterCare : kDetention,
                       {start, {"section", explain::Words(v1::DetentionDetails::Section_Name(section), "")}});
    }
    case Kind::KIND_COMMUNITY_TREATMENT_ORDER:
      return trace.Add(kCommunityOrder, {start});
    default:
      return trace.Add(kHospital, {start});
  }
}

void CheckStands(const v1::Circumstance& row, explain::Refusal& refusal) {
  if (row.superseded_by().empty()) return;
  refusal.Add(kCorrected, row.name(), {{"row", row.superseded_by()}});
}

// The person's date of death is that of the death which stands.
void FollowDeath(const v1::Circumstance& row, v1::Person& person) {
  if (row.kind() != Kind::KIND_DEATH) return;
  person.clear_death_date();
  if (!row.recorded_in_error()) person.set_death_date(row.effective_from_date());
}

std::vector<errors::FieldViolation> WrongOfCorrection(const v1::CorrectCircumstanceRequest& request) {
  std::vector<errors::FieldViolation> wrong;
  if (!request.recorded_in_error()) {
    if (request.effective_from_date().empty()) {
      wrong.push_back({"effective_from_date", "is needed unless the circumstance was recorded in error"});
    }
    return wrong;
  }
  const char* what = "what never was so has none";
  if (!request.effective_from_date().empty()) wrong.push_back({"effective_from_date", what});
  if (!request.effective_to_date().empty()) wrong.push_back({"effective_to_date", what});
  if (request.has_details()) wrong.push_back({"details", what});
  if (!request.overlap_reasons().empty()) wrong.push_back({"overlap_reasons", what});
  return wrong;
}

// The row that a correction puts in place of the one on record.
v1::Circumstance Corrected(const v1::Circumstance& before, const v1::CorrectCircumstanceRequest& request) {
  v1::Circumstance row;
  row.set_kind(before.kind());
  row.set_corrects(before.name());
  row.set_recorded_in_error(request.recorded_in_error());
  if (request.recorded_in_error()) {
    row.set_effective_from_date(before.effective_from_date());
    row.set_effective_to_date(before.effective_to_date());
    *row.mutable_details() = before.details();
    return row;
  }
  row.set_effective_from_date(request.effective_from_date());
  row.set_effective_to_date(request.effective_to_date());
  if (request.has_details()) *row.mutable_details() = request.details();
  row.set_overlap_reasons(request.overlap_reasons());
  return row;
}

void CheckCorrection(const CircumstanceFacts& facts, absl::CivilDay today, v1::HumanDecision& decision,
                     explain::Refusal& refusal) {
  CheckStands(facts.circumstance, refusal);
  decision = facts.by;
  const absl::CivilDay day = dates::Checked(decision.decision_date());
  if (day > today) refusal.Add(kDecisionDate, "decision.decision_date", {{"decision_date", day}});
  if (absl::StripAsciiWhitespace(decision.reasons()).empty()) refusal.Add(kReasons, "decision.reasons");
}

}  // namespace

bool Stands(const v1::Circumstance& circumstance) {
  return circumstance.superseded_by().empty() && !circumstance.recorded_in_error();
}

absl::StatusOr<CircumstanceDecision> RecordCircumstance(CircumstanceFacts facts,
                                                        const v1::RecordCircumstanceRequest& request,
                                                        absl::CivilDay today) {
  CircumstanceDecision decision;
  v1::Circumstance& row = decision.circumstance;
  row.set_kind(request.kind());
  row.set_effective_from_date(request.effective_from_date());
  row.set_effective_to_date(request.effective_to_date());
  if (request.has_details()) *row.mutable_details() = request.details();
  row.set_overlap_reasons(request.overlap_reasons());
  const std::vector<errors::FieldViolation> wrong = WrongFields(row, facts, today);
  if (!wrong.empty()) return errors::InvalidFields(wrong);
  explain::Refusal refusal;
  CheckBesideOthers(row, facts, refusal);
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  decision.person = std::move(facts.person);
  FollowDeath(row, decision.person);
  Explain(row, decision.trace);
  return decision;
}

absl::StatusOr<CircumstanceDecision> EndCircumstance(CircumstanceFacts facts,
                                                     const v1::EndCircumstanceRequest& request,
                                                     absl::CivilDay today) {
  const v1::Circumstance& before = facts.circumstance;
  explain::Refusal refusal;
  CheckStands(before, refusal);
  if (before.recorded_in_error()) refusal.Add(kNotSo, before.name());
  if (before.kind() == Kind::KIND_DEATH) refusal.Add(kNoEnd, before.name());
  if (before.kind() == Kind::KIND_MOVE) refusal.Add(kMoveNoEnd, before.name());
  if (!before.effective_to_date().empty()) {
    refusal.Add(kEnded, before.name(), {{"end_date", dates::Checked(before.effective_to_date())}});
  }
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  CircumstanceDecision decision;
  v1::Circumstance& row = decision.circumstance;
  row = before;
  row.set_effective_to_date(request.effective_to_date());
  const std::vector<errors::FieldViolation> wrong = WrongFields(row, facts, today);
  if (!wrong.empty()) return errors::InvalidFields(wrong);
  CheckBesideOthers(row, facts, refusal);
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  decision.person = std::move(facts.person);
  decision.trace.Add(kEndedOn, {{"end_date", dates::Checked(request.effective_to_date())}});
  return decision;
}

absl::StatusOr<CircumstanceDecision> CorrectCircumstance(CircumstanceFacts facts,
                                                         const v1::CorrectCircumstanceRequest& request,
                                                         absl::CivilDay today) {
  CircumstanceDecision decision;
  v1::Circumstance& row = decision.circumstance;
  row = Corrected(facts.circumstance, request);
  std::vector<errors::FieldViolation> wrong = WrongOfCorrection(request);
  if (wrong.empty() && !request.recorded_in_error()) wrong = WrongFields(row, facts, today);
  if (!wrong.empty()) return errors::InvalidFields(wrong);
  explain::Refusal refusal;
  CheckCorrection(facts, today, *row.mutable_correction(), refusal);
  if (!request.recorded_in_error()) CheckBesideOthers(row, facts, refusal);
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  decision.superseded = std::move(facts.circumstance);
  decision.person = std::move(facts.person);
  FollowDeath(row, decision.person);
  decision.trace.Add(request.recorded_in_error() ? kNeverSo : kCorrect,
                     {{"kind", explain::Words(Kind::Kind_Name(row.kind()), "KIND_")},
                      {"start_date", dates::Checked(decision.superseded.effective_from_date())}});
  if (!request.recorded_in_error()) Explain(row, decision.trace);
  if (request.recorded_in_error() && row.kind() == Kind::KIND_DEATH) {
    for (std::string& organisation : StayResponsible(today, decision.person)) {
      decision.trace.Add(kStays, {{"organisation", std::move(organisation)}});
    }
  }
  return decision;
}

std::vector<v1::Circumstance> CircumstancesOn(absl::CivilDay day, std::vector<v1::Circumstance> rows) {
  const auto death = std::find_if(rows.begin(), rows.end(), [](const v1::Circumstance& row) {
    return Stands(row) && row.kind() == Kind::KIND_DEATH;
  });
  const bool dead = death != rows.end() && dates::Checked(death->effective_from_date()) < day;
  std::erase_if(rows, [&](const v1::Circumstance& row) {
    const bool lasts = !dead || IsOfOneDay(row.kind());
    return !Stands(row) || !lasts || !dates::Within(day, row.effective_from_date(), row.effective_to_date());
  });
  return rows;
}

}  // namespace ipb::people::rules
