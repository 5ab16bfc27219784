#include "services/allocation/simulate/table.h"

#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/money/pence.h"
#include "ipb/v1/error_reason.pb.h"

namespace ipb::allocation {
namespace {

// One line of a block; pence where it is money.
struct Figure {
  const char* name;
  const char* title;
  bool money;
  int64_t current;
  int64_t candidate;
};

// The figures of what people are told before planning.
std::vector<Figure> IndicativeFiguresOf(const v1::SimulationGroup& group) {
  const v1::SimulationTotals& now = group.current();
  const v1::SimulationTotals& then = group.candidate();
  return {
      {"indicative_cases", "have an indicative amount", false, now.indicative_cases(),
       then.indicative_cases()},
      {"indicative_weekly_pence", "indicative amounts a week", true, now.indicative_weekly_pence(),
       then.indicative_weekly_pence()},
      {"indicative_annual_pence", "indicative amounts in twelve months", true, now.indicative_annual_pence(),
       then.indicative_annual_pence()},
  };
}

std::vector<Figure> FiguresOf(const v1::SimulationGroup& group) {
  const v1::SimulationTotals& now = group.current();
  const v1::SimulationTotals& then = group.candidate();
  return {
      {"cases", "people", false, now.cases(), then.cases()},
      {"refused", "cannot be worked out", false, now.refused(), then.refused()},
      {"paying", "pay something", false, now.paying(), then.paying()},
      {"full_cost", "pay the full cost", false, now.full_cost(), then.full_cost()},
      {"council_cost_weekly_pence", "cost a week before contributions", true, now.council_cost_weekly_pence(),
       then.council_cost_weekly_pence()},
      {"charge_weekly_pence", "contributions a week", true, now.charge_weekly_pence(),
       then.charge_weekly_pence()},
      {"council_pays_weekly_pence", "the council pays a week", true, now.council_pays_weekly_pence(),
       then.council_pays_weekly_pence()},
      {"council_pays_annual_pence", "the council pays in twelve months", true,
       now.council_pays_annual_pence(), then.council_pays_annual_pence()},
  };
}

std::string Spell(int64_t value, bool money) { return money ? money::Format(value) : absl::StrCat(value); }

// Pads to a width in characters: a pound sign is one, and two bytes.
std::string Right(const std::string& text, size_t width) {
  size_t characters = 0;
  for (const char byte : text) characters += (byte & 0xC0) != 0x80;
  return characters < width ? absl::StrCat(std::string(width - characters, ' '), text) : text;
}

void AppendRefusals(const char* policy, const v1::SimulationTotals& totals, std::string& text) {
  for (const v1::SimulationRefusal& refusal : totals.refusals()) {
    absl::StrAppend(&text, "    ", policy, ": ", refusal.cases(), " x ",
                    v1::ErrorReason_Name(refusal.reason()), ", first ", refusal.first_key(), ": ",
                    refusal.message(), "\n");
  }
}

void AppendCalibration(const char* title, const v1::SimulationCalibration& calibration, std::string& text) {
  if (calibration.cases() == 0) return;
  absl::StrAppend(&text, "  ", title, ": ", money::Format(calibration.came_weekly_pence()), " of ",
                  money::Format(calibration.foretold_weekly_pence()), " a week, over ", calibration.cases(),
                  " people\n");
}

void AppendFigures(const std::vector<Figure>& figures, std::string& text) {
  for (const Figure& figure : figures) {
    absl::StrAppend(&text, absl::StrFormat("  %-36s", figure.title),
                    Right(Spell(figure.current, figure.money), 22),
                    Right(Spell(figure.candidate, figure.money), 22), "\n");
  }
}

void AppendBands(const google::protobuf::RepeatedPtrField<v1::SimulationBand>& bands, std::string& text) {
  for (const v1::SimulationBand& band : bands) {
    if (band.cases() > 0) absl::StrAppend(&text, "    ", ChangeInWords(band), ": ", band.cases(), "\n");
  }
}

void AppendIndicative(const v1::SimulationGroup& group, std::string& text) {
  if (!HasIndicativeAmounts(group)) return;
  AppendFigures(IndicativeFiguresOf(group), text);
  const v1::SimulationChange& change = group.indicative();
  absl::StrAppend(&text, "  ", change.less(), " would be told less, by ",
                  money::Format(change.less_weekly_pence()), " a week together; ", change.more(),
                  " more, by ", money::Format(change.more_weekly_pence()), "; ", change.unchanged(),
                  " the same\n");
  AppendBands(change.bands(), text);
}

std::string Block(const v1::SimulationGroup& group) {
  std::string text = absl::StrCat(group.cohort().empty() ? "Everyone" : group.cohort(), "\n",
                                  std::string(38, ' '), Right("now", 22), Right("considered", 22), "\n");
  AppendFigures(FiguresOf(group), text);
  absl::StrAppend(&text, "  ", group.better_off(), " would pay less, by ",
                  money::Format(group.better_off_weekly_pence()), " a week together; ", group.worse_off(),
                  " more, by ", money::Format(group.worse_off_weekly_pence()), "; ", group.unchanged(),
                  " the same\n");
  AppendBands(group.change_bands(), text);
  AppendIndicative(group, text);
  AppendCalibration("agreed of what was indicated", group.agreed_of_indicative(), text);
  AppendCalibration("agreed of what would have been indicated", group.agreed_of_candidate_indicative(), text);
  AppendCalibration("spent of what was agreed", group.spent_of_agreed(), text);
  AppendRefusals("now", group.current(), text);
  AppendRefusals("considered", group.candidate(), text);
  return text;
}

}  // namespace

bool HasIndicativeAmounts(const v1::SimulationGroup& group) {
  return group.current().indicative_cases() > 0 || group.candidate().indicative_cases() > 0;
}

std::string ChangeInWords(const v1::SimulationBand& band) {
  const int64_t last = band.to() == INT64_MAX ? INT64_MAX : band.to() - 1;
  if (band.from() == 0 && last == 0) return "the same";
  if (band.from() == INT64_MIN) return absl::StrCat("more than ", money::Format(-band.to()), " less");
  if (last == INT64_MAX) return absl::StrCat("more than ", money::Format(band.from() - 1), " more");
  if (band.from() < 0) {
    return absl::StrCat(money::Format(-last), " to ", money::Format(-band.from()), " less");
  }
  return absl::StrCat(money::Format(band.from()), " to ", money::Format(last), " more");
}

std::string TextTable(const v1::SimulationReport& report) {
  std::string text = absl::StrCat("By the rates of ", report.decision_date(), ".\n\n", Block(report.whole()));
  for (const v1::SimulationGroup& cohort : report.cohorts()) absl::StrAppend(&text, "\n", Block(cohort));
  return text;
}

std::string CsvTable(const v1::SimulationReport& report) {
  std::string text = "cohort,figure,current,candidate\n";
  const auto append = [&text](const v1::SimulationGroup& group) {
    std::vector<Figure> figures = FiguresOf(group);
    for (const Figure& figure : IndicativeFiguresOf(group)) figures.push_back(figure);
    for (const Figure& figure : figures) {
      absl::StrAppend(&text, group.cohort(), ",", figure.name, ",", figure.current, ",", figure.candidate,
                      "\n");
    }
    const std::pair<const char*, int64_t> changes[] = {
        {"better_off", group.better_off()},
        {"better_off_weekly_pence", group.better_off_weekly_pence()},
        {"worse_off", group.worse_off()},
        {"worse_off_weekly_pence", group.worse_off_weekly_pence()},
        {"unchanged", group.unchanged()},
        {"indicative_less", group.indicative().less()},
        {"indicative_less_weekly_pence", group.indicative().less_weekly_pence()},
        {"indicative_more", group.indicative().more()},
        {"indicative_more_weekly_pence", group.indicative().more_weekly_pence()},
        {"indicative_unchanged", group.indicative().unchanged()}};
    for (const auto& [name, value] : changes) {
      absl::StrAppend(&text, group.cohort(), ",", name, ",,", value, "\n");
    }
  };
  append(report.whole());
  for (const v1::SimulationGroup& cohort : report.cohorts()) append(cohort);
  return text;
}

}  // namespace ipb::allocation
