// The handlers of PaymentsService: load, decide, commit, reply. Errors are those of the contract.
#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "common/async/task.h"
#include "common/call/call.h"
#include "ipb/v1/budget.pb.h"
#include "ipb/v1/payments_service.pb.h"
#include "ipb/v1/plan.pb.h"

namespace ipb::payments {

template <typename Reply>
using Answer = async::Task<absl::StatusOr<Reply>>;

// What payments reads of the services to its left, on behalf of the call's caller, or where a service is not
// configured what was stated in its place. NOT_FOUND where neither knows it; UNAVAILABLE where the service
// cannot be asked.
struct Upstreams {
  std::function<Answer<v1::Plan>(call::Call&, std::string name)> read_plan;
  std::function<Answer<v1::Budget>(call::Call&, std::string name)> read_budget;
};

namespace handlers {

Answer<v1::Payee> ProposePayee(const Upstreams&, call::Call&, const v1::ProposePayeeRequest&);
Answer<v1::Payee> ApprovePayee(const Upstreams&, call::Call&, const v1::ApprovePayeeRequest&);
Answer<v1::Payee> GetPayee(const Upstreams&, call::Call&, const v1::GetPayeeRequest&);
Answer<v1::Agreement> OpenAgreement(const Upstreams&, call::Call&, const v1::OpenAgreementRequest&);
Answer<v1::Agreement> GetAgreement(const Upstreams&, call::Call&, const v1::GetAgreementRequest&);
Answer<v1::ListAgreementsResponse> ListAgreements(const Upstreams&, call::Call&,
                                                  const v1::ListAgreementsRequest&);
Answer<v1::Agreement> CloseAgreement(const Upstreams&, call::Call&, const v1::CloseAgreementRequest&);
Answer<v1::PaymentRun> CreatePaymentRun(const Upstreams&, call::Call&, const v1::CreatePaymentRunRequest&);
Answer<v1::PaymentRun> GetPaymentRun(const Upstreams&, call::Call&, const v1::GetPaymentRunRequest&);
Answer<v1::ListRunPaymentsResponse> ListRunPayments(const Upstreams&, call::Call&,
                                                    const v1::ListRunPaymentsRequest&);
Answer<v1::PaymentRun> ReleasePaymentRun(const Upstreams&, call::Call&, const v1::ReleasePaymentRunRequest&);
Answer<v1::PaymentRun> CancelPaymentRun(const Upstreams&, call::Call&, const v1::CancelPaymentRunRequest&);
Answer<v1::BankFile> ExportPaymentRun(const Upstreams&, call::Call&, const v1::ExportPaymentRunRequest&);
Answer<v1::SettlePaymentsResponse> SettlePayments(const Upstreams&, call::Call&,
                                                  const v1::SettlePaymentsRequest&);
Answer<v1::Payment> HoldPayment(const Upstreams&, call::Call&, const v1::HoldPaymentRequest&);
Answer<v1::Payment> ReleaseHold(const Upstreams&, call::Call&, const v1::ReleaseHoldRequest&);
Answer<v1::Payment> GetPayment(const Upstreams&, call::Call&, const v1::GetPaymentRequest&);
Answer<v1::ListPaymentsResponse> ListPayments(const Upstreams&, call::Call&, const v1::ListPaymentsRequest&);
Answer<v1::Spending> RecordSpending(const Upstreams&, call::Call&, const v1::RecordSpendingRequest&);
Answer<v1::ListTransactionsResponse> ListTransactions(const Upstreams&, call::Call&,
                                                      const v1::ListTransactionsRequest&);
Answer<v1::Balance> GetBalance(const Upstreams&, call::Call&, const v1::GetBalanceRequest&);
Answer<v1::Statement> GetStatement(const Upstreams&, call::Call&, const v1::GetStatementRequest&);

}  // namespace handlers
}  // namespace ipb::payments
