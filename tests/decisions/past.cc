#include "tests/decisions/past.h"

#include <gtest/gtest.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/policy/policy.h"
#include "common/process/process.h"
#include "services/allocation/service.h"
#include "services/eligibility/service.h"
#include "services/people/service.h"
#include "tests/async/wait.h"
#include "tests/rules/support/text_file.h"

namespace ipb::decisions {
namespace {

// Nobody else is there: what others said is among the facts.
class Nobody final : public process::Upstreams {
 public:
  bool Configured(const std::string&) const override { return false; }

 private:
  async::Executor* executor() override { return nullptr; }
  void Want(const std::string&, std::function<void(std::shared_ptr<grpc::Channel>)>) override {}
};

}  // namespace

struct Present::Service {
  server::Serving serving;
  Nobody upstreams;
  std::unique_ptr<process::HostedService> hosted;
  Deciders deciders;
};

Present::Present() {
  const auto policy = policy::Load(tests::SourcePath("deploy/policy"));
  EXPECT_TRUE(policy.ok()) << policy.status();
  for (const process::ServiceFactory& factory :
       {people::Factory(), eligibility::Factory(), allocation::Factory()}) {
    auto service = std::make_unique<Service>();
    service->serving.environment.service = factory.name;
    service->serving.environment.rule_set_version = factory.rule_set_version;
    service->serving.environment.policy = *policy;
    service->serving.environment.refuses_merged = factory.name == "people";
    service->hosted = factory.make(service->serving, service->upstreams);
    service->deciders = service->hosted->deciders();
    services_.push_back(std::move(service));
  }
}

Present::~Present() = default;

Replayed Present::Replay(const v1::PastDecision& past) const {
  for (const auto& service : services_) {
    if (service->serving.environment.service != past.service()) continue;
    return async::Wait(decisions::Replay(past.decision(), service->deciders, service->serving.environment,
                                         absl::InfiniteFuture()));
  }
  ADD_FAILURE() << "no service is called " << past.service();
  return {};
}

std::vector<std::string> Present::Methods() const {
  std::vector<std::string> methods;
  for (const auto& one : services_) {
    for (const auto& [method, decider] : one->deciders) methods.push_back(method);
  }
  return methods;
}

std::vector<std::string> CorpusFiles() { return tests::TextFiles("tests/decisions/corpus"); }

}  // namespace ipb::decisions
