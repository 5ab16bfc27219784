#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/allocation/handlers/facts.h"
#include "services/allocation/work/uplift_rows.h"

namespace ipb::allocation::handlers {
namespace {

constexpr int kDefaultPage = 50;
constexpr int kLargestPage = 200;

// Where a page begins: so many verdicts into the record that follows one.
struct Place {
  std::string after;
  int verdicts = 0;
};

std::string TokenOf(const std::string& uplift, const Place& place) {
  return absl::WebSafeBase64Escape(absl::StrCat(uplift, "|", place.after, "|", place.verdicts));
}

absl::StatusOr<Place> PlaceOf(const std::string& uplift, const std::string& token) {
  Place place;
  if (token.empty()) return place;
  std::string text;
  absl::WebSafeBase64Unescape(token, &text);
  const std::vector<std::string> parts = absl::StrSplit(text, '|');
  const bool ours = parts.size() == 3 && parts[0] == uplift && absl::SimpleAtoi(parts[2], &place.verdicts) &&
                    place.verdicts >= 0;
  if (!ours) return errors::InvalidField("page_token", "is not a token that this list gave");
  place.after = parts[1];
  return place;
}

}  // namespace

Answer<v1::Uplift> GetUplift(const Upstreams&, call::Call& call, const v1::GetUpliftRequest& request) {
  auto loading = work::LoadOwned<v1::Uplift>(call, request.name());
  IPB_CO_ASSIGN_OR_RETURN(LoadedUplift loaded, co_await loading);
  co_return std::move(loaded.resource);
}

Answer<v1::ListUpliftVerdictsResponse> ListUpliftVerdicts(const Upstreams&, call::Call& call,
                                                          const v1::ListUpliftVerdictsRequest& request) {
  const std::string uplift = request.parent();
  auto loading = work::LoadOwned<v1::Uplift>(call, uplift);
  IPB_CO_RETURN_IF_ERROR((co_await loading).status());
  IPB_CO_ASSIGN_OR_RETURN(Place place, PlaceOf(uplift, request.page_token()));
  const int size = request.page_size() == 0 ? kDefaultPage : std::min(request.page_size(), kLargestPage);
  v1::ListUpliftVerdictsResponse reply;
  while (true) {
    auto reading = NextVerdicts(call, uplift, place.after);
    IPB_CO_ASSIGN_OR_RETURN(VerdictChunk chunk, co_await reading);
    if (chunk.record.empty()) co_return reply;
    const int in_chunk = chunk.verdicts.verdicts_size();
    for (; place.verdicts < in_chunk; ++place.verdicts) {
      if (reply.verdicts_size() == size) {
        reply.set_next_page_token(TokenOf(uplift, place));
        co_return reply;
      }
      *reply.add_verdicts() = std::move(*chunk.verdicts.mutable_verdicts(place.verdicts));
    }
    place = {chunk.record, 0};
  }
}

}  // namespace ipb::allocation::handlers
