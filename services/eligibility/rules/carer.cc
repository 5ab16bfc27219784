#include "services/eligibility/rules/carer.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "services/eligibility/rules/achievement.h"
#include "services/eligibility/rules/words.h"

namespace ipb::eligibility {
namespace {

constexpr explain::Rule kMissing{"CARER-OUTCOME-MISSING", "Nothing is recorded for: {outcomes}",
                                 "SI 2015/313 reg 3(2)(b)",
                                 "record for each of the eight outcomes whether the carer can achieve it."};
constexpr explain::Rule kTwice{"CARER-OUTCOME-TWICE", "The outcome {outcome} is recorded more than once",
                               "SI 2015/313 reg 3(2)(b)", "record each outcome once."};
constexpr explain::Rule kMeaning{
    "CARER-MEANING", "The ways in which the carer is unable do not fit what is said of {outcome}",
    "SI 2015/313 reg 3(3)", "give at least one of the three ways where unable, and none otherwise."};
constexpr explain::Rule kNotApplicable{
    "CARER-NOT-APPLICABLE", "The outcome {outcome} applies to every carer", "SI 2015/313 reg 3(2)(b)",
    "record able or unable; only caring for a child or for other persons can be not applicable."};
constexpr explain::Rule kOrder{
    "CARER-FLUCTUATION-ORDER",
    "For {outcome} the best day is worse, or the worst day better, than is typical", "SI 2015/313 reg 3(4)",
    "record the days so that the typical lies between."};
constexpr explain::Rule kObservation{
    "CARER-OBSERVATION", "Needs fluctuate, and no period of observation up to the assessment is given",
    "SI 2015/313 reg 3(4)", "give the first and last day of the period needed to establish the need."};
constexpr explain::Rule kFluctuationNarrative{
    "CARER-FLUCTUATION-NARRATIVE",
    "The best and the worst day would be decided differently, without an account of why",
    "SI 2015/313 reg 3(4)", "describe how the needs fluctuate."};
constexpr explain::Rule kHealthNarrative{
    "CARER-HEALTH-NARRATIVE", "The carer's health is said to deteriorate, without saying how",
    "SI 2015/313 reg 3(2)(a)", "describe what is, or is at risk of, deteriorating."};
constexpr explain::Rule kArea{"CARER-WELL-BEING-AREA",
                              "A significant impact is found, but not on what, or without saying how",
                              "SI 2015/313 reg 3(1)(c); Care Act 2014 s1(2)",
                              "name at least one area of well-being and describe the impact."};
constexpr explain::Rule kAgreement{
    "CARER-ADULT-AGREEMENT",
    "The carer's needs would be met by care to the adult, without the adult's agreement or a decision in "
    "their best interests by the day of the assessment",
    "Care Act 2014 ss14(3), 20", "record on which of the two it rests and its date, or meet them otherwise."};

constexpr explain::Rule kNecessaryCare{
    "CARER-NECESSARY-CARE",
    "Whether the needs arise as a consequence of providing necessary care to an adult: {answer}.",
    "SI 2015/313 reg 3(1)(a)"};
constexpr explain::Rule kHealth{
    "CARER-HEALTH",
    "Whether the carer's physical or mental health is, or is at risk of, deteriorating: {answer}.",
    "SI 2015/313 reg 3(2)(a)"};
constexpr explain::Rule kOutcomes{"CARER-OUTCOMES",
                                  "The carer is unable to achieve {unable_outcomes} of the outcomes, and "
                                  "{minimum_outcomes} is enough: {outcomes}.",
                                  "SI 2015/313 reg 3(2)(b), (3)"};
constexpr explain::Rule kImpact{
    "CARER-IMPACT",
    "Whether there is, or is likely to be, a significant impact on the carer's well-being: {answer}.",
    "SI 2015/313 reg 3(1)(c); Care Act 2014 s1(2)"};
constexpr explain::Rule kFluctuation{
    "CARER-FLUCTUATION",
    "On the best day {best_day_outcomes} outcomes could not be achieved and "
    "on the worst {worst_day_outcomes}; the record of the whole period counts.",
    "SI 2015/313 reg 3(4)"};
constexpr explain::Rule kCareToAdult{"CARER-CARE-TO-ADULT",
                                     "The carer's needs are to be met by care to the adult, by {basis} of "
                                     "{basis_date}: the adult is assessed and "
                                     "charged for it, never the carer.",
                                     "Care Act 2014 ss14(3), 20"};
constexpr explain::Rule kResult{"CARER-RESULT", "All three conditions together: {answer}.",
                                "SI 2015/313 reg 3(1)"};

bool MayNotApply(v1::CarerOutcome outcome) {
  return outcome == v1::CARER_OUTCOME_CHILDCARE || outcome == v1::CARER_OUTCOME_OTHER_CARE;
}

void CheckRecord(const v1::CarerOutcomeRecord& record, explain::Refusal& refusal) {
  const explain::Inputs inputs = {{"outcome", std::string(Words(record.outcome()))}};
  if (Unable(record.typical()) == record.meanings().empty()) refusal.Add(kMeaning, "carer", inputs);
  for (const v1::Achievement achievement : {record.typical(), record.best_day(), record.worst_day()}) {
    if (achievement != v1::ACHIEVEMENT_NOT_APPLICABLE || MayNotApply(record.outcome())) continue;
    refusal.Add(kNotApplicable, "carer", inputs);
    break;
  }
  if (!InOrder(record)) refusal.Add(kOrder, "carer", inputs);
}

void CheckCompleteness(const v1::CarerEvidence& evidence, explain::Refusal& refusal) {
  std::vector<absl::string_view> missing;
  for (int code = v1::CARER_OUTCOME_CHILDCARE; code <= v1::CARER_OUTCOME_RECREATION; ++code) {
    const auto times = std::count_if(
        evidence.outcomes().begin(), evidence.outcomes().end(), [&](const v1::CarerOutcomeRecord& record) {
          return record.outcome() == code && record.typical() != v1::ACHIEVEMENT_UNSPECIFIED;
        });
    const absl::string_view outcome = Words(static_cast<v1::CarerOutcome>(code));
    if (times == 0) missing.push_back(outcome);
    if (times > 1) refusal.Add(kTwice, "carer", {{"outcome", std::string(outcome)}});
  }
  if (!missing.empty()) refusal.Add(kMissing, "carer", {{"outcomes", absl::StrJoin(missing, "; ")}});
}

void CheckNarratives(const v1::CarerEvidence& evidence, absl::CivilDay day, explain::Refusal& refusal) {
  if (Fluctuates(evidence) && !Observed(evidence, day)) refusal.Add(kObservation, "carer");
  if (evidence.health_deteriorating() && evidence.health_narrative().empty()) {
    refusal.Add(kHealthNarrative, "carer");
  }
  if (evidence.significant_impact() &&
      (evidence.well_being_areas().empty() || evidence.impact_narrative().empty())) {
    refusal.Add(kArea, "carer");
  }
}

void CheckCareToAdult(const v1::CarerEvidence& evidence, absl::CivilDay day, explain::Refusal& refusal,
                      explain::Trace& trace) {
  if (!evidence.has_care_to_adult()) return;
  const v1::CareToAdult& care = evidence.care_to_adult();
  if (care.basis() == v1::CareToAdult::BASIS_UNSPECIFIED || care.basis_date().empty() ||
      dates::Checked(care.basis_date()) > day) {
    refusal.Add(kAgreement, "carer");
    return;
  }
  const bool agreed = care.basis() == v1::CareToAdult::BASIS_AGREEMENT;
  trace.Add(kCareToAdult, {{"basis", agreed ? "the adult's agreement" : "a decision in their best interests"},
                           {"basis_date", dates::Checked(care.basis_date())}});
}

// Either limb of the second condition is enough.
bool Met(const v1::CarerEvidence& evidence, int unable, int minimum) {
  return evidence.needs_from_necessary_care() && (evidence.health_deteriorating() || unable >= minimum) &&
         evidence.significant_impact();
}

void Explain(const v1::CarerEvidence& evidence, const v1::CarerFinding& finding, const UnableCounts& counts,
             int minimum, explain::Trace& trace) {
  std::vector<absl::string_view> names;
  for (const int outcome : finding.unable_outcomes()) {
    names.push_back(Words(static_cast<v1::CarerOutcome>(outcome)));
  }
  trace.Add(kNecessaryCare, {{"answer", YesNo(evidence.needs_from_necessary_care())}});
  trace.Add(kHealth, {{"answer", YesNo(evidence.health_deteriorating())}});
  trace.Add(kOutcomes, {{"unable_outcomes", int64_t{counts.typical}},
                        {"minimum_outcomes", int64_t{minimum}},
                        {"outcomes", names.empty() ? "none" : absl::StrJoin(names, "; ")}});
  if (Fluctuates(evidence)) {
    trace.Add(kFluctuation, {{"best_day_outcomes", int64_t{counts.best_day}},
                             {"worst_day_outcomes", int64_t{counts.worst_day}}});
  }
  trace.Add(kImpact, {{"answer", YesNo(evidence.significant_impact())},
                      {"well_being_areas", int64_t{evidence.well_being_areas_size()}}});
  trace.Add(kResult, {{"answer", finding.conditions_met() ? "met" : "not met"}},
            finding.conditions_met() ? "conditions met" : "conditions not met");
}

}  // namespace

absl::StatusOr<v1::CarerFinding> EvaluateCarer(const v1::CarerEvidence& evidence,
                                               const v1::EligibilityPolicy& policy, absl::CivilDay day,
                                               explain::Refusal& refusal, explain::Trace& trace) {
  const v1::CarerTest* test = dates::InEffect(policy.carer_tests(), day);
  if (test == nullptr) return errors::NoRate("carer eligibility test", dates::Format(day));
  const int minimum = test->minimum_unable_outcomes();

  CheckCompleteness(evidence, refusal);
  for (const v1::CarerOutcomeRecord& record : evidence.outcomes()) CheckRecord(record, refusal);
  CheckNarratives(evidence, day, refusal);
  const UnableCounts counts = CountUnable(evidence);
  v1::CarerFinding finding;
  finding.set_conditions_met(Met(evidence, counts.typical, minimum));
  finding.set_by_health(evidence.health_deteriorating() && counts.typical < minimum);
  finding.set_fluctuation_decisive(Met(evidence, counts.best_day, minimum) !=
                                   Met(evidence, counts.worst_day, minimum));
  if (finding.fluctuation_decisive() && evidence.fluctuation_narrative().empty()) {
    refusal.Add(kFluctuationNarrative, "carer");
  }
  for (const v1::CarerOutcomeRecord& record : evidence.outcomes()) {
    if (Unable(record.typical())) finding.add_unable_outcomes(record.outcome());
  }
  std::sort(finding.mutable_unable_outcomes()->begin(), finding.mutable_unable_outcomes()->end());
  Explain(evidence, finding, counts, minimum, trace);
  CheckCareToAdult(evidence, day, refusal, trace);
  return finding;
}

}  // namespace ipb::eligibility
