#include "services/allocation/rules/uplift_total.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/trace.h"
#include "common/identifiers/digest.h"
#include "services/allocation/rules/budget.h"

namespace ipb::allocation {
namespace {

constexpr explain::Rule kSecondPerson = {.id = "UPLIFT-SECOND-PERSON",
                                         .sentence = "Whoever asked for the uplift may not release it",
                                         .source = "financial control: four eyes on every release",
                                         .remedy = "somebody else of the organisation releases it"};
constexpr explain::Rule kDigest = {
    .id = "UPLIFT-DIGEST",
    .sentence =
        "What is to be released is not what was frozen: {count} budgets with {weekly_after_pence} a week "
        "together",
    .source = "financial control: control totals equal what was looked at before release",
    .remedy = "look at the uplift again and release its digest and total"};
constexpr explain::Rule kReasons = {.id = "UPLIFT-REASONS",
                                    .sentence = "An uplift is given up without reasons",
                                    .source = "financial control: a cancelled uplift is explained",
                                    .remedy = "give reasons in `decision.reasons`"};

absl::Status NeedState(const v1::Uplift& uplift, std::initializer_list<v1::Uplift::State> states,
                       absl::string_view allowed) {
  if (std::find(states.begin(), states.end(), uplift.state()) != states.end()) return absl::OkStatus();
  return errors::WrongState(uplift.name(), v1::Uplift::State_Name(uplift.state()), allowed);
}

absl::StatusOr<int64_t> Plus(int64_t a_pence, int64_t b_pence) {
  return money::Sum().Add(a_pence).Add(b_pence).Total();
}

}  // namespace

absl::StatusOr<v1::Uplift> DecideApplyUplift(const v1::ApplyUpliftRequest& request,
                                             absl::string_view organisation, absl::string_view preparer,
                                             const v1::AllocationPolicy& own) {
  const absl::CivilDay day = dates::Checked(request.effective_from_date());
  const bool by_list = request.method() == v1::UPLIFT_METHOD_PRICE_LIST;
  if (by_list && dates::InEffect(own.unit_rates(), day) == nullptr) {
    return errors::NoRate("prices of the organisation's own list", request.effective_from_date());
  }
  if (!by_list && dates::InEffect(own.uplift_rates(), day) == nullptr) {
    return errors::NoRate("uplift of the organisation's money", request.effective_from_date());
  }
  v1::Uplift uplift;
  uplift.set_method(by_list ? v1::UPLIFT_METHOD_PRICE_LIST : v1::UPLIFT_METHOD_RATES);
  uplift.set_organisation(std::string(organisation));
  uplift.set_preparer(std::string(preparer));
  uplift.set_effective_from_date(request.effective_from_date());
  uplift.set_state(v1::Uplift::STATE_PREVIEWING);
  return uplift;
}

void UpliftTally::Add(const v1::UpliftVerdict& verdict) {
  ++budget_count_;
  absl::StrAppend(&lines_, verdict.budget(), " ", v1::UpliftVerdict::Kind_Name(verdict.kind()), " ",
                  verdict.weekly_before_pence(), " ", verdict.weekly_after_pence(), "\n");
  if (verdict.kind() != v1::UpliftVerdict::KIND_TO_UPLIFT) return;
  ++uplifted_count_;
  before_.Add(verdict.weekly_before_pence());
  after_.Add(verdict.weekly_after_pence());
}

std::string UpliftTally::Digest() const { return identifiers::Sha256Hex(lines_); }

absl::StatusOr<v1::Uplift> DecideFreezeUplift(const v1::Uplift& uplift, const UpliftTally& tally) {
  IPB_RETURN_IF_ERROR(NeedState(uplift, {v1::Uplift::STATE_PREVIEWING}, "STATE_PREVIEWING"));
  IPB_ASSIGN_OR_RETURN(const int64_t before, tally.WeeklyBefore());
  IPB_ASSIGN_OR_RETURN(const int64_t after, tally.WeeklyAfter());
  v1::Uplift previewed = uplift;
  previewed.set_budget_count(tally.budget_count());
  previewed.set_uplifted_count(tally.uplifted_count());
  previewed.set_weekly_before_pence(before);
  previewed.set_weekly_after_pence(after);
  previewed.set_digest(tally.Digest());
  previewed.set_state(v1::Uplift::STATE_PREVIEWED);
  return previewed;
}

absl::StatusOr<v1::Uplift> DecideReleaseUplift(const v1::Uplift& uplift,
                                               const v1::ReleaseUpliftRequest& request,
                                               const v1::HumanDecision& decision, absl::CivilDay today) {
  IPB_RETURN_IF_ERROR(NeedState(uplift, {v1::Uplift::STATE_PREVIEWED}, "STATE_PREVIEWED"));
  IPB_RETURN_IF_ERROR(CheckDecisionDate(decision, today));
  explain::Refusal refusal;
  if (decision.decider() == uplift.preparer()) refusal.Add(kSecondPerson, uplift.name());
  if (request.digest() != uplift.digest() || request.weekly_after_pence() != uplift.weekly_after_pence()) {
    refusal.Add(kDigest, uplift.name(),
                {{"count", uplift.uplifted_count()},
                 {"weekly_after_pence", explain::Pence{uplift.weekly_after_pence()}}});
  }
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  v1::Uplift released = uplift;
  *released.mutable_release() = decision;
  released.set_state(v1::Uplift::STATE_POSTING);
  return released;
}

absl::StatusOr<v1::Uplift> DecideCancelUplift(const v1::Uplift& uplift, const v1::HumanDecision& decision,
                                              absl::CivilDay today) {
  IPB_RETURN_IF_ERROR(NeedState(uplift, {v1::Uplift::STATE_PREVIEWING, v1::Uplift::STATE_PREVIEWED},
                                "STATE_PREVIEWING or STATE_PREVIEWED"));
  IPB_RETURN_IF_ERROR(CheckDecisionDate(decision, today));
  explain::Refusal refusal;
  if (absl::StripAsciiWhitespace(decision.reasons()).empty()) refusal.Add(kReasons, uplift.name());
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  v1::Uplift cancelled = uplift;
  *cancelled.mutable_cancellation() = decision;
  cancelled.set_state(v1::Uplift::STATE_CANCELLED);
  return cancelled;
}

absl::StatusOr<v1::Uplift> CountPosted(const v1::Uplift& uplift, const v1::UpliftVerdict& verdict) {
  v1::Uplift counted = uplift;
  if (verdict.kind() != v1::UpliftVerdict::KIND_UPLIFTED) {
    counted.set_dropped_count(uplift.dropped_count() + 1);
    return counted;
  }
  IPB_ASSIGN_OR_RETURN(const int64_t before,
                       Plus(uplift.posted_before_pence(), verdict.weekly_before_pence()));
  IPB_ASSIGN_OR_RETURN(const int64_t after, Plus(uplift.posted_after_pence(), verdict.weekly_after_pence()));
  counted.set_posted_count(uplift.posted_count() + 1);
  counted.set_posted_before_pence(before);
  counted.set_posted_after_pence(after);
  return counted;
}

}  // namespace ipb::allocation
