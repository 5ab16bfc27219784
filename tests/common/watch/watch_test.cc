#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <set>

#include "absl/strings/str_cat.h"
#include "common/watch/access_mirror.h"
#include "common/watch/consumer.h"
#include "ipb/v1/people_service.grpc.pb.h"
#include "ipb/v1/reviews_service.grpc.pb.h"
#include "services/people/service.h"
#include "services/reviews/service.h"
#include "tests/async/wait.h"
#include "tests/support/running_suite.h"
#include "tests/support/service_changes.h"

namespace ipb::watch {
namespace {

using ::testing::Contains;
using ::testing::IsSupersetOf;
using testing::kCouncil;
using testing::kIcb;
using ::testing::Not;
using testing::RunningSuite;
using People = v1::PeopleService::Stub;

// Remembers the changes that a consumer handed over, in order.
class Seen {
 public:
  // Fails each subject's first `failures` times.
  Handler Record(int failures = 0) {
    return [this, failures](v1::Change change) { return Take(std::move(change), failures); };
  }
  // Waits until that many were handled, and gives the subjects of all.
  std::vector<std::string> AwaitAtLeast(size_t count) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, std::chrono::seconds(60), [&] { return subjects_.size() >= count; }));
    return subjects_;
  }
  // Waits until that many tries failed, and gives how many did.
  int AwaitFailures(int count) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, std::chrono::seconds(60), [&] { return failed_ >= count; }));
    return failed_;
  }

 private:
  async::Task<absl::Status> Take(v1::Change change, int failures) {
    const std::lock_guard lock(mutex_);
    if (tries_[change.subject()]++ < failures) {
      ++failed_;
      changed_.notify_all();
      co_return absl::InternalError("not yet");
    }
    subjects_.push_back(change.subject());
    changed_.notify_all();
    co_return absl::OkStatus();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, int> tries_;
  std::vector<std::string> subjects_;
  int failed_ = 0;
};

// A service to the right of people that has consumers as a test wants them.
class Follower final : public v1::ReviewsService::CallbackService, public process::HostedService {
 public:
  Follower(const server::Serving& serving, process::Upstreams& upstreams, Follower** itself)
      : serving_(serving), changes_(upstreams.Peer<v1::ChangesService>("reviews", "people")) {
    *itself = this;
  }
  grpc::Service* grpc_service() override { return this; }
  void Stopping() override { consumer_.reset(); }

  void Follow(Handler handler) {
    consumer_ =
        std::make_unique<Consumer>(serving_.environment, changes_, Subscription{"test", "people", handler});
    consumer_->Start();
  }
  void Stop() { consumer_.reset(); }

 private:
  const server::Serving& serving_;
  const std::shared_ptr<client::Peer<v1::ChangesService>> changes_;
  std::unique_ptr<Consumer> consumer_;
};

process::ServiceFactory FollowerFactory(Follower** follower) {
  return {"reviews", "test/1", [follower](const server::Serving& serving, process::Upstreams& upstreams) {
            return std::make_unique<Follower>(serving, upstreams, follower);
          }};
}

v1::RegisterPersonRequest Registration(const std::string& nhs_number) {
  v1::RegisterPersonRequest request;
  request.mutable_identifier()->set_kind(v1::IDENTIFIER_KIND_NHS_NUMBER);
  request.mutable_identifier()->set_value(nhs_number);
  request.set_birth_date("1960-05-01");
  request.set_role(v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE);
  request.set_request_id(testing::NewRequestId());
  return request;
}

std::string Register(const std::shared_ptr<grpc::Channel>& channel) {
  grpc::ClientContext context;
  context.set_wait_for_ready(true);
  RunningSuite::Prepare(context, kCouncil);
  v1::Person person;
  const grpc::Status status = v1::PeopleService::NewStub(channel)->RegisterPerson(
      &context, Registration(testing::NewNhsNumber()), &person);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return person.name();
}

TEST(Consumer, HandsOverEachChange) {
  Follower* follower = nullptr;
  RunningSuite suite({people::Factory(), FollowerFactory(&follower)});
  Seen seen;
  follower->Follow(seen.Record());
  const std::string first = Register(suite.channel());
  const std::string second = Register(suite.channel());
  // A registration changes a claim and a person.
  EXPECT_THAT(seen.AwaitAtLeast(4), IsSupersetOf({first, second}));
  follower->Stop();
}

