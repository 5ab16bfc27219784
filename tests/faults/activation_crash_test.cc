// The last approval of a plan commits in care planning, then in allocation, then in care planning again. Wherever a
// store ends in between, what was acknowledged is there after a restart, nothing is there twice, and the activation
// finishes by itself.
#include <unistd.h>

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "common/store/faulty_store.h"
#include "tests/faults/store_check.h"
#include "tests/handlers/careplanning/fixture.h"

namespace ipb::faults {
namespace {

using careplanning::kLead;
using careplanning::kManager;
using careplanning::kWriter;

// More than any store makes for one approval.
constexpr int kMostCommits = 5;

struct Crash {
  std::string service;
  bool applied;  // the commit of the crash was done, only its answer is lost
};

std::string NameOf(const ::testing::TestParamInfo<Crash>& info) {
  return absl::StrCat(info.param.service, info.param.applied ? "AfterACommit" : "BeforeACommit");
}

// The suite on a file, from start to stop.
class Life : public careplanning::Planning {
 public:
  explicit Life(const std::string& store, process::Substitutes substitutes = {}, bool mirror_access = true)
      : Planning(std::make_unique<testing::RunningSuite>(
            careplanning::Services(), std::move(substitutes), mirror_access, store)) {}

  // A plan that lacks only its last approval.
  v1::Plan Prepare() {
    person_ = NewPerson();
    AssessMeans();
    return AlmostApproved(Creating(NewBudget().name()));
  }
  grpc::Status Approve(const v1::ApprovePlanRequest& request, v1::Plan* reply) {
    return suite_->Call(*stub_, &Stub::ApprovePlan, kManager, request, reply);
  }
  std::vector<v1::Budget> Budgets(const std::string& person) {
    v1::ListBudgetsRequest request;
    request.set_parent(person);
    const auto listed = Must(*money_, &Money::ListBudgets, kWriter, request);
    return {listed.budgets().begin(), listed.budgets().end()};
  }
  Findings Check() {
    Findings findings;
    for (const char* space : {"people", "allocation", "careplanning"}) {
      CheckSpace(*suite_->process().StoreOf(space), space, findings);
    }
    return findings;
  }
};

class ActivationCrashTest : public ::testing::TestWithParam<Crash> {
 protected:
  ~ActivationCrashTest() override {
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(absl::StrCat(file_, end));
  }

  // Every case has a file of its own.
  void StartAnew(int commit) {
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(absl::StrCat(file_, end));
    file_ = absl::StrCat(::testing::TempDir(), "/", NameOf({GetParam(), 0}), "-", commit, "-", getpid());
  }
  std::string store() const { return absl::StrCat("sqlite:", file_); }

  process::Substitutes CrashingAt(int commit) {
    store::Faults faults;
    faults.crash_at_commit = commit;
    faults.crash_after = GetParam().applied;
    faults.only_space = GetParam().service;
    process::Substitutes substitutes;
    substitutes.wrap_engine = [this, faults](std::unique_ptr<store::Engine> engine) {
      return store::MakeFaulty(std::move(engine), &executor_, faults);
    };
    return substitutes;
  }

  // Approves while that commit crashes; whether the plan came into effect all the same. Says in `acknowledged` whether
  // the caller was told that the approval is recorded.
  bool ApproveWithCrash(const v1::ApprovePlanRequest& request, int commit, bool* acknowledged) {
    // What a service copies by itself would shift the count of its commits.
    Life crashing(store(), CrashingAt(commit), false);
    v1::Plan reply;
    const grpc::Status status = crashing.Approve(request, &reply);
    *acknowledged = status.ok();
    EXPECT_TRUE(status.ok() || status.error_code() == grpc::StatusCode::UNAVAILABLE) << status.error_message();
    return status.ok() && reply.state() == v1::Plan::STATE_ACTIVE;
  }

  // What was acknowledged needs nobody to ask again; what was not, its caller repeats.
  void FinishAfterRestart(const v1::ApprovePlanRequest& request, bool acknowledged) {
    Life again(store());
    v1::Plan reply;
    if (!acknowledged) {
      ASSERT_TRUE(again.Approve(request, &reply).ok());
    }
    again.AwaitState(request.name(), v1::Plan::STATE_ACTIVE);
    const v1::Plan active = again.Get(request.name());
    ASSERT_TRUE(again.Approve(request, &reply).ok());
    EXPECT_EQ(again.Get(request.name()).etag(), active.etag());
    ASSERT_EQ(active.approvals_size(), 2);
    EXPECT_EQ(active.approvals(0).organisation(), kLead.organisation);
    EXPECT_EQ(active.approvals(1).organisation(), kManager.organisation);
    EXPECT_EQ(active.signatures_size(), 1);
    ExpectOneAgreedBudget(again, active);
  }

  void ExpectOneAgreedBudget(Life& life, const v1::Plan& plan) {
    const std::string person = plan.name().substr(0, plan.name().find("/plans/"));
    const std::vector<v1::Budget> budgets = life.Budgets(person);
    ASSERT_EQ(budgets.size(), 2u);
    EXPECT_EQ(budgets[0].state(), v1::Budget::STATE_SUPERSEDED);
    EXPECT_EQ(budgets[0].superseded_by(), budgets[1].name());
    EXPECT_EQ(budgets[1].state(), v1::Budget::STATE_AGREED);
    EXPECT_EQ(budgets[1].mode(), v1::Budget::MODE_LIVE);
    EXPECT_EQ(budgets[1].plan(), plan.name());
    EXPECT_EQ(plan.budget(), budgets[1].name());
  }

  void ExpectSoundStores() {
    // What a service copies by itself would be written while it is looked at.
    Life reopened(store(), {}, false);
    const Findings findings = reopened.Check();
    EXPECT_THAT(findings.complaints, ::testing::IsEmpty());
    EXPECT_EQ(findings.work_left, 0);
    EXPECT_GT(findings.commits, 10);
  }

  // Delays what is delayed; nothing is.
  async::Executor executor_{1};
  std::string file_;
};

TEST_P(ActivationCrashTest, TheActivationFinishesByItselfAndDoesEverythingOnce) {
  for (int commit = 1; commit <= kMostCommits; ++commit) {
    SCOPED_TRACE(absl::StrCat("commit ", commit));
    StartAnew(commit);
    v1::ApprovePlanRequest request;
    {
      Life before(store());
      const v1::Plan plan = before.Prepare();
      ASSERT_EQ(plan.state(), v1::Plan::STATE_PROPOSED);
      request = careplanning::CouncilApproval(plan.name());
      request.set_request_id(testing::NewRequestId());
    }
    bool acknowledged = false;
    const bool unharmed = ApproveWithCrash(request, commit, &acknowledged);
    ASSERT_NO_FATAL_FAILURE(FinishAfterRestart(request, acknowledged));
    ExpectSoundStores();
    if (!unharmed) continue;
    // Care planning commits the approval and the plan's activation, allocation the agreed budget.
    EXPECT_GT(commit, GetParam().service == "careplanning" ? 2 : 1);
    return;
  }
  ADD_FAILURE() << "every commit of the approval was a crash";
}

INSTANTIATE_TEST_SUITE_P(Services, ActivationCrashTest,
                         ::testing::Values(Crash{"careplanning", false}, Crash{"careplanning", true},
                                           Crash{"allocation", false}, Crash{"allocation", true}),
                         NameOf);

}  // namespace
}  // namespace ipb::faults
