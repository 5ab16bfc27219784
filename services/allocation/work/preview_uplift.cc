#include <utility>

#include "absl/strings/str_cat.h"
#include "common/errors/status_macros.h"
#include "common/work/people.h"
#include "services/allocation/handlers/facts.h"
#include "services/allocation/rules/uplift_total.h"
#include "services/allocation/work/jobs.h"
#include "services/allocation/work/uplift_people.h"

namespace ipb::allocation {
namespace {

// Entries of the index that are read at once.
constexpr size_t kPage = 100;
// Verdicts after which a record is full: with those of one more page, well within what a record may be.
constexpr int kMostVerdicts = 400;

// What one slice found: the verdicts on the people it looked at, and how far it came.
struct Found {
  VerdictChunk chunk;
  std::string last_person;
  bool done = false;
};

async::Task<absl::StatusOr<Found>> PreviewSlice(call::Call& call, const v1::Uplift& uplift, std::string after,
                                                const work::Slice& time) {
  Found slice;
  slice.last_person = std::move(after);
  while (true) {
    auto finding =
        work::NextPeople(call, handlers::BudgetIndexOf(uplift.organisation()), slice.last_person, kPage);
    IPB_CO_ASSIGN_OR_RETURN(const work::People people, co_await finding);
    if (!people.names.empty()) {
      auto previewing = PreviewPeople(call, uplift, people.names);
      IPB_CO_ASSIGN_OR_RETURN(std::vector<v1::UpliftVerdict> verdicts, co_await previewing);
      if (slice.chunk.record.empty()) slice.chunk.record = VerdictRecordOf(people.names.front());
      for (v1::UpliftVerdict& verdict : verdicts) *slice.chunk.verdicts.add_verdicts() = std::move(verdict);
      slice.last_person = people.names.back();
    }
    slice.done = people.last;
    if (slice.done || time.over() || slice.chunk.verdicts.verdicts_size() >= kMostVerdicts) co_return slice;
  }
}

// The uplift with what all its verdicts come to, those of the last slice among them.
async::Task<absl::StatusOr<v1::Uplift>> Freeze(call::Call& call, v1::Uplift uplift,
                                               const VerdictChunk& last) {
  UpliftTally tally;
  auto reading =
      ForEachVerdict(call, uplift.name(), [&](const v1::UpliftVerdict& verdict) { tally.Add(verdict); });
  IPB_CO_RETURN_IF_ERROR(co_await reading);
  for (const v1::UpliftVerdict& verdict : last.verdicts.verdicts()) tally.Add(verdict);
  co_return DecideFreezeUplift(uplift, tally);
}

// An uplift that was given up meanwhile needs no more looking at; nothing of it is with any person.
async::Task<absl::StatusOr<bool>> Abandon(call::Call& call, UpliftWork work, std::string id) {
  work.subject.FinishWork(id, *work.content);
  auto committing = call.Commit(std::move(work.subject));
  IPB_CO_RETURN_IF_ERROR(co_await committing);
  co_return false;
}

// Writes what the slice found, if the uplift still waits for it. Gives whether there is more to do now.
async::Task<absl::StatusOr<bool>> Conclude(call::Call& call, work::Item item, std::string began, Found slice,
                                           bool time_over) {
  auto loading = work::LoadOwnedWork<v1::Uplift>(call, item);
  IPB_CO_ASSIGN_OR_RETURN(UpliftWork work, co_await loading);
  if (!work.content || work.content->payload() != began) co_return false;
  if (work.resource.state() != v1::Uplift::STATE_PREVIEWING) {
    auto abandoning = Abandon(call, std::move(work), item.id);
    co_return co_await abandoning;
  }
  call::Subject& subject = work.subject;
  if (slice.done) {
    auto freezing = Freeze(call, work.resource, slice.chunk);
    IPB_CO_ASSIGN_OR_RETURN(v1::Uplift frozen, co_await freezing);
    subject.FinishWork(item.id, *work.content);
    subject.Put(frozen);
  } else {
    work::Checkpoint(call, subject, item.id, *work.content, slice.last_person, time_over);
  }
  if (slice.chunk.verdicts.verdicts_size() > 0) subject.PutRecord(slice.chunk.record, slice.chunk.verdicts);
  auto committing = call.Commit(std::move(subject));
  IPB_CO_RETURN_IF_ERROR(co_await committing);
  co_return !slice.done && !time_over;
}

// One chunk of people. Gives whether there is more to do now.
async::Task<absl::StatusOr<bool>> PreviewSome(call::Call& call, work::Item item, const work::Slice& time) {
  auto loading = work::LoadOwnedWork<v1::Uplift>(call, item);
  IPB_CO_ASSIGN_OR_RETURN(UpliftWork work, co_await loading);
  if (!work.content) co_return false;
  const v1::Uplift uplift = work.resource;
  if (uplift.state() != v1::Uplift::STATE_PREVIEWING) {
    auto abandoning = Abandon(call, std::move(work), item.id);
    co_return co_await abandoning;
  }
  const std::string began = work.content->payload();
  auto previewing = PreviewSlice(call, uplift, began, time);
  IPB_CO_ASSIGN_OR_RETURN(Found slice, co_await previewing);
  auto concluding = Conclude(call, std::move(item), began, std::move(slice), time.over());
  co_return co_await concluding;
}

}  // namespace

// The checkpoint is the last person that was looked at.
async::Task<absl::Status> PreviewUpliftWork(call::Call& call, work::Item item) {
  const work::Slice time;
  while (true) {
    auto previewing = PreviewSome(call, item, time);
    IPB_CO_ASSIGN_OR_RETURN(const bool more, co_await previewing);
    if (!more) co_return absl::OkStatus();
  }
}

}  // namespace ipb::allocation
