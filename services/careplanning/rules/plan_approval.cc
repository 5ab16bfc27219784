#include "services/careplanning/rules/plan_approval.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "services/careplanning/rules/plan_check.h"
#include "services/careplanning/rules/plan_money.h"
#include "services/careplanning/rules/plan_moves.h"
#include "services/careplanning/rules/spending.h"

namespace ipb::careplanning {
namespace {

constexpr absl::string_view kLocal = "approval limits of the organisation's policy";

constexpr explain::Rule kApproved = {"PLAN-APPROVE",
                                     "{organisation} approved its share of {weekly_pence} a week and "
                                     "{one_off_pence} once, by {role}, within the limits of "
                                     "that role",
                                     kLocal};
constexpr explain::Rule kFunder = {"PLAN-APPROVE-FUNDER", "{organisation} does not fund the plan",
                                   "Care Act 2014 s25; SI 2013/1617 reg 8",
                                   "only its funders approve a plan"};
constexpr explain::Rule kTwice = {"PLAN-APPROVE-TWICE", "{organisation} has approved the plan",
                                  "Care Act 2014 s25; SI 2013/1617 reg 8",
                                  "nothing is left for it to approve"};
constexpr explain::Rule kAuthor = {"PLAN-APPROVE-AUTHOR", "Who wrote a plan does not approve it",
                                   "dual control of the care planning service",
                                   "have somebody approve who did not write any part of it"};
constexpr explain::Rule kRole = {"PLAN-APPROVE-ROLE", "The role {role} approves no plans for {organisation}",
                                 kLocal, "have a role approve that the policy gives a limit"};
constexpr explain::Rule kLimit = {
    "PLAN-APPROVE-LIMIT",
    "The share of {weekly_pence} a week and {one_off_pence} once is above the limit of the role {role}, "
    "{maximum_weekly_pence} a week and {maximum_one_off_pence} once",
    kLocal, "have a role with a higher limit, or the panel, approve"};
constexpr explain::Rule kClinician = {
    "PLAN-APPROVE-CLINICIAN",
    "NHS money needs the agreement of a health professional in a role that policy names",
    "SI 2013/1617 reg 8; National Framework", "record who agreed, in which clinician role, and when"};
constexpr explain::Rule kNecessity = {"PLAN-APPROVE-NECESSITY",
                                      "The line pays a partner, relative or friend whom {organisation}'s "
                                      "direct payment may pay only where it is necessary",
                                      "SI 2014/2871 reg 3; SI 2013/1617 reg 8(5A)-(5B)",
                                      "record on which ground {organisation} finds it necessary, and why"};
constexpr explain::Rule kDate = {"PLAN-APPROVE-DATE", "The day of the decision is in the future",
                                 "records of the care planning service",
                                 "give the day on which it was decided"};

void CheckLimit(const Cost& cost, const Caller& by, const PlanPolicy& policy, absl::CivilDay today,
                explain::Refusal& refusal) {
  const v1::ApprovalLimit* limit =
      dates::InEffect(LocalRows(policy, by.organisation).approval_limits(), today,
                      [&](const v1::ApprovalLimit& row) { return row.role() == by.role; });
  if (limit == nullptr) {
    refusal.Add(kRole, "caller", {{"role", by.role}, {"organisation", by.organisation}});
    return;
  }
  if (cost.weekly_pence <= limit->maximum_weekly_pence() &&
      cost.one_off_pence <= limit->maximum_one_off_pence())
    return;
  refusal.Add(kLimit, "caller",
              {{"weekly_pence", explain::Pence{cost.weekly_pence}},
               {"one_off_pence", explain::Pence{cost.one_off_pence}},
               {"role", by.role},
               {"maximum_weekly_pence", explain::Pence{limit->maximum_weekly_pence()}},
               {"maximum_one_off_pence", explain::Pence{limit->maximum_one_off_pence()}}});
}

bool ClinicianAgreed(const v1::ClinicalAgreement& agreement, const Caller& by, const PlanPolicy& policy,
                     absl::CivilDay today) {
  if (IsBlank(agreement.clinician()) || !dates::Parse(agreement.agreement_date()).ok()) return false;
  const absl::CivilDay day = dates::Checked(agreement.agreement_date());
  const v1::ClinicianRole* role =
      dates::InEffect(LocalRows(policy, by.organisation).clinician_roles(), day,
                      [&](const v1::ClinicianRole& row) { return row.role() == agreement.role(); });
  return role != nullptr && day <= today;
}

void CheckNecessities(const v1::Plan& plan, const v1::ApprovePlanRequest& request, const Caller& by,
                      v1::CallerKind kind, explain::Refusal& refusal) {
  for (const v1::PlanLine& line : plan.lines()) {
    if (!Funds(line, by.organisation) ||
        !NeedsNecessity(kind, line.management_option(), line.relationship(), line.same_household())) {
      continue;
    }
    const auto& found = request.necessities();
    const bool necessary = std::any_of(found.begin(), found.end(), [&](const v1::NecessityFinding& finding) {
      return finding.line_id() == line.line_id() && IsGroundOf(kind, finding.ground()) &&
             !IsBlank(finding.reasons());
    });
    if (!necessary) {
      refusal.Add(kNecessity, absl::StrCat("lines/", line.line_id()), {{"organisation", by.organisation}});
    }
  }
}

void CheckApprover(const v1::Plan& plan, const Caller& by, explain::Refusal& refusal) {
  const std::vector<std::string> funders = Funders(plan);
  if (std::find(funders.begin(), funders.end(), by.organisation) == funders.end()) {
    refusal.Add(kFunder, "caller", {{"organisation", by.organisation}});
  }
  for (const v1::PlanApproval& approval : plan.approvals()) {
    if (approval.organisation() == by.organisation) {
      refusal.Add(kTwice, "caller", {{"organisation", by.organisation}});
    }
  }
  for (const v1::PlanAuthor& author : plan.authors()) {
    if (author.organisation() == by.organisation && author.actor() == by.actor)
      refusal.Add(kAuthor, "caller");
  }
}

absl::Status CheckLineNames(const v1::Plan& plan, const v1::ApprovePlanRequest& request) {
  for (const v1::NecessityFinding& finding : request.necessities()) {
    if (FindLine(plan, finding.line_id()) == nullptr) {
      return errors::InvalidField("necessities.line_id",
                                  absl::StrCat(finding.line_id(), " is not a line of the plan"));
    }
  }
  return absl::OkStatus();
}

v1::PlanApproval MakeApproval(const v1::ApprovePlanRequest& request, const Caller& by, const Cost& cost,
                              absl::CivilDay day) {
  v1::PlanApproval approval;
  approval.set_organisation(by.organisation);
  *approval.mutable_decision() = request.decision();
  approval.mutable_decision()->set_decider(by.actor);
  approval.mutable_decision()->set_role(by.role);
  approval.mutable_decision()->set_organisation(by.organisation);
  approval.mutable_decision()->set_decision_date(dates::Format(day));
  approval.set_weekly_pence(cost.weekly_pence);
  approval.set_one_off_pence(cost.one_off_pence);
  if (request.has_clinical_agreement()) *approval.mutable_clinical_agreement() = request.clinical_agreement();
  *approval.mutable_necessities() = request.necessities();
  return approval;
}

}  // namespace

absl::StatusOr<PlanDecision> DecideApprove(const v1::Plan& plan, const BudgetFacts& budget,
                                           const v1::ApprovePlanRequest& request, const Caller& by,
                                           const PlanPolicy& policy, absl::CivilDay today) {
  if (plan.state() != v1::Plan::STATE_PROPOSED) {
    return errors::WrongState(plan.name(), v1::Plan::State_Name(plan.state()), "STATE_PROPOSED");
  }
  IPB_RETURN_IF_ERROR(CheckLineNames(plan, request));
  IPB_ASSIGN_OR_RETURN(PlanCheck check, CheckPlan(plan, budget, policy, today));
  IPB_ASSIGN_OR_RETURN(const Cost cost, CostOfFunder(plan, by.organisation));
  explain::Refusal& refusal = check.gaps;
  const v1::HumanDecision& given = request.decision();
  const absl::CivilDay day = given.decision_date().empty() ? today : dates::Checked(given.decision_date());
  const v1::CallerKind kind = KindOf(policy, by.organisation, today);
  CheckApprover(plan, by, refusal);
  CheckLimit(cost, by, policy, today, refusal);
  if (kind == v1::CALLER_KIND_NHS && !ClinicianAgreed(request.clinical_agreement(), by, policy, today)) {
    refusal.Add(kClinician, "clinical_agreement");
  }
  CheckNecessities(plan, request, by, kind, refusal);
  if (day > today) refusal.Add(kDate, "decision.decision_date");
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  PlanDecision decision{plan, std::move(check.trace)};
  *decision.plan.add_approvals() = MakeApproval(request, by, cost, day);
  decision.trace.Add(kApproved, {{"organisation", by.organisation},
                                 {"weekly_pence", explain::Pence{cost.weekly_pence}},
                                 {"one_off_pence", explain::Pence{cost.one_off_pence}},
                                 {"role", by.role}});
  ApproveWhenComplete(decision, policy, today);
  return decision;
}

}  // namespace ipb::careplanning
