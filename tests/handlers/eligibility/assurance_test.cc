// An NHS body's decisions on NHS continuing healthcare, counted on either engine: what counts, what stops
// counting, and whose.
#include <memory>

#include "absl/strings/str_cat.h"
#include "tests/async/wait.h"
#include "tests/handlers/eligibility/fixture.h"
#include "tests/store/redis_server.h"

namespace ipb::eligibility {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using D = v1::Determination;
using Counted = v1::CountContinuingHealthcareDecisionsResponse;

constexpr grpc::StatusCode kInvalid = grpc::StatusCode::INVALID_ARGUMENT;
constexpr grpc::StatusCode kRefused = grpc::StatusCode::FAILED_PRECONDITION;

// There before the suite that is to use it.
class EngineOf {
 protected:
  explicit EngineOf(bool redis) {
    if (redis) redis_ = std::make_unique<store::RedisServer>();
  }
  std::string store() const {
    return redis_ ? absl::StrCat("redis://127.0.0.1:", redis_->port()) : "sqlite::memory:";
  }

 private:
  std::unique_ptr<store::RedisServer> redis_;
};

class Assurance : private EngineOf, public EligibilityTest, public ::testing::WithParamInterface<bool> {
 protected:
  Assurance()
      : EngineOf(GetParam()), EligibilityTest([this](process::Flags& flags) { flags.store = store(); }) {}

  static v1::CountContinuingHealthcareDecisionsRequest Period(const std::string& from,
                                                              const std::string& to) {
    v1::CountContinuingHealthcareDecisionsRequest request;
    request.set_from_date(from);
    request.set_to_date(to);
    return request;
  }
  Counted Count(const std::string& from, const std::string& to, const As& as = kNurse) {
    return Must(&Stub::CountContinuingHealthcareDecisions, as, Period(from, to));
  }
  int64_t CountOf(const std::string& day) { return Count(day, day).decided_count(); }

