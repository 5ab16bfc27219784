#include "services/payments/rules/spending.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "common/explain/words.h"
#include "common/money/pence.h"
#include "services/payments/rules/ledger.h"
#include "services/payments/rules/payment.h"

namespace ipb::payments {
namespace {

constexpr explain::Rule kLine{"PAY-SPEND-LINE", "The agreement has no line {line_id}",
                              "Care Act 2014 s33(3); SI 2013/1617 reg 11",
                              "name a line that the agreement pays."};
constexpr explain::Rule kCategory{"PAY-SPEND-CATEGORY", "Line {line_id} is for {planned}, not for {spent}",
                                  "Care Act 2014 s33(3); SI 2013/1617 reg 11",
                                  "name the line that is for it, or revise the plan."};
constexpr explain::Rule kPeriod{"PAY-SPEND-PERIOD", "{spent_date} is not a day that the line is paid for",
                                "Care Act 2014 s33(3); SI 2013/1617 reg 11",
                                "name the agreement and line of that day."};
constexpr explain::Rule kFuture{"PAY-SPEND-FUTURE", "{spent_date} lies in the future",
                                "records show what was spent", "record it on the day or later."};
constexpr explain::Rule kExcluded{
    "PAY-SPEND-EXCLUDED", "{organisation}'s money may not buy {spent}: {source}",
    "SI 2013/1617 reg 8; Care Act 2014 s33; Care and Support Statutory Guidance ch 12",
    "pay for it from elsewhere."};

constexpr explain::Rule kFamily{
    "PAY-SPEND-FAMILY",
    "{organisation}'s direct payment pays family, or a friend of the household, only where {organisation} "
    "found it "
    "necessary, and it did not for line {line_id}: {source}",
    "SI 2014/2871 reg 3; SI 2013/1617 reg 8(5A)-(5B)",
    "{organisation} finds it necessary when it approves a plan, or somebody else is paid."};

constexpr explain::Rule kWithin{"PAY-SPEND",
                                "{amount_pence} on {spent_date} for {spent} is within line {line_id}.",
                                "Care Act 2014 s33(3); SI 2013/1617 reg 11"};
constexpr explain::Rule kFunder{"PAY-SPEND-SHARE", "{organisation} bears {share_pence} of it.",
                                "shares as agreed with the budget, split by largest remainder"};

std::string Word(v1::SpendingCategory category) {
  return explain::Words(v1::SpendingCategory_Name(category), "SPENDING_CATEGORY_");
}

bool Bars(const ExclusionFacts& exclusion, v1::SpendingCategory category, const v1::FundingShare& share) {
  const auto& bases = exclusion.bases;
  return exclusion.category == category &&
         (exclusion.organisation.empty() || exclusion.organisation == share.organisation()) &&
         (bases.empty() || std::find(bases.begin(), bases.end(), share.basis()) != bases.end());
}

void RefuseLine(const v1::Agreement& agreement, const v1::AgreementLine& line,
                absl::Span<const ExclusionFacts> exclusions, const v1::RecordSpendingRequest& request,
                explain::Refusal& refusal) {
  if (line.category() != request.category()) {
    refusal.Add(kCategory, line.line_id(),
                {{"line_id", line.line_id()},
                 {"planned", Word(line.category())},
                 {"spent", Word(request.category())}});
  }
  const absl::CivilDay day = dates::Checked(request.spent_date());
  const bool within = dates::Within(day, line.first_date(), line.last_date()) &&
                      dates::Within(day, agreement.first_date(), agreement.last_date());
  if (!within) {
    refusal.Add(kPeriod, line.line_id(), {{"spent_date", day}});
  }
  for (const auto& share : line.shares()) {
    for (const ExclusionFacts& exclusion : exclusions) {
      if (!Bars(exclusion, request.category(), share)) continue;
      refusal.Add(kExcluded, line.line_id(),
                  {{"organisation", share.organisation()},
                   {"spent", Word(request.category())},
                   {"source", exclusion.source}});
    }
  }
}

void RefuseFamily(const v1::AgreementLine& line, absl::Span<const FamilyRuleFacts> family_rules,
                  explain::Refusal& refusal) {
  const auto& necessary = line.family_necessary_organisations();
  for (const FamilyRuleFacts& rule : family_rules) {
    if (std::find(necessary.begin(), necessary.end(), rule.organisation) != necessary.end()) continue;
    refusal.Add(kFamily, line.line_id(),
                {{"organisation", rule.organisation}, {"line_id", line.line_id()}, {"source", rule.source}});
  }
}

absl::Status SplitIt(const v1::AgreementLine& line, SpendingDecision& decision) {
  std::vector<money::Fraction> parts;
  for (const auto& share : line.shares()) {
    parts.push_back({share.share().numerator(), share.share().denominator()});
  }
  IPB_ASSIGN_OR_RETURN(const std::vector<int64_t> split,
                       money::Split(decision.spending.amount_pence(), parts));
  for (int i = 0; i < line.shares_size(); ++i) {
    auto* funder = decision.spending.add_funders();
    funder->set_organisation(line.shares(i).organisation());
    funder->set_basis(line.shares(i).basis());
    funder->set_amount_pence(split[i]);
    decision.trace.Add(kFunder, {{"organisation", line.shares(i).organisation()},
                                 {"share_pence", explain::Pence{split[i]}}});
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<SpendingDecision> DecideRecordSpending(const v1::Agreement& agreement,
                                                      absl::Span<const ExclusionFacts> exclusions,
                                                      absl::Span<const FamilyRuleFacts> family_rules,
                                                      const v1::RecordSpendingRequest& request,
                                                      absl::string_view spending_name, Numbers numbers,
                                                      absl::CivilDay today) {
  const absl::CivilDay day = dates::Checked(request.spent_date());
  const auto named = [&request](const v1::AgreementLine& line) {
    return line.line_id() == request.line_id();
  };
  const auto line = std::find_if(agreement.lines().begin(), agreement.lines().end(), named);
  explain::Refusal refusal;
  if (line == agreement.lines().end()) {
    refusal.Add(kLine, agreement.name(), {{"line_id", request.line_id()}});
  } else {
    RefuseLine(agreement, *line, exclusions, request, refusal);
    RefuseFamily(*line, family_rules, refusal);
  }
  if (day > today) refusal.Add(kFuture, "spent_date", {{"spent_date", day}});
  IPB_RETURN_IF_ERROR(refusal.ToStatus());

  SpendingDecision decision;
  decision.numbers = numbers;
  v1::Spending& spending = decision.spending;
  spending.set_name(std::string(spending_name));
  spending.set_agreement(agreement.name());
  spending.set_line_id(request.line_id());
  spending.set_category(request.category());
  spending.set_amount_pence(request.amount_pence());
  spending.set_spent_date(request.spent_date());
  spending.set_provider_reference(request.provider_reference());
  *spending.mutable_evidence() = request.evidence();
  spending.set_relationship(request.relationship());
  spending.set_same_household(request.same_household());
  decision.trace.Add(kWithin, {{"amount_pence", explain::Pence{request.amount_pence()}},
                               {"spent_date", day},
                               {"spent", Word(request.category())},
                               {"line_id", request.line_id()}});
  IPB_RETURN_IF_ERROR(SplitIt(*line, decision));
  IPB_ASSIGN_OR_RETURN(decision.transaction, SpentTransaction(spending));
  decision.transaction.set_name(NextTransaction(spending.name(), decision.numbers));
  return decision;
}

}  // namespace ipb::payments
