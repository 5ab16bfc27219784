#include "common/explain/trace.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/errors/errors.h"

namespace ipb::explain {
namespace {

// Replaces each {name} by the input of that name; an unknown name stays as it is, so that a test can see it.
std::string Fill(absl::string_view pattern, const std::vector<Input>& inputs) {
  std::string text;
  while (!pattern.empty()) {
    const size_t open = pattern.find('{');
    const size_t close = open == pattern.npos ? pattern.npos : pattern.find('}', open);
    if (close == pattern.npos) break;
    const absl::string_view name = pattern.substr(open + 1, close - open - 1);
    absl::StrAppend(&text, pattern.substr(0, open));
    const Input* found = nullptr;
    for (const Input& input : inputs) {
      if (input.name == name) found = &input;
    }
    absl::StrAppend(&text, found ? Spell(found->value) : std::string(pattern.substr(open, close - open + 1)));
    pattern.remove_prefix(close + 1);
  }
  return absl::StrCat(text, pattern);
}

struct Speller {
  std::string operator()(int64_t number) const { return absl::StrCat(number); }
  std::string operator()(Pence pence) const { return money::Format(pence.value); }
  std::string operator()(money::Fraction part) const {
    return absl::StrCat(part.numerator, "/", part.denominator);
  }
  std::string operator()(absl::CivilDay day) const { return dates::Spell(day); }
  std::string operator()(const std::string& text) const { return text; }
};

}  // namespace

std::string Spell(const Value& value) { return std::visit(Speller(), value); }

void Trace::Add(const Rule& rule, Inputs inputs, Value result) {
  if (!silent_) steps_.push_back({&rule, std::move(inputs), std::move(result)});
}

v1::Explanation Trace::Render(absl::string_view rule_set_version, absl::string_view policy_version) const {
  v1::Explanation explanation;
  explanation.set_rule_set_version(std::string(rule_set_version));
  explanation.set_policy_version(std::string(policy_version));
  for (const Step& step : steps_) {
    v1::ExplanationStep* rendered = explanation.add_steps();
    rendered->set_rule_id(std::string(step.rule->id));
    rendered->set_sentence(Fill(step.rule->sentence, step.inputs));
    for (const Input& input : step.inputs) {
      v1::ExplanationInput* value = rendered->add_inputs();
      value->set_name(std::string(input.name));
      value->set_value(Spell(input.value));
    }
    rendered->set_result(Spell(step.result));
    rendered->set_legal_source(std::string(step.rule->source));
    rendered->set_purpose(step.rule->purpose);
  }
  return explanation;
}

void Refusal::Add(const Rule& rule, absl::string_view subject, const std::vector<Input>& inputs) {
  std::string description = absl::StrCat(Fill(rule.sentence, inputs), " (", rule.source, ").");
  if (!rule.remedy.empty())
    absl::StrAppend(&description, " To make it possible: ", Fill(rule.remedy, inputs));
  violations_.push_back({std::string(rule.id), std::string(subject), std::move(description)});
}

std::vector<std::string> Refusal::RuleIds() const {
  std::vector<std::string> ids;
  for (const Violation& violation : violations_) ids.push_back(violation.rule_id);
  return ids;
}

absl::Status Refusal::ToStatus() const {
  if (violations_.empty()) return absl::OkStatus();
  std::vector<errors::RuleViolation> violations;
  for (const Violation& violation : violations_) {
    violations.push_back({violation.rule_id, violation.subject, violation.description});
  }
  return errors::Refused(violations);
}

}  // namespace ipb::explain
