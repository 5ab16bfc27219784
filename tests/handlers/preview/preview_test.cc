// What validate_only shows is what the call with its token then does, or the call is ABORTED because
// something moved in between: over random histories of several people, of every method that changes
// something, with other callers, services to the left and the clock moving meanwhile.
//
// IPB_PREVIEW_SEEDS=3,17 runs the histories of those seeds alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <numeric>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "ipb/v1/options.pb.h"
#include "tests/handlers/preview/history.h"
#include "tests/support/methods.h"

namespace ipb::preview {
namespace {

constexpr unsigned kHistories = 12;
// As many more are played while some method has not agreed yet.
constexpr unsigned kMostHistories = 24;
constexpr int kSteps = 440;

std::vector<unsigned> Seeds() {
  std::vector<unsigned> seeds(kHistories);
  std::iota(seeds.begin(), seeds.end(), 1);
  const char* chosen = std::getenv("IPB_PREVIEW_SEEDS");
  if (chosen == nullptr) return seeds;
  seeds.clear();
  for (const absl::string_view text : absl::StrSplit(chosen, ',', absl::SkipEmpty())) {
    unsigned seed = 0;
    EXPECT_TRUE(absl::SimpleAtoi(text, &seed)) << text;
    seeds.push_back(seed);
  }
  return seeds;
}

int SumOf(const std::map<std::string, int>& counts) {
  return std::accumulate(counts.begin(), counts.end(), 0,
                         [](int sum, const auto& one) { return sum + one.second; });
}

void Play(unsigned seed, Tally& tally) {
  SCOPED_TRACE(absl::StrCat("IPB_PREVIEW_SEEDS=", seed));
  History history(seed, seed % 4 == 0 ? Hosting::kPaymentsAlone : Hosting::kWhole, tally);
  history.Run(kSteps);
}

bool EveryMethodAgreed(Tally& tally) {
  for (const auto* method : testing::EveryMethod()) {
    if (testing::HasPreview(*method) && tally.agreed[testing::ShortName(*method)] == 0) return false;
  }
  return true;
}

TEST(Preview, AgreesWithTheCallOrTheCallIsAborted) {
  Tally tally;
  for (const unsigned seed : Seeds()) {
    Play(seed, tally);
    if (HasFailure()) return;
  }
  if (std::getenv("IPB_PREVIEW_SEEDS") != nullptr) return;
  for (unsigned seed = kHistories + 1; seed <= kMostHistories && !EveryMethodAgreed(tally); ++seed) {
    Play(seed, tally);
    if (HasFailure()) return;
  }
  for (const auto* method : testing::EveryMethod()) {
    if (!testing::HasPreview(*method)) continue;
    const std::string name = testing::ShortName(*method);
    const bool decides = method->options().GetExtension(v1::method).decides();
    EXPECT_GE(tally.replayed[name], decides ? 1 : 0) << name << " never decided anything that was decided again";
    EXPECT_GT(tally.agreed[name], 0) << name << " never had a preview that agreed; " << tally.refused[name]
                                     << " were refused";
  }
  EXPECT_GT(SumOf(tally.aborted), 0) << "no history showed a stale preview";
  EXPECT_GT(SumOf(tally.refused), 0) << "no history showed a refused preview";
}

}  // namespace
}  // namespace ipb::preview
