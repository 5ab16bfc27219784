// Requests: clocks on receipt, and what closing asks for.
#include "services/eligibility/rules/request.h"

#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/rules/eligibility/cases.h"

namespace ipb::eligibility {
namespace {

using testing::ElementsAre;
using Request = v1::SupportRequest;

RequestFacts Facts() {
  RequestFacts facts;
  facts.person = Adult();
  facts.organisation = kIcb;
  facts.request.set_name("people/3f9c0a7d51e84b2c9d60/requests/1");
  facts.request.set_kind(Request::KIND_CARE_ACT);
  facts.request.set_state(Request::STATE_OPEN);
  facts.request.set_received_date("2026-11-10");
  return facts;
}

TEST(Receipt, StartsTheTwentyEightDayClockOfAChecklist) {
  v1::ReceiveRequestRequest request;
  request.set_kind(Request::KIND_CHC_CHECKLIST);
  request.set_received_date("2026-11-02");
  const auto decision = DecideReceipt(Facts(), request, Policy(), kToday);
  ASSERT_TRUE(decision.ok()) << decision.status();
  ASSERT_EQ(decision->request.clocks_size(), 1);
  EXPECT_EQ(decision->request.clocks(0).clock(), "CHC-DECISION");
  EXPECT_EQ(decision->request.clocks(0).due_date(), "2026-11-30");
  EXPECT_EQ(decision->request.state(), Request::STATE_OPEN);
  EXPECT_EQ(decision->request.organisation(), kIcb);
}

TEST(Receipt, CountsTheDayOfReceiptWherePolicySaysSo) {
  v1::EligibilityPolicy policy = Policy();
  policy.mutable_request_clocks(0)->set_receipt_is_first_day(true);
  v1::ReceiveRequestRequest request;
  request.set_kind(Request::KIND_CHC_CHECKLIST);
  request.set_received_date("2026-11-02");
  const auto decision = DecideReceipt(Facts(), request, policy, kToday);
  ASSERT_TRUE(decision.ok());
  EXPECT_EQ(decision->request.clocks(0).due_date(), "2026-11-29");
}

TEST(Receipt, WantsAFastTrackPackageInTwoDays) {
  v1::ReceiveRequestRequest request;
  request.set_kind(Request::KIND_CHC_FAST_TRACK);
  const auto decision = DecideReceipt(Facts(), request, Policy(), kToday);
  ASSERT_TRUE(decision.ok());
  EXPECT_EQ(decision->request.received_date(), "2026-11-22");
  EXPECT_EQ(decision->request.clocks(0).due_date(), "2026-11-24");
}

TEST(Receipt, SetsNoClockWhereTheLawHasNone) {
  v1::ReceiveRequestRequest request;
  request.set_kind(Request::KIND_CARE_ACT);
  const auto decision = DecideReceipt(Facts(), request, Policy(), kToday);
  ASSERT_TRUE(decision.ok());
  EXPECT_TRUE(decision->request.clocks().empty());
  EXPECT_EQ(decision->trace.Render("test", "test").steps(0).rule_id(), "REQUEST-NO-CLOCK");
}

// Every kind can be received on the first day; those with a clock by law or framework get it.
TEST(Receipt, TakesEveryKind) {
  const std::map<Request::Kind, std::vector<std::string>> clocks = {
      {Request::KIND_CHC_CHECKLIST, {"CHC-DECISION"}},
      {Request::KIND_CHC_FAST_TRACK, {"FAST-TRACK-PACKAGE"}},
      {Request::KIND_CHILDRENS_CONTINUING_CARE, {"CYP-DECISION"}},
      {Request::KIND_CHILDRENS_FAST_TRACK, {"CYP-FAST-TRACK-PACKAGE"}}};
  for (int kind = 1; kind < Request::Kind_ARRAYSIZE; ++kind) {
    v1::ReceiveRequestRequest request;
    request.set_kind(static_cast<Request::Kind>(kind));
    const auto decision = DecideReceipt(Facts(), request, Policy(), kToday);
    ASSERT_TRUE(decision.ok()) << decision.status();
    std::vector<std::string> started;
    for (const v1::RequestClock& clock : decision->request.clocks()) started.push_back(clock.clock());
    const auto expected = clocks.find(request.kind());
    EXPECT_EQ(started, expected == clocks.end() ? std::vector<std::string>() : expected->second)
        << Request::Kind_Name(request.kind());
  }
}

TEST(Receipt, DoesNotGuessTheClocksOfADateBeforeAnyRow) {
  v1::ReceiveRequestRequest request;
  request.set_received_date("2022-06-30");
  for (const auto kind : {Request::KIND_CHC_CHECKLIST, Request::KIND_CHC_FAST_TRACK}) {
    request.set_kind(kind);
    EXPECT_EQ(errors::ReasonOf(DecideReceipt(Facts(), request, Policy(), kToday).status()),
              v1::ERROR_REASON_NO_RATE);
  }
  request.set_kind(Request::KIND_CARE_ACT);
  EXPECT_TRUE(DecideReceipt(Facts(), request, Policy(), kToday).ok());
}

TEST(Receipt, IsNeitherInTheFutureNorAfterDeath) {
  RequestFacts facts = Facts();
  facts.person.set_death_date("2026-11-01");
  v1::ReceiveRequestRequest request;
  request.set_kind(Request::KIND_CARE_ACT);
  request.set_received_date("2026-11-23");
  EXPECT_THAT(Refusals(DecideReceipt(facts, request, Policy(), kToday).status()),
              ElementsAre("REQUEST-DATE-FUTURE", "REQUEST-AFTER-DEATH"));
}

TEST(Closing, EndsAnOpenRequestOnce) {
  v1::CloseRequestRequest request;
  request.set_outcome(Request::OUTCOME_ASSESSMENT);
  RequestFacts facts = Facts();
  const auto decision = DecideClosing(facts, request, kToday);
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->request.state(), Request::STATE_CLOSED);
  EXPECT_EQ(decision->request.closed_date(), "2026-11-22");
  facts.request = decision->request;
  EXPECT_THAT(Refusals(DecideClosing(facts, request, kToday).status()), ElementsAre("WRONG_STATE"));
}

// Whether a clock passed is the same whenever it is looked at: before the decision or the answer is recorded,
// or after.
TEST(Clocks, PassInAnyOrder) {
  Request received;
  received.set_state(Request::STATE_OPEN);
  received.set_received_date("2026-10-01");
  v1::RequestClock* clock = received.add_clocks();
  clock->set_clock("CHC-DECISION");
  clock->set_due_date("2026-10-29");
  received.add_clocks()->set_clock("GONE");
  received.mutable_clocks(1)->set_due_date("2026-12-31");
  for (int day = 0; day < 60; ++day) {
    const absl::CivilDay decided = absl::CivilDay(2026, 10, 1) + day;
    const absl::CivilDay looked = absl::CivilDay(2026, 11, 30);
    const Request noted_first =
        MeetClocks(DecidePassing(received, Policy(), looked).request, Policy(), decided);
    const Request met_first =
        DecidePassing(MeetClocks(received, Policy(), decided), Policy(), looked).request;
    EXPECT_EQ(noted_first.SerializeAsString(), met_first.SerializeAsString()) << decided;
    EXPECT_EQ(met_first.clocks(0).passed_date().empty(), decided <= absl::CivilDay(2026, 10, 29)) << decided;
    EXPECT_EQ(met_first.clocks(1).met_date(), "") << "nobody knows what would meet it";
    Request closed = received;
    closed.set_state(Request::STATE_CLOSED);
    closed.set_closed_date(dates::Format(decided));
    EXPECT_EQ(DecidePassing(closed, Policy(), looked).request.clocks(0).passed_date().empty(),
              decided <= absl::CivilDay(2026, 10, 29))
        << decided;
  }
}

TEST(Closing, DoesNotAcceptARefusalThatTheActOverrides) {
  v1::CloseRequestRequest request;
  request.set_outcome(Request::OUTCOME_DECLINED);
  request.set_reasons("Does not want to be assessed.");
  EXPECT_TRUE(DecideClosing(Facts(), request, kToday).ok());
  request.set_abuse_or_neglect(true);
  EXPECT_THAT(Refusals(DecideClosing(Facts(), request, kToday).status()),
              ElementsAre("REQUEST-REFUSAL-NOT-EFFECTIVE"));
  request.clear_abuse_or_neglect();
  request.set_lacks_capacity_and_best_interests(true);
  EXPECT_THAT(Refusals(DecideClosing(Facts(), request, kToday).status()),
              ElementsAre("REQUEST-REFUSAL-NOT-EFFECTIVE"));
}

TEST(Closing, WantsReasonsAndADateBetweenReceiptAndToday) {
  v1::CloseRequestRequest request;
  request.set_outcome(Request::OUTCOME_NO_SERVICES);
  request.set_closed_date("2026-11-09");
  EXPECT_THAT(Refusals(DecideClosing(Facts(), request, kToday).status()),
              ElementsAre("REQUEST-CLOSED-DATE", "REQUEST-REASONS"));
  request.set_outcome(Request::OUTCOME_DECEASED);
  request.set_closed_date("2026-11-23");
  EXPECT_THAT(Refusals(DecideClosing(Facts(), request, kToday).status()),
              ElementsAre("REQUEST-CLOSED-DATE", "REQUEST-DEATH-NOT-RECORDED"));
}

}  // namespace
}  // namespace ipb::eligibility
