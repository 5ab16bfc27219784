// ipb-soak-load: a steady, mixed load of calls about the people that `ipb-bench-client --seed` made ready. A
// call that is not answered is made again, with the same request_id, until it is. Afterwards the store must
// have every spending that was acknowledged, once, and no other. Exits with 1 where it has not, or where a
// call was refused.
#include <atomic>
#include <cstdio>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/match.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/errors/status_macros.h"
#include "common/process/open_store.h"
#include "ipb/v1/payments_service.grpc.pb.h"
#include "tests/async/wait.h"
#include "tests/bench/calls.h"
#include "tests/bench/population.h"
#include "tests/journeys/player/retry.h"

ABSL_FLAG(std::string, address, "", "HOST:PORT of the suite");
ABSL_FLAG(std::string, store, "", "the suite's store: sqlite:FILE or redis://HOST:PORT");
ABSL_FLAG(int64_t, subjects, 2000, "people, as many as were made ready");
ABSL_FLAG(absl::Duration, length, absl::Minutes(1), "how long calls are begun");
ABSL_FLAG(int, rate, 100, "calls that are begun a second; half of them record a spending");
ABSL_FLAG(int, lanes, 16, "calls at a time");
ABSL_FLAG(absl::Duration, patience, absl::Minutes(2), "how long one call is made again before it has failed");

namespace ipb::soak {
namespace {

using Stub = v1::PaymentsService::Stub;

// By person, the names of spendings.
using Spendings = std::vector<std::set<std::string>>;

// Whether the answer tells nothing, so that the call is made again.
bool IsAway(grpc::StatusCode code) {
  return code == grpc::UNAVAILABLE || code == grpc::DEADLINE_EXCEEDED || code == grpc::CANCELLED ||
         code == grpc::ABORTED || code == grpc::RESOURCE_EXHAUSTED;
}

absl::StatusOr<Spendings> ReadSpendings(const bench::Population& population) {
  async::Executor executor(2);
  process::Flags flags;
  flags.store = absl::GetFlag(FLAGS_store);
  IPB_ASSIGN_OR_RETURN(const std::unique_ptr<store::Engine> engine, process::OpenStore(flags, &executor));
  const std::unique_ptr<store::Store> store = engine->Open(bench::kPaymentsSpace);
  Spendings all(population.size());
  for (int64_t i = 0; i < population.size(); ++i) {
    std::string after;
    while (true) {
      auto page = async::Wait(store->List(population.Name(i), "spendings/", after, store::kMaximumPage));
      if (!page.ok() || page->empty()) {
        IPB_RETURN_IF_ERROR(page.status());
        break;
      }
      after = page->back().name;
      for (const store::Record& record : *page) {
        v1::Spending spending;
        if (absl::EndsWith(record.name, "/explanation") || !spending.ParseFromString(record.data)) continue;
        all[i].insert(spending.name());
      }
    }
  }
  engine->Close();
  return all;
}

class Load {
 public:
  Load(const bench::Population& population, Spendings spendings)
      : population_(population), acknowledged_(std::move(spendings)) {}

  // Returns when every call that was begun has its answer.
  void Run() {
    const int lanes = absl::GetFlag(FLAGS_lanes);
    for (const auto& channel : bench::Connect(absl::GetFlag(FLAGS_address), 4)) {
      stubs_.push_back(v1::PaymentsService::NewStub(channel));
    }
    began_ = absl::Now();
    std::vector<std::thread> threads;
    for (int lane = 0; lane < lanes; ++lane) threads.emplace_back([this, lane] { RunLane(lane); });
    for (std::thread& thread : threads) thread.join();
  }

  // True if all is as promised.
  bool Report(const Spendings& stored) const {
    int64_t missing = 0, unasked = 0;
    for (size_t i = 0; i < stored.size(); ++i) {
      for (const std::string& name : acknowledged_[i]) missing += stored[i].count(name) == 0;
      for (const std::string& name : stored[i]) unasked += acknowledged_[i].count(name) == 0;
    }
    std::printf(
        "%lld writes and %lld reads answered, %lld tries made again, longest %lld ms; %lld acknowledged "
        "writes missing, %lld there twice or unasked, %lld calls failed\n",
        static_cast<long long>(writes_), static_cast<long long>(reads_), static_cast<long long>(again_),
        static_cast<long long>(longest_ms_), static_cast<long long>(missing), static_cast<long long>(unasked),
        static_cast<long long>(failed_));
    return missing == 0 && unasked == 0 && failed_ == 0 && writes_ > 0;
  }

