#include "services/allocation/simulate/chart.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/money/pence.h"
#include "services/allocation/simulate/table.h"

namespace ipb::allocation {
namespace {

// In pixels.
constexpr int kWidth = 900;
constexpr int kLeft = 210;
constexpr int kTop = 90;
constexpr int kRow = 26;
constexpr int kLongestBar = kWidth - kLeft - 110;

// Told apart without red and green: less is blue, more is orange.
constexpr char kLess[] = "#2f6fb0";
constexpr char kSame[] = "#8a8f98";
constexpr char kMore[] = "#d9822b";

const char* ColourOf(const v1::SimulationBand& band) {
  if (band.to() <= 0) return kLess;
  return band.from() > 0 ? kMore : kSame;
}

std::string Bar(const v1::SimulationBand& band, int y, int64_t most) {
  const int width = static_cast<int>(static_cast<__int128>(kLongestBar) * band.cases() / most);
  return absl::StrFormat(
      "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n"
      "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>\n"
      "<text x=\"%d\" y=\"%d\">%d</text>\n",
      kLeft - 10, y + 15, ChangeInWords(band), kLeft, y, std::max(width, band.cases() > 0 ? 1 : 0), kRow - 6,
      ColourOf(band), kLeft + width + 8, y + 15, band.cases());
}

using ChangeBands = google::protobuf::RepeatedPtrField<v1::SimulationBand>;

// For how many an amount changes by how much, with what is said of it.
struct Panel {
  std::string title;
  std::vector<std::string> sentences;
  const ChangeBands& bands;
};

int HeightOf(const Panel& panel) { return kTop + panel.bands.size() * kRow + 20; }

std::string Draw(const Panel& panel, int top) {
  std::string svg =
      absl::StrFormat("<text x=\"20\" y=\"%d\" font-size=\"18\">%s</text>\n", top + 28, panel.title);
  int y = top + 50;
  for (const std::string& sentence : panel.sentences) {
    absl::StrAppend(&svg, absl::StrFormat("<text x=\"20\" y=\"%d\">%s.</text>\n", y, sentence));
    y += 20;
  }
  int64_t most = 1;
  for (const v1::SimulationBand& band : panel.bands) most = std::max(most, band.cases());
  for (int i = 0; i < panel.bands.size(); ++i) {
    absl::StrAppend(&svg, Bar(panel.bands.Get(i), top + kTop + i * kRow, most));
  }
  return svg;
}

// What is said of twelve months under the two policies.
std::string AYear(const char* of_what, int64_t now_pence, int64_t considered_pence) {
  return absl::StrCat("In twelve months ", of_what, " ", money::Format(now_pence), " now and ",
                      money::Format(considered_pence), " under what is considered");
}

std::vector<Panel> PanelsOf(const v1::SimulationReport& report) {
  const v1::SimulationGroup& whole = report.whole();
  std::vector<Panel> panels = {
      {absl::StrCat("What people would pay a week, by the rates of ", report.decision_date()),
       {absl::StrCat(whole.better_off(), " would pay less, ", whole.worse_off(), " more, ", whole.unchanged(),
                     " the same"),
        AYear("the council pays", whole.current().council_pays_annual_pence(),
              whole.candidate().council_pays_annual_pence())},
       whole.change_bands()}};
  if (!HasIndicativeAmounts(whole)) return panels;
  const v1::SimulationChange& change = whole.indicative();
  panels.push_back(
      {absl::StrCat("What people would be told before planning, by the tables of ", report.decision_date()),
       {absl::StrCat(change.less(), " would be told less, ", change.more(), " more, ", change.unchanged(),
                     " the same"),
        AYear("the indicative amounts are", whole.current().indicative_annual_pence(),
              whole.candidate().indicative_annual_pence())},
       change.bands()});
  return panels;
}

}  // namespace

std::string Chart(const v1::SimulationReport& report) {
  const std::vector<Panel> panels = PanelsOf(report);
  int height = 0;
  std::string drawn;
  std::vector<std::string> said;
  for (const Panel& panel : panels) {
    absl::StrAppend(&drawn, Draw(panel, height));
    said.insert(said.end(), panel.sentences.begin(), panel.sentences.end());
    height += HeightOf(panel);
  }
  return absl::StrFormat(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" "
      "font-family=\"sans-serif\" font-size=\"13\">\n<title>%s</title>\n<desc>%s.</desc>\n"
      "<rect width=\"%d\" height=\"%d\" fill=\"white\"/>\n%s</svg>\n",
      kWidth, height, panels.front().title, absl::StrJoin(said, ". "), kWidth, height, drawn);
}

}  // namespace ipb::allocation
