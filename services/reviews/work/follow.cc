#include "services/reviews/work/follow.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/client/access_source.h"
#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "common/names/names.h"
#include "services/reviews/handlers/kept_review.h"
#include "services/reviews/handlers/plan_view.h"

namespace ipb::reviews {
namespace {

constexpr char kFollowPlan[] = "follow-plan";
constexpr char kFollowPerson[] = "follow-person";

// Does the work for the resource of that name; `item` is the work item where a worker does it.
using Follow = async::Task<absl::Status> (*)(const Upstreams&, call::Call&, std::string,
                                             std::optional<work::Item>);

bool AnyReview(const v1::Review&) { return true; }
bool IsByCadence(const v1::Review& review) { return review.trigger() == v1::REVIEW_TRIGGER_CADENCE; }
bool IsNotForDeath(const v1::Review& review) { return review.trigger() != v1::REVIEW_TRIGGER_DEATH; }
// Cancelled because its plan seemed over: by the plan's end, or by a death that may be corrected since.
bool IsCutShort(const v1::Review& review) {
  return review.state() == v1::Review::STATE_CANCELLED && IsByCadence(review) &&
         review.cancellation().reason() == v1::ReviewCancellation::REASON_PLAN_OVER;
}

// Cancels the scheduled reviews that match, of one plan or, where it is empty, of all. Whether there were
// any.
absl::StatusOr<bool> CancelScheduled(const call::Call& call, call::Subject& subject,
                                     const std::vector<v1::Review>& reviews, const std::string& plan,
                                     const std::string& reasons, bool (*matches)(const v1::Review&)) {
  bool any = false;
  for (const v1::Review& review : reviews) {
    if (review.state() != v1::Review::STATE_SCHEDULED || !matches(review)) continue;
    if (!plan.empty() && review.plan() != plan) continue;
    v1::CancelReviewRequest request;
    request.mutable_cancellation()->set_reason(v1::ReviewCancellation::REASON_PLAN_OVER);
    request.mutable_cancellation()->mutable_decision()->set_reasons(reasons);
    PlanFacts over;
    over.name = review.plan();
    IPB_ASSIGN_OR_RETURN(ReviewDecision decision,
                         DecideCancel(review, over, nullptr, request, CallerOf(call), call.today()));
    PutNext(call, subject, decision.trace, decision.review);
    any = true;
  }
  return any;
}

absl::StatusOr<bool> ScheduleFirst(const call::Call& call, call::Subject& subject, const PlanView& view) {
  const bool scheduled =
      std::any_of(view.reviews.begin(), view.reviews.end(), [&view](const v1::Review& review) {
        return review.plan() == view.facts.name && IsByCadence(review) && !IsCutShort(review);
      });
  if (scheduled || view.facts.regimes.empty()) return false;
  v1::ScheduleReviewRequest request;
  request.set_parent(subject.name());
  request.set_plan(view.facts.name);
  request.set_trigger(v1::REVIEW_TRIGGER_CADENCE);
  IPB_ASSIGN_OR_RETURN(ReviewDecision decision,
                       DecideScheduleReview(view.facts, request, view.policy, call.today()));
  PutNew(call, subject, decision.trace, decision.review);
  return true;
}

absl::StatusOr<bool> BringInLine(const call::Call& call, call::Subject& subject, const PlanView& view) {
  const std::string& plan = view.facts.name;
  switch (view.plan.state()) {
    case v1::Plan::STATE_ACTIVE:
      if (!view.facts.in_effect) return false;
      return ScheduleFirst(call, subject, view);
    case v1::Plan::STATE_ENDED:
      return CancelScheduled(call, subject, view.reviews, plan, "The plan has ended.", AnyReview);
    case v1::Plan::STATE_SUPERSEDED:
      return CancelScheduled(call, subject, view.reviews, plan, "Another plan has replaced this one.",
                             IsByCadence);
    default:
      return false;
  }
}

// Commits what is wanted, and with it the end of the work item.
async::Task<absl::Status> Finish(call::Call& call, call::Subject subject, std::optional<work::Item> item,
                                 bool changed) {
  if (!changed && !item) co_return absl::OkStatus();
  if (item) subject.FinishWork(item->id, item->content);
  auto committing = call.Commit(std::move(subject));
  absl::Status committed = co_await committing;
  co_return committed;
}

// The explanations that cancelling a person's reviews adds to.
std::vector<std::string> ExplanationRecordsOf(const std::vector<v1::Review>& reviews) {
  std::vector<std::string> records;
  for (const v1::Review& review : reviews) {
    if (review.state() == v1::Review::STATE_SCHEDULED)
      records.push_back(call::ExplanationRecordOf(review.name()));
  }
  if (records.size() > store::kMaximumLoadNames / 2) records.resize(store::kMaximumLoadNames / 2);
  return records;
}

// The person with the explanations of what is scheduled.
handlers::Answer<call::Subject> LoadWithScheduled(call::Call& call, std::string person) {
  auto looking = call.LoadUnguarded(person);
  IPB_CO_ASSIGN_OR_RETURN(const call::Subject before, co_await looking);
  auto listing = ReviewsOf(call, before);
  IPB_CO_ASSIGN_OR_RETURN(const std::vector<v1::Review> reviews, co_await listing);
  std::vector<std::string> records = ExplanationRecordsOf(reviews);
  auto loading = call.LoadUnguarded(std::move(person), std::move(records));
  co_return co_await loading;
}

// The plans with a review that was cut short, each once.
std::vector<std::string> PlansCutShort(const std::vector<v1::Review>& reviews) {
  std::vector<std::string> plans;
  for (const v1::Review& review : reviews) {
    const bool known = std::find(plans.begin(), plans.end(), review.plan()) != plans.end();
    if (IsCutShort(review) && !known) plans.push_back(review.plan());
  }
  return plans;
}

// Schedules again what the record of a death cut short that was corrected since. Whether there was any.
handlers::Answer<bool> ScheduleAgain(const Upstreams& upstreams, call::Call& call, call::Subject& subject,
                                     std::vector<std::string> plans) {
  bool any = false;
  for (const std::string& plan : plans) {
    auto viewing = ViewPlan(upstreams, call, subject, plan);
    const absl::StatusOr<PlanView> view = co_await viewing;
    if (view.status().code() == absl::StatusCode::kNotFound) continue;
    IPB_CO_RETURN_IF_ERROR(view.status());
    if (!view->facts.in_effect) continue;
    IPB_CO_ASSIGN_OR_RETURN(const bool scheduled, ScheduleFirst(call, subject, *view));
    any = any || scheduled;
  }
  co_return any;
}

async::Task<absl::Status> FollowPlan(const Upstreams& upstreams, call::Call& call, std::string name,
                                     std::optional<work::Item> item) {
  auto loading = LoadWithScheduled(call, call::SubjectOf(name));
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  auto viewing = ViewPlan(upstreams, call, subject, name);
  const absl::StatusOr<PlanView> view = co_await viewing;
  bool changed = false;
  if (view.status().code() != absl::StatusCode::kNotFound) {
    IPB_CO_RETURN_IF_ERROR(view.status());
    IPB_CO_ASSIGN_OR_RETURN(changed, BringInLine(call, subject, *view));
  }
  auto finishing = Finish(call, std::move(subject), std::move(item), changed);
  co_return co_await finishing;
}

async::Task<absl::Status> FollowPerson(const Upstreams& upstreams, call::Call& call, std::string name,
                                       std::optional<work::Item> item) {
  auto loading = LoadWithScheduled(call, name);
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  auto listing = ReviewsOf(call, subject);
  IPB_CO_ASSIGN_OR_RETURN(const std::vector<v1::Review> reviews, co_await listing);
  bool changed = false;
  if (!reviews.empty()) {
    auto reading = upstreams.read_person(call, name);
    IPB_CO_ASSIGN_OR_RETURN(const v1::Person person, co_await reading);
    if (!person.death_date().empty()) {
      const std::string reasons =
          absl::StrCat("The person died on ", dates::Spell(dates::Checked(person.death_date())), ".");
      IPB_CO_ASSIGN_OR_RETURN(changed, CancelScheduled(call, subject, reviews, "", reasons, IsNotForDeath));
    } else {
      // This service's own copy may not know yet that the person lives.
      subject.SetAccess(client::AccessRecordOf(person));
      auto again = ScheduleAgain(upstreams, call, subject, PlansCutShort(reviews));
      IPB_CO_ASSIGN_OR_RETURN(changed, co_await again);
    }
  }
  auto finishing = Finish(call, std::move(subject), std::move(item), changed);
  co_return co_await finishing;
}

// Asks the worker for it, unless that is asked for already: the work looks at things as they are when it is
// done.
async::Task<absl::Status> LeaveToWorker(const call::Environment& environment, std::string kind,
                                        std::string name) {
  call::Call call(environment, watch::ServiceItself(environment), watch::Watching(kind));
  const std::string id = absl::StrCat(kind, "-", absl::StrReplaceAll(call::RecordOf(name), {{"/", "-"}}));
  const std::vector<std::string> records = {call::WorkRecordOf(id)};
  auto loading = call.LoadUnguarded(call::SubjectOf(name), records);
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  if (subject.FindRecord<state::v1::WorkItem>(call::WorkRecordOf(id))) co_return absl::OkStatus();
  work::Enqueue(call, subject, id, kind, name, call.now());
  auto committing = call.Commit(std::move(subject));
  co_return co_await committing;
}

// What is tried again by the consumer at once, because it has to do with services and not with the person.
bool ConcernsAll(const absl::Status& status) {
  return status.code() == absl::StatusCode::kUnavailable || status.code() == absl::StatusCode::kAborted ||
         status.code() == absl::StatusCode::kDeadlineExceeded;
}

async::Task<absl::Status> Handle(const call::Environment& environment, const Upstreams& upstreams,
                                 Follow follow, std::string kind, std::vector<std::string> names) {
  for (const std::string& name : names) {
    call::Call call(environment, watch::ServiceItself(environment), watch::Watching(kind));
    auto following = follow(upstreams, call, name, std::nullopt);
    const absl::Status followed = co_await following;
    if (followed.ok()) continue;
    if (ConcernsAll(followed)) co_return followed;
    auto leaving = LeaveToWorker(environment, kind, name);
    IPB_CO_RETURN_IF_ERROR(co_await leaving);
  }
  co_return absl::OkStatus();
}

// The names of a change that have the form of a pattern.
std::vector<std::string> NamesIn(const v1::Change& change, absl::string_view pattern) {
  std::vector<std::string> found;
  for (const std::string& name : change.resources()) {
    if (names::Matches(name, pattern)) found.push_back(name);
  }
  return found;
}

work::Job JobOf(const char* kind, const Upstreams& upstreams, Follow follow) {
  return {kind, [&upstreams, follow](call::Call& call, work::Item item) {
            std::string name = item.content.payload();
            return follow(upstreams, call, std::move(name), std::move(item));
          }};
}

}  // namespace

watch::Subscription FollowPlans(const call::Environment& environment, const Upstreams& upstreams) {
  return {"plans", "careplanning", [&environment, &upstreams](v1::Change change) {
            return Handle(environment, upstreams, FollowPlan, kFollowPlan,
                          NamesIn(change, "people/{person}/plans/{n}"));
          }};
}

watch::Subscription FollowPeople(const call::Environment& environment, const Upstreams& upstreams) {
  return {"people", "people", [&environment, &upstreams](v1::Change change) {
            return Handle(environment, upstreams, FollowPerson, kFollowPerson,
                          NamesIn(change, "people/{person}"));
          }};
}

std::vector<work::Job> FollowJobs(const Upstreams& upstreams) {
  return {JobOf(kFollowPlan, upstreams, FollowPlan), JobOf(kFollowPerson, upstreams, FollowPerson)};
}

}  // namespace ipb::reviews
