// What a service lets go of in time and what it keeps for ever, by way of its calls, on both engines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/process/trimmer.h"
#include "common/server/limits.h"
#include "ipb/v1/changes_service.grpc.pb.h"
#include "ipb/v1/people_service.grpc.pb.h"
#include "services/people/service.h"
#include "tests/async/wait.h"
#include "tests/store/redis_server.h"
#include "tests/support/running_suite.h"

namespace ipb::process {
namespace {

using testing::DetailsOf;
using ::testing::ElementsAre;
using testing::kCouncil;
using testing::NewRequestId;
using testing::RunningSuite;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using Changes = v1::ChangesService::Stub;
using People = v1::PeopleService::Stub;

// The value of a key in an error's metadata.
std::string MetadataOf(const grpc::Status& status, const std::string& key) {
  const google::rpc::ErrorInfo info = DetailsOf(status).info;
  const auto found = info.metadata().find(key);
  return found == info.metadata().end() ? "" : found->second;
}

// What a stream of changes said before it had said enough, or ended.
struct Watched {
  std::set<std::string> subjects;
  std::string cursor;
  grpc::Status status;
};

// The parameter is whether the store is Redis.
class RetentionTest : public ::testing::TestWithParam<bool> {
 protected:
  RetentionTest()
      : redis_(GetParam() ? std::make_unique<store::RedisServer>() : nullptr),
        suite_({people::Factory()}, {}, false,
               GetParam() ? absl::StrCat("redis://127.0.0.1:", redis_->port()) : "sqlite::memory:"),
        people_(v1::PeopleService::NewStub(suite_.channel())),
        changes_(v1::ChangesService::NewStub(suite_.channel())) {}

  static v1::RegisterPersonRequest Registering() {
    v1::RegisterPersonRequest request;
    request.mutable_identifier()->set_kind(v1::IDENTIFIER_KIND_NHS_NUMBER);
    request.mutable_identifier()->set_value(testing::NewNhsNumber());
    request.set_birth_date("1950-03-14");
    request.set_role(v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE);
    request.set_request_id(NewRequestId());
    return request;
  }
  std::pair<grpc::Status, v1::Person> Register(const v1::RegisterPersonRequest& request) {
    v1::Person person;
    const grpc::Status status = suite_.Call(*people_, &People::RegisterPerson, kCouncil, request, &person);
    return {status, person};
  }

  // Trims what is old by the clock, as the process does now and then.
  void Trim() {
    absl::StatusOr<bool> more = true;
    while (more.ok() && *more) more = async::Wait(suite_.process().TrimmerOf("people")->RunRound());
    EXPECT_TRUE(more.ok()) << more.status();
  }
  void LetPass(absl::Duration time) {
    Trim();
    suite_.clock().Advance(time);
    Trim();
  }

  // Watches until that many subjects changed; none is until the first word of the stream.
  Watched Watch(const std::string& cursor, size_t subjects) {
    v1::WatchRequest request;
    request.set_service("people");
    request.set_cursor(cursor);
    request.set_from_now(true);
    grpc::ClientContext context;
    RunningSuite::Prepare(context, kCouncil);
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
    const auto stream = changes_->Watch(&context, request);
    Watched watched;
    v1::WatchResponse batch;
    do {
      if (!stream->Read(&batch)) {
        watched.status = stream->Finish();
        return watched;
      }
      for (const v1::Change& change : batch.changes()) watched.subjects.insert(change.subject());
      watched.cursor = batch.cursor();
    } while (watched.subjects.size() < subjects);
    context.TryCancel();
    return watched;
  }
  std::vector<v1::HistoryEntry> History(const std::string& person) {
    v1::ListHistoryRequest request;
    request.set_service("people");
    request.set_parent(person);
    v1::ListHistoryResponse reply;
    EXPECT_TRUE(suite_.Call(*changes_, &Changes::ListHistory, kCouncil, request, &reply).ok());
    return {reply.entries().begin(), reply.entries().end()};
  }

