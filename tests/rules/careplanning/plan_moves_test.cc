// Who must agree before a plan is in effect.
#include "services/careplanning/rules/plan_moves.h"

#include <gmock/gmock.h>

#include "common/errors/errors.h"
#include "services/careplanning/rules/plan_approval.h"
#include "services/careplanning/rules/plan_money.h"
#include "tests/rules/careplanning/examples.h"

namespace ipb::careplanning {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::Plan ProposedPlan() {
  return DecidePropose(CompletePlan(), JointBudget(), ShippedPolicy(), kToday)->plan;
}

v1::SignPlanRequest SignAs(v1::PlanSignature::Role role, const std::string& representative = "") {
  v1::SignPlanRequest request;
  request.mutable_signature()->set_role(role);
  request.mutable_signature()->set_representative(representative);
  return request;
}

absl::StatusOr<PlanDecision> Sign(const v1::Plan& plan, const PersonFacts& person,
                                  const v1::SignPlanRequest& request) {
  return DecideSign(plan, person, request, Author(), ShippedPolicy(), kToday);
}

PersonFacts Represented(v1::Representative::Kind kind,
                        const std::string& name = "people/p1/representatives/1") {
  PersonFacts person = Adult();
  v1::Representative representative;
  representative.set_name(name);
  representative.set_kind(kind);
  representative.set_effective_from_date("2026-01-01");
  person.representatives.push_back(representative);
  return person;
}

v1::Plan WithoutCapacity() {
  v1::Plan plan = ProposedPlan();
  plan.mutable_capacity()->set_lacks_capacity(true);
  return plan;
}

TEST(ProposeTest, CompleteDraftIsProposedWithItsShares) {
  const auto decision = DecidePropose(CompletePlan(), JointBudget(), ShippedPolicy(), kToday);
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->plan.state(), v1::Plan::STATE_PROPOSED);
  EXPECT_EQ(decision->plan.lines(0).shares_size(), 2);
  EXPECT_THAT(Funders(decision->plan), ElementsAre(kCouncil, kIcb));
}

TEST(ProposeTest, EveryGapRefusesAtOnce) {
  v1::Plan plan = CompletePlan();
  plan.clear_advice();
  plan.clear_care_coordinator();
  const auto decision = DecidePropose(plan, JointBudget(), ShippedPolicy(), kToday);
  EXPECT_THAT(RulesOf(decision.status()), ElementsAre("PLAN-CA-6", "PLAN-CA-7", "PLAN-PHB-8"));
}

TEST(ProposeTest, OnlyDraftsAreProposed) {
  EXPECT_EQ(errors::ReasonOf(DecidePropose(ProposedPlan(), JointBudget(), ShippedPolicy(), kToday).status()),
            v1::ERROR_REASON_WRONG_STATE);
}

TEST(SignTest, PersonWithCapacitySigns) {
  const auto decision = Sign(ProposedPlan(), Adult(), SignAs(v1::PlanSignature::ROLE_PERSON));
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->plan.state(), v1::Plan::STATE_PROPOSED) << "the funders have not approved";
  EXPECT_EQ(decision->plan.signatures(0).signature_date(), "2026-05-01");
  EXPECT_EQ(decision->plan.signatures(0).recorded_by().actor(), "author");
  EXPECT_THAT(MissingAgreements(decision->plan, ShippedPolicy(), kToday), IsEmpty());
  EXPECT_THAT(RulesOf(Sign(decision->plan, Adult(), SignAs(v1::PlanSignature::ROLE_PERSON)).status()),
              ElementsAre("PLAN-SIGN-TWICE"));
}

TEST(SignTest, FutureDateIsRefused) {
  v1::SignPlanRequest request = SignAs(v1::PlanSignature::ROLE_PERSON);
  request.mutable_signature()->set_signature_date("2026-05-02");
  EXPECT_THAT(RulesOf(Sign(ProposedPlan(), Adult(), request).status()), ElementsAre("PLAN-SIGN-DATE"));
}

