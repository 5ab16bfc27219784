#include "services/allocation/simulate/chart.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
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

std::string Bar(const v1::SimulationBand& band, int row, int64_t most) {
  const int y = kTop + row * kRow;
  const int width = static_cast<int>(static_cast<__int128>(kLongestBar) * band.cases() / most);
  return absl::StrFormat(
      "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n"
      "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>\n"
      "<text x=\"%d\" y=\"%d\">%d</text>\n",
      kLeft - 10, y + 15, ChangeInWords(band), kLeft, y, std::max(width, band.cases() > 0 ? 1 : 0), kRow - 6,
      ColourOf(band), kLeft + width + 8, y + 15, band.cases());
}

}  // namespace

std::string Chart(const v1::SimulationReport& report) {
  const v1::SimulationGroup& whole = report.whole();
  int64_t most = 1;
  for (const v1::SimulationBand& band : whole.change_bands()) most = std::max(most, band.cases());
  const std::string summary = absl::StrCat(whole.better_off(), " would pay less, ", whole.worse_off(),
                                           " more, ", whole.unchanged(), " the same");
  const std::string money = absl::StrCat(
      "In twelve months the council pays ", money::Format(whole.current().council_pays_annual_pence()),
      " now and ", money::Format(whole.candidate().council_pays_annual_pence()), " under what is considered");
  const int height = kTop + whole.change_bands_size() * kRow + 20;
  std::string svg = absl::StrFormat(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" "
      "font-family=\"sans-serif\" "
      "font-size=\"13\">\n<title>What people would pay a week, by the rates of %s</title>\n<desc>%s. "
      "%s.</desc>\n"
      "<rect width=\"%d\" height=\"%d\" fill=\"white\"/>\n"
      "<text x=\"20\" y=\"28\" font-size=\"18\">What people would pay a week, by the rates of %s</text>\n"
      "<text x=\"20\" y=\"50\">%s.</text>\n<text x=\"20\" y=\"70\">%s.</text>\n",
      kWidth, height, report.decision_date(), summary, money, kWidth, height, report.decision_date(), summary,
      money);
  for (int i = 0; i < whole.change_bands_size(); ++i) {
    absl::StrAppend(&svg, Bar(whole.change_bands(i), i, most));
  }
  return absl::StrCat(svg, "</svg>\n");
}

}  // namespace ipb::allocation