  const std::unique_ptr<store::RedisServer> redis_;
  RunningSuite suite_;
  const std::unique_ptr<People> people_;
  const std::unique_ptr<Changes> changes_;
};

TEST_P(RetentionTest, AReplyIsKeptSevenDaysAndThenItsName) {
  const v1::RegisterPersonRequest first = Registering();
  const std::string name = Register(first).second.name();
  LetPass(absl::Hours(6 * 24));
  EXPECT_EQ(Register(first).second.birth_date(), "1950-03-14") << "the whole reply, after six days";
  const v1::RegisterPersonRequest second = Registering();
  const std::string younger = Register(second).second.name();
  LetPass(absl::Hours(2 * 24));

  const grpc::Status again = Register(first).first;
  EXPECT_EQ(again.error_code(), grpc::ALREADY_EXISTS);
  EXPECT_EQ(DetailsOf(again).info.reason(), "ALREADY_EXISTS");
  EXPECT_EQ(MetadataOf(again, "name"), name);
  EXPECT_EQ(Register(second).second.name(), younger);
  EXPECT_EQ(Register(second).second.birth_date(), "1950-03-14");
  v1::RegisterPersonRequest other = first;
  other.set_birth_date("1950-03-15");
  EXPECT_EQ(DetailsOf(Register(other).first).info.reason(), "REQUEST_ID_REUSED");
  EXPECT_THAT(History(name), SizeIs(1));
}

TEST_P(RetentionTest, AChangeIsKeptThirtyFiveDays) {
  const std::string before = Watch("", 0).cursor;
  const std::string first = Register(Registering()).second.name();
  const std::string between = Watch(before, 1).cursor;
  LetPass(absl::Hours(34 * 24));
  const std::string second = Register(Registering()).second.name();
  LetPass(absl::Hours(12));
  EXPECT_THAT(Watch(before, 2).subjects, UnorderedElementsAre(first, second)) << "34 days old";
  LetPass(absl::Hours(2 * 24));

  const Watched old = Watch(before, 1);
  EXPECT_EQ(old.status.error_code(), grpc::OUT_OF_RANGE) << old.status.error_message();
  EXPECT_EQ(DetailsOf(old.status).info.reason(), "CURSOR_TOO_OLD");
  const std::string oldest = MetadataOf(old.status, "oldest_cursor");
  ASSERT_NE(oldest, "");
  EXPECT_THAT(Watch(oldest, 1).subjects, ElementsAre(second));
  EXPECT_THAT(Watch(between, 1).subjects, ElementsAre(second)) << "a younger cursor misses nothing";
  EXPECT_THAT(History(first), SizeIs(1));
}

TEST_P(RetentionTest, SeveralMayTrimAtOnce) {
  const v1::RegisterPersonRequest first = Registering();
  const std::string name = Register(first).second.name();
  Trim();
  suite_.clock().Advance(absl::Hours(40 * 24));
  const v1::RegisterPersonRequest second = Registering();
  async::Pending pending;
  for (int i = 0; i < 8; ++i) {
    pending.Add();
    async::Start(suite_.process().TrimmerOf("people")->RunRound(), [&](absl::StatusOr<bool> more) {
      EXPECT_TRUE(more.ok()) << more.status();
      pending.Done();
    });
  }
  const std::string younger = Register(second).second.name();
  pending.WaitAtMost(0);
  EXPECT_EQ(Register(first).first.error_code(), grpc::ALREADY_EXISTS);
  EXPECT_EQ(Register(second).second.name(), younger);
  EXPECT_THAT(History(name), SizeIs(1));
}

INSTANTIATE_TEST_SUITE_P(Engines, RetentionTest, ::testing::Bool(),
                         [](const auto& info) { return info.param ? "redis" : "sqlite"; });

TEST(Retention, ADayWithoutARowTrimsNothing) {
  RunningSuite suite({people::Factory()});
  suite.SetDate("2015-03-31");
  const absl::StatusOr<bool> more = async::Wait(suite.process().TrimmerOf("people")->RunRound());
  EXPECT_EQ(more.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(more.status().message()), ::testing::HasSubstr("no rate for"));
}

TEST(Retention, ARoundIsBounded) {
  RunningSuite suite({people::Factory()});
  store::Store& store = *suite.process().StoreOf("people");
  store::Revision revision;
  const int most = server::kTrimBatch * server::kTrimBatches;
  for (int i = 0; i <= most; ++i) {
    store::Writes writes;
    writes.commit_id = writes.history = absl::StrCat(i);
    revision = async::Wait(store.Commit("people/a", revision, std::move(writes), false))->revision;
  }
  Trimmer& trimmer = *suite.process().TrimmerOf("people");
  ASSERT_TRUE(async::Wait(trimmer.RunRound()).ok());
  suite.clock().Advance(absl::Hours(40 * 24));
  EXPECT_EQ(async::Wait(trimmer.RunRound()).value(), true) << "one is left";
  EXPECT_EQ(async::Wait(store.Tail({}, 10))->changes.size(), 1u);
  EXPECT_EQ(async::Wait(trimmer.RunRound()).value(), false);
  EXPECT_EQ(async::Wait(store.Tail({}, 10))->changes.size(), 0u);
}

}  // namespace
}  // namespace ipb::process
