#include "services/eligibility/rules/determination.h"

#include <algorithm>
#include <string>
#include <utility>

#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "services/eligibility/rules/age.h"
#include "services/eligibility/rules/childrens_fast_track.h"
#include "services/eligibility/rules/regime.h"
#include "services/eligibility/rules/request.h"
#include "services/eligibility/rules/safeguards.h"
#include "services/eligibility/rules/verification.h"
#include "services/eligibility/rules/words.h"
#include "services/eligibility/rules/working_days.h"

namespace ipb::eligibility {
namespace {

constexpr absl::string_view kDuty = "Care Act 2014 ss9, 13; SI 2012/2996 reg 21";

constexpr explain::Rule kBound{
    "FAST-TRACK-BOUND",
    "A completed fast track tool was received: not eligible cannot be recommended or decided",
    "SI 2012/2996 reg 21(8)-(9)", "decide that the person is eligible."};
constexpr explain::Rule kDeparture{
    "DETERMINATION-DEPARTURE", "The decision departs from the recommendation, {recommended}, without reasons",
    "National Framework, July 2022: save in exceptional and clearly articulated "
    "circumstances; Care Act 2014 s13(1)(b)",
    "give the reasons; the budget is never one."};
constexpr explain::Rule kSecondPerson{"DETERMINATION-SECOND-PERSON", "Who recommended it would decide it",
                                      "house rule of dual control", "let another person decide."};
constexpr explain::Rule kBeforeRecommendation{
    "DETERMINATION-BEFORE-RECOMMENDATION",
    "The decision is dated before the recommendation on {recommended_date}", kDuty,
    "give the date on which it was made."};
constexpr explain::Rule kAfterDeath{"DETERMINATION-AFTER-DEATH",
                                    "It would begin after the person's death on {death_date}", kDuty,
                                    "check the first day."};

constexpr explain::Rule kBesideHealthcare{
    "NURSING-CHC-IN-EFFECT",
    "NHS continuing healthcare is in effect on {first_date} and pays for the nursing",
    "SI 2012/2996 regs 21(3), 28", "begin when it has ended."};
constexpr explain::Rule kGrownUp{
    "DETERMINATION-CHILD-AGE",
    "It would begin on {first_date}, after the last day before the 18th birthday, {last_date}",
    "National Framework for Children and Young People's Continuing Care, January 2016",
    "decide under the regime for adults."};
constexpr explain::Rule kNotGrownUp{
    "DETERMINATION-ADULT-AGE",
    "It would begin on {first_date}, before the 18th birthday on {birthday_date}, and the regime is for "
    "adults",
    "Care Act 2014 s2(8); SI 2012/2996 reg 20",
    "let it begin on the birthday; until the day before, the regime for children holds."};
constexpr explain::Rule kBeforeAsked{"DETERMINATION-BEFORE-ASKED",
                                     "It would begin on {first_date}, before anybody had asked or assessed: "
                                     "the first of that was on {earliest_date}",
                                     kDuty, "give that day or a later one."};

constexpr explain::Rule kInPrinciple{
    "DETERMINATION-IN-PRINCIPLE",
    "Decided in principle before the 18th birthday: it holds from {birthday_date}.",
    "National Framework for Children and Young People's Continuing Care, January 2016: transition"};
constexpr explain::Rule kFollows{"DETERMINATION-FOLLOWS", "The decision follows the recommendation.", kDuty};
constexpr explain::Rule kDeparts{
    "DETERMINATION-DEPARTS",
    "The recommendation was {recommended}; the decision departs from it for the reasons "
    "recorded.",
    kDuty};
constexpr explain::Rule kDecided{
    "DETERMINATION", "Decided by a named human under {regime}: {outcome}, from {first_date}.", kDuty};
constexpr explain::Rule kOverrun{
    "DETERMINATION-OVERRUN",
    "It was decided {overrun_days} days after {due_date}, the last day of the clock.",
    "National Framework, July 2022: 28 days; for children and young people, January 2016: six weeks"};
constexpr explain::Rule kUntilAdult{
    "DETERMINATION-UNTIL-ADULT",
    "It holds until {last_date} at the latest, the day before the 18th birthday.",
    "National Framework for Children and Young People's Continuing Care, January 2016"};
constexpr explain::Rule kTell{
    "DETERMINATION-TELL-BY",
    "The person and the family are told by {due_date}, {working_days} working days on.",
    "National Framework for Children and Young People's Continuing Care, January 2016"};
constexpr explain::Rule kSupersedes{"DETERMINATION-SUPERSEDES", "It replaces {superseded}.", kDuty};

// The live determination of the same regime that a new one replaces; null if there is none.
const v1::Determination* Earlier(const DeterminationFacts& facts) {
  for (const v1::Determination& other : facts.others) {
    if (other.regime() == facts.determination.regime() && IsLive(other)) return &other;
  }
  return nullptr;
}

// A decision cannot outlast a withdrawal's last day; it may already end before it.
void EndBefore(absl::CivilDay first_day, v1::Determination& old) {
  const std::string last_date = dates::Format(first_day - 1);
  if (old.effective_to_date().empty() || old.effective_to_date() > last_date)
    old.set_effective_to_date(last_date);
}

// Days after the last day of the clock that a determination meets; 0 where in time, without one, or where an
// earlier one met it.
int Overrun(const v1::SupportRequest& answered, absl::CivilDay decided, explain::Trace& trace) {
  const std::string decided_date = dates::Format(decided);
  for (const v1::RequestClock& clock : answered.clocks()) {
    const absl::CivilDay due = dates::Checked(clock.due_date());
    if (clock.met_date() != decided_date || decided <= due) continue;
    trace.Add(kOverrun, {{"overrun_days", int64_t{decided - due}}, {"due_date", due}});
    return static_cast<int>(decided - due);
  }
  return 0;
}

// The first day from which a decision can hold: that of the request or of the assessment, and for after-care
// that of leaving hospital, when the duty arises.
absl::CivilDay EarliestDay(const DeterminationFacts& facts, absl::CivilDay decided) {
  absl::CivilDay earliest = decided;
  const auto reach = [&earliest](const std::string& date) {
    if (!date.empty()) earliest = std::min(earliest, dates::Checked(date));
  };
  reach(facts.request.received_date());
  const v1::Assessment* assessment = FindAssessment(facts, facts.determination.assessment());
  if (assessment == nullptr) return earliest;
  reach(assessment->evidence().assessment_date());
  if (facts.determination.regime() == v1::ELIGIBILITY_REGIME_SECTION_117) {
    reach(assessment->evidence().after_care().left_hospital_date());
  }
  return earliest;
}

bool HealthcareHolds(const DeterminationFacts& facts, absl::CivilDay day) {
  return std::any_of(facts.others.begin(), facts.others.end(), [&](const v1::Determination& other) {
    return other.regime() == v1::ELIGIBILITY_REGIME_CHC && IsLive(other) &&
           other.outcome() == v1::ELIGIBILITY_OUTCOME_ELIGIBLE &&
           dates::Within(day, other.effective_from_date(), other.effective_to_date());
  });
}

absl::CivilDay Adulthood(const v1::Person& person) {
  return dates::Birthday(dates::Checked(person.birth_date()), kAdultAge);
}

absl::Status CheckDecision(const DeterminationFacts& facts, const v1::RecordDeterminationRequest& request,
                           const v1::EligibilityPolicy& policy, const v1::HumanDecision& by,
                           absl::CivilDay first_day, explain::Refusal& refusal) {
  const v1::Determination& recommended = facts.determination;
  CheckMayDecide(recommended.regime(), facts.caller_kind, refusal);
  const v1::Assessment* assessment = FindAssessment(facts, recommended.assessment());
  if (assessment != nullptr) {
    IPB_RETURN_IF_ERROR(
        CheckResponsible(recommended.regime(), assessment->evidence(), policy, facts, refusal));
  }
  if (IsSamePerson(facts, recommended.recommendation())) refusal.Add(kSecondPerson, "decision");
  const absl::CivilDay recommended_day = dates::Checked(recommended.recommendation().decision_date());
  if (dates::Checked(by.decision_date()) < recommended_day) {
    refusal.Add(kBeforeRecommendation, "decision.decision_date", {{"recommended_date", recommended_day}});
  }
  if (request.outcome() != recommended.recommended_outcome() && by.reasons().empty()) {
    refusal.Add(kDeparture, "decision.reasons",
                {{"recommended", std::string(Words(recommended.recommended_outcome()))}});
  }
  if (recommended.indication() == v1::ELIGIBILITY_INDICATION_BINDING &&
      request.outcome() != v1::ELIGIBILITY_OUTCOME_ELIGIBLE) {
    refusal.Add(kBound, "outcome");
  }
  const absl::CivilDay earliest = EarliestDay(facts, dates::Checked(by.decision_date()));
  if (first_day < earliest) {
    refusal.Add(kBeforeAsked, "effective_from_date",
                {{"first_date", first_day}, {"earliest_date", earliest}});
  }
  if (IsForChildren(recommended.regime()) && request.outcome() == v1::ELIGIBILITY_OUTCOME_ELIGIBLE &&
      first_day >= Adulthood(facts.person)) {
    refusal.Add(kGrownUp, "effective_from_date",
                {{"first_date", first_day}, {"last_date", Adulthood(facts.person) - 1}});
  }
  if (IsForAdults(recommended.regime()) && first_day < Adulthood(facts.person)) {
    refusal.Add(kNotGrownUp, "effective_from_date",
                {{"first_date", first_day}, {"birthday_date", Adulthood(facts.person)}});
  }
  if (recommended.regime() == v1::ELIGIBILITY_REGIME_NURSING_CARE &&
      request.outcome() == v1::ELIGIBILITY_OUTCOME_ELIGIBLE && HealthcareHolds(facts, first_day)) {
    refusal.Add(kBesideHealthcare, "effective_from_date", {{"first_date", first_day}});
  }
  const std::string& death_date = facts.person.death_date();
  if (!death_date.empty() && first_day > dates::Checked(death_date)) {
    refusal.Add(kAfterDeath, facts.person.name(), {{"death_date", dates::Checked(death_date)}});
  }
  return absl::OkStatus();
}

// Where none is given, that of the decision; in principle, the 18th birthday.
absl::CivilDay FirstDay(const DeterminationFacts& facts, const v1::RecordDeterminationRequest& request,
                        absl::CivilDay decided) {
  if (!request.effective_from_date().empty()) return dates::Checked(request.effective_from_date());
  return IsForAdults(facts.determination.regime()) ? std::max(decided, Adulthood(facts.person)) : decided;
}

// The day from which an earlier determination no longer holds: the first of the new one, or for after-care
// the day of the detention in between, which ends the earlier duty.
absl::CivilDay NextDutyBegins(const DeterminationFacts& facts, const v1::Determination& earlier,
                              absl::CivilDay first_day) {
  const v1::Assessment* assessment = FindAssessment(facts, facts.determination.assessment());
  if (earlier.regime() != v1::ELIGIBILITY_REGIME_SECTION_117 || assessment == nullptr) return first_day;
  const std::string& detained_date = assessment->evidence().after_care().detained_date();
  if (detained_date <= earlier.effective_from_date()) return first_day;
  return std::min(first_day, dates::Checked(detained_date));
}

void ExplainDecision(const v1::Determination& determination, absl::CivilDay first_day,
                     explain::Trace& trace) {
  if (determination.outcome() == determination.recommended_outcome()) {
    trace.Add(kFollows);
  } else {
    trace.Add(kDeparts, {{"recommended", std::string(Words(determination.recommended_outcome()))}});
  }
  trace.Add(kDecided,
            {{"regime", std::string(Words(determination.regime()))},
             {"outcome", std::string(Words(determination.outcome()))},
             {"first_date", first_day}},
            std::string(Words(determination.outcome())));
}

}  // namespace

void LimitToChildhood(const v1::Person& person, v1::Determination& made, explain::Trace& trace) {
  if (!IsForChildren(made.regime()) || made.outcome() != v1::ELIGIBILITY_OUTCOME_ELIGIBLE) return;
  const absl::CivilDay last_day = Adulthood(person) - 1;
  made.set_age_limit_date(dates::Format(last_day));
  made.set_effective_to_date(made.age_limit_date());
  trace.Add(kUntilAdult, {{"last_date", last_day}});
}

void SetNotificationClock(const v1::EligibilityPolicy& policy, absl::CivilDay decided,
                          v1::Determination& made, explain::Trace& trace) {
  const v1::NotificationClockRule* rule =
      dates::InEffect(policy.notification_clocks(), decided,
                      [&](const v1::NotificationClockRule& row) { return row.regime() == made.regime(); });
  if (rule == nullptr) return;
  const absl::CivilDay due = AddWorkingDays(decided, rule->working_days());
  made.set_notification_due_date(dates::Format(due));
  trace.Add(kTell, {{"due_date", due}, {"working_days", int64_t{rule->working_days()}}});
}

void Supersede(const v1::Determination& old, const std::string& name, DeterminationDecision& decision) {
  decision.superseded = old;
  decision.superseded->set_superseded_by(name);
  MoveTo(v1::Determination::STATE_SUPERSEDED, *decision.superseded);
  decision.trace.Add(kSupersedes, {{"superseded", old.name()}});
}

absl::StatusOr<DeterminationDecision> DecideDetermination(const DeterminationFacts& facts,
                                                          const v1::RecordDeterminationRequest& request,
                                                          const v1::EligibilityPolicy& policy,
                                                          absl::CivilDay today) {
  if (facts.determination.state() != v1::Determination::STATE_RECOMMENDED) {
    return errors::WrongState(facts.determination.name(), Words(facts.determination.state()), "RECOMMENDED");
  }
  explain::Refusal refusal;
  DeterminationDecision decision;
  const v1::HumanDecision by = Decided(facts, today, refusal);
  const absl::CivilDay decided = dates::Checked(by.decision_date());
  const absl::CivilDay first_day = FirstDay(facts, request, decided);
  IPB_RETURN_IF_ERROR(CheckDecision(facts, request, policy, by, first_day, refusal));
  const v1::Determination* earlier = Earlier(facts);
  const bool withdraws = earlier != nullptr && earlier->outcome() == v1::ELIGIBILITY_OUTCOME_ELIGIBLE &&
                         request.outcome() == v1::ELIGIBILITY_OUTCOME_NOT_ELIGIBLE;
  if (withdraws) {
    IPB_RETURN_IF_ERROR(CheckWithdrawal(facts,
                                        {*earlier, request.safeguards(), first_day - 1, decided, today},
                                        policy, refusal, decision.trace));
  }
  IPB_RETURN_IF_ERROR(refusal.ToStatus());

  v1::Determination& made = decision.determination;
  made = facts.determination;
  made.set_outcome(request.outcome());
  *made.mutable_decision() = by;
  made.set_effective_from_date(dates::Format(first_day));
  if (withdraws) *made.mutable_safeguards() = request.safeguards();
  if (!made.request().empty()) decision.answered = MeetClocks(facts.request, policy, decided);
  if (decision.answered) made.set_overrun_days(Overrun(*decision.answered, decided, decision.trace));
  MoveTo(v1::Determination::STATE_DETERMINED, made);
  ExplainDecision(made, first_day, decision.trace);
  if (IsForAdults(made.regime()) && decided < Adulthood(facts.person)) {
    decision.trace.Add(kInPrinciple, {{"birthday_date", Adulthood(facts.person)}});
  }
  LimitToChildhood(facts.person, made, decision.trace);
  SetNotificationClock(policy, decided, made, decision.trace);
  const v1::Assessment* assessment = FindAssessment(facts, made.assessment());
  if (assessment != nullptr) {
    IPB_RETURN_IF_ERROR(SetPanelClock(*assessment, policy, decided, made, decision.trace));
    ExplainVerification(made, *assessment, policy, decided, decision.trace);
  }
  if (earlier != nullptr) {
    Supersede(*earlier, made.name(), decision);
    EndBefore(NextDutyBegins(facts, *earlier, first_day), *decision.superseded);
  }
  return decision;
}

}  // namespace ipb::eligibility