 private:
  void RunLane(int lane) {
    const absl::Time end = began_ + absl::GetFlag(FLAGS_length);
    const absl::Duration apart = absl::Seconds(1) / absl::GetFlag(FLAGS_rate);
    Stub& stub = *stubs_[lane % stubs_.size()];
    const absl::Notification never;
    while (true) {
      const int64_t index = next_++;
      const absl::Time at = began_ + index * apart;
      if (at >= end || failed_ > 0) return;
      never.WaitForNotificationWithDeadline(at);
      Call(stub, index);
    }
  }

  void Call(Stub& stub, int64_t index) {
    const std::string& person = population_.Name(index / 4);
    switch (index % 4) {
      case 0:
      case 2: {
        v1::RecordSpendingRequest request = bench::RecordSpending(person);
        request.set_request_id(ids_.Next(index));
        v1::Spending spending;
        if (!Until(&Stub::RecordSpending, stub, request, &spending)) return;
        ++writes_;
        const std::lock_guard lock(mutex_);
        if (!acknowledged_[population_.IndexOf(person)].insert(spending.name()).second) {
          Failed("two calls were given one spending", spending.name());
        }
        return;
      }
      case 1: {
        v1::Balance balance;
        reads_ += Until(&Stub::GetBalance, stub, bench::GetBalance(person), &balance);
        return;
      }
      default: {
        v1::ListTransactionsRequest request;
        request.set_parent(person);
        v1::ListTransactionsResponse page;
        reads_ += Until(&Stub::ListTransactions, stub, request, &page);
      }
    }
  }

  template <typename Request, typename Reply>
  bool Until(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*), Stub& stub,
             const Request& request, Reply* reply) {
    const absl::Time began = absl::Now();
    while (true) {
      grpc::ClientContext context;
      bench::Prepare(context, "staff-1");
      const grpc::Status status = (stub.*method)(&context, request, reply);
      if (status.ok()) {
        Took(absl::Now() - began);
        return true;
      }
      ++again_;
      if (IsAway(status.error_code()) && journey::WaitToRetry(began + absl::GetFlag(FLAGS_patience)))
        continue;
      Failed(Request::descriptor()->name(), status.error_message());
      return false;
    }
  }

  void Took(absl::Duration time) {
    const int64_t ms = absl::ToInt64Milliseconds(time);
    int64_t longest = longest_ms_;
    while (ms > longest && !longest_ms_.compare_exchange_weak(longest, ms)) {
    }
  }

  void Failed(const std::string& what, const std::string& why) {
    if (failed_++ < 5) std::fprintf(stderr, "%s: %s\n", what.c_str(), why.c_str());
  }

  const bench::Population& population_;
  const bench::RequestIds ids_;
  std::vector<std::unique_ptr<Stub>> stubs_;
  absl::Time began_;
  std::atomic<int64_t> next_{0}, writes_{0}, reads_{0}, again_{0}, longest_ms_{0}, failed_{0};
  std::mutex mutex_;
  Spendings acknowledged_;
};

absl::StatusOr<bool> RunAndCheck() {
  const bench::Population population(absl::GetFlag(FLAGS_subjects));
  IPB_ASSIGN_OR_RETURN(Spendings before, ReadSpendings(population));
  Load load(population, std::move(before));
  load.Run();
  IPB_ASSIGN_OR_RETURN(const Spendings stored, ReadSpendings(population));
  return load.Report(stored);
}

}  // namespace
}  // namespace ipb::soak

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  const absl::StatusOr<bool> as_promised = ipb::soak::RunAndCheck();
  if (!as_promised.ok()) std::fprintf(stderr, "%s\n", as_promised.status().ToString().c_str());
  return as_promised.value_or(false) ? 0 : 1;
}
