#include "common/constraints/redactor.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/any.pb.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "specimen.pb.h"
#include "tests/common/constraints/generator.h"

namespace ipb::constraints {
namespace {

using google::protobuf::Any;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;
using ::ipb::test::Plain;
using ::ipb::test::Secrets;

constexpr Eyes kAll[] = {{false, false, false}, {true, false, false}, {false, true, false},
                         {false, false, true},  {true, true, false},  {true, false, true},
                         {false, true, true},   {true, true, true}};

bool Sees(Eyes eyes, v1::Purpose purpose) {
  if (purpose == v1::PURPOSE_HEALTH) return eyes.health;
  if (purpose == v1::PURPOSE_MEANS) return eyes.means;
  if (purpose == v1::PURPOSE_BANK) return eyes.bank;
  return true;
}

std::string Visible(const Message& message, Eyes eyes);

std::string EntryVisible(const Message& entry, Eyes eyes) {
  const auto& reflect = *entry.GetReflection();
  const auto* type = entry.GetDescriptor();
  return absl::StrCat(reflect.GetString(entry, type->map_key()), "=",
                      Visible(reflect.GetMessage(entry, type->map_value()), eyes));
}

// What these eyes may see of a message, spelled out: another way to say what the redactor does.
std::string Visible(const Message& message, Eyes eyes) {
  const auto& reflect = *message.GetReflection();
  if (message.GetDescriptor() == Any::descriptor()) {
    Secrets held;
    const auto& any = static_cast<const Any&>(message);
    return any.UnpackTo(&held) ? absl::StrCat("any(", Visible(held, eyes), ")") : "any()";
  }
  std::vector<const FieldDescriptor*> fields;
  reflect.ListFields(message, &fields);
  std::string text;
  for (const FieldDescriptor* field : fields) {
    if (!Sees(eyes, field->options().GetExtension(v1::purpose))) continue;
    const int size = field->is_repeated() ? reflect.FieldSize(message, field) : 1;
    std::vector<std::string> values;
    for (int i = 0; i < size; ++i) {
      std::string value;
      if (field->message_type() != nullptr) {
        const Message& nested = field->is_repeated() ? reflect.GetRepeatedMessage(message, field, i)
                                                     : reflect.GetMessage(message, field);
        if (nested.GetDescriptor() == v1::ExplanationStep::descriptor() &&
            !Sees(eyes, static_cast<const v1::ExplanationStep&>(nested).purpose())) {
          continue;
        }
        value = field->is_map() ? EntryVisible(nested, eyes) : Visible(nested, eyes);
      } else {
        google::protobuf::TextFormat::PrintFieldValueToString(message, field, field->is_repeated() ? i : -1,
                                                              &value);
      }
      values.push_back(value);
    }
    // The order of a map means nothing.
    if (field->is_map()) std::sort(values.begin(), values.end());
    if (!values.empty()) absl::StrAppend(&text, field->name(), "{", absl::StrJoin(values, "}{"), "}");
  }
  return text;
}

TEST(Redact, LeavesExactlyWhatMayBeSeen) {
  Generator generator(21);
  for (int round = 0; round < 200; ++round) {
    Secrets secrets;
    generator.FillFreely(&secrets, 3);
    for (const Eyes eyes : kAll) {
      Secrets redacted = secrets;
      Redact(redacted, eyes);
      ASSERT_EQ(Visible(redacted, {true, true, true}), Visible(secrets, eyes));
      Secrets twice = redacted;
      Redact(twice, eyes);
      ASSERT_TRUE(MessageDifferencer::Equals(twice, redacted));
      const bool sees_everything = eyes.health && eyes.means && eyes.bank;
      ASSERT_TRUE(!sees_everything || MessageDifferencer::Equals(redacted, secrets));
    }
  }
}

TEST(Redact, DropsStepsByTheirPurposeAndKeepsTheOrder) {
  v1::Explanation explanation;
  for (const v1::Purpose purpose : {v1::PURPOSE_MEANS, v1::PURPOSE_COMMON, v1::PURPOSE_HEALTH,
                                    v1::PURPOSE_UNSPECIFIED, static_cast<v1::Purpose>(77)}) {
    v1::ExplanationStep* step = explanation.add_steps();
    step->set_rule_id(absl::StrCat("R", purpose));
    step->set_purpose(purpose);
  }
  Redact(explanation, EyesOf(v1::CALLER_KIND_COUNCIL, false));
  ASSERT_EQ(explanation.steps_size(), 3);
  EXPECT_EQ(explanation.steps(0).rule_id(), "R3");
  EXPECT_EQ(explanation.steps(1).rule_id(), "R1");
  EXPECT_EQ(explanation.steps(2).rule_id(), "R0");
}

TEST(Redact, ShowsNothingThatItDoesNotKnow) {
  Secrets secrets;
  secrets.set_open("open");
  secrets.GetReflection()->MutableUnknownFields(&secrets)->AddVarint(4000, 1);
  secrets.mutable_anything()->set_type_url("type.googleapis.com/ipb.v9.Unheard");
  secrets.mutable_anything()->set_value("secret");
  Secrets held;
  held.set_income_pence(100);
  held.set_open("open");
  secrets.add_things()->PackFrom(held);
  secrets.add_things()->set_type_url("type.googleapis.com/ipb.test.Secrets");
  secrets.mutable_things(1)->set_value("\xFF\xFF");

  Secrets everything = secrets;
  Redact(everything, {true, true, true});
  EXPECT_EQ(everything.SerializeAsString(), secrets.SerializeAsString());

  Redact(secrets, {});
  EXPECT_TRUE(secrets.GetReflection()->GetUnknownFields(secrets).empty());
  EXPECT_EQ(secrets.anything().value(), "");
  Secrets shown;
  ASSERT_TRUE(secrets.things(0).UnpackTo(&shown));
  EXPECT_EQ(shown.open(), "open");
  EXPECT_EQ(shown.income_pence(), 0);
  EXPECT_EQ(secrets.things(1).value(), "");
}

TEST(Redact, LeavesTypesWithoutMarksAlone) {
  Plain plain;
  plain.mutable_inner()->set_text("text");
  plain.GetReflection()->MutableUnknownFields(&plain)->AddVarint(4000, 1);
  const std::string before = plain.SerializeAsString();
  Redact(plain, {});
  EXPECT_EQ(plain.SerializeAsString(), before);
}

TEST(EyesOf, FollowWhoCalls) {
  const auto spell = [](Eyes eyes) { return absl::StrCat(eyes.health, eyes.means, eyes.bank); };
  EXPECT_EQ(spell(EyesOf(v1::CALLER_KIND_COUNCIL, false)), "010");
  EXPECT_EQ(spell(EyesOf(v1::CALLER_KIND_NHS, false)), "100");
  EXPECT_EQ(spell(EyesOf(v1::CALLER_KIND_PROVIDER, false)), "000");
  EXPECT_EQ(spell(EyesOf(v1::CALLER_KIND_UNSPECIFIED, false)), "000");
  EXPECT_EQ(spell(EyesOf(v1::CALLER_KIND_SERVICE, false)), "110");
  EXPECT_EQ(spell(EyesOf(v1::CALLER_KIND_COUNCIL, true)), "011");
}

}  // namespace
}  // namespace ipb::constraints
