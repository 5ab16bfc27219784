// Real processes without --insecure: who is served as whom, and who is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ipb/v1/care_planning_service.grpc.pb.h"
#include "ipb/v1/changes_service.grpc.pb.h"
#include "ipb/v1/eligibility_service.grpc.pb.h"
#include "ipb/v1/people_service.grpc.pb.h"
#include "tests/common/process/authority.h"
#include "tests/journeys/program.h"
#include "tests/support/folder.h"
#include "tests/support/running_suite.h"

namespace ipb {
namespace {

using testing::Authority;
using ::testing::Contains;
using testing::Details;
using testing::DetailsOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kCouncil[] = "URI:spiffe://council.example/org/E10000019/system/adults";
constexpr char kOtherCouncil[] = "URI:spiffe://other.example/org/E10000028/system/adults";
constexpr std::chrono::seconds kPatience(30);

using Metadata = std::map<std::string, std::string>;
const Metadata kOfficer = {{"ipb-actor", "sw-17"}, {"ipb-role", "social_worker"}};

void Prepare(grpc::ClientContext& context, const Metadata& metadata) {
  for (const auto& [name, value] : metadata) context.AddMetadata(name, value);
  context.set_deadline(std::chrono::system_clock::now() + kPatience);
}

// A client of one process, by its certificate.
class Client {
 public:
  Client(const std::string& address, const std::shared_ptr<grpc::ChannelCredentials>& credentials)
      : channel_(Open(address, credentials)),
        people_(v1::PeopleService::NewStub(channel_)),
        needs_(v1::EligibilityService::NewStub(channel_)),
        plans_(v1::CarePlanningService::NewStub(channel_)),
        changes_(v1::ChangesService::NewStub(channel_)) {}

  grpc::Status Register(const Metadata& metadata, v1::Person* person, bool wait = false) {
    grpc::ClientContext context;
    Prepare(context, metadata);
    context.set_wait_for_ready(wait);
    v1::RegisterPersonRequest request;
    request.mutable_identifier()->set_kind(v1::IDENTIFIER_KIND_NHS_NUMBER);
    request.mutable_identifier()->set_value(testing::NewNhsNumber());
    request.set_birth_date("1960-05-01");
    request.set_role(v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE);
    return people_->RegisterPerson(&context, request, person);
  }
  grpc::Status Get(const Metadata& metadata, const std::string& name) {
    grpc::ClientContext context;
    Prepare(context, metadata);
    v1::GetPersonRequest request;
    request.set_name(name);
    v1::Person person;
    return people_->GetPerson(&context, request, &person);
  }
  v1::HistoryEntry FirstEntry(const std::string& name) {
    grpc::ClientContext context;
    Prepare(context, {});
    v1::ListHistoryRequest request;
    request.set_parent(name);
    request.set_service("people");
    v1::ListHistoryResponse history;
    const grpc::Status status = changes_->ListHistory(&context, request, &history);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return history.entries_size() == 0 ? v1::HistoryEntry() : history.entries(0);
  }
  grpc::Status ListRequests(const Metadata& metadata, const std::string& person) {
    grpc::ClientContext context;
    Prepare(context, metadata);
    v1::ListRequestsRequest request;
    request.set_parent(person);
    v1::ListRequestsResponse requests;
    return needs_->ListRequests(&context, request, &requests);
  }
  grpc::Status CreatePlan(const Metadata& metadata, const std::string& person) {
    grpc::ClientContext context;
    Prepare(context, metadata);
    v1::CreatePlanRequest request;
    request.set_parent(person);
    request.mutable_plan();
    v1::Plan plan;
    return plans_->CreatePlan(&context, request, &plan);
  }

 private:
  static std::shared_ptr<grpc::Channel> Open(const std::string& address,
                                             const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 200);
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return grpc::CreateCustomChannel(address, credentials, arguments);
  }

