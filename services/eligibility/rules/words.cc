#include "services/eligibility/rules/words.h"

namespace ipb::eligibility {
namespace {

template <size_t N>
absl::string_view Pick(const absl::string_view (&words)[N], int code) {
  return code > 0 && code < static_cast<int>(N) ? words[code] : absl::string_view();
}

constexpr absl::string_view kOutcomes[] = {"",
                                           "managing and maintaining nutrition",
                                           "maintaining personal hygiene",
                                           "managing toilet needs",
                                           "being appropriately clothed",
                                           "making use of the home safely",
                                           "maintaining a habitable home",
                                           "developing and maintaining relationships",
                                           "work, training, education or volunteering",
                                           "using facilities and services in the community",
                                           "caring for a child"};
constexpr absl::string_view kBars[] = {
    "", "arise solely from destitution of a person subject to immigration control (s21)",
    "call for what the NHS has to provide (s22)", "call for what the Housing Acts provide (s23)"};
constexpr absl::string_view kCarerOutcomes[] = {"",
                                                "caring for a child",
                                                "providing care to other persons",
                                                "maintaining a habitable home",
                                                "managing and maintaining nutrition",
                                                "developing and maintaining relationships",
                                                "work, training, education or volunteering",
                                                "using facilities and services in the community",
                                                "recreational activities"};
constexpr absl::string_view kDomains[] = {"",
                                          "breathing",
                                          "nutrition",
                                          "continence",
                                          "skin and tissue viability",
                                          "mobility",
                                          "communication",
                                          "psychological and emotional needs",
                                          "cognition",
                                          "behaviour",
                                          "drug therapies and medication",
                                          "altered states of consciousness",
                                          "other significant care needs"};
constexpr absl::string_view kChildDomains[] = {"",
                                               "breathing",
                                               "eating and drinking",
                                               "mobility",
                                               "continence and elimination",
                                               "skin and tissue viability",
                                               "communication",
                                               "drug therapies and medicines",
                                               "psychological and emotional needs",
                                               "seizures",
                                               "challenging behaviour"};
constexpr absl::string_view kLevels[] = {"", "no needs", "low", "moderate", "high", "severe", "priority"};
constexpr absl::string_view kWaivers[] = {"", "a fast track tool is used", "after-care covers the need",
                                          "it was agreed that none is necessary"};
constexpr absl::string_view kIndicators[] = {"", "nature", "intensity", "complexity", "unpredictability"};
constexpr absl::string_view kRegimes[] = {"",
                                          "the Care Act (adult)",
                                          "NHS continuing healthcare",
                                          "section 117 after-care",
                                          "NHS wheelchair services",
                                          "a discretionary personal health budget",
                                          "the Care Act (carer)",
                                          "children's continuing care",
                                          "NHS-funded nursing care"};
constexpr absl::string_view kEligibility[] = {"", "eligible", "not eligible"};
constexpr absl::string_view kStates[] = {"",           "RECOMMENDED", "DETERMINED", "NOTIFIED",  "ENDED",
                                         "SUPERSEDED", "DISPUTED",    "UPHELD",     "OVERTURNED"};

}  // namespace

std::string YesNo(bool value) { return value ? "yes" : "no"; }

absl::string_view Words(v1::CareActOutcome outcome) { return Pick(kOutcomes, outcome); }
absl::string_view Words(v1::CareActBar bar) { return Pick(kBars, bar); }
absl::string_view Words(v1::CarerOutcome outcome) { return Pick(kCarerOutcomes, outcome); }
absl::string_view Words(v1::CareDomain domain) { return Pick(kDomains, domain); }
absl::string_view Words(v1::ChildCareDomain domain) { return Pick(kChildDomains, domain); }
absl::string_view Words(v1::NeedLevel level) { return Pick(kLevels, level); }
absl::string_view Words(v1::ChecklistWaiver waiver) { return Pick(kWaivers, waiver); }
absl::string_view Words(v1::KeyIndicator indicator) { return Pick(kIndicators, indicator); }
absl::string_view Words(v1::EligibilityRegime regime) { return Pick(kRegimes, regime); }
absl::string_view Words(v1::EligibilityOutcome outcome) { return Pick(kEligibility, outcome); }
absl::string_view Words(v1::Determination::State state) { return Pick(kStates, state); }

}  // namespace ipb::eligibility
