// What callers and operators of the real suite see while its redis-server hangs or is dead, and when it is
// back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <future>

#include "absl/strings/str_cat.h"
#include "ipb/v1/changes_service.grpc.pb.h"
#include "ipb/v1/people_service.grpc.pb.h"
#include "tests/journeys/program.h"
#include "tests/store/redis_server.h"
#include "tests/support/health_watch.h"
#include "tests/support/running_suite.h"

namespace ipb {
namespace {

using std::chrono::seconds;
using testing::Health;
using testing::HealthOf;
using testing::HealthWatch;
using testing::kCouncil;
using testing::RunningSuite;

journey::Program Suite(const store::RedisServer& redis) {
  return journey::Program(
      "ipb-suite",
      {"--insecure", "--listen=127.0.0.1:0", absl::StrCat("--store=redis://127.0.0.1:", redis.port()),
       absl::StrCat("--policy=", std::getenv("IPB_SOURCE_DIR"), "/deploy/policy")});
}

v1::RegisterPersonRequest Registration() {
  v1::RegisterPersonRequest request;
  request.mutable_identifier()->set_kind(v1::IDENTIFIER_KIND_NHS_NUMBER);
  request.mutable_identifier()->set_value(testing::NewNhsNumber());
  request.set_birth_date("1960-05-01");
  request.set_role(v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE);
  request.set_request_id(testing::NewRequestId());
  return request;
}

// How redis-server goes away, and how it comes back.
struct Absence {
  const char* name;
  void (store::RedisServer::*leave)();
  void (store::RedisServer::*come_back)();
};

class StoreAwayTest : public ::testing::Test {
 protected:
  StoreAwayTest() : channel_(grpc::CreateChannel(suite_.Address(), grpc::InsecureChannelCredentials())) {}

  grpc::Status Register(const v1::RegisterPersonRequest& request, seconds deadline, v1::Person* person) {
    grpc::ClientContext context;
    RunningSuite::Prepare(context, kCouncil);
    context.set_deadline(std::chrono::system_clock::now() + deadline);
    return people_->RegisterPerson(&context, request, person);
  }
  grpc::Status Get(const std::string& name, seconds deadline, v1::Person* person) {
    grpc::ClientContext context;
    RunningSuite::Prepare(context, kCouncil);
    context.set_deadline(std::chrono::system_clock::now() + deadline);
    v1::GetPersonRequest request;
    request.set_name(name);
    return people_->GetPerson(&context, request, person);
  }
  static void ExpectStoreAway(const grpc::Status& status) {
    EXPECT_EQ(status.error_code(), grpc::UNAVAILABLE) << status.error_message();
    const testing::Details details = testing::DetailsOf(status);
    EXPECT_EQ(details.info.reason(), "STORE_UNAVAILABLE");
    EXPECT_TRUE(details.has_retry);
  }

