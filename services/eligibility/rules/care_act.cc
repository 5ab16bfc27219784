#include "services/eligibility/rules/care_act.h"

#include <array>
#include <set>
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

constexpr explain::Rule kMissing{"CARE-ACT-OUTCOME-MISSING", "Nothing is recorded for: {outcomes}",
                                 "SI 2015/313 reg 2(2)",
                                 "record for each of the ten outcomes whether the adult can achieve it."};
constexpr explain::Rule kTwice{"CARE-ACT-OUTCOME-TWICE", "The outcome {outcome} is recorded more than once",
                               "SI 2015/313 reg 2(2)", "record each outcome once."};
constexpr explain::Rule kMeaning{
    "CARE-ACT-MEANING", "The ways in which the adult is unable do not fit what is said of {outcome}",
    "SI 2015/313 reg 2(3)", "give at least one of the four ways where unable, and none otherwise."};
constexpr explain::Rule kNotApplicable{
    "CARE-ACT-NOT-APPLICABLE", "The outcome {outcome} applies to every adult", "SI 2015/313 reg 2(2)",
    "record able or unable; only caring for a child can be not applicable."};
constexpr explain::Rule kOrder{
    "CARE-ACT-FLUCTUATION-ORDER",
    "For {outcome} the best day is worse, or the worst day better, than is typical", "SI 2015/313 reg 2(4)",
    "record the days so that the typical lies between."};
constexpr explain::Rule kObservation{
    "CARE-ACT-OBSERVATION", "Needs fluctuate, and no period of observation up to the assessment is given",
    "SI 2015/313 reg 2(4)", "give the first and last day of the period needed to establish the need."};
constexpr explain::Rule kFluctuationNarrative{
    "CARE-ACT-FLUCTUATION-NARRATIVE",
    "The best and the worst day would be decided differently, without an account of why",
    "SI 2015/313 reg 2(4)", "describe how the needs fluctuate."};
constexpr explain::Rule kArea{"CARE-ACT-WELL-BEING-AREA",
                              "A significant impact is found, but not on what, or without saying how",
                              "SI 2015/313 reg 2(1)(c); Care Act 2014 s1(2)",
                              "name at least one area of well-being and describe the impact."};

constexpr explain::Rule kBarNarrative{
    "CARE-ACT-BAR-NARRATIVE",
    "A bar on meeting needs is recorded twice, or without saying which needs it concerns",
    "Care Act 2014 ss21-23", "record each bar once and say which needs it concerns, and why."};

constexpr explain::Rule kBar{"CARE-ACT-BAR",
                             "The needs count as they are, and the council may not meet those that {bar}.",
                             "Care Act 2014 ss21-23"};
constexpr explain::Rule kImpairment{
    "CARE-ACT-IMPAIRMENT",
    "Whether the needs arise from or relate to a physical or mental impairment or illness: {answer}.",
    "SI 2015/313 reg 2(1)(a)"};
constexpr explain::Rule kOutcomes{"CARE-ACT-OUTCOMES",
                                  "Without counting help from family or friends, the adult is unable to "
                                  "achieve {unable_outcomes} of the outcomes, and at "
                                  "least {minimum_outcomes} are needed: {outcomes}.",
                                  "SI 2015/313 reg 2(1)(b), (2), (3)"};
constexpr explain::Rule kImpact{
    "CARE-ACT-IMPACT", "Whether there is, or is likely to be, a significant impact on well-being: {answer}.",
    "SI 2015/313 reg 2(1)(c); Care Act 2014 s1(2)"};
constexpr explain::Rule kFluctuation{"CARE-ACT-FLUCTUATION",
                                     "On the best day {best_day_outcomes} outcomes could not be achieved and "
                                     "on the worst {worst_day_outcomes}; the "
                                     "record of the whole period counts.",
                                     "SI 2015/313 reg 2(4)"};
constexpr explain::Rule kReferral{
    "CARE-ACT-CHC-REFERRAL",
    "It appears that the adult may be eligible for NHS continuing healthcare: the council "
    "must refer them to the integrated care board.",
    "SI 2014/2827 reg 7"};
constexpr explain::Rule kResult{"CARE-ACT-RESULT", "All three conditions together: {answer}.",
                                "SI 2015/313 reg 2(1)"};

constexpr int kLastOutcome = v1::CARE_ACT_OUTCOME_CHILDCARE;

void CheckRecord(const v1::OutcomeRecord& record, explain::Refusal& refusal) {
  const explain::Inputs inputs = {{"outcome", std::string(Words(record.outcome()))}};
  const bool unable = Unable(record.typical());
  if (unable == record.meanings().empty()) refusal.Add(kMeaning, "care_act", inputs);
  for (const v1::Achievement achievement : {record.typical(), record.best_day(), record.worst_day()}) {
    if (achievement != v1::ACHIEVEMENT_NOT_APPLICABLE || record.outcome() == kLastOutcome) continue;
    refusal.Add(kNotApplicable, "care_act", inputs);
    break;
  }
  if (!InOrder(record)) refusal.Add(kOrder, "care_act", inputs);
}

