#include "services/reviews/rules/schedule.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/words.h"

namespace ipb::reviews {
namespace {

constexpr explain::Rule kFirst = {
    "REVIEW-DUE-FIRST",
    "The first review under {regime} is due by {due_date}, counted from {start_date}: {row_source}",
    "cadences of the reviews policy"};
constexpr explain::Rule kNext = {"REVIEW-DUE-NEXT",
                                 "The next review under {regime} is due by {due_date}, counted from the last "
                                 "one on {last_review_date}: {row_source}",
                                 "cadences of the reviews policy"};
constexpr explain::Rule kFixed = {"REVIEW-DUE-FIXED",
                                  "The review under {regime} is due by its own date, {due_date}",
                                  "Care Act 2014 s27; personal wheelchair budget guidance"};
constexpr explain::Rule kEarliest = {
    "REVIEW-DUE", "The review is due by {due_date}, the earliest of the dates, which is that of {regime}",
    "Care Act 2014 s27; SI 2014/2871 reg 7; SI 2013/1617 reg 14"};
constexpr explain::Rule kLightTouch = {
    "REVIEW-LIGHT-TOUCH", "It is a light-touch review, which stands for no other regime's review",
    "Care and Support Statutory Guidance 13.27"};
constexpr explain::Rule kRegime = {
    "REVIEW-REGIME", "The plan has no line that anybody funds, so no law says when it is reviewed",
    "Care Act 2014 s27; SI 2014/2871 reg 7; SI 2013/1617 reg 14",
    "add costed lines to the plan, or schedule a review for the trigger that there is"};
constexpr explain::Rule kTrigger = {"REVIEW-DUE-TRIGGER",
                                    "A review for {trigger} is due within {within_days} days: {row_source}",
                                    "trigger deadlines of the reviews policy"};

std::string RegimeWords(v1::ReviewRegime regime) {
  return explain::Words(v1::ReviewRegime_Name(regime), "REVIEW_REGIME_");
}

absl::CivilDay After(absl::CivilDay day, const v1::ReviewInterval& interval) {
  return dates::AddMonths(day, interval.months()) + interval.days();
}

// The rows for a day, national first.
template <typename RowsOf, typename Matches>
auto RowsInEffect(const ReviewPolicy& policy, absl::CivilDay day, RowsOf rows_of, Matches matches) {
  std::vector<decltype(dates::InEffect(rows_of(policy.national->reviews()), day, matches))> rows;
  const auto consider = [&](const v1::PolicyDocument& document) {
    if (const auto* row = dates::InEffect(rows_of(document.reviews()), day, matches)) rows.push_back(row);
  };
  consider(*policy.national);
  for (const v1::PolicyDocument* document : policy.local) consider(*document);
  return rows;
}

absl::StatusOr<RegimeDue> DueOf(const RegimeFacts& facts, const ReviewPolicy& policy, explain::Trace& trace) {
  const std::string regime = RegimeWords(facts.regime);
  if (facts.fixed_date) {
    trace.Add(kFixed, {{"regime", regime}, {"due_date", *facts.fixed_date}});
    return RegimeDue{facts.regime, *facts.fixed_date, false};
  }
  const bool first = !facts.last_review_date;
  const absl::CivilDay from = first ? facts.start_date : *facts.last_review_date;
  const auto rows = RowsInEffect(
      policy, from, [](const v1::ReviewsPolicy& reviews) -> const auto& { return reviews.cadences(); },
      [&](const v1::ReviewCadence& row) { return row.regime() == facts.regime; });
  if (rows.empty()) return errors::NoRate(absl::StrCat("review cadence, ", regime), dates::Format(from));
  const auto due_by = [&](const v1::ReviewCadence* row) {
    return After(from, first ? row->first() : row->then());
  };
  const v1::ReviewCadence* row = *std::min_element(
      rows.begin(), rows.end(),
      [&](const v1::ReviewCadence* a, const v1::ReviewCadence* b) { return due_by(a) < due_by(b); });
  trace.Add(first ? kFirst : kNext, {{"regime", regime},
                                     {"due_date", due_by(row)},
                                     {first ? "start_date" : "last_review_date", from},
                                     {"row_source", row->provenance().source()}});
  return RegimeDue{facts.regime, due_by(row), first && row->first_light_touch()};
}

}  // namespace

absl::StatusOr<Schedule> DecideSchedule(const std::vector<RegimeFacts>& regimes, const ReviewPolicy& policy) {
  explain::Refusal refusal;
  if (regimes.empty()) refusal.Add(kRegime, "plan");
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  Schedule schedule;
  std::vector<RegimeDue> dues;
  for (const RegimeFacts& facts : regimes) {
    IPB_ASSIGN_OR_RETURN(const RegimeDue due, DueOf(facts, policy, schedule.trace));
    dues.push_back(due);
  }
  // On the same day a whole review goes before a light-touch one, because it stands for both.
  const RegimeDue& earliest =
      *std::min_element(dues.begin(), dues.end(), [](const RegimeDue& a, const RegimeDue& b) {
        return a.due_date != b.due_date ? a.due_date < b.due_date : !a.light_touch && b.light_touch;
      });
  schedule.due_date = earliest.due_date;
  schedule.deciding_regime = earliest.regime;
  schedule.light_touch = earliest.light_touch;
  schedule.trace.Add(kEarliest, {{"due_date", earliest.due_date}, {"regime", RegimeWords(earliest.regime)}});
  if (earliest.light_touch) {
    schedule.regimes = {earliest.regime};
    schedule.trace.Add(kLightTouch);
    return schedule;
  }
  for (const RegimeDue& due : dues) schedule.regimes.push_back(due.regime);
  return schedule;
}

absl::StatusOr<absl::CivilDay> DueForTrigger(v1::ReviewTrigger trigger, const ReviewPolicy& policy,
                                             absl::CivilDay today, explain::Trace& trace) {
  const std::string words = explain::Words(v1::ReviewTrigger_Name(trigger), "REVIEW_TRIGGER_");
  const auto rows = RowsInEffect(
      policy, today,
      [](const v1::ReviewsPolicy& reviews) -> const auto& { return reviews.trigger_deadlines(); },
      [&](const v1::TriggerDeadline& row) { return row.trigger() == trigger; });
  if (rows.empty())
    return errors::NoRate(absl::StrCat("deadline of a review for ", words), dates::Format(today));
  const v1::TriggerDeadline* row = *std::min_element(
      rows.begin(), rows.end(), [](const v1::TriggerDeadline* a, const v1::TriggerDeadline* b) {
        return a->within_days() < b->within_days();
      });
  trace.Add(kTrigger, {{"trigger", words},
                       {"within_days", int64_t{row->within_days()}},
                       {"row_source", row->provenance().source()}});
  return today + row->within_days();
}

int64_t OverdueDays(const v1::Review& review, absl::CivilDay today) {
  const bool open =
      review.state() == v1::Review::STATE_SCHEDULED || review.state() == v1::Review::STATE_STARTED;
  if (!open || review.due_date().empty()) return 0;
  return std::max<int64_t>(0, today - dates::Checked(review.due_date()));
}

}  // namespace ipb::reviews
