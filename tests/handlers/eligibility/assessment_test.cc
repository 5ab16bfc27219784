// Requests and assessments, as callers of both sectors see them.
#include "absl/strings/str_cat.h"
#include "ipb/v1/statements_service.grpc.pb.h"
#include "services/eligibility/rules/words.h"
#include "services/eligibility/service.h"
#include "tests/handlers/eligibility/fixture.h"

namespace ipb::eligibility {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

constexpr grpc::StatusCode kNotFound = grpc::StatusCode::NOT_FOUND;
constexpr grpc::StatusCode kInvalid = grpc::StatusCode::INVALID_ARGUMENT;
constexpr grpc::StatusCode kRefused = grpc::StatusCode::FAILED_PRECONDITION;
constexpr grpc::StatusCode kAborted = grpc::StatusCode::ABORTED;

using Requests = EligibilityTest;
using Assessments = EligibilityTest;
using EveryMethod = EligibilityTest;

template <typename Request>
Request Named(const std::string& name) {
  Request request;
  request.set_name(name);
  return request;
}

template <typename Request>
Request Below(const std::string& person) {
  Request request;
  request.set_parent(person);
  return request;
}

TEST_F(Requests, StartTheirClocksOnReceipt) {
  v1::ReceiveRequestRequest request = Asking(v1::SupportRequest::KIND_CHC_CHECKLIST);
  request.set_received_date("2026-11-20");
  const v1::SupportRequest received = Must(&Stub::ReceiveRequest, kNurse, request);
  EXPECT_EQ(received.name(), absl::StrCat(person_, "/requests/1"));
  EXPECT_EQ(received.state(), v1::SupportRequest::STATE_OPEN);
  EXPECT_EQ(received.organisation(), "QZZ");
  ASSERT_THAT(received.clocks(), SizeIs(1));
  EXPECT_EQ(received.clocks(0).clock(), "CHC-DECISION");
  EXPECT_EQ(received.clocks(0).due_date(), "2026-12-18");
  EXPECT_EQ(received.explanation().rule_set_version(), std::string(kRuleSetVersion));
  EXPECT_THAT(received.explanation().steps(), SizeIs(1));
  EXPECT_EQ(received.recorded_time().seconds(), absl::ToUnixSeconds(suite_.clock().Now()));

  const auto listed = Must(&Stub::ListRequests, kCouncilOfficer, Below<v1::ListRequestsRequest>(person_));
  ASSERT_THAT(listed.requests(), SizeIs(1));
  EXPECT_EQ(listed.requests(0).etag(), received.etag());
}

TEST_F(Requests, AreClosedOnceByTheirLatestVersion) {
  const v1::SupportRequest received =
      Must(&Stub::ReceiveRequest, kCouncilOfficer, Asking(v1::SupportRequest::KIND_CARE_ACT));
  auto close = Named<v1::CloseRequestRequest>(received.name());
  close.set_outcome(v1::SupportRequest::OUTCOME_DECLINED);
  close.set_etag("1-elsewhere");
  EXPECT_EQ(Fails(kAborted, &Stub::CloseRequest, kCouncilOfficer, close).info.reason(), "ETAG_MISMATCH");
  close.set_etag(received.etag());
  close.set_abuse_or_neglect(true);
  EXPECT_THAT(Fails(kRefused, &Stub::CloseRequest, kCouncilOfficer, close).rules(),
              ElementsAre("REQUEST-REASONS", "REQUEST-REFUSAL-NOT-EFFECTIVE"));
  close.set_outcome(v1::SupportRequest::OUTCOME_ASSESSMENT);
  const v1::SupportRequest closed = Must(&Stub::CloseRequest, kCouncilOfficer, close);
  EXPECT_EQ(closed.state(), v1::SupportRequest::STATE_CLOSED);
  EXPECT_EQ(closed.closed_date(), "2026-11-22");
  EXPECT_NE(closed.etag(), received.etag());
  close.clear_etag();
  EXPECT_EQ(Fails(kRefused, &Stub::CloseRequest, kCouncilOfficer, close).info.reason(), "WRONG_STATE");
}

TEST_F(Requests, AreMarkedOnTheDayAfterTheirClock) {
  const v1::SupportRequest received =
      Must(&Stub::ReceiveRequest, kNurse, Asking(v1::SupportRequest::KIND_CHC_CHECKLIST));
  EXPECT_EQ(received.clocks(0).due_date(), "2026-12-20");
  EXPECT_EQ(suite_.FinishWork("eligibility"), 0);
  suite_.SetDate("2026-12-21");
  EXPECT_EQ(suite_.FinishWork("eligibility"), 1);
  v1::ListRequestsRequest list;
  list.set_parent(person_);
  const auto listed = Must(&Stub::ListRequests, kNurse, list);
  EXPECT_EQ(listed.requests(0).clocks(0).passed_date(), "2026-12-21");
  EXPECT_EQ(suite_.FinishWork("eligibility"), 0);
}

TEST_F(Requests, KnowOfADeathAsSoonAsPeopleDoes) {
  const v1::SupportRequest received =
      Must(&Stub::ReceiveRequest, kCouncilOfficer, Asking(v1::SupportRequest::KIND_CARE_ACT));
  auto close = Named<v1::CloseRequestRequest>(received.name());
  close.set_outcome(v1::SupportRequest::OUTCOME_DECEASED);
  EXPECT_THAT(Fails(kRefused, &Stub::CloseRequest, kCouncilOfficer, close).rules(),
              ElementsAre("REQUEST-DEATH-NOT-RECORDED"));
  Die("2026-11-21");
  Must(&Stub::CloseRequest, kCouncilOfficer, close);
  EXPECT_THAT(
      Fails(kRefused, &Stub::ReceiveRequest, kCouncilOfficer, Asking(v1::SupportRequest::KIND_CARE_ACT))
          .rules(),
      ElementsAre("REQUEST-AFTER-DEATH"));
}

TEST_F(Requests, TakeEffectOnceHoweverOftenTheyAreSent) {
  v1::ReceiveRequestRequest request = Asking(v1::SupportRequest::KIND_CARE_ACT);
  request.set_request_id(ipb::testing::NewRequestId());
  const v1::SupportRequest first = Must(&Stub::ReceiveRequest, kCouncilOfficer, request);
  const v1::SupportRequest again = Must(&Stub::ReceiveRequest, kCouncilOfficer, request);
  EXPECT_EQ(first.SerializeAsString(), again.SerializeAsString());
  request.set_kind(v1::SupportRequest::KIND_URGENT);
  EXPECT_EQ(Fails(kInvalid, &Stub::ReceiveRequest, kCouncilOfficer, request).info.reason(),
            "REQUEST_ID_REUSED");
  EXPECT_THAT(Must(&Stub::ListRequests, kCouncilOfficer, Below<v1::ListRequestsRequest>(person_)).requests(),
              SizeIs(1));
}

TEST_F(Requests, CanBePreviewed) {
  v1::ReceiveRequestRequest request = Asking(v1::SupportRequest::KIND_CHC_CHECKLIST);
  request.set_validate_only(true);
  const v1::SupportRequest preview = Must(&Stub::ReceiveRequest, kNurse, request);
  EXPECT_THAT(preview.clocks(), SizeIs(1));
  const auto list = Below<v1::ListRequestsRequest>(person_);
  EXPECT_THAT(Must(&Stub::ListRequests, kNurse, list).requests(), IsEmpty());
  request.set_validate_only(false);
  request.set_preview_token(preview.preview_token());
  Must(&Stub::ReceiveRequest, kNurse, request);
  EXPECT_EQ(Fails(kAborted, &Stub::ReceiveRequest, kNurse, request).info.reason(), "PREVIEW_STALE");
  EXPECT_THAT(Must(&Stub::ListRequests, kNurse, list).requests(), SizeIs(1));
}

TEST_F(Requests, AreListedPageByPageInOrderOfNumber) {
  for (int i = 0; i < 11; ++i) {
    Must(&Stub::ReceiveRequest, kCouncilOfficer, Asking(v1::SupportRequest::KIND_CARE_ACT));
  }
  auto list = Below<v1::ListRequestsRequest>(person_);
  list.set_page_size(10);
  const v1::ListRequestsResponse first = Must(&Stub::ListRequests, kCouncilOfficer, list);
  ASSERT_THAT(first.requests(), SizeIs(10));
  EXPECT_EQ(first.requests(1).name(), absl::StrCat(person_, "/requests/2"));
  list.set_page_token(first.next_page_token());
  const v1::ListRequestsResponse second = Must(&Stub::ListRequests, kCouncilOfficer, list);
  ASSERT_THAT(second.requests(), SizeIs(1));
  EXPECT_EQ(second.requests(0).name(), absl::StrCat(person_, "/requests/11"));
  EXPECT_THAT(second.next_page_token(), IsEmpty());
  auto other = Below<v1::ListAssessmentsRequest>(person_);
  other.set_page_token(first.next_page_token());
  EXPECT_THAT(Fails(kInvalid, &Stub::ListAssessments, kCouncilOfficer, other).fields(),
              ElementsAre("page_token"));
}

TEST_F(Assessments, AreWrittenTogetherAndReadByEachWithItsOwnEyes) {
  const v1::SupportRequest asked =
      Must(&Stub::ReceiveRequest, kCouncilOfficer, Asking(v1::SupportRequest::KIND_CARE_ACT));
  v1::RecordAssessmentRequest record = Assessing(JointEvidence());
  record.add_requests(asked.name());
  const v1::Assessment draft = Must(&Stub::RecordAssessment, kCouncilOfficer, record);
  EXPECT_EQ(draft.state(), v1::Assessment::STATE_DRAFT);
  EXPECT_FALSE(draft.has_explanation());

  auto nhs_part = Named<v1::UpdateAssessmentRequest>(draft.name());
  *nhs_part.mutable_evidence() = WholeEvidence();
  nhs_part.mutable_update_mask()->add_paths("decision_support_tool");
  Must(&Stub::UpdateAssessment, kNurse, nhs_part);

  auto council_part = nhs_part;
  council_part.mutable_update_mask()->clear_paths();
  council_part.mutable_update_mask()->add_paths("care_act");
  council_part.set_etag(draft.etag());
  EXPECT_EQ(Fails(kAborted, &Stub::UpdateAssessment, kCouncilOfficer, council_part).info.reason(),
            "ETAG_MISMATCH");
  council_part.clear_etag();
  council_part.set_complete(true);
  const v1::Assessment complete = Must(&Stub::UpdateAssessment, kCouncilOfficer, council_part);
  EXPECT_EQ(complete.state(), v1::Assessment::STATE_COMPLETE);
  EXPECT_EQ(complete.completed_date(), "2026-11-22");
  EXPECT_THAT(complete.requests(), ElementsAre(asked.name()));
  EXPECT_TRUE(complete.findings().care_act().conditions_met());

  const auto get = Named<v1::GetAssessmentRequest>(draft.name());
  const v1::Assessment by_nurse = Must(&Stub::GetAssessment, kNurse, get);
  EXPECT_THAT(by_nurse.evidence().decision_support_tool().domains(), SizeIs(11));
  EXPECT_THAT(by_nurse.explanation().steps(), ::testing::Not(IsEmpty()));
  const v1::Assessment by_council = Must(&Stub::GetAssessment, kCouncilOfficer, get);
  EXPECT_THAT(by_council.evidence().decision_support_tool().domains(), IsEmpty());
  EXPECT_THAT(by_council.evidence().care_act().outcomes(), SizeIs(10));
  EXPECT_EQ(by_council.findings().decision_support_tool().indication(),
            by_nurse.findings().decision_support_tool().indication());

  EXPECT_EQ(Fails(kRefused, &Stub::UpdateAssessment, kCouncilOfficer, council_part).info.reason(),
            "WRONG_STATE");
  const auto listed = Must(&Stub::ListAssessments, kNurse, Below<v1::ListAssessmentsRequest>(person_));
  ASSERT_THAT(listed.assessments(), SizeIs(1));
  EXPECT_EQ(listed.assessments(0).etag(), complete.etag());
}

TEST_F(Assessments, AreChangedOnlyInPartsThatTheCallerSees) {
  const v1::Assessment draft = Must(&Stub::RecordAssessment, kNurse, Assessing(WholeEvidence()));
  auto update = Named<v1::UpdateAssessmentRequest>(draft.name());
  update.mutable_update_mask()->add_paths("decision_support_tool");
  EXPECT_THAT(Fails(kRefused, &Stub::UpdateAssessment, kCouncilOfficer, update).rules(),
              ElementsAre("ASSESSMENT-PART-HIDDEN"));
  EXPECT_FALSE(Must(&Stub::UpdateAssessment, kNurse, update).evidence().has_decision_support_tool());
  update.mutable_update_mask()->add_paths("verdict");
  EXPECT_THAT(Fails(kInvalid, &Stub::UpdateAssessment, kNurse, update).fields(),
              ::testing::Each(StartsWith("update_mask")));
}

TEST_F(Assessments, TellAllThatStandsInTheWayOfCompletion) {
  v1::AssessmentEvidence evidence = WholeEvidence();
  evidence.mutable_care_act()->mutable_outcomes()->RemoveLast();
  evidence.mutable_decision_support_tool()->mutable_domains()->RemoveLast();
  v1::RecordAssessmentRequest request = Assessing(evidence);
  Must(&Stub::RecordAssessment, kCouncilOfficer, request);
  request.set_complete(true);
  EXPECT_THAT(Fails(kRefused, &Stub::RecordAssessment, kCouncilOfficer, request).rules(), SizeIs(2));
}

TEST_F(Assessments, AnswerRequestsOfTheSamePersonOnly) {
  Must(&Stub::ReceiveRequest, kCouncilOfficer, Asking(v1::SupportRequest::KIND_CARE_ACT));
  v1::RecordAssessmentRequest request = Assessing(JointEvidence());
  request.add_requests(absl::StrCat(person_, "/requests/2"));
  Fails(kNotFound, &Stub::RecordAssessment, kCouncilOfficer, request);
  request.set_requests(0, absl::StrCat(NewPerson(), "/requests/1"));
  Fails(kNotFound, &Stub::RecordAssessment, kCouncilOfficer, request);
}

TEST_F(Assessments, FindWhatTheEvaluationOfTheSameEvidenceFinds) {
  v1::EvaluateEligibilityRequest request;
  *request.mutable_evidence() = WholeEvidence();
  const v1::EvaluateEligibilityResponse evaluated = Must(&Stub::EvaluateEligibility, kNurse, request);
  v1::RecordAssessmentRequest record = Assessing(WholeEvidence());
  record.set_complete(true);
  const v1::Assessment recorded = Must(&Stub::RecordAssessment, kNurse, record);
  EXPECT_EQ(evaluated.findings().SerializeAsString(), recorded.findings().SerializeAsString());
  EXPECT_EQ(evaluated.explanation().SerializeAsString(), recorded.explanation().SerializeAsString());
  request.mutable_evidence()->mutable_decision_support_tool()->set_completed_date("2019-01-01");
  EXPECT_EQ(Fails(kRefused, &Stub::EvaluateEligibility, kNurse, request).info.reason(), "NO_RATE");
}

// Without people, from a person as an organisation stated them.
TEST(Alone, RestsOnTheStatedPerson) {
  ipb::testing::RunningSuite suite({Factory()});
  suite.SetDate("2026-11-22");
  v1::RecordStatementRequest stated;
  stated.set_parent(Adult().name());
  stated.set_service("eligibility");
  *stated.mutable_resource()->mutable_person() = Adult();
  stated.mutable_resource()->mutable_person()->set_death_date("2026-11-20");
  stated.set_reference("case 4711");
  stated.set_effective_date("2026-11-20");
  v1::UpstreamStatement statement;
  const auto statements = v1::StatementsService::NewStub(suite.channel());
  const grpc::Status recorded = suite.Call(*statements, &v1::StatementsService::Stub::RecordStatement,
                                           kCouncilOfficer, stated, &statement);
  ASSERT_TRUE(recorded.ok()) << recorded.error_message();

  v1::ReceiveRequestRequest request;
  request.set_parent(Adult().name());
  request.set_kind(v1::SupportRequest::KIND_CARE_ACT);
  v1::SupportRequest received;
  const auto stub = v1::EligibilityService::NewStub(suite.channel());
  const grpc::Status late = suite.Call(*stub, &Stub::ReceiveRequest, kCouncilOfficer, request, &received);
  EXPECT_THAT(ipb::testing::DetailsOf(late).rules(), ElementsAre("REQUEST-AFTER-DEATH"));
  request.set_received_date("2026-11-19");
  EXPECT_TRUE(suite.Call(*stub, &Stub::ReceiveRequest, kNurse, request, &received).ok());
}

// Calls every method about a person and expects that the caller learns of nobody.
class NoPerson : public EligibilityTest {
 protected:
  void ExpectUnknown(const As& as, const std::string& person) {
    person_ = person;
    Fails(kNotFound, &Stub::ReceiveRequest, as, Asking(v1::SupportRequest::KIND_CARE_ACT));
    auto close = Named<v1::CloseRequestRequest>(absl::StrCat(person, "/requests/1"));
    close.set_outcome(v1::SupportRequest::OUTCOME_ASSESSMENT);
    Fails(kNotFound, &Stub::CloseRequest, as, close);
    Fails(kNotFound, &Stub::ListRequests, as, Below<v1::ListRequestsRequest>(person));
    Fails(kNotFound, &Stub::RecordAssessment, as, Assessing(JointEvidence()));
    const std::string assessment = absl::StrCat(person, "/assessments/1");
    Fails(kNotFound, &Stub::UpdateAssessment, as, Named<v1::UpdateAssessmentRequest>(assessment));
    Fails(kNotFound, &Stub::GetAssessment, as, Named<v1::GetAssessmentRequest>(assessment));
    Fails(kNotFound, &Stub::ListAssessments, as, Below<v1::ListAssessmentsRequest>(person));
    Fails(kNotFound, &Stub::RecordRecommendation, as, Recommending(kCareAct, assessment, kYes));
    ExpectUnknownDetermination(as, absl::StrCat(person, "/determinations/1"));
    Fails(kNotFound, &Stub::ListDeterminations, as, Below<v1::ListDeterminationsRequest>(person));
    Fails(kNotFound, &Stub::GetEntitlements, as, Below<v1::GetEntitlementsRequest>(person));
  }
  void ExpectUnknownDetermination(const As& as, const std::string& name) {
    auto decide = Named<v1::RecordDeterminationRequest>(name);
    decide.set_outcome(kYes);
    Fails(kNotFound, &Stub::RecordDetermination, as, decide);
    auto notify = Named<v1::NotifyDeterminationRequest>(name);
    notify.set_letter_date("2026-11-22");
    Fails(kNotFound, &Stub::NotifyDetermination, as, notify);
    auto end = Named<v1::EndDeterminationRequest>(name);
    end.set_effective_to_date("2026-11-22");
    end.set_reason(v1::Determination::END_REASON_DECLINED);
    Fails(kNotFound, &Stub::EndDetermination, as, end);
    auto grant = Named<v1::RecordBudgetGrantRequest>(name);
    grant.mutable_grant()->set_extent(v1::BudgetGrant::EXTENT_WHOLE);
    Fails(kNotFound, &Stub::RecordBudgetGrant, as, grant);
    Fails(kNotFound, &Stub::GetDetermination, as, Named<v1::GetDeterminationRequest>(name));
  }
};

TEST_F(NoPerson, IsUnknown) { ExpectUnknown(kCouncilOfficer, "people/nobody0000000000000000000"); }

TEST_F(NoPerson, IsKnownToAnOrganisationThatIsNotResponsible) {
  Must(&Stub::ReceiveRequest, kCouncilOfficer, Asking(v1::SupportRequest::KIND_CARE_ACT));
  Determine(kCareAct, Assess(WholeEvidence()).name());
  ExpectUnknown(kStranger, person_);
}

TEST_F(EveryMethod, NamesAllFieldsThatAreWrong) {
  v1::ReceiveRequestRequest receive;
  receive.set_received_date("22/11/2026");
  receive.set_request_id("once");
  EXPECT_THAT(Fails(kInvalid, &Stub::ReceiveRequest, kNurse, receive).fields(),
              UnorderedElementsAre("parent", "kind", "received_date", "request_id"));
  EXPECT_THAT(Fails(kInvalid, &Stub::CloseRequest, kNurse, v1::CloseRequestRequest()).fields(),
              UnorderedElementsAre("name", "outcome"));
  EXPECT_THAT(Fails(kInvalid, &Stub::ListRequests, kNurse, v1::ListRequestsRequest()).fields(),
              ElementsAre("parent"));
  EXPECT_THAT(Fails(kInvalid, &Stub::RecordAssessment, kNurse, v1::RecordAssessmentRequest()).fields(),
              UnorderedElementsAre("parent", "evidence"));
  EXPECT_THAT(
      Fails(kInvalid, &Stub::UpdateAssessment, kNurse, Named<v1::UpdateAssessmentRequest>(person_)).fields(),
      ElementsAre("name"));
  EXPECT_THAT(
      Fails(kInvalid, &Stub::GetAssessment, kNurse, Named<v1::GetAssessmentRequest>(person_)).fields(),
      ElementsAre("name"));
  EXPECT_THAT(Fails(kInvalid, &Stub::ListAssessments, kNurse, v1::ListAssessmentsRequest()).fields(),
              ElementsAre("parent"));
  EXPECT_THAT(Fails(kInvalid, &Stub::EvaluateEligibility, kNurse, v1::EvaluateEligibilityRequest()).fields(),
              ElementsAre("evidence"));
  EXPECT_THAT(
      Fails(kInvalid, &Stub::RecordRecommendation, kNurse, v1::RecordRecommendationRequest()).fields(),
      UnorderedElementsAre("parent", "regime", "assessment", "outcome"));
  EXPECT_THAT(Fails(kInvalid, &Stub::RecordDetermination, kNurse, v1::RecordDeterminationRequest()).fields(),
              UnorderedElementsAre("name", "outcome"));
  EXPECT_THAT(Fails(kInvalid, &Stub::NotifyDetermination, kNurse, v1::NotifyDeterminationRequest()).fields(),
              UnorderedElementsAre("name", "letter_date"));
  EXPECT_THAT(Fails(kInvalid, &Stub::EndDetermination, kNurse, v1::EndDeterminationRequest()).fields(),
              UnorderedElementsAre("name", "effective_to_date", "reason"));
  EXPECT_THAT(Fails(kInvalid, &Stub::RecordBudgetGrant, kNurse, v1::RecordBudgetGrantRequest()).fields(),
              UnorderedElementsAre("name", "grant"));
  EXPECT_THAT(Fails(kInvalid, &Stub::GetDetermination, kNurse, v1::GetDeterminationRequest()).fields(),
              ElementsAre("name"));
  EXPECT_THAT(Fails(kInvalid, &Stub::ListDeterminations, kNurse, v1::ListDeterminationsRequest()).fields(),
              ElementsAre("parent"));
  auto entitlements = Below<v1::GetEntitlementsRequest>(person_);
  entitlements.set_as_of_date("today");
  EXPECT_THAT(Fails(kInvalid, &Stub::GetEntitlements, kNurse, entitlements).fields(),
              ElementsAre("as_of_date"));
}

}  // namespace
}  // namespace ipb::eligibility
