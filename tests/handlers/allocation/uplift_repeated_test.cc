// Uplifts whose work is done again, or whose store goes wrong: nobody's budget is uplifted twice or missed.
#include <gmock/gmock.h>

#include "common/store/faulty_store.h"
#include "common/work/worker.h"
#include "tests/async/wait.h"
#include "tests/handlers/allocation/uplift_fixture.h"

namespace ipb::allocation {
namespace {

using ::testing::SizeIs;

// Puts an uplift back to where it was when it was released, as if the process had died before it could keep
// how far it came: the people have their new budgets, and nothing of the uplift's own knows of it.
TEST_F(UpliftTest, RepeatedWorkDoublesNothing) {
  const std::vector<v1::Budget> budgets = AgreedMany(5);
  const v1::Uplift uplift = Apply();
  const auto frozen = async::Wait(Store().List(uplift.name(), "verdicts/", "", 10));
  ASSERT_TRUE(frozen.ok());
  ASSERT_THAT(*frozen, SizeIs(1));
  const v1::Uplift posted = Must(&Stub::ReleaseUplift, kSecondCouncilOfficer, Releasing(uplift));
  const std::vector<v1::UpliftVerdict> verdicts = Verdicts(uplift.name());

  v1::Uplift back = uplift;
  back.set_state(v1::Uplift::STATE_POSTING);
  *back.mutable_release() = posted.release();
  const auto loaded = async::Wait(Store().Load({uplift.name(), "", {}}));
  state::v1::WorkItem item;
  item.set_kind("post-uplift");
  item.set_organisation(kCouncil.organisation);
  item.set_system("test");
  item.set_actor(kSecondCouncilOfficer.actor);
  item.mutable_due_time()->set_seconds(absl::ToUnixSeconds(suite_->clock().Now()));
  store::Writes writes;
  writes.commit_id = "back";
  writes.history = "as if it had died";
  writes.puts = {{".", back.SerializeAsString(), 0},
                 {frozen->front().name, frozen->front().data, 0},
                 {call::WorkRecordOf("post-uplift"), item.SerializeAsString(), 0}};
  writes.index_adds = {{call::kWorkIndex, call::WorkKeyOf(item), "", call::WorkRecordOf("post-uplift")}};
  ASSERT_TRUE(async::Wait(Store().Commit(uplift.name(), loaded->revision, writes, false)).ok());
  ASSERT_EQ(Get(uplift.name()).state(), v1::Uplift::STATE_POSTING);
  ASSERT_EQ(suite_->FinishWork("allocation"), 1);

  const v1::Uplift again = Get(uplift.name());
  EXPECT_EQ(again.state(), v1::Uplift::STATE_POSTED);
  EXPECT_EQ(again.posted_count(), posted.posted_count());
  EXPECT_EQ(again.posted_after_pence(), posted.posted_after_pence());
  EXPECT_EQ(again.dropped_count(), 0);
  const std::vector<v1::UpliftVerdict> repeated = Verdicts(uplift.name());
  ASSERT_EQ(repeated.size(), verdicts.size());
  for (size_t i = 0; i < verdicts.size(); ++i) {
    EXPECT_EQ(repeated[i].SerializeAsString(), verdicts[i].SerializeAsString());
  }
  for (const v1::Budget& budget : budgets) EXPECT_THAT(Budgets(budget), SizeIs(3));
}

// A store that loses answers, does what it said it did not, and tells of others who were faster.
class UpliftOverAFaultyStore : public UpliftTest, public ::testing::WithParamInterface<int> {
 protected:
  UpliftOverAFaultyStore() : UpliftTest(Faulty(GetParam())) {}

  static process::Substitutes Faulty(int seed) {
    // Delays what is delayed; nothing is.
    static auto* const executor = new async::Executor(1);
    process::Substitutes substitutes;
    substitutes.wrap_engine = [seed](std::unique_ptr<store::Engine> engine) {
      store::Faults faults;
      faults.seed = seed;
      faults.lost_before_per_mille = 30;
      faults.lost_after_per_mille = 30;
      faults.conflict_per_mille = 20;
      faults.duplicated_per_mille = 20;
      faults.only_space = "allocation";
      return store::MakeFaulty(std::move(engine), executor, faults);
    };
    return OnlyWhenAsked(std::move(substitutes));
  }
  template <typename Request, typename Reply>
  Reply Insist(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*), const As& as,
               const Request& request) {
    Reply reply;
    grpc::Status status;
    for (int tries = 0; tries < 50; ++tries) {
      status = Call(method, as, request, &reply);
      if (status.ok()) return reply;
    }
    ADD_FAILURE() << status.error_message();
    return reply;
  }
  v1::Budget InsistOnAgreed() {
    const std::string person = NewPerson();
    auto means = MeansRequest(person);
    means.set_request_id(NewRequestId());
    Insist(&Stub::RecordFinancialAssessment, kCouncil, means);
    auto joint = JointRequest(person);
    joint.set_request_id(NewRequestId());
    auto agree = AgreeRequest(Insist(&Stub::CreateBudget, kCouncil, joint));
    agree.set_request_id(NewRequestId());
    return Insist(&Stub::AgreeBudget, kCouncil, agree);
  }
  // What failed is due again after a wait.
  v1::Uplift Until(const std::string& name, v1::Uplift::State state) {
    v1::GetUpliftRequest request;
    request.set_name(name);
    v1::Uplift uplift;
    for (int tries = 0; tries < 200 && uplift.state() != state; ++tries) {
      suite_->clock().Advance(absl::Minutes(11));
      async::Wait(suite_->process().WorkerOf("allocation")->RunDue()).IgnoreError();
      uplift = Insist(&Stub::GetUplift, kCouncil, request);
    }
    EXPECT_EQ(uplift.state(), state);
    return uplift;
  }
};

TEST_P(UpliftOverAFaultyStore, UpliftsEverybodyOnce) {
  constexpr int kPeople = 12;
  std::vector<v1::Budget> budgets;
  for (int i = 0; i < kPeople; ++i) budgets.push_back(InsistOnAgreed());
  const v1::ApplyUpliftRequest apply = Applying();
  const v1::Uplift previewed =
      Until(Insist(&Stub::ApplyUplift, kCouncil, apply).name(), v1::Uplift::STATE_PREVIEWED);
  EXPECT_EQ(previewed.uplifted_count(), kPeople);
  Insist(&Stub::ReleaseUplift, kSecondCouncilOfficer, Releasing(previewed));
  const v1::Uplift posted = Until(previewed.name(), v1::Uplift::STATE_POSTED);
  EXPECT_EQ(posted.posted_count(), kPeople);
  EXPECT_EQ(posted.dropped_count(), 0);
  EXPECT_EQ(posted.posted_after_pence(), kPeople * kAfter);
  for (const v1::Budget& budget : budgets) {
    v1::ListBudgetsRequest request;
    request.set_parent(budget.name().substr(0, budget.name().find("/budgets/")));
    int with_change = 0;
    const v1::ListBudgetsResponse listed = Insist(&Stub::ListBudgets, kCouncil, request);
    for (const v1::Budget& one : listed.budgets()) with_change += one.changes_size();
    EXPECT_EQ(with_change, 1);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, UpliftOverAFaultyStore, ::testing::Range(1, 7));

}  // namespace
}  // namespace ipb::allocation
