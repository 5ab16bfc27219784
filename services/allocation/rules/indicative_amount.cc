#include "services/allocation/rules/indicative_amount.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "services/allocation/rules/nhs_equivalent.h"
#include "services/allocation/rules/table_amount.h"
#include "services/allocation/rules/wheelchair_value.h"

namespace ipb::allocation {
namespace {

constexpr explain::Rule kNhsBody = {
    .id = "ALLOCATION-NHS-BODY",
    .sentence =
        "What the NHS would have spent, and what a wheelchair budget is worth, is for the NHS body whose "
        "duty it is to work out, by its own prices",
    .source =
        "SI 2012/2996 Part 6A regs 32A, 32B: personal health budgets are for integrated care boards and "
        "NHS England; NHS Act 2006 s75",
    .remedy =
        "ask as the NHS body, or give the answers to a table of the council's; a council that acts for the "
        "NHS under s75 asks in the name of the NHS body"};

// Exactly one thing is asked for, and what goes with a table goes with nothing else.
absl::Status CheckForm(const v1::EvaluateIndicativeAmountRequest& request) {
  std::vector<absl::string_view> asked;
  if (!request.table().empty()) asked.push_back("table");
  if (!request.nhs_equivalent().empty()) asked.push_back("nhs_equivalent");
  if (request.has_wheelchair()) asked.push_back("wheelchair");
  if (asked.empty()) {
    return errors::InvalidField("table", "must be given, or else nhs_equivalent or wheelchair");
  }
  std::vector<errors::FieldViolation> wrong;
  for (size_t i = 1; i < asked.size(); ++i) {
    wrong.push_back({std::string(asked[i]), absl::StrCat("cannot be given with ", asked[0])});
  }
  const std::pair<absl::string_view, bool> of_tables[] = {
      {"answers", request.answers_size() > 0},
      {"informal_support", request.informal_support_size() > 0},
      {"additions", request.additions_size() > 0},
      {"itemised_needs", request.itemised_needs_size() > 0}};
  for (const auto& [field, given] : of_tables) {
    if (given && request.table().empty()) wrong.push_back({std::string(field), "goes with a table"});
  }
  return wrong.empty() ? absl::OkStatus() : errors::InvalidFields(wrong);
}

// What the NHS would have spent is no council's to say: its price list is not what the NHS pays.
absl::Status CheckNhsBody(const v1::EvaluateIndicativeAmountRequest& request, v1::CallerKind asking) {
  explain::Refusal refusal;
  if (asking != v1::CALLER_KIND_NHS) {
    refusal.Add(kNhsBody, request.has_wheelchair() ? "wheelchair" : "nhs_equivalent");
  }
  return refusal.ToStatus();
}

}  // namespace

absl::StatusOr<v1::IndicativeAmount> DecideIndicativeAmount(
    const v1::EvaluateIndicativeAmountRequest& request, v1::CallerKind asking,
    const v1::AllocationPolicy& local, explain::Trace& trace) {
  IPB_RETURN_IF_ERROR(CheckForm(request));
  const absl::CivilDay day = dates::Checked(request.decision_date());
  if (!request.table().empty()) {
    IPB_ASSIGN_OR_RETURN(const PreparedTable table, PreparedTable::Make(request.table(), day, local));
    return table.Price(NeedsIn(request), trace);
  }
  IPB_RETURN_IF_ERROR(CheckNhsBody(request, asking));
  if (request.has_wheelchair()) return ValueWheelchair(request.wheelchair(), day, local, trace);
  return PriceNhsEquivalent(request.nhs_equivalent(), day, local, trace);
}

}  // namespace ipb::allocation
