// NHS-funded nursing care: continuing healthcare first, a registered nurse, a band, and rates as they were
// known.
#include "services/eligibility/rules/nursing_care.h"

#include "common/dates/effective.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/eligibility/rules/entitlements.h"
#include "services/eligibility/rules/evaluation.h"
#include "services/eligibility/rules/recommendation.h"
#include "tests/rules/eligibility/cases.h"

namespace ipb::eligibility {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr v1::EligibilityOutcome kYes = v1::ELIGIBILITY_OUTCOME_ELIGIBLE;
constexpr v1::EligibilityOutcome kNo = v1::ELIGIBILITY_OUTCOME_NOT_ELIGIBLE;
constexpr v1::EligibilityRegime kRegime = v1::ELIGIBILITY_REGIME_NURSING_CARE;
constexpr v1::NursingCareBand kStandard = v1::NURSING_CARE_BAND_STANDARD;
constexpr v1::NursingCareBand kHigh = v1::NURSING_CARE_BAND_HIGH;

struct Outcome {
  v1::NursingCareFinding finding;
  std::vector<std::string> refused;
};

Outcome Find(const v1::NursingCareEvidence& nursing) {
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_nursing_care() = nursing;
  explain::Refusal refusal;
  explain::Trace trace;
  const auto finding = EvaluateNursingCare(evidence, Policy(), refusal, trace);
  EXPECT_TRUE(finding.ok()) << finding.status();
  return {finding.ok() ? *finding : v1::NursingCareFinding(), refusal.RuleIds()};
}

TEST(NursingCare, IsForWhoNeedsARegisteredNurseInACareHome) {
  v1::NursingCareEvidence nursing = NursingCare();
  EXPECT_THAT(Find(nursing).refused, IsEmpty());
  EXPECT_TRUE(Find(nursing).finding.qualifies());
  nursing.set_care_home_with_nursing(false);
  EXPECT_FALSE(Find(nursing).finding.qualifies());
  nursing.set_care_home_with_nursing(true);
  nursing.set_needs_registered_nurse(false);
  EXPECT_FALSE(Find(nursing).finding.qualifies());
}

TEST(NursingCare, ComesAfterContinuingHealthcareWasConsidered) {
  v1::NursingCareEvidence nursing = NursingCare();
  nursing.set_continuing_healthcare_date("2026-11-03");
  EXPECT_THAT(Find(nursing).refused, ElementsAre("NURSING-CHC-FIRST"));
  nursing.set_continuing_healthcare_date("2026-11-02");
  EXPECT_THAT(Find(nursing).refused, IsEmpty()) << "on the same day";
  nursing.clear_continuing_healthcare_date();
  EXPECT_THAT(Find(nursing).refused, ElementsAre("NURSING-CHC-FIRST"));
  nursing = NursingCare();
  nursing.clear_continuing_healthcare();
  EXPECT_THAT(Find(nursing).refused, ElementsAre("NURSING-CHC-FIRST"));
}

TEST(NursingCare, IsAssessedByARegisteredNurseWhoTookPart) {
  for (const char* reference : {"nobody", "therapist-1", "worker-1"}) {
    v1::NursingCareEvidence nursing = NursingCare();
    nursing.set_registered_nurse(reference);
    EXPECT_THAT(Find(nursing).refused, ElementsAre("NURSING-NURSE")) << reference;
  }
}

TEST(NursingCare, KeepsTheHighBandOfWhoHadItOnTheDayAndSince) {
  const struct {
    const char* from_date;
    const char* to_date;
    v1::NursingCareBand band;
  } cases[] = {{"", "", kStandard},
               {"2007-10-01", "", kHigh},
               {"2005-01-01", "", kHigh},
               {"2007-10-02", "", kStandard},
               {"2005-01-01", "2019-03-31", kStandard}};
  for (const auto& one : cases) {
    v1::NursingCareEvidence nursing = NursingCare();
    nursing.set_high_band_from_date(one.from_date);
    nursing.set_high_band_to_date(one.to_date);
    EXPECT_EQ(Find(nursing).finding.band(), one.band) << one.from_date << " " << one.to_date;
    EXPECT_THAT(Find(nursing).refused, IsEmpty());
  }
  v1::NursingCareEvidence nursing = NursingCare();
  nursing.set_high_band_to_date("2019-03-31");
  EXPECT_THAT(Find(nursing).refused, ElementsAre("NURSING-BAND-DATES"));
  nursing.set_high_band_from_date("2019-04-01");
  EXPECT_THAT(Find(nursing).refused, ElementsAre("NURSING-BAND-DATES"));
}

TEST(NursingCare, RefusesAWholeAssessmentWhoseBandsAreNotKnown) {
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_nursing_care() = NursingCare();
  v1::EligibilityPolicy policy = Policy();
  policy.clear_nursing_care_high_bands();
  EXPECT_THAT(Refusals(Evaluate(evidence, policy).status()), ElementsAre("NO_RATE"));
}

TEST(NursingCare, HasNoBandsBeforeTheRegulations) {
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_nursing_care() = NursingCare();
  evidence.mutable_nursing_care()->set_assessed_date("2013-03-31");
  explain::Refusal refusal;
  explain::Trace trace;
  EXPECT_THAT(Refusals(EvaluateNursingCare(evidence, Policy(), refusal, trace).status()),
              ElementsAre("NO_RATE"));
}

// The published tables, year by year, with all that is known now.
TEST(NursingCareRate, IsThatOfTheYear) {
  const struct {
    int year;
    int64_t standard_pence, high_pence, standard_supplement_pence, high_supplement_pence;
  } cases[] = {{2017, 15505, 21332, 0, 0}, {2018, 15816, 21759, 0, 0},       {2019, 18031, 24806, 0, 0},
               {2020, 18392, 25302, 0, 0}, {2021, 18760, 25808, 2193, 3017}, {2022, 20919, 28778, 0, 0},
               {2023, 21971, 30225, 0, 0}, {2024, 23588, 32450, 0, 0},       {2025, 25406, 34950, 0, 0},
               {2026, 26768, 36824, 0, 0}};
  for (const auto& one : cases) {
    for (const absl::CivilDay day : {absl::CivilDay(one.year, 4, 1), absl::CivilDay(one.year + 1, 3, 31)}) {
      const auto standard = NursingCarePaymentOn(kStandard, day, std::nullopt, Policy());
      ASSERT_TRUE(standard.ok()) << standard.status();
      EXPECT_EQ(standard->weekly_pence(), one.standard_pence) << one.year;
      EXPECT_EQ(standard->weekly_supplement_pence(), one.standard_supplement_pence) << one.year;
      const auto high = NursingCarePaymentOn(kHigh, day, std::nullopt, Policy());
      ASSERT_TRUE(high.ok()) << high.status();
      EXPECT_EQ(high->band(), kHigh);
      EXPECT_EQ(high->weekly_pence(), one.high_pence) << one.year;
      EXPECT_EQ(high->weekly_supplement_pence(), one.high_supplement_pence) << one.year;
    }
  }
  for (const absl::CivilDay day : {absl::CivilDay(2017, 3, 31), absl::CivilDay(2027, 4, 1)}) {
    EXPECT_THAT(Refusals(NursingCarePaymentOn(kStandard, day, std::nullopt, Policy()).status()),
                ElementsAre("NO_RATE"));
  }
}

TEST(NursingCareRate, IsWhatHadBeenAnnounced) {
  struct {
    absl::CivilDay day, known;
    int64_t weekly_pence, supplement_pence;
  } cases[] = {
      {absl::CivilDay(2019, 6, 3), absl::CivilDay(2020, 4, 29), 16556, 0},
      {absl::CivilDay(2019, 6, 3), absl::CivilDay(2020, 4, 30), 18031, 0},
      {absl::CivilDay(2021, 6, 7), absl::CivilDay(2022, 5, 11), 18760, 0},
      {absl::CivilDay(2021, 6, 7), absl::CivilDay(2022, 5, 12), 18760, 2193},
      {absl::CivilDay(2018, 4, 2), absl::CivilDay(2018, 4, 1), 15816, 0},
  };
  for (const auto& one : cases) {
    const auto payment = NursingCarePaymentOn(kStandard, one.day, one.known, Policy());
    ASSERT_TRUE(payment.ok()) << payment.status();
    EXPECT_EQ(payment->weekly_pence(), one.weekly_pence) << one.known;
    EXPECT_EQ(payment->weekly_supplement_pence(), one.supplement_pence) << one.known;
  }
  // Backdated: the week had begun before anybody knew its rate.
  EXPECT_THAT(Refusals(NursingCarePaymentOn(kStandard, absl::CivilDay(2022, 4, 4),
                                            absl::CivilDay(2022, 5, 11), Policy())
                           .status()),
              ElementsAre("NO_RATE"));
  EXPECT_THAT(Refusals(NursingCarePaymentOn(kStandard, absl::CivilDay(2018, 4, 2),
                                            absl::CivilDay(2018, 3, 31), Policy())
                           .status()),
              ElementsAre("NO_RATE"));
}

// What the order of rows is does not decide: the latest announcement does.
TEST(NursingCareRate, DoesNotDependOnTheOrderOfRows) {
  v1::EligibilityPolicy reversed = Policy();
  std::reverse(reversed.mutable_nursing_care_rates()->begin(), reversed.mutable_nursing_care_rates()->end());
  EXPECT_EQ(
      NursingCarePaymentOn(kStandard, absl::CivilDay(2019, 6, 3), std::nullopt, reversed)->weekly_pence(),
      18031);
}

DeterminationFacts Facts(const v1::NursingCareEvidence& nursing) {
  v1::AssessmentEvidence evidence = JointEvidence();
  *evidence.mutable_nursing_care() = nursing;
  return FactsOf(v1::CALLER_KIND_NHS, evidence);
}

TEST(NursingCareDetermination, CarriesTheBandAndIsOfTheIcb) {
  v1::NursingCareEvidence nursing = NursingCare();
  nursing.set_high_band_from_date("2005-01-01");
  DeterminationFacts facts = Facts(nursing);
  const auto recommended = DecideRecommendation(facts, Recommending(kRegime, kYes), Policy(), kToday);
  ASSERT_TRUE(recommended.ok()) << recommended.status();
  EXPECT_EQ(recommended->determination.nursing_care_band(), kHigh);
  EXPECT_THAT(Refusals(DecideRecommendation(facts, Recommending(kRegime, kNo), Policy(), kToday).status()),
              ElementsAre("RECOMMENDATION-REASONS"));
  facts.caller_kind = v1::CALLER_KIND_COUNCIL;
  facts.person.set_birth_date("2010-01-01");
  EXPECT_THAT(Refusals(DecideRecommendation(facts, Recommending(kRegime, kYes), Policy(), kToday).status()),
              ElementsAre("RECOMMENDATION-RECOMMENDER", "RECOMMENDATION-AGE"));
  facts.assessments[0].clear_findings();
  EXPECT_THAT(Refusals(DecideRecommendation(facts, Recommending(kRegime, kYes), Policy(), kToday).status()),
              ElementsAre("RECOMMENDATION-NO-PART"));
}

TEST(NursingCareDetermination, DoesNotRunBesideContinuingHealthcare) {
  DeterminationFacts facts = Facts(NursingCare());
  facts.determination =
      DecideRecommendation(facts, Recommending(kRegime, kYes), Policy(), kToday)->determination;
  facts.by = By(kIcb, "decider-1", "As recommended.");
  v1::RecordDeterminationRequest request;
  request.set_outcome(kYes);
  v1::Determination healthcare = Decided(DeterminationName(2), v1::ELIGIBILITY_REGIME_CHC, kYes, kIcb);
  const auto refused = [&](const v1::Determination& other) {
    facts.others = {other};
    return Refusals(DecideDetermination(facts, request, Policy(), kToday).status());
  };
  EXPECT_THAT(refused(healthcare), ElementsAre("NURSING-CHC-IN-EFFECT"));
  healthcare.set_regime(v1::ELIGIBILITY_REGIME_CARE_ACT_ADULT);
  EXPECT_THAT(refused(healthcare), IsEmpty()) << "the council's support goes on";
  healthcare.set_regime(v1::ELIGIBILITY_REGIME_CHC);
  healthcare.set_effective_to_date("2026-11-21");
  EXPECT_THAT(refused(healthcare), IsEmpty()) << "it has ended";
  healthcare.clear_effective_to_date();
  healthcare.set_outcome(kNo);
  EXPECT_THAT(refused(healthcare), IsEmpty()) << "not eligible";
  healthcare.set_outcome(kYes);
  healthcare.set_state(v1::Determination::STATE_RECOMMENDED);
  EXPECT_THAT(refused(healthcare), IsEmpty()) << "only recommended";
  healthcare.set_state(v1::Determination::STATE_NOTIFIED);
  request.set_outcome(kNo);
  EXPECT_THAT(refused(healthcare), IsEmpty()) << "nothing would run beside it";
}

v1::Entitlement EntitlementOn(absl::CivilDay day, std::optional<absl::Time> known_at) {
  v1::Determination determination = Decided(DeterminationName(1), kRegime, kYes, kIcb);
  determination.set_nursing_care_band(kStandard);
  determination.set_effective_from_date("2019-05-01");
  const auto found = EntitlementsOn(day, known_at, {determination}, std::nullopt, Policy(), "test");
  EXPECT_TRUE(found.ok() && found->size() == 1) << found.status();
  return found.ok() && found->size() == 1 ? found->front() : v1::Entitlement();
}

TEST(NursingCareEntitlement, IsAPaymentToTheHomeAndNoBudget) {
  const v1::Entitlement entitlement = EntitlementOn(kToday, std::nullopt);
  EXPECT_EQ(entitlement.budget(), v1::BUDGET_KIND_PAYMENT_TO_HOME);
  EXPECT_EQ(entitlement.right(), v1::BUDGET_RIGHT_NONE);
  EXPECT_EQ(entitlement.nursing_care_payment().weekly_pence(), 26768);
  ASSERT_EQ(entitlement.explanation().steps_size(), 2);
  EXPECT_EQ(entitlement.explanation().steps(0).rule_id(), "ENTITLEMENT-NURSING-CARE");
  EXPECT_EQ(entitlement.explanation().steps(1).sentence(),
            "For the week of 22 November 2026 the rate is £267.68, with a supplement of £0.00.");
}

TEST(NursingCareEntitlement, SaysTheRateAsItWasKnown) {
  const absl::CivilDay day(2019, 6, 3);
  EXPECT_EQ(EntitlementOn(day, dates::StartOfDay(absl::CivilDay(2020, 4, 30)) - absl::Seconds(1))
                .nursing_care_payment()
                .weekly_pence(),
            16556);
  EXPECT_EQ(EntitlementOn(day, dates::StartOfDay(absl::CivilDay(2020, 4, 30)))
                .nursing_care_payment()
                .weekly_pence(),
            18031);
  const v1::Entitlement unknown = EntitlementOn(absl::CivilDay(2027, 4, 1), std::nullopt);
  EXPECT_FALSE(unknown.has_nursing_care_payment());
  EXPECT_EQ(unknown.explanation().steps(1).rule_id(), "ENTITLEMENT-NURSING-NO-RATE");
}

}  // namespace
}  // namespace ipb::eligibility
