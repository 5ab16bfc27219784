// The player against a real server in this process, whose handler is scripted: what is sent, what is expected
// of a reply or refusal, what is carried on, and what is told.
#include <gmock/gmock.h>
#include <google/protobuf/any.pb.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <mutex>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "ipb/v1/people_service.grpc.pb.h"
#include "tests/journeys/player/player.h"

namespace ipb::journey {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string Metadata(grpc::CallbackServerContext* context, const char* key) {
  const auto found = context->client_metadata().find(key);
  return found == context->client_metadata().end() ? ""
                                                   : std::string(found->second.data(), found->second.size());
}

grpc::Status RuleRefused() {
  google::rpc::ErrorInfo info;
  info.set_reason("RULE_REFUSED");
  (*info.mutable_metadata())["state"] = "ACTIVE";
  google::rpc::PreconditionFailure failure;
  auto* violation = failure.add_violations();
  violation->set_type("PEOPLE-LAST");
  violation->set_description("nobody is left without a body responsible");
  google::rpc::Status details;
  details.add_details()->PackFrom(info);
  details.add_details()->PackFrom(failure);
  return grpc::Status(grpc::FAILED_PRECONDITION, "PEOPLE-LAST: nobody is left", details.SerializeAsString());
}

// Registers anyone, finds them on the third look, and lets nobody go.
class ScriptedPeople final : public v1::PeopleService::CallbackService {
 public:
  grpc::ServerUnaryReactor* RegisterPerson(grpc::CallbackServerContext* context,
                                           const v1::RegisterPersonRequest* request,
                                           v1::Person* reply) override {
    std::lock_guard lock(mutex);
    request_ids.push_back(request->request_id());
    if (away_times > 0) {
      --away_times;
      return Finish(context, grpc::Status(grpc::UNAVAILABLE, "the store is away"));
    }
    caller = absl::StrCat(Metadata(context, "ipb-organisation"), "/", Metadata(context, "ipb-actor"), "/",
                          Metadata(context, "ipb-role"));
    nhs_number = request->identifier().value();
    reply->set_name("people/abc");
    reply->set_birth_date(request->birth_date());
    reply->add_responsibilities()->set_organisation("E10000019");
    return Finish(context, grpc::Status::OK);
  }
  grpc::ServerUnaryReactor* GetPerson(grpc::CallbackServerContext* context,
                                      const v1::GetPersonRequest* request, v1::Person* reply) override {
    std::lock_guard lock(mutex);
    reply->set_name(request->name());
    reply->set_etag(absl::StrCat(++looks));
    return Finish(context, grpc::Status::OK);
  }
  grpc::ServerUnaryReactor* EndResponsibility(grpc::CallbackServerContext* context,
                                              const v1::EndResponsibilityRequest*, v1::Person*) override {
    return Finish(context, RuleRefused());
  }

  std::mutex mutex;
  std::vector<std::string> request_ids;
  std::string caller;
  std::string nhs_number;
  int looks = 0;
  int away_times = 0;

 private:
  static grpc::ServerUnaryReactor* Finish(grpc::CallbackServerContext* context, const grpc::Status& status) {
    auto* reactor = context->DefaultReactor();
    reactor->Finish(status);
    return reactor;
  }
};

class PlayerTest : public ::testing::Test {
 protected:
  PlayerTest() {
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    grpc::EnableDefaultHealthCheckService(true);
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(&people_);
    server_ = builder.BuildAndStart();
    remote_ = std::make_shared<Remote>(absl::StrCat("127.0.0.1:", port_));
  }

  bool Play(const std::string& steps, Settings settings = {"run1", "", absl::ZeroDuration()}) {
    const auto journey =
        ParseJourney("a.json", absl::StrCat(R"({"title": "A title", "situation": "s", "source": "x",
      "callers": {"social worker": {"organisation": "E10000019", "actor": "sw1", "role": "assessor"}},
      "as": "social worker", "steps": [)",
                                            steps, "]}"));
    EXPECT_TRUE(journey.ok()) << journey.status();
    Story story(told_);
    Player player(settings, story);
    player.Place("", "", remote_);
    return journey.ok() && player.Play(*journey);
  }

  int port_ = 0;
  ScriptedPeople people_;
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<Remote> remote_;
  std::ostringstream told_;
};

constexpr char kRegister[] = R"({"say": "Registers", "call": "PeopleService.RegisterPerson",
  "request": {"identifier": {"kind": "IDENTIFIER_KIND_NHS_NUMBER", "value": "${nhs_number}"}, "birth_date": "1950-02-01",
              "role": "RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE"},
  "expect": {"birth_date": "1950-02-01", "responsibilities": [{"organisation": "E10000019"}]},
  "keep": {"person": "name"}})";

