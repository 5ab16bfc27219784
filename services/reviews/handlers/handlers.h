// The handlers of ReviewsService: load, decide, commit, reply. Errors are those of the contract.
#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "common/async/task.h"
#include "common/call/call.h"
#include "ipb/v1/people_service.pb.h"
#include "ipb/v1/plan.pb.h"
#include "ipb/v1/reviews_service.pb.h"

namespace ipb::reviews {

// The services to the left, or what was stated in their place. Reads are made on behalf of the call's caller.
struct Upstreams {
  std::function<async::Task<absl::StatusOr<v1::Plan>>(call::Call&, std::string)> read_plan;
  std::function<async::Task<absl::StatusOr<v1::Person>>(call::Call&, std::string)> read_person;
};

namespace handlers {

template <typename Reply>
using Answer = async::Task<absl::StatusOr<Reply>>;

Answer<v1::Review> ScheduleReview(const Upstreams&, call::Call&, const v1::ScheduleReviewRequest&);
Answer<v1::Review> RescheduleReview(const Upstreams&, call::Call&, const v1::RescheduleReviewRequest&);
Answer<v1::Review> CancelReview(const Upstreams&, call::Call&, const v1::CancelReviewRequest&);
Answer<v1::Review> GetReview(const Upstreams&, call::Call&, const v1::GetReviewRequest&);
Answer<v1::ListReviewsResponse> ListReviews(const Upstreams&, call::Call&, const v1::ListReviewsRequest&);
Answer<v1::ListDueReviewsResponse> ListDueReviews(const Upstreams&, call::Call&,
                                                  const v1::ListDueReviewsRequest&);
Answer<v1::Review> StartReview(const Upstreams&, call::Call&, const v1::StartReviewRequest&);
Answer<v1::Review> CompleteReview(const Upstreams&, call::Call&, const v1::CompleteReviewRequest&);

}  // namespace handlers
}  // namespace ipb::reviews
