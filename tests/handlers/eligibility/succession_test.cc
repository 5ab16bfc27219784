// A council that is succeeded by another between recommendation and decision, and an NHS body whose decisions
// stay its own.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "tests/handlers/eligibility/fixture.h"

namespace ipb::eligibility {
namespace {

using ::testing::ElementsAre;

constexpr grpc::StatusCode kRefused = grpc::StatusCode::FAILED_PRECONDITION;

// The example policy, in which the council and the NHS body end with the year 2026 and are succeeded by new
// ones.
std::string Folder() {
  namespace fs = std::filesystem;
  const std::string folder = absl::StrCat(::testing::TempDir(), "/eligibility-succession.", ::getpid());
  fs::remove_all(folder);
  fs::copy(absl::StrCat(getenv("IPB_SOURCE_DIR"), "/deploy/policy"), folder, fs::copy_options::recursive);
  const auto row = [](const std::string& code, const std::string& kind, const std::string& more,
                      const std::string& period) {
    return absl::StrCat("organisations { code: '", code, "' display_name: 'Example' kind: CALLER_KIND_", kind,
                        " ", more, " provenance { ", period,
                        " source: 'example' certainty: CERTAINTY_LOCAL_CHOICE } }\n");
  };
  const std::string until = "effective_from_date: '2015-04-01' effective_to_date: '2026-12-31'";
  const std::string from = "effective_from_date: '2027-01-01'";
  std::ofstream(folder + "/local/E10000019/organisation.textproto")
      << "organisation: 'E10000019'\n"
      << row("E10000019", "COUNCIL", "succeeded_by: 'E06000099'", until)
      << row("E06000099", "COUNCIL", "", from);
  std::ofstream(folder + "/local/QZZ/organisation.textproto")
      << "organisation: 'QZZ'\n"
      << row("QZZ", "NHS", "succeeded_by: 'QYY'", until) << row("QYY", "NHS", "", from);
  return folder;
}

class Succession : public EligibilityTest {
 protected:
  Succession() : EligibilityTest([](process::Flags& flags) { flags.policy = Folder(); }) {}
};

TEST_F(Succession, MakesTheSamePeopleOfTheStaff) {
  const std::string assessment = Assess(WholeEvidence()).name();
  const v1::Determination recommended = Recommend(kCouncilOfficer, kCareAct, assessment, kYes);
  suite_.SetDate("2027-01-04");
  v1::RecordDeterminationRequest deciding;
  deciding.set_name(recommended.name());
  deciding.set_outcome(kYes);
  const As same{"E06000099", kCouncilOfficer.actor, "panel_chair"};
  EXPECT_THAT(Fails(kRefused, &Stub::RecordDetermination, same, deciding).rules(),
              ElementsAre("DETERMINATION-SECOND-PERSON"));
  const As another{"E06000099", kCouncilChair.actor, "panel_chair"};
  const v1::Determination decided = Must(&Stub::RecordDetermination, another, deciding);
  EXPECT_EQ(decided.decision().organisation(), "E06000099");
}

TEST_F(Succession, LeavesTheDutyToACarerWithTheSuccessor) {
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_carer() = Carer(1);
  const std::string assessment = Assess(evidence).name();
  suite_.SetDate("2027-01-04");
  const As successor{"E06000099", "staff-5", "social_worker"};
  const v1::Determination recommended =
      Recommend(successor, v1::ELIGIBILITY_REGIME_CARE_ACT_CARER, assessment, kYes);
  EXPECT_EQ(recommended.recommendation().organisation(), "E06000099");
}

TEST_F(Succession, LeavesTheCountOfDecisionsWithTheBodyThatMadeThem) {
  Determine(kChc, Assess(WholeEvidence()).name());
  v1::CountContinuingHealthcareDecisionsRequest request;
  request.set_from_date("2026-10-01");
  request.set_to_date("2026-12-31");
  EXPECT_EQ(Must(&Stub::CountContinuingHealthcareDecisions, kNurse, request).decided_count(), 1);
  suite_.SetDate("2027-01-04");
  const As successor{"QYY", "nurse-5", "chc_nurse"};
  EXPECT_EQ(Must(&Stub::CountContinuingHealthcareDecisions, successor, request).decided_count(), 0);
  Fails(grpc::StatusCode::UNAUTHENTICATED, &Stub::CountContinuingHealthcareDecisions, kNurse, request);
}

}  // namespace
}  // namespace ipb::eligibility
