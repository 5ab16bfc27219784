#include "services/payments/rules/agreement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/errors/errors.h"
#include "services/payments/rules/payment.h"
#include "tests/rules/payments/example.h"

namespace ipb::payments {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

const absl::CivilDay kToday(2026, 4, 20);
constexpr auto kAligned = v1::FUNDING_ARRANGEMENT_ALIGNED;
constexpr auto kPooled = v1::FUNDING_ARRANGEMENT_POOLED;

TEST(OpenAgreement, EachBodyPaysItsOwnPartAndThePartsTie) {
  const auto council =
      DecideOpenAgreement(example::Open(example::kCouncil), example::OpenRequest(kAligned, "2026-04-08"),
                          example::CouncilOfficer(), example::Policy(example::kCouncil));
  const auto icb =
      DecideOpenAgreement(example::Open(example::kIcb), example::OpenRequest(kAligned, "2026-04-08"),
                          example::IcbOfficer(), example::Policy(example::kIcb));
  ASSERT_TRUE(council.ok()) << council.status();
  ASSERT_TRUE(icb.ok()) << icb.status();
  ASSERT_EQ(council->agreement.lines_size(), 2);
  ASSERT_EQ(icb->agreement.lines_size(), 1);
  EXPECT_EQ(council->agreement.lines(0).weekly_pence() + icb->agreement.lines(0).weekly_pence(), 50001);
  EXPECT_EQ(council->agreement.lines(0).weekly_pence(), 30001);
  EXPECT_EQ(council->agreement.lines(0).shares(0).share().numerator(), 1);
  EXPECT_EQ(council->agreement.lines(0).shares(0).share().denominator(), 1);
  EXPECT_EQ(council->agreement.lines(1).one_off_pence(), 30000);
  EXPECT_EQ(council->agreement.contribution_weekly_pence(), 4000);
  EXPECT_EQ(icb->agreement.contribution_weekly_pence(), 0);
  EXPECT_EQ(icb->agreement.advance_days(), 7);
  const v1::Explanation explanation = icb->trace.Render("payments/1", "x");
  for (const auto& step : explanation.steps()) {
    EXPECT_NE(step.purpose(), v1::PURPOSE_MEANS) << step.sentence();
  }
}

TEST(OpenAgreement, ACouncilMayPayForBothButAnNhsBodyMayNotNetACharge) {
  const auto pooled =
      DecideOpenAgreement(example::Open(example::kCouncil), example::OpenRequest(kPooled, "2026-04-08"),
                          example::CouncilOfficer(), example::Policy(example::kCouncil));
  ASSERT_TRUE(pooled.ok()) << pooled.status();
  EXPECT_EQ(pooled->agreement.lines(0).weekly_pence(), 50001);
  EXPECT_EQ(pooled->agreement.lines(0).shares_size(), 2);
  const auto nhs =
      DecideOpenAgreement(example::Open(example::kIcb), example::OpenRequest(kPooled, "2026-04-08"),
                          example::IcbOfficer(), example::Policy(example::kIcb));
  EXPECT_THAT(example::RefusedBy(nhs.status()), ElementsAre("PAY-AGREE-POOL-MEANS"));
}

TEST(OpenAgreement, TheContributionIsMetOnce) {
  OpenFacts facts = example::Open(example::kCouncil);
  v1::Agreement other = example::CouncilAgreement(8000, 1500, absl::CivilDay(2026, 4, 1));
  other.set_management_option(v1::MANAGEMENT_OPTION_THIRD_PARTY);
  facts.agreements.push_back(other);
  const auto decision = DecideOpenAgreement(facts, example::OpenRequest(kAligned, "2026-04-08"),
                                            example::CouncilOfficer(), example::Policy(example::kCouncil));
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->agreement.contribution_weekly_pence(), 2500);
}

TEST(OpenAgreement, TellsEverythingThatIsInTheWay) {
  OpenFacts facts = example::Open(example::kIcb);
  facts.plan.active = false;
  facts.budget.live = false;
  facts.person.death = absl::CivilDay(2026, 4, 2);
  facts.person.barred_from_direct_payments = true;
  facts.payee.set_kind(v1::PAYEE_KIND_THIRD_PARTY);
  const auto decision = DecideOpenAgreement(facts, example::OpenRequest(kPooled, "2026-03-31"),
                                            example::CouncilOfficer(), example::Policy(example::kCouncil));
  EXPECT_THAT(
      example::RefusedBy(decision.status()),
      UnorderedElementsAre("PAY-AGREE-PLAN", "PAY-AGREE-BUDGET", "PAY-AGREE-FIRST-DAY", "PAY-AGREE-DEATH",
                           "PAY-AGREE-BARRED", "PAY-AGREE-PAYEE", "PAY-AGREE-PAYEE-KIND"));
}

