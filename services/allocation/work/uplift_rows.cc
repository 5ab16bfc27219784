#include "services/allocation/work/uplift_rows.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/errors/status_macros.h"

namespace ipb::allocation {
namespace {

constexpr char kVerdicts[] = "verdicts/";

}  // namespace

// The slash at the end makes the order that of the index, whose keys go on with one.
std::string VerdictRecordOf(absl::string_view first_person) {
  return absl::StrCat(kVerdicts, first_person, "/");
}

async::Task<absl::StatusOr<VerdictChunk>> NextVerdicts(call::Call& call, std::string uplift,
                                                       std::string after) {
  auto listing = call.environment().store->List(std::move(uplift), kVerdicts, std::move(after), 1);
  IPB_CO_ASSIGN_OR_RETURN(const std::vector<store::Record> records, co_await listing);
  VerdictChunk chunk;
  if (records.empty()) co_return chunk;
  chunk.record = records.front().name;
  chunk.verdicts.ParseFromString(records.front().data);
  co_return chunk;
}

async::Task<absl::Status> ForEachVerdict(call::Call& call, std::string uplift,
                                         std::function<void(const v1::UpliftVerdict&)> see) {
  std::string after;
  while (true) {
    auto reading = NextVerdicts(call, uplift, after);
    IPB_CO_ASSIGN_OR_RETURN(const VerdictChunk chunk, co_await reading);
    if (chunk.record.empty()) co_return absl::OkStatus();
    for (const v1::UpliftVerdict& verdict : chunk.verdicts.verdicts()) see(verdict);
    after = chunk.record;
  }
}

}  // namespace ipb::allocation
