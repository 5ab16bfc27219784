#include "common/client/peer.h"

#include <algorithm>
#include <chrono>

#include "absl/time/clock.h"
#include "common/client/metadata.h"
#include "grpcpp/create_channel.h"

namespace ipb::client {
namespace {

constexpr absl::Duration kLongestCall = absl::Seconds(10);

// The suite's servers agree with these in common/server/limits.h.
constexpr int kKeepaliveTimeMs = 60'000;
constexpr int kKeepaliveTimeoutMs = 20'000;

}  // namespace

void Prepare(grpc::ClientContext& context, const std::string& service, const OnBehalfOf& behalf) {
  context.AddMetadata(kService, service);
  const bool for_itself = behalf.caller.organisation.empty() || behalf.caller.organisation == kSuite;
  if (!for_itself) context.AddMetadata(kOrganisation, behalf.caller.organisation);
  if (!behalf.caller.actor.empty()) context.AddMetadata(kActor, behalf.caller.actor);
  if (!behalf.caller.role.empty()) context.AddMetadata(kRole, behalf.caller.role);
  context.set_deadline(absl::ToChronoTime(std::min(behalf.deadline, absl::Now() + kLongestCall)));
  context.set_wait_for_ready(true);
}

void PrepareStream(grpc::ClientContext& context, const std::string& service) {
  context.AddMetadata(kService, service);
  context.set_wait_for_ready(true);
}

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address,
                                           std::shared_ptr<grpc::ChannelCredentials> credentials) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveTimeMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  arguments.SetLoadBalancingPolicyName("round_robin");
  return grpc::CreateCustomChannel(address, credentials, arguments);
}

}  // namespace ipb::client
