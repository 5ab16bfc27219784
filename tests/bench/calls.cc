#include "tests/bench/calls.h"

#include <numeric>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/client/metadata.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"

namespace ipb::bench {
namespace {

constexpr std::chrono::seconds kDeadline(20);

}  // namespace

Channels Connect(const std::string& address, int count) {
  Channels channels;
  for (int i = 0; i < count; ++i) {
    grpc::ChannelArguments arguments;
    // Channels with the same arguments would share one connection.
    arguments.SetInt("ipb.bench.channel", i);
    channels.push_back(grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments));
  }
  return channels;
}

void Prepare(grpc::ClientContext& context, const std::string& actor, const std::string& organisation) {
  context.AddMetadata(client::kOrganisation, organisation);
  context.AddMetadata(client::kSystem, "bench");
  context.AddMetadata(client::kActor, actor);
  context.AddMetadata(client::kRole, "finance_officer");
  context.set_deadline(std::chrono::system_clock::now() + kDeadline);
  context.set_wait_for_ready(true);
}

int64_t Outcome::errors() const { return std::accumulate(by_code.begin() + 1, by_code.end(), int64_t{0}); }

std::string Outcome::ToString() const {
  std::string text;
  for (int code = 0; code < kCodes; ++code) {
    if (by_code[code] == 0) continue;
    absl::StrAppend(&text, text.empty() ? "" : ", ",
                    absl::StatusCodeToString(static_cast<absl::StatusCode>(code)), " ", by_code[code]);
  }
  if (!first_error.empty()) absl::StrAppend(&text, " (first: ", first_error, ")");
  return text;
}

}  // namespace ipb::bench
