#include "services/allocation/rules/reduction.h"

#include "absl/strings/ascii.h"
#include "common/dates/civil.h"
#include "common/explain/words.h"

namespace ipb::allocation {
namespace {

using explain::Pence;

constexpr explain::Rule kEvidence = {
    .id = "REDUCTION-EVIDENCE",
    .sentence =
        "The weekly amount would fall from {agreed_weekly_pence} to {proposed_weekly_pence} without a ground",
    .source = "Care Act 2014 s27(4); R (Savva) v RBKC [2010] EWCA Civ 1209",
    .remedy =
        "give `reduction` with a reassessment, a change of circumstance, a cheaper way of meeting the same "
        "need, "
        "or the error corrected"};
constexpr explain::Rule kReference = {
    .id = "REDUCTION-EVIDENCE-NAMED",
    .sentence = "The reduction does not name what shows its ground",
    .source = "Care Act 2014 s27(4)",
    .remedy = "name the assessment or the document in `reduction.evidence`"};
constexpr explain::Rule kInvolvement = {
    .id = "REDUCTION-INVOLVEMENT",
    .sentence = "The person has not been involved in the revision yet",
    .source = "Care Act 2014 s27(2)-(3)",
    .remedy =
        "involve the person, and any carer they ask for, and give the day in `reduction.involvement_date`"};
constexpr explain::Rule kSufficiency = {
    .id = "REDUCTION-SUFFICIENCY",
    .sentence = "Nothing says how the lower amount still meets each need",
    .source = "Care Act 2014 ss25-26; R (KM) v Cambridgeshire CC [2012] UKSC 23",
    .remedy = "say it in `reduction.sufficiency_reasons`"};
constexpr explain::Rule kReduced = {
    .id = "REDUCTION-GROUNDED",
    .sentence =
        "The weekly amount falls from {agreed_weekly_pence} to {proposed_weekly_pence}: {ground}. "
        "{sufficiency_reasons}",
    .source = "Care Act 2014 s27(4)"};

constexpr explain::Rule kWithoutPrejudice = {.id = "REDUCTION-WITHOUT-PREJUDICE",
                                             .sentence =
                                                 "{budget}, agreed because needs could not wait, was without "
                                                 "prejudice to this one and is no measure of it.",
                                             .source = "Care Act 2014 s19(3)"};

bool Blank(absl::string_view text) { return absl::StripAsciiWhitespace(text).empty(); }

}  // namespace

void CheckReduction(const v1::Budget& agreed, const v1::Budget& proposed,
                    const v1::ReductionEvidence* evidence, absl::CivilDay today, explain::Refusal& refusal,
                    explain::Trace& trace) {
  if (proposed.weekly_pence() >= agreed.weekly_pence()) return;
  // Only money without a determination or a means test has an end from the start.
  if (agreed.has_urgent_need() && !agreed.effective_to_date().empty()) {
    trace.Add(kWithoutPrejudice, {{"budget", agreed.name()}});
    return;
  }
  const explain::Input from = {"agreed_weekly_pence", Pence{agreed.weekly_pence()}};
  const explain::Input to = {"proposed_weekly_pence", Pence{proposed.weekly_pence()}};
  if (evidence == nullptr || evidence->ground() == v1::ReductionEvidence::GROUND_UNSPECIFIED) {
    refusal.Add(kEvidence, agreed.name(), {from, to});
    return;
  }
  const size_t before = refusal.size();
  if (Blank(evidence->evidence())) refusal.Add(kReference, agreed.name());
  if (evidence->involvement_date().empty() || dates::Checked(evidence->involvement_date()) > today) {
    refusal.Add(kInvolvement, agreed.name());
  }
  if (Blank(evidence->sufficiency_reasons())) refusal.Add(kSufficiency, agreed.name());
  if (refusal.size() > before) return;
  trace.Add(kReduced,
            {from,
             to,
             {"ground", explain::Words(v1::ReductionEvidence::Ground_Name(evidence->ground()), "GROUND_")},
             {"evidence", evidence->evidence()},
             {"involvement_date", dates::Checked(evidence->involvement_date())},
             {"sufficiency_reasons", evidence->sufficiency_reasons()}});
}

}  // namespace ipb::allocation
