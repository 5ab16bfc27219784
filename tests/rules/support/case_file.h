// What the runners of case files share: comparing what came with what a case expects.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "ipb/v1/explanation.pb.h"
#include "tests/rules/support/case.pb.h"

namespace ipb::tests {

// The ids of the rules that an error carries, in order; its ErrorInfo reason where it carries no rules; empty
// for OK.
std::vector<std::string> RuleIdsOf(const absl::Status& status);

// The ids of the rules that an explanation names, in order.
std::vector<std::string> RuleIdsOf(const v1::Explanation& explanation);

// Fails the test where the heading of a case does not say what it is about and what it stands on.
void CheckHeading(const cases::v1::Heading& heading);

// The fields of the request that an error names, in order; empty where it names none.
std::vector<std::string> WrongFieldsOf(const absl::Status& status);

// A case file's own name, as far as a test may have it.
std::string CaseName(const std::string& path);

// Fails the test where other rules refused, or other fields are wrong, than the case expects.
void CheckRefusal(const cases::v1::Expectation& expectation, const absl::Status& status);

// Fails the test where a field that is set in `expected` has another value in `actual`, a field that the case
// wants without a value has one, or `explained`, the rules that the explanation names, lacks one that it
// wants or has one that it does not want.
void CheckResult(const cases::v1::Expectation& expectation, const google::protobuf::Message& expected,
                 const google::protobuf::Message& actual, const std::vector<std::string>& explained);

// Fails the test where a sentence of the explanation lacks a value that it speaks of.
void CheckSentences(const v1::Explanation& explanation);

// Compares a decision that explains itself, or the refusal in its place, with what the case expects.
template <typename Decision, typename Result>
void Check(const cases::v1::Expectation& expectation, const absl::StatusOr<Decision>& decision,
           const Result& expected, Result (*result)(const Decision&)) {
  CheckRefusal(expectation, decision.status());
  if (!decision.ok()) return;
  const v1::Explanation explanation = decision->trace.Render("", "");
  CheckSentences(explanation);
  CheckResult(expectation, expected, result(*decision), RuleIdsOf(explanation));
}

}  // namespace ipb::tests
