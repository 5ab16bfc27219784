#include "services/eligibility/rules/assurance.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"

namespace ipb::eligibility {
namespace {

// A leap year.
constexpr int kLongestDays = 366;

constexpr absl::string_view kAssurance =
    "National Framework, July 2022; NHS England, assurance of NHS continuing healthcare";

constexpr explain::Rule kDecided{
    "ASSURANCE-DECIDED",
    "From {from_date} to {to_date} {organisation} made {decided_count} decisions on NHS continuing "
    "healthcare "
    "on a decision support tool, and the person is eligible by {eligible_count} of them. What was recorded "
    "in "
    "error is left out; what was overturned counts once, on the day of the first decision, as eligible. "
    "Decisions of bodies that {organisation} succeeded are theirs and not among these.",
    kAssurance};
constexpr explain::Rule kInTime{
    "ASSURANCE-IN-TIME",
    "Of {clocked_count} decisions that had a clock {in_time_count} were made before it ran out: {share} of "
    "them, not rounded. At least {target} is expected: {answer}.",
    kAssurance};
constexpr explain::Rule kNoClock{
    "ASSURANCE-NO-CLOCK",
    "No decision had a clock, so that the target of at least {target} in time cannot be said to be met.",
    kAssurance};
constexpr explain::Rule kAcuteHospital{
    "ASSURANCE-ACUTE-HOSPITAL",
    "Of {decided_count} decisions {acute_hospital_count} rest on an assessment in an acute hospital: {share} "
    "of them, not rounded. Less than {target} is expected: {answer}.",
    kAssurance};
constexpr explain::Rule kNoneDecided{
    "ASSURANCE-NONE-DECIDED",
    "Nothing was decided, so that the target of less than {target} assessed in an acute hospital cannot be "
    "said to be met.",
    kAssurance};

money::Fraction Of(const v1::Fraction& given) { return {given.numerator(), given.denominator()}; }

// Whether a part of a whole is less than the target; exact, as counts and the terms of policy fit 64 bits.
bool IsLess(int64_t part, int64_t whole, const v1::Fraction& target) {
  return static_cast<__int128>(part) * target.denominator() <
         static_cast<__int128>(whole) * target.numerator();
}

std::string Answer(bool met) { return met ? "the target is met" : "the target is missed"; }

}  // namespace

std::optional<CountedDecision> CountedAs(const v1::Determination& determination,
                                         const v1::Assessment* assessment,
                                         const v1::SupportRequest& request) {
  if (determination.regime() != v1::ELIGIBILITY_REGIME_CHC || !determination.has_decision() ||
      determination.indication() == v1::ELIGIBILITY_INDICATION_BINDING || assessment == nullptr ||
      !assessment->evidence().has_decision_support_tool()) {
    return std::nullopt;
  }
  const std::string& decided_date = determination.decision().decision_date();
  CountedDecision counted;
  counted.decided = dates::Checked(decided_date);
  counted.eligible = determination.outcome() == v1::ELIGIBILITY_OUTCOME_ELIGIBLE;
  counted.clocked =
      std::any_of(request.clocks().begin(), request.clocks().end(),
                  [&](const v1::RequestClock& clock) { return clock.met_date() == decided_date; });
  counted.in_time = counted.clocked && determination.overrun_days() == 0;
  counted.in_acute_hospital = assessment->evidence().decision_support_tool().in_acute_hospital();
  return counted;
}

const v1::Determination* FirstDecision(const v1::Determination& determination,
                                       const DeterminationFacts& facts) {
  if (determination.overturns().empty()) return &determination;
  for (const v1::Determination& other : facts.others) {
    if (other.name() == determination.overturns()) return &other;
  }
  return nullptr;
}

void Count(const CountedDecision& decision, DecisionCounts& counts) {
  ++counts.decided;
  counts.eligible += decision.eligible;
  counts.clocked += decision.clocked;
  counts.in_time += decision.in_time;
  counts.in_acute_hospital += decision.in_acute_hospital;
}

absl::Status CheckPeriod(absl::CivilDay from, absl::CivilDay to) {
  if (to < from) return errors::InvalidField("to_date", "is before from_date");
  if (to - from >= kLongestDays) {
    return errors::InvalidField("to_date",
                                absl::StrCat("is more than ", kLongestDays, " days from from_date"));
  }
  return absl::OkStatus();
}

absl::StatusOr<Assurance> HoldAgainstTargets(const DecisionCounts& counts, const std::string& organisation,
                                             absl::CivilDay from, absl::CivilDay to,
                                             const v1::EligibilityPolicy& policy) {
  const v1::AssuranceTarget* target = dates::InEffect(policy.assurance_targets(), to);
  if (target == nullptr) {
    return errors::NoRate("targets of decisions on NHS continuing healthcare", dates::Format(to));
  }
  Assurance assurance;
  v1::CountContinuingHealthcareDecisionsResponse& response = assurance.response;
  response.set_decided_count(counts.decided);
  response.set_eligible_count(counts.eligible);
  response.set_clocked_count(counts.clocked);
  response.set_in_time_count(counts.in_time);
  response.set_acute_hospital_count(counts.in_acute_hospital);
  explain::Trace& trace = assurance.trace;
  trace.Add(kDecided, {{"from_date", from},
                       {"to_date", to},
                       {"organisation", organisation},
                       {"decided_count", counts.decided},
                       {"eligible_count", counts.eligible}});
  const money::Fraction in_time = Of(target->in_time_part());
  if (counts.clocked == 0) {
    trace.Add(kNoClock, {{"target", in_time}});
  } else {
    response.set_in_time_target_met(!IsLess(counts.in_time, counts.clocked, target->in_time_part()));
    trace.Add(kInTime, {{"clocked_count", counts.clocked},
                        {"in_time_count", counts.in_time},
                        {"share", money::Fraction{counts.in_time, counts.clocked}},
                        {"target", in_time},
                        {"answer", Answer(response.in_time_target_met())}});
  }
  const money::Fraction below = Of(target->in_acute_hospital_below_part());
  if (counts.decided == 0) {
    trace.Add(kNoneDecided, {{"target", below}});
  } else {
    response.set_acute_hospital_target_met(
        IsLess(counts.in_acute_hospital, counts.decided, target->in_acute_hospital_below_part()));
    trace.Add(kAcuteHospital, {{"decided_count", counts.decided},
                               {"acute_hospital_count", counts.in_acute_hospital},
                               {"share", money::Fraction{counts.in_acute_hospital, counts.decided}},
                               {"target", below},
                               {"answer", Answer(response.acute_hospital_target_met())}});
  }
  return assurance;
}

}  // namespace ipb::eligibility
