// One call of one method: who calls, what it may see, and the one commit it makes. Steps 4 and 6 of the way of a request.
#pragma once

#include <atomic>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/async/task.h"
#include "common/call/caller.h"
#include "common/call/environment.h"
#include "common/call/recording.h"
#include "common/call/subject.h"
#include "google/protobuf/message.h"
#include "ipb/v1/decision.pb.h"

namespace ipb::call {

// What the adapter read from the request before the handler runs.
struct RequestInfo {
  std::string method;         // "PaymentsService.RecordSpending"
  std::string request_id;     // empty where none was given
  std::string fingerprint;    // of the request but for validate_only and preview_token
  std::string preview_token;  // empty where none was given
  bool validate_only = false;
  bool mutates = false;
  bool begins = false;
  // The request, where the method decides; outlives the call.
  const google::protobuf::Message* decides_on = nullptr;
  absl::Time deadline = absl::InfiniteFuture();
};

// The most that a page of a list holds.
inline constexpr int32_t kLargestPage = 200;

// A page of a list.
struct Page {
  std::vector<store::Record> records;
  std::string next_page_token;  // empty on the last page
};

// Belongs to one coroutine, except for Cancel, which any thread may call.
class Call {
 public:
  Call(const Environment& environment, Caller caller, RequestInfo info);
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  const Environment& environment() const { return environment_; }
  const Caller& caller() const { return caller_; }
  const RequestInfo& info() const { return info_; }
  // The instant of the call by the injected clock; the same for the whole call.
  absl::Time now() const { return now_; }
  // The civil date in Europe/London at that instant.
  absl::CivilDay today() const { return today_; }
  // The caller as the decider of a statutory decision, added to what the request says of it.
  v1::HumanDecision DecidedBy(v1::HumanDecision decision) const;
  // Notes what people says of the subject's person now: what the call decides rests on it. PERSON_MERGED as in Load.
  absl::Status RestOn(const Subject& subject);
  // Notes a resource of another service as this call was given it: kept whole, but for its explanation, with what the
  // call decides. Of another person than the call's it is not kept.
  void NoteUpstream(const std::string& name, const google::protobuf::Message& resource);

  // Loads the subject that a resource belongs to, the resource itself, and further records of that subject, named as in
  // the subject ("budgets/1") or in full. Ends the call as NOT_FOUND where the caller has no access, and, where the
  // request was answered before, with the remembered reply: a handler returns any status that is not OK as it is. A call
  // that begins something for a merged person ends as PERSON_MERGED; in the people service, one that changes anything.
  async::Task<absl::StatusOr<Subject>> Load(std::string resource_name, std::vector<std::string> records = {});
  // The same for subjects that nobody has access to yet or that hold no person's data: claims, a new person, a new run.
  // Only for calls that decide themselves who may see what.
  async::Task<absl::StatusOr<Subject>> LoadUnguarded(std::string subject, std::vector<std::string> records = {});

  // A page of a subject's records whose names start with `prefix` ("budgets/"), after Load has admitted the caller.
  // Records below a resource, such as its explanation, are left out. INVALID_ARGUMENT for a foreign page token; in a call
  // that changes something, ABORTED as after a lost race where the subject was written since Load.
  async::Task<absl::StatusOr<Page>> List(std::string subject, std::string prefix, int32_t page_size,
                                         std::string page_token);

  // The same, as resources of one type: loads `parent` first, which admits the caller.
  template <typename Resource>
  struct ResourcePage {
    std::vector<Resource> resources;
    std::string next_page_token;
  };
  template <typename Resource>
  async::Task<absl::StatusOr<ResourcePage<Resource>>> ListOf(std::string parent, std::string collection,
                                                             int32_t page_size, std::string page_token) {
    auto loading = Load(parent);
    const absl::StatusOr<Subject> subject = co_await loading;
    if (!subject.ok()) co_return subject.status();
    auto listing = List(std::move(parent), std::move(collection) + "/", page_size, std::move(page_token));
    absl::StatusOr<Page> page = co_await listing;
    if (!page.ok()) co_return page.status();
    ResourcePage<Resource> typed;
    typed.next_page_token = std::move(page->next_page_token);
    for (const store::Record& record : page->records) typed.resources.emplace_back().ParseFromString(record.data);
    co_return typed;
  }

