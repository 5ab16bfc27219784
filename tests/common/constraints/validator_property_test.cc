// For any message that keeps its rules: it is accepted; with one rule broken, that one field is told and no
// other.
#include <gtest/gtest.h>

#include "common/constraints/validator.h"
#include "ipb/v1/funding.pb.h"
#include "ipb/v1/people_service.pb.h"
#include "ipb/v1/policy.pb.h"
#include "specimen.pb.h"
#include "tests/common/constraints/generator.h"

namespace ipb::constraints {
namespace {

using google::protobuf::Message;

constexpr int kRounds = 1000;

class Property : public ::testing::TestWithParam<const Message*> {};

TEST_P(Property, ValidMessagesAreAccepted) {
  Generator generator(11);
  for (int round = 0; round < kRounds; ++round) {
    std::unique_ptr<Message> message(GetParam()->New());
    generator.FillValid(message.get(), 2);
    ASSERT_TRUE(Validate(*message).ok()) << Validate(*message) << "\n" << message->DebugString();
  }
}

TEST_P(Property, OneBrokenRuleIsToldAlone) {
  Generator generator(12);
  int broken = 0;
  for (int round = 0; round < kRounds; ++round) {
    std::unique_ptr<Message> message(GetParam()->New());
    generator.FillValid(message.get(), 2);
    const std::string path = generator.BreakOne(message.get());
    if (path.empty()) continue;
    ++broken;
    const auto violations = Violations(*message);
    ASSERT_EQ(violations.size(), 1u) << path << "\n" << message->DebugString();
    ASSERT_EQ(violations[0].field, path);
    ASSERT_FALSE(violations[0].description.empty());
  }
  EXPECT_GT(broken, kRounds / 10);
}

TEST_P(Property, ChecksNeverFailOnFreeMessages) {
  Generator generator(13);
  for (int round = 0; round < kRounds; ++round) {
    std::unique_ptr<Message> message(GetParam()->New());
    generator.FillFreely(message.get(), 3);
    const auto violations = Violations(*message);
    ASSERT_EQ(Validate(*message).ok(), violations.empty());
  }
}

INSTANTIATE_TEST_SUITE_P(Types, Property,
                         ::testing::Values(&test::Specimen::default_instance(),
                                           &v1::RegisterPersonRequest::default_instance(),
                                           &v1::AppointRepresentativeRequest::default_instance(),
                                           &v1::FundingShare::default_instance(),
                                           &v1::Organisation::default_instance()),
                         [](const auto& info) { return std::string(info.param->GetDescriptor()->name()); });

}  // namespace
}  // namespace ipb::constraints