TEST(OpenAgreement, NhsMoneyNeedsAnAccountThatCanBeAudited) {
  OpenFacts facts = example::Open(example::kIcb);
  facts.payee.set_dedicated_account(false);
  const auto request = example::OpenRequest(kAligned, "2026-04-08");
  const auto policy = example::Policy(example::kIcb);
  EXPECT_THAT(example::RefusedBy(DecideOpenAgreement(facts, request, example::IcbOfficer(), policy).status()),
              ElementsAre("PAY-AGREE-ACCOUNT"));
  facts.payee.set_kind(v1::PAYEE_KIND_MANAGED_ACCOUNT);
  EXPECT_TRUE(DecideOpenAgreement(facts, request, example::IcbOfficer(), policy).ok());
}

TEST(OpenAgreement, NoPeriodAndNoOneOffIsPromisedTwice) {
  OpenFacts facts = example::Open(example::kCouncil);
  const auto policy = example::Policy(example::kCouncil);
  auto first = DecideOpenAgreement(facts, example::OpenRequest(kAligned, "2026-04-08"),
                                   example::CouncilOfficer(), policy);
  ASSERT_TRUE(first.ok());
  first->agreement.set_name("people/k3/agreements/1");
  facts.agreements.push_back(first->agreement);
  const auto request = example::OpenRequest(kAligned, "2026-05-04");
  EXPECT_THAT(
      example::RefusedBy(DecideOpenAgreement(facts, request, example::CouncilOfficer(), policy).status()),
      ElementsAre("PAY-AGREE-DUPLICATE"));
  facts.agreements[0].set_last_date("2026-05-03");
  facts.agreements[0].set_state(v1::Agreement::STATE_CLOSED);
  const auto second = DecideOpenAgreement(facts, request, example::CouncilOfficer(), policy);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->agreement.lines_size(), 1) << "the bicycle was bought under the first";
}

TEST(OpenAgreement, DoesNotGuessACycle) {
  OpenFacts facts = example::Open(example::kCouncil);
  facts.plan.first = absl::CivilDay(2020, 1, 1);
  EXPECT_EQ(
      errors::ReasonOf(DecideOpenAgreement(facts, example::OpenRequest(kAligned, "2020-01-06"),
                                           example::CouncilOfficer(), example::Policy(example::kCouncil))
                           .status()),
      v1::ERROR_REASON_NO_RATE);
}

const absl::CivilDay kDeath(2026, 4, 18);

struct CloseCase {
  const char* name;
  v1::CloseReason reason;
  const char* last_date;
  const char* notice_date;
  const char* reasons;
  std::vector<std::string> refused_by;
};

TEST(CloseAgreement, NeedsNoticeOnlyWhereTheLawLeavesAChoice) {
  const CloseCase cases[] = {
      {"asked", v1::CLOSE_REASON_PERSON_ASKED, "2026-04-20", "", "", {}},
      {"must", v1::CLOSE_REASON_MUST_STOP, "2026-04-20", "", "no willing representative", {}},
      {"must, unexplained", v1::CLOSE_REASON_MUST_STOP, "2026-04-20", "", "", {"PAY-CLOSE-REASONS"}},
      {"may, with notice", v1::CLOSE_REASON_MAY_STOP, "2026-05-18", "2026-04-20", "off-plan use", {}},
      {"may, short notice",
       v1::CLOSE_REASON_MAY_STOP,
       "2026-05-17",
       "2026-04-20",
       "off-plan use",
       {"PAY-CLOSE-NOTICE"}},
      {"may, no notice",
       v1::CLOSE_REASON_MAY_STOP,
       "2026-05-18",
       "",
       "",
       {"PAY-CLOSE-REASONS", "PAY-CLOSE-NOTICE"}},
      {"before it began", v1::CLOSE_REASON_PERSON_ASKED, "2026-04-05", "", "", {"PAY-CLOSE-DAY"}},
      {"on the day of death", v1::CLOSE_REASON_DEATH, "2026-04-18", "", "", {}},
      {"after the death", v1::CLOSE_REASON_DEATH, "2026-04-19", "", "", {"PAY-CLOSE-DEATH"}},
  };
  for (const CloseCase& one : cases) {
    CloseFacts facts{example::CouncilAgreement(70000, 0, absl::CivilDay(2026, 4, 8)), {}, {}, kDeath};
    v1::CloseAgreementRequest request;
    request.set_name(facts.agreement.name());
    request.set_last_date(one.last_date);
    request.set_reason(one.reason);
    request.set_notice_given_date(one.notice_date);
    request.mutable_decision()->set_reasons(one.reasons);
    const auto decision = DecideCloseAgreement(facts, request, example::CouncilOfficer(),
                                               example::Policy(example::kCouncil), kToday);
    EXPECT_EQ(example::RefusedBy(decision.status()), one.refused_by) << one.name;
    EXPECT_EQ(decision.ok(), one.refused_by.empty()) << one.name << decision.status();
    // A living person's agreement is never closed as a dead one's, which would need neither notice nor
    // reasons.
    facts.death.reset();
    if (one.reason != v1::CLOSE_REASON_DEATH) continue;
    EXPECT_EQ(example::RefusedBy(DecideCloseAgreement(facts, request, example::CouncilOfficer(),
                                                      example::Policy(example::kCouncil), kToday)
                                     .status()),
              std::vector<std::string>{"PAY-CLOSE-DEATH"})
        << one.name;
  }
}

}  // namespace
}  // namespace ipb::payments