  const std::shared_ptr<grpc::Channel> channel_;
  const std::unique_ptr<v1::PeopleService::Stub> people_;
  const std::unique_ptr<v1::EligibilityService::Stub> needs_;
  const std::unique_ptr<v1::CarePlanningService::Stub> plans_;
  const std::unique_ptr<v1::ChangesService::Stub> changes_;
};

class MutualTlsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::ofstream(folder_.File("claim_keys")) << "test:" << std::string(64, 'a') << "\n";
    SetRoots(authority_.Root());
    people_.emplace(Start("eligibility", {"--access_log=-"}));
    address_ = people_->Address();
    ASSERT_THAT(address_, StartsWith("127.0.0.1:"));
  }

  // The roots that the processes started here trust.
  void SetRoots(const std::string& roots) {
    std::ofstream(folder_.File("next")) << roots;
    std::filesystem::rename(folder_.File("next"), folder_.File("roots.pem"));
  }
  // Starts ipb-<name> with a certificate of its own.
  journey::Program Start(const std::string& name, std::vector<std::string> flags = {}) {
    authority_.Issue(name, absl::StrCat("URI:spiffe://ipb.example/service/", name, ",IP:127.0.0.1"));
    flags.insert(flags.end(), {"--listen=127.0.0.1:0", "--test_people", "--tls_reread=1s",
                               absl::StrCat("--policy=", std::getenv("IPB_SOURCE_DIR"), "/deploy/policy"),
                               absl::StrCat("--claim_keys=", folder_.File("claim_keys")),
                               absl::StrCat("--tls_certificate=", folder_.File(name), ".pem"),
                               absl::StrCat("--tls_key=", folder_.File(name), ".key"),
                               absl::StrCat("--tls_roots=", folder_.File("roots.pem"))});
    return journey::Program(absl::StrCat("ipb-", name), std::move(flags));
  }
  // Reads what the people process writes, its access log and what its operator is told, until a line holds
  // the text.
  bool PeopleSay(absl::string_view text) {
    while (true) {
      const std::string line = people_->NextLine();
      if (line.empty() || absl::StrContains(line, text)) return !line.empty();
    }
  }
  Client Caller(const std::string& names) { return Client(address_, authority_.Client(names)); }

  const testing::Folder folder_;
  const Authority authority_{folder_.path(), "authority"};
  const Authority stranger_{folder_.path(), "stranger"};
  std::optional<journey::Program> people_;
  std::string address_;
};

TEST_F(MutualTlsTest, ACallerIsServedAsTheOrganisationOfItsCertificate) {
  Client council = Caller(kCouncil);
  v1::Person person;
  const grpc::Status status = council.Register(kOfficer, &person);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(person.responsibilities(0).organisation(), "E10000019");
  const v1::HistoryEntry entry = council.FirstEntry(person.name());
  EXPECT_EQ(entry.organisation(), "E10000019");
  EXPECT_EQ(entry.system(), "adults");
  EXPECT_EQ(entry.actor(), "sw-17");
  EXPECT_EQ(entry.role(), "social_worker");
  EXPECT_EQ(Caller(kOtherCouncil).Get(kOfficer, person.name()).error_code(), grpc::NOT_FOUND);
}

TEST_F(MutualTlsTest, MetadataCannotOverrideTheCertificate) {
  Client council = Caller(kCouncil);
  Metadata claims = kOfficer;
  claims.insert({{"ipb-organisation", "E10000028"}, {"ipb-system", "forged"}, {"ipb-service", "payments"}});
  v1::Person person;
  const grpc::Status status = council.Register(claims, &person);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(person.responsibilities(0).organisation(), "E10000019");
  EXPECT_EQ(council.FirstEntry(person.name()).system(), "adults");
  EXPECT_EQ(Caller(kOtherCouncil).Get({{"ipb-organisation", "E10000019"}}, person.name()).error_code(),
            grpc::NOT_FOUND);
}

