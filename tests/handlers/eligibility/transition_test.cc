// From children's to adult care: what is noted on the day, what meets it, and the fast track of a child.
#include "absl/strings/str_cat.h"
#include "tests/handlers/eligibility/fixture.h"

namespace ipb::eligibility {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Property;
using ::testing::SizeIs;
using D = v1::Determination;
using Step = v1::TransitionStep;

constexpr v1::EligibilityRegime kChildren = v1::ELIGIBILITY_REGIME_CHILDRENS_CONTINUING_CARE;

class Transition : public EligibilityTest {
 protected:
  // A child found eligible on the whole tool.
  D Child(const std::string& birth_date) {
    BeAbout(birth_date);
    v1::AssessmentEvidence evidence = JointEvidence();
    *evidence.mutable_childrens_continuing_care() = ChildrensTool();
    evidence.mutable_childrens_continuing_care()->mutable_domains(8)->set_level(v1::NEED_LEVEL_SEVERE);
    const bool by_parent = birth_date > "2010-10-20";
    if (!by_parent) {
      evidence.mutable_childrens_continuing_care()->mutable_consent()->set_basis(
          v1::ChildConsent::BASIS_YOUNG_PERSON);
    }
    return Determine(kChildren, Assess(evidence).name());
  }
  D Get(const D& determination) {
    v1::GetDeterminationRequest request;
    request.set_name(determination.name());
    return Must(&Stub::GetDetermination, kNurse, request);
  }
  v1::GetEntitlementsResponse Entitlements(const std::string& date = "") {
    v1::GetEntitlementsRequest request;
    request.set_parent(person_);
    request.set_as_of_date(date);
    return Must(&Stub::GetEntitlements, kNurse, request);
  }
  std::vector<Step::State> States(const std::string& date = "") {
    std::vector<Step::State> states;
    const v1::GetEntitlementsResponse reply = Entitlements(date);
    for (const Step& step : reply.transition_steps()) states.push_back(step.state());
    return states;
  }
};

TEST_F(Transition, NotesEachStepOnItsDayUnlessItIsMet) {
  const D decided = Child("2012-12-01");
  EXPECT_EQ(suite_.FinishWork("eligibility"), 0) << "not yet";
  suite_.SetDate("2026-12-01");
  EXPECT_EQ(suite_.FinishWork("eligibility"), 1);
  const D flagged = Get(decided);
  ASSERT_THAT(flagged.transition_marks(), SizeIs(1));
  EXPECT_EQ(flagged.transition_marks(0).step(), "CYP-TRANSITION-FLAG");
  EXPECT_EQ(flagged.transition_marks(0).due_date(), "2026-12-01");
  EXPECT_EQ(flagged.transition_marks(0).overdue_date(), "");
  EXPECT_NE(flagged.etag(), decided.etag()) << "a change that others can watch";
  EXPECT_THAT(flagged.explanation().steps(),
              Contains(Property(&v1::ExplanationStep::rule_id, "DETERMINATION")))
      << "why the child is eligible stays explained";
  EXPECT_THAT(flagged.explanation().steps(),
              Contains(Property(&v1::ExplanationStep::rule_id, "CYP-TRANSITION-DUE")));
  EXPECT_EQ(flagged.state_changes_size(), decided.state_changes_size());

  Must(&Stub::ReceiveRequest, kNurse, Asking(v1::SupportRequest::KIND_TRANSITION));
  suite_.SetDate("2027-01-05");
  EXPECT_EQ(suite_.FinishWork("eligibility"), 1);
  EXPECT_EQ(Get(decided).transition_marks(0).overdue_date(), "") << "met in time";
  EXPECT_THAT(States(),
              ElementsAre(Step::STATE_MET, Step::STATE_UPCOMING, Step::STATE_UPCOMING, Step::STATE_UPCOMING));
  EXPECT_EQ(Entitlements().transition_steps(0).met_by(), absl::StrCat(person_, "/requests/1"));
}

TEST_F(Transition, ShowsWhatHasPassedToWhoComesLate) {
  const D decided = Child("2010-04-01");
  EXPECT_EQ(suite_.FinishWork("eligibility"), 2) << "one for each step that has passed";
  const D marked = Get(decided);
  ASSERT_THAT(marked.transition_marks(), SizeIs(2));
  EXPECT_EQ(marked.transition_marks(0).overdue_date(), "2024-04-30");
  EXPECT_EQ(marked.transition_marks(1).overdue_date(), "2026-04-30");
  EXPECT_THAT(States(), ElementsAre(Step::STATE_OVERDUE, Step::STATE_OVERDUE, Step::STATE_UPCOMING,
                                    Step::STATE_UPCOMING));
  suite_.SetDate("2027-04-01");
  EXPECT_EQ(suite_.FinishWork("eligibility"), 1);
  EXPECT_THAT(Get(decided).transition_marks(), SizeIs(3));
}

TEST_F(Transition, EndsInAdultCareThatWasDecidedInPrinciple) {
  const D child = Child("2009-02-01");
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_checklist() = Checklist(2, 0);
  *evidence.mutable_decision_support_tool() = Tool();
  DomainOf(v1::CARE_DOMAIN_COGNITION, *evidence.mutable_decision_support_tool())
      .set_level(v1::NEED_LEVEL_SEVERE);
  const D adult = Determine(kChc, Assess(evidence).name());
  EXPECT_EQ(adult.effective_from_date(), "2027-02-01") << "the 18th birthday";
  EXPECT_THAT(States(), ElementsAre(Step::STATE_MET, Step::STATE_MET, Step::STATE_MET, Step::STATE_UPCOMING));
  suite_.FinishWork("eligibility");
  EXPECT_THAT(Get(child).transition_marks(), IsEmpty());

  EXPECT_EQ(Entitlements("2027-01-31").entitlements(0).regime(), kChildren);
  suite_.SetDate("2027-02-01");
  suite_.FinishWork("eligibility");
  const v1::GetEntitlementsResponse grown = Entitlements();
  ASSERT_THAT(grown.entitlements(), SizeIs(1));
  EXPECT_EQ(grown.entitlements(0).regime(), kChc);
  EXPECT_THAT(grown.transition_steps(), IsEmpty()) << "all are met";
  EXPECT_THAT(Get(child).transition_marks(), IsEmpty());
}

TEST_F(Transition, IsNotNotedForAChildWhoDied) {
  const D decided = Child("2012-12-01");
  suite_.SetDate("2026-11-30");
  Die("2026-11-28");
  v1::EndDeterminationRequest ending;
  ending.set_name(decided.name());
  ending.set_effective_to_date("2026-11-28");
  ending.set_reason(D::END_REASON_DEATH);
  Must(&Stub::EndDetermination, kIcbLead, ending);
  suite_.SetDate("2026-12-01");
  EXPECT_EQ(suite_.FinishWork("eligibility"), 1);
  EXPECT_THAT(Get(decided).transition_marks(), IsEmpty());
  EXPECT_THAT(Entitlements().transition_steps(), IsEmpty());
}

TEST_F(Transition, LeadsAChildOnTheFastTrackToThePanel) {
  BeAbout("2016-05-04");
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_childrens_fast_track() = ChildrensFastTrack();
  const v1::Assessment assessment = Assess(evidence);
  EXPECT_TRUE(assessment.findings().childrens_fast_track_met());
  EXPECT_EQ(assessment.evidence().childrens_fast_track().reasons(), "") << "clinical, and a council asks";
  const D decided = Determine(kChildren, assessment.name());
  EXPECT_EQ(decided.panel_due_date(), "2027-01-03");
  ASSERT_THAT(Entitlements().pending_decisions(), SizeIs(1));
  EXPECT_EQ(Entitlements().pending_decisions(0).kind(), v1::PendingDecision::KIND_PANEL);
  EXPECT_FALSE(Entitlements().pending_decisions(0).late());
  EXPECT_TRUE(Entitlements("2027-01-04").pending_decisions(0).late());

  suite_.SetDate("2026-12-20");
  v1::AssessmentEvidence whole = JointEvidence();
  *whole.mutable_childrens_continuing_care() = ChildrensTool();
  whole.mutable_childrens_continuing_care()->mutable_domains(0)->set_level(v1::NEED_LEVEL_PRIORITY);
  const D confirmed = Determine(kChildren, Assess(whole).name());
  EXPECT_EQ(confirmed.panel_due_date(), "");
  EXPECT_THAT(Entitlements().pending_decisions(), IsEmpty());
}

}  // namespace
}  // namespace ipb::eligibility
