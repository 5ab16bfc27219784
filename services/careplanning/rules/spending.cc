#include "services/careplanning/rules/spending.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/words.h"
#include "services/careplanning/rules/plan_money.h"

namespace ipb::careplanning {
namespace {

constexpr explain::Rule kLooked = {
    "PLAN-SPEND", "The money of {organisation} was asked to buy {category} on {spending_date}",
    "Care Act 2014 s33; SI 2013/1617 regs 8, 11"};
constexpr explain::Rule kOver = {"PLAN-SPEND-OVER", "The plan is over on {spending_date}",
                                 "Care Act 2014 s33(3); SI 2013/1617 reg 11",
                                 "spend under the plan that is in effect on that day"};
constexpr explain::Rule kEarly = {
    "PLAN-SPEND-EARLY", "The plan is not in effect on {spending_date}: its first day is {active_date}",
    "Care Act 2014 s33(3); SI 2013/1617 reg 11",
    "spend under the plan that is in effect on that day, or later"};
constexpr explain::Rule kNotInPlanCouncil = {"PLAN-SPEND-NOT-IN-PLAN",
                                             "No line of the plan is for {category}", "Care Act 2014 s33(3)",
                                             "revise the plan so that a line is for it, towards an outcome"};
constexpr explain::Rule kNotInPlanNhs = {"PLAN-SPEND-NOT-IN-PLAN", "No line of the plan is for {category}",
                                         "SI 2013/1617 reg 11",
                                         "revise the plan so that a line is for it, towards an outcome"};
constexpr explain::Rule kExcluded = {
    "PLAN-SPEND-EXCLUDED", "The money of {organisation} may not buy {category}: {row_source}",
    "spending exclusions of the care planning policy", "pay for it from other money"};
constexpr explain::Rule kCareHome = {
    "PLAN-SPEND-CARE-HOME",
    "A council's direct payment buys at most {maximum_nights} nights in a care home in {window_months} "
    "months, and with "
    "the stays that count together this one makes {counted_nights}",
    "SI 2014/2871 reg 6",
    "let the council arrange the stay, or leave at least {separating_nights} nights between stays"};
constexpr explain::Rule kFamilyCouncil = {
    "PLAN-SPEND-FAMILY",
    "A council's direct payment may not pay a partner, or a close relative in the same household, unless the "
    "council is "
    "satisfied that it is necessary",
    "SI 2014/2871 reg 3",
    "{organisation} finds it necessary, for care or for administration, when it approves the plan"};
constexpr explain::Rule kFamilyNhs = {"PLAN-SPEND-FAMILY",
                                      "A direct payment for healthcare may not pay a relative or friend in "
                                      "the same household, unless it is necessary to "
                                      "meet the need or to promote a child's welfare",
                                      "SI 2013/1617 reg 8(5A)-(5B)",
                                      "{organisation} finds it necessary when it approves the plan"};
constexpr explain::Rule kFunderUnknown = {
    "PLAN-SPEND-FUNDER", "Policy does not say what kind of body {organisation} is on {spending_date}",
    "organisations of the policy data", "add the organisation to the policy data"};

// What would be bought, with what the line says of it.
struct Purchase {
  const v1::CheckSpendingRequest* request;
  v1::ManagementOption option;
  bool in_plan;
  bool plan_over;
  absl::CivilDay day;
};

struct Nights {
  absl::CivilDay first;
  absl::CivilDay last;
};

absl::StatusOr<std::vector<Nights>> ReadStays(const v1::CheckSpendingRequest& request) {
  if (!request.has_stay()) {
    return errors::InvalidField("stay", "is needed to say whether money may buy a care-home stay");
  }
  std::vector<Nights> stays;
  for (const v1::CareHomeStay& stay : request.earlier_stays()) {
    stays.push_back({dates::Checked(stay.first_night_date()), dates::Checked(stay.last_night_date())});
  }
  std::sort(stays.begin(), stays.end(), [](const Nights& a, const Nights& b) { return a.first < b.first; });
  stays.push_back(
      {dates::Checked(request.stay().first_night_date()), dates::Checked(request.stay().last_night_date())});
  for (size_t i = 0; i < stays.size(); ++i) {
    if (stays[i].last < stays[i].first) return errors::InvalidField("stay", "ends before it begins");
    if (i > 0 && stays[i].first <= stays[i - 1].last) {
      return errors::InvalidField("earlier_stays", "are before the stay asked about and do not overlap");
    }
  }
  return stays;
}

// The nights of the last stay and of those before it that count together with it, within the window that ends
// with it.
int64_t CountNights(const std::vector<Nights>& stays, const v1::CareHomeLimit& limit) {
  const absl::CivilDay window = dates::AddMonths(stays.back().last, -limit.window_months()) + 1;
  int64_t nights = 0;
  for (size_t i = stays.size(); i-- > 0;) {
    const bool joined =
        i + 1 == stays.size() || stays[i + 1].first - stays[i].last - 1 < limit.separating_nights();
    if (!joined) break;
    nights += std::max<int64_t>(0, stays[i].last - std::max(stays[i].first, window) + 1);
  }
  return nights;
}

absl::Status CheckCareHome(const Purchase& purchase, const PlanPolicy& policy, explain::Refusal& refusal) {
  const v1::CareHomeLimit* limit = FindCareHomeLimit(policy, purchase.day);
  if (limit == nullptr) return errors::NoRate("limit on care-home stays", dates::Format(purchase.day));
  IPB_ASSIGN_OR_RETURN(const std::vector<Nights> stays, ReadStays(*purchase.request));
  const int64_t nights = CountNights(stays, *limit);
  if (nights > limit->maximum_nights()) {
    refusal.Add(kCareHome, "stay",
                {{"maximum_nights", int64_t{limit->maximum_nights()}},
                 {"window_months", int64_t{limit->window_months()}},
                 {"counted_nights", nights},
                 {"separating_nights", int64_t{limit->separating_nights()}}});
  }
  return absl::OkStatus();
}

bool FoundNecessary(const v1::Plan& plan, absl::string_view organisation, absl::string_view line_id,
                    v1::CallerKind kind) {
  for (const v1::PlanApproval& approval : plan.approvals()) {
    if (approval.organisation() != organisation) continue;
    for (const v1::NecessityFinding& finding : approval.necessities()) {
      if (finding.line_id() == line_id && IsGroundOf(kind, finding.ground())) return true;
    }
  }
  return false;
}

void CheckFamily(const v1::Plan& plan, const Purchase& purchase, const v1::FundingShare& share,
                 v1::CallerKind kind, explain::Refusal& refusal) {
  const v1::CheckSpendingRequest& request = *purchase.request;
  if (!NeedsNecessity(kind, purchase.option, request.relationship(), request.same_household())) return;
  if (FoundNecessary(plan, share.organisation(), request.line_id(), kind)) return;
  refusal.Add(kind == v1::CALLER_KIND_NHS ? kFamilyNhs : kFamilyCouncil, "relationship",
              {{"organisation", share.organisation()}});
}

absl::Status CheckShare(const v1::Plan& plan, const Purchase& purchase, const v1::FundingShare& share,
                        const PlanPolicy& policy, explain::Refusal& refusal) {
  const std::string category = CategoryWords(purchase.request->category());
  const v1::CallerKind kind = KindOf(policy, share.organisation(), purchase.day);
  if (kind == v1::CALLER_KIND_UNSPECIFIED) {
    refusal.Add(kFunderUnknown, share.organisation(),
                {{"organisation", share.organisation()}, {"spending_date", purchase.day}});
  }
  if (purchase.plan_over) refusal.Add(kOver, plan.name(), {{"spending_date", purchase.day}});
  if (!plan.active_date().empty() && purchase.day < dates::Checked(plan.active_date())) {
    refusal.Add(kEarly, plan.name(),
                {{"spending_date", purchase.day}, {"active_date", dates::Checked(plan.active_date())}});
  }
  if (!purchase.in_plan) {
    refusal.Add(kind == v1::CALLER_KIND_NHS ? kNotInPlanNhs : kNotInPlanCouncil, "category",
                {{"category", category}});
  }
  if (const v1::SpendingExclusion* row =
          FindExclusion(policy, share, purchase.request->category(), purchase.option, purchase.day)) {
    refusal.Add(kExcluded, "category",
                {{"organisation", share.organisation()},
                 {"category", category},
                 {"row_source", row->provenance().source()}});
  }
  CheckFamily(plan, purchase, share, kind, refusal);
  if (purchase.request->category() == v1::SPENDING_CATEGORY_CARE_HOME && kind == v1::CALLER_KIND_COUNCIL &&
      purchase.option == v1::MANAGEMENT_OPTION_DIRECT_PAYMENT) {
    return CheckCareHome(purchase, policy, refusal);
  }
  return absl::OkStatus();
}

// Every share of the line, or where there is no line each organisation and basis that funds the plan.
std::vector<v1::FundingShare> SharesAsked(const v1::Plan& plan, const v1::PlanLine* line) {
  if (line != nullptr) return {line->shares().begin(), line->shares().end()};
  std::vector<v1::FundingShare> shares;
  for (const v1::PlanLine& each : plan.lines()) {
    for (const v1::FundingShare& share : each.shares()) {
      const bool known = std::any_of(shares.begin(), shares.end(), [&](const v1::FundingShare& other) {
        return other.organisation() == share.organisation() && other.basis() == share.basis();
      });
      if (known) continue;
      shares.push_back(share);
      shares.back().clear_share();
    }
  }
  return shares;
}

// Judged by the day: what was bought while the plan was in effect may be asked about later.
bool IsOver(const v1::Plan& plan, absl::CivilDay day) {
  if (plan.state() == v1::Plan::STATE_SUPERSEDED && plan.last_active_date().empty()) return true;
  for (const std::string& last_date : {plan.last_active_date(), plan.end().end_date(), plan.expiry_date()}) {
    if (!last_date.empty() && day > dates::Checked(last_date)) return true;
  }
  return false;
}

}  // namespace

absl::StatusOr<SpendingDecision> DecideSpending(const v1::Plan& plan, const v1::CheckSpendingRequest& request,
                                                const PlanPolicy& policy) {
  const v1::PlanLine* line = request.line_id().empty() ? nullptr : FindLine(plan, request.line_id());
  if (line == nullptr && !request.line_id().empty()) {
    return errors::InvalidField("line_id", "is not a line of the plan");
  }
  Purchase purchase;
  purchase.request = &request;
  purchase.option = line == nullptr ? v1::MANAGEMENT_OPTION_DIRECT_PAYMENT : line->management_option();
  purchase.in_plan = line != nullptr && line->category() == request.category();
  purchase.day = dates::Checked(request.spending_date());
  purchase.plan_over = IsOver(plan, purchase.day);
  SpendingDecision decision;
  bool all_allowed = true;
  for (const v1::FundingShare& share : SharesAsked(plan, line)) {
    explain::Refusal refusal;
    IPB_RETURN_IF_ERROR(CheckShare(plan, purchase, share, policy, refusal));
    v1::SpendingVerdict* verdict = decision.response.add_verdicts();
    *verdict->mutable_share() = share;
    verdict->set_allowed(refusal.empty());
    all_allowed &= refusal.empty();
    for (const explain::Refusal::Violation& violation : refusal.violations()) {
      v1::PlanFinding* finding = verdict->add_refusals();
      finding->set_rule_id(violation.rule_id);
      finding->set_subject(violation.subject);
      finding->set_description(violation.description);
    }
    decision.trace.Add(kLooked,
                       {{"organisation", share.organisation()},
                        {"category", CategoryWords(request.category())},
                        {"spending_date", purchase.day}},
                       refusal.empty() ? "allowed" : "not allowed");
  }
  decision.response.set_allowed(all_allowed && decision.response.verdicts_size() > 0);
  return decision;
}

const v1::SpendingExclusion* FindExclusion(const PlanPolicy& policy, const v1::FundingShare& share,
                                           v1::SpendingCategory category, v1::ManagementOption option,
                                           absl::CivilDay day) {
  const v1::CallerKind kind = KindOf(policy, share.organisation(), day);
  const auto has = [](const auto& values, int value) {
    return values.empty() || std::find(values.begin(), values.end(), value) != values.end();
  };
  const auto matches = [&](const v1::SpendingExclusion& row) {
    return row.category() == category && row.funder_kind() == kind && has(row.bases(), share.basis()) &&
           has(row.management_options(), option);
  };
  const v1::SpendingExclusion* row =
      dates::InEffect(policy.national->care_planning().spending_exclusions(), day, matches);
  if (row != nullptr) return row;
  return dates::InEffect(LocalRows(policy, share.organisation()).spending_exclusions(), day, matches);
}

bool NeedsNecessity(v1::CallerKind funder_kind, v1::ManagementOption option,
                    v1::PayeeRelationship relationship, bool same_household) {
  if (option != v1::MANAGEMENT_OPTION_DIRECT_PAYMENT) return false;
  switch (relationship) {
    case v1::PAYEE_RELATIONSHIP_PARTNER:
      return same_household || funder_kind != v1::CALLER_KIND_NHS;
    case v1::PAYEE_RELATIONSHIP_CLOSE_RELATIVE:
      return same_household;
    case v1::PAYEE_RELATIONSHIP_FRIEND:
      return same_household && funder_kind == v1::CALLER_KIND_NHS;
    default:
      return false;
  }
}

bool IsGroundOf(v1::CallerKind funder_kind, v1::NecessityFinding::Ground ground) {
  switch (ground) {
    case v1::NecessityFinding::GROUND_MEET_NEED:
      return true;
    case v1::NecessityFinding::GROUND_ADMINISTRATION:
      return funder_kind == v1::CALLER_KIND_COUNCIL;
    case v1::NecessityFinding::GROUND_CHILD_WELFARE:
      return funder_kind == v1::CALLER_KIND_NHS;
    default:
      return false;
  }
}

const v1::CareHomeLimit* FindCareHomeLimit(const PlanPolicy& policy, absl::CivilDay day) {
  return dates::InEffect(policy.national->care_planning().care_home_limits(), day);
}

std::string CategoryWords(v1::SpendingCategory category) {
  return explain::Words(v1::SpendingCategory_Name(category), "SPENDING_CATEGORY_");
}

}  // namespace ipb::careplanning
