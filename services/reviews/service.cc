#include "services/reviews/service.h"

#include "common/client/upstream.h"
#include "common/watch/consumer.h"
#include "ipb/v1/care_planning_service.grpc.pb.h"
#include "ipb/v1/people_service.grpc.pb.h"
#include "ipb/v1/reviews_service.grpc.pb.h"
#include "services/reviews/handlers/handlers.h"
#include "services/reviews/work/follow.h"

namespace ipb::reviews {
namespace {

constexpr char kName[] = "reviews";

Upstreams ReadersOf(process::Upstreams& upstreams) {
  using Plans = client::Peer<v1::CarePlanningService>;
  using People = client::Peer<v1::PeopleService>;
  auto plans = upstreams.Peer<v1::CarePlanningService>(kName, "careplanning");
  auto people = upstreams.Peer<v1::PeopleService>(kName, "people");
  return {[plans](call::Call& call, std::string name) {
            return client::Read<v1::Plan>(call, *plans, &Plans::Async::GetPlan, std::move(name));
          },
          [people](call::Call& call, std::string name) {
            return client::Read<v1::Person>(call, *people, &People::Async::GetPerson, std::move(name));
          }};
}

class Service final : public v1::ReviewsService::CallbackService, public process::HostedService {
 public:
  Service(const server::Serving& serving, process::Upstreams& upstreams)
      : serving_(serving),
        upstreams_(ReadersOf(upstreams)),
        plans_(serving.environment, upstreams.Peer<v1::ChangesService>(kName, "careplanning"),
               FollowPlans(serving.environment, upstreams_)),
        people_(serving.environment, upstreams.Peer<v1::ChangesService>(kName, "people"),
                FollowPeople(serving.environment, upstreams_)) {}

  grpc::Service* grpc_service() override { return this; }
  std::vector<work::Job> jobs() override { return FollowJobs(upstreams_); }
  void Started() override {
    plans_.Start();
    people_.Start();
  }
  void Stopping() override {
    plans_.Stop();
    people_.Stop();
  }

  IPB_SERVE(ScheduleReview, ScheduleReviewRequest, Review)
  IPB_SERVE(RescheduleReview, RescheduleReviewRequest, Review)
  IPB_SERVE(CancelReview, CancelReviewRequest, Review)
  IPB_SERVE(GetReview, GetReviewRequest, Review)
  IPB_SERVE(ListReviews, ListReviewsRequest, ListReviewsResponse)
  IPB_SERVE(ListDueReviews, ListDueReviewsRequest, ListDueReviewsResponse)
  IPB_SERVE(StartReview, StartReviewRequest, Review)
  IPB_SERVE(CompleteReview, CompleteReviewRequest, Review)

 private:
  static constexpr char kService[] = "ipb.v1.ReviewsService";
  const server::Serving& serving_;
  const Upstreams upstreams_;
  watch::Consumer plans_;
  watch::Consumer people_;
};

}  // namespace

process::ServiceFactory Factory() {
  return {kName, "reviews/1", [](const server::Serving& serving, process::Upstreams& upstreams) {
            return std::make_unique<Service>(serving, upstreams);
          }};
}

}  // namespace ipb::reviews
