#include "services/allocation/rules/determinations.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/explain/words.h"

namespace ipb::allocation {
namespace {

constexpr char kSource[] = "Care Act 2014 ss13, 18-20; SI 2012/2996 regs 21, 32A";

constexpr explain::Rule kKnown = {.id = "BUDGET-DETERMINATION-KNOWN",
                                  .sentence = "{determination} is not known to eligibility, nor stated here",
                                  .source = kSource,
                                  .remedy = "record the determination, or name the one that stands"};
constexpr explain::Rule kDecided = {
    .id = "BUDGET-DETERMINATION-DECIDED",
    .sentence = "{determination} is {state}, so it shows no duty or power to fund",
    .source = kSource,
    .remedy =
        "name a determination that is decided and not ended or replaced; use ReviseBudget for a budget made "
        "before"};
constexpr explain::Rule kEligible = {.id = "BUDGET-DETERMINATION-ELIGIBLE",
                                     .sentence = "{determination} found the person not eligible",
                                     .source = kSource,
                                     .remedy = "name a determination by which the person is eligible"};
constexpr explain::Rule kInEffect = {
    .id = "BUDGET-DETERMINATION-IN-EFFECT",
    .sentence = "{determination} is not in effect on {first_day_date}",
    .source = kSource,
    .remedy = "name a determination that is in effect on the budget's first day, or begin on another day"};

// Decided, and neither ended nor replaced: while it is disputed, and when it was upheld, it goes on.
bool IsInEffect(v1::Determination::State state) {
  switch (state) {
    case v1::Determination::STATE_DETERMINED:
    case v1::Determination::STATE_NOTIFIED:
    case v1::Determination::STATE_DISPUTED:
    case v1::Determination::STATE_UPHELD:
      return true;
    default:
      return false;
  }
}

// What a move ended goes on, met by the second council, until that has assessed (Care Act 2014 ss37-38).
bool GoesOnAfterMove(const v1::Determination& determination, absl::CivilDay first_day) {
  const bool of_council = determination.regime() == v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT ||
                          determination.regime() == v1::ELIGIBILITY_REGIME_CARE_ACT_CARER;
  return of_council && determination.outcome() == v1::ELIGIBILITY_OUTCOME_ELIGIBLE &&
         determination.state() == v1::Determination::STATE_ENDED &&
         determination.end_reason() == v1::Determination::END_REASON_MOVED &&
         first_day > dates::Checked(determination.effective_to_date());
}

void CheckOne(const v1::Determination& determination, absl::CivilDay first_day, explain::Refusal& refusal) {
  const explain::Input name = {"determination", determination.name()};
  if (GoesOnAfterMove(determination, first_day)) return;
  if (!IsInEffect(determination.state())) {
    refusal.Add(
        kDecided, determination.name(),
        {name, {"state", explain::Words(v1::Determination::State_Name(determination.state()), "STATE_")}});
    return;
  }
  if (determination.outcome() != v1::ELIGIBILITY_OUTCOME_ELIGIBLE) {
    refusal.Add(kEligible, determination.name(), {name});
  }
  if (!dates::Within(first_day, determination.effective_from_date(), determination.effective_to_date())) {
    refusal.Add(kInEffect, determination.name(), {name, {"first_day_date", first_day}});
  }
}

// Whether a determination under the regime shows the duty or power to fund on the basis. A joint package and
// a pool rest on any.
bool Shows(v1::EligibilityRegime regime, v1::FundingBasis basis) {
  switch (basis) {
    case v1::FUNDING_BASIS_CARE_ACT:
      return regime == v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT ||
             regime == v1::ELIGIBILITY_REGIME_CARE_ACT_CARER;
    case v1::FUNDING_BASIS_CHC:
      return regime == v1::ELIGIBILITY_REGIME_CHC;
    case v1::FUNDING_BASIS_SECTION_117:
      return regime == v1::ELIGIBILITY_REGIME_SECTION_117;
    case v1::FUNDING_BASIS_FNC:
      return regime == v1::ELIGIBILITY_REGIME_NURSING_CARE;
    case v1::FUNDING_BASIS_CYPCC:
      return regime == v1::ELIGIBILITY_REGIME_CHILDRENS_CONTINUING_CARE;
    case v1::FUNDING_BASIS_DISCRETIONARY_PHB:
      return regime == v1::ELIGIBILITY_REGIME_DISCRETIONARY_PHB ||
             regime == v1::ELIGIBILITY_REGIME_WHEELCHAIR;
    default:
      return true;
  }
}

bool IsDetermined(v1::FundingBasis basis, const v1::Budget& budget,
                  absl::Span<const NamedDetermination> known) {
  const auto& named = budget.determinations();
  return std::any_of(known.begin(), known.end(), [&](const NamedDetermination& one) {
    return one.determination.has_value() && Shows(one.determination->regime(), basis) &&
           std::find(named.begin(), named.end(), one.name) != named.end();
  });
}

}  // namespace

std::vector<v1::FundingBasis> BasesNotDetermined(const v1::Budget& budget,
                                                 absl::Span<const NamedDetermination> known) {
  std::vector<v1::FundingBasis> missing;
  for (const v1::FunderAmount& total : budget.funder_totals()) {
    const v1::FundingBasis basis = total.basis();
    const bool listed = std::find(missing.begin(), missing.end(), basis) != missing.end();
    if (!listed && !IsDetermined(basis, budget, known)) missing.push_back(basis);
  }
  return missing;
}

absl::Status CheckSamePerson(absl::string_view person, absl::string_view field,
                             const google::protobuf::RepeatedPtrField<std::string>& names) {
  std::vector<errors::FieldViolation> violations;
  for (int i = 0; i < names.size(); ++i) {
    if (absl::StartsWith(names[i], absl::StrCat(person, "/"))) continue;
    violations.push_back({absl::StrCat(field, "[", i, "]"), "is of another person"});
  }
  return violations.empty() ? absl::OkStatus() : errors::InvalidFields(violations);
}

void CheckDeterminations(const v1::Budget& budget, absl::Span<const NamedDetermination> known,
                         explain::Refusal& refusal) {
  const absl::CivilDay first_day = dates::Checked(budget.effective_from_date());
  for (const std::string& name : budget.determinations()) {
    const auto found = std::find_if(known.begin(), known.end(), [&](const NamedDetermination& one) {
      return one.name == name && one.determination.has_value();
    });
    if (found == known.end()) {
      refusal.Add(kKnown, name, {{"determination", name}});
    } else {
      CheckOne(*found->determination, first_day, refusal);
    }
  }
}

}  // namespace ipb::allocation
