// What a server's health service says of one name, as it changes.
#pragma once

#include <memory>
#include <string>

#include "grpc/health/v1/health.grpc.pb.h"
#include "grpcpp/grpcpp.h"

namespace ipb::testing {

using Health = grpc::health::v1::HealthCheckResponse;

// A stream from construction to destruction. Used from one thread.
class HealthWatch {
 public:
  HealthWatch(const std::shared_ptr<grpc::Channel>& channel, const std::string& name);
  ~HealthWatch();

  // What it says next: at first how it is, then each change. UNKNOWN where the stream has ended, or a minute
  // has passed since it began.
  Health::ServingStatus Next();
  // Waits until it says so; false where the stream ends before.
  bool Await(Health::ServingStatus status);

 private:
  const std::unique_ptr<grpc::health::v1::Health::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<Health>> reader_;
};

// What the health service says of a name now; UNKNOWN where it does not answer.
Health::ServingStatus HealthOf(const std::shared_ptr<grpc::Channel>& channel, const std::string& name);

}  // namespace ipb::testing