  // All of a subject's resources of one type ("budgets"), in order of number, after Load has admitted the caller; as List.
  template <typename Resource>
  async::Task<absl::StatusOr<std::vector<Resource>>> AllOf(std::string subject, std::string collection) {
    std::vector<Resource> all;
    std::string page_token;
    do {
      auto listing = List(subject, collection + "/", kLargestPage, std::move(page_token));
      absl::StatusOr<Page> page = co_await listing;
      if (!page.ok()) co_return page.status();
      for (const store::Record& record : page->records) all.emplace_back().ParseFromString(record.data);
      page_token = std::move(page->next_page_token);
    } while (!page_token.empty());
    co_return all;
  }

  // Commits what the subject wants written and gives the reply; with validate_only it checks and writes nothing.
  // Not OK: as Load; ABORTED after a lost race (the adapter runs the handler again) or when the preview is stale.
  template <typename Reply>
  async::Task<absl::StatusOr<Reply>> Commit(Subject subject, Reply reply) {
    absl::Status done = co_await CommitMessage(std::move(subject), reply);
    if (!done.ok()) co_return done;
    co_return reply;
  }
  // The same for work that answers to nobody.
  async::Task<absl::Status> Commit(Subject subject);
  // The same for the suite's own bookkeeping, which leaves no history and no change: INTERNAL for any other subject.
  async::Task<absl::Status> CommitUnrecorded(Subject subject);
  // The reply of a call that finds everything done already and writes nothing. ABORTED when the preview is stale.
  template <typename Reply>
  absl::StatusOr<Reply> Unchanged(const Subject& subject, Reply reply) const {
    absl::Status bound = BindPreview(subject, reply);
    if (!bound.ok()) return bound;
    return reply;
  }

  // Between two attempts at the same call.
  void Reset();
  bool lost_race() const { return lost_race_; }
  // The remembered reply, where Load or Commit found that the request was answered before.
  const std::optional<store::Remembered>& replay() const { return replay_; }

  // The caller gave up; looked at before each commit.
  void Cancel() { cancelled_.store(true, std::memory_order_relaxed); }
  bool cancelled() const { return cancelled_.load(std::memory_order_relaxed); }

 private:
  async::Task<absl::StatusOr<Subject>> LoadSubject(std::string subject, std::vector<std::string> records,
                                                   std::string asked_for, bool guarded);
  async::Task<absl::Status> CommitMessage(Subject subject, google::protobuf::Message& reply);
  async::Task<absl::Status> CommitWrites(Subject subject, store::Writes writes);
  // Gives a preview's reply its token; ABORTED where the call has the token of another reply.
  absl::Status BindPreview(const Subject& subject, google::protobuf::Message& reply) const;
  absl::StatusOr<store::Writes> WritesFor(Subject& subject, google::protobuf::Message* reply);
  // Writes what the call decided from beside what it decided; gives the decision's name.
  std::string PutDecision(Subject& subject);
  absl::Status Replay(store::Remembered remembered);
  bool MayKnow(const state::v1::AccessRecord& access) const;
  absl::Status CheckMerged(const std::string& person, const state::v1::AccessRecord& access) const;
  bool NewerThanLoaded(const std::string& subject, int64_t revision) const;
  absl::Status OutOfTime() const;

  const Environment& environment_;
  const Caller caller_;
  const RequestInfo info_;
  const absl::Time now_;
  const absl::CivilDay today_;
  std::string request_key_;
  // The revision at which each subject was loaded in this attempt.
  std::map<std::string, int64_t> loaded_revisions_;
  std::optional<store::Remembered> replay_;
  const bool records_;
  Recording recording_;
  bool lost_race_ = false;
  std::atomic<bool> cancelled_{false};
};

// ABORTED where the caller read another version than the one at hand; an empty etag asks for no check.
template <typename Resource>
absl::Status CheckEtag(const std::string& etag, const Resource& resource) {
  return etag.empty() || etag == resource.etag() ? absl::OkStatus() : errors::EtagMismatch(resource.name());
}

// Sets a Timestamp field from an instant.
template <typename Timestamp>
void SetTime(absl::Time instant, Timestamp* timestamp) {
  const int64_t nanos = absl::ToUnixNanos(instant);
  timestamp->set_seconds(nanos / 1'000'000'000);
  timestamp->set_nanos(static_cast<int32_t>(nanos % 1'000'000'000));
}

}  // namespace ipb::call