// Mental Capacity Act 2005 s1(2): capacity is presumed; a nominee receives money and does not agree plans.
TEST(SignTest, NobodySignsForAPersonWithCapacity) {
  const PersonFacts person = Represented(v1::Representative::KIND_NOMINEE);
  const auto request = SignAs(v1::PlanSignature::ROLE_REPRESENTATIVE, "people/p1/representatives/1");
  EXPECT_THAT(RulesOf(Sign(ProposedPlan(), person, request).status()),
              ElementsAre("PLAN-SIGN-SELF", "PLAN-SIGN-AUTHORITY"));
}

// Care Act 2014 s32 and SI 2013/1617 reg 5: each kind of money has its own authority for a direct payment.
TEST(SignTest, WithoutCapacityEachKindOfMoneyNeedsItsAuthority) {
  v1::Plan plan = WithoutCapacity();
  EXPECT_THAT(RulesOf(Sign(plan, Adult(), SignAs(v1::PlanSignature::ROLE_PERSON)).status()),
              ElementsAre("PLAN-SIGN-CAPACITY"));
  const std::string first = "people/p1/representatives/1", second = "people/p1/representatives/2";
  PersonFacts person = Represented(v1::Representative::KIND_AUTHORISED_PERSON, first);
  person.representatives.push_back(
      Represented(v1::Representative::KIND_REPRESENTATIVE, second).representatives[0]);
  EXPECT_EQ(MissingAgreements(plan, ShippedPolicy(), kToday).size(), 2u);
  plan = Sign(plan, person, SignAs(v1::PlanSignature::ROLE_REPRESENTATIVE, first))->plan;
  EXPECT_THAT(MissingAgreements(plan, ShippedPolicy(), kToday),
              ElementsAre("the representative's (SI 2013/1617 reg 5)"));
  plan = Sign(plan, person, SignAs(v1::PlanSignature::ROLE_REPRESENTATIVE, second))->plan;
  EXPECT_THAT(MissingAgreements(plan, ShippedPolicy(), kToday), IsEmpty());
}

TEST(SignTest, AppointmentThatEndedGivesNoAuthority) {
  PersonFacts person = Represented(v1::Representative::KIND_AUTHORISED_PERSON);
  person.representatives[0].set_effective_to_date("2026-04-30");
  const auto request = SignAs(v1::PlanSignature::ROLE_REPRESENTATIVE, "people/p1/representatives/1");
  EXPECT_THAT(RulesOf(Sign(WithoutCapacity(), person, request).status()), ElementsAre("PLAN-SIGN-AUTHORITY"));
}

// Mental Capacity Act 2005 s4: nobody may sign, there is no direct payment, and the reasons are written.
TEST(SignTest, BestInterestsStandsInOnlyWithoutADirectPayment) {
  v1::SignPlanRequest request = SignAs(v1::PlanSignature::ROLE_BEST_INTERESTS);
  request.mutable_signature()->set_reasons("her sister and the advocate were consulted");
  v1::Plan plan = WithoutCapacity();
  EXPECT_THAT(RulesOf(Sign(plan, Adult(), request).status()), ElementsAre("PLAN-SIGN-BEST-INTERESTS"));
  plan.mutable_lines(0)->set_management_option(v1::MANAGEMENT_OPTION_NOTIONAL);
  const auto decision = Sign(plan, Adult(), request);
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_THAT(MissingAgreements(decision->plan, ShippedPolicy(), kToday), IsEmpty());
  EXPECT_THAT(RulesOf(Sign(plan, Represented(v1::Representative::KIND_AUTHORISED_PERSON), request).status()),
              ElementsAre("PLAN-SIGN-BEST-INTERESTS"));
  request.mutable_signature()->clear_reasons();
  EXPECT_THAT(RulesOf(Sign(plan, Adult(), request).status()), ElementsAre("PLAN-SIGN-BEST-INTERESTS"));
}

// SI 2013/1617 regs 3-4: 16 is the age at which people ask for themselves.
TEST(SignTest, ParentsSignBeforeSixteen) {
  PersonFacts person;
  person.birth_date = absl::CivilDay(2010, 5, 2);
  const auto parent = SignAs(v1::PlanSignature::ROLE_PARENTAL_RESPONSIBILITY);
  EXPECT_THAT(RulesOf(Sign(ProposedPlan(), person, SignAs(v1::PlanSignature::ROLE_PERSON)).status()),
              ElementsAre("PLAN-SIGN-CHILD"));
  const auto decision = Sign(ProposedPlan(), person, parent);
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_THAT(MissingAgreements(decision->plan, ShippedPolicy(), kToday), IsEmpty());
  person.birth_date = absl::CivilDay(2010, 5, 1);
  EXPECT_THAT(RulesOf(Sign(ProposedPlan(), person, parent).status()), ElementsAre("PLAN-SIGN-PARENT"));
}

