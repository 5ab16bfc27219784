#include "tests/support/health_watch.h"

#include <chrono>

namespace ipb::testing {
namespace {

constexpr std::chrono::minutes kPatience(1);

}  // namespace

HealthWatch::HealthWatch(const std::shared_ptr<grpc::Channel>& channel, const std::string& name)
    : stub_(grpc::health::v1::Health::NewStub(channel)) {
  context_.set_deadline(std::chrono::system_clock::now() + kPatience);
  context_.set_wait_for_ready(true);
  grpc::health::v1::HealthCheckRequest request;
  request.set_service(name);
  reader_ = stub_->Watch(&context_, request);
}

HealthWatch::~HealthWatch() {
  context_.TryCancel();
  Health ignored;
  while (reader_->Read(&ignored)) {
  }
  reader_->Finish();
}

Health::ServingStatus HealthWatch::Next() {
  Health response;
  return reader_->Read(&response) ? response.status() : Health::UNKNOWN;
}

bool HealthWatch::Await(Health::ServingStatus status) {
  while (true) {
    const Health::ServingStatus next = Next();
    if (next == status) return true;
    if (next == Health::UNKNOWN) return false;
  }
}

Health::ServingStatus HealthOf(const std::shared_ptr<grpc::Channel>& channel, const std::string& name) {
  return HealthWatch(channel, name).Next();
}

}  // namespace ipb::testing
