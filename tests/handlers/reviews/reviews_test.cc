#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/handlers/reviews/fixture.h"
#include "tests/handlers/reviews/requests.h"

namespace ipb::reviews {
namespace {

using ::testing::Contains;
using testing::DetailsOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using testing::kCouncil;
using testing::kIcb;
using testing::kStranger;
using testing::NewRequestId;
using ::testing::SizeIs;
using Stub = v1::ReviewsService::Stub;

std::string PersonOf(const v1::Review& review) {
  return review.plan().substr(0, review.plan().find("/plans/"));
}

class ReviewsHandlersTest : public ReviewsTest {
 protected:
  v1::Review Schedule(const v1::ScheduleReviewRequest& request) {
    v1::Review review;
    const grpc::Status status = Call(&Stub::ScheduleReview, kCouncil, request, &review);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return review;
  }
  grpc::Status Start(const std::string& name, v1::Review* review) {
    v1::StartReviewRequest request;
    request.set_name(name);
    return Call(&Stub::StartReview, kCouncil, request, review);
  }
  v1::Review Started(const std::string& name) {
    v1::Review review;
    const grpc::Status status = Start(name, &review);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return review;
  }
  v1::ListDueReviewsResponse Due(const testing::As& as, const std::string& until, int page_size = 0,
                                 const std::string& token = "") {
    v1::ListDueReviewsRequest request;
    request.set_due_by_date(until);
    request.set_page_size(page_size);
    request.set_page_token(token);
    v1::ListDueReviewsResponse reply;
    const grpc::Status status = Call(&Stub::ListDueReviews, as, request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return reply;
  }
};

TEST_F(ReviewsHandlersTest, PlanInEffectGetsItsFirstReviewOnce) {
  const std::string person = Person();
  v1::Plan plan = JointPlan(person);
  plan.set_state(v1::Plan::STATE_APPROVED);
  Hold({plan});
  plan.set_state(v1::Plan::STATE_ACTIVE);
  Hold({plan});
  AwaitPlan(person);
  ASSERT_THAT(List(person), SizeIs(1));
  const v1::Review review = Get(person + "/reviews/1");
  EXPECT_EQ(review.state(), v1::Review::STATE_SCHEDULED);
  EXPECT_EQ(review.trigger(), v1::REVIEW_TRIGGER_CADENCE);
  EXPECT_EQ(review.due_date(), "2025-07-28") << "eight weeks";
  EXPECT_THAT(review.organisations(), ElementsAre(kCouncil.organisation, kIcb.organisation));
  EXPECT_FALSE(review.explanation().steps().empty());
  Hold({plan});
  plan.set_state(v1::Plan::STATE_ENDED);
  Hold({plan});
  AwaitPlan(person);
  const std::vector<v1::Review> reviews = List(person);
  ASSERT_THAT(reviews, SizeIs(1));
  EXPECT_EQ(reviews[0].state(), v1::Review::STATE_CANCELLED);
  EXPECT_EQ(reviews[0].cancellation().reason(), v1::ReviewCancellation::REASON_PLAN_OVER);
}

TEST_F(ReviewsHandlersTest, RevisionMovesTheCadenceAndKeepsUnplannedReviews) {
  const v1::Review first = FirstReview();
  const std::string person = PersonOf(first);
  const v1::Review asked = Schedule(Unplanned(person, v1::REVIEW_TRIGGER_REQUEST));
  v1::Plan old = JointPlan(person), next = JointPlan(person, 2);
  old.set_state(v1::Plan::STATE_SUPERSEDED);
  old.set_superseded_by(next.name());
  next.set_revises(old.name());
  next.set_active_date("2025-07-01");
  suite_.SetDate("2025-07-01");
  Hold({next, old});
  AwaitPlan(person);
  AwaitPlan(person);
  const std::vector<v1::Review> reviews = List(person);
  ASSERT_THAT(reviews, SizeIs(3));
  EXPECT_EQ(reviews[0].state(), v1::Review::STATE_CANCELLED);
  EXPECT_EQ(reviews[1].name(), asked.name());
  EXPECT_EQ(reviews[1].state(), v1::Review::STATE_SCHEDULED);
  EXPECT_EQ(reviews[2].plan(), next.name());
  EXPECT_EQ(reviews[2].due_date(), "2025-07-28") << "the payment's check goes on from the first plan";
}

TEST_F(ReviewsHandlersTest, DeathEndsWhatIsScheduled) {
  const v1::Review first = FirstReview();
  const std::string person = PersonOf(first);
  const v1::Review closing = Schedule(Unplanned(person, v1::REVIEW_TRIGGER_DEATH));
  Die(person);
  AwaitPerson(person);
  EXPECT_EQ(Get(first.name()).state(), v1::Review::STATE_CANCELLED);
  EXPECT_EQ(Get(closing.name()).state(), v1::Review::STATE_SCHEDULED);
  EXPECT_THAT(Due(kCouncil, "2026-12-31").due_reviews(), SizeIs(1));
}

TEST_F(ReviewsHandlersTest, ADeathThatNeverWasLeavesTheReviewsAsTheyWere) {
  const v1::Review first = FirstReview();
  const std::string person = PersonOf(first);
  const std::string death = Die(person);
  AwaitPerson(person);
  ASSERT_EQ(Get(first.name()).state(), v1::Review::STATE_CANCELLED);
  NeverDied(death);
  AwaitPerson(person);
  const std::vector<v1::Review> reviews = List(person);
  ASSERT_THAT(reviews, SizeIs(2));
  EXPECT_EQ(reviews[1].state(), v1::Review::STATE_SCHEDULED);
  EXPECT_EQ(reviews[1].due_date(), first.due_date());
  EXPECT_EQ(reviews[1].plan(), first.plan());
}

TEST_F(ReviewsHandlersTest, APlanThatCannotBeScheduledYetHoldsUpNobody) {
  const std::string person = Person();
  v1::Plan plan = JointPlan(person);
  plan.mutable_lines()->RemoveLast();
  v1::FundingShare* share = plan.mutable_lines(0)->mutable_shares(0);
  share->set_organisation(kStranger.organisation);
  share->set_basis(v1::FUNDING_BASIS_SECTION_117);
  Hold({plan});
  AwaitPlan(person);
  EXPECT_THAT(List(person), IsEmpty()) << "no policy says when";
  EXPECT_EQ(FirstReview().state(), v1::Review::STATE_SCHEDULED);
  Hold({JointPlan(person)});
  suite_.SetDate("2025-06-03");
  changes_.Await(person, "work/follow-plan");
  EXPECT_THAT(List(person), SizeIs(1));
}

TEST_F(ReviewsHandlersTest, SchedulesForATrigger) {
  const std::string person = PersonOf(FirstReview());
  const v1::ScheduleReviewRequest request = Unplanned(person, v1::REVIEW_TRIGGER_SAFEGUARDING);
  const v1::Review review = Schedule(request);
  EXPECT_EQ(review.name(), person + "/reviews/2");
  EXPECT_EQ(review.due_date(), "2025-06-04");
  EXPECT_EQ(Schedule(request).etag(), review.etag()) << "a repeated request is answered as before";
  v1::ScheduleReviewRequest other = request;
  other.set_reasons("Something else.");
  v1::Review reply;
  const grpc::Status reused = Call(&Stub::ScheduleReview, kCouncil, other, &reply);
  EXPECT_EQ(DetailsOf(reused).info.reason(), "REQUEST_ID_REUSED");
}

TEST_F(ReviewsHandlersTest, PreviewsBeforeItSchedules) {
  const std::string person = PersonOf(FirstReview());
  v1::ScheduleReviewRequest request = Unplanned(person, v1::REVIEW_TRIGGER_REQUEST);
  request.set_validate_only(true);
  const v1::Review preview = Schedule(request);
  EXPECT_FALSE(preview.preview_token().empty());
  EXPECT_THAT(List(person), SizeIs(1));
  request.set_validate_only(false);
  request.set_preview_token(preview.preview_token());
  EXPECT_EQ(Schedule(request).due_date(), preview.due_date());
  v1::ScheduleReviewRequest stale = Unplanned(person, v1::REVIEW_TRIGGER_REQUEST);
  stale.set_preview_token(preview.preview_token());
  v1::Review reply;
  const grpc::Status status = Call(&Stub::ScheduleReview, kCouncil, stale, &reply);
  EXPECT_EQ(DetailsOf(status).info.reason(), "PREVIEW_STALE");
}

TEST_F(ReviewsHandlersTest, AReviewStartedSinceThePreviewMakesItStale) {
  const v1::Review first = FirstReview();
  v1::StartReviewRequest request;
  request.set_name(first.name());
  request.set_validate_only(true);
  v1::Review preview;
  ASSERT_TRUE(Call(&Stub::StartReview, kCouncil, request, &preview).ok());
  Started(first.name());
  request.set_validate_only(false);
  request.set_preview_token(preview.preview_token());
  v1::Review reply;
  const grpc::Status status = Call(&Stub::StartReview, kCouncil, request, &reply);
  EXPECT_EQ(status.error_code(), grpc::ABORTED) << status.error_message();
  EXPECT_EQ(DetailsOf(status).info.reason(), "PREVIEW_STALE");
}

TEST_F(ReviewsHandlersTest, RefusesToSchedule) {
  const v1::Review first = FirstReview();
  const std::string person = PersonOf(first);
  v1::Review reply;
  v1::ScheduleReviewRequest request = Unplanned(person, v1::REVIEW_TRIGGER_CADENCE);
  const grpc::Status second = Call(&Stub::ScheduleReview, kCouncil, request, &reply);
  EXPECT_EQ(second.error_code(), grpc::ALREADY_EXISTS);
  EXPECT_EQ(DetailsOf(second).info.metadata().at("name"), first.name());
  EXPECT_EQ(Call(&Stub::ScheduleReview, kStranger, request, &reply).error_code(), grpc::NOT_FOUND);
  request = Unplanned("people/nobody", v1::REVIEW_TRIGGER_REQUEST);
  EXPECT_EQ(Call(&Stub::ScheduleReview, kCouncil, request, &reply).error_code(), grpc::NOT_FOUND);
  request = Unplanned(person, v1::REVIEW_TRIGGER_REQUEST);
  request.set_plan(person + "/plans/9");
  EXPECT_EQ(Call(&Stub::ScheduleReview, kCouncil, request, &reply).error_code(), grpc::NOT_FOUND);
  request.set_plan("people/other/plans/1");
  EXPECT_THAT(DetailsOf(Call(&Stub::ScheduleReview, kCouncil, request, &reply)).fields(),
              ElementsAre("plan"));
  request = {};
  request.set_due_date("soon");
  EXPECT_THAT(DetailsOf(Call(&Stub::ScheduleReview, kCouncil, request, &reply)).fields(),
              IsSupersetOf({"parent", "plan", "trigger", "due_date"}));
}

TEST_F(ReviewsHandlersTest, RefusesAPlanThatIsNotInEffectWithAllThatIsWrong) {
  const std::string person = Person();
  v1::Plan plan = JointPlan(person);
  plan.set_state(v1::Plan::STATE_PROPOSED);
  Hold({plan});
  v1::ScheduleReviewRequest request = Unplanned(person, v1::REVIEW_TRIGGER_REQUEST);
  request.clear_reasons();
  v1::Review reply;
  EXPECT_THAT(DetailsOf(Call(&Stub::ScheduleReview, kCouncil, request, &reply)).rules(),
              ElementsAre("REVIEW-PLAN-ACTIVE", "REVIEW-TRIGGER-REASONS"));
}

TEST_F(ReviewsHandlersTest, CompletingSchedulesTheNext) {
  const v1::Review first = FirstReview();
  suite_.SetDate("2025-07-20");
  Started(first.name());
  v1::CompleteReviewRequest request = Completion(first.name());
  v1::Review done;
  ASSERT_TRUE(Call(&Stub::CompleteReview, kCouncil, request, &done).ok());
  EXPECT_EQ(done.state(), v1::Review::STATE_COMPLETED);
  EXPECT_EQ(done.decision().decider(), kCouncil.actor);
  EXPECT_EQ(done.findings().health_detail(), "") << "clinical detail is not for councils";
  ASSERT_EQ(done.next_review(), PersonOf(first) + "/reviews/2");
  const v1::Review next = Get(done.next_review());
  EXPECT_EQ(next.state(), v1::Review::STATE_SCHEDULED);
  EXPECT_EQ(next.due_date(), done.next_due_date());
  EXPECT_EQ(Get(first.name()).explanation().steps_size(), done.explanation().steps_size());
  v1::Review again;
  ASSERT_TRUE(Call(&Stub::CompleteReview, kCouncil, request, &again).ok());
  EXPECT_EQ(again.etag(), done.etag());
  request.set_request_id(NewRequestId());
  EXPECT_EQ(DetailsOf(Call(&Stub::CompleteReview, kCouncil, request, &again)).info.reason(), "WRONG_STATE");
  v1::GetReviewRequest reading;
  reading.set_name(first.name());
  ASSERT_TRUE(Call(&Stub::GetReview, kIcb, reading, &again).ok());
  EXPECT_EQ(again.findings().health_detail(), "Blood pressure.");
}

TEST_F(ReviewsHandlersTest, CompletingAnUnplannedReviewKeepsTheStandingOne) {
  const v1::Review first = FirstReview();
  const v1::Review asked = Schedule(Unplanned(PersonOf(first), v1::REVIEW_TRIGGER_REQUEST));
  Started(asked.name());
  v1::Review done;
  ASSERT_TRUE(Call(&Stub::CompleteReview, kCouncil, Completion(asked.name()), &done).ok());
  EXPECT_EQ(done.next_review(), first.name());
  EXPECT_EQ(done.next_due_date(), first.due_date());
  EXPECT_THAT(List(PersonOf(first)), SizeIs(2));
}

TEST_F(ReviewsHandlersTest, AReviewDoesNotCut) {
  const v1::Review first = FirstReview();
  v1::Review reply;
  v1::CompleteReviewRequest request = Completion(first.name());
  EXPECT_EQ(DetailsOf(Call(&Stub::CompleteReview, kCouncil, request, &reply)).info.reason(), "WRONG_STATE");
  Started(first.name());
  request.set_request_id(NewRequestId());
  request.set_outcome(v1::REVIEW_OUTCOME_REVISE_BUDGET);
  request.mutable_findings()->clear_working();
  EXPECT_THAT(DetailsOf(Call(&Stub::CompleteReview, kCouncil, request, &reply)).rules(),
              ElementsAre("REVIEW-QUESTIONS", "REVIEW-REASONS", "REVIEW-NO-CUT"));
  request.mutable_findings()->add_participants();
  request.clear_outcome();
  EXPECT_THAT(DetailsOf(Call(&Stub::CompleteReview, kCouncil, request, &reply)).fields(),
              IsSupersetOf({"outcome", "findings.participants[1].part"}));
}

TEST_F(ReviewsHandlersTest, ArrangesAnotherDay) {
  const v1::Review first = FirstReview();
  v1::RescheduleReviewRequest request;
  request.set_name(first.name());
  request.set_planned_date("2025-08-10");
  v1::Review review;
  EXPECT_THAT(DetailsOf(Call(&Stub::RescheduleReview, kCouncil, request, &review)).rules(),
              ElementsAre("REVIEW-DELAY-REASONS"));
  request.mutable_decision()->set_reasons("She is in hospital.");
  ASSERT_TRUE(Call(&Stub::RescheduleReview, kCouncil, request, &review).ok());
  EXPECT_EQ(review.due_date(), first.due_date());
  EXPECT_EQ(review.planned_date(), "2025-08-10");
  EXPECT_EQ(review.delays(0).decision().decider(), kCouncil.actor);
  request.set_etag(first.etag());
  EXPECT_EQ(DetailsOf(Call(&Stub::RescheduleReview, kCouncil, request, &review)).info.reason(),
            "ETAG_MISMATCH");
  EXPECT_EQ(Call(&Stub::RescheduleReview, kStranger, request, &review).error_code(), grpc::NOT_FOUND);
}

TEST_F(ReviewsHandlersTest, CancelsOnlyWithoutADutyToReview) {
  const v1::Review first = FirstReview();
  v1::CancelReviewRequest request;
  request.set_name(first.name());
  request.mutable_cancellation()->set_reason(v1::ReviewCancellation::REASON_PLAN_OVER);
  v1::Review review;
  EXPECT_THAT(DetailsOf(Call(&Stub::CancelReview, kCouncil, request, &review)).rules(),
              ElementsAre("REVIEW-CANCEL-PLAN"));
  request.mutable_cancellation()->set_reason(v1::ReviewCancellation::REASON_NO_LONGER_NEEDED);
  EXPECT_THAT(DetailsOf(Call(&Stub::CancelReview, kCouncil, request, &review)).rules(),
              Contains("REVIEW-CANCEL-DUTY"));
  const v1::Review asked = Schedule(Unplanned(PersonOf(first), v1::REVIEW_TRIGGER_REQUEST));
  request.mutable_cancellation()->set_reason(v1::ReviewCancellation::REASON_COVERED);
  request.mutable_cancellation()->set_covered_by(asked.name());
  ASSERT_TRUE(Call(&Stub::CancelReview, kCouncil, request, &review).ok());
  EXPECT_EQ(review.state(), v1::Review::STATE_CANCELLED);
  EXPECT_EQ(DetailsOf(Start(first.name(), &review)).info.reason(), "WRONG_STATE");
  EXPECT_EQ(Start(PersonOf(first) + "/reviews/9", &review).error_code(), grpc::NOT_FOUND);
}

TEST_F(ReviewsHandlersTest, ListsWhatIsDueEarliestFirst) {
  const v1::Review first = FirstReview();
  const v1::Review urgent = Schedule(Unplanned(PersonOf(first), v1::REVIEW_TRIGGER_SAFEGUARDING));
  const v1::Review unknown_to_icb = FirstReview(false);
  EXPECT_THAT(Due(kCouncil, "").due_reviews(), IsEmpty());
  EXPECT_THAT(Due(kCouncil, "2025-07-28").due_reviews(), SizeIs(3));
  EXPECT_THAT(Due(kIcb, "2025-07-28").due_reviews(), SizeIs(2)) << "one person is not the ICB's to know of";
  EXPECT_THAT(Due(kStranger, "2025-07-28").due_reviews(), IsEmpty());
  Started(urgent.name());
  suite_.SetDate("2025-06-10");
  const v1::ListDueReviewsResponse page = Due(kCouncil, "2025-07-28", 1);
  ASSERT_THAT(page.due_reviews(), SizeIs(1));
  EXPECT_EQ(page.due_reviews(0).review().name(), urgent.name());
  EXPECT_EQ(page.due_reviews(0).overdue_days(), 6);
  const v1::ListDueReviewsResponse rest = Due(kCouncil, "2025-07-28", 2, page.next_page_token());
  EXPECT_THAT(rest.due_reviews(), SizeIs(2));
  EXPECT_EQ(rest.next_page_token(), "");
  v1::ListDueReviewsRequest foreign;
  foreign.set_due_by_date("2025-07-28");
  foreign.set_page_token(page.next_page_token());
  v1::ListDueReviewsResponse reply;
  EXPECT_THAT(DetailsOf(Call(&Stub::ListDueReviews, kIcb, foreign, &reply)).fields(),
              ElementsAre("page_token"));
  v1::Review done;
  ASSERT_TRUE(Call(&Stub::CompleteReview, kCouncil, Completion(urgent.name()), &done).ok());
  EXPECT_THAT(Due(kCouncil, "2025-07-28").due_reviews(), SizeIs(2));
}

}  // namespace
}  // namespace ipb::reviews
