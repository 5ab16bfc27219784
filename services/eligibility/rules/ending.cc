#include "services/eligibility/rules/ending.h"

#include <string>

#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "services/eligibility/rules/regime.h"
#include "services/eligibility/rules/safeguards.h"
#include "services/eligibility/rules/words.h"

namespace ipb::eligibility {
namespace {

constexpr explain::Rule kLetter{
    "NOTIFICATION-LETTER-DATE",
    "The letter is dated {letter_date}, in the future or before the decision on {decision_date}",
    "Care Act 2014 s13(2); SI 2012/2996 reg 21", "give the date on the letter."};
constexpr explain::Rule kAdvice{
    "NOTIFICATION-ADVICE", "The person is not eligible, and no information and advice is given",
    "Care Act 2014 s13(5)",
    "give written information and advice on meeting, reducing, preventing or delaying needs."};
constexpr explain::Rule kOrder{"END-BEFORE-BEGINNING", "It would end before it began on {first_date}",
                               "Care Act 2014 s13; SI 2012/2996 reg 21",
                               "give a later day, or end it as recorded in error."};
constexpr explain::Rule kAgeLimit{
    "END-AFTER-CHILDHOOD", "It ends by itself on {last_date}, the day before the 18th birthday",
    "National Framework for Children and Young People's Continuing Care, January 2016",
    "give an earlier day; for later days decide under the regime for adults."};
constexpr explain::Rule kReasons{"END-REASONS", "No reasons are given",
                                 "Care Act 2014 s27; National Framework, July 2022", "give the reasons."};
constexpr explain::Rule kDeath{"END-DEATH-DATE", "The day is not the recorded day of the person's death",
                               "Care Act 2014 s18; SI 2012/2996 reg 20",
                               "record the death with the people service first, and end on that day."};
constexpr explain::Rule kNobody{
    "END-NOBODY-RESPONSIBLE", "No other body of the sector is responsible on {next_date}",
    "Care Act 2014 ss37-38; Who Pays?", "have the next body accept responsibility first."};
constexpr explain::Rule kCommunityPatient{
    "END-COMMUNITY-PATIENT", "After-care cannot end for a community patient",
    "Mental Health Act 1983 s117(2)", "wait until the order has ended."};
constexpr explain::Rule kAfterCareStays{
    "END-AFTER-CARE-STAYS",
    "After-care does not end because its services are declined or the person moves: the duty stays",
    "Mental Health Act 1983 s117(2)-(3)",
    "end it when both bodies are satisfied that it is no longer needed."};
constexpr explain::Rule kDetainedAgain{
    "END-DETAINED-AGAIN",
    "Only after-care ends by a new detention, which cannot begin after today, on {next_date}",
    "Mental Health Act 1983 s117; R (Worcestershire) v SSHSC [2023] UKSC 31",
    "give the day before the detention, once it has begun."};
constexpr explain::Rule kError{"END-ERROR-SECOND-PERSON", "Who decided it would undo it as recorded in error",
                               "house rule of dual control", "let another person end it."};

constexpr explain::Rule kNotified{"NOTIFICATION", "The person was told in a letter dated {letter_date}.",
                                  "Care Act 2014 s13(2); SI 2012/2996 reg 21"};
constexpr explain::Rule kLate{
    "NOTIFICATION-LATE", "The letter should have been sent by {due_date}.",
    "National Framework for Children and Young People's Continuing Care, January 2016"};
constexpr explain::Rule kEnded{"END", "It ends after {last_date}.", "Care Act 2014 s27; SI 2012/2996 reg 21"};

// The days that an ending speaks of.
struct Days {
  absl::CivilDay last;
  absl::CivilDay decided;
  absl::CivilDay today;
};

absl::Status CheckReason(const DeterminationFacts& facts, const v1::EndDeterminationRequest& request,
                         const v1::EligibilityPolicy& policy, const Days& days, explain::Refusal& refusal,
                         explain::Trace& trace) {
  const v1::Determination& ended = facts.determination;
  switch (request.reason()) {
    case v1::Determination::END_REASON_DEATH:
      if (facts.person.death_date() != request.effective_to_date()) refusal.Add(kDeath, "effective_to_date");
      break;
    case v1::Determination::END_REASON_MOVED:
      if (!AnotherIsResponsible(facts, ended, days.last + 1)) {
        refusal.Add(kNobody, facts.person.name(), {{"next_date", days.last + 1}});
      }
      break;
    case v1::Determination::END_REASON_NO_LONGER_ELIGIBLE:
      if (ended.outcome() == v1::ELIGIBILITY_OUTCOME_ELIGIBLE) {
        return CheckWithdrawal(facts, {ended, request.safeguards(), days.last, days.decided, days.today},
                               policy, refusal, trace);
      }
      break;
    case v1::Determination::END_REASON_RECORDED_IN_ERROR:
      if (IsSamePerson(facts, ended.decision())) refusal.Add(kError, "decision");
      break;
    default:
      break;
  }
  return absl::OkStatus();
}

// What is particular to after-care: who is detained again has no duty owed until the next discharge; nothing
// else but a decision of both bodies ends it for the living.
void CheckAfterCare(const DeterminationFacts& facts, const v1::EndDeterminationRequest& request,
                    absl::CivilDay last_day, absl::CivilDay today, explain::Refusal& refusal) {
  const v1::Determination& ended = facts.determination;
  const bool after_care = ended.regime() == v1::ELIGIBILITY_REGIME_SECTION_117;
  if (request.reason() == v1::Determination::END_REASON_DETAINED_AGAIN &&
      (!after_care || last_day >= today)) {
    refusal.Add(kDetainedAgain, "effective_to_date", {{"next_date", last_day + 1}});
  }
  if (!after_care || ended.outcome() != v1::ELIGIBILITY_OUTCOME_ELIGIBLE) return;
  const bool stays = request.reason() == v1::Determination::END_REASON_DECLINED ||
                     request.reason() == v1::Determination::END_REASON_MOVED;
  if (stays) refusal.Add(kAfterCareStays, "reason");
  if (request.community_patient() &&
      (stays || request.reason() == v1::Determination::END_REASON_NO_LONGER_ELIGIBLE)) {
    refusal.Add(kCommunityPatient, ended.name());
  }
}

}  // namespace

absl::StatusOr<DeterminationDecision> DecideNotification(const DeterminationFacts& facts,
                                                         const v1::NotifyDeterminationRequest& request,
                                                         absl::CivilDay today) {
  const v1::Determination& told = facts.determination;
  const bool past =
      told.state() == v1::Determination::STATE_SUPERSEDED || told.state() == v1::Determination::STATE_ENDED;
  const bool untold = past && told.has_decision() && !told.has_notification();
  if (told.state() != v1::Determination::STATE_DETERMINED && !untold) {
    return errors::WrongState(told.name(), Words(told.state()), "DETERMINED");
  }
  explain::Refusal refusal;
  CheckMayDecide(told.regime(), facts.caller_kind, refusal);
  const absl::CivilDay letter = dates::Checked(request.letter_date());
  const absl::CivilDay decided = dates::Checked(told.decision().decision_date());
  if (letter < decided || letter > today) {
    refusal.Add(kLetter, "letter_date", {{"letter_date", letter}, {"decision_date", decided}});
  }
  if (IsOfCouncil(told.regime()) && told.outcome() == v1::ELIGIBILITY_OUTCOME_NOT_ELIGIBLE &&
      request.information_and_advice().empty()) {
    refusal.Add(kAdvice, "information_and_advice");
  }
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  DeterminationDecision decision{told};
  v1::Determination::Notification* notification = decision.determination.mutable_notification();
  notification->set_letter_date(request.letter_date());
  notification->set_letter_reference(request.letter_reference());
  notification->set_information_and_advice(request.information_and_advice());
  if (!past) MoveTo(v1::Determination::STATE_NOTIFIED, decision.determination);
  decision.trace.Add(kNotified, {{"letter_date", letter}});
  const std::string& due_date = told.notification_due_date();
  if (!due_date.empty() && letter > dates::Checked(due_date)) {
    decision.trace.Add(kLate, {{"due_date", dates::Checked(due_date)}});
  }
  return decision;
}

absl::StatusOr<DeterminationDecision> DecideEnding(const DeterminationFacts& facts,
                                                   const v1::EndDeterminationRequest& request,
                                                   const v1::EligibilityPolicy& policy,
                                                   absl::CivilDay today) {
  const v1::Determination& ended = facts.determination;
  if (!IsLive(ended))
    return errors::WrongState(ended.name(), Words(ended.state()), "DETERMINED, NOTIFIED, DISPUTED, UPHELD");
  explain::Refusal refusal;
  DeterminationDecision decision{ended};
  CheckMayDecide(ended.regime(), facts.caller_kind, refusal);
  const v1::HumanDecision by = Decided(facts, today, refusal);
  const absl::CivilDay first_day = dates::Checked(ended.effective_from_date());
  const absl::CivilDay last_day = dates::Checked(request.effective_to_date());
  if (last_day < first_day) refusal.Add(kOrder, "effective_to_date", {{"first_date", first_day}});
  if (!ended.age_limit_date().empty() && last_day > dates::Checked(ended.age_limit_date())) {
    refusal.Add(kAgeLimit, "effective_to_date", {{"last_date", dates::Checked(ended.age_limit_date())}});
  }
  if (request.reason() != v1::Determination::END_REASON_DEATH && by.reasons().empty()) {
    refusal.Add(kReasons, "decision.reasons");
  }
  const Days days{last_day, dates::Checked(by.decision_date()), today};
  IPB_RETURN_IF_ERROR(CheckReason(facts, request, policy, days, refusal, decision.trace));
  CheckAfterCare(facts, request, last_day, today, refusal);
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  v1::Determination& made = decision.determination;
  made.set_effective_to_date(request.effective_to_date());
  made.set_end_reason(request.reason());
  *made.mutable_end_decision() = by;
  if (request.has_safeguards()) *made.mutable_safeguards() = request.safeguards();
  MoveTo(v1::Determination::STATE_ENDED, made);
  decision.trace.Add(kEnded, {{"last_date", last_day}});
  return decision;
}

}  // namespace ipb::eligibility
