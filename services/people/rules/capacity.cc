#include "services/people/rules/capacity.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/words.h"

namespace ipb::people::rules {
namespace {

using Finding = v1::CapacityDecision;

constexpr int kOptions = 2;

constexpr explain::Rule kHas{"CAPACITY-HAS",
                             "The person makes the decision about {matter} from {assessed_date}",
                             "Mental Capacity Act 2005 s1(2)"};
constexpr explain::Rule kLacks{
    "CAPACITY-LACKS",
    "The person is unable to decide about {matter} from {assessed_date}, with the support given",
    "Mental Capacity Act 2005 ss1(3), 2(1), 3(1)"};
constexpr explain::Rule kInterests{
    "CAPACITY-INTERESTS",
    "What was decided is in the person's best interests: {options} options, the less "
    "restrictive weighed, {consulted} consulted",
    "Mental Capacity Act 2005 ss1(5)-(6), 4"};

constexpr explain::Rule kAge{"CAPACITY-AGE", "the person is {age} on {assessed_date}, younger than 16",
                             "Mental Capacity Act 2005 s2(5)",
                             "whoever holds parental responsibility decides until the 16th birthday"};
constexpr explain::Rule kLiving{"CAPACITY-LIVING", "the person died on {death_date}, before the assessment",
                                "decisions end with life", "check the dates"};
constexpr explain::Rule kReasons{
    "CAPACITY-REASONS", "a finding that the person lacks capacity needs its reasons",
    "Mental Capacity Act 2005 ss1(2), 2(4): capacity is presumed until the contrary is shown",
    "write in decision.reasons what shows it on the balance of probabilities"};
constexpr explain::Rule kSupport{
    "CAPACITY-SUPPORT", "it is not said what was done to help the person decide",
    "Mental Capacity Act 2005 s1(3)",
    "take all practicable steps to help, and write in support_given which they were"};
constexpr explain::Rule kImpairment{
    "CAPACITY-IMPAIRMENT", "no impairment of, or disturbance in, the mind or brain was found",
    "Mental Capacity Act 2005 s2(1)",
    "without one the person has capacity: record that, or say that there is one"};
constexpr explain::Rule kInability{"CAPACITY-INABILITY", "it is not said what the person is unable to do",
                                   "Mental Capacity Act 2005 s3(1)",
                                   "name one at least: to understand, retain, use or weigh, or communicate"};
constexpr explain::Rule kOptionsNeeded{
    "CAPACITY-OPTIONS", "{options} options were considered, two are the fewest to choose between",
    "Mental Capacity Act 2005 ss1(6), 4(2)", "write in best_interests which options were considered"};
constexpr explain::Rule kChosen{"CAPACITY-CHOSEN", "it is not said which option was chosen",
                                "Mental Capacity Act 2005 s1(5)",
                                "give option_chosen, one of options_considered, word for word"};
constexpr explain::Rule kRestrictive{
    "CAPACITY-RESTRICTIVE", "it is not said why the option is the less restrictive of rights and freedom",
    "Mental Capacity Act 2005 s1(6)", "write least_restrictive_reasons"};
constexpr explain::Rule kConsulted{"CAPACITY-CONSULTED", "nobody was consulted, and it is not said why",
                                   "Mental Capacity Act 2005 s4(7)",
                                   "name in consulted who was, or write nobody_consulted_reasons"};
constexpr explain::Rule kContrary{
    "CAPACITY-CONTRARY", "the person has capacity, so {part} has no place",
    "Mental Capacity Act 2005 s1(2), (4)",
    "leave it out: nobody decides for a person who has capacity, even if the decision is unwise"};
constexpr explain::Rule kDecisionDate{"CAPACITY-DATE", "the decision is dated in the future: {decision_date}",
                                      "decisions are recorded when they are made",
                                      "give the day of the decision"};

bool IsBlank(const std::string& text) { return absl::StripAsciiWhitespace(text).empty(); }

std::vector<errors::FieldViolation> WrongDates(const v1::Person& person, absl::CivilDay assessed,
                                               absl::CivilDay today) {
  std::vector<errors::FieldViolation> wrong;
  if (assessed > today) wrong.push_back({"assessed_date", "is in the future"});
  if (assessed < dates::Checked(person.birth_date())) {
    wrong.push_back({"assessed_date", "is before the person's birth"});
  }
  return wrong;
}

void CheckPerson(const v1::Person& person, absl::CivilDay assessed, explain::Refusal& refusal) {
  const int age = dates::AgeOn(dates::Checked(person.birth_date()), assessed);
  if (age < kCapacityAge)
    refusal.Add(kAge, person.name(), {{"age", int64_t{age}}, {"assessed_date", assessed}});
  if (person.death_date().empty()) return;
  const absl::CivilDay death = dates::Checked(person.death_date());
  if (assessed > death) refusal.Add(kLiving, person.name(), {{"death_date", death}});
}

void CheckInterests(const v1::BestInterestsDecision& interests, explain::Refusal& refusal) {
  const auto& options = interests.options_considered();
  if (options.size() < kOptions) {
    refusal.Add(kOptionsNeeded, "best_interests", {{"options", int64_t{options.size()}}});
  }
  if (std::find(options.begin(), options.end(), interests.option_chosen()) == options.end()) {
    refusal.Add(kChosen, "best_interests.option_chosen");
  }
  if (IsBlank(interests.least_restrictive_reasons())) {
    refusal.Add(kRestrictive, "best_interests.least_restrictive_reasons");
  }
  if (interests.consulted().empty() && IsBlank(interests.nobody_consulted_reasons())) {
    refusal.Add(kConsulted, "best_interests.consulted");
  }
}

void CheckOutcome(const v1::RecordCapacityDecisionRequest& request, explain::Refusal& refusal) {
  if (request.outcome() == Finding::OUTCOME_LACKS_CAPACITY) {
    if (IsBlank(request.decision().reasons())) refusal.Add(kReasons, "decision.reasons");
    if (IsBlank(request.support_given())) refusal.Add(kSupport, "support_given");
    if (!request.impairment()) refusal.Add(kImpairment, "impairment");
    if (request.inabilities().empty()) refusal.Add(kInability, "inabilities");
    CheckInterests(request.best_interests(), refusal);
    return;
  }
  if (!request.inabilities().empty()) {
    refusal.Add(kContrary, "inabilities", {{"part", std::string("an inability")}});
  }
  if (request.has_best_interests()) {
    refusal.Add(kContrary, "best_interests", {{"part", std::string("a best-interests decision")}});
  }
}

Finding Made(const v1::RecordCapacityDecisionRequest& request, absl::CivilDay assessed,
             v1::HumanDecision by) {
  Finding finding;
  finding.set_matter(request.matter());
  finding.set_outcome(request.outcome());
  finding.set_assessed_date(dates::Format(assessed));
  finding.set_assessor(request.assessor());
  finding.set_support_given(request.support_given());
  finding.set_impairment(request.impairment());
  *finding.mutable_inabilities() = request.inabilities();
  if (request.has_best_interests()) *finding.mutable_best_interests() = request.best_interests();
  *finding.mutable_decision() = std::move(by);
  return finding;
}

// The finding of the matter that nothing supersedes yet; null where there is none.
const Finding* Latest(const std::vector<Finding>& known, Finding::Matter matter) {
  const auto found = std::find_if(known.begin(), known.end(), [matter](const Finding& row) {
    return row.matter() == matter && row.superseded_by().empty();
  });
  return found == known.end() ? nullptr : &*found;
}

void Explain(const Finding& finding, explain::Trace& trace) {
  const explain::Inputs inputs = {
      {"matter", explain::Words(Finding::Matter_Name(finding.matter()), "MATTER_")},
      {"assessed_date", dates::Checked(finding.assessed_date())}};
  if (finding.outcome() == Finding::OUTCOME_HAS_CAPACITY) return trace.Add(kHas, inputs);
  trace.Add(kLacks, inputs);
  const v1::BestInterestsDecision& interests = finding.best_interests();
  trace.Add(kInterests, {{"options", int64_t{interests.options_considered_size()}},
                         {"consulted", int64_t{interests.consulted_size()}}});
}

}  // namespace

absl::StatusOr<CapacityChange> RecordCapacity(const CapacityFacts& facts,
                                              const v1::RecordCapacityDecisionRequest& request,
                                              absl::CivilDay today) {
  const absl::CivilDay assessed =
      request.assessed_date().empty() ? today : dates::Checked(request.assessed_date());
  const std::vector<errors::FieldViolation> wrong = WrongDates(facts.person, assessed, today);
  if (!wrong.empty()) return errors::InvalidFields(wrong);
  explain::Refusal refusal;
  CheckPerson(facts.person, assessed, refusal);
  CheckOutcome(request, refusal);
  const absl::CivilDay decided = dates::Checked(facts.by.decision_date());
  if (decided > today) refusal.Add(kDecisionDate, "decision.decision_date", {{"decision_date", decided}});
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  CapacityChange change;
  change.finding = Made(request, assessed, facts.by);
  if (const Finding* latest = Latest(facts.known, request.matter())) {
    if (dates::Checked(latest->assessed_date()) > assessed) {
      change.finding.set_superseded_by(latest->name());
    } else {
      change.superseded = *latest;
    }
  }
  Explain(change.finding, change.trace);
  return change;
}

const Finding* CapacityOn(const std::vector<Finding>& known, Finding::Matter matter, absl::CivilDay day) {
  const Finding* holds = nullptr;
  for (const Finding& row : known) {
    if (row.matter() != matter || dates::Checked(row.assessed_date()) > day) continue;
    if (holds == nullptr || row.assessed_date() >= holds->assessed_date()) holds = &row;
  }
  return holds;
}

bool LacksCapacity(const std::vector<Finding>& known, Finding::Matter matter, absl::CivilDay day) {
  const Finding* holds = CapacityOn(known, matter, day);
  return holds != nullptr && holds->outcome() == Finding::OUTCOME_LACKS_CAPACITY;
}

std::vector<Finding> CapacityDecisionsOn(absl::CivilDay day, std::vector<Finding> rows) {
  std::vector<Finding> holding;
  for (const Finding& row : rows) {
    if (CapacityOn(rows, row.matter(), day) == &row) holding.push_back(row);
  }
  return holding;
}

}  // namespace ipb::people::rules
