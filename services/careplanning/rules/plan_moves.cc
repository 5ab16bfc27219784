#include "services/careplanning/rules/plan_moves.h"

#include <algorithm>

#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/words.h"
#include "services/careplanning/rules/plan_check.h"
#include "services/careplanning/rules/plan_money.h"

namespace ipb::careplanning {
namespace {

constexpr explain::Rule kProposed = {"PLAN-PROPOSE", "Nothing is missing from the plan, so it was proposed",
                                     "Care Act 2014 s25; SI 2013/1617 reg 8"};
constexpr explain::Rule kSigned = {"PLAN-SIGN", "The plan was agreed by {role} on {signature_date}",
                                   "Care Act 2014 s25(5); SI 2013/1617 reg 8"};
constexpr explain::Rule kAllAgreed = {"PLAN-APPROVED",
                                      "The person and every funder agreed, so the plan is approved",
                                      "Care Act 2014 s25(5); SI 2013/1617 reg 8"};
constexpr explain::Rule kReturned = {"PLAN-RETURN", "{organisation} gave the plan back to its authors",
                                     "Care Act 2014 s25(5)"};
constexpr explain::Rule kNotActive = {
    "PLAN-NOT-ACTIVE", "The budget could not be agreed, so each funder is asked again", "Care Act 2014 s26"};

constexpr explain::Rule kSignDate = {"PLAN-SIGN-DATE", "The day of signing is in the future",
                                     "Care Act 2014 s25(5)", "give the day on which it was signed"};
constexpr explain::Rule kSignTwice = {"PLAN-SIGN-TWICE", "The same agreement is on record",
                                      "Care Act 2014 s25(5)", "nothing is left to sign in this capacity"};
constexpr explain::Rule kSignCapacity = {
    "PLAN-SIGN-CAPACITY", "The plan records that the person lacks capacity to decide about it",
    "Mental Capacity Act 2005 ss2-4",
    "have who lawfully acts for the person sign, or correct the plan's capacity"};
constexpr explain::Rule kSignChild = {"PLAN-SIGN-CHILD", "The person is under 16", "SI 2013/1617 reg 4",
                                      "have whoever has parental responsibility sign"};
constexpr explain::Rule kSignSelf = {
    "PLAN-SIGN-SELF", "The person has capacity to decide about the plan, so nobody else may agree to it",
    "Mental Capacity Act 2005 s1(2)",
    "have the person sign; a nominee receives money and does not agree plans"};
constexpr explain::Rule kSignAuthority = {
    "PLAN-SIGN-AUTHORITY",
    "The representative named has no appointment in effect on {signature_date} by which they may agree to "
    "the plan",
    "Care Act 2014 s32; SI 2013/1617 reg 5",
    "name an authorised person or representative in effect on that day"};
constexpr explain::Rule kSignParent = {"PLAN-SIGN-PARENT",
                                       "The person is 16 or over and decides for themselves",
                                       "SI 2013/1617 regs 3-4", "have the person sign"};
constexpr explain::Rule kSignBestInterests = {
    "PLAN-SIGN-BEST-INTERESTS",
    "Agreement in the person's best interests needs a person who lacks capacity, nobody who may lawfully "
    "sign, no direct "
    "payment, and reasons",
    "Mental Capacity Act 2005 s4; Care Act 2014 s32; SI 2013/1617 reg 5",
    "have the lawful representative sign, or take the direct payment out and write who was consulted and "
    "why"};
constexpr explain::Rule kSignRecipient = {
    "PLAN-SIGN-RECIPIENT",
    "The plan's direct payment is not received by that representative, in effect on that day",
    "Care Act 2014 ss31-32; SI 2013/1617 regs 5-6",
    "name as recipient who signs, with an appointment in effect by which they may receive money"};
constexpr explain::Rule kReturnFunder = {"PLAN-RETURN-FUNDER", "{organisation} does not fund the plan",
                                         "Care Act 2014 s25(5)", "ask one of its funders"};
constexpr explain::Rule kReturnReasons = {"PLAN-RETURN-REASONS", "A plan is not given back without reasons",
                                          "Care Act 2014 s25(5), guidance on decision-making",
                                          "write the reasons"};

using Role = v1::PlanSignature;

bool IsInEffect(const v1::Representative& row, absl::CivilDay day) {
  return dates::Within(day, row.effective_from_date(), row.effective_to_date());
}

bool MayAgree(const v1::Representative& row) {
  return row.kind() == v1::Representative::KIND_AUTHORISED_PERSON ||
         row.kind() == v1::Representative::KIND_REPRESENTATIVE;
}

// An advocate supports, an attorney or deputy decides: neither receives money by that alone.
bool MayReceive(const v1::Representative& row) {
  return row.kind() != v1::Representative::KIND_ADVOCATE && row.kind() != v1::Representative::KIND_ATTORNEY &&
         row.kind() != v1::Representative::KIND_DEPUTY;
}

const v1::Representative* FindInEffect(const PersonFacts& person, const std::string& name,
                                       absl::CivilDay day) {
  for (const v1::Representative& row : person.representatives) {
    if (row.name() == name && IsInEffect(row, day)) return &row;
  }
  return nullptr;
}

bool AnyoneMayAgree(const PersonFacts& person, absl::CivilDay day) {
  return std::any_of(person.representatives.begin(), person.representatives.end(),
                     [&](const v1::Representative& row) { return MayAgree(row) && IsInEffect(row, day); });
}

void CheckRepresentative(const v1::Plan& plan, const PersonFacts& person, const v1::PlanSignature& signature,
                         absl::CivilDay day, explain::Refusal& refusal) {
  if (!plan.capacity().lacks_capacity()) refusal.Add(kSignSelf, "signature.role");
  const v1::Representative* row = FindInEffect(person, signature.representative(), day);
  if (row == nullptr || !MayAgree(*row)) {
    refusal.Add(kSignAuthority, "signature.representative", {{"signature_date", day}});
  }
}

void CheckSigner(const v1::Plan& plan, const PersonFacts& person, const v1::PlanSignature& signature,
                 absl::CivilDay day, explain::Refusal& refusal) {
  const bool child = dates::AgeOn(person.birth_date, day) < 16;
  const bool lacks_capacity = plan.capacity().lacks_capacity();
  switch (signature.role()) {
    case Role::ROLE_PERSON:
      if (lacks_capacity) refusal.Add(kSignCapacity, "signature.role");
      if (child) refusal.Add(kSignChild, "signature.role");
      break;
    case Role::ROLE_PARENTAL_RESPONSIBILITY:
      if (!child) refusal.Add(kSignParent, "signature.role");
      break;
    case Role::ROLE_BEST_INTERESTS:
      if (!lacks_capacity || AnyoneMayAgree(person, day) || HasDirectPayment(plan) ||
          IsBlank(signature.reasons())) {
        refusal.Add(kSignBestInterests, "signature");
      }
      break;
    case Role::ROLE_RECIPIENT: {
      const v1::Representative* row = FindInEffect(person, signature.representative(), day);
      if (!HasDirectPayment(plan) || plan.direct_payment().recipient() != signature.representative() ||
          row == nullptr || !MayReceive(*row)) {
        refusal.Add(kSignRecipient, "signature.representative");
      }
      break;
    }
    default:
      CheckRepresentative(plan, person, signature, day, refusal);
  }
}

bool HasSignature(const v1::Plan& plan, Role::Role role, const std::string& representative) {
  return std::any_of(plan.signatures().begin(), plan.signatures().end(),
                     [&](const v1::PlanSignature& signature) {
                       return signature.role() == role && signature.representative() == representative;
                     });
}

bool HasRole(const v1::Plan& plan, Role::Role role) {
  return std::any_of(plan.signatures().begin(), plan.signatures().end(),
                     [&](const v1::PlanSignature& signature) { return signature.role() == role; });
}

bool HasAuthority(const v1::Plan& plan, v1::Representative::Kind kind) {
  return std::any_of(plan.signatures().begin(), plan.signatures().end(),
                     [&](const v1::PlanSignature& signature) {
                       return signature.role() == Role::ROLE_REPRESENTATIVE && signature.authority() == kind;
                     });
}

// For a person who lacks capacity: a direct payment needs the authority that the law of its money asks for.
void AddMissingAuthority(const v1::Plan& plan, const PlanPolicy& policy, absl::CivilDay today,
                         std::vector<std::string>& missing) {
  const bool council = HasMoneyOf(plan, v1::CALLER_KIND_COUNCIL, policy, today, true);
  const bool nhs = HasMoneyOf(plan, v1::CALLER_KIND_NHS, policy, today, true);
  if (council && !HasAuthority(plan, v1::Representative::KIND_AUTHORISED_PERSON)) {
    missing.push_back("the authorised person's (Care Act 2014 s32)");
  }
  if (nhs && !HasAuthority(plan, v1::Representative::KIND_REPRESENTATIVE)) {
    missing.push_back("the representative's (SI 2013/1617 reg 5)");
  }
  if (!HasRole(plan, Role::ROLE_REPRESENTATIVE) && !HasRole(plan, Role::ROLE_BEST_INTERESTS) && !council &&
      !nhs) {
    missing.push_back("that of who acts for the person");
  }
}

absl::Status RequireState(const v1::Plan& plan, v1::Plan::State state) {
  if (plan.state() == state) return absl::OkStatus();
  return errors::WrongState(plan.name(), v1::Plan::State_Name(plan.state()), v1::Plan::State_Name(state));
}

}  // namespace

absl::StatusOr<PlanDecision> DecidePropose(const v1::Plan& plan, const BudgetFacts& budget,
                                           const PlanPolicy& policy, absl::CivilDay today) {
  IPB_RETURN_IF_ERROR(RequireState(plan, v1::Plan::STATE_DRAFT));
  IPB_ASSIGN_OR_RETURN(PlanCheck check, CheckPlan(plan, budget, policy, today));
  IPB_RETURN_IF_ERROR(check.gaps.ToStatus());
  PlanDecision decision{plan, std::move(check.trace)};
  CopyShares(decision.plan, budget);
  decision.plan.set_state(v1::Plan::STATE_PROPOSED);
  decision.trace.Add(kProposed);
  return decision;
}

absl::StatusOr<PlanDecision> DecideSign(const v1::Plan& plan, const PersonFacts& person,
                                        const v1::SignPlanRequest& request, const Caller& by,
                                        const PlanPolicy& policy, absl::CivilDay today) {
  IPB_RETURN_IF_ERROR(RequireState(plan, v1::Plan::STATE_PROPOSED));
  const v1::PlanSignature& given = request.signature();
  const absl::CivilDay day = given.signature_date().empty() ? today : dates::Checked(given.signature_date());
  explain::Refusal refusal;
  if (day > today) refusal.Add(kSignDate, "signature.signature_date");
  if (HasSignature(plan, given.role(), given.representative())) refusal.Add(kSignTwice, "signature");
  CheckSigner(plan, person, given, day, refusal);
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  PlanDecision decision;
  decision.plan = plan;
  v1::PlanSignature* signature = decision.plan.add_signatures();
  *signature = given;
  signature->set_signature_date(dates::Format(day));
  signature->mutable_recorded_by()->set_organisation(by.organisation);
  signature->mutable_recorded_by()->set_actor(by.actor);
  const v1::Representative* row = FindInEffect(person, given.representative(), day);
  signature->set_authority(row == nullptr ? v1::Representative::KIND_UNSPECIFIED : row->kind());
  decision.trace.Add(
      kSigned, {{"role", explain::Words(Role::Role_Name(given.role()), "ROLE_")}, {"signature_date", day}});
  ApproveWhenComplete(decision, policy, today);
  return decision;
}

absl::StatusOr<PlanDecision> DecideReturn(const v1::Plan& plan, const v1::ReturnPlanRequest& request,
                                          const Caller& by, absl::CivilDay today) {
  IPB_RETURN_IF_ERROR(RequireState(plan, v1::Plan::STATE_PROPOSED));
  const std::vector<std::string> funders = Funders(plan);
  explain::Refusal refusal;
  if (std::find(funders.begin(), funders.end(), by.organisation) == funders.end()) {
    refusal.Add(kReturnFunder, "caller", {{"organisation", by.organisation}});
  }
  if (IsBlank(request.decision().reasons())) refusal.Add(kReturnReasons, "decision.reasons");
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  PlanDecision decision;
  decision.plan = plan;
  decision.plan.set_state(v1::Plan::STATE_DRAFT);
  decision.plan.clear_signatures();
  decision.plan.clear_approvals();
  v1::PlanReturn* back = decision.plan.add_returns();
  back->set_organisation(by.organisation);
  *back->mutable_decision() = request.decision();
  back->mutable_decision()->set_decider(by.actor);
  back->mutable_decision()->set_role(by.role);
  back->mutable_decision()->set_organisation(by.organisation);
  if (back->decision().decision_date().empty())
    back->mutable_decision()->set_decision_date(dates::Format(today));
  decision.trace.Add(kReturned, {{"organisation", by.organisation}});
  return decision;
}

absl::StatusOr<PlanDecision> DecideActivationFailure(const v1::Plan& plan,
                                                     const std::vector<std::string>& reasons) {
  IPB_RETURN_IF_ERROR(RequireState(plan, v1::Plan::STATE_APPROVED));
  PlanDecision decision;
  decision.plan = plan;
  decision.plan.set_state(v1::Plan::STATE_PROPOSED);
  decision.plan.clear_approvals();
  decision.plan.mutable_activation_failures()->Assign(reasons.begin(), reasons.end());
  decision.trace.Add(kNotActive);
  return decision;
}

std::vector<std::string> MissingAgreements(const v1::Plan& plan, const PlanPolicy& policy,
                                           absl::CivilDay today) {
  std::vector<std::string> missing;
  const bool by_parent = HasRole(plan, Role::ROLE_PARENTAL_RESPONSIBILITY);
  if (!by_parent && plan.capacity().lacks_capacity()) AddMissingAuthority(plan, policy, today, missing);
  if (!by_parent && !plan.capacity().lacks_capacity() && !HasRole(plan, Role::ROLE_PERSON)) {
    missing.push_back("the person's");
  }
  const std::string& recipient = plan.direct_payment().recipient();
  if (HasDirectPayment(plan) && !recipient.empty() && !HasSignature(plan, Role::ROLE_RECIPIENT, recipient) &&
      !HasSignature(plan, Role::ROLE_REPRESENTATIVE, recipient)) {
    missing.push_back("that of who receives the direct payment");
  }
  return missing;
}

void ApproveWhenComplete(PlanDecision& decision, const PlanPolicy& policy, absl::CivilDay today) {
  if (!MissingAgreements(decision.plan, policy, today).empty()) return;
  for (const std::string& funder : Funders(decision.plan)) {
    const auto& approvals = decision.plan.approvals();
    const bool approved =
        std::any_of(approvals.begin(), approvals.end(),
                    [&](const v1::PlanApproval& approval) { return approval.organisation() == funder; });
    if (!approved) return;
  }
  decision.plan.set_state(v1::Plan::STATE_APPROVED);
  decision.trace.Add(kAllAgreed);
}

}  // namespace ipb::careplanning