TEST_F(MutualTlsTest, WithoutACertificateOfTheRootsThereIsNoConnection) {
  v1::Person person;
  ASSERT_TRUE(Caller(kCouncil).Register(kOfficer, &person).ok());
  Client without(address_, authority_.ClientWithoutCertificate());
  EXPECT_EQ(without.Register(kOfficer, &person).error_code(), grpc::UNAVAILABLE);
  EXPECT_TRUE(PeopleSay("peer did not return a certificate"));
  Client stranger(address_, authority_.ClientOf(stranger_, kCouncil));
  EXPECT_EQ(stranger.Register(kOfficer, &person).error_code(), grpc::UNAVAILABLE);
  EXPECT_TRUE(PeopleSay("certificate verify failed"));
  Client plain(address_, grpc::InsecureChannelCredentials());
  EXPECT_EQ(plain.Register(kOfficer, &person).error_code(), grpc::UNAVAILABLE);
}

TEST_F(MutualTlsTest, ACertificateWithoutAUsableNameIsRefusedWithWhatIsWrong) {
  const std::map<std::string, std::string> cases = {
      {"", "exactly one URI"},
      {"DNS:adults.council.example", "exactly one URI"},
      {"URI:https://council.example/org/E10000019/system/adults", "exactly one URI"},
      {absl::StrCat(kCouncil, ",", kOtherCouncil), "exactly one URI"},
      {"URI:spiffe://council.example/E10000019/adults", "must be spiffe://DOMAIN/org/CODE/system/NAME"},
      {"URI:spiffe://council.example/org/E10000019", "must be spiffe://DOMAIN/org/CODE/system/NAME"},
      {"URI:spiffe://council.example/org//system/adults", "must be spiffe://DOMAIN/org/CODE/system/NAME"},
      {absl::StrCat(kCouncil, "/roles"), "must be spiffe://DOMAIN/org/CODE/system/NAME"},
      {absl::StrCat(kCouncil, "/role/finance"), "must be spiffe://DOMAIN/org/CODE/system/NAME"},
      {"URI:spiffe://ipb.example/service/", "must be spiffe://DOMAIN/org/CODE/system/NAME"},
      {"URI:spiffe://council.example/org/E99999999/system/adults", "knows an organisation E99999999"},
  };
  for (const auto& [names, complaint] : cases) {
    v1::Person person;
    const grpc::Status status = Caller(names).Register(kOfficer, &person);
    EXPECT_EQ(status.error_code(), grpc::UNAUTHENTICATED) << names << ": " << status.error_message();
    EXPECT_EQ(DetailsOf(status).info.reason(), "CALLER_UNKNOWN") << names;
    EXPECT_THAT(status.error_message(), HasSubstr(complaint)) << names;
  }
}

TEST_F(MutualTlsTest, OnlyTheRolesThatTheCertificatePermitsAreActedIn) {
  Client portal =
      Caller("URI:spiffe://council.example/org/E10000019/system/portal/roles/finance_officer/clerk");
  v1::Person person;
  for (const char* role : {"finance_officer", "clerk"}) {
    const grpc::Status permitted = portal.Register({{"ipb-actor", "fo-1"}, {"ipb-role", role}}, &person);
    EXPECT_TRUE(permitted.ok()) << permitted.error_message();
  }
  const grpc::Status refused = portal.Register(kOfficer, &person);
  EXPECT_EQ(refused.error_code(), grpc::PERMISSION_DENIED);
  const Details details = DetailsOf(refused);
  EXPECT_EQ(details.info.reason(), "ROLE_NOT_PERMITTED");
  EXPECT_EQ(details.info.metadata().at("role"), "social_worker");
  EXPECT_EQ(details.info.metadata().at("permitted_roles"), "finance_officer, clerk");
  EXPECT_EQ(portal.Get(kOfficer, person.name()).error_code(), grpc::PERMISSION_DENIED);
  EXPECT_TRUE(portal.Get({}, person.name()).ok()) << "whoever reads need not say in which role";
}

