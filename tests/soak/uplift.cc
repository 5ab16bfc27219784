// ipb-soak-uplift [--budgets=N] [--kills=N] [--seed=N]: an uplift of many live budgets on a redis-server that
// syncs each write, while ipb-allocation is killed with -9 as it posts and started again. Exits with 1 where
// a budget is missed or uplifted twice, where a total is not what was previewed, or where it could not kill
// as often as asked.
//
// IPB_BIN_DIR has the programs, IPB_SOURCE_DIR the policy. Redis keeps its files below /tmp, which must be on
// a disk that really syncs.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <thread>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/identifiers/uuid.h"
#include "ipb/v1/allocation_service.grpc.pb.h"
#include "tests/bench/calls.h"
#include "tests/journeys/program.h"
#include "tests/soak/uplift_people.h"
#include "tests/store/redis_server.h"
#include "tests/support/folder.h"

ABSL_FLAG(int64_t, budgets, 100000, "live budgets");
ABSL_FLAG(int, kills, 10, "how often allocation is killed while it posts");
ABSL_FLAG(uint32_t, seed, 0, "of the moments of the kills; by chance where 0");
ABSL_FLAG(absl::Duration, patience, absl::Minutes(30), "how long one step may take");

namespace ipb::soak {
namespace {

// A claimed item is left alone for this long after its worker died.
constexpr absl::Duration kLease = absl::Seconds(11);

// The clock of the processes: it goes with the machine's, and jumps ahead where a lease would be waited for.
class MovingClock {
 public:
  explicit MovingClock(std::string file) : file_(std::move(file)) { Move(); }
  const std::string& file() const { return file_; }
  void Jump(absl::Duration ahead) {
    start_ += ahead;
    Move();
  }
  void Move() {
    const absl::Time now = start_ + (absl::Now() - began_);
    std::ofstream(file_) << absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", now, absl::UTCTimeZone());
  }

 private:
  const std::string file_;
  const absl::Time began_ = absl::Now();
  absl::Time start_ = absl::FromCivil(absl::CivilSecond(2025, 6, 2, 8, 0, 0), absl::UTCTimeZone());
};

class Soak {
 public:
  Soak()
      : clock_(absl::StrCat(folder_.path(), "/clock")),
        random_(absl::GetFlag(FLAGS_seed) != 0 ? absl::GetFlag(FLAGS_seed) : std::random_device{}()) {}

  // Whether all is as promised.
  bool Run() {
    const auto system = clock::FileClock::Open(clock_.file());
    auto people =
        UpliftPeople::Open(redis_.port(), absl::GetFlag(FLAGS_budgets), PolicyFolder(), system->get());
    if (!people.ok()) return Failed(people.status().ToString());
    people_ = std::move(*people);
    const bool done =
        Timed("seeded", [this] { return Seed(); }) && Timed("previewed", [this] { return Preview(); }) &&
        Timed("posted", [this] { return Post(); }) && Timed("read and checked", [this] { return Check(); });
    people_.reset();
    return done;
  }

 private:
  using Stub = v1::AllocationService::Stub;

  static std::string PolicyFolder() { return absl::StrCat(std::getenv("IPB_SOURCE_DIR"), "/deploy/policy"); }

  template <typename Step>
  bool Timed(const char* what, Step step) {
    const absl::Time began = absl::Now();
    const bool done = step();
    const double seconds = absl::ToDoubleSeconds(absl::Now() - began);
    std::printf("%-17s %9.1f s  %8.0f budgets a second%s\n", what, seconds,
                absl::GetFlag(FLAGS_budgets) / seconds, done ? "" : "  FAILED");
    std::fflush(stdout);
    return done;
  }
  static bool Failed(const std::string& why) {
    std::fprintf(stderr, "FAILED: %s\n", why.c_str());
    return false;
  }

  void Start() {
    allocation_ = std::make_unique<journey::Program>(
        "ipb-allocation", std::vector<std::string>{"--insecure", "--listen=127.0.0.1:0",
                                                   absl::StrCat("--store=redis://127.0.0.1:", redis_.port()),
                                                   absl::StrCat("--policy=", PolicyFolder()),
                                                   absl::StrCat("--clock=", clock_.file())});
    channels_ = bench::Connect(allocation_->Address(), 1);
    stub_ = v1::AllocationService::NewStub(channels_.front());
  }
  template <typename Request>
  grpc::Status Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, v1::Uplift*),
                    const char* actor, const Request& request, v1::Uplift* reply) {
    grpc::ClientContext context;
    bench::Prepare(context, actor);
    return (stub_.get()->*method)(&context, request, reply);
  }

  bool Seed() {
    const absl::Status seeded = people_->Seed();
    return seeded.ok() || Failed(seeded.ToString());
  }

  // The uplift once it is in a state; moves the clock meanwhile.
  bool Await(v1::Uplift::State state) {
    const absl::Time end = absl::Now() + absl::GetFlag(FLAGS_patience);
    const absl::Notification never;
    while (absl::Now() < end) {
      const auto read = people_->Read(uplift_.name());
      if (!read.ok()) return Failed(read.status().ToString());
      uplift_ = *read;
      if (uplift_.state() == state) return true;
      clock_.Move();
      never.WaitForNotificationWithTimeout(absl::Milliseconds(20));
    }
    return Failed(absl::StrCat("the uplift stays ", v1::Uplift::State_Name(uplift_.state())));
  }

