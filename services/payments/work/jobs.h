// What this service finishes later. Every job works on a run's own subject in slices of bounded time, a
// commit a person and then one that moves the run's checkpoint, so that a process may die between any two of
// them: what was done is found done when the slice is repeated.
//
//   CreatePaymentRun  -> prepare-run   posts pending payments with each person, then freezes the run
//   ReleasePaymentRun -> release-run   moves each frozen payment on, or drops it with a reason
//   ExportPaymentRun  -> export-run    moves what is released into the bank's files
//   SettlePayments    -> settle-run    takes the bank's answers
//   CancelPaymentRun  -> detach-run    takes out of the run what is in it and was not frozen
#pragma once

#include <string>
#include <vector>

#include "common/work/slice.h"
#include "common/work/worker.h"
#include "services/payments/handlers/handlers.h"
#include "services/payments/work/run_rows.h"

namespace ipb::payments {

// Kinds of work, and the identifiers of the items in a run's subject where there is only one of a kind.
inline constexpr char kPrepareRun[] = "prepare-run";
inline constexpr char kReleaseRun[] = "release-run";
inline constexpr char kExportRun[] = "export-run";
inline constexpr char kSettleRun[] = "settle-run";
inline constexpr char kDetachRun[] = "detach-run";

// The upstreams must outlive the jobs.
std::vector<work::Job> JobsOf(const Upstreams& upstreams);

// One slice of each.
async::Task<absl::Status> PrepareRun(const Upstreams& upstreams, call::Call& call, work::Item item);
async::Task<absl::Status> ReleaseRun(const Upstreams& upstreams, call::Call& call, work::Item item);
async::Task<absl::Status> ExportRun(call::Call& call, work::Item item);
async::Task<absl::Status> SettleRun(call::Call& call, work::Item item);
async::Task<absl::Status> DetachRun(call::Call& call, work::Item item);

// Asks for the first slice of a run's work: the handler tries it at once, others after the lease.
void Begin(const call::Call& call, call::Subject& run, const std::string& id, const std::string& kind,
           const std::string& payload = "");

// A new identifier for an item of a kind of which a run may have several.
std::string DetachIdOf(const call::Subject& run);

using work::Slice;

// A run with its subject, and an item of its work.
using RunWork = work::OwnedWork<v1::PaymentRun>;

// Replaces the item's payload, the checkpoint: due at once where this slice ends with it, else after the
// lease.
void Checkpoint(const call::Call& call, RunWork& work, const std::string& id, const std::string& payload,
                bool slice_ends);

}  // namespace ipb::payments