void CheckCompleteness(const v1::CareActEvidence& evidence, explain::Refusal& refusal) {
  std::array<int, kLastOutcome + 1> times{};
  for (const v1::OutcomeRecord& record : evidence.outcomes()) {
    if (record.typical() != v1::ACHIEVEMENT_UNSPECIFIED && record.outcome() <= kLastOutcome) {
      ++times[record.outcome()];
    }
  }
  std::vector<absl::string_view> missing;
  for (int code = 1; code <= kLastOutcome; ++code) {
    const absl::string_view outcome = Words(static_cast<v1::CareActOutcome>(code));
    if (times[code] == 0) missing.push_back(outcome);
    if (times[code] > 1) refusal.Add(kTwice, "care_act", {{"outcome", std::string(outcome)}});
  }
  if (!missing.empty()) refusal.Add(kMissing, "care_act", {{"outcomes", absl::StrJoin(missing, "; ")}});
}

bool Met(const v1::CareActEvidence& evidence, int unable, int minimum) {
  return evidence.needs_from_impairment() && unable >= minimum && evidence.significant_impact();
}

void Explain(const v1::CareActEvidence& evidence, const v1::CareActFinding& finding,
             const UnableCounts& counts, int minimum, explain::Trace& trace) {
  std::vector<absl::string_view> names;
  for (const int outcome : finding.unable_outcomes()) {
    names.push_back(Words(static_cast<v1::CareActOutcome>(outcome)));
  }
  trace.Add(kImpairment, {{"answer", YesNo(evidence.needs_from_impairment())}});
  trace.Add(kOutcomes, {{"unable_outcomes", int64_t{counts.typical}},
                        {"minimum_outcomes", int64_t{minimum}},
                        {"outcomes", names.empty() ? "none" : absl::StrJoin(names, "; ")}});
  if (Fluctuates(evidence)) {
    trace.Add(kFluctuation, {{"best_day_outcomes", int64_t{counts.best_day}},
                             {"worst_day_outcomes", int64_t{counts.worst_day}}});
  }
  trace.Add(kImpact, {{"answer", YesNo(evidence.significant_impact())},
                      {"well_being_areas", int64_t{evidence.well_being_areas_size()}}});
  if (evidence.may_need_continuing_healthcare()) trace.Add(kReferral);
  for (const int bar : evidence.bars()) {
    trace.Add(kBar, {{"bar", std::string(Words(static_cast<v1::CareActBar>(bar)))}});
  }
  trace.Add(kResult, {{"answer", finding.conditions_met() ? "met" : "not met"}},
            finding.conditions_met() ? "conditions met" : "conditions not met");
}

}  // namespace

absl::StatusOr<v1::CareActFinding> EvaluateCareAct(const v1::CareActEvidence& evidence,
                                                   const v1::EligibilityPolicy& policy, absl::CivilDay day,
                                                   explain::Refusal& refusal, explain::Trace& trace) {
  const v1::CareActTest* test = dates::InEffect(policy.care_act_tests(), day);
  if (test == nullptr) return errors::NoRate("Care Act eligibility test", dates::Format(day));
  const int minimum = test->minimum_unable_outcomes();

  CheckCompleteness(evidence, refusal);
  for (const v1::OutcomeRecord& record : evidence.outcomes()) CheckRecord(record, refusal);
  if (Fluctuates(evidence) && !Observed(evidence, day)) refusal.Add(kObservation, "care_act");
  if (evidence.significant_impact() &&
      (evidence.well_being_areas().empty() || evidence.impact_narrative().empty())) {
    refusal.Add(kArea, "care_act");
  }
  const std::set<int> bars(evidence.bars().begin(), evidence.bars().end());
  if (!bars.empty() &&
      (evidence.bars_narrative().empty() || static_cast<int>(bars.size()) != evidence.bars_size())) {
    refusal.Add(kBarNarrative, "care_act");
  }
  const UnableCounts counts = CountUnable(evidence);
  v1::CareActFinding finding;
  *finding.mutable_bars() = evidence.bars();
  finding.set_conditions_met(Met(evidence, counts.typical, minimum));
  finding.set_fluctuation_decisive(Met(evidence, counts.best_day, minimum) !=
                                   Met(evidence, counts.worst_day, minimum));
  if (finding.fluctuation_decisive() && evidence.fluctuation_narrative().empty()) {
    refusal.Add(kFluctuationNarrative, "care_act");
  }
  for (int code = 1; code <= kLastOutcome; ++code) {
    for (const v1::OutcomeRecord& record : evidence.outcomes()) {
      if (record.outcome() == code && Unable(record.typical())) {
        finding.add_unable_outcomes(static_cast<v1::CareActOutcome>(code));
      }
    }
  }
  Explain(evidence, finding, counts, minimum, trace);
  return finding;
}

}  // namespace ipb::eligibility
