#include "tests/handlers/reviews/fixture.h"

#include "absl/strings/str_cat.h"
#include "common/errors/status_macros.h"
#include "common/names/names.h"
#include "common/watch/consumer.h"
#include "ipb/v1/care_planning_service.grpc.pb.h"
#include "services/people/service.h"
#include "services/reviews/service.h"
#include "tests/async/wait.h"

namespace ipb::reviews {
namespace {

struct NoUpstreams {};

}  // namespace

// Only what reviews sees of care planning: plans that can be read, and their changes.
class HeldPlans final : public v1::CarePlanningService::CallbackService, public process::HostedService {
 public:
  explicit HeldPlans(const server::Serving& serving) : serving_(serving) {}
  grpc::Service* grpc_service() override { return this; }

  grpc::ServerUnaryReactor* GetPlan(grpc::CallbackServerContext* context, const v1::GetPlanRequest* request,
                                    v1::Plan* reply) override {
    return server::Serve<Read>(serving_, upstreams_, "ipb.v1.CarePlanningService", "GetPlan", context,
                               request, reply);
  }

  async::Task<absl::Status> Hold(std::vector<v1::Plan> plans) {
    call::Call call(serving_.environment, watch::ServiceItself(serving_.environment), {});
    auto loading = call.LoadUnguarded(names::Subject(plans.front().name()));
    IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
    for (v1::Plan& plan : plans) subject.Put(plan);
    auto committing = call.Commit(std::move(subject));
    co_return co_await committing;
  }

 private:
  static async::Task<absl::StatusOr<v1::Plan>> Read(const NoUpstreams&, call::Call& call,
                                                    const v1::GetPlanRequest& request) {
    auto loading = call.Load(request.name());
    IPB_CO_ASSIGN_OR_RETURN(const call::Subject subject, co_await loading);
    co_return subject.Get<v1::Plan>(request.name());
  }

  const server::Serving& serving_;
  const NoUpstreams upstreams_{};
};

namespace {

process::ServiceFactory PlansFactory(HeldPlans** plans) {
  return {"careplanning", "held/1", [plans](const server::Serving& serving, process::Upstreams&) {
            auto service = std::make_unique<HeldPlans>(serving);
            *plans = service.get();
            return service;
          }};
}

void AddLine(v1::Plan& plan, const std::string& id, v1::ManagementOption option,
             const std::string& organisation, v1::FundingBasis basis) {
  v1::PlanLine* line = plan.add_lines();
  line->set_line_id(id);
  line->set_management_option(option);
  line->set_weekly_pence(10'000);
  v1::FundingShare* share = line->add_shares();
  share->set_organisation(organisation);
  share->set_basis(basis);
  share->mutable_share()->set_numerator(1);
  share->mutable_share()->set_denominator(1);
}

}  // namespace

ReviewsTest::ReviewsTest()
    : suite_({people::Factory(), PlansFactory(&plans_), reviews::Factory()}),
      people_(v1::PeopleService::NewStub(suite_.channel())),
      reviews_(v1::ReviewsService::NewStub(suite_.channel())),
      changes_(suite_, "reviews") {}

std::string ReviewsTest::Person(bool with_icb) {
  v1::RegisterPersonRequest request;
  request.mutable_identifier()->set_kind(v1::IDENTIFIER_KIND_NHS_NUMBER);
  request.mutable_identifier()->set_value(testing::NewNhsNumber());
  request.set_birth_date("1960-05-01");
  request.set_role(v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE);
  v1::Person person, reply;
  using People = v1::PeopleService::Stub;
  EXPECT_TRUE(suite_.Call(*people_, &People::RegisterPerson, testing::kCouncil, request, &person).ok());
  if (!with_icb) return person.name();
  request.set_role(v1::RESPONSIBILITY_ROLE_RESPONSIBLE_ICB);
  EXPECT_TRUE(suite_.Call(*people_, &People::RegisterPerson, testing::kIcb, request, &reply).ok());
  v1::AcceptResponsibilityRequest accepting;
  accepting.set_name(person.name());
  accepting.set_organisation(testing::kIcb.organisation);
  EXPECT_TRUE(
      suite_.Call(*people_, &People::AcceptResponsibility, testing::kCouncil, accepting, &reply).ok());
  return person.name();
}

v1::Plan ReviewsTest::JointPlan(const std::string& person, int number) {
  v1::Plan plan;
  plan.set_name(names::Child(person, "plans", number));
  plan.set_kind(v1::Plan::KIND_FULL);
  plan.set_state(v1::Plan::STATE_ACTIVE);
  plan.set_start_date("2025-06-02");
  plan.set_active_date("2025-06-02");
  AddLine(plan, "l1", v1::MANAGEMENT_OPTION_DIRECT_PAYMENT, testing::kCouncil.organisation,
          v1::FUNDING_BASIS_CARE_ACT);
  AddLine(plan, "l2", v1::MANAGEMENT_OPTION_NOTIONAL, testing::kIcb.organisation,
          v1::FUNDING_BASIS_JOINT_PACKAGE);
  return plan;
}

void ReviewsTest::Hold(std::vector<v1::Plan> plans) {
  const absl::Status held = async::Wait(plans_->Hold(std::move(plans)));
  EXPECT_TRUE(held.ok()) << held;
}

v1::Review ReviewsTest::FirstReview(bool with_icb) {
  const std::string person = Person(with_icb);
  Hold({JointPlan(person)});
  AwaitPlan(person);
  const std::vector<v1::Review> reviews = List(person);
  EXPECT_EQ(reviews.size(), 1u);
  return reviews.empty() ? v1::Review() : reviews.front();
}

std::vector<v1::Review> ReviewsTest::List(const std::string& person) {
  v1::ListReviewsRequest request;
  request.set_parent(person);
  v1::ListReviewsResponse reply;
  const grpc::Status status = Call(&Stub::ListReviews, testing::kCouncil, request, &reply);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return {reply.reviews().begin(), reply.reviews().end()};
}

v1::Review ReviewsTest::Get(const std::string& name) {
  v1::GetReviewRequest request;
  request.set_name(name);
  v1::Review review;
  const grpc::Status status = Call(&Stub::GetReview, testing::kCouncil, request, &review);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return review;
}

std::string ReviewsTest::Die(const std::string& person) {
  v1::RecordCircumstanceRequest request;
  request.set_parent(person);
  request.set_kind(v1::Circumstance::KIND_DEATH);
  request.set_effective_from_date("2025-06-01");
  v1::Circumstance reply;
  const grpc::Status status =
      suite_.Call(*people_, &v1::PeopleService::Stub::RecordCircumstance, testing::kCouncil, request, &reply);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return reply.name();
}

void ReviewsTest::NeverDied(const std::string& death) {
  v1::CorrectCircumstanceRequest request;
  request.set_name(death);
  request.set_recorded_in_error(true);
  request.mutable_decision()->set_reasons("It was somebody else of that name.");
  v1::Circumstance reply;
  const grpc::Status status =
      suite_.Call(*people_, &v1::PeopleService::Stub::CorrectCircumstance, testing::kCouncil, request, &reply);
  EXPECT_TRUE(status.ok()) << status.error_message();
}

}  // namespace ipb::reviews
