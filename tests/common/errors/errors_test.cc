#include "common/errors/errors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/client/grpc_status.h"
#include "google/rpc/error_details.pb.h"

namespace ipb::errors {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// What gRPC's core takes of headers by default, and what it counts for those that an error has besides.
constexpr size_t kHeaderBytes = 8192;
constexpr size_t kOtherHeaderBytes = 300;

// How large an error is as headers: its message, and its details in base64.
size_t HeaderBytes(const absl::Status& status) {
  const grpc::Status wire = client::ToGrpc(status);
  return wire.error_message().size() + (wire.error_details().size() + 2) / 3 * 4 + kOtherHeaderBytes;
}

template <typename Detail>
Detail DetailOf(const absl::Status& status) {
  Detail detail;
  const auto payload =
      status.GetPayload(absl::StrCat("type.googleapis.com/", Detail::descriptor()->full_name()));
  EXPECT_TRUE(payload && detail.ParseFromString(std::string(*payload)));
  return detail;
}

TEST(Errors, NameEveryViolationInTheMessageAndInTheDetails) {
  const absl::Status status = InvalidFields({{"birth_date", "is in the future"}, {"role", "must be given"}});
  EXPECT_EQ(status.message(), "birth_date: is in the future; role: must be given");
  EXPECT_EQ(DetailOf<google::rpc::BadRequest>(status).field_violations_size(), 2);
  const absl::Status refused = Refused({{"A-1", "x", "One thing."}, {"A-2", "y", "Another thing."}});
  EXPECT_EQ(refused.message(), "A-1: One thing; A-2: Another thing");
  EXPECT_EQ(DetailOf<google::rpc::PreconditionFailure>(refused).violations_size(), 2);
}

TEST(Errors, AreNeverTooLargeToArrive) {
  for (const size_t length : {1, 10, 100, 1000, 3000}) {
    for (const int count : {1, 2, 10, 50, 1000}) {
      const std::string text(length, 'x');
      const absl::Status invalid = InvalidFields(std::vector<FieldViolation>(count, {"a_field", text}));
      const absl::Status refused = Refused(std::vector<RuleViolation>(count, {"RULE-1", "people/1", text}));
      EXPECT_LE(HeaderBytes(invalid), kHeaderBytes) << count << " of " << length;
      EXPECT_LE(HeaderBytes(refused), kHeaderBytes) << count << " of " << length;
      EXPECT_GE(DetailOf<google::rpc::BadRequest>(invalid).field_violations_size(), 1);
      EXPECT_GE(DetailOf<google::rpc::PreconditionFailure>(refused).violations_size(), 1);
    }
  }
}

TEST(Errors, SayHowManyViolationsTheMessageLeavesOut) {
  const absl::Status status = InvalidFields(std::vector<FieldViolation>(1000, {"a_field", "must be given"}));
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("a_field: must be given; "), HasSubstr(" more)")));
}

TEST(Errors, SpeakOfStatesWithoutTheirPrefix) {
  const absl::Status status =
      WrongState("people/1/payees/1", "STATE_APPROVED", "STATE_PROPOSED or STATE_HELD");
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("is APPROVED;"), HasSubstr("PROPOSED or HELD"), Not(HasSubstr("STATE_"))));
  EXPECT_EQ(DetailOf<google::rpc::ErrorInfo>(status).metadata().at("state"), "APPROVED");
}

}  // namespace
}  // namespace ipb::errors