  // The request for a decision that was received on the day.
  std::string Asked(const std::string& received_date) {
    v1::ReceiveRequestRequest asking = Asking(v1::SupportRequest::KIND_CHC_CHECKLIST);
    asking.set_received_date(received_date);
    return Must(&Stub::ReceiveRequest, kNurse, asking).name();
  }
  // What the team recommended, on a request if any.
  D Recommended(v1::EligibilityOutcome outcome, const std::string& asked = "", bool in_hospital = false) {
    v1::AssessmentEvidence evidence = WholeEvidence();
    evidence.mutable_decision_support_tool()->set_in_acute_hospital(in_hospital);
    v1::RecordRecommendationRequest request = Recommending(kChc, Assess(evidence).name(), outcome);
    request.set_request(asked);
    return Must(&Stub::RecordRecommendation, kNurse, request);
  }
  v1::EndDeterminationRequest Ending(const D& decided, D::EndReason reason) const {
    v1::EndDeterminationRequest request;
    request.set_name(decided.name());
    request.set_effective_to_date("2026-12-31");
    request.set_reason(reason);
    request.mutable_decision()->set_reasons("It was another person's.");
    return request;
  }
  // Told, disputed, and overturned by another on the day.
  D Overturned(const D& refused, const std::string& date) {
    v1::NotifyDeterminationRequest telling;
    telling.set_name(refused.name());
    telling.set_letter_date("2026-11-22");
    Must(&Stub::NotifyDetermination, kIcbLead, telling);
    v1::DisputeDeterminationRequest disputing;
    disputing.set_name(refused.name());
    disputing.set_by(v1::Dispute::BY_PERSON);
    disputing.set_grounds("The nights were not looked at.");
    Must(&Stub::DisputeDetermination, kNurse, disputing);
    suite_.SetDate(date);
    v1::OverturnDeterminationRequest overturning;
    overturning.set_name(refused.name());
    overturning.mutable_decision()->set_reasons("The nights tell of a primary health need.");
    return Must(&Stub::OverturnDetermination, kIcbReviewer, overturning);
  }
};

TEST_P(Assurance, CountsDecisionsOnADecisionSupportTool) {
  const Counted none = Count("2026-11-01", "2026-11-30");
  EXPECT_EQ(none.decided_count(), 0);
  EXPECT_FALSE(none.in_time_target_met());
  EXPECT_FALSE(none.acute_hospital_target_met());

  Decide(kIcbLead, Recommended(kYes, Asked("2026-11-01")), kYes);
  BeAbout("1950-01-01");
  Decide(kIcbLead, Recommended(kNo, Asked("2026-10-01"), true), kNo);
  BeAbout("1951-01-01");
  Decide(kIcbLead, Recommended(kYes), kYes);
  BeAbout("1952-01-01");
  v1::AssessmentEvidence dying = JointEvidence();
  *dying.mutable_fast_track() = FastTrack();
  Determine(kChc, Assess(dying).name());
  Determine(kCareAct, Assess(WholeEvidence()).name());
  Recommended(kYes);

  const Counted counted = Count("2026-11-22", "2026-11-22");
  EXPECT_EQ(counted.decided_count(), 3);
  EXPECT_EQ(counted.eligible_count(), 2);
  EXPECT_EQ(counted.clocked_count(), 2);
  EXPECT_EQ(counted.in_time_count(), 1);
  EXPECT_EQ(counted.acute_hospital_count(), 1);
  EXPECT_FALSE(counted.in_time_target_met());
  EXPECT_FALSE(counted.acute_hospital_target_met());
  ASSERT_EQ(counted.explanation().steps_size(), 3);
  EXPECT_THAT(counted.explanation().steps(0).sentence(), HasSubstr("QZZ made 3 decisions"));
  EXPECT_EQ(counted.explanation().rule_set_version(), "eligibility/5");
  EXPECT_NE(counted.explanation().policy_version(), "");
}

TEST_P(Assurance, CountsTheDaysOfThePeriodAndNoOthers) {
  Decide(kIcbLead, Recommended(kYes, Asked("2026-11-01")), kYes);
  EXPECT_EQ(Count("2026-11-22", "2026-11-30").decided_count(), 1);
  EXPECT_EQ(Count("2026-11-01", "2026-11-22").decided_count(), 1);
  EXPECT_EQ(Count("2026-11-01", "2026-11-21").decided_count(), 0);
  EXPECT_EQ(Count("2026-11-23", "2026-11-30").decided_count(), 0);
  const Counted year = Count("2025-11-22", "2026-11-22");
  EXPECT_TRUE(year.in_time_target_met());
  EXPECT_TRUE(year.acute_hospital_target_met());
}

TEST_P(Assurance, CountsOnTheDayOfTheDecisionNotOfTheCall) {
  const D recommended = Recommended(kYes);
  suite_.SetDate("2026-12-04");
  v1::RecordDeterminationRequest request;
  request.set_name(recommended.name());
  request.set_outcome(kYes);
  request.mutable_decision()->set_decision_date("2026-12-01");
  Must(&Stub::RecordDetermination, kIcbLead, request);
  EXPECT_EQ(CountOf("2026-12-01"), 1);
  EXPECT_EQ(CountOf("2026-12-04"), 0);
}

TEST_P(Assurance, KeepsNoDecisionThatWasAnError) {
  const D decided = Decide(kIcbLead, Recommended(kYes, Asked("2026-11-01"), true), kYes);
  EXPECT_EQ(CountOf("2026-11-22"), 1);
  v1::EndDeterminationRequest ending = Ending(decided, D::END_REASON_RECORDED_IN_ERROR);
  ending.set_validate_only(true);
  Must(&Stub::EndDetermination, kIcbReviewer, ending);
  EXPECT_EQ(CountOf("2026-11-22"), 1) << "a preview writes nothing";
  ending.set_validate_only(false);
  Must(&Stub::EndDetermination, kIcbReviewer, ending);
  EXPECT_EQ(CountOf("2026-11-22"), 0);
}

TEST_P(Assurance, KeepsADecisionThatEndedOrWasReplaced) {
  const D first = Decide(kIcbLead, Recommended(kYes, Asked("2026-11-01")), kYes);
  const D second = Decide(kIcbLead, Recommended(kYes), kYes);
  EXPECT_EQ(CountOf("2026-11-22"), 2) << first.name() << " was a decision, too";
  Must(&Stub::EndDetermination, kIcbReviewer, Ending(second, D::END_REASON_DECLINED));
  EXPECT_EQ(CountOf("2026-11-22"), 2);
}

TEST_P(Assurance, CountsWhatWasOverturnedOnceOnTheFirstDayAsEligible) {
  const D refused = Decide(kIcbLead, Recommended(kNo, Asked("2026-11-01"), true), kNo);
  EXPECT_EQ(Count("2026-11-22", "2026-11-22").eligible_count(), 0);
  const D made = Overturned(refused, "2026-12-10");
  EXPECT_EQ(CountOf("2026-12-10"), 0);
  const Counted counted = Count("2026-11-22", "2026-11-22");
  EXPECT_EQ(counted.decided_count(), 1);
  EXPECT_EQ(counted.eligible_count(), 1);
  EXPECT_EQ(counted.in_time_count(), 1);
  EXPECT_EQ(counted.acute_hospital_count(), 1);

  const As another{kNurse.organisation, "nurse-9", "chc_lead"};
  Must(&Stub::EndDetermination, another, Ending(made, D::END_REASON_RECORDED_IN_ERROR));
  EXPECT_EQ(Count("2026-11-01", "2026-12-31").decided_count(), 0);
}

TEST_P(Assurance, OfOtherMattersIsNotTouchedByWhatOverturnsOrEndsThem) {
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_checklist() = Checklist(0, 0);
  const D screened = Decide(kIcbLead, Recommend(kNurse, kChc, Assess(evidence).name(), kNo), kNo);
  const D made = Overturned(screened, "2026-12-10");
  EXPECT_EQ(Count("2026-11-01", "2026-12-31").decided_count(), 0);
  const As another{kNurse.organisation, "nurse-9", "chc_lead"};
  Must(&Stub::EndDetermination, another, Ending(made, D::END_REASON_RECORDED_IN_ERROR));
  EXPECT_EQ(Count("2026-11-01", "2026-12-31").decided_count(), 0);
}

TEST_P(Assurance, IsOfTheNhsBodyItself) {
  Decide(kIcbLead, Recommended(kYes), kYes);
  for (const As& council : {kCouncilOfficer, kStranger}) {
    Fails(grpc::StatusCode::PERMISSION_DENIED, &Stub::CountContinuingHealthcareDecisions, council,
          Period("2026-11-22", "2026-11-22"));
  }
}

TEST_P(Assurance, WantsAPeriodOfAYearAtMostWithTargets) {
  const auto wrong = [this](const std::string& from, const std::string& to) {
    return Fails(kInvalid, &Stub::CountContinuingHealthcareDecisions, kNurse, Period(from, to)).fields();
  };
  EXPECT_THAT(wrong("2026-11-22", "2026-11-21"), ElementsAre("to_date"));
  EXPECT_THAT(wrong("2025-11-22", "2026-11-23"), ElementsAre("to_date")) << "367 days";
  EXPECT_THAT(wrong("", ""), ElementsAre("from_date", "to_date"));
  EXPECT_THAT(wrong("2026-02-30", "22 November"), ElementsAre("from_date", "to_date"));
  EXPECT_EQ(Count("2025-11-22", "2026-11-22").decided_count(), 0) << "366 days";
  EXPECT_EQ(
      Fails(kRefused, &Stub::CountContinuingHealthcareDecisions, kNurse, Period("2022-01-01", "2022-06-30"))
          .info.reason(),
      "NO_RATE");
}

// More entries than a page, written to the index as decisions write them.
TEST_P(Assurance, CountsMoreThanAPage) {
  constexpr int kSubjects = 6, kEach = 401;
  for (int i = 0; i < kSubjects; ++i) {
    store::Writes writes;
    writes.commit_id = absl::StrCat("commit-", i);
    writes.history = "test";
    for (int n = 0; n < kEach; ++n) {
      const char* letters = n == 0 ? "----" : n == 1 ? "-C--" : "ECT-";
      writes.index_adds.push_back(
          {"chcDecisions/QZZ", absl::StrCat("2026-10-", 10 + i, "/", letters), "", absl::StrCat("r/", n)});
    }
    const auto committed =
        async::Wait(suite_.process()
                        .StoreOf("eligibility")
                        ->Commit(absl::StrCat("people/many", i), {}, std::move(writes), false));
    ASSERT_TRUE(committed.ok()) << committed.status();
  }
  const Counted counted = Count("2026-10-01", "2026-10-31");
  EXPECT_EQ(counted.decided_count(), kSubjects * kEach);
  EXPECT_EQ(counted.eligible_count(), kSubjects * (kEach - 2));
  EXPECT_EQ(counted.clocked_count(), kSubjects * (kEach - 1));
  EXPECT_EQ(counted.in_time_count(), kSubjects * (kEach - 2));
  EXPECT_EQ(Count("2026-10-11", "2026-10-12").decided_count(), 2 * kEach);
}

INSTANTIATE_TEST_SUITE_P(Engines, Assurance, ::testing::Bool(),
                         [](const auto& info) { return info.param ? "Redis" : "Sqlite"; });

}  // namespace
}  // namespace ipb::eligibility