  bool Preview() {
    Start();
    v1::ApplyUpliftRequest request;
    request.set_effective_from_date(kUpliftDay);
    request.set_request_id(identifiers::RandomUuid());
    const grpc::Status applied = Call(&Stub::ApplyUplift, "staff-1", request, &uplift_);
    if (!applied.ok()) return Failed(applied.error_message());
    return Await(v1::Uplift::STATE_PREVIEWED);
  }

  // Released by a second person; the reply may be lost with the process.
  bool Post() {
    previewed_ = uplift_;
    const auto none = people_->CommitsOfPeople();
    if (!none.ok()) return Failed(none.status().ToString());
    v1::ReleaseUpliftRequest request;
    request.set_name(uplift_.name());
    request.set_digest(uplift_.digest());
    request.set_weekly_after_pence(uplift_.weekly_after_pence());
    request.mutable_decision()->set_reasons("as the board resolved");
    request.set_request_id(identifiers::RandomUuid());
    std::thread releasing([this, request, stub = v1::AllocationService::NewStub(channels_.front())] {
      grpc::ClientContext context;
      bench::Prepare(context, "staff-2");
      v1::Uplift reply;
      released_ = stub->ReleaseUplift(&context, request, &reply);
    });
    const bool killed = KillWhilePosting();
    const bool posted = killed && Await(v1::Uplift::STATE_POSTED);
    releasing.join();
    return posted || Failed(absl::StrCat("released: ", released_.error_message()));
  }

  // Kills once in each part of the posting, at a moment of chance, as the people's commits are seen to go on.
  bool KillWhilePosting() {
    const int kills = absl::GetFlag(FLAGS_kills);
    const double part = static_cast<double>(previewed_.uplifted_count()) / (kills + 1);
    const absl::Time end = absl::Now() + absl::GetFlag(FLAGS_patience);
    for (int kill = 0; kill < kills; ++kill) {
      const double at = part * (kill + std::uniform_real_distribution<double>(0.1, 0.9)(random_));
      while (true) {
        const auto commits = people_->CommitsOfPeople();
        if (!commits.ok()) return Failed(commits.status().ToString());
        if (*commits >= at) break;
        if (absl::Now() > end) return Failed(absl::StrCat("posting stays at ", *commits));
        clock_.Move();
      }
      allocation_.reset();  // with -9
      const auto left = people_->Read(uplift_.name());
      if (!left.ok() || left->state() != v1::Uplift::STATE_POSTING) {
        return Failed(absl::StrCat("it was posted before kill ", kill + 1));
      }
      clock_.Jump(kLease);
      Start();
      ++kills_;
    }
    return true;
  }

  bool Check() {
    if (allocation_->Stop() != 0) return Failed("allocation ended badly");
    const Totals expected = people_->Expected();
    const auto stored = people_->Stored(uplift_.name());
    if (!stored.ok()) return Failed(stored.status().ToString());
    std::printf(
        "%lld live budgets, %lld uplifted, %d kills\n"
        "previewed  %lld to %lld pence a week\n"
        "posted     %lld, from %lld to %lld; %lld dropped\n"
        "stored     %lld, from %lld to %lld\n"
        "expected   %lld, from %lld to %lld\n",
        static_cast<long long>(previewed_.budget_count()),
        static_cast<long long>(previewed_.uplifted_count()), kills_,
        static_cast<long long>(previewed_.weekly_before_pence()),
        static_cast<long long>(previewed_.weekly_after_pence()),
        static_cast<long long>(uplift_.posted_count()), static_cast<long long>(uplift_.posted_before_pence()),
        static_cast<long long>(uplift_.posted_after_pence()), static_cast<long long>(uplift_.dropped_count()),
        static_cast<long long>(stored->grows), static_cast<long long>(stored->before_pence),
        static_cast<long long>(stored->after_pence), static_cast<long long>(expected.grows),
        static_cast<long long>(expected.before_pence), static_cast<long long>(expected.after_pence));
    const Totals previewed{previewed_.budget_count(), previewed_.uplifted_count(),
                           previewed_.weekly_before_pence(), previewed_.weekly_after_pence()};
    const Totals posted{previewed_.budget_count(), uplift_.posted_count(), uplift_.posted_before_pence(),
                        uplift_.posted_after_pence()};
    const bool same = *stored == expected && previewed == expected && posted == expected;
    return same && uplift_.dropped_count() == 0 ? true : Failed("the totals are not the same");
  }

  const testing::Folder folder_;
  MovingClock clock_;
  std::mt19937 random_;
  store::RedisServer redis_;
  std::unique_ptr<UpliftPeople> people_;
  std::unique_ptr<journey::Program> allocation_;
  bench::Channels channels_;
  std::unique_ptr<Stub> stub_;
  v1::Uplift uplift_, previewed_;
  grpc::Status released_;
  int kills_ = 0;
};

}  // namespace
}  // namespace ipb::soak

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  const bool as_promised = ipb::soak::Soak().Run();
  std::printf("%s\n", as_promised ? "All as promised" : "FAILED");
  return as_promised ? 0 : 1;
}
