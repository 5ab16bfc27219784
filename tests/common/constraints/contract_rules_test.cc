// The rules of the contracts are themselves right: patterns compile, bounds are on numbers, resource shapes
// exist.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/constraints/validator.h"
#include "google/protobuf/descriptor.h"

namespace ipb::constraints {
namespace {

TEST(ContractRules, HaveNoDefects) {
  const char* source = std::getenv("IPB_SOURCE_DIR");
  ASSERT_NE(source, nullptr) << "run by ctest";
  const auto folder = std::filesystem::path(source) / "proto" / "ipb" / "v1";
  int messages = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = absl::StrCat("ipb/v1/", entry.path().filename().string());
    const auto* file = google::protobuf::DescriptorPool::generated_pool()->FindFileByName(name);
    ASSERT_NE(file, nullptr) << name;
    for (int i = 0; i < file->message_type_count(); ++i, ++messages) {
      EXPECT_EQ(absl::StrJoin(RuleDefects(file->message_type(i)), "\n"), "") << name;
    }
  }
  EXPECT_GT(messages, 20);
}

}  // namespace
}  // namespace ipb::constraints
