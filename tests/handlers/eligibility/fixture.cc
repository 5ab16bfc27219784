#include "tests/handlers/eligibility/fixture.h"

#include "absl/time/clock.h"
#include "services/eligibility/service.h"
#include "services/people/service.h"

namespace ipb::eligibility {
namespace {

v1::RegisterPersonRequest Registering(const std::string& nhs_number, v1::ResponsibilityRole role,
                                      const std::string& birth_date = "1948-03-15") {
  v1::RegisterPersonRequest request;
  request.mutable_identifier()->set_kind(v1::IDENTIFIER_KIND_NHS_NUMBER);
  request.mutable_identifier()->set_value(nhs_number);
  request.set_birth_date(birth_date);
  request.set_role(role);
  request.set_effective_from_date("2020-01-01");
  return request;
}

}  // namespace

EligibilityTest::EligibilityTest(const std::function<void(process::Flags&)>& adjust)
    : suite_({people::Factory(), Factory()}, {}, false, "sqlite::memory:", adjust),
      people_(v1::PeopleService::NewStub(suite_.channel())),
      stub_(v1::EligibilityService::NewStub(suite_.channel())) {
  suite_.SetDate("2026-11-22");
  BeAbout("1948-03-15");
}

void EligibilityTest::BeAbout(const std::string& birth_date) {
  person_ = Register(birth_date);
  WaitUntilKnown(kNurse);
}

std::string EligibilityTest::Register(const std::string& birth_date) {
  using People = v1::PeopleService::Stub;
  const std::string nhs_number = ipb::testing::NewNhsNumber();
  v1::Person person;
  EXPECT_TRUE(suite_
                  .Call(*people_, &People::RegisterPerson, kCouncilOfficer,
                        Registering(nhs_number, v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE, birth_date),
                        &person)
                  .ok());
  const std::string name = person.name();
  EXPECT_TRUE(suite_
                  .Call(*people_, &People::RegisterPerson, kNurse,
                        Registering(nhs_number, v1::RESPONSIBILITY_ROLE_RESPONSIBLE_ICB, birth_date), &person)
                  .ok());
  v1::AcceptResponsibilityRequest accept;
  accept.set_name(name);
  accept.set_organisation(kNurse.organisation);
  EXPECT_TRUE(suite_.Call(*people_, &People::AcceptResponsibility, kCouncilOfficer, accept, &person).ok());
  return name;
}

// Eligibility hears from people a moment later who is responsible.
void EligibilityTest::WaitUntilKnown(const As& as) {
  v1::ListRequestsRequest request;
  request.set_parent(person_);
  const absl::Time limit = absl::Now() + absl::Seconds(20);
  v1::ListRequestsResponse reply;
  while (!suite_.Call(*stub_, &Stub::ListRequests, as, request, &reply).ok()) {
    ASSERT_LT(absl::Now(), limit) << "eligibility does not come to know who is responsible";
  }
}

std::string EligibilityTest::NewPerson() {
  v1::Person person;
  const auto request = Registering(ipb::testing::NewNhsNumber(), v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE);
  EXPECT_TRUE(
      suite_.Call(*people_, &v1::PeopleService::Stub::RegisterPerson, kCouncilOfficer, request, &person)
          .ok());
  return person.name();
}

void EligibilityTest::Die(const std::string& date) {
  v1::RecordCircumstanceRequest request;
  request.set_parent(person_);
  request.set_kind(v1::Circumstance::KIND_DEATH);
  request.set_effective_from_date(date);
  v1::Circumstance circumstance;
  EXPECT_TRUE(suite_
                  .Call(*people_, &v1::PeopleService::Stub::RecordCircumstance, kCouncilOfficer, request,
                        &circumstance)
                  .ok());
}

v1::ReceiveRequestRequest EligibilityTest::Asking(v1::SupportRequest::Kind kind) const {
  return eligibility::Asking(person_, kind);
}

v1::RecordAssessmentRequest EligibilityTest::Assessing(const v1::AssessmentEvidence& evidence) const {
  return eligibility::Assessing(person_, evidence);
}

v1::RecordRecommendationRequest EligibilityTest::Recommending(v1::EligibilityRegime regime,
                                                              const std::string& assessment,
                                                              v1::EligibilityOutcome outcome) const {
  return eligibility::Recommending(person_, regime, assessment, outcome);
}

v1::Assessment EligibilityTest::Assess(const v1::AssessmentEvidence& evidence) {
  v1::RecordAssessmentRequest request = Assessing(evidence);
  request.set_complete(true);
  return Must(&Stub::RecordAssessment, kCouncilOfficer, request);
}

v1::Determination EligibilityTest::Recommend(const As& as, v1::EligibilityRegime regime,
                                             const std::string& assessment, v1::EligibilityOutcome outcome) {
  return Must(&Stub::RecordRecommendation, as, Recommending(regime, assessment, outcome));
}

v1::Determination EligibilityTest::Decide(const As& as, const v1::Determination& recommended,
                                          v1::EligibilityOutcome outcome) {
  v1::RecordDeterminationRequest request;
  request.set_name(recommended.name());
  request.set_outcome(outcome);
  return Must(&Stub::RecordDetermination, as, request);
}

v1::Determination EligibilityTest::Determine(v1::EligibilityRegime regime, const std::string& assessment) {
  const bool council = regime == kCareAct || regime == v1::ELIGIBILITY_REGIME_CARE_ACT_CARER;
  const v1::Determination recommended =
      Recommend(council ? kCouncilOfficer : kNurse, regime, assessment, kYes);
  return Decide(council ? kCouncilChair : kIcbLead, recommended, kYes);
}

}  // namespace ipb::eligibility
