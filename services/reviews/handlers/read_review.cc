#include <optional>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "services/reviews/handlers/handlers.h"
#include "services/reviews/handlers/kept_review.h"
#include "services/reviews/rules/schedule.h"

namespace ipb::reviews::handlers {
namespace {

constexpr size_t kDefaultPage = 50;
constexpr size_t kMaximumPage = 200;
// Entries looked at for one page; reviews that the caller has lost access to are passed over.
constexpr size_t kMaximumScan = 1000;

// Which list a page token belongs to: the organisation's, up to a day.
std::string ListOf(const call::Call& call, absl::CivilDay until) {
  return absl::StrCat("due-reviews|", call.caller().organisation, "|", dates::Format(until), "|");
}

std::string PageToken(const std::string& list, const store::IndexEntry& last) {
  return absl::WebSafeBase64Escape(absl::StrCat(list, last.key, "|", last.subject, "|", last.name));
}

absl::StatusOr<std::optional<store::IndexEntry>> ReadPageToken(const std::string& list,
                                                               const std::string& token) {
  if (token.empty()) return std::nullopt;
  std::string text;
  if (absl::WebSafeBase64Unescape(token, &text) && text.compare(0, list.size(), list) == 0) {
    const std::vector<std::string> parts = absl::StrSplit(text.substr(list.size()), '|');
    if (parts.size() == 3) return store::IndexEntry{kDueIndex, parts[0], parts[1], parts[2]};
  }
  return errors::InvalidField("page_token", "is not a token that this list gave");
}

// The review that an entry points to; nothing where the caller may not know of it or it is no longer open.
Answer<std::optional<v1::Review>> OpenReviewAt(call::Call& call, store::IndexEntry entry) {
  auto loading = call.Load(entry.subject, {entry.name});
  const absl::StatusOr<call::Subject> subject = co_await loading;
  if (subject.status().code() == absl::StatusCode::kNotFound) co_return std::optional<v1::Review>();
  IPB_CO_RETURN_IF_ERROR(subject.status());
  std::optional<v1::Review> review = subject->FindRecord<v1::Review>(entry.name);
  const bool open = review && (review->state() == v1::Review::STATE_SCHEDULED ||
                               review->state() == v1::Review::STATE_STARTED);
  if (!open) review.reset();
  co_return review;
}

}  // namespace

Answer<v1::Review> GetReview(const Upstreams&, call::Call& call, const v1::GetReviewRequest& request) {
  const std::string explanation = call::ExplanationRecordOf(request.name());
  auto loading = call.Load(request.name(), {explanation});
  IPB_CO_ASSIGN_OR_RETURN(const call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(v1::Review review, subject.Get<v1::Review>(request.name()));
  if (auto kept = subject.FindRecord<v1::Explanation>(explanation))
    *review.mutable_explanation() = *std::move(kept);
  co_return review;
}

Answer<v1::ListReviewsResponse> ListReviews(const Upstreams&, call::Call& call,
                                            const v1::ListReviewsRequest& request) {
  auto listing =
      call.ListOf<v1::Review>(request.parent(), "reviews", request.page_size(), request.page_token());
  IPB_CO_ASSIGN_OR_RETURN(auto page, co_await listing);
  v1::ListReviewsResponse reply;
  for (v1::Review& review : page.resources) *reply.add_reviews() = std::move(review);
  reply.set_next_page_token(page.next_page_token);
  co_return reply;
}

Answer<v1::ListDueReviewsResponse> ListDueReviews(const Upstreams&, call::Call& call,
                                                  const v1::ListDueReviewsRequest& request) {
  const absl::CivilDay until =
      request.due_by_date().empty() ? call.today() : dates::Checked(request.due_by_date());
  const std::string list = ListOf(call, until);
  IPB_CO_ASSIGN_OR_RETURN(std::optional<store::IndexEntry> after, ReadPageToken(list, request.page_token()));
  const size_t wanted =
      request.page_size() <= 0 ? kDefaultPage : std::min<size_t>(request.page_size(), kMaximumPage);
  const std::string& organisation = call.caller().organisation;
  auto scanning =
      call.environment().store->Scan(kDueIndex, DueKeyOf(organisation, ""),
                                     DueKeyOf(organisation, dates::Format(until + 1)), after, kMaximumScan);
  IPB_CO_ASSIGN_OR_RETURN(const std::vector<store::IndexEntry> entries, co_await scanning);
  v1::ListDueReviewsResponse reply;
  for (const store::IndexEntry& entry : entries) {
    auto reading = OpenReviewAt(call, entry);
    IPB_CO_ASSIGN_OR_RETURN(std::optional<v1::Review> review, co_await reading);
    const bool last = &entry == &entries.back();
    if (review) {
      v1::DueReview* due = reply.add_due_reviews();
      due->set_overdue_days(static_cast<int32_t>(OverdueDays(*review, call.today())));
      *due->mutable_review() = *std::move(review);
    }
    const bool full = static_cast<size_t>(reply.due_reviews_size()) == wanted;
    const bool more = !last || entries.size() == kMaximumScan;
    if ((full || last) && more) reply.set_next_page_token(PageToken(list, entry));
    if (full) break;
  }
  co_return reply;
}

}  // namespace ipb::reviews::handlers
