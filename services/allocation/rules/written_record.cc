#include "services/allocation/rules/written_record.h"

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/money/pence.h"

namespace ipb::allocation {
namespace {

std::string Found(const v1::MeansTest& means) {
  switch (means.outcome()) {
    case v1::MEANS_OUTCOME_ASSESSED:
      return absl::StrCat("You can be asked to pay at most ", money::Format(means.maximum_weekly_pence()),
                          " a week, and never more than your care costs.");
    case v1::MEANS_OUTCOME_FULL_COST_CAPITAL:
      return "You pay the full cost of your care, because of your capital.";
    case v1::MEANS_OUTCOME_FULL_COST_NOT_DISCLOSED:
      return "You pay the full cost of your care, because your means were not told.";
    default:
      return "You pay the full cost of your care, as you can and agreed to.";
  }
}

std::string Steps(const v1::Explanation& explanation) {
  std::string text = "How this was reached:\n";
  for (int i = 0; i < explanation.steps_size(); ++i) {
    const v1::ExplanationStep& step = explanation.steps(i);
    absl::StrAppend(&text, i + 1, ". ", step.sentence(), " (", step.legal_source(), ")\n");
  }
  return text;
}

}  // namespace

std::string WrittenRecord(const v1::FinancialAssessment& assessment) {
  const std::string first = dates::Spell(dates::Checked(assessment.effective_from_date()));
  return absl::StrCat("Your financial assessment by ", assessment.organisation(), " holds from ", first,
                      ".\n", Found(assessment.result()), "\n", Steps(assessment.explanation()));
}

std::string WrittenRecord(const v1::ChargeCalculation& charge, absl::CivilDay day,
                          const v1::Explanation& explanation) {
  std::string text = absl::StrCat("By the rates of ", dates::Spell(day), " you would pay ",
                                  money::Format(charge.charge_weekly_pence()), " a week, and the council ",
                                  money::Format(charge.council_pays_weekly_pence()), ".\n");
  if (charge.arrangement_fee_weekly_pence() > 0) {
    absl::StrAppend(&text, "For arranging your care the council would take ",
                    money::Format(charge.arrangement_fee_weekly_pence()), " a week beside that.\n");
  }
  return absl::StrCat(text, Steps(explanation));
}

}  // namespace ipb::allocation
