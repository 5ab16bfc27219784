// Every service of the contracts can be learnt from the binaries themselves, as grpcurl and buf learn it: a
// linker that leaves a contract's file out, because nothing else in the binary refers to it, is found here.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "tests/journeys/player/schema.h"
#include "tests/journeys/program.h"

namespace ipb::contract {
namespace {

using journey::Program;
using journey::Schema;

// The methods of each service of the contracts.
std::map<std::string, std::vector<std::string>> Contracts() {
  google::protobuf::FileDescriptorSet set;
  std::ifstream in(IPB_CONTRACTS, std::ios::binary);
  EXPECT_TRUE(set.ParseFromIstream(&in)) << IPB_CONTRACTS;
  std::map<std::string, std::vector<std::string>> contracts;
  for (const auto& file : set.file()) {
    if (file.package() != "ipb.v1") continue;
    for (const auto& service : file.service()) {
      std::vector<std::string>& methods = contracts[absl::StrCat("ipb.v1.", service.name())];
      for (const auto& method : service.method()) methods.push_back(method.name());
    }
  }
  return contracts;
}

// What each binary serves beside what every one does; all of it where none is named.
struct BinaryCase {
  const char* binary;
  std::vector<std::string> services;
};

class Reflection : public ::testing::TestWithParam<BinaryCase> {};

TEST_P(Reflection, TellsEveryMethodOfItsServices) {
  const auto contracts = Contracts();
  ASSERT_FALSE(contracts.empty());
  std::vector<std::string> expected = GetParam().services;
  if (expected.empty()) {
    for (const auto& [service, methods] : contracts) expected.push_back(service);
  } else {
    for (const char* shared : {"Changes", "Policy", "Statements"}) {
      expected.push_back(absl::StrCat("ipb.v1.", shared, "Service"));
    }
  }
  Program server(GetParam().binary,
                 {"--insecure", "--listen=127.0.0.1:0", "--store=sqlite::memory:",
                  absl::StrCat("--policy=", std::getenv("IPB_SOURCE_DIR"), "/deploy/policy")});
  const std::string line = server.NextLine();
  absl::string_view port = line;
  ASSERT_TRUE(absl::ConsumePrefix(&port, "serving on port ")) << line;
  Schema schema(grpc::CreateChannel(absl::StrCat("127.0.0.1:", port), grpc::InsecureChannelCredentials()));
  for (const std::string& service : expected) {
    ASSERT_EQ(contracts.count(service), 1u) << service;
    for (const std::string& method : contracts.at(service)) {
      const google::protobuf::MethodDescriptor* found = nullptr;
      const grpc::Status status = schema.Find(service, method, found);
      EXPECT_TRUE(status.ok()) << status.error_message();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Binaries, Reflection,
                         ::testing::Values(BinaryCase{"ipb-suite", {}},
                                           BinaryCase{"ipb-eligibility",
                                                      {"ipb.v1.EligibilityService", "ipb.v1.PeopleService"}},
                                           BinaryCase{"ipb-allocation", {"ipb.v1.AllocationService"}},
                                           BinaryCase{"ipb-careplanning", {"ipb.v1.CarePlanningService"}},
                                           BinaryCase{"ipb-payments", {"ipb.v1.PaymentsService"}},
                                           BinaryCase{"ipb-reviews", {"ipb.v1.ReviewsService"}}),
                         [](const ::testing::TestParamInfo<BinaryCase>& info) {
                           return std::string(absl::StripPrefix(info.param.binary, "ipb-"));
                         });

}  // namespace
}  // namespace ipb::contract
