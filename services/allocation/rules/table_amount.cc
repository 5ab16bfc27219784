#include "services/allocation/rules/table_amount.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/words.h"
#include "common/money/pence.h"
#include "services/allocation/rules/points_price.h"
#include "services/allocation/rules/unit_price.h"

namespace ipb::allocation {
namespace {

using explain::Inputs;
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

// Of a question that is not answered yet.
constexpr int64_t kUnanswered = -1;

bool IsPart(const v1::Fraction& part) {
  return part.denominator() > 0 && part.numerator() >= 0 && part.numerator() <= part.denominator();
}

// The points that the table prices: up to its ceiling, where it has one.
money::Fraction Priced(const v1::AllocationTable& table, money::Fraction points) {
  const __int128 ceiling = static_cast<__int128>(table.ceiling_points()) * points.denominator;
  const bool above = table.ceiling_points() > 0 && points.numerator > ceiling;
  return above ? money::Fraction{table.ceiling_points(), 1} : points;
}

// Needs are priced one by one above the ceiling, and only there.
absl::Status CheckItems(const TableNeeds& needs, const v1::AllocationTable& table, bool above) {
  if (!above && !needs.itemised_needs.empty()) {
    return errors::InvalidField("itemised_needs", "is for needs above the table's ceiling");
  }
  explain::Refusal refusal;
  if (above && needs.itemised_needs.empty()) {
    refusal.Add(kItemise, "itemised_needs", {{"ceiling_points", int64_t{table.ceiling_points()}}});
  }
  return refusal.ToStatus();
}

// How the points became money, and where the prices come from.
void ExplainRaw(const v1::AllocationTable& table, const v1::IndicativeAmount& amount, explain::Trace& trace) {
  trace.Add(kRaw, [&] {
    return Inputs{{"table", table.code()},
                  {"table_version", table.version()},
                  {"points", int64_t{amount.points()}},
                  {"method", explain::Words(v1::AllocationMethod_Name(table.method()), "ALLOCATION_METHOD_")},
                  {"raw_weekly_pence", Pence{amount.raw_weekly_pence()}}};
  });
  if (!table.has_fit()) return;
  const v1::TableFit& fit = table.fit();
  trace.Add(kFitted, [&] {
    return Inputs{
        {"sample_size", int64_t{fit.sample_size()}},
        {"percentile", int64_t{fit.percentile()}},
        {"contingency", money::Fraction{fit.contingency().numerator(), fit.contingency().denominator()}}};
  });
}

}  // namespace

PreparedTable::PreparedTable(const v1::AllocationTable& table, absl::CivilDay day,
                             const v1::AllocationPolicy& local)
    : table_(&table), day_(day), local_(&local) {
  for (const v1::AnswerPoints& row : table.answers()) {
    const auto [number, is_new] = numbers_.try_emplace(row.question(), questions_.size());
    if (is_new) questions_.push_back({row.question(), {}});
    questions_[number->second].answers.push_back(&row);
  }
}

absl::StatusOr<PreparedTable> PreparedTable::Make(absl::string_view code, absl::CivilDay day,
                                                  const v1::AllocationPolicy& local) {
  const v1::AllocationTable* table = dates::InEffect(
      local.allocation_tables(), day, [&](const v1::AllocationTable& row) { return row.code() == code; });
  if (table == nullptr) {
    return errors::NoRate(absl::StrCat("allocation table ", code), dates::Format(day));
  }
  IPB_RETURN_IF_ERROR(CheckTable(*table));
  return PreparedTable(*table, day, local);
}

absl::StatusOr<PreparedTable::Scores> PreparedTable::Score(const TableNeeds& needs,
                                                           explain::Trace& trace) const {
  std::vector<errors::FieldViolation> wrong;
  Scores scores(questions_.size(), kUnanswered);
  for (int i = 0; i < needs.answers.size(); ++i) {
    const v1::NeedAnswer& given = needs.answers.Get(i);
    const auto number = numbers_.find(given.question());
    const v1::AnswerPoints* found = nullptr;
    if (number != numbers_.end()) {
      const auto& answers = questions_[number->second].answers;
      const auto answer = std::find_if(answers.begin(), answers.end(), [&](const v1::AnswerPoints* row) {
        return row->answer() == given.answer();
      });
      if (answer != answers.end()) found = *answer;
    }
    if (found == nullptr) {
      wrong.push_back({absl::StrCat("answers[", i, "]"), "is no answer to a question of the table"});
    } else if (scores[number->second] != kUnanswered) {
      wrong.push_back({absl::StrCat("answers[", i, "].question"), "is answered more than once"});
    } else {
      scores[number->second] = found->points();
      trace.Add(kAnswer, [&] {
        return Inputs{
            {"question", given.question()}, {"answer", given.answer()}, {"points", int64_t{found->points()}}};
      });
    }
  }
  std::set<absl::string_view> missing;
  for (size_t i = 0; i < questions_.size(); ++i) {
    if (scores[i] == kUnanswered) missing.insert(questions_[i].code);
  }
  if (wrong.empty() && !missing.empty()) {
    wrong.push_back({"answers", absl::StrCat("lacks an answer to: ", absl::StrJoin(missing, ", "))});
  }
  if (!wrong.empty()) return errors::InvalidFields(wrong);
  return scores;
}

// The points that are left when what carers do is taken off.
absl::StatusOr<money::Fraction> PreparedTable::Left(const TableNeeds& needs, const Scores& scores,
                                                    explain::Trace& trace) const {
  std::vector<errors::FieldViolation> wrong;
  explain::Refusal refusal;
  std::vector<bool> supported(questions_.size());
  std::vector<money::Fraction> left;
  for (int i = 0; i < needs.informal_support.size(); ++i) {
    const v1::InformalSupport& support = needs.informal_support.Get(i);
    const std::string at = absl::StrCat("informal_support[", i, "]");
    const auto number = numbers_.find(support.question());
    if (number == numbers_.end()) {
      wrong.push_back({absl::StrCat(at, ".question"), "is no question of the table"});
    } else if (supported[number->second]) {
      wrong.push_back({absl::StrCat(at, ".question"), "is given more than once"});
    } else {
      supported[number->second] = true;
    }
    if (!IsPart(support.part())) wrong.push_back({absl::StrCat(at, ".part"), "is no part of a whole"});
    if (!wrong.empty()) continue;
    const bool agreed = support.carer_willing_and_able() && !support.agreed_date().empty() &&
                        dates::Checked(support.agreed_date()) <= day_;
    if (!agreed) {
      refusal.Add(kUnwilling, at, {{"question", support.question()}, {"decision_date", day_}});
      continue;
    }
    const money::Fraction part = {support.part().numerator(), support.part().denominator()};
    left.push_back({scores[number->second] * (part.denominator - part.numerator), part.denominator});
    trace.Add(kInformal, {{"question", support.question()},
                          {"part", part},
                          {"agreed_date", dates::Checked(support.agreed_date())}});
  }
  if (!wrong.empty()) return errors::InvalidFields(wrong);
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  for (size_t i = 0; i < scores.size(); ++i) {
    if (!supported[i]) left.push_back({scores[i], 1});
  }
  return money::TotalOf(left);
}

absl::StatusOr<int64_t> PreparedTable::AddComplexities(const TableNeeds& needs, int64_t weekly_pence,
                                                       explain::Trace& trace) const {
  std::set<std::string> seen;
  money::Sum sum;
  for (int i = 0; i < needs.additions.size(); ++i) {
    const std::string& code = needs.additions.Get(i);
    const auto row = std::find_if(table_->additions().begin(), table_->additions().end(),
                                  [&](const v1::ComplexityAddition& one) { return one.code() == code; });
    if (row == table_->additions().end() || !seen.insert(code).second) {
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

absl::StatusOr<int64_t> PreparedTable::AddItems(const TableNeeds& needs, explain::Trace& trace) const {
  money::Sum sum;
  for (const v1::ItemisedNeed& need : needs.itemised_needs) {
    IPB_ASSIGN_OR_RETURN(const v1::UnitRate* rate,
                         FindUnitRate(need.unit_rate(), v1::COST_UNIT_HOUR, day_, *local_));
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

absl::StatusOr<v1::IndicativeAmount> PreparedTable::Price(const TableNeeds& needs,
                                                          explain::Trace& trace) const {
  IPB_ASSIGN_OR_RETURN(const Scores scores, Score(needs, trace));
  v1::IndicativeAmount amount;
  amount.set_table(table_->code());
  amount.set_table_version(table_->version());
  amount.set_points(static_cast<int32_t>(std::accumulate(scores.begin(), scores.end(), int64_t{0})));
  IPB_ASSIGN_OR_RETURN(const int64_t raw, PriceOf(*table_, Priced(*table_, {amount.points(), 1})));
  amount.set_raw_weekly_pence(raw);
  ExplainRaw(*table_, amount, trace);
  IPB_ASSIGN_OR_RETURN(const money::Fraction left, Left(needs, scores, trace));
  const money::Fraction priced = Priced(*table_, left);
  IPB_RETURN_IF_ERROR(CheckItems(needs, *table_, !(priced == left)));
  IPB_ASSIGN_OR_RETURN(const int64_t after_carers, PriceOf(*table_, priced));
  amount.set_informal_support_weekly_pence(raw - after_carers);
  if (!needs.informal_support.empty()) {
    trace.Add(kTakenOff, [&] {
      return Inputs{{"informal_support_weekly_pence", Pence{raw - after_carers}}};
    });
  }
  IPB_ASSIGN_OR_RETURN(const int64_t additions, AddComplexities(needs, after_carers, trace));
  IPB_ASSIGN_OR_RETURN(const int64_t items, AddItems(needs, trace));
  IPB_ASSIGN_OR_RETURN(const int64_t total, money::Sum().Add(after_carers).Add(additions).Add(items).Total());
  amount.set_additions_weekly_pence(additions);
  amount.set_itemised_weekly_pence(items);
  amount.set_weekly_pence(total);
  trace.Add(
      kTotal,
      [&] {
        return Inputs{{"weekly_pence", Pence{total}}};
      },
      Pence{total});
  return amount;
}

}  // namespace ipb::allocation
