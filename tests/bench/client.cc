// The client of the benchmark. With --seed it makes the people ready; without, it measures all contenders in
// turn, round by round, checks the store after each, and prints the table. Exit code 1 where calls failed,
// the store holds other changes than were acknowledged, or, with --gate, a ratio is too low.
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_format.h"
#include "common/errors/status_macros.h"
#include "common/store/redis_store.h"
#include "ipb/v1/payments_service.grpc.pb.h"
#include "tests/bench/calls.h"
#include "tests/bench/population.h"
#include "tests/bench/seed.h"
#include "tests/bench/table.h"
#include "tests/bench/tally.h"

ABSL_FLAG(bool, seed, false, "make the people ready through --payments, and end");
ABSL_FLAG(bool, gate, false, "fail where a ratio to the floor is below what is promised");
ABSL_FLAG(int64_t, subjects, 20000, "people");
ABSL_FLAG(int, in_flight, 128, "calls at a time");
ABSL_FLAG(int, channels, 4, "connections to each server");
ABSL_FLAG(int, rounds, 5, "measured rounds");
ABSL_FLAG(int64_t, calls, 20000, "calls of one contender and method in one round");
ABSL_FLAG(bool, writes, true, "measure RecordSpending");
ABSL_FLAG(bool, reads, true, "measure GetBalance");
ABSL_FLAG(int, redis_port, 0, "port of the Redis that all contenders use");
ABSL_FLAG(std::string, echo, "", "HOST:PORT of the bare echo");
ABSL_FLAG(std::string, floor, "", "HOST:PORT of the floor");
ABSL_FLAG(std::string, payments, "", "HOST:PORT of payments alone, on stated resources");
ABSL_FLAG(std::string, suite, "", "HOST:PORT of the suite; empty leaves it out");

namespace ipb::bench {
namespace {

// What the suite promises, as a part of the floor's rate.
constexpr double kGateOnStatedFacts = 0.7;
constexpr double kGateInSuite = 0.5;
constexpr double kGateOfReads = 0.7;

// One server with one method, and how to drive it.
struct Contest {
  Series series;
  Tally* tally = nullptr;  // null where nothing is written
  std::function<Outcome(int64_t calls, int64_t first)> drive;
};

class Run {
 public:
  explicit Run(store::Engine& engine)
      : population_(absl::GetFlag(FLAGS_subjects)),
        payments_tally_(engine, kPaymentsSpace, population_),
        floor_tally_(engine, kFloorSpace, population_) {
    Add("echo", absl::GetFlag(FLAGS_echo), nullptr, 0, 0);
    Add("floor", absl::GetFlag(FLAGS_floor), &floor_tally_, 0, 0);
    Add("payments", absl::GetFlag(FLAGS_payments), &payments_tally_, kGateOnStatedFacts, kGateOfReads);
    Add("suite", absl::GetFlag(FLAGS_suite), &payments_tally_, kGateInSuite, kGateOfReads);
  }

  absl::Status Measure() {
    IPB_RETURN_IF_ERROR(payments_tally_.Begin());
    IPB_RETURN_IF_ERROR(floor_tally_.Begin());
    const int64_t calls = absl::GetFlag(FLAGS_calls);
    for (int round = 0; round <= absl::GetFlag(FLAGS_rounds); ++round) {
      // The first round only warms up.
      for (auto* contests : {&writes_, &reads_}) {
        for (size_t i = 0; i < contests->size(); ++i) {
          // Another one begins each round, so that none always follows the same.
          IPB_RETURN_IF_ERROR(
              Measure((*contests)[(i + round) % contests->size()], round > 0 ? calls : calls / 4, round));
        }
      }
    }
    return absl::OkStatus();
  }

  // True if all is as promised.
  bool Report() const {
    std::vector<Series> all;
    for (const auto* contests : {&writes_, &reads_}) {
      for (const Contest& contest : *contests) all.push_back(contest.series);
    }
    const bool fast = PrintTable(all);
    absl::PrintF("changes in the store equal the acknowledged writes: payments %d, floor %d\n",
                 payments_tally_.checked(), floor_tally_.checked());
    return fast || !absl::GetFlag(FLAGS_gate);
  }

