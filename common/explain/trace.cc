#include "common/explain/trace.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/errors/errors.h"

namespace ipb::explain {
namespace {

constexpr size_t kUsualSteps = 16;
// In bytes, of the values in a sentence.
constexpr size_t kUsualValues = 32;

struct Speller {
  std::string operator()(int64_t number) const { return absl::StrCat(number); }
  std::string operator()(Pence pence) const { return money::Format(pence.value); }
  std::string operator()(money::Fraction part) const {
    return absl::StrCat(part.numerator, "/", part.denominator);
  }
  std::string operator()(absl::CivilDay day) const { return dates::Spell(day); }
  std::string operator()(const std::string& text) const { return text; }
};

// Appends the pattern with each {name} replaced by the value of the input of that name; an unknown name stays
// as it is, so that a test can see it. `value_of(i)` is the value of the i-th input as people read it.
template <typename ValueOf>
void Fill(absl::string_view pattern, const Inputs& inputs, const ValueOf& value_of, std::string& text) {
  text.reserve(text.size() + pattern.size() + kUsualValues);
  const char* at = pattern.data();
  const char* const end = at + pattern.size();
  while (at != end) {
    const char* const open = std::find(at, end, '{');
    text.append(at, open);
    const char* const close = std::find(open, end, '}');
    if (close == end) {
      text.append(open, end);
      return;
    }
    const absl::string_view name(open + 1, close - open - 1);
    absl::string_view value(open, close - open + 1);
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (inputs[i].name == name) value = value_of(i);
    }
    text.append(value.data(), value.size());
    at = close + 1;
  }
}

// Makes a field have so many messages; those that it has already stay as they are, with their room.
template <typename Message>
void Resize(google::protobuf::RepeatedPtrField<Message>& messages, size_t size) {
  while (messages.size() > static_cast<int>(size)) messages.RemoveLast();
  while (messages.size() < static_cast<int>(size)) messages.Add();
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
  explanation.set_rule_set_version(rule_set_version.data(), rule_set_version.size());
  explanation.set_policy_version(policy_version.data(), policy_version.size());
  auto& steps = *explanation.mutable_steps();
  steps.Reserve(static_cast<int>(steps_.size()));
  Resize(steps, steps_.size());
  for (size_t i = 0; i < steps_.size(); ++i) RenderStep(steps_[i], *steps.Mutable(static_cast<int>(i)));
}

void Trace::RenderStep(const Step& step, v1::ExplanationStep& rendered) {
  rendered.set_rule_id(step.rule->id.data(), step.rule->id.size());
  auto& inputs = *rendered.mutable_inputs();
  Resize(inputs, step.inputs.size());
  for (size_t i = 0; i < step.inputs.size(); ++i) {
    v1::ExplanationInput* input = inputs.Mutable(static_cast<int>(i));
    input->set_name(step.inputs[i].name.data(), step.inputs[i].name.size());
    input->set_value(Spell(step.inputs[i].value));
  }
  rendered.mutable_sentence()->clear();
  Fill(
      step.rule->sentence, step.inputs,
      [&](size_t i) -> absl::string_view { return inputs.Get(static_cast<int>(i)).value(); },
      *rendered.mutable_sentence());
  rendered.set_result(Spell(step.result));
  rendered.set_legal_source(step.rule->source.data(), step.rule->source.size());
  rendered.set_purpose(step.rule->purpose);
}

void Refusal::Add(const Rule& rule, absl::string_view subject, const Inputs& inputs) {
  std::vector<std::string> values;
  for (const Input& input : inputs) values.push_back(Spell(input.value));
  const auto value_of = [&](size_t i) -> absl::string_view { return values[i]; };
  std::string description;
  Fill(rule.sentence, inputs, value_of, description);
  absl::StrAppend(&description, " (", rule.source, ").");
  if (!rule.remedy.empty()) {
    absl::StrAppend(&description, " To make it possible: ");
    Fill(rule.remedy, inputs, value_of, description);
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
