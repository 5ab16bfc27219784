#include "services/payments/rules/prepare.h"

#include <algorithm>
#include <string>
#include <utility>

#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "services/payments/rules/payment.h"
#include "services/payments/rules/schedule.h"

namespace ipb::payments {
namespace {

constexpr absl::string_view kChanged = "what is due for its period changed after it was prepared";
constexpr absl::string_view kNotDue = "nothing is due for its period any more";

// Everything that one preparation looks at and writes to. `facts` is kept up with what is decided, so that
// later payments are compared with earlier ones.
struct Work {
  PayFacts facts;
  std::string run;
  const v1::PaymentsPolicy& policy;
  absl::CivilDay today;
  PrepareDecision decision;
};

bool SameIdentity(const v1::Payment& a, const v1::Payment& b) {
  return a.agreement() == b.agreement() && a.cycle_first_date() == b.cycle_first_date() &&
         a.component_id() == b.component_id();
}

bool SameMoney(const v1::Payment& a, const v1::Payment& b) {
  const auto equal = [](const v1::PaymentFunder& one, const v1::PaymentFunder& other) {
    return one.organisation() == other.organisation() && one.basis() == other.basis() &&
           one.gross_pence() == other.gross_pence() && one.net_pence() == other.net_pence();
  };
  return a.first_date() == b.first_date() && a.last_date() == b.last_date() && a.payee() == b.payee() &&
         std::equal(a.funders().begin(), a.funders().end(), b.funders().begin(), b.funders().end(), equal);
}

bool Waits(const v1::Payment& payment) {
  return payment.state() == v1::Payment::STATE_HELD ||
         (payment.state() == v1::Payment::STATE_PENDING && payment.run().empty());
}

v1::Payment Make(const v1::Agreement& agreement, const Period& period, const ComponentDue& due) {
  v1::Payment payment;
  payment.set_agreement(agreement.name());
  payment.set_component_id(due.component_id);
  payment.set_cycle_first_date(dates::Format(period.cycle_first));
  payment.set_first_date(dates::Format(period.first));
  payment.set_last_date(dates::Format(period.last));
  payment.set_due_date(dates::Format(period.due));
  payment.set_payer(agreement.payer());
  payment.set_payee(agreement.payee());
  payment.set_management_option(agreement.management_option());
  for (const v1::PaymentFunder& funder : due.funders) *payment.add_funders() = funder;
  payment.set_gross_pence(due.gross_pence);
  payment.set_contribution_pence(due.contribution_pence);
  payment.set_net_pence(due.net_pence);
  return payment;
}

// Takes a result over into the facts and the decision.
void Keep(Work& work, PaymentDecision moved, explain::Trace trace) {
  auto& payments = work.facts.payments;
  const auto same = [&moved](const v1::Payment& payment) { return payment.name() == moved.payment.name(); };
  const auto at = std::find_if(payments.begin(), payments.end(), same);
  work.facts.numbers = moved.numbers;
  if (at != payments.end() && at->SerializeAsString() == moved.payment.SerializeAsString()) return;
  if (at == payments.end()) {
    payments.push_back(moved.payment);
  } else {
    *at = moved.payment;
  }
  for (auto& transaction : moved.transactions) work.decision.transactions.push_back(std::move(transaction));
  work.decision.payments.push_back({std::move(moved.payment), std::move(trace)});
}

// Puts a payment that waits, or a new one, in the run if nothing is in its way.
absl::Status Place(Work& work, v1::Payment payment, explain::Trace trace) {
  IPB_ASSIGN_OR_RETURN(std::vector<v1::PaymentGate> gates,
                       GatesOf(payment, work.facts, work.policy, work.today));
  if (!gates.empty()) {
    Keep(work, {HoldByGates(std::move(payment), std::move(gates)), {}, work.facts.numbers}, std::move(trace));
    return absl::OkStatus();
  }
  payment.set_run(work.run);
  IPB_ASSIGN_OR_RETURN(PaymentDecision moved,
                       MakePayable(std::move(payment), work.facts.numbers, work.today));
  Keep(work, std::move(moved), std::move(trace));
  return absl::OkStatus();
}

absl::Status PlaceNew(Work& work, v1::Payment payment, explain::Trace trace) {
  int32_t attempt = 1;
  for (const v1::Payment& other : work.facts.payments) {
    if (SameIdentity(other, payment)) attempt = std::max(attempt, other.attempt() + 1);
  }
  payment.set_attempt(attempt);
  payment.set_end_to_end_id(
      EndToEndId(payment.agreement(), payment.cycle_first_date(), payment.component_id(), attempt));
  payment.set_name(NextPayment(work.facts.person.name, work.facts.numbers));
  return Place(work, std::move(payment), std::move(trace));
}

absl::Status Void(Work& work, const v1::Payment& payment, absl::string_view reason) {
  IPB_ASSIGN_OR_RETURN(PaymentDecision moved, VoidPayment(payment, reason, work.facts.numbers, work.today));
  Keep(work, std::move(moved), {});
  return absl::OkStatus();
}

absl::Status PrepareOne(Work& work, v1::Payment wanted, explain::Trace trace) {
  const auto live = [&wanted](const v1::Payment& payment) {
    return IsLive(payment) && SameIdentity(payment, wanted);
  };
  const auto at = std::find_if(work.facts.payments.begin(), work.facts.payments.end(), live);
  if (at == work.facts.payments.end()) return PlaceNew(work, std::move(wanted), std::move(trace));
  const v1::Payment existing = *at;
  if (!Waits(existing)) return absl::OkStatus();
  if (SameMoney(existing, wanted)) return Place(work, existing, {});
  // A human's hold outlives the payment that it was put on.
  *wanted.mutable_holds() = existing.holds();
  IPB_RETURN_IF_ERROR(Void(work, existing, kChanged));
  return PlaceNew(work, std::move(wanted), std::move(trace));
}

// Voids what waits, was due by the pay date and belongs to no period any more.
absl::Status VoidTheRest(Work& work, const std::vector<v1::Payment>& wanted, absl::CivilDay pay_date) {
  const std::vector<v1::Payment> before = work.facts.payments;
  for (const v1::Payment& payment : before) {
    if (payment.agreement() != work.facts.agreement.name() || !Waits(payment)) continue;
    if (dates::Checked(payment.due_date()) > pay_date) continue;
    const bool due = std::any_of(wanted.begin(), wanted.end(),
                                 [&](const v1::Payment& one) { return SameIdentity(one, payment); });
    if (due) continue;
    IPB_RETURN_IF_ERROR(Void(work, payment, kNotDue));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<PrepareDecision> DecidePrepare(const PayFacts& facts, absl::string_view run,
                                              absl::CivilDay pay_date, const v1::PaymentsPolicy& policy,
                                              absl::CivilDay today) {
  Work work{facts, std::string(run), policy, today, {}};
  const v1::Agreement& agreement = facts.agreement;
  std::vector<v1::Payment> wanted;
  for (const Period& period : PeriodsDue(agreement, LastPaidDay(agreement, facts.person.death), pay_date)) {
    IPB_ASSIGN_OR_RETURN(std::vector<ComponentDue> components, DueIn(agreement, period));
    for (ComponentDue& component : components) {
      wanted.push_back(Make(agreement, period, component));
      IPB_RETURN_IF_ERROR(PrepareOne(work, wanted.back(), std::move(component.trace)));
    }
  }
  IPB_RETURN_IF_ERROR(VoidTheRest(work, wanted, pay_date));
  work.decision.numbers = work.facts.numbers;
  return std::move(work.decision);
}

}  // namespace ipb::payments
