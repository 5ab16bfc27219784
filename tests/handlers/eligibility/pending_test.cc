// What is being decided, what has to come first, and disputes of what has been replaced since.
#include "absl/strings/str_cat.h"
#include "tests/handlers/eligibility/fixture.h"

namespace ipb::eligibility {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using D = v1::Determination;
using P = v1::PendingDecision;

constexpr grpc::StatusCode kRefused = grpc::StatusCode::FAILED_PRECONDITION;

class Pending : public EligibilityTest {
 protected:
  std::vector<P> On(const std::string& date, absl::Time known_at) {
    v1::GetEntitlementsRequest request;
    request.set_parent(person_);
    request.set_as_of_date(date);
    request.mutable_as_known_at()->set_seconds(absl::ToUnixSeconds(known_at));
    const auto reply = Must(&Stub::GetEntitlements, kNurse, request);
    return {reply.pending_decisions().begin(), reply.pending_decisions().end()};
  }
  std::vector<P::Kind> Kinds(const std::string& date, absl::Time known_at) {
    std::vector<P::Kind> kinds;
    for (const P& pending : On(date, known_at)) kinds.push_back(pending.kind());
    return kinds;
  }
  std::vector<v1::Entitlement> Entitlements(const std::string& date) {
    v1::GetEntitlementsRequest request;
    request.set_parent(person_);
    request.set_as_of_date(date);
    const auto reply = Must(&Stub::GetEntitlements, kNurse, request);
    return {reply.entitlements().begin(), reply.entitlements().end()};
  }
  D Tell(const D& decided) {
    v1::NotifyDeterminationRequest request;
    request.set_name(decided.name());
    request.set_letter_date(decided.decision().decision_date());
    return Must(&Stub::NotifyDetermination, kIcbLead, request);
  }
  v1::DisputeDeterminationRequest Disputing(const D& told) {
    v1::DisputeDeterminationRequest request;
    request.set_name(told.name());
    request.set_by(v1::Dispute::BY_PERSON);
    request.set_grounds("The nights were not looked at.");
    return request;
  }
  D Get(const std::string& name) {
    v1::GetDeterminationRequest request;
    request.set_name(name);
    return Must(&Stub::GetDetermination, kNurse, request);
  }
};

TEST_F(Pending, FollowsARequestToItsDecision) {
  v1::SupportRequest request =
      Must(&Stub::ReceiveRequest, kNurse, Asking(v1::SupportRequest::KIND_CHC_CHECKLIST));
  const absl::Time received = suite_.clock().Now();
  EXPECT_THAT(On("2026-11-22", received - absl::Seconds(1)), IsEmpty());
  EXPECT_THAT(Kinds("2026-11-22", received), ElementsAre(P::KIND_REQUEST));

  suite_.SetDate("2026-11-25");
  v1::RecordAssessmentRequest recording = Assessing(WholeEvidence());
  const v1::Assessment draft = Must(&Stub::RecordAssessment, kNurse, recording);
  const absl::Time drafted = suite_.clock().Now();
  EXPECT_THAT(Kinds("2026-11-25", drafted),
              ElementsAre(P::KIND_ASSESSMENT, P::KIND_ASSESSMENT, P::KIND_REQUEST));

  suite_.SetDate("2026-12-01");
  v1::UpdateAssessmentRequest completing;
  completing.set_name(draft.name());
  completing.set_complete(true);
  Must(&Stub::UpdateAssessment, kNurse, completing);
  v1::RecordRecommendationRequest recommending = Recommending(kChc, draft.name(), kYes);
  recommending.set_request(request.name());
  const D recommended = Must(&Stub::RecordRecommendation, kNurse, recommending);
  const absl::Time known = suite_.clock().Now();
  EXPECT_THAT(Kinds("2026-12-01", known), ElementsAre(P::KIND_REQUEST, P::KIND_RECOMMENDATION));
  EXPECT_THAT(Kinds("2026-11-30", known),
              ElementsAre(P::KIND_ASSESSMENT, P::KIND_ASSESSMENT, P::KIND_REQUEST))
      << "the draft was open on that day";
  EXPECT_THAT(Kinds("2026-12-01", drafted),
              ElementsAre(P::KIND_ASSESSMENT, P::KIND_ASSESSMENT, P::KIND_REQUEST))
      << "nobody knew better then";

  suite_.SetDate("2026-12-24");
  const P late = On("2026-12-24", suite_.clock().Now())[1];
  EXPECT_TRUE(late.late());
  ASSERT_THAT(late.clocks(), SizeIs(2));
  EXPECT_EQ(late.clocks(0).clock(), "CHC-VERIFICATION");
  EXPECT_EQ(late.clocks(0).days_late(), 21) << "two working days from Tuesday 1 December";
  EXPECT_EQ(late.clocks(1).clock(), "CHC-DECISION");
  EXPECT_EQ(late.clocks(1).days_late(), 4);
  Decide(kIcbLead, recommended, kYes);
  const auto decided = On("2026-12-24", suite_.clock().Now());
  ASSERT_THAT(decided, SizeIs(1)) << "the request is answered by whoever received it";
  EXPECT_THAT(decided[0].clocks(), IsEmpty());
  v1::CloseRequestRequest closing;
  closing.set_name(request.name());
  closing.set_outcome(v1::SupportRequest::OUTCOME_SUPPORT);
  Must(&Stub::CloseRequest, kNurse, closing);
  EXPECT_THAT(On("2026-12-24", suite_.clock().Now()), IsEmpty());
  EXPECT_THAT(Kinds("2026-12-24", known), ElementsAre(P::KIND_REQUEST, P::KIND_RECOMMENDATION));
}

TEST_F(Pending, HasTheReviewOfABudgetThatWasRefused) {
  const D decided = Determine(kChc, Assess(WholeEvidence()).name());
  v1::RecordBudgetGrantRequest granting;
  granting.set_name(decided.name());
  v1::BudgetGrant& grant = *granting.mutable_grant();
  grant.set_extent(v1::BudgetGrant::EXTENT_NONE);
  grant.add_grounds(v1::BUDGET_REFUSAL_GROUND_SPECIALISED);
  grant.set_other_personalisation("A choice of two suppliers.");
  grant.set_review_offered_date("2026-11-22");
  grant.mutable_decision()->set_reasons("Only the regional service can do it.");
  Must(&Stub::RecordBudgetGrant, kIcbLead, granting);
  EXPECT_THAT(On("2026-11-22", suite_.clock().Now()), IsEmpty());
  suite_.SetDate("2026-11-30");
  Must(&Stub::ReceiveRequest, kNurse, Asking(v1::SupportRequest::KIND_BUDGET_REVIEW));
  EXPECT_THAT(Kinds("2026-11-30", suite_.clock().Now()), ElementsAre(P::KIND_REQUEST, P::KIND_BUDGET_REVIEW));
  suite_.SetDate("2026-12-05");
  granting.set_on_review(true);
  grant.Clear();
  grant.set_extent(v1::BudgetGrant::EXTENT_WHOLE);
  Must(&Stub::RecordBudgetGrant, kNurse, granting);
  EXPECT_THAT(Kinds("2026-12-05", suite_.clock().Now()), ElementsAre(P::KIND_REQUEST));
}

TEST_F(Pending, LetsADecisionSupportToolWaitForItsChecklist) {
  v1::AssessmentEvidence evidence = WholeEvidence();
  evidence.clear_checklist();
  const std::string tool = Assess(evidence).name();
  const auto request = Recommending(kChc, tool, kYes);
  EXPECT_THAT(Fails(kRefused, &Stub::RecordRecommendation, kNurse, request).rules(),
              ElementsAre("CHECKLIST-FIRST"));
  v1::AssessmentEvidence screening = JointEvidence();
  *screening.mutable_checklist() = Checklist(2, 0);
  v1::RecordAssessmentRequest drafting = Assessing(screening);
  const v1::Assessment draft = Must(&Stub::RecordAssessment, kNurse, drafting);
  EXPECT_THAT(Fails(kRefused, &Stub::RecordRecommendation, kNurse, request).rules(),
              ElementsAre("CHECKLIST-FIRST"))
      << "a draft has found nothing yet";
  v1::UpdateAssessmentRequest completing;
  completing.set_name(draft.name());
  completing.set_complete(true);
  Must(&Stub::UpdateAssessment, kNurse, completing);
  EXPECT_EQ(Must(&Stub::RecordRecommendation, kNurse, request).state(), D::STATE_RECOMMENDED);
}

TEST_F(Pending, DisputesOfWhatWasReplacedLeaveWhatReplacedIt) {
  const std::string assessment = Assess(WholeEvidence()).name();
  const D refused = Tell(Decide(kIcbLead, Recommend(kNurse, kChc, assessment, kNo), kNo));
  suite_.SetDate("2027-01-10");
  v1::AssessmentEvidence again = WholeEvidence();
  again.set_assessment_date("2027-01-08");
  again.mutable_checklist()->set_completed_date("2027-01-08");
  again.mutable_decision_support_tool()->set_completed_date("2027-01-08");
  const D successor = Determine(kChc, Assess(again).name());
  EXPECT_EQ(Get(refused.name()).effective_to_date(), "2027-01-09");

  suite_.SetDate("2027-02-01");
  const D disputed = Must(&Stub::DisputeDetermination, kNurse, Disputing(refused));
  EXPECT_EQ(disputed.state(), D::STATE_SUPERSEDED);
  EXPECT_EQ(disputed.state_changes().rbegin()->recorded_time().seconds(),
            Get(successor.name()).state_changes().rbegin()->recorded_time().seconds())
      << "no move was added, and none is stamped again";
  EXPECT_EQ(disputed.disputes(0).recorded_time().seconds(), absl::ToUnixSeconds(suite_.clock().Now()));
  EXPECT_THAT(Kinds("2027-02-01", suite_.clock().Now()), ElementsAre(P::KIND_DISPUTE));
  EXPECT_THAT(Fails(kRefused, &Stub::DisputeDetermination, kNurse, Disputing(refused)).rules(),
              ElementsAre("DISPUTE-OPEN"));
  v1::OverturnDeterminationRequest overturning;
  overturning.set_name(refused.name());
  overturning.mutable_decision()->set_reasons("The night staff were heard.");
  const D made = Must(&Stub::OverturnDetermination, kIcbReviewer, overturning);
  EXPECT_EQ(made.state(), D::STATE_SUPERSEDED);
  EXPECT_EQ(made.superseded_by(), successor.name());
  EXPECT_EQ(made.effective_from_date(), "2026-11-22");
  EXPECT_EQ(made.effective_to_date(), "2027-01-09");
  EXPECT_THAT(Kinds("2027-02-01", suite_.clock().Now()), IsEmpty());
  ASSERT_THAT(Entitlements("2027-01-09"), SizeIs(1));
  EXPECT_EQ(Entitlements("2027-01-09")[0].determination(), made.name());
  ASSERT_THAT(Entitlements("2027-01-10"), SizeIs(1));
  EXPECT_EQ(Entitlements("2027-01-10")[0].determination(), successor.name());
  EXPECT_EQ(Get(successor.name()).etag(), successor.etag()) << "not touched";

  v1::NotifyDeterminationRequest telling;
  telling.set_name(made.name());
  telling.set_letter_date("2027-02-01");
  const D told = Must(&Stub::NotifyDetermination, kIcbLead, telling);
  EXPECT_EQ(told.state(), D::STATE_SUPERSEDED);
  EXPECT_TRUE(Entitlements("2027-01-09")[0].notified());
}

}  // namespace
}  // namespace ipb::eligibility
