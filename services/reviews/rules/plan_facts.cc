#include "services/reviews/rules/plan_facts.h"

#include <algorithm>

#include "common/dates/civil.h"

namespace ipb::reviews {
namespace {

bool Contains(const std::vector<std::string>& list, const std::string& one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

bool IsDirectPayment(const v1::PlanLine& line) {
  return line.management_option() == v1::MANAGEMENT_OPTION_DIRECT_PAYMENT;
}

bool HasDirectPayment(const v1::Plan& plan) {
  return std::any_of(plan.lines().begin(), plan.lines().end(), IsDirectPayment);
}

void Add(std::vector<v1::ReviewRegime>& regimes, v1::ReviewRegime regime) {
  if (std::find(regimes.begin(), regimes.end(), regime) == regimes.end()) regimes.push_back(regime);
}

v1::ReviewRegime RegimeOf(v1::FundingBasis basis) {
  switch (basis) {
    case v1::FUNDING_BASIS_CHC:
      return v1::REVIEW_REGIME_CHC;
    case v1::FUNDING_BASIS_FNC:
      return v1::REVIEW_REGIME_FNC;
    case v1::FUNDING_BASIS_CYPCC:
      return v1::REVIEW_REGIME_CYPCC;
    case v1::FUNDING_BASIS_SECTION_117:
      return v1::REVIEW_REGIME_SECTION_117;
    case v1::FUNDING_BASIS_JOINT_PACKAGE:
    case v1::FUNDING_BASIS_DISCRETIONARY_PHB:
      return v1::REVIEW_REGIME_HEALTH_BUDGET;
    default:
      return v1::REVIEW_REGIME_CARE_ACT;
  }
}

bool HasFinancialCheck(const v1::Plan& plan, const ReviewPolicy& policy) {
  if (!HasDirectPayment(plan)) return false;
  return std::any_of(policy.local.begin(), policy.local.end(), [](const v1::PolicyDocument* document) {
    const auto& rows = document->reviews().cadences();
    return std::any_of(rows.begin(), rows.end(), [](const v1::ReviewCadence& row) {
      return row.regime() == v1::REVIEW_REGIME_FINANCIAL_CHECK;
    });
  });
}

std::vector<v1::ReviewRegime> RegimesOf(const v1::Plan& plan, const PlanSources& sources,
                                        const ReviewPolicy& policy) {
  std::vector<v1::ReviewRegime> regimes;
  for (const v1::PlanLine& line : plan.lines()) {
    for (const v1::FundingShare& share : line.shares()) {
      Add(regimes, RegimeOf(share.basis()));
      if (!IsDirectPayment(line)) continue;
      const bool nhs = Contains(sources.nhs_organisations, share.organisation());
      Add(regimes, nhs ? v1::REVIEW_REGIME_HEALTH_BUDGET : v1::REVIEW_REGIME_CARE_ACT_DIRECT_PAYMENT);
    }
  }
  if (HasFinancialCheck(plan, policy)) Add(regimes, v1::REVIEW_REGIME_FINANCIAL_CHECK);
  return regimes;
}

absl::CivilDay StartOf(const v1::Plan& plan) {
  return dates::Checked(plan.active_date().empty() ? plan.start_date() : plan.active_date());
}

absl::CivilDay StartOf(v1::ReviewRegime regime, const PlanSources& sources, const ReviewPolicy& policy) {
  absl::CivilDay start = StartOf(sources.plan);
  if (regime == v1::REVIEW_REGIME_CARE_ACT) return start;
  for (const v1::Plan& before : sources.revised) {
    const std::vector<v1::ReviewRegime> regimes = RegimesOf(before, sources, policy);
    if (std::find(regimes.begin(), regimes.end(), regime) == regimes.end()) break;
    start = StartOf(before);
  }
  return start;
}

// The newest day since the start on which a review was held for the regime.
std::optional<absl::CivilDay> LastReviewOf(v1::ReviewRegime regime, absl::CivilDay start,
                                           const std::vector<v1::Review>& reviews) {
  std::optional<absl::CivilDay> last;
  for (const v1::Review& review : reviews) {
    if (review.state() != v1::Review::STATE_COMPLETED) continue;
    if (std::find(review.regimes().begin(), review.regimes().end(), regime) == review.regimes().end())
      continue;
    const absl::CivilDay held = dates::Checked(review.review_date());
    if (held >= start && (!last || held > *last)) last = held;
  }
  return last;
}

std::optional<RegimeFacts> InterimOf(const PlanSources& sources) {
  const v1::Plan& plan = sources.plan;
  if (plan.kind() != v1::Plan::KIND_INTERIM || plan.review_date().empty()) return std::nullopt;
  RegimeFacts facts;
  facts.regime = v1::REVIEW_REGIME_INTERIM;
  facts.start_date = StartOf(plan);
  facts.fixed_date = dates::Checked(plan.review_date());
  if (LastReviewOf(facts.regime, facts.start_date, sources.reviews)) return std::nullopt;
  return facts;
}

}  // namespace

std::vector<std::string> FundersOf(const v1::Plan& plan) {
  std::vector<std::string> funders;
  for (const v1::PlanLine& line : plan.lines()) {
    for (const v1::FundingShare& share : line.shares()) {
      if (!Contains(funders, share.organisation())) funders.push_back(share.organisation());
    }
  }
  return funders;
}

PlanFacts FactsOf(const PlanSources& sources, const ReviewPolicy& policy) {
  PlanFacts facts;
  facts.name = sources.plan.name();
  facts.in_effect = sources.plan.state() == v1::Plan::STATE_ACTIVE && !sources.person_died;
  facts.organisations = FundersOf(sources.plan);
  facts.has_direct_payment = HasDirectPayment(sources.plan);
  if (!facts.in_effect) return facts;
  for (const v1::ReviewRegime regime : RegimesOf(sources.plan, sources, policy)) {
    RegimeFacts one;
    one.regime = regime;
    one.start_date = StartOf(regime, sources, policy);
    one.last_review_date = LastReviewOf(regime, one.start_date, sources.reviews);
    facts.regimes.push_back(one);
  }
  if (const std::optional<RegimeFacts> interim = InterimOf(sources)) facts.regimes.push_back(*interim);
  return facts;
}

}  // namespace ipb::reviews
