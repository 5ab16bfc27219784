// Uplifts of many people's budgets, previewed and released, through a real server.
#include <gmock/gmock.h>

#include <map>
#include <set>
#include <vector>

#include "ipb/v1/changes_service.grpc.pb.h"
#include "tests/async/wait.h"
#include "tests/handlers/allocation/uplift_fixture.h"

namespace ipb::allocation {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<v1::UpliftVerdict::Kind> Kinds(const std::vector<v1::UpliftVerdict>& verdicts) {
  std::vector<v1::UpliftVerdict::Kind> kinds;
  for (const v1::UpliftVerdict& verdict : verdicts) kinds.push_back(verdict.kind());
  return kinds;
}

TEST_F(UpliftTest, ShowsWhatItDoesAndDoesItOnceReleased) {
  constexpr int kPeople = 24;
  const std::vector<v1::Budget> budgets = AgreedMany(kPeople);
  // Neither an estimate nor a trial holds money.
  const std::string estimated = NewPerson(), tried = NewPerson();
  Must(&Stub::CreateBudget, kCouncil, JointRequest(estimated));
  Must(&Stub::RecordFinancialAssessment, kCouncil, MeansRequest(tried));
  auto shadow = JointRequest(tried);
  shadow.set_mode(v1::Budget::MODE_SHADOW);
  Must(&Stub::AgreeBudget, kCouncil, AgreeRequest(Must(&Stub::CreateBudget, kCouncil, shadow)));

  const v1::Uplift uplift = Apply();
  EXPECT_EQ(uplift.state(), v1::Uplift::STATE_PREVIEWED);
  EXPECT_EQ(uplift.organisation(), kCouncil.organisation);
  EXPECT_EQ(uplift.preparer(), kCouncil.actor);
  EXPECT_EQ(uplift.budget_count(), kPeople);
  EXPECT_EQ(uplift.uplifted_count(), kPeople);
  EXPECT_EQ(uplift.weekly_before_pence(), kPeople * kBefore);
  EXPECT_EQ(uplift.weekly_after_pence(), kPeople * kAfter);
  EXPECT_EQ(uplift.digest().size(), 64u);
  EXPECT_THAT(Kinds(Verdicts(uplift.name())), Each(v1::UpliftVerdict::KIND_TO_UPLIFT));
  for (const v1::Budget& budget : budgets) EXPECT_EQ(Read(budget.name()).etag(), budget.etag());

  const v1::Uplift posted = Must(&Stub::ReleaseUplift, kSecondCouncilOfficer, Releasing(uplift));
  EXPECT_EQ(posted.state(), v1::Uplift::STATE_POSTED);
  EXPECT_EQ(posted.posted_count(), kPeople);
  EXPECT_EQ(posted.posted_before_pence(), uplift.weekly_before_pence());
  EXPECT_EQ(posted.posted_after_pence(), uplift.weekly_after_pence());
  EXPECT_EQ(posted.dropped_count(), 0);
  EXPECT_EQ(posted.digest(), uplift.digest());
  EXPECT_EQ(posted.release().decider(), kSecondCouncilOfficer.actor);
  EXPECT_EQ(suite_->FinishWork("allocation"), 0) << "nothing is left to do";

  std::map<std::string, v1::UpliftVerdict> by_budget;
  for (const v1::UpliftVerdict& verdict : Verdicts(uplift.name())) by_budget[verdict.budget()] = verdict;
  ASSERT_THAT(by_budget, SizeIs(kPeople));
  for (const v1::Budget& before : budgets) {
    const v1::UpliftVerdict& verdict = by_budget.at(before.name());
    EXPECT_EQ(verdict.kind(), v1::UpliftVerdict::KIND_UPLIFTED);
    EXPECT_EQ(verdict.reason(), "");
    const v1::Budget old = Read(before.name()), made = Read(verdict.uplifted_budget());
    EXPECT_EQ(old.state(), v1::Budget::STATE_SUPERSEDED);
    EXPECT_EQ(old.superseded_by(), made.name());
    EXPECT_EQ(old.effective_to_date(), "2025-06-15");
    EXPECT_EQ(made.state(), v1::Budget::STATE_AGREED);
    EXPECT_EQ(made.effective_from_date(), kDay);
    EXPECT_EQ(made.weekly_pence(), kAfter + kIcbBefore);
    EXPECT_EQ(made.care_act_weekly_pence(), kAfter);
    EXPECT_EQ(made.plan(), before.plan());
    EXPECT_TRUE(made.has_recorded_time());
    ASSERT_EQ(made.changes_size(), 1);
    EXPECT_EQ(made.changes(0).uplift(), uplift.name());
    EXPECT_EQ(made.changes(0).decision().decider(), kSecondCouncilOfficer.actor);
    std::set<std::string> rules;
    for (const auto& step : made.explanation().steps()) rules.insert(step.rule_id());
    EXPECT_THAT(rules, Contains("UPLIFT-SHARE"));
    EXPECT_THAT(rules, Contains("COSTING-SHARE"));
    EXPECT_EQ(StandingWith(before, uplift.name()), 1u);
  }
}

// Two sleeping nights a week, 95.00 each, and 98.00 from 6 April 2026.
TEST_F(UpliftTest, FollowsAPriceListThatWasAnnouncedLate) {
  const std::string person = NewPerson();
  Must(&Stub::RecordFinancialAssessment, kCouncil, MeansRequest(person));
  auto nights = JointRequest(person);
  *nights.mutable_components(0) = Text<v1::BudgetComponent>(
      "component_id: 'nights' description: 'Nights' kind: COMPONENT_KIND_ONGOING unit: COST_UNIT_NIGHT "
      "units_per_week { units: 2 } unit_rate: 'sleep-in' shares { organisation: 'E10000019' "
      "basis: FUNDING_BASIS_CARE_ACT share { numerator: 1 denominator: 1 } }");
  const v1::Budget agreed =
      Must(&Stub::AgreeBudget, kCouncil, AgreeRequest(Must(&Stub::CreateBudget, kCouncil, nights)));
  const v1::Budget by_the_hour = Agreed(NewPerson());
  suite_->SetDate("2026-04-20");
  auto request = Applying("2026-04-20");
  request.set_method(v1::UPLIFT_METHOD_PRICE_LIST);
  const v1::Uplift uplift = Must(&Stub::ApplyUplift, kCouncil, request);
  EXPECT_EQ(uplift.method(), v1::UPLIFT_METHOD_PRICE_LIST);
  EXPECT_EQ(uplift.budget_count(), 2);
  EXPECT_EQ(uplift.uplifted_count(), 1);
  EXPECT_EQ(uplift.weekly_before_pence(), 19000);
  EXPECT_EQ(uplift.weekly_after_pence(), 19600);
  const v1::Uplift posted = Must(&Stub::ReleaseUplift, kSecondCouncilOfficer, Releasing(uplift));
  EXPECT_EQ(posted.posted_count(), 1);
  EXPECT_EQ(posted.dropped_count(), 0);
  EXPECT_EQ(Read(agreed.name()).effective_to_date(), "2026-04-05");
  EXPECT_EQ(Read(by_the_hour.name()).etag(), by_the_hour.etag());
  const v1::Budget made = Read(Read(agreed.name()).superseded_by());
  EXPECT_EQ(made.effective_from_date(), "2026-04-06");
  EXPECT_EQ(made.weekly_pence(), 19600);
  ASSERT_EQ(made.adjustments_size(), 1) << made.ShortDebugString();
  EXPECT_EQ(made.adjustments(0).difference_pence(), 1200) << "two weeks that have passed";
  EXPECT_EQ(StandingWith(agreed, uplift.name()), 1u);
}

TEST_F(UpliftTest, KeepsAHistoryThatItsOrganisationReads) {
  AgreedMany(1);
  const v1::Uplift uplift = Apply();
  Must(&Stub::ReleaseUplift, kSecondCouncilOfficer, Releasing(uplift));
  const auto changes = v1::ChangesService::NewStub(suite_->channel());
  v1::ListHistoryRequest request;
  request.set_parent(uplift.name());
  request.set_service("allocation");
  v1::ListHistoryResponse history;
  const grpc::Status read =
      suite_->Call(*changes, &v1::ChangesService::Stub::ListHistory, kCouncil, request, &history);
  ASSERT_TRUE(read.ok()) << read.error_message();
  std::vector<std::string> by_people;
  for (const v1::HistoryEntry& entry : history.entries()) {
    if (entry.method().rfind("work/", 0) != 0) by_people.push_back(entry.method());
  }
  EXPECT_THAT(by_people, ElementsAre("AllocationService.ApplyUplift", "AllocationService.ReleaseUplift"));
  for (const As& other : {kIcb, kStranger}) {
    const grpc::Status hidden =
        suite_->Call(*changes, &v1::ChangesService::Stub::ListHistory, other, request, &history);
    EXPECT_EQ(hidden.error_code(), grpc::NOT_FOUND) << other.organisation;
  }
}

TEST_F(UpliftTest, TheOtherFunderUpliftsWhatStandsThen) {
  const std::vector<v1::Budget> budgets = AgreedMany(3);
  Must(&Stub::ReleaseUplift, kSecondCouncilOfficer, Releasing(Apply()));
  const v1::Uplift icb = Apply(kIcb);
  EXPECT_EQ(icb.budget_count(), 3) << "superseded budgets left the index";
  EXPECT_EQ(icb.weekly_before_pence(), 3 * kIcbBefore);
  EXPECT_EQ(icb.weekly_after_pence(), 3 * kIcbAfter);
  const v1::Uplift posted = Must(&Stub::ReleaseUplift, kSecondIcbOfficer, Releasing(icb));
  EXPECT_EQ(posted.posted_count(), 3);
  EXPECT_EQ(StandingWith(budgets[0], icb.name()), 1u);
}

TEST_F(UpliftTest, IsOnceFromOneDay) {
  AgreedMany(2);
  const v1::Uplift first = Apply(), second = Apply();
  EXPECT_EQ(second.digest(), first.digest());
  Must(&Stub::ReleaseUplift, kSecondCouncilOfficer, Releasing(first));
  const v1::Uplift dropped = Must(&Stub::ReleaseUplift, kSecondCouncilOfficer, Releasing(second));
  EXPECT_EQ(dropped.state(), v1::Uplift::STATE_POSTED);
  EXPECT_EQ(dropped.dropped_count(), 2);
  EXPECT_EQ(dropped.posted_count(), 0);
  const v1::Uplift third = Apply();
  EXPECT_EQ(third.budget_count(), 2);
  EXPECT_EQ(third.uplifted_count(), 0);
  EXPECT_EQ(third.weekly_after_pence(), 0);
  for (const v1::UpliftVerdict& verdict : Verdicts(third.name())) {
    EXPECT_EQ(verdict.kind(), v1::UpliftVerdict::KIND_STAYS);
    EXPECT_EQ(verdict.weekly_before_pence(), kAfter);
    EXPECT_EQ(verdict.weekly_after_pence(), kAfter);
    EXPECT_THAT(verdict.reason(), HasSubstr(first.name()));
  }
}

TEST_F(UpliftTest, NeedsASecondPersonAndTheFrozenDigest) {
  AgreedMany(1);
  const v1::Uplift uplift = Apply();
  EXPECT_THAT(DetailsOf(Refused(&Stub::ReleaseUplift, kCouncil, Releasing(uplift))).rules(),
              ElementsAre("UPLIFT-SECOND-PERSON"));
  auto other = Releasing(uplift);
  other.set_weekly_after_pence(uplift.weekly_after_pence() + 1);
  EXPECT_THAT(DetailsOf(Refused(&Stub::ReleaseUplift, kCouncil, other)).rules(),
              ElementsAre("UPLIFT-SECOND-PERSON", "UPLIFT-DIGEST"));
  other = Releasing(uplift);
  other.set_digest(std::string(64, '0'));
  EXPECT_THAT(DetailsOf(Refused(&Stub::ReleaseUplift, kSecondCouncilOfficer, other)).rules(),
              ElementsAre("UPLIFT-DIGEST"));
  other = Releasing(uplift);
  other.set_etag("1-stale");
  EXPECT_EQ(Refused(&Stub::ReleaseUplift, kSecondCouncilOfficer, other).error_code(), grpc::ABORTED);
  other = Releasing(uplift);
  other.mutable_decision()->set_decision_date("2025-07-01");
  EXPECT_THAT(DetailsOf(Refused(&Stub::ReleaseUplift, kSecondCouncilOfficer, other)).fields(),
              ElementsAre("decision.decision_date"));
  EXPECT_EQ(Get(uplift.name()).state(), v1::Uplift::STATE_PREVIEWED);
  Must(&Stub::ReleaseUplift, kSecondCouncilOfficer, Releasing(uplift));
  EXPECT_EQ(DetailsOf(Refused(&Stub::ReleaseUplift, kSecondCouncilOfficer, Releasing(uplift))).info.reason(),
            "WRONG_STATE");
}

TEST_F(UpliftTest, DropsWhatChangedSinceAndSaysWhy) {
  const std::vector<v1::Budget> budgets = AgreedMany(4);
  const std::string dead = budgets[0].name().substr(0, budgets[0].name().find("/budgets/"));
  const v1::Uplift uplift = Apply();
  // One ends, one is agreed anew for other hours, and one is only estimated anew.
  RecordDeath(dead, "2025-06-01");
  v1::EndFundingRequest ending;
  ending.set_name(budgets[0].name());
  ending.set_effective_to_date("2025-06-30");
  ending.set_end_reason(v1::Budget::END_REASON_DEATH);
  ending.mutable_decision()->set_reasons("died");
  Must(&Stub::EndFunding, kCouncil, ending);
  v1::ReviseBudgetRequest revising;
  revising.set_effective_from_date("2025-06-16");
  revising.mutable_decision()->set_reasons("more hours");
  *revising.mutable_components() = JointRequest("people/x").components();
  revising.mutable_components(0)->set_minutes_per_week(1500);
  revising.set_name(budgets[1].name());
  Must(&Stub::AgreeBudget, kCouncil, AgreeRequest(Must(&Stub::ReviseBudget, kCouncil, revising), 2));
  revising.set_name(budgets[2].name());
  Must(&Stub::ReviseBudget, kCouncil, revising);

  const v1::Uplift posted = Must(&Stub::ReleaseUplift, kSecondCouncilOfficer, Releasing(uplift));
  EXPECT_EQ(posted.state(), v1::Uplift::STATE_POSTED);
  EXPECT_EQ(posted.dropped_count(), 2);
  EXPECT_EQ(posted.posted_count(), 2);
  EXPECT_EQ(posted.posted_after_pence(), 2 * kAfter);
  EXPECT_EQ(posted.weekly_after_pence(), 4 * kAfter) << "as frozen";
  std::map<std::string, v1::UpliftVerdict> by_budget;
  for (const v1::UpliftVerdict& verdict : Verdicts(uplift.name())) by_budget[verdict.budget()] = verdict;
  EXPECT_EQ(by_budget.at(budgets[0].name()).kind(), v1::UpliftVerdict::KIND_DROPPED);
  EXPECT_THAT(by_budget.at(budgets[0].name()).reason(), HasSubstr("ended"));
  EXPECT_EQ(by_budget.at(budgets[1].name()).kind(), v1::UpliftVerdict::KIND_DROPPED);
  EXPECT_THAT(by_budget.at(budgets[1].name()).reason(), HasSubstr("superseded"));
  EXPECT_EQ(by_budget.at(budgets[2].name()).kind(), v1::UpliftVerdict::KIND_UPLIFTED);
  EXPECT_EQ(by_budget.at(budgets[3].name()).kind(), v1::UpliftVerdict::KIND_UPLIFTED);
  EXPECT_EQ(Read(budgets[0].name()).state(), v1::Budget::STATE_ENDED);
}

TEST_F(UpliftTest, KeepsUpWithPricesWhereTheFunderIsNotResponsibleAnyMore) {
  const v1::Budget budget = AgreedMany(1)[0];
  const std::string person = budget.name().substr(0, budget.name().find("/budgets/"));
  // As the mirror of access leaves it when a responsibility ended.
  auto loading = Store().Load({person, "", {}});
  const auto loaded = async::Wait(std::move(loading));
  ASSERT_TRUE(loaded.ok());
  store::Writes writes;
  writes.commit_id = "nobody";
  writes.history = "nobody is responsible";
  writes.access = "";
  ASSERT_TRUE(async::Wait(Store().Commit(person, loaded->revision, writes, false)).ok());
  const v1::Uplift posted = Must(&Stub::ReleaseUplift, kSecondCouncilOfficer, Releasing(Apply()));
  EXPECT_EQ(posted.posted_count(), 1);
}

TEST_F(UpliftTest, IsUnknownToOthers) {
  AgreedMany(1);
  const v1::Uplift uplift = Apply();
  v1::GetUpliftRequest get;
  get.set_name(uplift.name());
  v1::ListUpliftVerdictsRequest list;
  list.set_parent(uplift.name());
  for (const As& as : {kIcb, kStranger}) {
    EXPECT_EQ(Refused(&Stub::GetUplift, as, get).error_code(), grpc::NOT_FOUND);
    EXPECT_EQ(Refused(&Stub::ListUpliftVerdicts, as, list).error_code(), grpc::NOT_FOUND);
    EXPECT_EQ(Refused(&Stub::ReleaseUplift, as, Releasing(uplift)).error_code(), grpc::NOT_FOUND);
    EXPECT_EQ(Refused(&Stub::CancelUplift, as, Cancelling(uplift, "no")).error_code(), grpc::NOT_FOUND);
  }
  get.set_name("uplifts/nobody-made-this");
  EXPECT_EQ(Refused(&Stub::GetUplift, kCouncil, get).error_code(), grpc::NOT_FOUND);
  // A council without rates has none to see, and a stranger finds no budgets of others.
  EXPECT_EQ(DetailsOf(Refused(&Stub::ApplyUplift, kStranger, Applying())).info.reason(), "NO_RATE");
}

TEST_F(UpliftTest, IsAppliedOnceForARequest) {
  AgreedMany(1);
  v1::ApplyUpliftRequest request = Applying();
  const v1::Uplift uplift = Must(&Stub::ApplyUplift, kCouncil, request);
  EXPECT_EQ(Must(&Stub::ApplyUplift, kCouncil, request).name(), uplift.name());
  EXPECT_EQ(Get(uplift.name()).etag(), uplift.etag());
  request.set_effective_from_date("2025-06-17");
  EXPECT_EQ(DetailsOf(Refused(&Stub::ApplyUplift, kCouncil, request)).info.reason(), "REQUEST_ID_REUSED");
  const v1::ReleaseUpliftRequest release = Releasing(uplift);
  Must(&Stub::ReleaseUplift, kSecondCouncilOfficer, release);
  EXPECT_EQ(Must(&Stub::ReleaseUplift, kSecondCouncilOfficer, release).name(), uplift.name());
  EXPECT_EQ(Get(uplift.name()).posted_count(), 1);
}

TEST_F(UpliftTest, RefusesWhatCannotBe) {
  v1::ApplyUpliftRequest request = Applying("2031-04-01");
  EXPECT_EQ(DetailsOf(Refused(&Stub::ApplyUplift, kCouncil, request)).info.reason(), "NO_RATE");
  for (const char* day : {"", "1 April", "2025-02-29"}) {
    request.set_effective_from_date(day);
    EXPECT_THAT(DetailsOf(Refused(&Stub::ApplyUplift, kCouncil, request)).fields(),
                ElementsAre("effective_from_date"))
        << day;
  }
  request = Applying();
  request.clear_request_id();
  EXPECT_THAT(DetailsOf(Refused(&Stub::ApplyUplift, kCouncil, request)).fields(), ElementsAre("request_id"));
  const v1::Uplift none = Apply();
  EXPECT_EQ(none.state(), v1::Uplift::STATE_PREVIEWED);
  EXPECT_EQ(none.budget_count(), 0);
  EXPECT_THAT(Verdicts(none.name()), IsEmpty());
  EXPECT_EQ(Must(&Stub::ReleaseUplift, kSecondCouncilOfficer, Releasing(none)).state(),
            v1::Uplift::STATE_POSTED);
}

TEST_F(UpliftTest, PreviewsOfItsCallsWriteNothing) {
  const v1::Budget budget = AgreedMany(1)[0];
  v1::ApplyUpliftRequest apply = Applying();
  apply.set_validate_only(true);
  const v1::Uplift preview = Must(&Stub::ApplyUplift, kCouncil, apply);
  EXPECT_FALSE(preview.preview_token().empty());
  v1::GetUpliftRequest get;
  get.set_name(preview.name());
  EXPECT_EQ(Refused(&Stub::GetUplift, kCouncil, get).error_code(), grpc::NOT_FOUND);
  apply.set_validate_only(false);
  apply.set_preview_token(preview.preview_token());
  const v1::Uplift uplift = Must(&Stub::ApplyUplift, kCouncil, apply);
  EXPECT_EQ(uplift.name(), preview.name());

  v1::ReleaseUpliftRequest release = Releasing(uplift);
  release.set_validate_only(true);
  EXPECT_EQ(Must(&Stub::ReleaseUplift, kSecondCouncilOfficer, release).state(), v1::Uplift::STATE_POSTING);
  v1::CancelUpliftRequest cancel = Cancelling(uplift, "only a question");
  cancel.set_validate_only(true);
  EXPECT_EQ(Must(&Stub::CancelUplift, kCouncil, cancel).state(), v1::Uplift::STATE_CANCELLED);
  EXPECT_EQ(Get(uplift.name()).etag(), uplift.etag());
  EXPECT_EQ(Read(budget.name()).etag(), budget.etag());
}

TEST_F(UpliftTest, GivenUpChangesNobody) {
  const v1::Budget budget = AgreedMany(1)[0];
  const v1::Uplift uplift = Apply();
  EXPECT_THAT(DetailsOf(Refused(&Stub::CancelUplift, kCouncil, Cancelling(uplift, " "))).rules(),
              ElementsAre("UPLIFT-REASONS"));
  auto stale = Cancelling(uplift, "the rates were wrong");
  stale.set_etag("1-stale");
  EXPECT_EQ(Refused(&Stub::CancelUplift, kCouncil, stale).error_code(), grpc::ABORTED);
  const v1::Uplift cancelled =
      Must(&Stub::CancelUplift, kCouncil, Cancelling(uplift, "the rates were wrong"));
  EXPECT_EQ(cancelled.state(), v1::Uplift::STATE_CANCELLED);
  EXPECT_EQ(cancelled.cancellation().decider(), kCouncil.actor);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(DetailsOf(Refused(&Stub::CancelUplift, kCouncil, Cancelling(uplift, "again"))).info.reason(),
              "WRONG_STATE");
    EXPECT_EQ(
        DetailsOf(Refused(&Stub::ReleaseUplift, kSecondCouncilOfficer, Releasing(uplift))).info.reason(),
        "WRONG_STATE");
  }
  EXPECT_EQ(Read(budget.name()).etag(), budget.etag());
  EXPECT_EQ(Apply().uplifted_count(), 1);
}

TEST_F(UpliftTest, ListsItsVerdictsInPages) {
  const std::vector<v1::Budget> budgets = AgreedMany(7);
  const v1::Uplift uplift = Apply();
  for (const int page_size : {1, 3, 7, 100}) {
    const std::vector<v1::UpliftVerdict> verdicts = Verdicts(uplift.name(), page_size);
    ASSERT_THAT(verdicts, SizeIs(7));
    for (size_t i = 1; i < verdicts.size(); ++i) EXPECT_LT(verdicts[i - 1].budget(), verdicts[i].budget());
  }
  v1::ListUpliftVerdictsRequest request;
  request.set_parent(uplift.name());
  for (const char* token : {"made-up", "eA"}) {
    request.set_page_token(token);
    EXPECT_THAT(DetailsOf(Refused(&Stub::ListUpliftVerdicts, kCouncil, request)).fields(),
                ElementsAre("page_token"));
  }
  request.clear_page_token();
  request.set_page_size(-1);
  EXPECT_THAT(DetailsOf(Refused(&Stub::ListUpliftVerdicts, kCouncil, request)).fields(),
              ElementsAre("page_size"));
}

}  // namespace
}  // namespace ipb::allocation
