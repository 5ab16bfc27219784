#include "services/eligibility/rules/dispute.h"

#include <algorithm>
#include <string>

#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "services/eligibility/rules/words.h"

namespace ipb::eligibility {
namespace {

constexpr absl::string_view kRoutes = "SI 2012/2996 reg 23; National Framework, July 2022; SI 2009/309";

constexpr explain::Rule kFuture{"DISPUTE-DATE-FUTURE", "The dispute is dated in the future: {received_date}",
                                kRoutes, "record it on receipt."};
constexpr explain::Rule kBeforeLetter{
    "DISPUTE-BEFORE-LETTER", "The dispute is dated before the letter of {letter_date}", kRoutes,
    "give the date on which it was received; before the letter there is nothing to dispute."};
constexpr explain::Rule kNotTold{
    "DISPUTE-NOT-TOLD", "The person was not told of the determination before it {closed}", kRoutes,
    "record the letter that tells the person; the times for disputing run from its date."};
constexpr explain::Rule kInError{"DISPUTE-IN-ERROR", "The determination was recorded in error and never held",
                                 kRoutes, "dispute the determination that holds, or ask for a new one."};
constexpr explain::Rule kOpen{"DISPUTE-OPEN", "The dispute received on {received_date} is not decided yet",
                              kRoutes, "uphold or overturn it first."};
constexpr explain::Rule kNoStage{"DISPUTE-NO-STAGE", "Under {regime} there is no stage after the last one",
                                 kRoutes, "only a court can be asked now; a changed need is a new request."};
constexpr explain::Rule kLate{
    "DISPUTE-LATE", "The dispute was received on {received_date}, after {last_date}, the last day in time",
    kRoutes, "accept it all the same and say why, or tell the person why not."};
constexpr explain::Rule kSecondPerson{
    "DISPUTE-SECOND-PERSON",
    "Who recommended or decided it, or decided an earlier dispute of it, would look again",
    "National Framework, July 2022: local resolution by another person",
    "let a person decide the dispute who had no part in it."};
constexpr explain::Rule kReasons{"DISPUTE-REASONS", "The dispute is decided without reasons", kRoutes,
                                 "say why the determination stands or falls."};
constexpr explain::Rule kBeforeReceipt{
    "DISPUTE-BEFORE-RECEIPT", "The dispute would be decided before it was received on {received_date}",
    kRoutes, "check the date of the decision."};
constexpr explain::Rule kLetter{"DISPUTE-LETTER-DATE",
                                "The letter is dated {letter_date}, in the future or before the decision on "
                                "{decision_date}",
                                kRoutes, "give the date on the letter."};
constexpr explain::Rule kTakesAway{
    "OVERTURN-TAKES-AWAY", "The determination found the person eligible",
    "National Framework, July 2022: no unilateral withdrawal",
    "record a new determination, with what has to be on record for a withdrawal."};

constexpr explain::Rule kNothingOwed{"OVERTURN-NOTHING-OWED",
                                     "What replaced the determination holds from its first day, "
                                     "{first_date}, so that nothing is left to be owed",
                                     kRoutes, "uphold it, and dispute the determination that replaced it."};

constexpr explain::Rule kInTime{
    "DISPUTE-IN-TIME", "Received on {received_date} by {before}; in time until {last_date}.", kRoutes};
constexpr explain::Rule kAccepted{
    "DISPUTE-LATE-ACCEPTED",
    "Received on {received_date} by {before}, after {last_date}, and accepted for the "
    "reasons recorded.",
    kRoutes};
constexpr explain::Rule kStands{
    "DISPUTE-IN-EFFECT",
    "Until it is decided the determination stays in effect, and so does existing funding.",
    "National Framework, July 2022: disputes; Care Act 2014 s37"};
constexpr explain::Rule kPast{"DISPUTE-OF-THE-PAST",
                              "The determination held from {first_date} to {last_date}: the dispute is about "
                              "that time, and what followed "
                              "stays as it is meanwhile and whatever comes of it.",
                              kRoutes};
constexpr explain::Rule kUpheld{"UPHOLD",
                                "Looked at again by another person and upheld; told in a letter dated "
                                "{letter_date}.",
                                kRoutes};
constexpr explain::Rule kOverturned{
    "OVERTURN",
    "Overturned: eligible under {regime} from {first_date}, the first day of the "
    "determination disputed. What was refused since is owed.",
    "National Framework, July 2022: disputes; refunds guidance"};
constexpr explain::Rule kUntil{"OVERTURN-UNTIL",
                               "It holds until {last_date}, when the determination disputed ended or was "
                               "superseded. What followed is not "
                               "disturbed; it can be disputed itself.",
                               "National Framework, July 2022: disputes; refunds guidance"};

using v1::Determination;

// Whether a determination no longer holds, and not because it was overturned.
bool IsPast(const Determination& determination) {
  return determination.state() == Determination::STATE_SUPERSEDED ||
         determination.state() == Determination::STATE_ENDED;
}

// The dispute that is not decided yet; null if there is none.
const v1::Dispute* OpenDispute(const Determination& determination) {
  if (determination.disputes().empty()) return nullptr;
  const v1::Dispute& last = *determination.disputes().rbegin();
  return last.result() == v1::Dispute::RESULT_UNSPECIFIED ? &last : nullptr;
}

// The letter from which the time of the next stage runs.
std::string LetterOf(const Determination& determination) {
  if (determination.disputes().empty()) return determination.notification().letter_date();
  return determination.disputes().rbegin()->letter_date();
}

// The next stage of the regime on the day; null after the last one, "no rate for" where the day has none at
// all.
absl::StatusOr<const v1::DisputeStageRule*> NextStage(const Determination& determination,
                                                      const v1::EligibilityPolicy& policy,
                                                      absl::CivilDay day) {
  const v1::DisputeStage last = determination.disputes().empty() ? v1::DISPUTE_STAGE_UNSPECIFIED
                                                                 : determination.disputes().rbegin()->stage();
  bool any = false;
  const v1::DisputeStageRule* next = nullptr;
  for (const v1::DisputeStageRule& row : policy.dispute_stages()) {
    if (row.regime() != determination.regime()) continue;
    if (!dates::Holds(row, day)) continue;
    any = true;
    if (row.stage() > last && (next == nullptr || row.stage() < next->stage())) next = &row;
  }
  if (!any) return errors::NoRate("stages of disputing a determination", dates::Format(day));
  return next;
}

// Whether who decides now recommended or decided the determination, or decided an earlier dispute of it.
bool TookPart(const DeterminationFacts& facts) {
  const Determination& disputed = facts.determination;
  if (facts.by.decider().empty()) return false;
  if (IsSamePerson(facts, disputed.recommendation()) || IsSamePerson(facts, disputed.decision())) return true;
  return std::any_of(disputed.disputes().begin(), disputed.disputes().end(),
                     [&facts](const v1::Dispute& one) { return IsSamePerson(facts, one.decision()); });
}

// Whoever decides a dispute, and when: a named other human, on a day that has come, with reasons.
v1::HumanDecision CheckDecider(const DeterminationFacts& facts, absl::CivilDay today,
                               explain::Refusal& refusal) {
  const Determination& disputed = facts.determination;
  CheckMayDecide(disputed.regime(), facts.caller_kind, refusal);
  v1::HumanDecision by = Decided(facts, today, refusal);
  if (TookPart(facts)) refusal.Add(kSecondPerson, "decision");
  if (by.reasons().empty()) refusal.Add(kReasons, "decision.reasons");
  const absl::CivilDay received = dates::Checked(disputed.disputes().rbegin()->received_date());
  if (dates::Checked(by.decision_date()) < received) {
    refusal.Add(kBeforeReceipt, "decision.decision_date", {{"received_date", received}});
  }
  return by;
}

absl::Status CheckDisputed(const Determination& determination) {
  if (determination.state() == Determination::STATE_DISPUTED) return absl::OkStatus();
  if (IsPast(determination) && OpenDispute(determination) != nullptr) return absl::OkStatus();
  return errors::WrongState(determination.name(), Words(determination.state()), "DISPUTED");
}

// Whether a determination that no longer holds can be disputed: the person was told of it, it ever held, and
// it is not disputed already.
absl::Status CheckPast(const Determination& past) {
  explain::Refusal refusal;
  if (past.end_reason() == Determination::END_REASON_RECORDED_IN_ERROR) {
    refusal.Add(kInError, past.name());
  } else if (!past.has_notification()) {
    const bool ended = past.state() == Determination::STATE_ENDED;
    refusal.Add(kNotTold, past.name(), {{"closed", std::string(ended ? "ended" : "was superseded")}});
  } else if (const v1::Dispute* open = OpenDispute(past)) {
    refusal.Add(kOpen, past.name(), {{"received_date", dates::Checked(open->received_date())}});
  }
  return refusal.ToStatus();
}

// Whether it can be disputed as it stands.
absl::Status CheckDisputable(const Determination& told) {
  if (IsPast(told) && told.has_decision()) return CheckPast(told);
  if (told.state() == Determination::STATE_NOTIFIED || told.state() == Determination::STATE_UPHELD) {
    return absl::OkStatus();
  }
  return errors::WrongState(told.name(), Words(told.state()), "NOTIFIED, UPHELD, SUPERSEDED, ENDED");
}

// Closes what takes the place of a determination that no longer holds as that one was closed.
void CloseAs(const Determination& past, Determination& made, explain::Trace& trace) {
  made.set_superseded_by(past.superseded_by());
  made.set_end_reason(past.end_reason());
  if (past.has_end_decision()) *made.mutable_end_decision() = past.end_decision();
  if (made.effective_to_date().empty() || past.effective_to_date() < made.effective_to_date()) {
    made.set_effective_to_date(past.effective_to_date());
  }
  MoveTo(past.state(), made);
  trace.Add(kUntil, {{"last_date", dates::Checked(made.effective_to_date())}});
}

}  // namespace

absl::StatusOr<DeterminationDecision> DecideDispute(const DeterminationFacts& facts,
                                                    const v1::DisputeDeterminationRequest& request,
                                                    const v1::EligibilityPolicy& policy,
                                                    absl::CivilDay today) {
  const Determination& told = facts.determination;
  IPB_RETURN_IF_ERROR(CheckDisputable(told));
  const absl::CivilDay received =
      request.received_date().empty() ? today : dates::Checked(request.received_date());
  const absl::CivilDay letter = dates::Checked(LetterOf(told));
  explain::Refusal refusal;
  CheckMayDecide(told.regime(), facts.caller_kind, refusal);
  if (received > today) refusal.Add(kFuture, "received_date", {{"received_date", received}});
  if (received < letter) refusal.Add(kBeforeLetter, "received_date", {{"letter_date", letter}});
  IPB_ASSIGN_OR_RETURN(const v1::DisputeStageRule* stage, NextStage(told, policy, received));
  if (stage == nullptr) {
    refusal.Add(kNoStage, told.name(), {{"regime", std::string(Words(told.regime()))}});
    return refusal.ToStatus();
  }
  const absl::CivilDay last_day = dates::AddMonths(letter, stage->months());
  const bool late = received > last_day;
  if (late && request.late_reasons().empty()) {
    refusal.Add(kLate, "late_reasons", {{"received_date", received}, {"last_date", last_day}});
  }
  IPB_RETURN_IF_ERROR(refusal.ToStatus());

  DeterminationDecision decision{told};
  v1::Dispute* dispute = decision.determination.add_disputes();
  dispute->set_stage(stage->stage());
  dispute->set_by(request.by());
  dispute->set_received_date(dates::Format(received));
  dispute->set_grounds(request.grounds());
  dispute->set_last_date(dates::Format(last_day));
  if (late) dispute->set_late_reasons(request.late_reasons());
  if (!IsPast(told)) MoveTo(Determination::STATE_DISPUTED, decision.determination);
  decision.trace.Add(late ? kAccepted : kInTime,
                     {{"received_date", received}, {"before", stage->before()}, {"last_date", last_day}});
  if (IsPast(told)) {
    decision.trace.Add(kPast, {{"first_date", dates::Checked(told.effective_from_date())},
                               {"last_date", dates::Checked(told.effective_to_date())}});
  } else {
    decision.trace.Add(kStands);
  }
  return decision;
}

absl::StatusOr<DeterminationDecision> DecideUpholding(const DeterminationFacts& facts,
                                                      const v1::UpholdDeterminationRequest& request,
                                                      absl::CivilDay today) {
  IPB_RETURN_IF_ERROR(CheckDisputed(facts.determination));
  explain::Refusal refusal;
  const v1::HumanDecision by = CheckDecider(facts, today, refusal);
  const absl::CivilDay decided = dates::Checked(by.decision_date());
  const absl::CivilDay letter = dates::Checked(request.letter_date());
  if (letter < decided || letter > today) {
    refusal.Add(kLetter, "letter_date", {{"letter_date", letter}, {"decision_date", decided}});
  }
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  DeterminationDecision decision{facts.determination};
  v1::Dispute& dispute = *decision.determination.mutable_disputes()->rbegin();
  dispute.set_result(v1::Dispute::RESULT_UPHELD);
  *dispute.mutable_decision() = by;
  dispute.set_letter_date(request.letter_date());
  if (!IsPast(facts.determination)) MoveTo(Determination::STATE_UPHELD, decision.determination);
  decision.trace.Add(kUpheld, {{"letter_date", letter}});
  return decision;
}

absl::StatusOr<DeterminationDecision> DecideOverturning(const DeterminationFacts& facts,
                                                        const v1::EligibilityPolicy& policy,
                                                        absl::CivilDay today) {
  const Determination& disputed = facts.determination;
  IPB_RETURN_IF_ERROR(CheckDisputed(disputed));
  explain::Refusal refusal;
  const v1::HumanDecision by = CheckDecider(facts, today, refusal);
  if (disputed.outcome() == v1::ELIGIBILITY_OUTCOME_ELIGIBLE) refusal.Add(kTakesAway, disputed.name());
  if (IsPast(disputed) && disputed.effective_to_date() < disputed.effective_from_date()) {
    refusal.Add(kNothingOwed, disputed.name(),
                {{"first_date", dates::Checked(disputed.effective_from_date())}});
  }
  IPB_RETURN_IF_ERROR(refusal.ToStatus());

  DeterminationDecision decision;
  Determination& made = decision.determination;
  made.set_name(facts.new_name);
  made.set_regime(disputed.regime());
  made.set_assessment(disputed.assessment());
  made.set_request(disputed.request());
  made.set_indication(disputed.indication());
  made.set_recommended_outcome(disputed.recommended_outcome());
  *made.mutable_recommendation() = disputed.recommendation();
  made.set_outcome(v1::ELIGIBILITY_OUTCOME_ELIGIBLE);
  *made.mutable_decision() = by;
  made.set_effective_from_date(disputed.effective_from_date());
  made.set_overrun_days(disputed.overrun_days());
  made.set_overturns(disputed.name());
  MoveTo(Determination::STATE_DETERMINED, made);
  decision.trace.Add(kOverturned, {{"regime", std::string(Words(disputed.regime()))},
                                   {"first_date", dates::Checked(disputed.effective_from_date())}});
  LimitToChildhood(facts.person, made, decision.trace);
  SetNotificationClock(policy, dates::Checked(by.decision_date()), made, decision.trace);
  if (IsPast(disputed)) CloseAs(disputed, made, decision.trace);

  decision.superseded = disputed;
  decision.superseded->set_superseded_by(made.name());
  v1::Dispute& dispute = *decision.superseded->mutable_disputes()->rbegin();
  dispute.set_result(v1::Dispute::RESULT_OVERTURNED);
  *dispute.mutable_decision() = by;
  MoveTo(Determination::STATE_OVERTURNED, *decision.superseded);
  return decision;
}

}  // namespace ipb::eligibility