TEST(SignTest, WhoReceivesThePaymentAgreesToo) {
  const std::string name = "people/p1/representatives/1";
  const PersonFacts person = Represented(v1::Representative::KIND_NOMINATED_PERSON, name);
  v1::Plan plan = ProposedPlan();
  EXPECT_THAT(RulesOf(Sign(plan, person, SignAs(v1::PlanSignature::ROLE_RECIPIENT, name)).status()),
              ElementsAre("PLAN-SIGN-RECIPIENT"));
  plan.mutable_direct_payment()->set_recipient(name);
  plan = Sign(plan, person, SignAs(v1::PlanSignature::ROLE_PERSON))->plan;
  EXPECT_THAT(MissingAgreements(plan, ShippedPolicy(), kToday),
              ElementsAre("that of who receives the direct payment"));
  const auto decision = Sign(plan, person, SignAs(v1::PlanSignature::ROLE_RECIPIENT, name));
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_THAT(MissingAgreements(decision->plan, ShippedPolicy(), kToday), IsEmpty());
}

// Care Act 2014 s67; Mental Capacity Act 2005 ss9, 16: supporting or deciding is not receiving.
TEST(SignTest, NeitherAdvocateNorAttorneyReceivesThePayment) {
  const std::string name = "people/p1/representatives/1";
  v1::Plan plan = ProposedPlan();
  plan.mutable_direct_payment()->set_recipient(name);
  for (const auto kind : {v1::Representative::KIND_ADVOCATE, v1::Representative::KIND_ATTORNEY,
                          v1::Representative::KIND_DEPUTY}) {
    EXPECT_THAT(RulesOf(Sign(plan, Represented(kind, name), SignAs(v1::PlanSignature::ROLE_RECIPIENT, name)).status()),
                ElementsAre("PLAN-SIGN-RECIPIENT"));
  }
}

TEST(ReturnTest, FunderGivesItBackWithReasonsAndAgreementsLapse) {
  v1::Plan plan = Sign(ProposedPlan(), Adult(), SignAs(v1::PlanSignature::ROLE_PERSON))->plan;
  v1::ReturnPlanRequest request;
  EXPECT_THAT(RulesOf(DecideReturn(plan, request, {"XYZ", "a", "b"}, kToday).status()),
              ElementsAre("PLAN-RETURN-FUNDER", "PLAN-RETURN-REASONS"));
  request.mutable_decision()->set_reasons("the mattress is on the equipment contract");
  const auto decision = DecideReturn(plan, request, IcbLead(), kToday);
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->plan.state(), v1::Plan::STATE_DRAFT);
  EXPECT_EQ(decision->plan.signatures_size(), 0);
  EXPECT_EQ(decision->plan.returns(0).decision().decider(), "lead");
  EXPECT_EQ(decision->plan.returns(0).decision().decision_date(), "2026-05-01");
}

TEST(ActivateTest, BudgetThatCannotBeAgreedAsksTheFundersAgain) {
  v1::Plan plan = ProposedPlan();
  plan.add_signatures();
  plan.add_approvals();
  EXPECT_EQ(errors::ReasonOf(DecideActivationFailure(plan, {"x"}).status()), v1::ERROR_REASON_WRONG_STATE);
  plan.set_state(v1::Plan::STATE_APPROVED);
  const auto decision = DecideActivationFailure(plan, {"BUDGET-SUPERSEDED: revised on 2 May 2026"});
  EXPECT_EQ(decision->plan.state(), v1::Plan::STATE_PROPOSED);
  EXPECT_EQ(decision->plan.approvals_size(), 0);
  EXPECT_EQ(decision->plan.signatures_size(), 1);
  EXPECT_THAT(decision->plan.activation_failures(), ElementsAre("BUDGET-SUPERSEDED: revised on 2 May 2026"));
}

}  // namespace
}  // namespace ipb::careplanning
