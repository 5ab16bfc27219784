// What money may not buy, for each funder's share.
#include "services/careplanning/rules/spending.h"

#include <gmock/gmock.h>

#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "services/careplanning/rules/plan_money.h"
#include "tests/rules/careplanning/examples.h"

namespace ipb::careplanning {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::Plan ActivePlan(const BudgetFacts& budget = JointBudget()) {
  v1::Plan plan = CompletePlan();
  plan.set_state(v1::Plan::STATE_ACTIVE);
  CopyShares(plan, budget);
  return plan;
}

v1::CheckSpendingRequest Ask(const v1::Plan& plan, const std::string& line_id) {
  v1::CheckSpendingRequest request;
  request.set_name(plan.name());
  request.set_line_id(line_id);
  request.set_spending_date("2026-05-10");
  const v1::PlanLine* line = FindLine(plan, line_id);
  if (line != nullptr) request.set_category(line->category());
  return request;
}

// The rules that refuse each share, in the order of the shares.
std::vector<std::vector<std::string>> Refusals(const v1::Plan& plan,
                                               const v1::CheckSpendingRequest& request) {
  const auto decision = DecideSpending(plan, request, ShippedPolicy());
  if (!decision.ok()) return {{std::string(decision.status().message())}};
  std::vector<std::vector<std::string>> all;
  bool allowed = true;
  for (const v1::SpendingVerdict& verdict : decision->response.verdicts()) {
    all.emplace_back();
    for (const v1::PlanFinding& finding : verdict.refusals()) all.back().push_back(finding.rule_id());
    EXPECT_EQ(verdict.allowed(), all.back().empty());
    allowed &= verdict.allowed();
  }
  EXPECT_EQ(decision->response.allowed(), allowed);
  return all;
}

TEST(SpendingTest, WhatTheLineIsForIsAllowed) {
  const v1::Plan plan = ActivePlan();
  EXPECT_THAT(Refusals(plan, Ask(plan, "l1")), ElementsAre(IsEmpty(), IsEmpty()));
  EXPECT_THAT(Refusals(plan, Ask(plan, "l2")), ElementsAre(IsEmpty()));
}

// Care Act 2014 s33(3); SI 2013/1617 reg 11.
TEST(SpendingTest, WhatThePlanDoesNotSayIsNot) {
  const v1::Plan plan = ActivePlan();
  v1::CheckSpendingRequest request = Ask(plan, "");
  request.set_category(v1::SPENDING_CATEGORY_ACTIVITIES);
  EXPECT_THAT(Refusals(plan, request),
              ElementsAre(ElementsAre("PLAN-SPEND-NOT-IN-PLAN"), ElementsAre("PLAN-SPEND-NOT-IN-PLAN")));
  request.set_line_id("l1");
  EXPECT_THAT(Refusals(plan, request),
              ElementsAre(ElementsAre("PLAN-SPEND-NOT-IN-PLAN"), ElementsAre("PLAN-SPEND-NOT-IN-PLAN")));
}

struct Exclusion {
  v1::SpendingCategory category;
  bool council;  // The council's share is refused.
  bool nhs;      // The ICB's share is refused.
};

// Rows of deploy/policy: seed 003 and SI 2013/1617 for the NHS; council exclusions beyond the law are local.
const Exclusion kExclusions[] = {
    {v1::SPENDING_CATEGORY_ILLEGAL, true, true},
    {v1::SPENDING_CATEGORY_ALCOHOL, true, true},
    {v1::SPENDING_CATEGORY_TOBACCO, true, true},
    {v1::SPENDING_CATEGORY_GAMBLING, true, true},
    {v1::SPENDING_CATEGORY_DEBT_REPAYMENT, true, true},
    {v1::SPENDING_CATEGORY_PRIMARY_MEDICAL, false, true},
    {v1::SPENDING_CATEGORY_EMERGENCY_CARE, false, true},
    {v1::SPENDING_CATEGORY_PLANNED_SURGERY, false, true},
    {v1::SPENDING_CATEGORY_MEDICINES, false, true},
    {v1::SPENDING_CATEGORY_VACCINATION_SCREENING, false, true},
    {v1::SPENDING_CATEGORY_DENTAL_OPTICAL, false, true},
    {v1::SPENDING_CATEGORY_HOUSEHOLD_COSTS, true, true},
    {v1::SPENDING_CATEGORY_STATUTORY_SERVICES, true, false},
    {v1::SPENDING_CATEGORY_ACTIVITIES, false, false},
    {v1::SPENDING_CATEGORY_THERAPY, false, false},
    {v1::SPENDING_CATEGORY_TRANSPORT, false, false},
    {v1::SPENDING_CATEGORY_RESPITE, false, false},
};

TEST(SpendingTest, ExclusionsDifferByFunder) {
  for (const Exclusion& exclusion : kExclusions) {
    v1::Plan plan = ActivePlan();
    plan.mutable_lines(0)->set_category(exclusion.category);
    const std::vector<std::string> refused = {"PLAN-SPEND-EXCLUDED"};
    const std::vector<std::string> allowed;
    EXPECT_THAT(Refusals(plan, Ask(plan, "l1")),
                ElementsAre(exclusion.council ? refused : allowed, exclusion.nhs ? refused : allowed))
        << CategoryWords(exclusion.category);
  }
}

TEST(SpendingTest, CouncilServicesAreOnlyBarredToDirectPayments) {
  v1::Plan plan = ActivePlan();
  plan.mutable_lines(0)->set_category(v1::SPENDING_CATEGORY_STATUTORY_SERVICES);
  plan.mutable_lines(0)->set_management_option(v1::MANAGEMENT_OPTION_NOTIONAL);
  EXPECT_THAT(Refusals(plan, Ask(plan, "l1")), ElementsAre(IsEmpty(), IsEmpty()));
}

struct Payee {
  v1::PayeeRelationship relationship;
  bool same_household;
  bool council;  // Barred to council money.
  bool nhs;      // Barred to NHS money.
};

// SI 2014/2871 reg 3 for councils; SI 2013/1617 reg 8(5A)-(5B) for the NHS.
const Payee kPayees[] = {
    {v1::PAYEE_RELATIONSHIP_NONE, true, false, false},
    {v1::PAYEE_RELATIONSHIP_PARTNER, true, true, true},
    {v1::PAYEE_RELATIONSHIP_PARTNER, false, true, false},
    {v1::PAYEE_RELATIONSHIP_CLOSE_RELATIVE, true, true, true},
    {v1::PAYEE_RELATIONSHIP_CLOSE_RELATIVE, false, false, false},
    {v1::PAYEE_RELATIONSHIP_FRIEND, true, false, true},
    {v1::PAYEE_RELATIONSHIP_FRIEND, false, false, false},
};

TEST(SpendingTest, FamilyIsBarredByEachFundersOwnLaw) {
  const v1::Plan plan = ActivePlan();
  for (const Payee& payee : kPayees) {
    v1::CheckSpendingRequest request = Ask(plan, "l1");
    request.set_relationship(payee.relationship);
    request.set_same_household(payee.same_household);
    const std::vector<std::string> refused = {"PLAN-SPEND-FAMILY"};
    const std::vector<std::string> allowed;
    EXPECT_THAT(Refusals(plan, request),
                ElementsAre(payee.council ? refused : allowed, payee.nhs ? refused : allowed))
        << payee.relationship << " " << payee.same_household;
  }
}

TEST(SpendingTest, NecessityFoundByAFunderLiftsItsOwnBarOnly) {
  v1::Plan plan = ActivePlan();
  v1::PlanApproval* approval = plan.add_approvals();
  approval->set_organisation(kCouncil);
  v1::NecessityFinding* finding = approval->add_necessities();
  finding->set_line_id("l1");
  finding->set_ground(v1::NecessityFinding::GROUND_ADMINISTRATION);
  v1::CheckSpendingRequest request = Ask(plan, "l1");
  request.set_relationship(v1::PAYEE_RELATIONSHIP_CLOSE_RELATIVE);
  request.set_same_household(true);
  EXPECT_THAT(Refusals(plan, request), ElementsAre(IsEmpty(), ElementsAre("PLAN-SPEND-FAMILY")));
  *plan.add_approvals() = *approval;
  plan.mutable_approvals(1)->set_organisation(kIcb);
  EXPECT_THAT(Refusals(plan, request), ElementsAre(IsEmpty(), ElementsAre("PLAN-SPEND-FAMILY")))
      << "administration is not a ground of SI 2013/1617 reg 8(5B)";
  plan.mutable_approvals(1)->mutable_necessities(0)->set_ground(v1::NecessityFinding::GROUND_MEET_NEED);
  EXPECT_THAT(Refusals(plan, request), ElementsAre(IsEmpty(), IsEmpty()));
}

TEST(SpendingTest, FamilyRulesAreForDirectPayments) {
  EXPECT_FALSE(NeedsNecessity(v1::CALLER_KIND_COUNCIL, v1::MANAGEMENT_OPTION_THIRD_PARTY,
                              v1::PAYEE_RELATIONSHIP_PARTNER, true));
}

TEST(SpendingTest, NothingIsBoughtAfterThePlanIsOver) {
  v1::Plan plan = ActivePlan();
  plan.set_expiry_date("2026-05-09");
  EXPECT_THAT(Refusals(plan, Ask(plan, "l2")), ElementsAre(ElementsAre("PLAN-SPEND-OVER")));
  plan.set_expiry_date("2026-05-10");
  EXPECT_THAT(Refusals(plan, Ask(plan, "l2")), ElementsAre(IsEmpty()));
  plan.set_state(v1::Plan::STATE_SUPERSEDED);
  EXPECT_THAT(Refusals(plan, Ask(plan, "l2")), ElementsAre(ElementsAre("PLAN-SPEND-OVER")));
}

// Of two plans that follow one another exactly one pays for what is bought on a day, whenever it is asked.
TEST(SpendingTest, TheDayOfThePurchaseSaysWhichPlanPays) {
  v1::Plan before = ActivePlan(), after = ActivePlan();
  before.set_active_date("2026-04-06");
  const auto asked_day = absl::CivilDay(2026, 5, 10);
  for (const int days : {-1, 0, 1}) {
    before.set_last_active_date(dates::Format(asked_day + days - 1));
    after.set_active_date(dates::Format(asked_day + days));
    for (const v1::Plan::State state : {v1::Plan::STATE_ACTIVE, v1::Plan::STATE_SUPERSEDED}) {
      before.set_state(state);
      const bool first_pays = days > 0;
      const std::vector<std::string> over = {"PLAN-SPEND-OVER"}, early = {"PLAN-SPEND-EARLY"}, none;
      EXPECT_THAT(Refusals(before, Ask(before, "l2")), ElementsAre(first_pays ? none : over)) << days;
      EXPECT_THAT(Refusals(after, Ask(after, "l2")), ElementsAre(first_pays ? early : none)) << days;
    }
  }
}

struct Stays {
  const char* what;
  std::vector<std::pair<const char*, const char*>> earlier;
  std::pair<const char*, const char*> asked;
  bool allowed;
};

// SI 2014/2871 reg 6: at most 4 weeks in any 12 months; stays fewer than 28 nights apart are added together.
const Stays kStays[] = {
    {"28 nights", {}, {"2026-05-01", "2026-05-28"}, true},
    {"29 nights", {}, {"2026-05-01", "2026-05-29"}, false},
    {"27 nights apart are added", {{"2026-03-01", "2026-03-14"}}, {"2026-04-11", "2026-04-25"}, false},
    {"28 nights apart are not", {{"2026-03-01", "2026-03-14"}}, {"2026-04-12", "2026-04-26"}, true},
    {"a chain of three is added",
     {{"2026-01-01", "2026-01-10"}, {"2026-01-21", "2026-01-30"}},
     {"2026-02-10", "2026-02-18"},
     false},
    {"the gap breaks the chain",
     {{"2026-01-01", "2026-01-10"}, {"2026-03-01", "2026-03-10"}},
     {"2026-03-20", "2026-04-06"},
     true},
};

TEST(SpendingTest, CareHomeStaysAreCountedTogether) {
  v1::Plan plan = ActivePlan(BudgetOf(kCouncil, v1::FUNDING_BASIS_CARE_ACT));
  plan.mutable_lines(0)->set_category(v1::SPENDING_CATEGORY_CARE_HOME);
  for (const Stays& stays : kStays) {
    v1::CheckSpendingRequest request = Ask(plan, "l1");
    for (const auto& [first, last] : stays.earlier) {
      v1::CareHomeStay* stay = request.add_earlier_stays();
      stay->set_first_night_date(first);
      stay->set_last_night_date(last);
    }
    request.mutable_stay()->set_first_night_date(stays.asked.first);
    request.mutable_stay()->set_last_night_date(stays.asked.second);
    const std::vector<std::string> refused = {"PLAN-SPEND-CARE-HOME"};
    EXPECT_THAT(Refusals(plan, request), ElementsAre(stays.allowed ? std::vector<std::string>{} : refused))
        << stays.what;
  }
}

TEST(SpendingTest, CareHomeStayIsNeededOverlapsAreRefusedAndTheNhsIsNotLimited) {
  v1::Plan plan = ActivePlan(BudgetOf(kCouncil, v1::FUNDING_BASIS_CARE_ACT));
  plan.mutable_lines(0)->set_category(v1::SPENDING_CATEGORY_CARE_HOME);
  v1::CheckSpendingRequest request = Ask(plan, "l1");
  EXPECT_EQ(DecideSpending(plan, request, ShippedPolicy()).status().code(),
            absl::StatusCode::kInvalidArgument);
  request.mutable_stay()->set_first_night_date("2026-05-01");
  request.mutable_stay()->set_last_night_date("2026-07-01");
  *request.add_earlier_stays() = request.stay();
  EXPECT_EQ(DecideSpending(plan, request, ShippedPolicy()).status().code(),
            absl::StatusCode::kInvalidArgument);
  request.clear_earlier_stays();
  CopyShares(plan, BudgetOf(kIcb, v1::FUNDING_BASIS_CHC));
  EXPECT_THAT(Refusals(plan, request), ElementsAre(IsEmpty()));
}

TEST(SpendingTest, WithoutARowForTheLimitNothingIsDecided) {
  v1::PolicyDocument national = *ShippedPolicy().national;
  national.mutable_care_planning()->clear_care_home_limits();
  PlanPolicy policy = ShippedPolicy();
  policy.national = &national;
  v1::Plan plan = ActivePlan();
  plan.mutable_lines(0)->set_category(v1::SPENDING_CATEGORY_CARE_HOME);
  EXPECT_EQ(errors::ReasonOf(DecideSpending(plan, Ask(plan, "l1"), policy).status()),
            v1::ERROR_REASON_NO_RATE);
}

}  // namespace
}  // namespace ipb::careplanning
