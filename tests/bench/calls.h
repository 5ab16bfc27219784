// The one client of all contenders: asynchronous calls over a few channels, a fixed number of them in flight.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"
#include "tests/async/wait.h"

namespace ipb::bench {

// Connections to one server, each a TCP connection of its own.
using Channels = std::vector<std::shared_ptr<grpc::Channel>>;
Channels Connect(const std::string& address, int count);

// How many calls, and how many of them at a time.
struct Volume {
  int64_t calls = 0;
  int in_flight = 0;
};

// How the calls of one drive ended.
struct Outcome {
  static constexpr int kCodes = 17;
  std::array<int64_t, kCodes> by_code{};
  double calls_per_second = 0;
  std::string first_error;  // of any call; empty if none failed

  int64_t errors() const;
  // "OK 20000" or "OK 19998, UNAVAILABLE 2 (first: ...)".
  std::string ToString() const;
};

// The organisations that call.
inline constexpr char kCouncil[] = "E10000019";
inline constexpr char kIcb[] = "QZZ";

// Says who calls, and sets the deadline.
void Prepare(grpc::ClientContext& context, const std::string& actor,
             const std::string& organisation = kCouncil);

template <typename Service, typename Request, typename Reply>
struct Operation {
  using Method = void (Service::StubInterface::async_interface::*)(grpc::ClientContext*, const Request*,
                                                                   Reply*, std::function<void(grpc::Status)>);
  Method method = nullptr;
  std::string actor = "staff-1";
  std::string organisation = kCouncil;
  // Fills the request of the call `index`; thread-safe.
  std::function<void(int64_t index, Request* request)> make;
  // Sees the reply of each call that succeeded; thread-safe; may be empty.
  std::function<void(int64_t index, const Reply& reply)> acknowledged;
};

// Makes calls first, first + 1, ... until the volume is done. A call's completion starts the next of its
// lane, so that nothing waits for a slow one.
template <typename Service, typename Request, typename Reply>
class Drive {
 public:
  Drive(const Channels& channels, const Operation<Service, Request, Reply>& operation, Volume volume,
        int64_t first)
      : operation_(operation), volume_(volume), first_(first) {
    for (const auto& channel : channels) stubs_.push_back(Service::NewStub(channel));
  }

  Outcome Run() {
    const auto began = std::chrono::steady_clock::now();
    for (int lane = 0; lane < volume_.in_flight; ++lane) {
      pending_.Add();
      Step(lane);
    }
    pending_.WaitAtMost(0);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    Outcome outcome;
    for (int code = 0; code < Outcome::kCodes; ++code) outcome.by_code[code] = by_code_[code];
    outcome.calls_per_second = static_cast<double>(volume_.calls) / took.count();
    outcome.first_error = first_error_;
    return outcome;
  }

 private:
  // A run with errors has failed; with as many as this there is no point in going on.
  static constexpr int64_t kMostErrors = 100;

  struct Call {
    grpc::ClientContext context;
    Request request;
    Reply reply;
    int64_t index = 0;
    int lane = 0;
  };

  void Step(int lane) {
    const int64_t index = next_++;
    if (index >= volume_.calls || errors_ > kMostErrors) return pending_.Done();
    auto* call = new Call;
    call->index = first_ + index;
    call->lane = lane;
    Prepare(call->context, operation_.actor, operation_.organisation);
    operation_.make(call->index, &call->request);
    auto* stub = stubs_[lane % stubs_.size()]->async();
    (stub->*operation_.method)(&call->context, &call->request, &call->reply,
                               [this, call](grpc::Status status) { End(call, status); });
  }

  void End(Call* call, const grpc::Status& status) {
    const int code = std::clamp<int>(status.error_code(), 0, Outcome::kCodes - 1);
    by_code_[code].fetch_add(1, std::memory_order_relaxed);
    if (status.ok() && operation_.acknowledged) operation_.acknowledged(call->index, call->reply);
    if (!status.ok()) {
      ++errors_;
      const std::lock_guard lock(mutex_);
      if (first_error_.empty()) first_error_ = status.error_message();
    }
    const int lane = call->lane;
    delete call;
    Step(lane);
  }

  const Operation<Service, Request, Reply>& operation_;
  const Volume volume_;
  const int64_t first_;
  std::vector<std::unique_ptr<typename Service::Stub>> stubs_;
  std::atomic<int64_t> next_{0};
  std::atomic<int64_t> errors_{0};
  std::array<std::atomic<int64_t>, Outcome::kCodes> by_code_{};
  std::mutex mutex_;
  std::string first_error_;
  async::Pending pending_;
};

}  // namespace ipb::bench