TEST_F(PlayerTest, CallsCarriesAndTells) {
  EXPECT_TRUE(Play(absl::StrCat(kRegister, R"(,
    {"say": "Looks at ${person}", "call": "PeopleService.GetPerson", "request": {"name": "${person}"},
     "expect": {"name": "${person}"}, "so": "It is ${reply.name}."})")))
      << told_.str();
  EXPECT_EQ(people_.caller, "E10000019/sw1/assessor");
  EXPECT_EQ(people_.nhs_number, Carried("run1", "a.json").Value("nhs_number")->get<std::string>());
  EXPECT_EQ(people_.request_ids.at(0).size(), 36);
  EXPECT_THAT(told_.str(),
              AllOf(HasSubstr("1. Registers"), HasSubstr("> birth: 1 February 1950; organisation: E10000019"),
                    HasSubstr("2. Looks at people/abc"), HasSubstr("> It is people/abc."),
                    HasSubstr("social worker; E10000019/sw1; PeopleService.RegisterPerson")));
}

TEST_F(PlayerTest, StopsAtTheFirstStepThatIsNotAsExpected) {
  EXPECT_FALSE(Play(R"({"say": "Looks", "call": "PeopleService.GetPerson", "request": {"name": "people/x"},
                        "expect": {"name": "people/y"}},
                       {"say": "Never told"})"));
  EXPECT_THAT(told_.str(), AllOf(HasSubstr(R"(name: expected "people/y", got "people/x")"),
                                 HasSubstr("FAILED: A title"), Not(HasSubstr("Never told"))));
}

TEST_F(PlayerTest, ComparesEveryPartOfARefusal) {
  const std::string step = R"({"say": "Leaves", "call": "PeopleService.EndResponsibility",
    "request": {"name": "people/x", "effective_to_date": "2026-04-06"}, "refused": )";
  EXPECT_TRUE(Play(absl::StrCat(step, R"({"code": "FAILED_PRECONDITION", "reason": "RULE_REFUSED",
    "rules": ["PEOPLE-LAST"], "message": "nobody", "metadata": {"state": "ACTIVE"}}})")))
      << told_.str();
  EXPECT_THAT(told_.str(), HasSubstr("- PEOPLE-LAST: nobody is left without a body responsible"));
  for (const char* wrong :
       {R"({"code": "NOT_FOUND"})", R"({"code": "FAILED_PRECONDITION", "reason": "NO_RATE"})",
        R"({"code": "FAILED_PRECONDITION", "rules": []})",
        R"({"code": "FAILED_PRECONDITION", "rules_include": ["OTHER"]})",
        R"({"code": "FAILED_PRECONDITION", "fields": ["name"]})",
        R"({"code": "FAILED_PRECONDITION", "message": "somebody"})",
        R"({"code": "FAILED_PRECONDITION", "metadata": {"state": "ENDED"}})"}) {
    EXPECT_FALSE(Play(absl::StrCat(step, wrong, "}"))) << wrong;
  }
}

TEST_F(PlayerTest, ARefusalThatIsNotExpectedFailsAndAReplyInsteadOfOneToo) {
  EXPECT_FALSE(Play(
      R"({"say": "Leaves", "call": "PeopleService.EndResponsibility", "request": {"name": "people/x"}})"));
  EXPECT_THAT(told_.str(), HasSubstr("PEOPLE-LAST: nobody is left without a body responsible"));
  EXPECT_FALSE(Play(R"({"say": "Looks", "call": "PeopleService.GetPerson", "request": {"name": "people/x"},
                        "refused": {"code": "NOT_FOUND"}})"));
}

TEST_F(PlayerTest, AsksAgainUntilItIsSo) {
  EXPECT_TRUE(Play(R"({"say": "Looks", "call": "PeopleService.GetPerson", "request": {"name": "people/x"},
                       "expect": {"etag": "3"}, "until_seconds": 60})"))
      << told_.str();
  EXPECT_EQ(people_.looks, 3);
}

TEST_F(PlayerTest, RidesOutAnAbsenceWithTheSameRequestId) {
  people_.away_times = 2;
  EXPECT_FALSE(Play(kRegister));
  EXPECT_TRUE(Play(kRegister, {"run1", "", absl::Seconds(60)})) << told_.str();
  ASSERT_EQ(people_.request_ids.size(), 3u);
  EXPECT_EQ(people_.request_ids[1], people_.request_ids[2]);
}

TEST_F(PlayerTest, AJourneyThatIsWrongAboutTheContractFails) {
  EXPECT_FALSE(Play(R"({"say": "a", "call": "PeopleService.Vanish"})"));
  EXPECT_FALSE(Play(R"({"say": "a", "call": "NobodyService.GetPerson"})"));
  EXPECT_FALSE(Play(R"({"say": "a", "call": "PeopleService.GetPerson", "request": {"nmae": "people/x"}})"));
  EXPECT_FALSE(Play(R"({"say": "a", "call": "PeopleService.GetPerson", "request": {"name": "${nobody}"}})"));
  EXPECT_FALSE(Play(R"({"say": "a", "call": "PeopleService.GetPerson", "request": {"name": "people/x"},
                        "keep": {"it": "no.such.path"}})"));
  EXPECT_THAT(told_.str(),
              AllOf(HasSubstr("the server has no method ipb.v1.PeopleService.Vanish"), HasSubstr("nmae"),
                    HasSubstr("nothing carries ${nobody}"), HasSubstr("the reply has no no.such.path")));
}

TEST_F(PlayerTest, StepsTheClock) {
  const std::string file = absl::StrCat(::testing::TempDir(), "/journey_clock_", port_);
  EXPECT_TRUE(Play(R"({"say": "Spring, ${today}", "clock": "2026-04-06T09:00:00Z"})", {"run1", file, {}}));
  std::ifstream in(file);
  std::string text;
  in >> text;
  EXPECT_EQ(text, "2026-04-06T09:00:00Z");
  EXPECT_THAT(told_.str(), AllOf(HasSubstr("Spring, 6 April 2026"), HasSubstr("(6 April 2026)")));
  std::filesystem::remove(file);
  EXPECT_FALSE(Play(R"({"say": "Spring", "clock": "2026-04-06T09:00:00Z"})"));
  EXPECT_THAT(told_.str(), HasSubstr("give --clock=FILE"));
}

TEST_F(PlayerTest, WaitsForTheHealthService) {
  EXPECT_TRUE(remote_->AwaitReady(absl::Seconds(60)).ok());
  server_->GetHealthCheckService()->SetServingStatus("ready", false);
  const absl::Status status = remote_->AwaitReady(absl::Milliseconds(100));
  EXPECT_EQ(status.code(), absl::StatusCode::kDeadlineExceeded) << status;
}

}  // namespace
}  // namespace ipb::journey
