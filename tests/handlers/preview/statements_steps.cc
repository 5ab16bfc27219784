#include "ipb/v1/statements_service.pb.h"
#include "tests/handlers/payments/requests.h"
#include "tests/handlers/preview/steps.h"

namespace ipb::preview {
namespace {

using testing::kCouncil;
using testing::kIcb;

// The plan in effect or one of its budgets; now and then the plan has ended.
Asking RecordStatement(Known& known) {
  const auto state = known.Chance(80) ? v1::Plan::STATE_ACTIVE : v1::Plan::STATE_ENDED;
  const auto stated = payments::PlanAndBudgets(known.person(), state);
  v1::RecordStatementRequest request =
      payments::Stating(known.person(), stated[known.Pick(static_cast<int>(stated.size()))]);
  return By(Mostly(known, kCouncil, kIcb), std::move(request));
}

constexpr Step kSteps[] = {{"StatementsService.RecordStatement", RecordStatement}};

}  // namespace

absl::Span<const Step> StatementsSteps() { return kSteps; }

}  // namespace ipb::preview
