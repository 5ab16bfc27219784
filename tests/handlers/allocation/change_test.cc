// Handing funding over and working budgets out again, through a real server.
#include <gmock/gmock.h>

#include <future>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/handlers/allocation/fixture.h"

namespace ipb::allocation {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;

class ChangeTest : public AllocationTest {
 protected:
  // Three eighths of 324.00 a week are the council's from 9 June 2025, and the person is found eligible for
  // continuing healthcare from the 23rd.
  ChangeTest() : person_(NewPerson()), agreed_(Agreed(person_)) {
    const std::string name = absl::StrCat(person_, "/determinations/2");
    v1::Determination& determination = Determination(name);
    determination = Text<v1::Determination>(
        "state: STATE_NOTIFIED regime: ELIGIBILITY_REGIME_CHC outcome: ELIGIBILITY_OUTCOME_ELIGIBLE "
        "effective_from_date: '2025-06-23' decision { organisation: 'QZZ' decision_date: '2025-06-02' }");
    determination.set_name(name);
  }

  v1::HandOverFundingRequest HandOver(const std::string& day = "2025-06-23") {
    auto request = Text<v1::HandOverFundingRequest>(
        "decision { reasons: 'continuing healthcare begins' } funding { component_id: 'pa' "
        "  shares { organisation: 'QZZ' basis: FUNDING_BASIS_CHC share { numerator: 1 denominator: 1 } } }");
    request.set_name(agreed_.name());
    request.set_effective_from_date(day);
    request.add_determinations(absl::StrCat(person_, "/determinations/2"));
    request.set_request_id(testing::NewRequestId());
    return request;
  }

  v1::RederiveBudgetRequest Rederive(const std::string& name) {
    v1::RederiveBudgetRequest request;
    request.set_name(name);
    request.mutable_decision()->set_reasons("means became known late");
    return request;
  }

  // To work out again by means that were lower from the first day on.
  v1::RederiveBudgetRequest Assessed(const v1::Budget& budget) {
    v1::RecordFinancialAssessmentRequest means = MeansRequest(person_);
    means.set_effective_from_date("2025-06-09");
    means.mutable_facts()->mutable_income(0)->set_weekly_pence(14000);
    Must(&Stub::RecordFinancialAssessment, kCouncil, means);
    return Rederive(budget.name());
  }

  v1::Budget Read(const std::string& name, const As& as = kCouncil) {
    v1::GetBudgetRequest get;
    get.set_name(name);
    return Must(&Stub::GetBudget, as, get);
  }