  store::RedisServer redis_;
  journey::Program suite_ = Suite(redis_);
  const std::shared_ptr<grpc::Channel> channel_;
  const std::unique_ptr<v1::PeopleService::Stub> people_ = v1::PeopleService::NewStub(channel_);
};

class StoreAwayAndBackTest : public StoreAwayTest, public ::testing::WithParamInterface<Absence> {};

TEST_P(StoreAwayAndBackTest, CallsAndHealthSaySoAndRecoverByThemselves) {
  HealthWatch ready(channel_, "ready");
  ASSERT_TRUE(ready.Await(Health::SERVING));
  v1::Person before;
  ASSERT_TRUE(Register(Registration(), seconds(10), &before).ok());

  (redis_.*GetParam().leave)();
  const v1::RegisterPersonRequest registration = Registration();
  v1::Person person;
  ExpectStoreAway(Register(registration, seconds(10), &person));
  ExpectStoreAway(Get(before.name(), seconds(10), &person));
  ASSERT_TRUE(ready.Await(Health::NOT_SERVING));
  EXPECT_EQ(HealthOf(channel_, ""), Health::SERVING) << "a live process is not to be restarted for its store";
  ExpectStoreAway(Get(before.name(), seconds(1), &person));

  (redis_.*GetParam().come_back)();
  ASSERT_TRUE(ready.Await(Health::SERVING));
  const grpc::Status found = Get(before.name(), seconds(10), &person);
  EXPECT_TRUE(found.ok()) << found.error_message();
  EXPECT_EQ(person.SerializeAsString(), before.SerializeAsString());
  const grpc::Status registered = Register(registration, seconds(10), &person);
  EXPECT_TRUE(registered.ok()) << registered.error_message();
}

INSTANTIATE_TEST_SUITE_P(
    Absences, StoreAwayAndBackTest,
    ::testing::Values(Absence{"Hung", &store::RedisServer::Suspend, &store::RedisServer::Continue},
                      Absence{"Killed", &store::RedisServer::Kill, &store::RedisServer::Restart}),
    [](const auto& test) { return test.param.name; });

TEST_F(StoreAwayTest, AStreamOfChangesEndsAndGoesOnFromItsCursor) {
  const std::unique_ptr<v1::ChangesService::Stub> changes = v1::ChangesService::NewStub(channel_);
  HealthWatch ready(channel_, "ready");
  ASSERT_TRUE(ready.Await(Health::SERVING));
  grpc::ClientContext context;
  RunningSuite::Prepare(context, kCouncil);
  context.set_deadline(std::chrono::system_clock::now() + seconds(30));
  v1::WatchRequest request;
  request.set_service("people");
  request.set_from_now(true);
  auto stream = changes->Watch(&context, request);
  v1::WatchResponse response;
  ASSERT_TRUE(stream->Read(&response));
  request.set_cursor(response.cursor());
  redis_.Suspend();
  while (stream->Read(&response)) request.set_cursor(response.cursor());
  ExpectStoreAway(stream->Finish());
  ASSERT_TRUE(ready.Await(Health::NOT_SERVING));

  redis_.Continue();
  ASSERT_TRUE(ready.Await(Health::SERVING));
  v1::Person person;
  ASSERT_TRUE(Register(Registration(), seconds(10), &person).ok());
  grpc::ClientContext again;
  RunningSuite::Prepare(again, kCouncil);
  again.set_deadline(std::chrono::system_clock::now() + seconds(30));
  stream = changes->Watch(&again, request);
  bool told = false;
  while (!told && stream->Read(&response)) {
    for (const v1::Change& change : response.changes()) told = told || change.subject() == person.name();
  }
  EXPECT_TRUE(told);
  again.TryCancel();
}

TEST_F(StoreAwayTest, TheSuiteStopsWhileRedisHangs) {
  v1::Person person;
  ASSERT_TRUE(Register(Registration(), seconds(10), &person).ok());
  redis_.Suspend();
  grpc::ClientContext context;
  RunningSuite::Prepare(context, kCouncil);
  const v1::RegisterPersonRequest registration = Registration();
  std::promise<grpc::Status> called;
  people_->async()->RegisterPerson(&context, &registration, &person,
                                   [&](grpc::Status status) { called.set_value(std::move(status)); });
  // What comes after it on the same connection is answered, so it has arrived.
  ASSERT_EQ(HealthOf(channel_, ""), Health::SERVING);
  const auto asked = std::chrono::steady_clock::now();
  EXPECT_EQ(suite_.Stop(), 0);
  EXPECT_LT(std::chrono::steady_clock::now() - asked, seconds(20));
  ExpectStoreAway(called.get_future().get());
}

TEST_F(StoreAwayTest, TheSuiteStopsLongAfterRedisBeganToHang) {
  {
    // Not open while the suite stops, which would wait for its end.
    HealthWatch ready(channel_, "ready");
    ASSERT_TRUE(ready.Await(Health::SERVING));
    redis_.Suspend();
    ASSERT_TRUE(ready.Await(Health::NOT_SERVING));
  }
  const auto asked = std::chrono::steady_clock::now();
  EXPECT_EQ(suite_.Stop(), 0);
  EXPECT_LT(std::chrono::steady_clock::now() - asked, seconds(20));
}

}  // namespace
}  // namespace ipb
