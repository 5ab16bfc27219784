#include "services/eligibility/rules/safeguards.h"

#include <algorithm>
#include <string>

#include "common/dates/civil.h"
#include "services/eligibility/rules/after_care_law.h"
#include "services/eligibility/rules/regime.h"

namespace ipb::eligibility {
namespace {

constexpr absl::string_view kFramework =
    "National Framework for NHS Continuing Healthcare: no unilateral withdrawal; Care Act 2014 s27";

constexpr explain::Rule kReassessment{
    "WITHDRAWAL-REASSESSMENT", "No complete assessment of the same needs made since the decision is named",
    kFramework, "reassess, complete the assessment, and name it."};
constexpr explain::Rule kJoint{
    "WITHDRAWAL-JOINT", "The reassessment was not made by the NHS and the council together", kFramework,
    "reassess with a healthcare professional and an assessor of the council."};
constexpr explain::Rule kPerson{"WITHDRAWAL-PERSON",
                                "The person was not consulted, or only after the decision", kFramework,
                                "consult the person, or who acts for them, and give the date."};
constexpr explain::Rule kOtherBody{
    "WITHDRAWAL-OTHER-BODY",
    "No responsible body of the other sector was consulted, or only after the decision", kFramework,
    "consult the other body and give its code and the date."};
constexpr explain::Rule kSuccessor{
    "WITHDRAWAL-SUCCESSOR",
    "No other determination is in effect on {next_date}, the day after, that carries the person's support",
    kFramework, "have the alternative agreed and in effect first, and name its determination."};

constexpr explain::Rule kBothBodies{"S117-BOTH-BODIES",
                                    "After-care ends only when both bodies are satisfied that it is no "
                                    "longer needed, and the decision of the other is "
                                    "not on record, or later than this one",
                                    "Mental Health Act 1983 s117(2)",
                                    "record the decision of the responsible body of the other sector: who "
                                    "decided, in which role, when and why."};
constexpr explain::Rule kCommunityPatient{
    "S117-COMMUNITY-PATIENT",
    "The reassessment says that the person is a community patient, for whom after-care cannot end",
    "Mental Health Act 1983 s117(2)", "wait until the order has ended."};
constexpr explain::Rule kBackdated{
    "WITHDRAWAL-BACKDATED",
    "Eligibility would stop on {next_date}, before this was decided on {decided_date}", kFramework,
    "let it stop on the day of the decision or later."};

constexpr explain::Rule kDisputed{
    "WITHDRAWAL-DISPUTED", "The other body has disputed it since {received_date}, and that is not decided",
    "National Framework, July 2022: disputes between bodies, interim funding continues",
    "settle it by the protocol between the two first; what is funded goes on meanwhile."};

constexpr explain::Rule kOnRecord{
    "WITHDRAWAL-ON-RECORD", "Eligibility stops after {last_date}: reassessed, and those concerned consulted.",
    kFramework};
constexpr explain::Rule kJointly{
    "S117-JOINT-DECISION",
    "The other body, {organisation}, decided on {decision_date} that it is satisfied, too.",
    "Mental Health Act 1983 s117(2)"};
constexpr explain::Rule kSucceeds{
    "WITHDRAWAL-SUCCEEDED", "From {next_date} the determination {successor} carries the person's support.",
    kFramework};

bool IsCouncilRole(v1::ResponsibilityRole role) {
  return role == v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE || role == v1::RESPONSIBILITY_ROLE_HOST ||
         role == v1::RESPONSIBILITY_ROLE_CONTINUITY || role == v1::RESPONSIBILITY_ROLE_PRISON ||
         role == v1::RESPONSIBILITY_ROLE_SECTION_117;
}

bool IsNhsRole(v1::ResponsibilityRole role) {
  return role == v1::RESPONSIBILITY_ROLE_RESPONSIBLE_ICB || role == v1::RESPONSIBILITY_ROLE_PLACING_ICB ||
         role == v1::RESPONSIBILITY_ROLE_SECTION_117;
}

// The after-care duty falls on both sectors, so its role fits either.
bool Responsible(const DeterminationFacts& facts, absl::string_view except,
                 bool (*fits)(v1::ResponsibilityRole), absl::string_view only, absl::CivilDay day) {
  const auto& held_by = facts.person.responsibilities();
  return std::any_of(held_by.begin(), held_by.end(), [&](const v1::Responsibility& held) {
    return held.state() == v1::Responsibility::STATE_ACCEPTED && fits(held.role()) &&
           !IsSameBody(facts, held.organisation(), except) &&
           (only.empty() || IsSameBody(facts, held.organisation(), only)) &&
           dates::Within(day, held.effective_from_date(), held.effective_to_date());
  });
}

bool IsNhsFunding(v1::EligibilityRegime regime) {
  return regime == v1::ELIGIBILITY_REGIME_CHC || regime == v1::ELIGIBILITY_REGIME_SECTION_117;
}

bool IsJointly(const v1::AssessmentEvidence& evidence) {
  const auto took_part = [&](v1::AssessmentParticipant::Capacity capacity) {
    return std::any_of(evidence.participants().begin(), evidence.participants().end(),
                       [&](const v1::AssessmentParticipant& one) { return one.capacity() == capacity; });
  };
  return took_part(v1::AssessmentParticipant::CAPACITY_HEALTHCARE_PROFESSIONAL) &&
         took_part(v1::AssessmentParticipant::CAPACITY_COUNCIL_ASSESSOR);
}

bool HasCome(const std::string& date, absl::CivilDay decided) {
  return !date.empty() && dates::Checked(date) <= decided;
}

bool Succeeds(const v1::Determination& candidate, const v1::Determination& withdrawn,
              const v1::WithdrawalSafeguards& safeguards, absl::CivilDay next) {
  return !safeguards.successor().empty() && candidate.name() == safeguards.successor() && IsLive(candidate) &&
         candidate.regime() != withdrawn.regime() &&
         dates::Within(next, candidate.effective_from_date(), candidate.effective_to_date());
}

// Whether both sectors have a part in the person's support: always where the NHS funds it by continuing
// healthcare or after-care, and for a council's where such a determination is live beside it.
bool IsShared(const DeterminationFacts& facts, const v1::Determination& withdrawn) {
  if (IsNhsFunding(withdrawn.regime())) return true;
  return withdrawn.regime() == v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT &&
         std::any_of(facts.others.begin(), facts.others.end(), [](const v1::Determination& other) {
           return IsNhsFunding(other.regime()) && IsLive(other) &&
                  other.outcome() == v1::ELIGIBILITY_OUTCOME_ELIGIBLE;
         });
}

void CheckReassessment(const DeterminationFacts& facts, const v1::Determination& withdrawn,
                       const v1::WithdrawalSafeguards& safeguards, bool shared, explain::Refusal& refusal) {
  const v1::Assessment* found = FindAssessment(facts, safeguards.reassessment());
  if (found == nullptr || found->state() != v1::Assessment::STATE_COMPLETE ||
      !HasPartFor(withdrawn.regime(), found->evidence()) || found->name() == withdrawn.assessment() ||
      dates::Checked(found->evidence().assessment_date()) <
          dates::Checked(withdrawn.decision().decision_date())) {
    refusal.Add(kReassessment, "safeguards.reassessment");
  } else if (shared && !IsJointly(found->evidence())) {
    refusal.Add(kJoint, "safeguards.reassessment");
  }
}

bool OtherBodyConsulted(const DeterminationFacts& facts, const v1::Determination& withdrawn,
                        const v1::WithdrawalSafeguards& safeguards, absl::CivilDay decided) {
  const std::string& other = safeguards.consulted_organisation();
  if (other.empty() || !HasCome(safeguards.organisation_consulted_date(), decided)) return false;
  const bool by_council = facts.caller_kind == v1::CALLER_KIND_COUNCIL;
  return Responsible(facts, withdrawn.decision().organisation(), by_council ? IsNhsRole : IsCouncilRole,
                     other, decided);
}

// While the bodies dispute it with each other nothing ends. A dispute of the person's keeps nothing from
// ending: the safeguards are theirs.
void CheckUndisputed(const v1::Determination& withdrawn, explain::Refusal& refusal) {
  for (const v1::Dispute& dispute : withdrawn.disputes()) {
    if (dispute.by() != v1::Dispute::BY_OTHER_BODY || dispute.result() != v1::Dispute::RESULT_UNSPECIFIED)
      continue;
    refusal.Add(kDisputed, withdrawn.name(), {{"received_date", dates::Checked(dispute.received_date())}});
  }
}

// After-care ends by a decision of both bodies, and never for a community patient.
void CheckAfterCare(const DeterminationFacts& facts, const Withdrawal& withdrawal, explain::Refusal& refusal,
                    explain::Trace& trace) {
  const v1::WithdrawalSafeguards& safeguards = withdrawal.safeguards;
  const absl::CivilDay decided = withdrawal.decided;
  const v1::OtherBodyDecision& other = safeguards.other_body_decision();
  const bool by_council = facts.caller_kind == v1::CALLER_KIND_COUNCIL;
  const bool complete = !other.organisation().empty() && !other.decider().empty() && !other.role().empty() &&
                        !other.reasons().empty() && HasCome(other.decision_date(), decided);
  if (complete && Responsible(facts, facts.by.organisation(), by_council ? IsNhsRole : IsCouncilRole,
                              other.organisation(), decided)) {
    trace.Add(kJointly, {{"organisation", other.organisation()},
                         {"decision_date", dates::Checked(other.decision_date())}});
  } else {
    refusal.Add(kBothBodies, "safeguards.other_body_decision");
  }
  const v1::Assessment* found = FindAssessment(facts, safeguards.reassessment());
  if (found != nullptr && found->evidence().after_care().community_patient()) {
    refusal.Add(kCommunityPatient, withdrawal.withdrawn.name());
  }
}

}  // namespace

absl::Status CheckWithdrawal(const DeterminationFacts& facts, const Withdrawal& withdrawal,
                             const v1::EligibilityPolicy& policy, explain::Refusal& refusal,
                             explain::Trace& trace) {
  const v1::Determination& withdrawn = withdrawal.withdrawn;
  const v1::WithdrawalSafeguards& safeguards = withdrawal.safeguards;
  const absl::CivilDay decided = withdrawal.decided;
  const bool shared = IsShared(facts, withdrawn);
  const absl::CivilDay next = withdrawal.last_day + 1;
  if (next < decided) {
    refusal.Add(kBackdated, withdrawn.name(), {{"next_date", next}, {"decided_date", decided}});
  }
  CheckUndisputed(withdrawn, refusal);
  CheckReassessment(facts, withdrawn, safeguards, shared, refusal);
  if (!HasCome(safeguards.person_consulted_date(), decided))
    refusal.Add(kPerson, "safeguards.person_consulted_date");
  if (shared && !OtherBodyConsulted(facts, withdrawn, safeguards, decided)) {
    refusal.Add(kOtherBody, "safeguards.consulted_organisation");
  }
  trace.Add(kOnRecord, {{"last_date", withdrawal.last_day}});
  // After-care ends when both bodies are satisfied that it is no longer needed, so nothing has to follow it.
  if (withdrawn.regime() == v1::ELIGIBILITY_REGIME_SECTION_117) {
    CheckAfterCare(facts, withdrawal, refusal, trace);
    return CheckEndingNotice(safeguards, policy, withdrawal.last_day, withdrawal.today, refusal, trace);
  }
  if (!shared) return absl::OkStatus();
  const bool succeeded = std::any_of(
      facts.others.begin(), facts.others.end(),
      [&](const v1::Determination& candidate) { return Succeeds(candidate, withdrawn, safeguards, next); });
  if (!succeeded) refusal.Add(kSuccessor, "safeguards.successor", {{"next_date", next}});
  trace.Add(kSucceeds, {{"next_date", next}, {"successor", safeguards.successor()}});
  return absl::OkStatus();
}

bool AnotherIsResponsible(const DeterminationFacts& facts, const v1::Determination& determination,
                          absl::CivilDay day) {
  return Responsible(facts, determination.decision().organisation(),
                     IsOfCouncil(determination.regime()) ? IsCouncilRole : IsNhsRole, "", day);
}

}  // namespace ipb::eligibility
