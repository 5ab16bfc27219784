#include "tests/support/running_suite.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <future>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/client/metadata.h"
#include "common/dates/civil.h"
#include "common/identifiers/nhs_number.h"
#include "common/identifiers/uuid.h"
#include "google/rpc/status.pb.h"
#include "tests/async/wait.h"

namespace ipb::testing {
namespace {

process::Flags TestFlags(const std::string& store) {
  process::Flags flags;
  flags.listen = "127.0.0.1:0";
  flags.store = store;
  const char* source = std::getenv("IPB_SOURCE_DIR");
  flags.policy = absl::StrCat(source == nullptr ? "." : source, "/deploy/policy");
  flags.insecure = true;
  flags.test_people = true;
  return flags;
}

}  // namespace

std::vector<std::string> Details::rules() const {
  std::vector<std::string> ids;
  for (const auto& violation : failure.violations()) ids.push_back(violation.type());
  return ids;
}

std::vector<std::string> Details::fields() const {
  std::vector<std::string> names;
  for (const auto& violation : bad_request.field_violations()) names.push_back(violation.field());
  return names;
}

Details DetailsOf(const grpc::Status& status) {
  Details details;
  google::rpc::Status wire;
  wire.ParseFromString(status.error_details());
  for (const google::protobuf::Any& detail : wire.details()) {
    detail.UnpackTo(&details.info);
    detail.UnpackTo(&details.bad_request);
    detail.UnpackTo(&details.failure);
    details.has_retry |= detail.Is<google::rpc::RetryInfo>();
  }
  return details;
}

RunningSuite::RunningSuite(std::vector<process::ServiceFactory> factories, process::Substitutes substitutes,
                           bool mirror_access, const std::string& store,
                           const std::function<void(process::Flags&)>& adjust) {
  substitutes.mirror_access = mirror_access;
  auto clock = std::make_unique<clock::TestClock>(absl::UnixEpoch());
  clock_ = clock.get();
  substitutes.clock = std::move(clock);
  process::Flags flags = TestFlags(store);
  if (adjust) adjust(flags);
  auto process = process::Process::Start(std::move(flags), factories, std::move(substitutes));
  if (!process.ok()) {
    ADD_FAILURE() << process.status();
    std::abort();
  }
  process_ = *std::move(process);
  SetDate("2025-06-02");
  channel_ = process_->InProcessChannel();
  generic_ = std::make_unique<grpc::GenericStub>(channel_);
}

void RunningSuite::SetDate(const std::string& date) {
  clock_->Set(dates::StartOfDay(dates::Checked(date)) + absl::Hours(9));
}

void RunningSuite::Prepare(grpc::ClientContext& context, const As& as) {
  if (!as.organisation.empty()) context.AddMetadata(client::kOrganisation, as.organisation);
  context.AddMetadata(client::kSystem, "test");
  if (!as.actor.empty()) context.AddMetadata(client::kActor, as.actor);
  if (!as.role.empty()) context.AddMetadata(client::kRole, as.role);
}

RunningSuite::AnyReply RunningSuite::CallAny(const google::protobuf::MethodDescriptor& method, const As& as,
                                             const google::protobuf::Message& request) {
  const grpc::Slice slice(request.SerializeAsString());
  const grpc::ByteBuffer buffer(&slice, 1);
  grpc::ByteBuffer received;
  grpc::ClientContext context;
  Prepare(context, as);
  std::promise<grpc::Status> done;
  const std::string path = absl::StrCat("/", method.service()->full_name(), "/", method.name());
  generic_->UnaryCall(&context, path, {}, &buffer, &received,
                      [&done](grpc::Status status) { done.set_value(std::move(status)); });
  AnyReply any{done.get_future().get(), nullptr};
  if (!any.status.ok()) return any;
  any.reply.reset(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(method.output_type())->New());
  grpc::Slice joined;
  EXPECT_TRUE(received.DumpToSingleSlice(&joined).ok());
  EXPECT_TRUE(any.reply->ParseFromArray(joined.begin(), static_cast<int>(joined.size())));
  return any;
}

int RunningSuite::FinishWork(const std::string& service) {
  int total = 0;
  while (true) {
    const absl::StatusOr<int> done = async::Wait(process_->WorkerOf(service)->RunDue());
    EXPECT_TRUE(done.ok()) << done.status();
    if (!done.ok() || *done == 0) return total;
    total += *done;
  }
}

std::string NewRequestId() { return identifiers::RandomUuid(); }

std::string NewNhsNumber() {
  static std::atomic<int> next{0};
  while (true) {
    const std::string nine = absl::StrFormat("999%06d", next.fetch_add(1));
    const int check = identifiers::NhsCheckDigit(nine);
    if (check >= 0) return absl::StrCat(nine, check);
  }
}

}  // namespace ipb::testing
