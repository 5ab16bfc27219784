// What people finishes later: what a merge or a split does to the other person, and claims that lead
// elsewhere. Each job may run twice, or again after a crash at any point, and does what it does once.
#pragma once

#include <string>
#include <vector>

#include "common/work/worker.h"
#include "ipb/state/v1/state.pb.h"
#include "ipb/v1/person.pb.h"

namespace ipb::people {

// The kinds of work.
inline constexpr char kCarryMerge[] = "carry-merge";
inline constexpr char kUndoMerge[] = "undo-merge";
inline constexpr char kMoveClaims[] = "move-claims";

// Makes the organisations of a merged person, whose subject has the item, responsible for the survivor too.
// Where the survivor was merged meanwhile, it goes on from there; where several people were merged in a ring
// at one moment, the one whose name sorts first stands again.
async::Task<absl::Status> CarryMerge(call::Call& call, work::Item item);

// Lets a person whose merge was undone stand again; the subject of the one into whom they were merged has the
// item.
async::Task<absl::Status> UndoMerge(call::Call& call, work::Item item);

// Makes the new person of a split, where there is one, and points the claims to them, or to nobody. A claim
// that was pointed elsewhere since is left alone.
async::Task<absl::Status> MoveClaims(call::Call& call, work::Item item);

// Ask for these. Each gives the item's id, for the caller to try it at once: the worker leaves it alone for
// as long as a claim lasts.
std::string EnqueueCarrying(const call::Call& call, call::Subject& merged);
std::string EnqueueUndoing(const call::Call& call, call::Subject& survivor, const v1::Person& merged);
std::string EnqueueClaimMove(const call::Call& call, call::Subject& person, const state::v1::ClaimMove& move);

// Commits the subject with the person as the reply, and tries the item that it asks for at once.
async::Task<absl::StatusOr<v1::Person>> CommitAndTry(call::Call& call, call::Subject subject,
                                                     v1::Person reply, std::string id);

// The jobs, for the service's worker.
std::vector<work::Job> Jobs();

}  // namespace ipb::people
