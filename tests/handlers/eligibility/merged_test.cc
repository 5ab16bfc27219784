// A person who turns out to be another, and is merged: nothing new begins under the old name.
#include "tests/handlers/eligibility/fixture.h"

namespace ipb::eligibility {
namespace {

constexpr grpc::StatusCode kRefused = grpc::StatusCode::FAILED_PRECONDITION;

class Merged : public EligibilityTest {
 protected:
  Merged() : survivor_(Register("1948-03-15")) {}

  void Merge() {
    v1::MergePeopleRequest request;
    request.set_name(person_);
    request.set_survivor(survivor_);
    request.mutable_decision()->set_reasons("One person by passport and by her own word.");
    v1::Person person;
    const grpc::Status status =
        suite_.Call(*people_, &People::MergePeople, kCouncilOfficer, request, &person);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }
  void Split() {
    v1::SplitPersonRequest request;
    request.set_name(survivor_);
    request.set_merged(person_);
    request.mutable_decision()->set_reasons("Two people after all: met both.");
    v1::Person person;
    const grpc::Status status =
        suite_.Call(*people_, &People::SplitPerson, kCouncilOfficer, request, &person);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }

  void ExpectSurvivor(const Details& details) {
    EXPECT_EQ(details.info.reason(), "PERSON_MERGED");
    EXPECT_EQ(details.info.metadata().at("survivor"), survivor_);
  }

  using People = v1::PeopleService::Stub;
  const std::string survivor_;
};

TEST_F(Merged, BeginsNothingAndSaysWhoGoesOn) {
  const std::string assessment = Assess(WholeEvidence()).name();
  const v1::Determination recommended = Recommend(kCouncilOfficer, kCareAct, assessment, kYes);
  Merge();
  ExpectSurvivor(
      Fails(kRefused, &Stub::ReceiveRequest, kCouncilOfficer, Asking(v1::SupportRequest::KIND_CARE_ACT)));
  ExpectSurvivor(Fails(kRefused, &Stub::RecordRecommendation, kCouncilOfficer,
                       Recommending(kCareAct, assessment, kYes)));
  v1::RecordDeterminationRequest deciding;
  deciding.set_name(recommended.name());
  deciding.set_outcome(kYes);
  ExpectSurvivor(Fails(kRefused, &Stub::RecordDetermination, kCouncilChair, deciding));
}

TEST_F(Merged, HasWhatItHadBroughtToItsEnd) {
  const v1::SupportRequest received =
      Must(&Stub::ReceiveRequest, kCouncilOfficer, Asking(v1::SupportRequest::KIND_CARE_ACT));
  const v1::Determination determined = Determine(kCareAct, Assess(WholeEvidence()).name());
  Merge();
  v1::CloseRequestRequest closing;
  closing.set_name(received.name());
  closing.set_outcome(v1::SupportRequest::OUTCOME_ASSESSMENT);
  Must(&Stub::CloseRequest, kCouncilOfficer, closing);
  v1::NotifyDeterminationRequest telling;
  telling.set_name(determined.name());
  telling.set_letter_date("2026-11-22");
  Must(&Stub::NotifyDetermination, kCouncilOfficer, telling);
  v1::EndDeterminationRequest ending;
  ending.set_name(determined.name());
  ending.set_reason(v1::Determination::END_REASON_RECORDED_IN_ERROR);
  ending.set_effective_to_date("2026-11-22");
  ending.mutable_decision()->set_reasons("It is decided for the one who goes on.");
  EXPECT_EQ(Must(&Stub::EndDetermination, kCouncilOfficer, ending).state(), v1::Determination::STATE_ENDED);
  // What it wrote since the merge told eligibility of it.
  ExpectSurvivor(Fails(kRefused, &Stub::RecordAssessment, kCouncilOfficer, Assessing(WholeEvidence())));
}

TEST_F(Merged, BeginsAgainOnceItWasWrong) {
  const v1::SupportRequest received =
      Must(&Stub::ReceiveRequest, kCouncilOfficer, Asking(v1::SupportRequest::KIND_CARE_ACT));
  Merge();
  v1::CloseRequestRequest closing;
  closing.set_name(received.name());
  closing.set_outcome(v1::SupportRequest::OUTCOME_ASSESSMENT);
  Must(&Stub::CloseRequest, kCouncilOfficer, closing);
  ExpectSurvivor(Fails(kRefused, &Stub::RecordAssessment, kCouncilOfficer, Assessing(WholeEvidence())));
  Split();
  Assess(WholeEvidence());
}

}  // namespace
}  // namespace ipb::eligibility
