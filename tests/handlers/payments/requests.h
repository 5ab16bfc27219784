// Requests to payments that nothing but the state of things can refuse, and what is stated to it of a plan
// and its money. Each has a fresh request_id where money moves.
#pragma once

#include <string>
#include <vector>

#include "ipb/v1/payments_service.pb.h"
#include "ipb/v1/statements_service.pb.h"

namespace ipb::payments {

// Monday, the first day of the stated plan and of a council's cycle.
inline constexpr char kPayDate[] = "2025-06-02";

// The plan is active: "care", 500.00 a week (council 3/5, ICB 2/5), and "bike", 300.00 once, the council's,
// are held as direct payments; "day", 80.00 a week, the council's, by a third party. The contribution
// is 40.00 a week. The plan names the indicative budget, which the agreed one superseded.
std::vector<v1::StatedResource> PlanAndBudgets(const std::string& person, v1::Plan::State state);
// The plan alone.
v1::StatedResource StatedPlan(const std::string& person, v1::Plan::State state);
// One of them, stated to a service.
v1::RecordStatementRequest Stating(const std::string& person, const v1::StatedResource& resource,
                                   const std::string& service = "payments");

v1::ProposePayeeRequest Proposing(const std::string& person);
v1::ApprovePayeeRequest Approving(const std::string& payee);
// The direct-payment lines of the person's first plan, aligned and net.
v1::OpenAgreementRequest Opening(const std::string& person, const std::string& payee);
// With 29 June 2025 as the last day.
v1::CloseAgreementRequest Closing(const std::string& agreement, v1::CloseReason reason);
// On the line "care", on 2 June 2025.
v1::RecordSpendingRequest Spending(const std::string& agreement, int64_t amount_pence);

v1::CreatePaymentRunRequest Creating(const std::string& pay_date = kPayDate);
v1::ReleasePaymentRunRequest Releasing(const v1::PaymentRun& run);
v1::ExportPaymentRunRequest Exporting(const v1::PaymentRun& run);
v1::HoldPaymentRequest Holding(const std::string& payment);

}  // namespace ipb::payments
