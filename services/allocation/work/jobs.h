// What this service finishes later. Both jobs work on an uplift's own subject in slices of bounded time, each
// of which ends by moving the uplift's checkpoint, so that a process may die at any moment: what was done is
// found done when the slice is repeated.
//
//   ApplyUplift   -> preview-uplift   decides on every budget, writes only verdicts, then freezes the uplift
//   ReleaseUplift -> post-uplift      decides on each again and writes the new budgets with their people
#pragma once

#include <string>
#include <vector>

#include "common/work/slice.h"
#include "common/work/worker.h"
#include "services/allocation/work/uplift_rows.h"

namespace ipb::allocation {

// Kinds of work, and the identifiers of the items in an uplift's subject, which has one of a kind.
inline constexpr char kPreviewUplift[] = "preview-uplift";
inline constexpr char kPostUplift[] = "post-uplift";

std::vector<work::Job> JobsOf();

// One slice of each.
async::Task<absl::Status> PreviewUpliftWork(call::Call& call, work::Item item);
async::Task<absl::Status> PostUpliftWork(call::Call& call, work::Item item);

// Asks for the first slice of an uplift's work: the handler tries it at once, others after the lease.
void Begin(const call::Call& call, call::Subject& uplift, const std::string& kind);

// An uplift with its subject, and an item of its work.
using UpliftWork = work::OwnedWork<v1::Uplift>;

}  // namespace ipb::allocation
