#include "services/allocation/rules/indicative_amount.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/words.h"
#include "common/money/pence.h"
#include "services/allocation/rules/nhs_equivalent.h"
#include "services/allocation/rules/points_price.h"
#include "services/allocation/rules/unit_price.h"
#include "services/allocation/rules/wheelchair_value.h"

namespace ipb::allocation {
namespace {

using explain::Pence;

constexpr absl::string_view kStartingPoint =
    "Care Act 2014 s26; R (Savva) v RBKC [2010] EWCA Civ 1209; R (KM) v Cambridgeshire CC [2012] UKSC 23";
constexpr absl::string_view kCarers =
    "Care Act 2014 ss10(5), 18(7); guidance ch 6: carer-blind, then willing and able";

constexpr explain::Rule kUnwilling = {
    .id = "ALLOCATION-CARER-WILLING",
    .sentence =
        "It is not on record by {decision_date} that the carer is willing and able to meet the need "
        "\"{question}\"",
    .source = kCarers,
    .remedy = "record the carer's agreement and its day, or leave the support out"};
constexpr explain::Rule kItemise = {
    .id = "ALLOCATION-UPPER-BAND",
    .sentence = "The needs come to more than the {ceiling_points} points of the table's ceiling",
    .source = "R (KM) v Cambridgeshire CC [2012] UKSC 23: the upper banding calculator",
    .remedy = "give the needs above it one by one, with their minutes and price"};

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

constexpr explain::Rule kAnswer = {
    .id = "ALLOCATION-ANSWER",
    .sentence = "\"{question}\" is answered \"{answer}\", which is {points} point(s).",
    .source = kStartingPoint};
constexpr explain::Rule kRaw = {.id = "ALLOCATION-RAW-AMOUNT",
                                .sentence =
                                    "The table {table}, {table_version}, makes {points} point(s) worth "
                                    "{raw_weekly_pence} a week: {method}.",
                                .source = kStartingPoint};
constexpr explain::Rule kFitted = {
    .id = "ALLOCATION-TABLE-FIT",
    .sentence =
        "Its prices were fitted to what the support of {sample_size} people costs: percentile {percentile} "
        "of people with the same points, with {contingency} of the budget held back as contingency.",
    .source = kStartingPoint};
constexpr explain::Rule kInformal = {.id = "ALLOCATION-INFORMAL-SUPPORT",
                                     .sentence =
                                         "A carer who is willing and able meets {part} of the need "
                                         "\"{question}\", as agreed on {agreed_date}.",
                                     .source = kCarers};
constexpr explain::Rule kTakenOff = {
    .id = "ALLOCATION-INFORMAL-SUPPORT-AMOUNT",
    .sentence = "What carers do takes {informal_support_weekly_pence} a week off; it lowers no eligibility.",
    .source = kCarers};
constexpr explain::Rule kAddition = {
    .id = "ALLOCATION-COMPLEXITY",
    .sentence = "For \"{addition}\" {part} of the amount is added: {addition_weekly_pence} a week.",
    .source = "the organisation's allocation policy"};
constexpr explain::Rule kItem = {
    .id = "ALLOCATION-ITEMISED-NEED",
    .sentence =
        "Above the ceiling: {description}, {minutes} minutes a week at {unit_rate_pence} an hour come to "
        "{weekly_pence} a week.",
    .source = "R (KM) v Cambridgeshire CC [2012] UKSC 23"};
constexpr explain::Rule kTotal = {.id = "ALLOCATION-INDICATIVE-AMOUNT",
                                  .sentence =
                                      "The indicative amount is {weekly_pence} a week. It may go up or "
                                      "down: what is agreed with the plan must meet the assessed needs.",
                                  .source = kStartingPoint};

// Points by question, each answered once.
using Scores = std::map<std::string, int64_t>;

absl::StatusOr<Scores> Score(const v1::EvaluateIndicativeAmountRequest& request,
                             const v1::AllocationTable& table, explain::Trace& trace) {
  std::vector<errors::FieldViolation> wrong;
  Scores scores;
  for (int i = 0; i < request.answers_size(); ++i) {
    const v1::NeedAnswer& given = request.answers(i);
    const auto found =
        std::find_if(table.answers().begin(), table.answers().end(), [&](const v1::AnswerPoints& row) {
          return row.question() == given.question() && row.answer() == given.answer();
        });
    if (found == table.answers().end()) {
      wrong.push_back({absl::StrCat("answers[", i, "]"), "is no answer to a question of the table"});
    } else if (!scores.emplace(given.question(), found->points()).second) {
      wrong.push_back({absl::StrCat("answers[", i, "].question"), "is answered more than once"});
    } else {
      trace.Add(
          kAnswer,
          {{"question", given.question()}, {"answer", given.answer()}, {"points", int64_t{found->points()}}});
    }
  }
  std::set<std::string> missing;
  for (const v1::AnswerPoints& row : table.answers()) {
    if (scores.count(row.question()) == 0) missing.insert(row.question());
  }
  if (wrong.empty() && !missing.empty()) {
    wrong.push_back({"answers", absl::StrCat("lacks an answer to: ", absl::StrJoin(missing, ", "))});
  }
  if (!wrong.empty()) return errors::InvalidFields(wrong);
  return scores;
}

int64_t PointsOf(const Scores& scores) {
  int64_t points = 0;
  for (const auto& [question, worth] : scores) points += worth;
  return points;
}

bool IsPart(const v1::Fraction& part) {
  return part.denominator() > 0 && part.numerator() >= 0 && part.numerator() <= part.denominator();
}

// The points that are left when what carers do is taken off.
absl::StatusOr<money::Fraction> Left(const v1::EvaluateIndicativeAmountRequest& request, const Scores& scores,
                                     explain::Trace& trace) {
  std::vector<errors::FieldViolation> wrong;
  explain::Refusal refusal;
  std::set<std::string> supported;
  std::vector<money::Fraction> left;
  const absl::CivilDay day = dates::Checked(request.decision_date());
  for (int i = 0; i < request.informal_support_size(); ++i) {
    const v1::InformalSupport& support = request.informal_support(i);
    const std::string at = absl::StrCat("informal_support[", i, "]");
    const auto score = scores.find(support.question());
    if (score == scores.end())
      wrong.push_back({absl::StrCat(at, ".question"), "is no question of the table"});
    if (!supported.insert(support.question()).second) {
      wrong.push_back({absl::StrCat(at, ".question"), "is given more than once"});
    }
    if (!IsPart(support.part())) wrong.push_back({absl::StrCat(at, ".part"), "is no part of a whole"});
    if (!wrong.empty()) continue;
    const bool agreed = support.carer_willing_and_able() && !support.agreed_date().empty() &&
                        dates::Checked(support.agreed_date()) <= day;
    if (!agreed) {
      refusal.Add(kUnwilling, at, {{"question", support.question()}, {"decision_date", day}});
      continue;
    }
    const money::Fraction part = {support.part().numerator(), support.part().denominator()};
    left.push_back({score->second * (part.denominator - part.numerator), part.denominator});
    trace.Add(kInformal, {{"question", support.question()},
                          {"part", part},
                          {"agreed_date", dates::Checked(support.agreed_date())}});
  }
  if (!wrong.empty()) return errors::InvalidFields(wrong);
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  for (const auto& [question, points] : scores) {
    if (supported.count(question) == 0) left.push_back({points, 1});
  }
  return money::TotalOf(left);
}

// The points that the table prices: up to its ceiling, where it has one.
money::Fraction Priced(const v1::AllocationTable& table, money::Fraction points) {
  const __int128 ceiling = static_cast<__int128>(table.ceiling_points()) * points.denominator;
  const bool above = table.ceiling_points() > 0 && points.numerator > ceiling;
  return above ? money::Fraction{table.ceiling_points(), 1} : points;
}

absl::StatusOr<int64_t> AddComplexities(const v1::EvaluateIndicativeAmountRequest& request,
                                        const v1::AllocationTable& table, int64_t weekly_pence,
                                        explain::Trace& trace) {
  std::set<std::string> seen;
  money::Sum sum;
  for (int i = 0; i < request.additions_size(); ++i) {
    const std::string& code = request.additions(i);
    const auto row = std::find_if(table.additions().begin(), table.additions().end(),
                                  [&](const v1::ComplexityAddition& one) { return one.code() == code; });
    if (row == table.additions().end() || !seen.insert(code).second) {
      return errors::InvalidField(absl::StrCat("additions[", i, "]"),
                                  "is no addition of the table, or is given more than once");
    }
    const money::Fraction part = {row->part().numerator(), row->part().denominator()};
    IPB_ASSIGN_OR_RETURN(const int64_t added, money::Scale(weekly_pence, part, money::Rounding::kHalfUp));
    sum.Add(added);
    trace.Add(kAddition, {{"addition", code}, {"part", part}, {"addition_weekly_pence", Pence{added}}});
  }
  return sum.Total();
}

absl::StatusOr<int64_t> AddItems(const v1::EvaluateIndicativeAmountRequest& request,
                                 const v1::AllocationPolicy& local, explain::Trace& trace) {
  const absl::CivilDay day = dates::Checked(request.decision_date());
  money::Sum sum;
  for (const v1::ItemisedNeed& need : request.itemised_needs()) {
    IPB_ASSIGN_OR_RETURN(const v1::UnitRate* rate,
                         FindUnitRate(need.unit_rate(), v1::COST_UNIT_HOUR, day, local));
    IPB_ASSIGN_OR_RETURN(const int64_t weekly_pence,
                         CostOf(rate->unit_pence(), {need.minutes_per_week(), 60}));
    sum.Add(weekly_pence);
    trace.Add(kItem, {{"description", need.description()},
                      {"minutes", int64_t{need.minutes_per_week()}},
                      {"unit_rate_pence", Pence{rate->unit_pence()}},
                      {"weekly_pence", Pence{weekly_pence}}});
  }
  return sum.Total();
}

// Needs are priced one by one above the ceiling, and only there.
absl::Status CheckItems(const v1::EvaluateIndicativeAmountRequest& request, const v1::AllocationTable& table,
                        bool above) {
  if (!above && request.itemised_needs_size() > 0) {
    return errors::InvalidField("itemised_needs", "is for needs above the table's ceiling");
  }
  explain::Refusal refusal;
  if (above && request.itemised_needs().empty()) {
    refusal.Add(kItemise, "itemised_needs", {{"ceiling_points", int64_t{table.ceiling_points()}}});
  }
  return refusal.ToStatus();
}

// How the points became money, and where the prices come from.
void ExplainRaw(const v1::AllocationTable& table, const v1::IndicativeAmount& amount, explain::Trace& trace) {
  trace.Add(kRaw,
            {{"table", table.code()},
             {"table_version", table.version()},
             {"points", int64_t{amount.points()}},
             {"method", explain::Words(v1::AllocationMethod_Name(table.method()), "ALLOCATION_METHOD_")},
             {"raw_weekly_pence", Pence{amount.raw_weekly_pence()}}});
  if (!table.has_fit()) return;
  const v1::TableFit& fit = table.fit();
  trace.Add(kFitted, {{"sample_size", int64_t{fit.sample_size()}},
                      {"percentile", int64_t{fit.percentile()}},
                      {"contingency",
                       money::Fraction{fit.contingency().numerator(), fit.contingency().denominator()}}});
}

absl::StatusOr<v1::IndicativeAmount> DecideByTable(const v1::EvaluateIndicativeAmountRequest& request,
                                                   const v1::AllocationPolicy& local, explain::Trace& trace) {
  const v1::AllocationTable* table =
      dates::InEffect(local.allocation_tables(), dates::Checked(request.decision_date()),
                      [&](const v1::AllocationTable& row) { return row.code() == request.table(); });
  if (table == nullptr)
    return errors::NoRate(absl::StrCat("allocation table ", request.table()), request.decision_date());
  IPB_RETURN_IF_ERROR(CheckTable(*table));
  IPB_ASSIGN_OR_RETURN(const Scores scores, Score(request, *table, trace));
  v1::IndicativeAmount amount;
  amount.set_table(table->code());
  amount.set_table_version(table->version());
  amount.set_points(static_cast<int32_t>(PointsOf(scores)));
  IPB_ASSIGN_OR_RETURN(const int64_t raw, PriceOf(*table, Priced(*table, {amount.points(), 1})));
  amount.set_raw_weekly_pence(raw);
  ExplainRaw(*table, amount, trace);
  IPB_ASSIGN_OR_RETURN(const money::Fraction left, Left(request, scores, trace));
  const money::Fraction priced = Priced(*table, left);
  IPB_RETURN_IF_ERROR(CheckItems(request, *table, !(priced == left)));
  IPB_ASSIGN_OR_RETURN(const int64_t after_carers, PriceOf(*table, priced));
  amount.set_informal_support_weekly_pence(raw - after_carers);
  if (request.informal_support_size() > 0) {
    trace.Add(kTakenOff, {{"informal_support_weekly_pence", Pence{raw - after_carers}}});
  }
  IPB_ASSIGN_OR_RETURN(const int64_t additions, AddComplexities(request, *table, after_carers, trace));
  IPB_ASSIGN_OR_RETURN(const int64_t items, AddItems(request, local, trace));
  IPB_ASSIGN_OR_RETURN(const int64_t total, money::Sum().Add(after_carers).Add(additions).Add(items).Total());
  amount.set_additions_weekly_pence(additions);
  amount.set_itemised_weekly_pence(items);
  amount.set_weekly_pence(total);
  trace.Add(kTotal, {{"weekly_pence", Pence{total}}}, Pence{total});
  return amount;
}

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
  if (!request.table().empty()) return DecideByTable(request, local, trace);
  IPB_RETURN_IF_ERROR(CheckNhsBody(request, asking));
  const absl::CivilDay day = dates::Checked(request.decision_date());
  if (request.has_wheelchair()) return ValueWheelchair(request.wheelchair(), day, local, trace);
  return PriceNhsEquivalent(request.nhs_equivalent(), day, local, trace);
}

}  // namespace ipb::allocation