 private:
  void Add(const std::string& name, const std::string& address, Tally* tally, double write_gate,
           double read_gate) {
    if (address.empty()) return;
    using Stub = v1::PaymentsService::StubInterface::async_interface;
    const Channels channels = Connect(address, absl::GetFlag(FLAGS_channels));
    Operation<v1::PaymentsService, v1::RecordSpendingRequest, v1::Spending> write;
    write.method = &Stub::RecordSpending;
    write.make = [this](int64_t index, v1::RecordSpendingRequest* request) {
      *request = RecordSpending(population_.Name(index));
      request->set_request_id(ids_.Next(index));
    };
    if (tally != nullptr) {
      write.acknowledged = [tally](int64_t index, const v1::Spending&) { tally->Acknowledged(index); };
    }
    if (absl::GetFlag(FLAGS_writes))
      writes_.push_back(Make("RecordSpending", name, channels, tally, write_gate, std::move(write)));
    Operation<v1::PaymentsService, v1::GetBalanceRequest, v1::Balance> read;
    read.method = &Stub::GetBalance;
    read.make = [this](int64_t index, v1::GetBalanceRequest* request) {
      *request = GetBalance(population_.Name(index));
    };
    if (absl::GetFlag(FLAGS_reads))
      reads_.push_back(Make("GetBalance", name, channels, nullptr, read_gate, std::move(read)));
  }

  template <typename Request, typename Reply>
  static Contest Make(const char* method, const std::string& name, const Channels& channels, Tally* tally,
                      double gate, Operation<v1::PaymentsService, Request, Reply> operation) {
    Contest contest;
    contest.series = {method, name, gate, {}, {}};
    contest.tally = tally;
    contest.drive = [channels, operation = std::move(operation)](int64_t calls, int64_t first) {
      Drive<v1::PaymentsService, Request, Reply> drive(channels, operation,
                                                       {calls, absl::GetFlag(FLAGS_in_flight)}, first);
      return drive.Run();
    };
    return contest;
  }

  absl::Status Measure(Contest& contest, int64_t calls, int round) {
    // Every call of the run has an index of its own, and so a request id; neighbours are of different people.
    const Outcome outcome = contest.drive(calls, next_);
    next_ += calls;
    Series& series = contest.series;
    if (round > 0) series.calls_per_second.push_back(outcome.calls_per_second);
    for (int code = 0; code < Outcome::kCodes; ++code) series.total.by_code[code] += outcome.by_code[code];
    if (series.total.first_error.empty()) series.total.first_error = outcome.first_error;
    std::fprintf(stderr, "  round %d  %-15s %-9s %8.0f calls/s  %s\n", round, series.method.c_str(),
                 series.contender.c_str(), outcome.calls_per_second, outcome.ToString().c_str());
    if (outcome.errors() > 0) return absl::AbortedError(series.contender + ": " + outcome.ToString());
    return contest.tally == nullptr ? absl::OkStatus() : contest.tally->Check();
  }

  const Population population_;
  const RequestIds ids_;
  Tally payments_tally_;
  Tally floor_tally_;
  std::vector<Contest> writes_;
  std::vector<Contest> reads_;
  int64_t next_ = 0;
};

absl::StatusOr<bool> MeasureAndReport() {
  async::Executor executor(2);
  IPB_ASSIGN_OR_RETURN(const std::unique_ptr<store::Engine> engine,
                       store::OpenRedis("127.0.0.1", absl::GetFlag(FLAGS_redis_port), &executor));
  Run run(*engine);
  const absl::Status measured = run.Measure();
  const bool as_promised = run.Report();
  engine->Close();
  if (!measured.ok()) return measured;
  return as_promised;
}

int Main() {
  if (absl::GetFlag(FLAGS_seed)) {
    const Channels channels = Connect(absl::GetFlag(FLAGS_payments), absl::GetFlag(FLAGS_channels));
    const absl::Status seeded =
        Seed(channels, Population(absl::GetFlag(FLAGS_subjects)), absl::GetFlag(FLAGS_in_flight));
    if (!seeded.ok()) std::fprintf(stderr, "%s\n", seeded.ToString().c_str());
    return seeded.ok() ? 0 : 1;
  }
  const absl::StatusOr<bool> as_promised = MeasureAndReport();
  if (!as_promised.ok()) std::fprintf(stderr, "%s\n", as_promised.status().ToString().c_str());
  return as_promised.value_or(false) ? 0 : 1;
}

}  // namespace
}  // namespace ipb::bench

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  return ipb::bench::Main();
}
