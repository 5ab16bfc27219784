// Waiting, from a test, for what a service does by itself: reads its changes as another service of the suite.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include "common/client/metadata.h"
#include "ipb/v1/changes_service.grpc.pb.h"
#include "tests/support/running_suite.h"

namespace ipb::testing {

class ServiceChanges {
 public:
  ServiceChanges(RunningSuite& suite, const std::string& service)
      : stub_(v1::ChangesService::NewStub(suite.channel())) {
    context_.AddMetadata(client::kService, "payments");
    context_.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
    v1::WatchRequest request;
    request.set_service(service);
    stream_ = stub_->Watch(&context_, request);
  }
  ~ServiceChanges() { context_.TryCancel(); }

  // Waits for the next commit to that subject by that method, "watch/access"; those before it are passed
  // over.
  void Await(const std::string& subject, const std::string& method) {
    while (true) {
      for (; next_ < batch_.changes_size(); ++next_) {
        const v1::Change& change = batch_.changes(next_);
        if (change.subject() != subject || change.method() != method) continue;
        ++next_;
        return;
      }
      next_ = 0;
      if (!stream_->Read(&batch_)) {
        batch_.Clear();
        ADD_FAILURE() << "no " << method << " of " << subject;
        return;
      }
    }
  }

 private:
  std::unique_ptr<v1::ChangesService::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::WatchResponse>> stream_;
  v1::WatchResponse batch_;
  int next_ = 0;
};

}  // namespace ipb::testing
