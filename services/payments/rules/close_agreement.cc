#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/money/pence.h"
#include "services/payments/rules/agreement.h"
#include "services/payments/rules/human.h"
#include "services/payments/rules/ledger.h"
#include "services/payments/rules/payment.h"
#include "services/payments/rules/schedule.h"

namespace ipb::payments {
namespace {

constexpr explain::Rule kPayer{"PAY-CLOSE-PAYER", "Another organisation pays by this agreement",
                               "Care Act 2014 s33; SI 2013/1617 reg 17",
                               "the paying organisation closes it."};
constexpr explain::Rule kDay{"PAY-CLOSE-DAY", "The last day is more than a day before the first",
                             "local policy: an agreement covers whole days",
                             "give a last day from the day before the first."};
constexpr explain::Rule kReasons{"PAY-CLOSE-REASONS", "Payments are stopped without reasons",
                                 "Care Act 2014 s33(4)-(5); SI 2013/1617 reg 17",
                                 "give reasons in `decision.reasons`."};
constexpr explain::Rule kDeath{
    "PAY-CLOSE-DEATH", "The last day is not the recorded day of the person's death",
    "Care Act 2014 s33; SI 2013/1617 reg 15: for a death there is neither notice nor reasons",
    "record the death with the people service first and give its day, or close for another reason."};
constexpr explain::Rule kNotice{
    "PAY-CLOSE-NOTICE",
    "Payments may be stopped after {notice_days} days' written notice; the last day is {last_date}",
    "SI 2013/1617 reg 17; Care and Support Statutory Guidance ch 12; local policy",
    "give the day of the notice in `notice_given_date` and a last day at least so many days after it."};

constexpr explain::Rule kClosed{"PAY-CLOSE", "Nothing is due for days after {last_date}.",
                                "Care Act 2014 s33; SI 2013/1617 regs 15, 17"};
constexpr explain::Rule kVoided{
    "PAY-CLOSE-VOID",
    "{payment} pays for later days and falls away; what is still due of its period is "
    "prepared again by the next run.",
    "local policy: stop from the date"};
constexpr explain::Rule kOver{
    "PAY-CLOSE-OVER",
    "{payment} was settled for later days: {gross_pence} is over, counting the contribution. "
    "Nothing is asked back before committed costs, notice and the right of reply.",
    "SI 2013/1617 reg 15; Care Act 2014 s33(5)"};

bool NeedsReasons(v1::CloseReason reason) {
  return reason == v1::CLOSE_REASON_MUST_STOP || reason == v1::CLOSE_REASON_MAY_STOP;
}

absl::Status CheckNotice(const v1::CloseAgreementRequest& request, const v1::PaymentsPolicy& policy,
                         absl::CivilDay today, explain::Refusal& refusal) {
  if (request.reason() != v1::CLOSE_REASON_MAY_STOP) return absl::OkStatus();
  const v1::StopNotice* row = dates::InEffect(policy.stop_notices(), today);
  if (row == nullptr) return errors::NoRate("notice of stopping", dates::Format(today));
  const absl::CivilDay last = dates::Checked(request.last_date());
  const bool given = !request.notice_given_date().empty();
  if (!given || dates::Checked(request.notice_given_date()) > today ||
      last - dates::Checked(request.notice_given_date()) < row->notice_days()) {
    refusal.Add(kNotice, request.name(),
                {{"notice_days", static_cast<int64_t>(row->notice_days())}, {"last_date", last}});
  }
  return absl::OkStatus();
}

absl::Status RefuseClose(const CloseFacts& facts, const v1::CloseAgreementRequest& request,
                         const Caller& caller, const v1::PaymentsPolicy& policy, absl::CivilDay today) {
  const v1::Agreement& agreement = facts.agreement;
  explain::Refusal refusal;
  if (agreement.payer() != caller.organisation) refusal.Add(kPayer, agreement.name());
  if (dates::Checked(request.last_date()) < dates::Checked(agreement.first_date()) - 1) {
    refusal.Add(kDay, agreement.name());
  }
  if (NeedsReasons(request.reason()) && !HasReasons(request.decision())) {
    refusal.Add(kReasons, agreement.name());
  }
  const bool died_then = facts.death && *facts.death == dates::Checked(request.last_date());
  if (request.reason() == v1::CLOSE_REASON_DEATH && !died_then) refusal.Add(kDeath, agreement.name());
  IPB_RETURN_IF_ERROR(CheckNotice(request, policy, today, refusal));
  return refusal.ToStatus();
}

absl::Status StopPayment(const v1::Payment& payment, absl::CivilDay today, CloseDecision& decision) {
  if (IsBeforeExport(payment)) {
    IPB_ASSIGN_OR_RETURN(PaymentDecision voided,
                         VoidPayment(payment, "the agreement ended before the last day that it pays for",
                                     decision.numbers, today));
    decision.numbers = voided.numbers;
    decision.payments.push_back(std::move(voided.payment));
    for (auto& transaction : voided.transactions) decision.transactions.push_back(std::move(transaction));
    decision.trace.Add(kVoided, {{"payment", payment.name()}});
    return absl::OkStatus();
  }
  if (payment.state() != v1::Payment::STATE_SETTLED) return absl::OkStatus();
  IPB_ASSIGN_OR_RETURN(v1::Transaction over, OverpaidOf(decision.agreement, payment, today));
  if (over.entries().empty()) return absl::OkStatus();
  const int64_t before = decision.agreement.overpaid_gross_pence();
  IPB_RETURN_IF_ERROR(CountOverpaid(over, decision.agreement));
  over.set_name(NextTransaction(payment.name(), decision.numbers));
  decision.payments.push_back(payment);
  decision.payments.back().set_overpaid_transaction(over.name());
  decision.transactions.push_back(std::move(over));
  decision.trace.Add(kOver,
                     {{"payment", payment.name()},
                      {"gross_pence", explain::Pence{decision.agreement.overpaid_gross_pence() - before}}});
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::Transaction> OverpaidOf(const v1::Agreement& agreement, const v1::Payment& payment,
                                           absl::CivilDay today) {
  Period period = CycleOf(agreement, dates::Checked(payment.cycle_first_date()));
  period.first = dates::Checked(payment.first_date());
  period.last = dates::Checked(payment.last_date());
  if (!agreement.last_date().empty())
    period.last = std::min(period.last, dates::Checked(agreement.last_date()));
  std::vector<v1::PaymentFunder> due;
  if (period.last >= period.first) {
    IPB_ASSIGN_OR_RETURN(std::vector<ComponentDue> components, DueIn(agreement, period));
    for (ComponentDue& component : components) {
      if (component.component_id == payment.component_id()) due = std::move(component.funders);
    }
  }
  return OverpaidTransaction(payment, due, today);
}

absl::Status CountOverpaid(const v1::Transaction& overpaid, v1::Agreement& agreement) {
  money::Sum gross, net;
  gross.Add(agreement.overpaid_gross_pence());
  net.Add(agreement.overpaid_net_pence());
  for (const auto* entries : {&overpaid.entries(), &overpaid.means_entries()}) {
    for (const auto& entry : *entries) {
      if (entry.account() == v1::ACCOUNT_KIND_HOLDER) gross.Subtract(entry.amount_pence());
      if (entry.account() == v1::ACCOUNT_KIND_RECOVERY) net.Add(entry.amount_pence());
    }
  }
  IPB_ASSIGN_OR_RETURN(const int64_t gross_pence, gross.Total());
  IPB_ASSIGN_OR_RETURN(const int64_t net_pence, net.Total());
  agreement.set_overpaid_gross_pence(gross_pence);
  agreement.set_overpaid_net_pence(net_pence);
  return absl::OkStatus();
}

absl::StatusOr<CloseDecision> DecideCloseAgreement(const CloseFacts& facts,
                                                   const v1::CloseAgreementRequest& request,
                                                   const Caller& caller, const v1::PaymentsPolicy& policy,
                                                   absl::CivilDay today) {
  if (facts.agreement.state() != v1::Agreement::STATE_OPEN) {
    return errors::WrongState(facts.agreement.name(), v1::Agreement::State_Name(facts.agreement.state()),
                              "STATE_OPEN");
  }
  IPB_RETURN_IF_ERROR(RefuseClose(facts, request, caller, policy, today));
  CloseDecision decision;
  decision.numbers = facts.numbers;
  decision.agreement = facts.agreement;
  decision.agreement.set_last_date(request.last_date());
  decision.agreement.set_close_reason(request.reason());
  decision.agreement.set_state(v1::Agreement::STATE_CLOSED);
  IPB_ASSIGN_OR_RETURN(*decision.agreement.mutable_close_decision(),
                       DecidedBy(request.decision(), caller, today));
  const absl::CivilDay last = dates::Checked(request.last_date());
  decision.trace.Add(kClosed, {{"last_date", last}});
  for (const v1::Payment& payment : facts.payments) {
    if (payment.agreement() != facts.agreement.name() || dates::Checked(payment.last_date()) <= last)
      continue;
    IPB_RETURN_IF_ERROR(StopPayment(payment, today, decision));
  }
  return decision;
}

}  // namespace ipb::payments
