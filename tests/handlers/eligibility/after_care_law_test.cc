// After-care where policy has a row for its amended law: who is found by it, who decides, and how it ends.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "ipb/v1/decisions_service.grpc.pb.h"
#include "tests/handlers/eligibility/fixture.h"

namespace ipb::eligibility {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using D = v1::Determination;

constexpr grpc::StatusCode kRefused = grpc::StatusCode::FAILED_PRECONDITION;
constexpr v1::EligibilityRegime kAfterCare = v1::ELIGIBILITY_REGIME_SECTION_117;
constexpr char kFirstDay[] = "2026-06-01";
constexpr char kDeemed[] = "E10000028";

// The policy that ships, with the row of the new law added as its comment says.
std::string Folder() {
  namespace fs = std::filesystem;
  const std::string folder = absl::StrCat(::testing::TempDir(), "/eligibility-after-care.", ::getpid());
  fs::remove_all(folder);
  fs::copy(absl::StrCat(getenv("IPB_SOURCE_DIR"), "/deploy/policy"), folder, fs::copy_options::recursive);
  const std::string file = folder + "/national/eligibility.textproto";
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  const std::string changed = absl::StrReplaceAll(
      text.str(),
      {{"provenance { effective_from_date: \"1900-01-01\"",
        "provenance { effective_from_date: \"1900-01-01\" effective_to_date: \"2026-05-31\""},
       {"  after_care_laws {", absl::StrCat("  after_care_laws { residence: AFTER_CARE_RESIDENCE_DEEMED "
                                            "notice_before_ending: true provenance { effective_from_date: \"",
                                            kFirstDay,
                                            "\" source: \"example\" certainty: CERTAINTY_LOCAL_CHOICE } }\n"
                                            "  after_care_laws {")}});
  std::ofstream(file) << changed;
  return folder;
}

v1::AssessmentEvidence Placed() {
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_after_care() = AfterCare();
  evidence.mutable_after_care()->set_deemed_residence_council(kDeemed);
  return evidence;
}

v1::RecordAssessmentRequest Completing(v1::RecordAssessmentRequest request) {
  request.set_complete(true);
  return request;
}

class AfterCareLaw : public EligibilityTest {
 protected:
  AfterCareLaw() : EligibilityTest([](process::Flags& flags) { flags.policy = Folder(); }) {}
};

TEST_F(EligibilityTest, DeemsNothingForAfterCareByThePolicyThatShips) {
  EXPECT_THAT(
      Fails(kRefused, &Stub::RecordAssessment, kCouncilOfficer, Completing(Assessing(Placed()))).rules(),
      ElementsAre("S117-NOTHING-DEEMED"));
  v1::AssessmentEvidence evidence = Placed();
  evidence.mutable_after_care()->set_deemed_residence_council("the council of Bolton");
  Fails(grpc::StatusCode::INVALID_ARGUMENT, &Stub::RecordAssessment, kCouncilOfficer, Assessing(evidence));
}

TEST_F(AfterCareLaw, FindsTheDeemedCouncilAndWantsNotice) {
  const v1::Assessment first = Assess(Placed());
  EXPECT_EQ(first.findings().after_care_council(), kDeemed);
  EXPECT_THAT(Fails(kRefused, &Stub::RecordRecommendation, kCouncilOfficer,
                    Recommending(kAfterCare, first.name(), kYes))
                  .rules(),
              ElementsAre("S117-AUTHORITY-DEEMED"));
  const D decided = Determine(kAfterCare, first.name());

  suite_.SetDate("2026-12-10");
  v1::AssessmentEvidence again = Placed();
  again.set_assessment_date("2026-12-05");
  v1::EndDeterminationRequest ending;
  ending.set_name(decided.name());
  ending.set_reason(D::END_REASON_NO_LONGER_ELIGIBLE);
  ending.set_effective_to_date("2026-12-31");
  ending.mutable_decision()->set_reasons("Recovered, and settled at home.");
  v1::WithdrawalSafeguards& safeguards = *ending.mutable_safeguards();
  safeguards.set_reassessment(Assess(again).name());
  safeguards.set_person_consulted_date("2026-12-05");
  safeguards.set_consulted_organisation(kCouncilOfficer.organisation);
  safeguards.set_organisation_consulted_date("2026-12-06");
  v1::OtherBodyDecision& other = *safeguards.mutable_other_body_decision();
  other.set_organisation(kCouncilOfficer.organisation);
  other.set_decider("head-4");
  other.set_role("service_manager");
  other.set_decision_date("2026-12-08");
  other.set_reasons("Satisfied, too.");
  EXPECT_THAT(Fails(kRefused, &Stub::EndDetermination, kIcbLead, ending).rules(),
              ElementsAre("S117-ENDING-NOTICE"));
  safeguards.set_ending_notice_date("2026-12-11");
  EXPECT_THAT(Fails(kRefused, &Stub::EndDetermination, kIcbLead, ending).rules(),
              ElementsAre("S117-ENDING-NOTICE-DATE"));
  safeguards.set_ending_notice_date("9 December");
  EXPECT_THAT(Fails(grpc::StatusCode::INVALID_ARGUMENT, &Stub::EndDetermination, kIcbLead, ending).fields(),
              ElementsAre("safeguards.ending_notice_date"));
  safeguards.set_ending_notice_date("2026-12-09");
  const D ended = Must(&Stub::EndDetermination, kIcbLead, ending);
  EXPECT_EQ(ended.safeguards().ending_notice_date(), "2026-12-09");

  v1::ReplayDecisionRequest replaying;
  replaying.set_name(absl::StrCat(person_, "/decisions/", ended.etag().substr(0, ended.etag().find('-'))));
  replaying.set_service("eligibility");
  v1::ReplayDecisionResponse replayed;
  const auto decisions = v1::DecisionsService::NewStub(suite_.channel());
  ASSERT_TRUE(
      suite_.Call(*decisions, &v1::DecisionsService::Stub::ReplayDecision, kNurse, replaying, &replayed)
          .ok());
  EXPECT_THAT(replayed.differences(), IsEmpty());
}

}  // namespace
}  // namespace ipb::eligibility
