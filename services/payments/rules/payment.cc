#include "services/payments/rules/payment.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/trace.h"
#include "common/identifiers/digest.h"
#include "services/payments/rules/agreement.h"
#include "services/payments/rules/human.h"
#include "services/payments/rules/ledger.h"
#include "services/payments/rules/schedule.h"

namespace ipb::payments {
namespace {

constexpr explain::Rule kPayer{"PAY-HOLD-PAYER", "Another organisation pays this payment",
                               "financial control: each payer holds its own payments",
                               "the paying organisation puts holds on it and takes them off."};
constexpr explain::Rule kReasons{
    "PAY-HOLD-REASONS", "No reasons are given",
    "SI 2013/1617 regs 15, 17; Care Act 2014 s33; public law: decisions give reasons",
    "give reasons in `decision.reasons`."};
constexpr explain::Rule kSecondPerson{"PAY-HOLD-SECOND-PERSON", "Whoever put the hold on may not take it off",
                                      "financial control: two people for holds",
                                      "somebody else of the paying organisation takes it off."};

constexpr size_t kDigitsOfDigest = 32;

void NamePosted(v1::Transaction transaction, PaymentDecision& decision) {
  transaction.set_name(NextTransaction(decision.payment.name(), decision.numbers));
  decision.transactions.push_back(std::move(transaction));
}

// Undoes what was posted as due.
absl::Status UndoDue(PaymentDecision& decision, absl::CivilDay today) {
  if (decision.payment.due_transaction().empty()) return absl::OkStatus();
  IPB_ASSIGN_OR_RETURN(const v1::Transaction due, DueTransaction(decision.payment, today));
  NamePosted(CorrectionOf(due, decision.payment.due_transaction(), today), decision);
  return absl::OkStatus();
}

bool HasOpenHold(const v1::Payment& payment) {
  return std::any_of(payment.holds().begin(), payment.holds().end(),
                     [](const v1::PaymentHold& hold) { return !hold.has_released(); });
}

// Whether the payment is what the agreement owes for its component and days today.
absl::StatusOr<bool> IsStillDue(const v1::Payment& payment, const PayFacts& facts) {
  Period period = CycleOf(facts.agreement, dates::Checked(payment.cycle_first_date()));
  period.first = std::max(period.cycle_first, dates::Checked(facts.agreement.first_date()));
  if (const auto last = LastPaidDay(facts.agreement, facts.person.death))
    period.last = std::min(period.last, *last);
  if (period.last < period.first) return false;
  IPB_ASSIGN_OR_RETURN(const std::vector<ComponentDue> components, DueIn(facts.agreement, period));
  for (const ComponentDue& component : components) {
    if (component.component_id == payment.component_id()) {
      return component.gross_pence == payment.gross_pence() && component.net_pence == payment.net_pence() &&
             payment.last_date() == dates::Format(period.last);
    }
  }
  return false;
}

// Moves what is over of a settled payment to recovery, where its agreement has ended before the payment's
// last day.
absl::Status PostOverpaid(PaymentDecision& decision, v1::Agreement& agreement, absl::CivilDay day) {
  IPB_ASSIGN_OR_RETURN(v1::Transaction over, OverpaidOf(agreement, decision.payment, day));
  if (over.entries().empty()) return absl::OkStatus();
  IPB_RETURN_IF_ERROR(CountOverpaid(over, agreement));
  NamePosted(std::move(over), decision);
  decision.payment.set_overpaid_transaction(decision.transactions.back().name());
  return absl::OkStatus();
}

absl::Status Settle(PaymentDecision& decision, v1::Agreement& agreement, absl::CivilDay day) {
  IPB_ASSIGN_OR_RETURN(v1::Transaction settled, SettledTransaction(decision.payment, day));
  NamePosted(std::move(settled), decision);
  decision.payment.set_settled_transaction(decision.transactions.back().name());
  decision.payment.set_state(v1::Payment::STATE_SETTLED);
  decision.payment.set_settled_date(dates::Format(day));
  if (agreement.paid_through_date() < decision.payment.last_date()) {
    agreement.set_paid_through_date(decision.payment.last_date());
  }
  return PostOverpaid(decision, agreement, day);
}

// Undoes a settlement, and with it what was found to be over.
absl::Status UndoSettled(PaymentDecision& decision, v1::Agreement& agreement, absl::CivilDay day) {
  v1::Payment& payment = decision.payment;
  if (!payment.overpaid_transaction().empty()) {
    IPB_ASSIGN_OR_RETURN(const v1::Transaction over, OverpaidOf(agreement, payment, day));
    const v1::Transaction undone = CorrectionOf(over, payment.overpaid_transaction(), day);
    IPB_RETURN_IF_ERROR(CountOverpaid(undone, agreement));
    NamePosted(undone, decision);
  }
  IPB_ASSIGN_OR_RETURN(const v1::Transaction settled, SettledTransaction(payment, day));
  NamePosted(CorrectionOf(settled, payment.settled_transaction(), day), decision);
  if (agreement.paid_through_date() == payment.last_date()) {
    const bool first = payment.first_date() == agreement.first_date();
    agreement.set_paid_through_date(first ? "" : dates::Format(dates::Checked(payment.first_date()) - 1));
  }
  return absl::OkStatus();
}

absl::Status Return(PaymentDecision& decision, v1::Agreement& agreement, const v1::BankResult& result,
                    absl::CivilDay day) {
  if (decision.payment.state() == v1::Payment::STATE_SETTLED) {
    IPB_RETURN_IF_ERROR(UndoSettled(decision, agreement, day));
  }
  IPB_RETURN_IF_ERROR(UndoDue(decision, day));
  decision.payment.set_state(v1::Payment::STATE_RETURNED);
  decision.payment.set_settled_date(dates::Format(day));
  decision.payment.set_state_reason(absl::StrCat(
      "the bank sent it back: ", result.bank_reason().empty() ? "no reason given" : result.bank_reason()));
  return absl::OkStatus();
}

// Why the row cannot be taken; empty where it can.
std::string RefuseRow(const v1::Payment& payment, absl::string_view run, const v1::BankResult& result,
                      absl::CivilDay today) {
  if (payment.end_to_end_id() != result.end_to_end_id() || payment.run() != run) {
    return "no payment of this run has this end-to-end id";
  }
  if (dates::Checked(result.outcome_date()) > today) return "the outcome's date lies in the future";
  const bool sent =
      payment.state() == v1::Payment::STATE_EXPORTED || payment.state() == v1::Payment::STATE_SETTLED;
  if (!sent && payment.state() != v1::Payment::STATE_RETURNED) {
    const std::string& state = v1::Payment::State_Name(payment.state());
    return absl::StrCat("the payment is ", absl::StripPrefix(state, "STATE_"),
                        ", it was not sent to the bank");
  }
  if (payment.state() == v1::Payment::STATE_RETURNED && result.outcome() == v1::BankResult::OUTCOME_SETTLED) {
    return "the bank sent this payment back; what is paid again has another end-to-end id";
  }
  if (payment.state() == v1::Payment::STATE_SETTLED && payment.net_pence() == 0) {
    return "there was nothing to transfer";
  }
  return "";
}

// What a payment becomes that may not be paid any more: void where another amount is due now, held where a
// gate fails; none where it may be paid.
absl::StatusOr<std::optional<PaymentDecision>> DropOut(const v1::Payment& payment, const PayFacts& facts,
                                                       const v1::PaymentsPolicy& policy,
                                                       absl::CivilDay today) {
  IPB_ASSIGN_OR_RETURN(const bool still_due, IsStillDue(payment, facts));
  if (!still_due) {
    return VoidPayment(payment, "what is due for its period changed after it was prepared", facts.numbers,
                       today);
  }
  IPB_ASSIGN_OR_RETURN(std::vector<v1::PaymentGate> gates, GatesOf(payment, facts, policy, today));
  if (gates.empty()) return std::nullopt;
  return PaymentDecision{HoldByGates(payment, std::move(gates)), {}, facts.numbers};
}

}  // namespace

bool IsLive(const v1::Payment& payment) {
  return payment.state() != v1::Payment::STATE_VOID && payment.state() != v1::Payment::STATE_RETURNED;
}

bool IsBeforeExport(const v1::Payment& payment) {
  return payment.state() == v1::Payment::STATE_PENDING || payment.state() == v1::Payment::STATE_HELD ||
         payment.state() == v1::Payment::STATE_RELEASED;
}

int64_t NumberOf(absl::string_view name) {
  int64_t number = 0;
  const size_t slash = name.rfind('/');
  if (slash == name.npos || !absl::SimpleAtoi(name.substr(slash + 1), &number)) return 0;
  return number;
}

std::string NextPayment(absl::string_view person, Numbers& numbers) {
  return absl::StrCat(person, "/payments/", numbers.payment++);
}

std::string NextTransaction(absl::string_view any_name_of_person, Numbers& numbers) {
  const size_t first = any_name_of_person.find('/');
  const size_t second = first == any_name_of_person.npos ? first : any_name_of_person.find('/', first + 1);
  return absl::StrCat(any_name_of_person.substr(0, second), "/transactions/", numbers.transaction++);
}

std::string EndToEndId(absl::string_view agreement, absl::string_view cycle_first_date,
                       absl::string_view component_id, int32_t attempt) {
  const std::string digest = identifiers::Sha256Hex(
      absl::StrCat(agreement, "\n", cycle_first_date, "\n", component_id, "\n", attempt));
  return absl::StrCat("IPB", digest.substr(0, kDigitsOfDigest));
}

std::string IdentityRecord(const v1::Payment& payment) {
  return absl::StrCat("paymentOf/", NumberOf(payment.agreement()), "/", payment.cycle_first_date(), "/",
                      payment.component_id());
}

absl::StatusOr<PaymentDecision> MakePayable(v1::Payment payment, Numbers numbers, absl::CivilDay today) {
  PaymentDecision decision{std::move(payment), {}, numbers};
  decision.payment.clear_gates();
  decision.payment.set_state(v1::Payment::STATE_PENDING);
  if (!decision.payment.due_transaction().empty()) return decision;
  IPB_ASSIGN_OR_RETURN(v1::Transaction due, DueTransaction(decision.payment, today));
  NamePosted(std::move(due), decision);
  decision.payment.set_due_transaction(decision.transactions.back().name());
  return decision;
}

v1::Payment HoldByGates(v1::Payment payment, std::vector<v1::PaymentGate> gates) {
  payment.clear_gates();
  for (v1::PaymentGate& gate : gates) *payment.add_gates() = std::move(gate);
  payment.set_state(v1::Payment::STATE_HELD);
  payment.clear_run();
  return payment;
}

absl::StatusOr<PaymentDecision> VoidPayment(v1::Payment payment, absl::string_view reason, Numbers numbers,
                                            absl::CivilDay today) {
  if (!IsBeforeExport(payment)) {
    return errors::WrongState(payment.name(), v1::Payment::State_Name(payment.state()),
                              "STATE_PENDING, STATE_HELD or STATE_RELEASED");
  }
  PaymentDecision decision{std::move(payment), {}, numbers};
  IPB_RETURN_IF_ERROR(UndoDue(decision, today));
  decision.payment.clear_gates();
  decision.payment.clear_run();
  decision.payment.set_state(v1::Payment::STATE_VOID);
  decision.payment.set_state_reason(std::string(reason));
  return decision;
}

absl::StatusOr<v1::Payment> DecideHoldPayment(const v1::Payment& payment, const PayFacts& facts,
                                              const v1::HoldPaymentRequest& request, const Caller& caller,
                                              const v1::PaymentsPolicy& policy, absl::CivilDay today) {
  if (!IsBeforeExport(payment)) {
    return errors::WrongState(payment.name(), v1::Payment::State_Name(payment.state()),
                              "STATE_PENDING, STATE_HELD or STATE_RELEASED");
  }
  explain::Refusal refusal;
  if (payment.payer() != caller.organisation) refusal.Add(kPayer, payment.name());
  if (!HasReasons(request.decision())) refusal.Add(kReasons, payment.name());
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  v1::Payment held = payment;
  IPB_ASSIGN_OR_RETURN(*held.add_holds()->mutable_placed(), DecidedBy(request.decision(), caller, today));
  IPB_ASSIGN_OR_RETURN(std::vector<v1::PaymentGate> gates, GatesOf(held, facts, policy, today));
  return HoldByGates(std::move(held), std::move(gates));
}

absl::StatusOr<PaymentDecision> DecideReleaseHold(const v1::Payment& payment, const PayFacts& facts,
                                                  const v1::ReleaseHoldRequest& request, const Caller& caller,
                                                  const v1::PaymentsPolicy& policy, absl::CivilDay today) {
  if (payment.state() != v1::Payment::STATE_HELD || !HasOpenHold(payment)) {
    return errors::WrongState(payment.name(), v1::Payment::State_Name(payment.state()),
                              "STATE_HELD by a hold that somebody put on it");
  }
  explain::Refusal refusal;
  if (payment.payer() != caller.organisation) refusal.Add(kPayer, payment.name());
  if (!HasReasons(request.decision())) refusal.Add(kReasons, payment.name());
  v1::Payment freed = payment;
  IPB_ASSIGN_OR_RETURN(const v1::HumanDecision released, DecidedBy(request.decision(), caller, today));
  bool same_person = false;
  for (v1::PaymentHold& hold : *freed.mutable_holds()) {
    if (hold.has_released()) continue;
    same_person |= SamePerson(hold.placed().organisation(), hold.placed().decider(), caller);
    *hold.mutable_released() = released;
  }
  if (same_person) refusal.Add(kSecondPerson, payment.name());
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  IPB_ASSIGN_OR_RETURN(std::vector<v1::PaymentGate> gates, GatesOf(freed, facts, policy, today));
  if (gates.empty()) return MakePayable(std::move(freed), facts.numbers, today);
  return PaymentDecision{HoldByGates(std::move(freed), std::move(gates)), {}, facts.numbers};
}

absl::StatusOr<PaymentDecision> DecideReleasePayment(const v1::Payment& payment, const PayFacts& facts,
                                                     absl::string_view run, const v1::PaymentsPolicy& policy,
                                                     absl::CivilDay today) {
  PaymentDecision decision{payment, {}, facts.numbers};
  if (payment.run() != run || payment.state() != v1::Payment::STATE_PENDING) return decision;
  IPB_ASSIGN_OR_RETURN(std::optional<PaymentDecision> dropped, DropOut(payment, facts, policy, today));
  if (dropped) return *std::move(dropped);
  decision.payment.set_state(v1::Payment::STATE_RELEASED);
  return decision;
}

v1::Payment DetachPayment(v1::Payment payment, absl::string_view run) {
  if (payment.run() == run && payment.state() == v1::Payment::STATE_PENDING) payment.clear_run();
  return payment;
}

absl::StatusOr<ExportDecision> DecideExportPayment(const v1::Payment& payment, const PayFacts& facts,
                                                   const v1::PaymentRun& run,
                                                   const v1::PaymentsPolicy& policy, absl::CivilDay today) {
  ExportDecision decision{{payment, {}, facts.numbers}, facts.agreement};
  if (payment.run() != run.name() || payment.state() != v1::Payment::STATE_RELEASED) return decision;
  if (facts.person.death) {
    IPB_ASSIGN_OR_RETURN(std::optional<PaymentDecision> dropped, DropOut(payment, facts, policy, today));
    if (dropped) return ExportDecision{*std::move(dropped), facts.agreement};
  }
  if (payment.net_pence() > 0) {
    decision.moved.payment.set_state(v1::Payment::STATE_EXPORTED);
    return decision;
  }
  IPB_RETURN_IF_ERROR(Settle(decision.moved, decision.agreement, dates::Checked(run.pay_date())));
  return decision;
}

absl::StatusOr<SettleDecision> DecideSettlePayment(const v1::Payment& payment, const v1::Agreement& agreement,
                                                   absl::string_view run, const v1::BankResult& result,
                                                   Numbers numbers, absl::CivilDay today) {
  SettleDecision decision{{payment, {}, numbers}, agreement, {}};
  decision.verdict.set_end_to_end_id(result.end_to_end_id());
  const std::string reason = RefuseRow(payment, run, result, today);
  if (!reason.empty()) {
    decision.verdict.set_kind(v1::SettleVerdict::KIND_REFUSED);
    decision.verdict.set_reason(reason);
    return decision;
  }
  const bool settled = result.outcome() == v1::BankResult::OUTCOME_SETTLED;
  if (payment.state() == (settled ? v1::Payment::STATE_SETTLED : v1::Payment::STATE_RETURNED)) {
    decision.verdict.set_kind(v1::SettleVerdict::KIND_REPEATED);
    return decision;
  }
  const absl::CivilDay day = dates::Checked(result.outcome_date());
  IPB_RETURN_IF_ERROR(settled ? Settle(decision.moved, decision.agreement, day)
                              : Return(decision.moved, decision.agreement, result, day));
  decision.verdict.set_kind(v1::SettleVerdict::KIND_APPLIED);
  return decision;
}

}  // namespace ipb::payments
