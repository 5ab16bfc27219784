#include <algorithm>

#include "ipb/v1/payments_service.pb.h"
#include "ipb/v1/plan.pb.h"
#include "tests/handlers/payments/requests.h"
#include "tests/handlers/preview/steps.h"

namespace ipb::preview {
namespace {

using testing::kCouncil;
using testing::kIcb;
using testing::kSecondCouncilOfficer;
using testing::kSecondIcbOfficer;

As FirstOf(const std::string& organisation) { return organisation == kIcb.organisation ? kIcb : kCouncil; }
As SecondOf(const std::string& organisation) {
  return organisation == kIcb.organisation ? kSecondIcbOfficer : kSecondCouncilOfficer;
}

Asking ProposePayee(Known& known) {
  if (!known.All<v1::Payee>().empty() && known.Chance(80)) return std::nullopt;
  return By(known.Chance(60) ? kCouncil : kIcb, payments::Proposing(known.person()));
}

Asking ApprovePayee(Known& known) {
  const auto* proposed = known.In<v1::Payee>(v1::Payee::STATE_PROPOSED);
  if (proposed == nullptr) return std::nullopt;
  v1::ApprovePayeeRequest request = payments::Approving(proposed->name());
  request.set_etag(known.EtagOf(*proposed));
  return By(Mostly(known, SecondOf(proposed->organisation()), FirstOf(proposed->organisation())),
            std::move(request));
}

Asking OpenAgreement(Known& known) {
  const auto* payee = known.In<v1::Payee>(v1::Payee::STATE_APPROVED);
  const auto* plan = known.In<v1::Plan>(v1::Plan::STATE_ACTIVE);
  if (payee == nullptr || plan == nullptr) return std::nullopt;
  v1::OpenAgreementRequest request = payments::Opening(known.person(), payee->name());
  request.set_plan(plan->name());
  request.set_first_date(known.Chance(70) ? plan->active_date() : known.Date());
  if (request.first_date().empty()) request.set_first_date(known.Date());
  return By(Mostly(known, FirstOf(payee->organisation()), kIcb), std::move(request));
}

Asking CloseAgreement(Known& known) {
  const auto* open = known.In<v1::Agreement>(v1::Agreement::STATE_OPEN);
  if (open == nullptr || known.Chance(60)) return std::nullopt;
  v1::CloseAgreementRequest request =
      payments::Closing(open->name(), static_cast<v1::CloseReason>(1 + known.Pick(v1::CloseReason_MAX)));
  request.set_last_date(known.Date(known.Pick(40) - 10));
  request.mutable_decision()->clear_decision_date();
  request.mutable_decision()->set_reasons("The account is not used as agreed.");
  request.set_etag(known.EtagOf(*open));
  return By(FirstOf(open->payer()), std::move(request));
}

Asking CreatePaymentRun(Known& known) {
  if (known.Chance(known.All<v1::Agreement>().empty() ? 90 : 40)) return std::nullopt;
  return By(known.Chance(60) ? kCouncil : kIcb, payments::Creating(known.Date(known.Pick(4))));
}

Asking ReleasePaymentRun(Known& known) {
  const auto* prepared = known.One<v1::PaymentRun>([](const v1::PaymentRun& one) {
    return one.state() == v1::PaymentRun::STATE_PREPARED && one.payment_count() > 0;
  });
  if (prepared == nullptr) return std::nullopt;
  v1::ReleasePaymentRunRequest request = payments::Releasing(*prepared);
  request.set_etag(known.EtagOf(*prepared));
  return By(Mostly(known, SecondOf(prepared->organisation()), FirstOf(prepared->organisation())),
            std::move(request));
}

Asking CancelPaymentRun(Known& known) {
  const auto* prepared = known.In<v1::PaymentRun>(v1::PaymentRun::STATE_PREPARED);
  if (prepared == nullptr || known.Chance(85)) return std::nullopt;
  v1::CancelPaymentRunRequest request;
  request.set_name(prepared->name());
  request.mutable_decision()->set_reasons("The pay date was wrong.");
  request.set_etag(known.EtagOf(*prepared));
  return By(FirstOf(prepared->organisation()), std::move(request));
}

Asking ExportPaymentRun(Known& known) {
  const auto* released = known.One<v1::PaymentRun>([](const v1::PaymentRun& one) {
    return one.state() == v1::PaymentRun::STATE_RELEASED || one.file_count() > 0;
  });
  if (released == nullptr || (released->state() != v1::PaymentRun::STATE_RELEASED && known.Chance(80))) {
    return std::nullopt;
  }
  return By(SecondOf(released->organisation()), payments::Exporting(*released));
}

// What the bank did with those of the run's payments that are the person's; at times it names one it never
// had.
Asking SettlePayments(Known& known) {
  const auto* exported = known.In<v1::PaymentRun>(v1::PaymentRun::STATE_EXPORTED);
  if (exported == nullptr) return std::nullopt;
  v1::SettlePaymentsRequest request;
  request.set_name(exported->name());
  for (const v1::Payment* payment : known.All<v1::Payment>()) {
    if (payment->run() != exported->name() && !known.Chance(10)) continue;
    if (payment->end_to_end_id().empty()) continue;
    v1::BankResult* result = request.add_results();
    result->set_end_to_end_id(payment->end_to_end_id());
    result->set_outcome(known.Chance(75) ? v1::BankResult::OUTCOME_SETTLED
                                         : v1::BankResult::OUTCOME_RETURNED);
    result->set_outcome_date(known.Date());
  }
  if (request.results().empty()) return std::nullopt;
  return By(FirstOf(exported->organisation()), std::move(request));
}

Asking HoldPayment(Known& known) {
  const auto* waiting = known.One<v1::Payment>([](const v1::Payment& one) {
    return one.state() == v1::Payment::STATE_PENDING || one.state() == v1::Payment::STATE_RELEASED;
  });
  if (waiting == nullptr || known.Chance(60)) return std::nullopt;
  v1::HoldPaymentRequest request = payments::Holding(waiting->name());
  request.set_etag(known.EtagOf(*waiting));
  return By(Mostly(known, FirstOf(waiting->payer()), kIcb), std::move(request));
}

Asking ReleaseHold(Known& known) {
  const auto* held = known.One<v1::Payment>([](const v1::Payment& one) {
    return std::any_of(one.holds().begin(), one.holds().end(),
                       [](const auto& hold) { return !hold.has_released(); });
  });
  if (held == nullptr) return std::nullopt;
  v1::ReleaseHoldRequest request;
  request.set_name(held->name());
  request.mutable_decision()->set_reasons("Cleared up.");
  request.set_etag(known.EtagOf(*held));
  return By(Mostly(known, SecondOf(held->payer()), FirstOf(held->payer())), std::move(request));
}

Asking RecordSpending(Known& known) {
  const auto* open = known.In<v1::Agreement>(v1::Agreement::STATE_OPEN);
  if (open == nullptr) return std::nullopt;
  v1::RecordSpendingRequest request = payments::Spending(open->name(), 100 * (1 + known.Pick(50)));
  request.set_line_id(open->lines_size() > 0 ? open->lines(0).line_id() : "care");
  request.set_spent_date(known.Date());
  return By(FirstOf(open->payer()), std::move(request));
}

constexpr Step kSteps[] = {
    {"PaymentsService.ProposePayee", ProposePayee},
    {"PaymentsService.ApprovePayee", ApprovePayee},
    {"PaymentsService.OpenAgreement", OpenAgreement},
    {"PaymentsService.CloseAgreement", CloseAgreement},
    {"PaymentsService.CreatePaymentRun", CreatePaymentRun},
    {"PaymentsService.ReleasePaymentRun", ReleasePaymentRun},
    {"PaymentsService.CancelPaymentRun", CancelPaymentRun},
    {"PaymentsService.ExportPaymentRun", ExportPaymentRun},
    {"PaymentsService.SettlePayments", SettlePayments},
    {"PaymentsService.HoldPayment", HoldPayment},
    {"PaymentsService.ReleaseHold", ReleaseHold},
    {"PaymentsService.RecordSpending", RecordSpending},
};

}  // namespace

absl::Span<const Step> PaymentsSteps() { return kSteps; }

}  // namespace ipb::preview
