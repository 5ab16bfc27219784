#include "tests/rules/support/case_file.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "google/rpc/error_details.pb.h"

namespace ipb::tests {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

template <typename Detail>
bool Read(const absl::Status& status, Detail& detail) {
  const auto payload =
      status.GetPayload(absl::StrCat("type.googleapis.com/", detail.GetDescriptor()->full_name()));
  return payload.has_value() && detail.ParseFromString(std::string(*payload));
}

// Whether the field of that path has a value; a path that does not exist fails the test. An element of a list
// is named by its place: `budgets[0]`.
bool HasValue(const Message& message, const std::string& path) {
  const Message* at = &message;
  const std::vector<std::string> steps = absl::StrSplit(path, '.');
  for (size_t i = 0; i < steps.size(); ++i) {
    const std::vector<std::string> place = absl::StrSplit(steps[i], absl::ByAnyChar("[]"));
    const FieldDescriptor* field = at->GetDescriptor()->FindFieldByName(place[0]);
    if (field == nullptr) {
      ADD_FAILURE() << path << ": " << at->GetDescriptor()->name() << " has no field " << steps[i];
      return false;
    }
    if (field->is_repeated() && place.size() > 1 && i + 1 < steps.size()) {
      int index = 0;
      if (!absl::SimpleAtoi(place[1], &index) || index >= at->GetReflection()->FieldSize(*at, field)) {
        ADD_FAILURE() << path << ": there is no " << steps[i];
        return false;
      }
      at = &at->GetReflection()->GetRepeatedMessage(*at, field, index);
      continue;
    }
    if (field->is_repeated()) return at->GetReflection()->FieldSize(*at, field) > 0;
    if (!at->GetReflection()->HasField(*at, field)) return false;
    if (i + 1 == steps.size()) return true;
    at = &at->GetReflection()->GetMessage(*at, field);
  }
  return true;
}

}  // namespace

std::vector<std::string> RuleIdsOf(const absl::Status& status) {
  std::vector<std::string> ids;
  google::rpc::PreconditionFailure failure;
  google::rpc::ErrorInfo info;
  if (Read(status, failure)) {
    for (const auto& violation : failure.violations()) ids.push_back(violation.type());
  } else if (Read(status, info)) {
    ids.push_back(info.reason());
  }
  return ids;
}

std::vector<std::string> RuleIdsOf(const v1::Explanation& explanation) {
  std::vector<std::string> ids;
  for (const v1::ExplanationStep& step : explanation.steps()) ids.push_back(step.rule_id());
  return ids;
}

std::vector<std::string> WrongFieldsOf(const absl::Status& status) {
  std::vector<std::string> fields;
  google::rpc::BadRequest bad;
  if (!Read(status, bad)) return fields;
  for (const auto& violation : bad.field_violations()) fields.push_back(violation.field());
  return fields;
}

std::string CaseName(const std::string& path) {
  const size_t begin = path.rfind('/') + 1;
  return absl::StrReplaceAll(path.substr(begin, path.rfind('.') - begin), {{"-", "_"}});
}

void CheckHeading(const cases::v1::Heading& heading) {
  EXPECT_FALSE(heading.title().empty()) << "say what the case is about: about { title: ... }";
  EXPECT_FALSE(heading.source().empty()) << "say where it can be read: about { source: ... }";
  EXPECT_FALSE(heading.paragraphs().empty()) << "say which paragraph it shows: about { paragraphs: ... }";
}

void CheckRefusal(const cases::v1::Expectation& expectation, const absl::Status& status) {
  EXPECT_THAT(status.message(), testing::Not(testing::HasSubstr("{"))) << "a value is missing";
  const auto& wrong = expectation.wrong_fields();
  EXPECT_THAT(WrongFieldsOf(status), testing::UnorderedElementsAreArray(wrong.begin(), wrong.end()))
      << status;
  if (!wrong.empty()) return;
  const auto& refused_by = expectation.refused_by();
  EXPECT_THAT(RuleIdsOf(status), testing::UnorderedElementsAreArray(refused_by.begin(), refused_by.end()))
      << status;
}

void CheckSentences(const v1::Explanation& explanation) {
  for (const v1::ExplanationStep& step : explanation.steps()) {
    EXPECT_THAT(step.sentence(), testing::Not(testing::HasSubstr("{"))) << step.rule_id();
  }
}

void CheckResult(const cases::v1::Expectation& expectation, const Message& expected, const Message& actual,
                 const std::vector<std::string>& explained) {
  std::string differences;
  google::protobuf::util::MessageDifferencer differencer;
  differencer.set_scope(google::protobuf::util::MessageDifferencer::PARTIAL);
  differencer.ReportDifferencesToString(&differences);
  EXPECT_TRUE(differencer.Compare(expected, actual)) << differences;
  for (const std::string& path : expectation.without()) {
    EXPECT_FALSE(HasValue(actual, path)) << path << " has a value in " << actual.DebugString();
  }
  for (const std::string& rule : expectation.explained_by()) EXPECT_THAT(explained, testing::Contains(rule));
  for (const std::string& rule : expectation.not_explained_by()) {
    EXPECT_THAT(explained, testing::Not(testing::Contains(rule)));
  }
}

}  // namespace ipb::tests
