#include "common/process/policy_service.h"

#include "common/errors/errors.h"
#include "common/policy/policy.h"
#include "grpcpp/grpcpp.h"

namespace ipb::process {
namespace {

struct NoUpstreams {};

async::Task<absl::StatusOr<v1::PolicyDocument>> GetPolicy(const NoUpstreams&, call::Call& call,
                                                          const v1::GetPolicyRequest& request) {
  const policy::Policy& policy = *call.environment().policy;
  const v1::PolicyDocument* document =
      request.organisation().empty() ? &policy.national() : policy.local(request.organisation());
  if (document == nullptr) co_return errors::NotFound(request.organisation());
  v1::PolicyDocument reply = *document;
  reply.set_policy_version(policy.version());
  co_return reply;
}

}  // namespace

grpc::ServerUnaryReactor* PolicyService::Methods::GetPolicy(grpc::CallbackServerContext* context,
                                                            const v1::GetPolicyRequest* request,
                                                            v1::PolicyDocument* reply) {
  static const NoUpstreams none;
  return server::Serve<process::GetPolicy>(serving_, none, "ipb.v1.PolicyService", "GetPolicy", context, request, reply);
}

}  // namespace ipb::process
