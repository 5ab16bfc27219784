// What a process still does while it stops.
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ipb/v1/people_service.grpc.pb.h"
#include "ipb/v1/reviews_service.grpc.pb.h"
#include "services/people/service.h"
#include "tests/support/running_suite.h"

namespace ipb::process {
namespace {

using testing::kCouncil;
using testing::RunningSuite;

// What a call waits for, and what it then asks.
struct Errand {
  std::shared_ptr<client::Peer<v1::PeopleService>> people;
  async::Completion<bool> go;
  std::promise<void>* begun;
};

// A service to the right of people whose one call waits for the test before it asks people.
class Waiting final : public v1::ReviewsService::CallbackService, public HostedService {
 public:
  Waiting(const server::Serving& serving, Upstreams& upstreams, std::promise<void>* begun)
      : serving_(serving),
        errand_{upstreams.Peer<v1::PeopleService>("reviews", "people"),
                async::Completion<bool>(serving.environment.executor), begun} {}
  grpc::Service* grpc_service() override { return this; }
  void Go() { errand_.go.Set(true); }

  grpc::ServerUnaryReactor* GetReview(grpc::CallbackServerContext* context,
                                      const v1::GetReviewRequest* request, v1::Review* reply) override {
    return server::Serve<Ask>(serving_, errand_, "ipb.v1.ReviewsService", "GetReview", context, request,
                              reply);
  }

 private:
  static async::Task<absl::StatusOr<v1::Review>> Ask(const Errand& errand, call::Call& call,
                                                     const v1::GetReviewRequest& request) {
    errand.begun->set_value();
    co_await errand.go;
    v1::GetPersonRequest asking;
    asking.set_name(request.name().substr(0, request.name().find("/reviews/")));
    client::OnBehalfOf behalf;
    behalf.caller = call.caller();
    auto calling =
        errand.people->Call(&client::Peer<v1::PeopleService>::Async::GetPerson, behalf, std::move(asking));
    const absl::StatusOr<v1::Person> person = co_await calling;
    if (!person.ok()) co_return person.status();
    v1::Review review;
    review.set_name(person->name());
    co_return review;
  }

  const server::Serving& serving_;
  const Errand errand_;
};

// Whether the port takes no calls any more.
bool Refuses(const std::string& address) {
  const auto channel = grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
  grpc::ClientContext context;
  RunningSuite::Prepare(context, kCouncil);
  v1::Person person;
  return v1::PeopleService::NewStub(channel)->GetPerson(&context, {}, &person).error_code() ==
         grpc::UNAVAILABLE;
}

TEST(Drain, ACallUnderWayStillFindsTheServicesBesideIt) {
  std::promise<void> begun;
  Waiting* waiting = nullptr;
  const ServiceFactory factory{"reviews", "waiting/1",
                               [&](const server::Serving& serving, Upstreams& upstreams) {
                                 auto service = std::make_unique<Waiting>(serving, upstreams, &begun);
                                 waiting = service.get();
                                 return service;
                               }};
  std::optional<RunningSuite> suite;
  suite.emplace(std::vector<ServiceFactory>{people::Factory(), factory});
  const std::string address = absl::StrCat("127.0.0.1:", suite->process().port());
  v1::RegisterPersonRequest registering;
  registering.mutable_identifier()->set_kind(v1::IDENTIFIER_KIND_NHS_NUMBER);
  registering.mutable_identifier()->set_value(testing::NewNhsNumber());
  registering.set_birth_date("1950-03-14");
  registering.set_role(v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE);
  v1::Person person;
  const auto people = v1::PeopleService::NewStub(suite->channel());
  ASSERT_TRUE(
      suite->Call(*people, &v1::PeopleService::Stub::RegisterPerson, kCouncil, registering, &person).ok());

  std::thread caller([&] {
    const auto reviews =
        v1::ReviewsService::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
    grpc::ClientContext context;
    RunningSuite::Prepare(context, kCouncil);
    v1::GetReviewRequest request;
    request.set_name(person.name() + "/reviews/1");
    v1::Review review;
    const grpc::Status status = reviews->GetReview(&context, request, &review);
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(review.name(), person.name());
  });
  begun.get_future().wait();
  std::thread stopper([&] { suite.reset(); });
  while (!Refuses(address)) std::this_thread::yield();
  waiting->Go();
  caller.join();
  stopper.join();
}

}  // namespace
}  // namespace ipb::process