TEST_F(MutualTlsTest, AServiceIsBelievedAboutWhomItCallsFor) {
  v1::Person person;
  ASSERT_TRUE(Caller(kCouncil).Register(kOfficer, &person).ok());
  Client service = Caller("URI:spiffe://ipb.example/service/payments");
  EXPECT_TRUE(service.Get({{"ipb-organisation", "E10000019"}}, person.name()).ok());
  EXPECT_EQ(service.Get({{"ipb-organisation", "E10000028"}}, person.name()).error_code(), grpc::NOT_FOUND);
}

TEST_F(MutualTlsTest, ServicesCallEachOtherForTheOriginalCaller) {
  journey::Program planning = Start("careplanning", {absl::StrCat("--people=", address_)});
  const std::string address = planning.Address();
  v1::Person person;
  ASSERT_TRUE(Caller(kCouncil).Register(kOfficer, &person).ok());
  // The rules of plans look at it only once people has said who the person is.
  Client council(address, authority_.Client(kCouncil));
  const Details refused = DetailsOf(council.CreatePlan(kOfficer, person.name()));
  ASSERT_THAT(refused.fields(), Contains("plan.budget"));
  EXPECT_TRUE(
      PeopleSay(R"("method":"PeopleService.GetPerson","organisation":"E10000019","system":"careplanning",)"
                R"("actor":"sw-17","code":"OK")"));
  Client other(address, authority_.Client(kOtherCouncil));
  EXPECT_EQ(other.CreatePlan(kOfficer, person.name()).error_code(), grpc::NOT_FOUND);
}

TEST_F(MutualTlsTest, ServicesOfOneProcessNeedNoCertificateForEachOther) {
  v1::Person person;
  Client council = Caller(kCouncil);
  ASSERT_TRUE(council.Register(kOfficer, &person).ok());
  const grpc::Status status = council.ListRequests(kOfficer, person.name());
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(Caller(kOtherCouncil).ListRequests(kOfficer, person.name()).error_code(), grpc::NOT_FOUND);
}

TEST_F(MutualTlsTest, AServiceFollowsAnotherForItself) {
  journey::Program planning = Start("careplanning", {absl::StrCat("--people=", address_)});
  ASSERT_THAT(planning.Address(), StartsWith("127.0.0.1:"));
  v1::Person person;
  ASSERT_TRUE(Caller(kCouncil).Register(kOfficer, &person).ok());
  EXPECT_TRUE(
      PeopleSay(R"("method":"PeopleService.GetPerson","organisation":"SUITE","system":"careplanning")"));
}

TEST_F(MutualTlsTest, FilesAreReadAgainWhenTheyChange) {
  v1::Person person;
  const auto of_the_other = authority_.ClientOf(stranger_, kCouncil);
  EXPECT_EQ(Client(address_, of_the_other).Register(kOfficer, &person).error_code(), grpc::UNAVAILABLE);
  SetRoots(absl::StrCat(authority_.Root(), stranger_.Root()));
  const grpc::Status accepted = Client(address_, of_the_other).Register(kOfficer, &person, true);
  EXPECT_TRUE(accepted.ok()) << accepted.error_message();

  // The server's own certificate, renewed by an authority that so far did not know it.
  const auto trusts_the_other = stranger_.Client(kCouncil);
  EXPECT_EQ(Client(address_, trusts_the_other).Register(kOfficer, &person).error_code(), grpc::UNAVAILABLE);
  stranger_.Issue("eligibility", "URI:spiffe://ipb.example/service/eligibility,IP:127.0.0.1");
  const grpc::Status renewed = Client(address_, trusts_the_other).Register(kOfficer, &person, true);
  EXPECT_TRUE(renewed.ok()) << renewed.error_message();
}

}  // namespace
}  // namespace ipb