TEST(Consumer, GoesOnFromItsCursor) {
  Follower* follower = nullptr;
  RunningSuite suite({people::Factory(), FollowerFactory(&follower)});
  Seen before;
  follower->Follow(before.Record());
  const std::string first = Register(suite.channel());
  before.AwaitAtLeast(2);
  follower->Stop();
  const std::string second = Register(suite.channel());
  Seen after;
  follower->Follow(after.Record());
  const std::vector<std::string> seen = after.AwaitAtLeast(2);
  EXPECT_THAT(seen, Contains(second));
  EXPECT_THAT(seen, Not(Contains(first)));
  follower->Stop();
}

TEST(Consumer, TriesAgainWhatFails) {
  Follower* follower = nullptr;
  RunningSuite suite({people::Factory(), FollowerFactory(&follower)});
  Seen seen;
  follower->Follow(seen.Record(2));
  const std::string person = Register(suite.channel());
  EXPECT_THAT(seen.AwaitAtLeast(2), Contains(person));
  EXPECT_EQ(seen.AwaitFailures(4), 4);
  follower->Stop();
}

TEST(Consumer, StopsWhileAHandlerFailsForEver) {
  Follower* follower = nullptr;
  RunningSuite suite({people::Factory(), FollowerFactory(&follower)});
  Seen never;
  follower->Follow(never.Record(1'000'000));
  const std::string person = Register(suite.channel());
  never.AwaitFailures(1);
  follower->Stop();
  Seen seen;
  follower->Follow(seen.Record());
  EXPECT_THAT(seen.AwaitAtLeast(2), Contains(person));
}

// People in one process, the follower in another, over TCP.
process::Flags FlagsOf(const std::string& listen, const std::string& store) {
  process::Flags flags;
  flags.listen = listen;
  flags.store = store;
  const char* source = std::getenv("IPB_SOURCE_DIR");
  flags.policy = absl::StrCat(source == nullptr ? "." : source, "/deploy/policy");
  flags.insecure = true;
  flags.test_people = true;
  return flags;
}

std::unique_ptr<process::Process> StartOrDie(process::Flags flags,
                                             const std::vector<process::ServiceFactory>& what) {
  auto process = process::Process::Start(std::move(flags), what);
  if (!process.ok()) ADD_FAILURE() << process.status();
  return process.ok() ? *std::move(process) : nullptr;
}

TEST(Consumer, SurvivesTheEndOfItsStream) {
  const auto folder =
      std::filesystem::temp_directory_path() / absl::StrCat("watch-", testing::NewRequestId());
  std::filesystem::create_directory(folder);
  const std::string store = absl::StrCat("sqlite:", (folder / "people.db").string());
  auto people = StartOrDie(FlagsOf("127.0.0.1:0", store), {people::Factory()});
  ASSERT_NE(people, nullptr);
  const std::string address = absl::StrCat("127.0.0.1:", people->port());
  Follower* follower = nullptr;
  process::Flags right = FlagsOf("127.0.0.1:0", "sqlite::memory:");
  right.upstreams["people"] = address;
  auto process = StartOrDie(right, {FollowerFactory(&follower)});
  ASSERT_NE(process, nullptr);
  Seen seen;
  follower->Follow(seen.Record());
  const std::string before = Register(people->InProcessChannel());
  EXPECT_THAT(seen.AwaitAtLeast(2), Contains(before));
  people.reset();
  people = StartOrDie(FlagsOf(address, store), {people::Factory()});
  ASSERT_NE(people, nullptr);
  const std::string after = Register(people->InProcessChannel());
  const std::vector<std::string> all = seen.AwaitAtLeast(4);
  EXPECT_THAT(all, Contains(after));
  EXPECT_THAT(std::set<std::string>(all.begin(), all.end()).size(), all.size())
      << "nothing was handed over twice";
  process.reset();
  people.reset();
  std::filesystem::remove_all(folder);
}

class AccessMirrorTest : public ::testing::Test {
 protected:
  AccessMirrorTest()
      : suite_({people::Factory(), reviews::Factory()}, {}, true),
        people_(v1::PeopleService::NewStub(suite_.channel())),
        reviews_(v1::ReviewsService::NewStub(suite_.channel())),
        changes_(suite_, "reviews") {}

