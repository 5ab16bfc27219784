// What was known of a person's record at each instant, and that the order of recording makes no difference to
// what holds on a day.
#include "services/eligibility/rules/known.h"

#include <algorithm>
#include <map>
#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/eligibility/rules/budget_grant.h"
#include "services/eligibility/rules/dispute.h"
#include "services/eligibility/rules/ending.h"
#include "services/eligibility/rules/entitlements.h"
#include "services/eligibility/rules/pending.h"
#include "tests/rules/eligibility/cases.h"

namespace ipb::eligibility {
namespace {

using D = v1::Determination;

absl::Time At(int second) { return absl::FromUnixSeconds(second); }

void Set(google::protobuf::Timestamp* time, int second) { time->set_seconds(second); }

void Move(D::State state, int second, D& determination) {
  MoveTo(state, determination);
  Set(determination.mutable_state_changes()->rbegin()->mutable_recorded_time(), second);
}

// Recommended at 10, decided at 20, told at 30, disputed at 40, upheld at 50, granted at 55, ended at 60.
D Whole() {
  D whole = Decided(DeterminationName(1), v1::ELIGIBILITY_REGIME_CHC, v1::ELIGIBILITY_OUTCOME_ELIGIBLE, kIcb);
  whole.clear_state_changes();
  Move(D::STATE_RECOMMENDED, 10, whole);
  Move(D::STATE_DETERMINED, 20, whole);
  Move(D::STATE_NOTIFIED, 30, whole);
  Set(whole.mutable_notification()->mutable_recorded_time(), 30);
  Move(D::STATE_DISPUTED, 40, whole);
  v1::Dispute& dispute = *whole.add_disputes();
  Set(dispute.mutable_recorded_time(), 40);
  Move(D::STATE_UPHELD, 50, whole);
  dispute.set_result(v1::Dispute::RESULT_UPHELD);
  dispute.set_letter_date("2026-07-01");
  dispute.mutable_decision()->set_decider("decider-2");
  Set(dispute.mutable_decided_time(), 50);
  Set(whole.add_budget_grants()->mutable_recorded_time(), 55);
  Move(D::STATE_ENDED, 60, whole);
  whole.set_effective_to_date("2026-09-30");
  whole.set_end_reason(D::END_REASON_DECLINED);
  return whole;
}

TEST(Known, IsADeterminationAsItStoodAtEachInstant) {
  EXPECT_FALSE(AsKnown(Whole(), At(9)).has_value());
  const D recommended = *AsKnown(Whole(), At(10));
  EXPECT_EQ(recommended.state(), D::STATE_RECOMMENDED);
  EXPECT_FALSE(recommended.has_decision());
  EXPECT_EQ(recommended.outcome(), v1::ELIGIBILITY_OUTCOME_UNSPECIFIED);
  EXPECT_EQ(recommended.effective_from_date(), "");
  const D decided = *AsKnown(Whole(), At(20));
  EXPECT_EQ(decided.state(), D::STATE_DETERMINED);
  EXPECT_EQ(decided.effective_to_date(), "") << "nobody knew of the end";
  EXPECT_FALSE(decided.has_notification());
  EXPECT_TRUE(AsKnown(Whole(), At(30))->has_notification());
  EXPECT_EQ(AsKnown(Whole(), At(39))->disputes_size(), 0);
  const D disputed = *AsKnown(Whole(), At(40));
  EXPECT_EQ(disputed.state(), D::STATE_DISPUTED);
  EXPECT_EQ(disputed.disputes(0).result(), v1::Dispute::RESULT_UNSPECIFIED);
  EXPECT_FALSE(disputed.disputes(0).has_decision());
  EXPECT_EQ(AsKnown(Whole(), At(50))->disputes(0).result(), v1::Dispute::RESULT_UPHELD);
  EXPECT_EQ(AsKnown(Whole(), At(54))->budget_grants_size(), 0);
  EXPECT_EQ(AsKnown(Whole(), At(59))->end_reason(), D::END_REASON_UNSPECIFIED);
  EXPECT_EQ(AsKnown(Whole(), At(60))->SerializeAsString(), Whole().SerializeAsString());
  EXPECT_EQ(AsKnown(Whole(), std::nullopt)->SerializeAsString(), Whole().SerializeAsString());
}

TEST(Known, IsTheEndOfOneThatWasReplacedOnceThatIsKnown) {
  D replaced = Whole();
  replaced.mutable_state_changes()->RemoveLast();
  replaced.clear_end_reason();
  Move(D::STATE_SUPERSEDED, 60, replaced);
  EXPECT_EQ(AsKnown(replaced, At(59))->effective_to_date(), "");
  EXPECT_EQ(AsKnown(replaced, At(59))->state(), D::STATE_UPHELD);
  EXPECT_EQ(AsKnown(replaced, At(60))->effective_to_date(), "2026-09-30");
  EXPECT_EQ(AsKnown(replaced, At(60))->state(), D::STATE_SUPERSEDED);
}

TEST(Known, GoesBackToTheAgeLimitOfAChild) {
  D child = Whole();
  child.set_age_limit_date("2034-05-03");
  EXPECT_EQ(AsKnown(child, At(59))->effective_to_date(), "2034-05-03");
}

TEST(Known, AreRequestsAndAssessmentsAsTheyStood) {
  PersonRecord record;
  v1::SupportRequest& request = record.requests.emplace_back();
  Set(request.mutable_first_recorded_time(), 10);
  Set(request.add_clocks()->mutable_met_time(), 20);
  request.mutable_clocks(0)->set_met_date("2026-06-02");
  request.set_state(v1::SupportRequest::STATE_CLOSED);
  request.set_closed_date("2026-06-03");
  Set(request.mutable_closed_time(), 30);
  v1::Assessment& assessment = record.assessments.emplace_back();
  Set(assessment.mutable_first_recorded_time(), 10);
  assessment.set_state(v1::Assessment::STATE_COMPLETE);
  assessment.set_completed_date("2026-06-02");
  Set(assessment.mutable_recorded_time(), 20);
  record.determinations.push_back(Whole());

  const PersonRecord nothing = AsKnown(record, At(9));
  EXPECT_TRUE(nothing.requests.empty() && nothing.assessments.empty() && nothing.determinations.empty());
  const PersonRecord early = AsKnown(record, At(10));
  EXPECT_EQ(early.requests[0].state(), v1::SupportRequest::STATE_OPEN);
  EXPECT_EQ(early.requests[0].closed_date(), "");
  EXPECT_EQ(early.requests[0].clocks(0).met_date(), "");
  EXPECT_EQ(early.assessments[0].state(), v1::Assessment::STATE_DRAFT);
  EXPECT_EQ(early.assessments[0].completed_date(), "");
  const PersonRecord later = AsKnown(record, At(20));
  EXPECT_EQ(later.requests[0].clocks(0).met_date(), "2026-06-02");
  EXPECT_EQ(later.assessments[0].state(), v1::Assessment::STATE_COMPLETE);
  EXPECT_EQ(AsKnown(record, At(30)).requests[0].closed_date(), "2026-06-03");
  record.assessments[0].set_state(v1::Assessment::STATE_DRAFT);
  EXPECT_EQ(AsKnown(record, At(10)).assessments[0].completed_date(), "2026-06-02") << "a draft as it is now";
}

// One regime, whose acts come in their order; those of several regimes come in any.
struct Course {
  D determination;
  v1::CallerKind by;
  std::vector<std::string> acts;
};

std::vector<Course> Courses() {
  std::vector<Course> courses;
  const auto add = [&courses](v1::EligibilityRegime regime, v1::CallerKind by,
                              std::vector<std::string> acts) {
    D recommended;
    recommended.set_name(DeterminationName(static_cast<int>(courses.size()) + 1));
    recommended.set_regime(regime);
    recommended.set_assessment(AssessmentName(1));
    recommended.set_recommended_outcome(v1::ELIGIBILITY_OUTCOME_ELIGIBLE);
    recommended.mutable_recommendation()->set_decider("recommender-1");
    recommended.mutable_recommendation()->set_decision_date("2026-11-05");
    MoveTo(D::STATE_RECOMMENDED, recommended);
    courses.push_back({recommended, by, std::move(acts)});
  };
  add(v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT, v1::CALLER_KIND_COUNCIL, {"decide", "tell", "dispute"});
  add(v1::ELIGIBILITY_REGIME_CHC, v1::CALLER_KIND_NHS, {"decide", "grant", "tell", "end"});
  add(v1::ELIGIBILITY_REGIME_SECTION_117, v1::CALLER_KIND_NHS, {"decide", "tell", "grant"});
  add(v1::ELIGIBILITY_REGIME_WHEELCHAIR, v1::CALLER_KIND_NHS, {"decide", "end"});
  add(v1::ELIGIBILITY_REGIME_DISCRETIONARY_PHB, v1::CALLER_KIND_NHS, {"decide"});
  return courses;
}

absl::StatusOr<DeterminationDecision> Do(const std::string& act, const DeterminationFacts& facts) {
  if (act == "decide") {
    v1::RecordDeterminationRequest request;
    request.set_outcome(v1::ELIGIBILITY_OUTCOME_ELIGIBLE);
    request.set_effective_from_date("2026-11-10");
    return DecideDetermination(facts, request, Policy(), kToday);
  }
  if (act == "tell") {
    v1::NotifyDeterminationRequest request;
    request.set_letter_date("2026-11-12");
    return DecideNotification(facts, request, kToday);
  }
  if (act == "dispute") {
    v1::DisputeDeterminationRequest request;
    request.set_received_date("2026-11-15");
    return DecideDispute(facts, request, Policy(), kToday);
  }
  if (act == "grant") {
    v1::RecordBudgetGrantRequest request;
    request.mutable_grant()->set_extent(v1::BudgetGrant::EXTENT_WHOLE);
    return DecideBudgetGrant(facts, request, Policy(), kToday);
  }
  v1::EndDeterminationRequest request;
  request.set_effective_to_date("2026-11-18");
  request.set_reason(D::END_REASON_DECLINED);
  return DecideEnding(facts, request, Policy(), kToday);
}

// The record after all acts, those of different regimes in an order that the generator picks.
PersonRecord Played(std::mt19937& random) {
  std::vector<Course> courses = Courses();
  std::vector<size_t> turns;
  for (size_t i = 0; i < courses.size(); ++i) turns.insert(turns.end(), courses[i].acts.size(), i);
  std::shuffle(turns.begin(), turns.end(), random);
  std::map<size_t, size_t> done;
  for (const size_t turn : turns) {
    Course& course = courses[turn];
    DeterminationFacts facts;
    facts.person = Adult();
    facts.caller_kind = course.by;
    facts.by = By(course.by == v1::CALLER_KIND_COUNCIL ? kCouncil : kIcb, "decider-1", "As was found.");
    facts.by.set_decision_date("2026-11-11");
    facts.determination = course.determination;
    v1::Assessment& assessment = facts.assessments.emplace_back();
    assessment.set_name(AssessmentName(1));
    *assessment.mutable_evidence() = JointEvidence();
    for (const Course& other : courses) {
      if (&other != &course) facts.others.push_back(other.determination);
    }
    const absl::StatusOr<DeterminationDecision> decision = Do(course.acts[done[turn]++], facts);
    EXPECT_TRUE(decision.ok()) << decision.status();
    if (decision.ok()) course.determination = decision->determination;
  }
  PersonRecord record;
  for (const Course& course : courses) record.determinations.push_back(course.determination);
  std::shuffle(record.determinations.begin(), record.determinations.end(), random);
  return record;
}

// What holds and what is being decided on each day, as one text.
std::string Read(const PersonRecord& record) {
  std::string text;
  for (absl::CivilDay day(2026, 11, 4); day <= absl::CivilDay(2026, 11, 22); ++day) {
    const auto entitlements =
        EntitlementsOn(day, std::nullopt, record.determinations, std::nullopt, Policy(), "");
    EXPECT_TRUE(entitlements.ok()) << entitlements.status();
    if (!entitlements.ok()) return "";
    for (const v1::Entitlement& entitlement : *entitlements) text += entitlement.SerializeAsString();
    for (const auto& pending : PendingOn(day, record, Policy())) text += pending.SerializeAsString();
    text += "|";
  }
  return text;
}

TEST(AnyOrder, OfRecordingGivesTheSameEntitlementsOnEveryDay) {
  std::mt19937 random(20261122);
  const std::string first = Read(Played(random));
  EXPECT_THAT(first, testing::HasSubstr(DeterminationName(5)));
  for (int i = 0; i < 200; ++i) ASSERT_EQ(Read(Played(random)), first) << "order " << i;
}

}  // namespace
}  // namespace ipb::eligibility
