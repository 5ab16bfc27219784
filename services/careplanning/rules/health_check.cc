#include "services/careplanning/rules/health_check.h"

#include <algorithm>

#include "services/careplanning/rules/plan_check.h"

namespace ipb::careplanning {
namespace {

constexpr absl::string_view kSource =
    "SI 2013/1617 reg 8; Peoplehub, Getting started with a PHB: criteria of a good plan";

constexpr explain::Rule kWho = {
    "PLAN-PHB-1",
    "The plan does not show who the person is, their strengths, their social context and their health needs, "
    "or how "
    "decisions were reached for a person who lacks capacity",
    kSource,
    "complete the profile; for a person who lacks capacity say how it was decided and who speaks for them"};
constexpr explain::Rule kWorking = {
    "PLAN-PHB-2", "The plan does not describe what is and what is not working from the person's view",
    kSource, "ask the person, and write both"};
constexpr explain::Rule kMatters = {
    "PLAN-PHB-3",
    "The plan does not say what is important to the person and what is important for their health", kSource,
    "write both"};
constexpr explain::Rule kRisks = {"PLAN-PHB-4",
                                  "The plan does not say its risks with how each is made acceptable, what "
                                  "happens if things go wrong, and whom to reach "
                                  "in health services",
                                  kSource, "complete the risks, the contingency plan and the NHS contact"};
constexpr explain::Rule kOutcomes = {"PLAN-PHB-5",
                                     "The plan does not state its outcomes and how each will be achieved",
                                     kSource, "describe each outcome and how it will be achieved"};
constexpr explain::Rule kMoney = {
    "PLAN-PHB-6", "The plan does not say in broad terms how the money will be held, managed and used",
    kSource, "write it"};
constexpr explain::Rule kActions = {"PLAN-PHB-7",
                                    "The plan has no action plan that says who will do what, and by when",
                                    kSource, "give each action who, what and a date"};
constexpr explain::Rule kCoordinator = {"PLAN-PHB-8", "The plan does not name the care co-ordinator", kSource,
                                        "name the care co-ordinator"};
constexpr explain::Rule kMonitoring = {"PLAN-PHB-9",
                                       "The plan does not say how and when outcomes and money are monitored, "
                                       "and what shows that it goes well or wrong",
                                       kSource, "complete the monitoring"};

bool ShowsWho(const v1::Plan& plan) {
  const v1::PlanProfile& profile = plan.profile();
  const v1::PlanCapacity& capacity = plan.capacity();
  const bool decided =
      !capacity.lacks_capacity() || (!IsBlank(capacity.how_decided()) && !IsBlank(capacity.spoken_for_by()));
  return decided && !IsBlank(profile.about()) && !IsBlank(profile.strengths()) &&
         !IsBlank(profile.social_context()) && !IsBlank(profile.health_summary());
}

bool AddressesRisks(const v1::PlanSafety& safety) {
  const bool mitigated = std::none_of(
      safety.risks().begin(), safety.risks().end(),
      [](const v1::PlanRisk& risk) { return IsBlank(risk.description()) || IsBlank(risk.mitigation()); });
  return mitigated && !safety.risks().empty() && !IsBlank(safety.contingency_plan()) &&
         !IsBlank(safety.nhs_contact());
}

bool StatesOutcomes(const v1::Plan& plan) {
  const bool complete =
      std::none_of(plan.outcomes().begin(), plan.outcomes().end(), [](const v1::PlanOutcome& outcome) {
        return IsBlank(outcome.description()) || IsBlank(outcome.how_achieved());
      });
  return complete && !plan.outcomes().empty();
}

bool HasActions(const v1::Plan& plan) {
  const bool complete =
      std::none_of(plan.actions().begin(), plan.actions().end(), [](const v1::PlanAction& action) {
        return IsBlank(action.who()) || IsBlank(action.what()) || action.by_date().empty();
      });
  return complete && !plan.actions().empty();
}

bool IsMonitored(const v1::PlanMonitoring& monitoring) {
  return !IsBlank(monitoring.outcomes_monitoring()) && !IsBlank(monitoring.money_monitoring()) &&
         !IsBlank(monitoring.going_well_signs()) && !IsBlank(monitoring.going_wrong_signs());
}

}  // namespace

void CheckHealthBudget(const v1::Plan& plan, explain::Refusal& gaps) {
  const v1::PlanProfile& profile = plan.profile();
  if (!ShowsWho(plan)) gaps.Add(kWho, "profile");
  if (IsBlank(profile.working()) || IsBlank(profile.not_working())) gaps.Add(kWorking, "profile");
  if (IsBlank(profile.matters_to_person()) || IsBlank(profile.matters_for_health()))
    gaps.Add(kMatters, "profile");
  if (!AddressesRisks(plan.safety())) gaps.Add(kRisks, "safety");
  if (!StatesOutcomes(plan)) gaps.Add(kOutcomes, "outcomes");
  if (IsBlank(plan.money_summary())) gaps.Add(kMoney, "money_summary");
  if (!HasActions(plan)) gaps.Add(kActions, "actions");
  if (IsBlank(plan.care_coordinator())) gaps.Add(kCoordinator, "care_coordinator");
  if (!IsMonitored(plan.monitoring())) gaps.Add(kMonitoring, "monitoring");
}

}  // namespace ipb::careplanning
