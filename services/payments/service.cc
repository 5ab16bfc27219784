#include "services/payments/service.h"

#include "common/client/upstream.h"
#include "ipb/v1/allocation_service.grpc.pb.h"
#include "ipb/v1/care_planning_service.grpc.pb.h"
#include "ipb/v1/payments_service.grpc.pb.h"
#include "services/payments/handlers/handlers.h"
#include "services/payments/work/jobs.h"

namespace ipb::payments {
namespace {

using CarePlanning = client::Peer<v1::CarePlanningService>;
using Allocation = client::Peer<v1::AllocationService>;

Upstreams Readers(std::shared_ptr<CarePlanning> careplanning, std::shared_ptr<Allocation> allocation) {
  Upstreams upstreams;
  upstreams.read_plan = [careplanning](call::Call& call, std::string name) {
    return client::Read<v1::Plan>(call, *careplanning, &CarePlanning::Async::GetPlan, std::move(name));
  };
  upstreams.read_budget = [allocation](call::Call& call, std::string name) {
    return client::Read<v1::Budget>(call, *allocation, &Allocation::Async::GetBudget, std::move(name));
  };
  return upstreams;
}

class Service final : public v1::PaymentsService::CallbackService, public process::HostedService {
 public:
  Service(const server::Serving& serving, std::shared_ptr<CarePlanning> careplanning,
          std::shared_ptr<Allocation> allocation)
      : serving_(serving), upstreams_(Readers(std::move(careplanning), std::move(allocation))) {}
  grpc::Service* grpc_service() override { return this; }
  std::vector<work::Job> jobs() override { return JobsOf(upstreams_); }

  IPB_SERVE(ProposePayee, ProposePayeeRequest, Payee)
  IPB_SERVE(ApprovePayee, ApprovePayeeRequest, Payee)
  IPB_SERVE(GetPayee, GetPayeeRequest, Payee)
  IPB_SERVE(OpenAgreement, OpenAgreementRequest, Agreement)
  IPB_SERVE(GetAgreement, GetAgreementRequest, Agreement)
  IPB_SERVE(ListAgreements, ListAgreementsRequest, ListAgreementsResponse)
  IPB_SERVE(CloseAgreement, CloseAgreementRequest, Agreement)
  IPB_SERVE(CreatePaymentRun, CreatePaymentRunRequest, PaymentRun)
  IPB_SERVE(GetPaymentRun, GetPaymentRunRequest, PaymentRun)
  IPB_SERVE(ListRunPayments, ListRunPaymentsRequest, ListRunPaymentsResponse)
  IPB_SERVE(ReleasePaymentRun, ReleasePaymentRunRequest, PaymentRun)
  IPB_SERVE(CancelPaymentRun, CancelPaymentRunRequest, PaymentRun)
  IPB_SERVE(ExportPaymentRun, ExportPaymentRunRequest, BankFile)
  IPB_SERVE(SettlePayments, SettlePaymentsRequest, SettlePaymentsResponse)
  IPB_SERVE(HoldPayment, HoldPaymentRequest, Payment)
  IPB_SERVE(ReleaseHold, ReleaseHoldRequest, Payment)
  IPB_SERVE(GetPayment, GetPaymentRequest, Payment)
  IPB_SERVE(ListPayments, ListPaymentsRequest, ListPaymentsResponse)
  IPB_SERVE(RecordSpending, RecordSpendingRequest, Spending)
  IPB_SERVE(ListTransactions, ListTransactionsRequest, ListTransactionsResponse)
  IPB_SERVE(GetBalance, GetBalanceRequest, Balance)
  IPB_SERVE(GetStatement, GetStatementRequest, Statement)

 private:
  static constexpr char kService[] = "ipb.v1.PaymentsService";
  const server::Serving& serving_;
  const Upstreams upstreams_;
};

}  // namespace

process::ServiceFactory Factory() {
  return {"payments", "payments/1", [](const server::Serving& serving, process::Upstreams& upstreams) {
            return std::make_unique<Service>(
                serving, upstreams.Peer<v1::CarePlanningService>("payments", "careplanning"),
                upstreams.Peer<v1::AllocationService>("payments", "allocation"));
          }};
}

}  // namespace ipb::payments
