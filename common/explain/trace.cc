#include "common/explain/trace.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/errors/errors.h"

namespace ipb::explain {
namespace {

constexpr size_t kUsualSteps = 16;

struct Speller {
  std::string operator()(int64_t number) const { return absl::StrCat(number); }
  std::string operator()(Pence pence) const { return money::Format(pence.value); }
  std::string operator()(money::Fraction part) const {
    return absl::StrCat(part.numerator, "/", part.denominator);
  }
  std::string operator()(absl::CivilDay day) const { return dates::Spell(day); }
  std::string operator()(const std::string& text) const { return text; }
};

// The values of inputs as people read them, in their order.
std::vector<std::string> SpellAll(const Inputs& inputs) {
  std::vector<std::string> values;
  values.reserve(inputs.size());
  for (const Input& input : inputs) values.push_back(Spell(input.value));
  return values;
}

// The pattern with each {name} replaced by the value of the input of that name; an unknown name stays as it
// is, so that a test can see it.
std::string Fill(absl::string_view pattern, const Inputs& inputs, const std::vector<std::string>& values) {
  std::string text;
  text.reserve(pattern.size() + 32);
  while (!pattern.empty()) {
    const size_t open = pattern.find('{');
    const size_t close = open == pattern.npos ? pattern.npos : pattern.find('}', open);
    if (close == pattern.npos) break;
    const absl::string_view name = pattern.substr(open + 1, close - open - 1);
    absl::string_view value = pattern.substr(open, close - open + 1);
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (inputs[i].name == name) value = values[i];
    }
    absl::StrAppend(&text, pattern.substr(0, open), value);
    pattern.remove_prefix(close + 1);
  }
  absl::StrAppend(&text, pattern);
  return text;
}

}  // namespace

std::string Spell(const Value& value) { return std::visit(Speller(), value); }

void Trace::Add(const Rule& rule, Inputs inputs, Value result) {
  if (silent_) return;
  if (steps_.empty()) steps_.reserve(kUsualSteps);
  steps_.push_back({&rule, std::move(inputs), std::move(result)});
}

v1::Explanation Trace::Render(absl::string_view rule_set_version, absl::string_view policy_version) const {
  v1::Explanation explanation;
  Render(rule_set_version, policy_version, explanation);
  return explanation;
}

void Trace::Render(absl::string_view rule_set_version, absl::string_view policy_version,
                   v1::Explanation& explanation) const {
  explanation.set_rule_set_version(std::string(rule_set_version));
  explanation.set_policy_version(std::string(policy_version));
  explanation.mutable_steps()->Reserve(static_cast<int>(steps_.size()));
  for (const Step& step : steps_) {
    v1::ExplanationStep* rendered = explanation.add_steps();
    rendered->set_rule_id(step.rule->id.data(), step.rule->id.size());
    std::vector<std::string> values = SpellAll(step.inputs);
    rendered->set_sentence(Fill(step.rule->sentence, step.inputs, values));
    for (size_t i = 0; i < values.size(); ++i) {
      v1::ExplanationInput* input = rendered->add_inputs();
      input->set_name(step.inputs[i].name.data(), step.inputs[i].name.size());
      input->set_value(std::move(values[i]));
    }
    rendered->set_result(Spell(step.result));
    rendered->set_legal_source(step.rule->source.data(), step.rule->source.size());
    rendered->set_purpose(step.rule->purpose);
  }
}

void Refusal::Add(const Rule& rule, absl::string_view subject, const Inputs& inputs) {
  const std::vector<std::string> values = SpellAll(inputs);
  std::string description = absl::StrCat(Fill(rule.sentence, inputs, values), " (", rule.source, ").");
  if (!rule.remedy.empty()) {
    absl::StrAppend(&description, " To make it possible: ", Fill(rule.remedy, inputs, values));
  }
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
