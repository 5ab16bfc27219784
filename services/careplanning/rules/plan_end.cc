#include "services/careplanning/rules/plan_end.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/words.h"
#include "services/careplanning/rules/plan_check.h"
#include "services/careplanning/rules/plan_money.h"

namespace ipb::careplanning {
namespace {

constexpr explain::Rule kEnded = {"PLAN-END", "The plan ends on {end_date}: {reason}",
                                  "Care Act 2014 s27; SI 2013/1617 reg 17"};
constexpr explain::Rule kExpired = {"PLAN-EXPIRE", "The interim plan reached its expiry date, {expiry_date}",
                                    "Care Act 2014 s19(3); interim limits of the care planning policy"};
constexpr explain::Rule kState = {
    "PLAN-END-WITHDRAW",
    "Only a draft or proposal is withdrawn, and only a plan in effect ends for another reason than "
    "death",
    "Care Act 2014 s27", "give the reason that fits the plan's state"};
constexpr explain::Rule kDate = {"PLAN-END-DATE",
                                 "The plan cannot end before the first day on which it is in effect",
                                 "Care Act 2014 s27", "give a later last day"};
constexpr explain::Rule kReasons = {"PLAN-END-REASONS", "A plan does not end without reasons",
                                    "Care Act 2014 s27(5); SI 2013/1617 reg 17", "write the reasons"};
constexpr explain::Rule kReassessment = {
    "PLAN-END-REASSESSMENT", "A plan does not end for want of need without a reassessment that found so",
    "Care Act 2014 s27(4); National Framework, no unilateral withdrawal",
    "reassess, and name the assessment"};
constexpr explain::Rule kNotice = {"PLAN-END-NOTICE",
                                   "{organisation} gives {notice_days} days of notice before a plan ends",
                                   "end notices of the organisation's policy; SI 2013/1617 reg 17",
                                   "give notice, or a last day that leaves that time"};
constexpr explain::Rule kDeath = {"PLAN-END-DEATH", "The person's death is not on record",
                                  "circumstances of the people service", "record the death first"};

bool NeedsNotice(const v1::Plan& plan, v1::PlanEnd::Reason reason) {
  return plan.state() == v1::Plan::STATE_ACTIVE &&
         (reason == v1::PlanEnd::REASON_MOVED || reason == v1::PlanEnd::REASON_NO_LONGER_NEEDED);
}

bool FitsState(v1::Plan::State state, v1::PlanEnd::Reason reason) {
  if (reason == v1::PlanEnd::REASON_DEATH) return true;
  const bool in_effect = state == v1::Plan::STATE_ACTIVE;
  if (reason == v1::PlanEnd::REASON_WITHDRAWN)
    return state == v1::Plan::STATE_DRAFT || state == v1::Plan::STATE_PROPOSED;
  return in_effect;
}

absl::Status CheckNotice(const v1::Plan& plan, const v1::PlanEnd& end, const PlanPolicy& policy,
                         absl::CivilDay today, explain::Refusal& refusal) {
  const absl::StatusOr<absl::CivilDay> notice = dates::Parse(end.notice_date());
  for (const std::string& funder : Funders(plan)) {
    const v1::EndNotice* row = dates::InEffect(LocalRows(policy, funder).end_notices(), today);
    if (row == nullptr)
      return errors::NoRate(absl::StrCat("notice of a plan's end, ", funder), dates::Format(today));
    const bool given =
        notice.ok() && *notice <= today && *notice + row->notice_days() <= dates::Checked(end.end_date());
    if (given) continue;
    refusal.Add(kNotice, "end.notice_date",
                {{"organisation", funder}, {"notice_days", int64_t{row->notice_days()}}});
  }
  return absl::OkStatus();
}

absl::Status CheckEnd(const v1::Plan& plan, const PersonFacts& person, const v1::PlanEnd& end,
                      const PlanPolicy& policy, absl::CivilDay today, explain::Refusal& refusal) {
  if (!FitsState(plan.state(), end.reason())) refusal.Add(kState, "end.reason");
  const bool died = end.reason() == v1::PlanEnd::REASON_DEATH;
  if (!died && !plan.active_date().empty() &&
      dates::Checked(end.end_date()) < dates::Checked(plan.active_date())) {
    refusal.Add(kDate, "end.end_date");
  }
  if (died) {
    if (!person.deceased) refusal.Add(kDeath, "end.reason");
  } else if (IsBlank(end.decision().reasons())) {
    refusal.Add(kReasons, "end.decision.reasons");
  }
  if (end.reason() == v1::PlanEnd::REASON_NO_LONGER_NEEDED && end.reassessment().empty()) {
    refusal.Add(kReassessment, "end.reassessment");
  }
  if (!NeedsNotice(plan, end.reason())) return absl::OkStatus();
  return CheckNotice(plan, end, policy, today, refusal);
}

}  // namespace

absl::StatusOr<PlanDecision> DecideEnd(const v1::Plan& plan, const PersonFacts& person,
                                       const v1::EndPlanRequest& request, const Caller& by,
                                       const PlanPolicy& policy, absl::CivilDay today) {
  if (plan.state() == v1::Plan::STATE_ENDED || plan.state() == v1::Plan::STATE_SUPERSEDED) {
    return errors::WrongState(plan.name(), v1::Plan::State_Name(plan.state()),
                              "STATE_DRAFT, STATE_PROPOSED, STATE_APPROVED or STATE_ACTIVE");
  }
  if (request.end().reason() == v1::PlanEnd::REASON_EXPIRED) {
    return errors::InvalidField("end.reason",
                                "is given by the service itself when an interim plan's date has passed");
  }
  const std::string& reassessment = request.end().reassessment();
  if (!reassessment.empty() && !absl::StartsWith(reassessment, absl::StrCat(person.name, "/"))) {
    return errors::InvalidField("end.reassessment", "is of another person");
  }
  explain::Refusal refusal;
  IPB_RETURN_IF_ERROR(CheckEnd(plan, person, request.end(), policy, today, refusal));
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  PlanDecision decision;
  decision.plan = plan;
  decision.plan.set_state(v1::Plan::STATE_ENDED);
  v1::PlanEnd* end = decision.plan.mutable_end();
  *end = request.end();
  end->mutable_decision()->set_decider(by.actor);
  end->mutable_decision()->set_role(by.role);
  end->mutable_decision()->set_organisation(by.organisation);
  if (end->decision().decision_date().empty())
    end->mutable_decision()->set_decision_date(dates::Format(today));
  decision.trace.Add(kEnded,
                     {{"end_date", dates::Checked(end->end_date())},
                      {"reason", explain::Words(v1::PlanEnd::Reason_Name(end->reason()), "REASON_")}});
  return decision;
}

absl::StatusOr<PlanDecision> DecideExpire(const v1::Plan& plan, absl::CivilDay today) {
  const bool due = plan.state() == v1::Plan::STATE_ACTIVE && plan.kind() == v1::Plan::KIND_INTERIM &&
                   plan.last_active_date().empty() && today > dates::Checked(plan.expiry_date());
  if (!due) {
    return errors::WrongState(plan.name(), v1::Plan::State_Name(plan.state()),
                              "STATE_ACTIVE, interim, past its expiry date and not to be replaced");
  }
  PlanDecision decision;
  decision.plan = plan;
  decision.plan.set_state(v1::Plan::STATE_ENDED);
  decision.plan.mutable_end()->set_reason(v1::PlanEnd::REASON_EXPIRED);
  decision.plan.mutable_end()->set_end_date(plan.expiry_date());
  decision.trace.Add(kExpired, {{"expiry_date", dates::Checked(plan.expiry_date())}});
  return decision;
}

}  // namespace ipb::careplanning
