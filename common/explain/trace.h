// What rules say of themselves: a Rule is a row of text with its legal source, a Trace is the compact list of
// rules applied, a Refusal is the list of rules not met. Rendering to the contract happens once, after
// deciding.
#pragma once

#include <cstdint>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "common/money/pence.h"
#include "ipb/v1/explanation.pb.h"

namespace ipb::explain {

// An amount of money, to tell it from a plain number.
struct Pence {
  int64_t value = 0;
};

// A value that a rule looked at. Enum values and codes are given as text, which may be empty.
using Value = std::variant<std::string, int64_t, Pence, money::Fraction, absl::CivilDay>;

// A named value. The name has its unit last: `capital_pence`, `first_day_date`.
struct Input {
  absl::string_view name;
  Value value;
};

// One rule as text. Defined as a constant beside the code that applies it; ids never change their meaning.
// `sentence` and `remedy` may hold {name} for an input of that name.
struct Rule {
  absl::string_view id;
  // What the rule finds (trace) or what is not met (refusal), one sentence of plain English.
  absl::string_view sentence;
  // The law or guidance, for example "SI 2014/2672 reg 25".
  absl::string_view source;
  // What would make a refused move possible. Only for rules that refuse.
  absl::string_view remedy = "";
  v1::Purpose purpose = v1::PURPOSE_COMMON;
};

// The values that a rule looked at; few.
using Inputs = absl::InlinedVector<Input, 4>;

// The rules applied on the way to a result. Keeps pointers to Rules, which must be constants. Not
// thread-safe.
class Trace {
 public:
  Trace() = default;
  // A trace that keeps nothing, for results whose reasons nobody asks for, such as those of a whole caseload.
  static Trace Silent() {
    Trace trace;
    trace.silent_ = true;
    return trace;
  }

  void Add(const Rule& rule, Inputs inputs = {}, Value result = {});
  // The same for rules that a whole caseload passes: `inputs` makes the Inputs, and only where they are kept.
  template <typename MakeInputs, typename = std::enable_if_t<std::is_invocable_r_v<Inputs, MakeInputs>>>
  void Add(const Rule& rule, const MakeInputs& inputs) {
    if (!silent_) Add(rule, inputs());
  }
  template <typename MakeInputs, typename = std::enable_if_t<std::is_invocable_r_v<Inputs, MakeInputs>>>
  void Add(const Rule& rule, const MakeInputs& inputs, Pence result) {
    if (!silent_) Add(rule, inputs(), Value(result));
  }
  bool empty() const { return steps_.empty(); }
  // Forgets the steps, and keeps their room for others.
  void Clear() { steps_.clear(); }
  // The steps as the contract has them; the second in the place of what an explanation held, which has room
  // for them where it held about as much.
  v1::Explanation Render(absl::string_view rule_set_version, absl::string_view policy_version) const;
  void Render(absl::string_view rule_set_version, absl::string_view policy_version,
              v1::Explanation& explanation) const;

 private:
  struct Step {
    const Rule* rule;
    Inputs inputs;
    Value result;
  };
  static void RenderStep(const Step& step, v1::ExplanationStep& rendered);

  std::vector<Step> steps_;
  bool silent_ = false;
};

// The rules that a request does not meet. Collects all of them before it answers. Not thread-safe.
class Refusal {
 public:
  // `subject` names the resource or the part of the request that the rule looked at.
  void Add(const Rule& rule, absl::string_view subject, const Inputs& inputs = {});
  bool empty() const { return violations_.empty(); }
  size_t size() const { return violations_.size(); }
  // The identifiers of the rules not met, in order.
  std::vector<std::string> RuleIds() const;
  // OK if none was added, else FAILED_PRECONDITION with each rule, its source and its remedy.
  absl::Status ToStatus() const;

  // One rule not met: its id, what it looked at, and its sentence with source and remedy.
  struct Violation {
    std::string rule_id;
    std::string subject;
    std::string description;
  };
  // Every rule not met, in order.
  const std::vector<Violation>& violations() const { return violations_; }

 private:
  std::vector<Violation> violations_;
};

// A value as people read it: £1,234.56, 6 April 2026, 3/7.
std::string Spell(const Value& value);

}  // namespace ipb::explain
