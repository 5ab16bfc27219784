// What reviews sees of a plan: the regimes that it is under, since when, and when each was last reviewed.
#pragma once

#include <string>
#include <vector>

#include "ipb/v1/plan.pb.h"
#include "services/reviews/rules/review.h"

namespace ipb::reviews {

// What the facts of a plan are made from.
struct PlanSources {
  v1::Plan plan;
  // The plans that it revises, newest first, as far as they are known.
  std::vector<v1::Plan> revised;
  // Every review of the person.
  std::vector<v1::Review> reviews;
  // Which of the funders are NHS bodies; the others are councils.
  std::vector<std::string> nhs_organisations;
  bool person_died = false;
};

// Regimes follow from whose money pays for the lines, on what basis, and how it is held:
//   the council's own money, and the Better Care Fund pool    CARE_ACT
//   council money, after-care included, as a direct payment   CARE_ACT_DIRECT_PAYMENT
//   continuing healthcare, nursing care, children's           CHC, FNC, CYPCC
//   joint packages and budgets at discretion                  HEALTH_BUDGET
//   NHS money as a direct payment                             HEALTH_BUDGET
//   after-care                                                SECTION_117
//   a direct payment, where a funder's policy has the check   FINANCIAL_CHECK
//   an interim plan, until it was reviewed                    INTERIM, by the plan's own date
// A regime other than CARE_ACT, whose first review looks at how a new plan works, goes on through revisions:
// it began with the oldest plan of an unbroken chain that was under it. A plan that is over is under no
// regime.
PlanFacts FactsOf(const PlanSources& sources, const ReviewPolicy& policy);

// The organisations that fund a plan, each once, in the order of its lines.
std::vector<std::string> FundersOf(const v1::Plan& plan);

}  // namespace ipb::reviews
