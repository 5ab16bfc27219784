// A process that is asked to stop: what was begun ends, and whoever watched can go on elsewhere.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <future>
#include <mutex>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ipb/v1/changes_service.grpc.pb.h"
#include "ipb/v1/people_service.grpc.pb.h"
#include "services/people/service.h"
#include "tests/support/folder.h"
#include "tests/support/forwarding_store.h"
#include "tests/support/health_watch.h"
#include "tests/support/running_suite.h"

namespace ipb::process {
namespace {

using ::testing::Contains;
using testing::Health;
using testing::HealthWatch;
using testing::kCouncil;
using ::testing::Not;
using testing::RunningSuite;

// Holds up what passes through it while it is closed.
class Gate {
 public:
  void Close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  // Waits until somebody stands before it.
  void AwaitArrival() {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [this] { return !held_.empty(); });
  }
  void Open() {
    std::vector<async::Completion<bool>> held;
    {
      const std::lock_guard lock(mutex_);
      closed_ = false;
      held.swap(held_);
    }
    for (const auto& one : held) one.Set(true);
  }
  async::Task<void> Pass() {
    std::optional<async::Completion<bool>> wait;
    {
      const std::lock_guard lock(mutex_);
      if (closed_) {
        wait.emplace(&executor_);
        held_.push_back(*wait);
        arrived_.notify_all();
      }
    }
    if (wait) co_await *wait;
  }

 private:
  async::Executor executor_{1};
  std::mutex mutex_;
  std::condition_variable arrived_;
  bool closed_ = false;
  std::vector<async::Completion<bool>> held_;
};

struct Gates {
  Gate loads;
  Gate pings;
};

class GatedStore final : public testing::ForwardingStore {
 public:
  GatedStore(std::unique_ptr<store::Store> store, Gates* gates)
      : ForwardingStore(std::move(store)), gates_(gates) {}

  async::Task<absl::StatusOr<store::LoadResult>> Load(store::LoadRequest request) override {
    auto passing = gates_->loads.Pass();
    co_await passing;
    auto loading = ForwardingStore::Load(std::move(request));
    co_return co_await loading;
  }
  async::Task<absl::Status> Ping() override {
    auto passing = gates_->pings.Pass();
    co_await passing;
    auto pinging = ForwardingStore::Ping();
    co_return co_await pinging;
  }

 private:
  Gates* const gates_;
};

// A process on a store of its own, called over the network.
class DrainTest : public ::testing::Test {
 protected:
  void Start() {
    Substitutes substitutes;
    substitutes.wrap_engine =
        testing::WrapStores([this](std::unique_ptr<store::Store> store, const std::string&) {
          return std::make_unique<GatedStore>(std::move(store), &gates_);
        });
    suite_ = std::make_unique<RunningSuite>(std::vector{people::Factory()}, std::move(substitutes), false,
                                            absl::StrCat("sqlite:", folder_.File("people.db")));
    channel_ = grpc::CreateChannel(absl::StrCat("127.0.0.1:", suite_->process().port()),
                                   grpc::InsecureChannelCredentials());
  }
  // As SIGTERM does.
  std::future<void> Stop() {
    return std::async(std::launch::async, [this] { suite_.reset(); });
  }
  grpc::Status Register(v1::Person* person) {
    grpc::ClientContext context;
    RunningSuite::Prepare(context, kCouncil);
    v1::RegisterPersonRequest request;
    request.mutable_identifier()->set_kind(v1::IDENTIFIER_KIND_NHS_NUMBER);
    request.mutable_identifier()->set_value(testing::NewNhsNumber());
    request.set_birth_date("1960-05-01");
    request.set_role(v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE);
    return v1::PeopleService::NewStub(channel_)->RegisterPerson(&context, request, person);
  }

  testing::Folder folder_;
  Gates gates_;
  std::unique_ptr<RunningSuite> suite_;
  std::shared_ptr<grpc::Channel> channel_;
};

// A stream of people's changes, read until it has told of a person or ends.
class PeopleWatch {
 public:
  PeopleWatch(const std::shared_ptr<grpc::Channel>& channel, const std::string& cursor)
      : stub_(v1::ChangesService::NewStub(channel)), cursor_(cursor) {
    RunningSuite::Prepare(context_, kCouncil);
    context_.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(1));
    v1::WatchRequest request;
    request.set_service("people");
    request.set_cursor(cursor);
    stream_ = stub_->Watch(&context_, request);
  }
  ~PeopleWatch() { context_.TryCancel(); }

  bool AwaitChangeOf(const std::string& person) {
    while (std::find(subjects_.begin(), subjects_.end(), person) == subjects_.end()) {
      v1::WatchResponse response;
      if (!stream_->Read(&response)) return false;
      for (const v1::Change& change : response.changes()) subjects_.push_back(change.subject());
      cursor_ = response.cursor();
    }
    return true;
  }
  grpc::Status AwaitEnd() {
    AwaitChangeOf("nobody");
    return stream_->Finish();
  }
  // All that it told.
  const std::vector<std::string>& subjects() const { return subjects_; }
  const std::string& cursor() const { return cursor_; }

 private:
  const std::unique_ptr<v1::ChangesService::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::WatchResponse>> stream_;
  std::vector<std::string> subjects_;
  std::string cursor_;
};

TEST_F(DrainTest, CallsUnderWayEndAndStreamsGoOnElsewhere) {
  Start();
  v1::Person before, during;
  ASSERT_TRUE(Register(&before).ok());
  PeopleWatch watch(channel_, "");
  ASSERT_TRUE(watch.AwaitChangeOf(before.name()));
  gates_.loads.Close();
  auto calling = std::async(std::launch::async, [&] { return Register(&during); });
  gates_.loads.AwaitArrival();

  auto stopping = Stop();
  const grpc::Status ended = watch.AwaitEnd();
  EXPECT_EQ(ended.error_code(), grpc::UNAVAILABLE) << ended.error_message();
  EXPECT_EQ(testing::DetailsOf(ended).info.reason(), "STREAM_ENDED");
  EXPECT_NE(watch.cursor(), "");
  gates_.loads.Open();
  const grpc::Status called = calling.get();
  EXPECT_TRUE(called.ok()) << called.error_message();
  stopping.get();

  Start();
  PeopleWatch resumed(channel_, watch.cursor());
  EXPECT_TRUE(resumed.AwaitChangeOf(during.name()));
  EXPECT_THAT(resumed.subjects(), Not(Contains(before.name())));
}

TEST_F(DrainTest, ReadinessGoesOffFirstAndStaysOff) {
  Start();
  HealthWatch ready(channel_, "ready");
  ASSERT_TRUE(ready.Await(Health::SERVING));
  gates_.pings.Close();
  gates_.pings.AwaitArrival();
  auto stopping = Stop();
  EXPECT_TRUE(ready.Await(Health::NOT_SERVING));
  // The store answers, but the process no longer wants calls.
  gates_.pings.Open();
  EXPECT_FALSE(ready.Await(Health::SERVING)) << "until the stream ends with the server";
  stopping.get();
}

}  // namespace
}  // namespace ipb::process
