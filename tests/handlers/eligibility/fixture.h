// A person for whom a council and an integrated care board are responsible, and calls to eligibility about
// them.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "ipb/v1/eligibility_service.grpc.pb.h"
#include "ipb/v1/people_service.grpc.pb.h"
#include "tests/handlers/eligibility/requests.h"
#include "tests/rules/eligibility/cases.h"
#include "tests/support/running_suite.h"

namespace ipb::eligibility {

using Stub = v1::EligibilityService::Stub;
using ipb::testing::As;
using ipb::testing::Details;

inline const As& kCouncilOfficer = ipb::testing::kCouncil;
inline const As& kCouncilChair = ipb::testing::kSecondCouncilOfficer;
inline const As& kNurse = ipb::testing::kIcb;
inline const As& kIcbLead = ipb::testing::kSecondIcbOfficer;
inline const As& kIcbReviewer = ipb::testing::kIcbReviewer;
inline const As& kStranger = ipb::testing::kStranger;

constexpr v1::EligibilityOutcome kYes = v1::ELIGIBILITY_OUTCOME_ELIGIBLE;
constexpr v1::EligibilityOutcome kNo = v1::ELIGIBILITY_OUTCOME_NOT_ELIGIBLE;
constexpr v1::EligibilityRegime kCareAct = v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT;
constexpr v1::EligibilityRegime kChc = v1::ELIGIBILITY_REGIME_CHC;

// Starts at nine in the morning of 22 November 2026.
class EligibilityTest : public ::testing::Test {
 protected:
  // `adjust` changes the flags of the server, such as the folder of its policy.
  explicit EligibilityTest(const std::function<void(process::Flags&)>& adjust = {});

  // The tests that follow are about another person, of that age, for whom the same bodies are responsible.
  void BeAbout(const std::string& birth_date);
  // Registers another adult with the council alone; gives the name.
  std::string NewPerson();
  // Waits until eligibility knows that the caller is responsible for the person.
  void WaitUntilKnown(const As& as);
  // Records with people that the person died.
  void Die(const std::string& date);

  // A call that has to succeed.
  template <typename Request, typename Reply>
  Reply Must(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*), const As& as,
             const Request& request) {
    Reply reply;
    const grpc::Status status = suite_.Call(*stub_, method, as, request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_code() << " " << status.error_message();
    return reply;
  }
  // A call that has to fail with this code.
  template <typename Request, typename Reply>
  Details Fails(grpc::StatusCode code,
                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*), const As& as,
                const Request& request) {
    Reply reply;
    const grpc::Status status = suite_.Call(*stub_, method, as, request, &reply);
    EXPECT_EQ(status.error_code(), code) << status.error_message();
    return ipb::testing::DetailsOf(status);
  }

  v1::ReceiveRequestRequest Asking(v1::SupportRequest::Kind kind) const;
  v1::RecordAssessmentRequest Assessing(const v1::AssessmentEvidence& evidence) const;
  v1::RecordRecommendationRequest Recommending(v1::EligibilityRegime regime, const std::string& assessment,
                                               v1::EligibilityOutcome outcome) const;

  // The steps of the main path, each of which has to succeed.
  v1::Assessment Assess(const v1::AssessmentEvidence& evidence);
  v1::Determination Recommend(const As& as, v1::EligibilityRegime regime, const std::string& assessment,
                              v1::EligibilityOutcome outcome);
  v1::Determination Decide(const As& as, const v1::Determination& recommended,
                           v1::EligibilityOutcome outcome);
  // Recommended and decided by two officers of the council, or of the ICB for NHS regimes.
  v1::Determination Determine(v1::EligibilityRegime regime, const std::string& assessment);

  // Registers a person for whom the council and the ICB are responsible; gives the name.
  std::string Register(const std::string& birth_date);

  ipb::testing::RunningSuite suite_;
  std::unique_ptr<v1::PeopleService::Stub> people_;
  std::unique_ptr<Stub> stub_;
  std::string person_;
};

}  // namespace ipb::eligibility
