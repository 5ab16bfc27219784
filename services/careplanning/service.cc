#include "services/careplanning/service.h"

#include <utility>

#include "common/client/upstream.h"
#include "ipb/v1/allocation_service.grpc.pb.h"
#include "ipb/v1/care_planning_service.grpc.pb.h"
#include "ipb/v1/people_service.grpc.pb.h"
#include "services/careplanning/handlers/handlers.h"
#include "services/careplanning/work/jobs.h"

namespace ipb::careplanning {
namespace {

using Allocation = client::Peer<v1::AllocationService>;
using People = client::Peer<v1::PeopleService>;

constexpr int kPage = 200;

Answer<std::optional<v1::Person>> ReadPerson(People& people, call::Call& call, std::string name) {
  if (!people.configured()) co_return std::nullopt;
  v1::GetPersonRequest request;
  request.set_name(std::move(name));
  auto calling = people.Call(&People::Async::GetPerson, client::Behalf(call), std::move(request));
  IPB_CO_ASSIGN_OR_RETURN(v1::Person person, co_await calling);
  co_return person;
}

Answer<std::vector<v1::Representative>> ListRepresentatives(People& people, call::Call& call, std::string person) {
  std::vector<v1::Representative> all;
  if (!people.configured()) co_return all;
  v1::ListRepresentativesRequest request;
  request.set_parent(std::move(person));
  request.set_page_size(kPage);
  while (true) {
    auto calling = people.Call(&People::Async::ListRepresentatives, client::Behalf(call), request);
    IPB_CO_ASSIGN_OR_RETURN(const v1::ListRepresentativesResponse page, co_await calling);
    all.insert(all.end(), page.representatives().begin(), page.representatives().end());
    if (page.next_page_token().empty()) co_return all;
    request.set_page_token(page.next_page_token());
  }
}

Upstreams Asking(std::shared_ptr<Allocation> allocation, std::shared_ptr<People> people) {
  Upstreams upstreams;
  upstreams.read_budget = [allocation](call::Call& call, std::string name) {
    return client::Read<v1::Budget, v1::AllocationService, v1::GetBudgetRequest>(
        call, *allocation, &Allocation::Async::GetBudget, std::move(name));
  };
  upstreams.agree_budget = [allocation](call::Call& call, v1::AgreeBudgetRequest request) {
    return allocation->Call<v1::AgreeBudgetRequest, v1::Budget>(&Allocation::Async::AgreeBudget,
                                                                client::Behalf(call), std::move(request));
  };
  upstreams.read_person = [people](call::Call& call, std::string name) {
    return ReadPerson(*people, call, std::move(name));
  };
  upstreams.list_representatives = [people](call::Call& call, std::string person) {
    return ListRepresentatives(*people, call, std::move(person));
  };
  return upstreams;
}

class Service final : public v1::CarePlanningService::CallbackService, public process::HostedService {
 public:
  Service(const server::Serving& serving, std::shared_ptr<Allocation> allocation, std::shared_ptr<People> people)
      : serving_(serving), upstreams_(Asking(std::move(allocation), std::move(people))) {}
  grpc::Service* grpc_service() override { return this; }
  std::vector<work::Job> jobs() override { return Jobs(upstreams_); }

  IPB_SERVE(CreatePlan, CreatePlanRequest, Plan)
  IPB_SERVE(UpdatePlan, UpdatePlanRequest, Plan)
  IPB_SERVE(GetPlan, GetPlanRequest, Plan)
  IPB_SERVE(ListPlans, ListPlansRequest, ListPlansResponse)
  IPB_SERVE(CheckPlan, CheckPlanRequest, CheckPlanResponse)
  IPB_SERVE(ProposePlan, ProposePlanRequest, Plan)
  IPB_SERVE(SignPlan, SignPlanRequest, Plan)
  IPB_SERVE(ApprovePlan, ApprovePlanRequest, Plan)
  IPB_SERVE(ReturnPlan, ReturnPlanRequest, Plan)
  IPB_SERVE(RevisePlan, RevisePlanRequest, Plan)
  IPB_SERVE(EndPlan, EndPlanRequest, Plan)
  IPB_SERVE(CheckSpending, CheckSpendingRequest, CheckSpendingResponse)

 private:
  static constexpr char kService[] = "ipb.v1.CarePlanningService";
  const server::Serving& serving_;
  const Upstreams upstreams_;
};

}  // namespace

process::ServiceFactory Factory() {
  return {"careplanning", "careplanning/1", [](const server::Serving& serving, process::Upstreams& upstreams) {
            return std::make_unique<Service>(serving,
                                             upstreams.Peer<v1::AllocationService>("careplanning", "allocation"),
                                             upstreams.Peer<v1::PeopleService>("careplanning", "people"));
          }};
}

}  // namespace ipb::careplanning
