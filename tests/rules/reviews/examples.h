// The policy that ships and a plan under both funders' regimes, for the rules' tests to start from.
#pragma once

#include <string>
#include <vector>

#include "google/rpc/error_details.pb.h"
#include "services/reviews/rules/review.h"
#include "tests/rules/support/policy_file.h"

namespace ipb::reviews {

inline const absl::CivilDay kStart(2026, 4, 6);
inline const absl::CivilDay kToday(2026, 5, 1);

// The national rows and the local policy of both organisations.
inline const ReviewPolicy& ShippedPolicy() {
  static const ReviewPolicy* policy = new ReviewPolicy{
      new v1::PolicyDocument(tests::ReadPolicy("deploy/policy/national/reviews.textproto")),
      {new v1::PolicyDocument(tests::ReadPolicy("deploy/policy/local/E10000019/reviews.textproto")),
       new v1::PolicyDocument(tests::ReadPolicy("deploy/policy/local/QZZ/reviews.textproto"))}};
  return *policy;
}

inline RegimeFacts Regime(v1::ReviewRegime regime) {
  RegimeFacts facts;
  facts.regime = regime;
  facts.start_date = kStart;
  return facts;
}

// A joint plan from 6 April 2026 with a direct payment.
inline PlanFacts JointPlan() {
  PlanFacts plan;
  plan.name = "people/p1/plans/1";
  plan.in_effect = true;
  plan.organisations = {"E10000019", "QZZ"};
  plan.regimes = {Regime(v1::REVIEW_REGIME_CARE_ACT), Regime(v1::REVIEW_REGIME_CARE_ACT_DIRECT_PAYMENT),
                  Regime(v1::REVIEW_REGIME_HEALTH_BUDGET)};
  plan.has_direct_payment = true;
  return plan;
}

inline Caller Reviewer() { return {"E10000019", "reviewer", "review_officer"}; }

// The identifiers of the rules in a refusal's details, in order; for another error its message.
inline std::vector<std::string> RulesOf(const absl::Status& status) {
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.PreconditionFailure");
  google::rpc::PreconditionFailure failure;
  if (!payload || !failure.ParseFromString(std::string(*payload))) return {std::string(status.message())};
  std::vector<std::string> rules;
  for (const auto& violation : failure.violations()) rules.push_back(violation.type());
  return rules;
}

}  // namespace ipb::reviews
