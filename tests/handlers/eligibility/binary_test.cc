// The binary as it is started: with people beside eligibility, or elsewhere.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "ipb/v1/eligibility_service.grpc.pb.h"
#include "ipb/v1/people_service.grpc.pb.h"
#include "tests/support/running_suite.h"

namespace ipb::eligibility {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A started ipb-eligibility, and the first line that it says.
class Binary {
 public:
  explicit Binary(std::vector<std::string> arguments) {
    const std::string path = absl::StrCat(std::getenv("IPB_BIN_DIR"), "/ipb-eligibility");
    arguments.insert(arguments.begin(),
                     {path, "--insecure", "--listen=127.0.0.1:0",
                      absl::StrCat("--policy=", std::getenv("IPB_SOURCE_DIR"), "/deploy/policy")});
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    int said[2];
    if (pipe(said) != 0) std::abort();
    pid_ = fork();
    if (pid_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);  // not to outlive a test that crashes
      dup2(said[1], STDERR_FILENO);
      execv(path.c_str(), argv.data());
      _exit(127);
    }
    close(said[1]);
    said_ = fdopen(said[0], "r");
    char line[512] = "";
    if (std::fgets(line, sizeof line, said_) != nullptr) first_line_ = line;
  }
  ~Binary() {
    if (pid_ > 0) Stop();
    std::fclose(said_);
  }

  const std::string& first_line() const { return first_line_; }
  std::string address() const {
    absl::string_view port = absl::StripSuffix(first_line_, "\n");
    EXPECT_TRUE(absl::ConsumePrefix(&port, "serving on port ")) << first_line_;
    return absl::StrCat("127.0.0.1:", port);
  }
  // Asks it to stop and gives its exit code.
  int Stop() {
    kill(pid_, SIGTERM);
    return Wait();
  }
  // Waits until it ends by itself and gives its exit code.
  int Wait() {
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t pid_ = -1;
  std::FILE* said_ = nullptr;
  std::string first_line_;
};

grpc::Status Register(const std::string& address, v1::Person& person) {
  const auto stub =
      v1::PeopleService::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  v1::RegisterPersonRequest request;
  request.mutable_identifier()->set_kind(v1::IDENTIFIER_KIND_NHS_NUMBER);
  request.mutable_identifier()->set_value(ipb::testing::NewNhsNumber());
  request.set_birth_date("1948-03-15");
  request.set_role(v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE);
  grpc::ClientContext context;
  ipb::testing::RunningSuite::Prepare(context, ipb::testing::kCouncil);
  return stub->RegisterPerson(&context, request, &person);
}

grpc::Status Receive(const std::string& address, const std::string& person) {
  const auto stub =
      v1::EligibilityService::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  v1::ReceiveRequestRequest request;
  request.set_parent(person);
  request.set_kind(v1::SupportRequest::KIND_CARE_ACT);
  v1::SupportRequest received;
  grpc::ClientContext context;
  ipb::testing::RunningSuite::Prepare(context, ipb::testing::kCouncil);
  return stub->ReceiveRequest(&context, request, &received);
}

TEST(Binary, HostsPeopleUnlessTheyAreElsewhere) {
  Binary both({});
  v1::Person person;
  const grpc::Status registered = Register(both.address(), person);
  ASSERT_TRUE(registered.ok()) << registered.error_message();
  EXPECT_TRUE(Receive(both.address(), person.name()).ok());

  Binary alone({absl::StrCat("--people=", both.address())});
  v1::Person nobody;
  EXPECT_EQ(Register(alone.address(), nobody).error_code(), grpc::StatusCode::UNIMPLEMENTED);
  const grpc::Status received = Receive(alone.address(), person.name());
  EXPECT_TRUE(received.ok()) << received.error_message();
  EXPECT_EQ(alone.Stop(), 0);
  EXPECT_EQ(both.Stop(), 0);
}

// An error travels in headers, of which a client takes 8 KiB.
TEST(Binary, TellsAllThatAnAssessmentLacksInOneErrorThatArrives) {
  Binary binary({});
  const auto stub = v1::EligibilityService::NewStub(
      grpc::CreateChannel(binary.address(), grpc::InsecureChannelCredentials()));
  v1::EvaluateEligibilityRequest request;
  v1::AssessmentEvidence& evidence = *request.mutable_evidence();
  evidence.set_assessment_date("2025-06-02");
  evidence.mutable_care_act();
  evidence.mutable_checklist()->set_completed_date("2025-06-02");
  evidence.mutable_decision_support_tool()->set_completed_date("2025-06-02");
  evidence.mutable_fast_track()->set_received_date("2025-06-02");
  evidence.mutable_fast_track()->set_clinician("nurse-1");
  grpc::ClientContext context;
  ipb::testing::RunningSuite::Prepare(context, ipb::testing::kCouncil);
  v1::EvaluateEligibilityResponse response;
  const grpc::Status status = stub->EvaluateEligibility(&context, request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION) << status.error_message();
  EXPECT_THAT(ipb::testing::DetailsOf(status).rules(),
              ElementsAre("ASSESSMENT-PARTICIPANTS", "CARE-ACT-OUTCOME-MISSING", "CHECKLIST-DOMAIN-MISSING",
                          "DST-TEAM", "DST-INVOLVEMENT", "DST-DOMAIN-MISSING", "DST-INDICATOR",
                          "FAST-TRACK-CLINICIAN", "FAST-TRACK-CONDITION"));
}

TEST(Binary, DoesNotHostPeopleThatAreElsewhere) {
  Binary confused({"--host_people", "--people=127.0.0.1:1"});
  EXPECT_THAT(confused.first_line(), HasSubstr("contradict"));
  EXPECT_EQ(confused.Wait(), 2);
}

}  // namespace
}  // namespace ipb::eligibility