  const std::string person_;
  const v1::Budget agreed_;
};

TEST_F(ChangeTest, FundingIsHandedOverInOneStep) {
  const auto changed = Must(&Stub::HandOverFunding, kIcb, HandOver());
  ASSERT_EQ(changed.budgets_size(), 1);
  const v1::Budget& made = changed.budgets(0);
  EXPECT_EQ(made.agreed_budget(), agreed_.name());
  EXPECT_EQ(made.plan(), agreed_.plan());
  EXPECT_EQ(made.other_public_weekly_pence(), 32400);
  EXPECT_EQ(changed.recharges_size(), 0) << "no day has passed";
  const v1::Budget before = Read(agreed_.name());
  EXPECT_EQ(before.state(), v1::Budget::STATE_SUPERSEDED);
  EXPECT_EQ(before.superseded_by(), made.name());
  EXPECT_EQ(before.effective_to_date(), "2025-06-22");
  ASSERT_EQ(before.state_changes_size(), 2);
  EXPECT_EQ(before.state_changes(0).state(), v1::Budget::STATE_AGREED);
  EXPECT_EQ(before.state_changes(1).effective_to_date(), "2025-06-22");
  EXPECT_GT(before.explanation().steps_size(), 0) << "why it was agreed is still told";
  EXPECT_GT(before.contribution_weekly_pence(), 0);
  const v1::Budget after = Read(made.name());
  EXPECT_EQ(after.contribution_weekly_pence(), 0);
  EXPECT_EQ(after.changes(0).decision().organisation(), kIcb.organisation);
  EXPECT_GT(after.explanation().steps_size(), 0);
}

TEST_F(ChangeTest, LateItIsPaidBackBetweenTheBodiesAndRefundedToThePerson) {
  suite_->SetDate("2025-07-07");
  const auto changed = Must(&Stub::HandOverFunding, kCouncil, HandOver());
  ASSERT_EQ(changed.recharges_size(), 1);
  EXPECT_EQ(changed.recharges(0).from_organisation(), kIcb.organisation);
  EXPECT_EQ(changed.recharges(0).to_organisation(), kCouncil.organisation);
  EXPECT_EQ(changed.recharges(0).amount_pence(), 2 * 12150);
  EXPECT_EQ(changed.contribution_difference_pence(), -2 * agreed_.contribution_weekly_pence());
  ASSERT_EQ(changed.budgets(0).contribution_adjustments_size(), 1);
  const v1::Budget seen_by_nhs = Read(changed.budgets(0).name(), kIcb);
  EXPECT_EQ(seen_by_nhs.contribution_adjustments_size(), 0);
  EXPECT_EQ(seen_by_nhs.adjustments_size(), changed.budgets(0).adjustments_size());
}

TEST_F(ChangeTest, TheNhsIsNotToldOfTheRefund) {
  suite_->SetDate("2025-07-07");
  const auto changed = Must(&Stub::HandOverFunding, kIcb, HandOver());
  EXPECT_EQ(changed.contribution_difference_pence(), 0);
  EXPECT_EQ(changed.budgets(0).contribution_adjustments_size(), 0);
  for (const auto& step : changed.budgets(0).explanation().steps()) {
    EXPECT_NE(step.rule_id(), "ADJUSTED-CONTRIBUTION");
  }
}

TEST_F(ChangeTest, APreviewWritesNothingAndTheSameRequestAgainGivesTheSame) {
  v1::HandOverFundingRequest request = HandOver();
  request.set_validate_only(true);
  const auto preview = Must(&Stub::HandOverFunding, kIcb, request);
  EXPECT_EQ(Read(agreed_.name()).state(), v1::Budget::STATE_AGREED);
  request.set_validate_only(false);
  request.set_preview_token(preview.preview_token());
  request.set_etag(Read(agreed_.name()).etag());
  const auto changed = Must(&Stub::HandOverFunding, kIcb, request);
  EXPECT_EQ(Must(&Stub::HandOverFunding, kIcb, request).SerializeAsString(), changed.SerializeAsString());
  v1::ListBudgetsRequest list;
  list.set_parent(person_);
  EXPECT_EQ(Must(&Stub::ListBudgets, kCouncil, list).budgets_size(), 3);
}

TEST_F(ChangeTest, ManyAtOnceHandOverOnce) {
  std::vector<std::future<bool>> calls;
  for (int i = 0; i < 6; ++i) {
    calls.push_back(std::async(std::launch::async, [this, request = HandOver()] {
      v1::ChangedBudgets reply;
      return Call(&Stub::HandOverFunding, kIcb, request, &reply).ok();
    }));
  }
  int done = 0;
  for (auto& call : calls) done += call.get() ? 1 : 0;
  EXPECT_EQ(done, 1);
}

TEST_F(ChangeTest, RefusesWhatCannotBeAndTellsWhy) {
  v1::HandOverFundingRequest request = HandOver();
  request.set_etag("old");
  EXPECT_EQ(Refused(&Stub::HandOverFunding, kIcb, request).error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(Refused(&Stub::HandOverFunding, kStranger, HandOver()).error_code(), grpc::StatusCode::NOT_FOUND);
  request = HandOver();
  request.set_name(absl::StrCat(person_, "/budgets/99"));
  EXPECT_EQ(Refused(&Stub::HandOverFunding, kIcb, request).error_code(), grpc::StatusCode::NOT_FOUND);
  request = HandOver();
  request.set_determinations(0, absl::StrCat(NewPerson(), "/determinations/1"));
  EXPECT_THAT(DetailsOf(Refused(&Stub::HandOverFunding, kIcb, request)).fields(),
              ElementsAre("determinations[0]"));
  request = HandOver();
  request.set_name(agreed_.indicative_budget());
  EXPECT_EQ(DetailsOf(Refused(&Stub::HandOverFunding, kIcb, request)).info.reason(), "WRONG_STATE");
  EXPECT_THAT(DetailsOf(Refused(&Stub::HandOverFunding, kIcb, HandOver("2025-06-16"))).rules(),
              ElementsAre("BUDGET-DETERMINATION-IN-EFFECT"));
  EXPECT_THAT(DetailsOf(Refused(&Stub::HandOverFunding, kIcb, HandOver("2025-06-08"))).rules(),
              ElementsAre("HAND-OVER-DAY"));
  EXPECT_THAT(
      DetailsOf(Refused(&Stub::HandOverFunding, kIcb, v1::HandOverFundingRequest())).fields(),
      ::testing::IsSupersetOf({"name", "effective_from_date", "funding", "determinations", "decision"}));
  request = HandOver();
  request.mutable_decision()->set_decision_date("2025-06-03");
  EXPECT_THAT(DetailsOf(Refused(&Stub::HandOverFunding, kIcb, request)).fields(),
              ElementsAre("decision.decision_date"));
}

TEST_F(ChangeTest, FundingEndsByDeathBeforeAHandOverThatWasToCome) {
  const v1::Budget to_come = Must(&Stub::HandOverFunding, kIcb, HandOver()).budgets(0);
  suite_->SetDate("2025-06-18");
  RecordDeath(person_, "2025-06-16");
  v1::EndFundingRequest end;
  end.set_name(to_come.name());
  end.set_effective_to_date("2025-06-16");
  end.set_end_reason(v1::Budget::END_REASON_DEATH);
  end.mutable_decision()->set_reasons("She died.");
  const v1::Budget ended = Must(&Stub::EndFunding, kCouncil, end);
  EXPECT_EQ(ended.name(), agreed_.name());
  EXPECT_EQ(ended.state(), v1::Budget::STATE_ENDED);
  EXPECT_EQ(ended.effective_to_date(), "2025-06-16");
  EXPECT_GT(Read(ended.name()).explanation().steps_size(), agreed_.explanation().steps_size())
      << "how it was agreed, and that it ended";
  const v1::Budget never = Read(to_come.name());
  EXPECT_EQ(never.state(), v1::Budget::STATE_SUPERSEDED);
  EXPECT_LT(never.effective_to_date(), never.effective_from_date());
  end.set_effective_to_date("2025-06-08");
  EXPECT_EQ(DetailsOf(Refused(&Stub::EndFunding, kCouncil, end)).info.reason(), "WRONG_STATE");
}

TEST_F(ChangeTest, MeansThatBecomeKnownLateAreWorkedInOnce) {
  suite_->SetDate("2025-07-07");
  v1::RecordFinancialAssessmentRequest means = MeansRequest(person_);
  means.set_effective_from_date("2025-06-23");
  means.mutable_facts()->mutable_income(0)->set_weekly_pence(15000);
  Must(&Stub::RecordFinancialAssessment, kCouncil, means);
  const auto changed = Must(&Stub::RederiveBudget, kCouncil, Rederive(agreed_.name()));
  ASSERT_EQ(changed.budgets_size(), 1);
  const v1::Budget& made = changed.budgets(0);
  EXPECT_EQ(made.effective_from_date(), "2025-06-23");
  EXPECT_LT(made.contribution_weekly_pence(), agreed_.contribution_weekly_pence());
  EXPECT_EQ(changed.contribution_difference_pence(),
            2 * (made.contribution_weekly_pence() - agreed_.contribution_weekly_pence()));
  EXPECT_EQ(DetailsOf(Refused(&Stub::RederiveBudget, kCouncil, Rederive(agreed_.name()))).info.reason(),
            "WRONG_STATE");
  EXPECT_THAT(DetailsOf(Refused(&Stub::RederiveBudget, kCouncil, Rederive(made.name()))).rules(),
              Contains("REDERIVE-NOTHING"));
}

TEST_F(ChangeTest, BudgetsAreListedAsOfADayAndAsKnownAtAnInstant) {
  const v1::Budget made = Must(&Stub::HandOverFunding, kIcb, HandOver()).budgets(0);
  v1::ListBudgetsRequest list;
  list.set_parent(person_);
  list.set_as_of_date("2025-06-22");
  ASSERT_EQ(Must(&Stub::ListBudgets, kCouncil, list).budgets_size(), 1);
  EXPECT_EQ(Must(&Stub::ListBudgets, kCouncil, list).budgets(0).name(), agreed_.name());
  list.set_as_of_date("2025-06-23");
  ASSERT_EQ(Must(&Stub::ListBudgets, kCouncil, list).budgets_size(), 1);
  EXPECT_EQ(Must(&Stub::ListBudgets, kCouncil, list).budgets(0).name(), made.name());
  suite_->SetDate("2025-07-07");
  const v1::Budget later = Must(&Stub::RederiveBudget, kCouncil, Assessed(made)).budgets(0);
  list.set_as_of_date("2025-06-09");
  *list.mutable_as_known_at() = later.recorded_time();
  EXPECT_EQ(Must(&Stub::ListBudgets, kCouncil, list).budgets(0).name(), later.name());
  *list.mutable_as_known_at() = made.recorded_time();
  EXPECT_EQ(Must(&Stub::ListBudgets, kCouncil, list).budgets(0).name(), agreed_.name())
      << "what was found on 7 July was not known on 2 June";
  list.mutable_as_known_at()->set_seconds(1);
  EXPECT_EQ(Must(&Stub::ListBudgets, kCouncil, list).budgets_size(), 0);
}

TEST_F(ChangeTest, NobodyTakesOverWhatTheirMoneyMayNotBuy) {
  v1::CreateBudgetRequest create = JointRequest(person_);
  create.set_mode(v1::Budget::MODE_SHADOW);
  v1::BudgetComponent& component = *create.mutable_components(0);
  component.set_category(v1::SPENDING_CATEGORY_DENTAL_OPTICAL);
  component.mutable_shares()->RemoveLast();
  component.mutable_shares(0)->mutable_share()->set_numerator(8);
  const v1::Budget created = Must(&Stub::CreateBudget, kCouncil, create);
  v1::HandOverFundingRequest request = HandOver();
  request.set_name(Must(&Stub::AgreeBudget, kCouncil, AgreeRequest(created, 2)).name());
  EXPECT_THAT(DetailsOf(Refused(&Stub::HandOverFunding, kIcb, request)).rules(),
              ElementsAre("BUDGET-EXCLUDED"));
}

TEST_F(ChangeTest, ALateAssessmentNamesTheBudgetsThatItReaches) {
  v1::RecordFinancialAssessmentRequest means = MeansRequest(person_);
  means.set_effective_from_date("2025-06-09");
  EXPECT_EQ(Must(&Stub::RecordFinancialAssessment, kCouncil, means).budgets_to_rederive_size(), 0)
      << "the same means come out the same";
  means.mutable_facts()->mutable_income(0)->set_weekly_pence(14000);
  means.set_validate_only(true);
  EXPECT_THAT(Must(&Stub::RecordFinancialAssessment, kCouncil, means).budgets_to_rederive(),
              ElementsAre(agreed_.name()));
  means.set_validate_only(false);
  const auto assessed = Must(&Stub::RecordFinancialAssessment, kCouncil, means);
  EXPECT_THAT(assessed.budgets_to_rederive(), ElementsAre(agreed_.name()));
  v1::GetFinancialAssessmentRequest get;
  get.set_name(assessed.name());
  EXPECT_EQ(Must(&Stub::GetFinancialAssessment, kCouncil, get).budgets_to_rederive_size(), 0)
      << "told once, when it is recorded";
  Must(&Stub::RederiveBudget, kCouncil, Rederive(agreed_.name()));
  means.set_effective_from_date("2025-04-07");
  EXPECT_EQ(Must(&Stub::RecordFinancialAssessment, kCouncil, means).budgets_to_rederive_size(), 0)
      << "it was worked out again, and what came before the budget reaches nothing";
}

}  // namespace
}  // namespace ipb::allocation