  // A person for whom the council is responsible, and the ICB from its acceptance on.
  v1::Person Shared() {
    const std::string nhs_number = testing::NewNhsNumber();
    v1::Person person;
    EXPECT_TRUE(
        suite_.Call(*people_, &People::RegisterPerson, kCouncil, Registration(nhs_number), &person).ok());
    changes_.Await(person.name(), "watch/access");
    v1::RegisterPersonRequest joining = Registration(nhs_number);
    joining.set_role(v1::RESPONSIBILITY_ROLE_RESPONSIBLE_ICB);
    v1::Person reply;
    EXPECT_TRUE(suite_.Call(*people_, &People::RegisterPerson, kIcb, joining, &reply).ok());
    changes_.Await(person.name(), "watch/access");
    EXPECT_EQ(List(kIcb, person.name()), grpc::NOT_FOUND);
    v1::AcceptResponsibilityRequest accepting;
    accepting.set_name(person.name());
    accepting.set_organisation(kIcb.organisation);
    EXPECT_TRUE(suite_.Call(*people_, &People::AcceptResponsibility, kCouncil, accepting, &person).ok());
    changes_.Await(person.name(), "watch/access");
    return person;
  }
  grpc::StatusCode List(const testing::As& as, const std::string& person) {
    v1::ListReviewsRequest request;
    request.set_parent(person);
    v1::ListReviewsResponse reply;
    return suite_.Call(*reviews_, &v1::ReviewsService::Stub::ListReviews, as, request, &reply).error_code();
  }

  state::v1::AccessRecord KnownInReviews(const std::string& person) {
    store::Store* store = suite_.process().StoreOf("reviews");
    const absl::StatusOr<store::LoadResult> loaded = async::Wait(store->Load({person, "", {}}));
    state::v1::AccessRecord access;
    EXPECT_TRUE(loaded.ok() && access.ParseFromString(loaded->access));
    return access;
  }

  RunningSuite suite_;
  std::unique_ptr<People> people_;
  std::unique_ptr<v1::ReviewsService::Stub> reviews_;
  testing::ServiceChanges changes_;
};

TEST_F(AccessMirrorTest, AcceptanceAndRemovalTakeEffectElsewhere) {
  const v1::Person person = Shared();
  EXPECT_EQ(List(kIcb, person.name()), grpc::OK);
  EXPECT_EQ(List(kCouncil, person.name()), grpc::OK);
  v1::EndResponsibilityRequest ending;
  ending.set_name(person.name());
  ending.set_effective_to_date("2025-06-02");
  v1::Person reply;
  ASSERT_TRUE(suite_.Call(*people_, &People::EndResponsibility, kIcb, ending, &reply).ok());
  changes_.Await(person.name(), "watch/access");
  EXPECT_EQ(List(kIcb, person.name()), grpc::OK) << "the last day is a day of responsibility";
  suite_.SetDate("2025-06-03");
  EXPECT_EQ(List(kIcb, person.name()), grpc::NOT_FOUND);
  EXPECT_EQ(List(kCouncil, person.name()), grpc::OK);
}

TEST_F(AccessMirrorTest, DeathReachesEveryService) {
  const v1::Person person = Shared();
  v1::RecordCircumstanceRequest death;
  death.set_parent(person.name());
  death.set_kind(v1::Circumstance::KIND_DEATH);
  death.set_effective_from_date("2025-06-01");
  v1::Circumstance reply;
  ASSERT_TRUE(suite_.Call(*people_, &People::RecordCircumstance, kCouncil, death, &reply).ok());
  changes_.Await(person.name(), "watch/access");
  EXPECT_EQ(KnownInReviews(person.name()).death_date(), "2025-06-01");
  v1::CorrectCircumstanceRequest correction;
  correction.set_name(reply.name());
  correction.set_effective_from_date("2025-05-31");
  correction.mutable_decision()->set_reasons("The certificate says the day before.");
  ASSERT_TRUE(suite_.Call(*people_, &People::CorrectCircumstance, kCouncil, correction, &reply).ok());
  changes_.Await(person.name(), "watch/access");
  EXPECT_EQ(KnownInReviews(person.name()).death_date(), "2025-05-31");
  correction.set_name(reply.name());
  correction.clear_effective_from_date();
  correction.set_recorded_in_error(true);
  correction.mutable_decision()->set_reasons("It was somebody else of the same name.");
  ASSERT_TRUE(suite_.Call(*people_, &People::CorrectCircumstance, kCouncil, correction, &reply).ok());
  changes_.Await(person.name(), "watch/access");
  EXPECT_EQ(KnownInReviews(person.name()).death_date(), "");
}

TEST_F(AccessMirrorTest, AMergeReachesEveryService) {
  const v1::Person person = Shared();
  const v1::Person survivor = Shared();
  v1::MergePeopleRequest merging;
  merging.set_name(person.name());
  merging.set_survivor(survivor.name());
  merging.mutable_decision()->set_reasons("One person by passport.");
  v1::Person reply;
  ASSERT_TRUE(suite_.Call(*people_, &People::MergePeople, kCouncil, merging, &reply).ok());
  changes_.Await(person.name(), "watch/access");
  EXPECT_EQ(KnownInReviews(person.name()).merged_into(), survivor.name());
}

}  // namespace
}  // namespace ipb::watch
