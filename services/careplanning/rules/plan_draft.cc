#include "services/careplanning/rules/plan_draft.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "services/careplanning/rules/plan_money.h"

namespace ipb::careplanning {
namespace {

constexpr explain::Rule kDrafted = {"PLAN-DRAFT", "The draft was written by {actor} for {organisation}",
                                    "Care Act 2014 s24(1), s25; SI 2013/1617 reg 8"};
constexpr explain::Rule kRevised = {
    "PLAN-REVISE", "The draft revises {plan}, which stays in effect to the day before this one's first",
    "Care Act 2014 s27(4); SI 2013/1617 reg 14"};
constexpr explain::Rule kLiving = {"PLAN-PERSON-LIVING", "The person died", "Care Act 2014 s24",
                                   "end the plan that is in effect instead"};
constexpr explain::Rule kCurrent = {"PLAN-BUDGET-CURRENT", "The plan's budget is over or is another one",
                                    "Care Act 2014 s26", "name the budget that is current"};

// The fields of Plan that its authors write, beyond its kind and form, which never change.
constexpr absl::string_view kChangeable[] = {
    "budget",        "assessment",       "start_date", "expiry_date", "review_date",   "urgency_reasons",
    "profile",       "capacity",         "needs",      "outcomes",    "safety",        "advice",
    "actions",       "care_coordinator", "monitoring", "lines",       "money_summary", "carer_matters",
    "direct_payment"};

bool IsChangeable(absl::string_view field) {
  return std::find(std::begin(kChangeable), std::end(kChangeable), field) != std::end(kChangeable);
}

// Moves the authors' fields of `from` into `to`.
void Replace(v1::Plan& to, v1::Plan& from,
             const std::vector<const google::protobuf::FieldDescriptor*>& fields) {
  to.GetReflection()->SwapFields(&to, &from, fields);
}

std::vector<const google::protobuf::FieldDescriptor*> ChangeableFields() {
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  for (absl::string_view name : kChangeable) {
    fields.push_back(v1::Plan::descriptor()->FindFieldByName(std::string(name)));
  }
  return fields;
}

void AddAuthor(v1::Plan& plan, const Caller& by) {
  for (const v1::PlanAuthor& author : plan.authors()) {
    if (author.organisation() == by.organisation && author.actor() == by.actor) return;
  }
  v1::PlanAuthor* author = plan.add_authors();
  author->set_organisation(by.organisation);
  author->set_actor(by.actor);
}

template <typename Items, typename IdOf>
void CheckUnique(const Items& items, absl::string_view field, IdOf id_of,
                 std::vector<errors::FieldViolation>& wrong) {
  std::set<std::string> seen;
  for (const auto& item : items) {
    if (!seen.insert(id_of(item)).second) {
      wrong.push_back(
          {absl::StrCat("plan.", field), absl::StrCat("has the identifier ", id_of(item), " twice")});
    }
  }
}

// Whether a name is of a resource of the person; an empty one is none.
void CheckOwn(const PersonFacts& person, absl::string_view field, const std::string& name,
              std::vector<errors::FieldViolation>& wrong) {
  if (name.empty() || absl::StartsWith(name, absl::StrCat(person.name, "/"))) return;
  wrong.push_back({absl::StrCat("plan.", field), "is of another person"});
}

absl::Status CheckForm(const v1::Plan& plan, const PersonFacts& person) {
  std::vector<errors::FieldViolation> wrong;
  CheckUnique(
      plan.needs(), "needs", [](const v1::PlanNeed& need) { return need.need_id(); }, wrong);
  CheckUnique(
      plan.outcomes(), "outcomes", [](const v1::PlanOutcome& outcome) { return outcome.outcome_id(); },
      wrong);
  CheckUnique(
      plan.lines(), "lines", [](const v1::PlanLine& line) { return line.line_id(); }, wrong);
  CheckOwn(person, "budget", plan.budget(), wrong);
  CheckOwn(person, "assessment", plan.assessment(), wrong);
  CheckOwn(person, "direct_payment.recipient", plan.direct_payment().recipient(), wrong);
  if (plan.kind() == v1::Plan::KIND_UNSPECIFIED) wrong.push_back({"plan.kind", "is required"});
  if (plan.budget().empty()) wrong.push_back({"plan.budget", "is required"});
  if (!dates::Parse(plan.start_date()).ok()) wrong.push_back({"plan.start_date", "is required"});
  if (!plan.expiry_date().empty() && dates::Checked(plan.expiry_date()) < dates::Checked(plan.start_date())) {
    wrong.push_back({"plan.expiry_date", "is before the start"});
  }
  if (plan.kind() == v1::Plan::KIND_FULL && !plan.expiry_date().empty()) {
    wrong.push_back(
        {"plan.expiry_date", "is only for interim plans: a full plan lasts until it is revised or ended"});
  }
  return wrong.empty() ? absl::OkStatus() : errors::InvalidFields(wrong);
}

absl::Status CheckFacts(const v1::Plan& plan, const DraftFacts& facts) {
  explain::Refusal refusal;
  if (facts.person.deceased) refusal.Add(kLiving, "person");
  if (!facts.budget.current || facts.budget.name != plan.budget()) refusal.Add(kCurrent, "budget");
  return refusal.ToStatus();
}

// What a caller who may not see clinical detail cannot have meant to change.
void KeepClinicalDetail(const v1::Plan& before, v1::Plan& after) {
  if (before.has_profile() || after.has_profile()) {
    after.mutable_profile()->set_health_summary(before.profile().health_summary());
    after.mutable_profile()->set_matters_for_health(before.profile().matters_for_health());
  }
  for (v1::PlanNeed& need : *after.mutable_needs()) {
    need.clear_health_detail();
    for (const v1::PlanNeed& old : before.needs()) {
      if (old.need_id() == need.need_id()) need.set_health_detail(old.health_detail());
    }
  }
}

absl::StatusOr<PlanDecision> Finish(v1::Plan plan, const DraftFacts& facts, const Caller& by) {
  IPB_RETURN_IF_ERROR(CheckForm(plan, facts.person));
  IPB_RETURN_IF_ERROR(CheckFacts(plan, facts));
  CopyShares(plan, facts.budget);
  AddAuthor(plan, by);
  PlanDecision decision;
  decision.trace.Add(kDrafted, {{"actor", by.actor}, {"organisation", by.organisation}});
  decision.plan = std::move(plan);
  return decision;
}

}  // namespace

absl::StatusOr<PlanDecision> DecideCreate(const DraftFacts& facts, const v1::CreatePlanRequest& request,
                                          const Caller& by, const PlanPolicy& policy, absl::CivilDay today) {
  v1::Plan given = request.plan();
  v1::Plan plan;
  plan.set_kind(given.kind());
  plan.set_form(given.form() == v1::Plan::FORM_CARER ? v1::Plan::FORM_CARER : v1::Plan::FORM_NEEDS_OF_PERSON);
  plan.set_state(v1::Plan::STATE_DRAFT);
  Replace(plan, given, ChangeableFields());
  if (KindOf(policy, by.organisation, today) != v1::CALLER_KIND_NHS) KeepClinicalDetail(v1::Plan(), plan);
  return Finish(std::move(plan), facts, by);
}

absl::StatusOr<PlanDecision> DecideUpdate(const v1::Plan& plan, const DraftFacts& facts,
                                          const v1::UpdatePlanRequest& request, const Caller& by,
                                          const PlanPolicy& policy, absl::CivilDay today) {
  if (plan.state() != v1::Plan::STATE_DRAFT) {
    return errors::WrongState(plan.name(), v1::Plan::State_Name(plan.state()), "STATE_DRAFT");
  }
  std::vector<errors::FieldViolation> wrong;
  std::set<std::string> paths;
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  for (const std::string& path : request.update_mask().paths()) {
    if (!IsChangeable(path)) {
      wrong.push_back(
          {"update_mask", absl::StrCat(path, " is not a field of a draft that can be changed as a whole")});
    } else if (paths.insert(path).second) {
      fields.push_back(v1::Plan::descriptor()->FindFieldByName(path));
    }
  }
  if (!wrong.empty()) return errors::InvalidFields(wrong);
  v1::Plan given = request.plan();
  v1::Plan changed = plan;
  Replace(changed, given, fields);
  if (KindOf(policy, by.organisation, today) != v1::CALLER_KIND_NHS) KeepClinicalDetail(plan, changed);
  return Finish(std::move(changed), facts, by);
}

absl::StatusOr<PlanDecision> DecideRevise(const v1::Plan& active, const DraftFacts& facts,
                                          const v1::RevisePlanRequest& request, const Caller& by) {
  if (active.state() != v1::Plan::STATE_ACTIVE) {
    return errors::WrongState(active.name(), v1::Plan::State_Name(active.state()), "STATE_ACTIVE");
  }
  v1::Plan copy = active;
  v1::Plan plan;
  // Whole, whatever it revises: what was urgent and short is followed by what the law asks for in full.
  plan.set_kind(v1::Plan::KIND_FULL);
  plan.set_form(active.form());
  plan.set_state(v1::Plan::STATE_DRAFT);
  plan.set_revises(active.name());
  Replace(plan, copy, ChangeableFields());
  plan.set_start_date(request.start_date());
  plan.clear_expiry_date();
  plan.clear_review_date();
  plan.clear_urgency_reasons();
  if (!request.budget().empty()) plan.set_budget(request.budget());
  absl::StatusOr<PlanDecision> decision = Finish(std::move(plan), facts, by);
  if (decision.ok()) decision->trace.Add(kRevised, {{"plan", active.name()}});
  return decision;
}

}  // namespace ipb::careplanning
