// From recommendation to entitlement and its end, with the people of both sectors who may take each step.
#include "absl/strings/str_cat.h"
#include "tests/handlers/eligibility/fixture.h"

namespace ipb::eligibility {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using D = v1::Determination;

constexpr grpc::StatusCode kNotFound = grpc::StatusCode::NOT_FOUND;
constexpr grpc::StatusCode kInvalid = grpc::StatusCode::INVALID_ARGUMENT;
constexpr grpc::StatusCode kRefused = grpc::StatusCode::FAILED_PRECONDITION;
constexpr grpc::StatusCode kAborted = grpc::StatusCode::ABORTED;

class Determinations : public EligibilityTest {
 protected:
  v1::RecordDeterminationRequest Deciding(const D& recommended, v1::EligibilityOutcome outcome) const {
    v1::RecordDeterminationRequest request;
    request.set_name(recommended.name());
    request.set_outcome(outcome);
    return request;
  }
  v1::NotifyDeterminationRequest Telling(const D& decided) const {
    v1::NotifyDeterminationRequest request;
    request.set_name(decided.name());
    request.set_letter_date("2026-11-22");
    request.set_letter_reference("ASC/2026/117");
    return request;
  }
  v1::EndDeterminationRequest Ending(const D& decided, const std::string& date, D::EndReason reason) const {
    v1::EndDeterminationRequest request;
    request.set_name(decided.name());
    request.set_effective_to_date(date);
    request.set_reason(reason);
    request.mutable_decision()->set_reasons("The person said so at the visit.");
    return request;
  }
  v1::UpholdDeterminationRequest Upholding(const D& disputed) const {
    v1::UpholdDeterminationRequest request;
    request.set_name(disputed.name());
    request.mutable_decision()->set_reasons("Nothing new was found.");
    request.set_letter_date("2026-11-22");
    return request;
  }
  D Get(const std::string& name) {
    v1::GetDeterminationRequest request;
    request.set_name(name);
    return Must(&Stub::GetDetermination, kNurse, request);
  }
  std::vector<v1::Entitlement> Entitlements(const std::string& date, absl::Time known_at) {
    v1::GetEntitlementsRequest request;
    request.set_parent(person_);
    request.set_as_of_date(date);
    request.mutable_as_known_at()->set_seconds(absl::ToUnixSeconds(known_at));
    const auto reply = Must(&Stub::GetEntitlements, kNurse, request);
    return {reply.entitlements().begin(), reply.entitlements().end()};
  }
};

TEST_F(Determinations, GoFromRecommendationToEntitlement) {
  const std::string assessment = Assess(WholeEvidence()).name();
  const D recommended = Recommend(kCouncilOfficer, kCareAct, assessment, kYes);
  EXPECT_EQ(recommended.name(), absl::StrCat(person_, "/determinations/1"));
  EXPECT_EQ(recommended.state(), D::STATE_RECOMMENDED);
  EXPECT_EQ(recommended.recommendation().decider(), "staff-1");
  EXPECT_EQ(recommended.recommendation().organisation(), "E10000019");
  EXPECT_THAT(Entitlements("2026-11-22", suite_.clock().Now()), IsEmpty());

  const D decided = Decide(kCouncilChair, recommended, kYes);
  EXPECT_EQ(decided.state(), D::STATE_DETERMINED);
  EXPECT_EQ(decided.decision().decider(), "staff-2");
  EXPECT_EQ(decided.decision().role(), "panel_chair");
  EXPECT_EQ(decided.effective_from_date(), "2026-11-22");

  const D told = Must(&Stub::NotifyDetermination, kCouncilOfficer, Telling(decided));
  EXPECT_EQ(told.state(), D::STATE_NOTIFIED);
  EXPECT_EQ(told.notification().letter_reference(), "ASC/2026/117");
  ASSERT_THAT(told.state_changes(), SizeIs(3));
  for (const D::StateChange& change : told.state_changes()) {
    EXPECT_EQ(change.recorded_time().seconds(), absl::ToUnixSeconds(suite_.clock().Now()));
  }
  const D read = Get(told.name());
  EXPECT_EQ(read.SerializeAsString(), told.SerializeAsString());
  EXPECT_THAT(read.explanation().steps(), Not(IsEmpty()));

  const auto entitlements = Entitlements("2026-11-22", suite_.clock().Now());
  ASSERT_THAT(entitlements, SizeIs(1));
  EXPECT_EQ(entitlements[0].budget(), v1::BUDGET_KIND_PERSONAL_BUDGET);
  EXPECT_EQ(entitlements[0].determination(), told.name());
  EXPECT_TRUE(entitlements[0].notified());
  EXPECT_EQ(entitlements[0].owed_by_organisation(), "E10000019");
}

TEST_F(Determinations, AreOverturnedFromTheirFirstDay) {
  const std::string assessment = Assess(WholeEvidence()).name();
  const D refused = Decide(kIcbLead, Recommend(kNurse, kChc, assessment, kNo), kNo);
  v1::DisputeDeterminationRequest disputing;
  disputing.set_name(refused.name());
  disputing.set_by(v1::Dispute::BY_PERSON);
  disputing.set_grounds("The nights were not looked at.");
  EXPECT_EQ(Fails(kRefused, &Stub::DisputeDetermination, kNurse, disputing).info.reason(), "WRONG_STATE");
  Must(&Stub::NotifyDetermination, kIcbLead, Telling(refused));
  suite_.SetDate("2027-03-01");
  const D disputed = Must(&Stub::DisputeDetermination, kNurse, disputing);
  EXPECT_EQ(disputed.state(), D::STATE_DISPUTED);
  EXPECT_EQ(disputed.disputes(0).last_date(), "2027-05-22");

  v1::OverturnDeterminationRequest overturning;
  overturning.set_name(refused.name());
  overturning.mutable_decision()->set_reasons("The night staff were heard.");
  EXPECT_THAT(Fails(kRefused, &Stub::OverturnDetermination, kIcbLead, overturning).rules(),
              ElementsAre("DISPUTE-SECOND-PERSON"));
  const absl::Time before = suite_.clock().Now() - absl::Seconds(1);
  const D made = Must(&Stub::OverturnDetermination, kIcbReviewer, overturning);
  EXPECT_EQ(made.outcome(), kYes);
  EXPECT_EQ(made.effective_from_date(), refused.effective_from_date());
  EXPECT_EQ(made.overturns(), refused.name());
  const D overturned = Get(refused.name());
  EXPECT_EQ(overturned.state(), D::STATE_OVERTURNED);
  EXPECT_EQ(overturned.superseded_by(), made.name());
  EXPECT_EQ(overturned.disputes(0).result(), v1::Dispute::RESULT_OVERTURNED);

  EXPECT_THAT(Entitlements("2026-11-22", before), IsEmpty());
  EXPECT_THAT(Entitlements("2026-11-22", suite_.clock().Now()), SizeIs(1));
  EXPECT_EQ(Fails(kRefused, &Stub::UpholdDetermination, kIcbReviewer, Upholding(refused)).info.reason(),
            "WRONG_STATE");
}

TEST_F(Determinations, AreUpheldAndDisputedAtTheNextStage) {
  const std::string assessment = Assess(WholeEvidence()).name();
  const D refused = Decide(kIcbLead, Recommend(kNurse, kChc, assessment, kNo), kNo);
  Must(&Stub::NotifyDetermination, kIcbLead, Telling(refused));
  v1::DisputeDeterminationRequest disputing;
  disputing.set_name(refused.name());
  disputing.set_by(v1::Dispute::BY_REPRESENTATIVE);
  disputing.set_grounds("The nights were not looked at.");
  Must(&Stub::DisputeDetermination, kNurse, disputing);
  EXPECT_EQ(Must(&Stub::UpholdDetermination, kIcbReviewer, Upholding(refused)).state(), D::STATE_UPHELD);
  const D again = Must(&Stub::DisputeDetermination, kNurse, disputing);
  ASSERT_THAT(again.disputes(), SizeIs(2));
  EXPECT_EQ(again.disputes(1).stage(), v1::DISPUTE_STAGE_INDEPENDENT_REVIEW);
  EXPECT_EQ(again.disputes(0).decision().decider(), "nurse-3");
}

TEST_F(Determinations, MeetTheClockOfTheRequestThatTheyAnswer) {
  v1::ReceiveRequestRequest receiving;
  receiving.set_parent(person_);
  receiving.set_kind(v1::SupportRequest::KIND_CHC_CHECKLIST);
  const v1::SupportRequest received = Must(&Stub::ReceiveRequest, kNurse, receiving);
  const std::string assessment = Assess(WholeEvidence()).name();
  v1::RecordRecommendationRequest recommending = Recommending(kChc, assessment, kYes);
  recommending.set_request(received.name());
  Decide(kIcbLead, Must(&Stub::RecordRecommendation, kNurse, recommending), kYes);
  suite_.SetDate("2027-01-10");
  EXPECT_EQ(suite_.FinishWork("eligibility"), 1);
  v1::ListRequestsRequest list;
  list.set_parent(person_);
  const v1::RequestClock clock = Must(&Stub::ListRequests, kNurse, list).requests(0).clocks(0);
  EXPECT_EQ(clock.met_date(), "2026-11-22");
  EXPECT_EQ(clock.passed_date(), "");
}

TEST_F(Determinations, EntitleByWhatWasKnownAtAnInstant) {
  const std::string assessment = Assess(WholeEvidence()).name();
  Determine(kCareAct, assessment);
  const D continuing = Determine(kChc, assessment);
  const absl::Time decided = suite_.clock().Now();
  EXPECT_THAT(Entitlements("2026-11-22", decided - absl::Seconds(1)), IsEmpty());
  EXPECT_THAT(Entitlements("2026-11-22", decided), SizeIs(2));
  EXPECT_THAT(Entitlements("2026-11-21", decided), IsEmpty());

  suite_.SetDate("2026-12-01");
  Must(&Stub::EndDetermination, kIcbLead, Ending(continuing, "2026-11-30", D::END_REASON_DECLINED));
  EXPECT_THAT(Entitlements("2026-12-01", suite_.clock().Now()), SizeIs(1));
  EXPECT_THAT(Entitlements("2026-12-01", decided), SizeIs(2));
}

TEST_F(Determinations, KeepToTheBodiesAndToTwoPeople) {
  const std::string assessment = Assess(WholeEvidence()).name();
  const D recommended = Recommend(kNurse, kChc, assessment, kYes);
  EXPECT_THAT(Fails(kRefused, &Stub::RecordDetermination, kNurse, Deciding(recommended, kYes)).rules(),
              ElementsAre("DETERMINATION-SECOND-PERSON"));
  EXPECT_THAT(Fails(kRefused, &Stub::RecordDetermination, kCouncilChair, Deciding(recommended, kYes)).rules(),
              ElementsAre("DETERMINATION-DECIDER"));
  EXPECT_THAT(Fails(kRefused, &Stub::RecordDetermination, kIcbLead, Deciding(recommended, kNo)).rules(),
              ElementsAre("DETERMINATION-DEPARTURE"));
  EXPECT_EQ(Decide(kIcbLead, recommended, kYes).decision().organisation(), "QZZ");
}

TEST_F(Determinations, RestOnWhatExists) {
  Assess(WholeEvidence());
  Fails(kNotFound, &Stub::RecordRecommendation, kCouncilOfficer,
        Recommending(kCareAct, absl::StrCat(person_, "/assessments/2"), kYes));
  Fails(kNotFound, &Stub::RecordRecommendation, kCouncilOfficer,
        Recommending(kCareAct, absl::StrCat(NewPerson(), "/assessments/1"), kYes));
  auto request = Recommending(kCareAct, absl::StrCat(person_, "/assessments/1"), kYes);
  request.set_request(absl::StrCat(person_, "/requests/1"));
  Fails(kNotFound, &Stub::RecordRecommendation, kCouncilOfficer, request);
  const v1::Assessment draft = Must(&Stub::RecordAssessment, kNurse, Assessing(WholeEvidence()));
  EXPECT_THAT(Fails(kRefused, &Stub::RecordRecommendation, kCouncilOfficer,
                    Recommending(kCareAct, draft.name(), kYes))
                  .rules(),
              ElementsAre("RECOMMENDATION-ASSESSMENT"));
}

TEST_F(Determinations, ReplaceThoseBefore) {
  const std::string assessment = Assess(WholeEvidence()).name();
  const D open = Recommend(kCouncilOfficer, kCareAct, assessment, kYes);
  const D second = Recommend(kCouncilOfficer, kCareAct, assessment, kYes);
  EXPECT_EQ(Get(open.name()).state(), D::STATE_SUPERSEDED);
  EXPECT_EQ(Get(open.name()).superseded_by(), second.name());
  Decide(kCouncilChair, second, kYes);

  suite_.SetDate("2026-12-10");
  const D third = Determine(kCareAct, assessment);
  const D replaced = Get(second.name());
  EXPECT_EQ(replaced.state(), D::STATE_SUPERSEDED);
  EXPECT_EQ(replaced.superseded_by(), third.name());
  EXPECT_EQ(replaced.effective_to_date(), "2026-12-09");
  EXPECT_EQ(replaced.recorded_time().seconds(), absl::ToUnixSeconds(suite_.clock().Now()));
  EXPECT_EQ(replaced.state_changes().rbegin()->recorded_time().seconds(),
            absl::ToUnixSeconds(suite_.clock().Now()));
  EXPECT_THAT(replaced.explanation().steps(), Not(IsEmpty()));

  v1::ListDeterminationsRequest list;
  list.set_parent(person_);
  EXPECT_THAT(Must(&Stub::ListDeterminations, kNurse, list).determinations(), SizeIs(3));
}

TEST_F(Determinations, CountTheDaysOverTheClockOfTheirRequest) {
  auto asking = Asking(v1::SupportRequest::KIND_CHC_CHECKLIST);
  asking.set_received_date("2026-10-20");
  const v1::SupportRequest asked = Must(&Stub::ReceiveRequest, kNurse, asking);
  auto request = Recommending(kChc, Assess(WholeEvidence()).name(), kYes);
  request.set_request(asked.name());
  const D recommended = Must(&Stub::RecordRecommendation, kNurse, request);
  EXPECT_EQ(Decide(kIcbLead, recommended, kYes).overrun_days(), 5);
}

TEST_F(Determinations, AreNotWithdrawnWithoutReassessmentConsultationAndSuccessor) {
  const std::string first = Assess(WholeEvidence()).name();
  const D council = Determine(kCareAct, first);
  const D continuing = Determine(kChc, first);

  suite_.SetDate("2026-12-10");
  v1::AssessmentEvidence improved = JointEvidence();
  improved.set_assessment_date("2026-12-05");
  *improved.mutable_care_act() = CareAct(4);
  *improved.mutable_decision_support_tool() = Tool();
  const std::string second = Assess(improved).name();
  auto request = Deciding(Recommend(kNurse, kChc, second, kNo), kNo);
  EXPECT_THAT(Fails(kRefused, &Stub::RecordDetermination, kIcbLead, request).rules(),
              ElementsAre("WITHDRAWAL-REASSESSMENT", "WITHDRAWAL-PERSON", "WITHDRAWAL-OTHER-BODY",
                          "WITHDRAWAL-SUCCESSOR"));
  v1::WithdrawalSafeguards& safeguards = *request.mutable_safeguards();
  safeguards.set_reassessment(absl::StrCat(person_, "/assessments/9"));
  Fails(kNotFound, &Stub::RecordDetermination, kIcbLead, request);
  safeguards.set_reassessment(second);
  safeguards.set_successor(absl::StrCat(person_, "/determinations/9"));
  Fails(kNotFound, &Stub::RecordDetermination, kIcbLead, request);
  safeguards.set_person_consulted_date("2026-12-07");
  safeguards.set_consulted_organisation("E10000019");
  safeguards.set_organisation_consulted_date("2026-12-08");
  safeguards.set_successor(council.name());
  const D withdrawn = Must(&Stub::RecordDetermination, kIcbLead, request);
  EXPECT_EQ(withdrawn.outcome(), kNo);
  EXPECT_EQ(withdrawn.safeguards().successor(), council.name());
  EXPECT_EQ(Get(continuing.name()).state(), D::STATE_SUPERSEDED);
  const auto entitlements = Entitlements("2026-12-10", suite_.clock().Now());
  ASSERT_THAT(entitlements, SizeIs(1));
  EXPECT_EQ(entitlements[0].regime(), kCareAct);
}

TEST_F(Determinations, EndOnDeathAsSoonAsPeopleKnows) {
  const D decided = Determine(kCareAct, Assess(WholeEvidence()).name());
  suite_.SetDate("2026-12-10");
  const auto request = Ending(decided, "2026-12-08", D::END_REASON_DEATH);
  EXPECT_THAT(Fails(kRefused, &Stub::EndDetermination, kCouncilOfficer, request).rules(),
              ElementsAre("END-DEATH-DATE"));
  Die("2026-12-08");
  const D ended = Must(&Stub::EndDetermination, kCouncilOfficer, request);
  EXPECT_EQ(ended.state(), D::STATE_ENDED);
  EXPECT_EQ(ended.effective_to_date(), "2026-12-08");
  EXPECT_EQ(ended.end_reason(), D::END_REASON_DEATH);
  EXPECT_EQ(Fails(kRefused, &Stub::EndDetermination, kCouncilOfficer, request).info.reason(), "WRONG_STATE");
}

TEST_F(Determinations, MoveOnlyBetweenTheirStates) {
  const D recommended = Recommend(kCouncilOfficer, kCareAct, Assess(WholeEvidence()).name(), kYes);
  EXPECT_EQ(Fails(kRefused, &Stub::NotifyDetermination, kCouncilOfficer, Telling(recommended)).info.reason(),
            "WRONG_STATE");
  EXPECT_EQ(Fails(kRefused, &Stub::EndDetermination, kCouncilOfficer,
                  Ending(recommended, "2026-11-22", D::END_REASON_DECLINED))
                .info.reason(),
            "WRONG_STATE");
  const D decided = Decide(kCouncilChair, recommended, kYes);
  EXPECT_EQ(Fails(kRefused, &Stub::RecordDetermination, kCouncilChair, Deciding(decided, kYes)).info.reason(),
            "WRONG_STATE");
}

TEST_F(Determinations, AreSafeToRepeatToPreviewAndToRace) {
  const D recommended = Recommend(kCouncilOfficer, kCareAct, Assess(WholeEvidence()).name(), kYes);
  auto request = Deciding(recommended, kYes);
  request.set_validate_only(true);
  const D preview = Must(&Stub::RecordDetermination, kCouncilChair, request);
  EXPECT_EQ(preview.state(), D::STATE_DETERMINED);
  EXPECT_EQ(Get(recommended.name()).state(), D::STATE_RECOMMENDED);

  request.set_validate_only(false);
  request.set_preview_token(preview.preview_token());
  request.set_etag("1-elsewhere");
  EXPECT_EQ(Fails(kAborted, &Stub::RecordDetermination, kCouncilChair, request).info.reason(),
            "ETAG_MISMATCH");
  request.set_etag(recommended.etag());
  request.set_request_id(ipb::testing::NewRequestId());
  const D decided = Must(&Stub::RecordDetermination, kCouncilChair, request);
  const D again = Must(&Stub::RecordDetermination, kCouncilChair, request);
  EXPECT_EQ(again.SerializeAsString(), decided.SerializeAsString());
  request.set_outcome(kNo);
  EXPECT_EQ(Fails(kInvalid, &Stub::RecordDetermination, kCouncilChair, request).info.reason(),
            "REQUEST_ID_REUSED");
  auto telling = Telling(decided);
  telling.set_etag(recommended.etag());
  Fails(kAborted, &Stub::NotifyDetermination, kCouncilOfficer, telling);
  auto ending = Ending(decided, "2026-11-22", D::END_REASON_DECLINED);
  ending.set_etag(recommended.etag());
  Fails(kAborted, &Stub::EndDetermination, kCouncilOfficer, ending);
}

}  // namespace
}  // namespace ipb::eligibility
