// Every route to support, from its evidence to what the person is entitled to, as callers see it.
#include "absl/strings/str_cat.h"
#include "tests/handlers/eligibility/fixture.h"

namespace ipb::eligibility {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using D = v1::Determination;

constexpr grpc::StatusCode kRefused = grpc::StatusCode::FAILED_PRECONDITION;
constexpr grpc::StatusCode kInvalid = grpc::StatusCode::INVALID_ARGUMENT;

class Routes : public EligibilityTest {
 protected:
  v1::GetEntitlementsResponse Entitlements(const std::string& date = "") {
    v1::GetEntitlementsRequest request;
    request.set_parent(person_);
    request.set_as_of_date(date);
    return Must(&Stub::GetEntitlements, kNurse, request);
  }
};

TEST_F(Routes, LeadACarerToAPersonalBudget) {
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_carer() = Carer(1);
  const D decided = Determine(v1::ELIGIBILITY_REGIME_CARE_ACT_CARER, Assess(evidence).name());
  EXPECT_EQ(decided.outcome(), kYes);
  const auto entitlements = Entitlements().entitlements();
  ASSERT_THAT(entitlements, SizeIs(1));
  EXPECT_EQ(entitlements[0].budget(), v1::BUDGET_KIND_PERSONAL_BUDGET);
  EXPECT_EQ(entitlements[0].explanation().steps(0).rule_id(), "ENTITLEMENT-CARERS-BUDGET");
}

TEST_F(Routes, LeaveACarerToTheCouncilWhereTheAdultLives) {
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_carer() = Carer(1);
  evidence.mutable_carer()->set_adult_council("E10000028");
  const auto request = Recommending(v1::ELIGIBILITY_REGIME_CARE_ACT_CARER, Assess(evidence).name(), kYes);
  EXPECT_THAT(Fails(kRefused, &Stub::RecordRecommendation, kCouncilOfficer, request).rules(),
              ElementsAre("CARER-AUTHORITY"));
}

TEST_F(Routes, LeadAChildToABudgetUntilAdulthood) {
  BeAbout("2012-05-04");
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_childrens_continuing_care() = ChildrensTool();
  evidence.mutable_childrens_continuing_care()->mutable_domains(8)->set_level(v1::NEED_LEVEL_SEVERE);
  const v1::Assessment assessment = Assess(evidence);
  EXPECT_TRUE(assessment.findings().childrens_continuing_care().need_likely());
  EXPECT_THAT(assessment.findings().childrens_continuing_care().thresholds_met(), IsEmpty())
      << "clinical, and a council asks";
  const D decided = Determine(v1::ELIGIBILITY_REGIME_CHILDRENS_CONTINUING_CARE, assessment.name());
  EXPECT_EQ(decided.age_limit_date(), "2030-05-03");
  EXPECT_EQ(decided.notification_due_date(), "2026-11-27");
  const v1::GetEntitlementsResponse now = Entitlements();
  ASSERT_THAT(now.entitlements(), SizeIs(1));
  EXPECT_EQ(now.entitlements(0).right(), v1::BUDGET_RIGHT_TO_HAVE);
  ASSERT_THAT(now.transition_steps(), SizeIs(4));
  EXPECT_TRUE(now.transition_steps(0).due()) << "14 since May";
  EXPECT_FALSE(now.transition_steps(1).due());
  EXPECT_EQ(now.transition_steps(1).due_date(), "2028-05-04");
  const v1::GetEntitlementsResponse grown = Entitlements("2030-05-04");
  EXPECT_THAT(grown.entitlements(), IsEmpty());
  ASSERT_THAT(grown.transition_steps(), SizeIs(4));
  EXPECT_EQ(grown.transition_steps(3).state(), v1::TransitionStep::STATE_DUE) << "no adult care is in effect";
}

TEST_F(Routes, LeadToAPaymentToTheCareHome) {
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_nursing_care() = NursingCare();
  Determine(v1::ELIGIBILITY_REGIME_NURSING_CARE, Assess(evidence).name());
  const auto entitlements = Entitlements().entitlements();
  ASSERT_THAT(entitlements, SizeIs(1));
  EXPECT_EQ(entitlements[0].budget(), v1::BUDGET_KIND_PAYMENT_TO_HOME);
  EXPECT_EQ(entitlements[0].nursing_care_payment().weekly_pence(), 26768);
}

TEST_F(Routes, LeadOutOfAfterCareOnlyTogether) {
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_after_care() = AfterCare();
  const D decided = Determine(v1::ELIGIBILITY_REGIME_SECTION_117, Assess(evidence).name());
  suite_.SetDate("2027-06-01");
  evidence.set_assessment_date("2027-05-20");
  v1::EndDeterminationRequest request;
  request.set_name(decided.name());
  request.set_effective_to_date("2027-06-30");
  request.set_reason(D::END_REASON_NO_LONGER_ELIGIBLE);
  request.mutable_decision()->set_reasons("Recovered, and settled at home.");
  v1::WithdrawalSafeguards& safeguards = *request.mutable_safeguards();
  safeguards.set_reassessment(Assess(evidence).name());
  safeguards.set_person_consulted_date("2027-05-20");
  safeguards.set_consulted_organisation(kCouncilOfficer.organisation);
  safeguards.set_organisation_consulted_date("2027-05-25");
  EXPECT_THAT(Fails(kRefused, &Stub::EndDetermination, kIcbLead, request).rules(),
              ElementsAre("S117-BOTH-BODIES"));
  v1::OtherBodyDecision& other = *safeguards.mutable_other_body_decision();
  other.set_organisation(kCouncilOfficer.organisation);
  other.set_decider("head-of-service-4");
  other.set_role("service_manager");
  other.set_decision_date("2027-05-28");
  other.set_reasons("No risk of readmission is left that services would reduce.");
  EXPECT_EQ(Must(&Stub::EndDetermination, kIcbLead, request).state(), D::STATE_ENDED);
}

TEST_F(Routes, GrantABudgetInPartAndReviewIt) {
  const D decided = Determine(kChc, Assess(WholeEvidence()).name());
  EXPECT_TRUE(Entitlements().entitlements(0).default_at_home());
  v1::RecordBudgetGrantRequest request;
  request.set_name(decided.name());
  v1::BudgetGrant& grant = *request.mutable_grant();
  grant.set_extent(v1::BudgetGrant::EXTENT_PART);
  EXPECT_THAT(Fails(kRefused, &Stub::RecordBudgetGrant, kIcbLead, request).rules(),
              ElementsAre("GRANT-REASONS", "GRANT-OTHER-WAY", "GRANT-REVIEW-RIGHT", "GRANT-PART"));
  grant.add_grounds(v1::BUDGET_REFUSAL_GROUND_SPECIALISED);
  grant.set_part_refused("The ventilator and its servicing.");
  grant.set_other_personalisation("A choice of two suppliers and of the day of the visit.");
  grant.set_review_offered_date("2026-11-22");
  grant.mutable_decision()->set_reasons("Only the regional service can maintain it.");
  request.set_etag(decided.etag());
  const D granted = Must(&Stub::RecordBudgetGrant, kIcbLead, request);
  ASSERT_THAT(granted.budget_grants(), SizeIs(1));
  EXPECT_EQ(granted.budget_grants(0).decision().decider(), kIcbLead.actor);
  EXPECT_EQ(granted.state(), D::STATE_DETERMINED);
  EXPECT_EQ(granted.state_changes_size(), decided.state_changes_size());
  EXPECT_EQ(Entitlements().entitlements(0).granted(), v1::BudgetGrant::EXTENT_PART);
  EXPECT_EQ(Fails(grpc::StatusCode::ABORTED, &Stub::RecordBudgetGrant, kNurse, request).info.reason(),
            "ETAG_MISMATCH");
  request.clear_etag();
  request.set_on_review(true);
  EXPECT_THAT(Fails(kRefused, &Stub::RecordBudgetGrant, kIcbLead, request).rules(),
              ElementsAre("GRANT-SECOND-PERSON"));
  request.mutable_grant()->Clear();
  request.mutable_grant()->set_extent(v1::BudgetGrant::EXTENT_WHOLE);
  const D reviewed = Must(&Stub::RecordBudgetGrant, kNurse, request);
  EXPECT_THAT(reviewed.budget_grants(), SizeIs(2));
  EXPECT_EQ(Entitlements().entitlements(0).granted(), v1::BudgetGrant::EXTENT_WHOLE);
}

TEST_F(Routes, GrantAWheelchairBudgetForATerm) {
  v1::AssessmentEvidence evidence = JointEvidence();
  evidence.mutable_wheelchair()->set_meets_service_criteria(true);
  evidence.mutable_wheelchair()->set_long_term_need(true);
  v1::RecordBudgetGrantRequest request;
  request.set_name(Determine(v1::ELIGIBILITY_REGIME_WHEELCHAIR, Assess(evidence).name()).name());
  request.mutable_grant()->set_extent(v1::BudgetGrant::EXTENT_WHOLE);
  v1::WheelchairBudget& budget = *request.mutable_grant()->mutable_wheelchair();
  EXPECT_THAT(Fails(kInvalid, &Stub::RecordBudgetGrant, kIcbLead, request).fields(),
              ElementsAre("grant.wheelchair.option"));
  budget.set_option(v1::WHEELCHAIR_BUDGET_OPTION_THIRD_PARTY);
  budget.set_value_pence(180000);
  budget.set_contribution_pence(45000);
  const D granted = Must(&Stub::RecordBudgetGrant, kIcbLead, request);
  ASSERT_THAT(granted.budget_grants(), SizeIs(1));
  EXPECT_EQ(granted.budget_grants(0).wheelchair().term_ends_date(), "2031-11-21");
  EXPECT_EQ(granted.budget_grants(0).wheelchair().redeem_by_date(), "2027-05-22");
  EXPECT_EQ(granted.explanation().steps(1).rule_id(), "WHEELCHAIR-BUDGET-THIRD-PARTY");

  // A new decision on eligibility does not bring a new chair within the term.
  request.set_name(Determine(v1::ELIGIBILITY_REGIME_WHEELCHAIR, Assess(evidence).name()).name());
  EXPECT_THAT(Fails(kRefused, &Stub::RecordBudgetGrant, kNurse, request).rules(),
              ElementsAre("WHEELCHAIR-BUDGET-TERM-RUNS"));
  budget.set_clinical_change(true);
  request.mutable_grant()->mutable_decision()->set_reasons("A powered chair is needed.");
  EXPECT_THAT(Must(&Stub::RecordBudgetGrant, kNurse, request).budget_grants(), SizeIs(1));
}

// What the wire refuses before any rule looks at it, so that rules may rely on it.
TEST_F(Routes, RefuseCodesAndDatesThatAreNone) {
  const auto refused = [&](const std::function<void(v1::AssessmentEvidence&)>& change) {
    v1::RecordAssessmentRequest request = Assessing(JointEvidence());
    change(*request.mutable_evidence());
    return Fails(kInvalid, &Stub::RecordAssessment, kNurse, request).fields();
  };
  EXPECT_THAT(refused([](auto& evidence) {
                *evidence.mutable_carer() = Carer(1);
                evidence.mutable_carer()->mutable_outcomes(0)->set_outcome(static_cast<v1::CarerOutcome>(9));
              }),
              ElementsAre("evidence.carer.outcomes[0].outcome"));
  EXPECT_THAT(refused([](auto& evidence) {
                *evidence.mutable_carer() = Carer(1);
                evidence.mutable_carer()->mutable_outcomes(0)->set_meanings(
                    0, static_cast<v1::CarerUnableMeaning>(v1::UNABLE_MEANING_TAKES_LONGER));
              }),
              ElementsAre("evidence.carer.outcomes[0].meanings[0]"))
      << "the adult's fourth meaning";
  EXPECT_THAT(refused([](auto& evidence) {
                *evidence.mutable_childrens_continuing_care() = ChildrensTool();
                evidence.mutable_childrens_continuing_care()->mutable_domains(0)->set_level(
                    static_cast<v1::NeedLevel>(-1));
              }),
              ElementsAre("evidence.childrens_continuing_care.domains[0].level"));
  EXPECT_THAT(refused([](auto& evidence) {
                *evidence.mutable_nursing_care() = NursingCare();
                evidence.mutable_nursing_care()->set_assessed_date("2026-02-30");
              }),
              ElementsAre("evidence.nursing_care.assessed_date"));
  EXPECT_THAT(refused([](auto& evidence) {
                *evidence.mutable_after_care() = AfterCare();
                evidence.mutable_after_care()->set_residence_council("the council of Bolton");
              }),
              ElementsAre("evidence.after_care.residence_council"));
}

}  // namespace
}  // namespace ipb::eligibility
