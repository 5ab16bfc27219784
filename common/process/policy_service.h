// PolicyService, the same on every server.
#pragma once

#include "common/server/adapter.h"
#include "ipb/v1/policy.grpc.pb.h"

namespace ipb::process {

// Thread-safe. `serving` is that of any service of the process: policy is the same for all.
class PolicyService final {
 public:
  explicit PolicyService(const server::Serving& serving) : methods_(serving) {}
  grpc::Service* grpc_service() { return &methods_; }

 private:
  class Methods final : public v1::PolicyService::CallbackService {
   public:
    explicit Methods(const server::Serving& serving) : serving_(serving) {}
    grpc::ServerUnaryReactor* GetPolicy(grpc::CallbackServerContext* context, const v1::GetPolicyRequest* request,
                                        v1::PolicyDocument* reply) override;

   private:
    const server::Serving& serving_;
  };
  Methods methods_;
};

}  // namespace ipb::process
