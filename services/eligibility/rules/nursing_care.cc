#include "services/eligibility/rules/nursing_care.h"

#include <string>

#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "services/eligibility/rules/participants.h"
#include "services/eligibility/rules/words.h"

namespace ipb::eligibility {
namespace {

constexpr char kPart[] = "nursing_care";
constexpr absl::string_view kProfession = "registered_nurse";

constexpr explain::Rule kFirst{
    "NURSING-CHC-FIRST",
    "NHS continuing healthcare has not been considered by the day of the nursing assessment",
    "SI 2012/2996 regs 21(3), 28",
    "complete a checklist, or decide on continuing healthcare, first; give the result and its date."};
constexpr explain::Rule kNurse{
    "NURSING-NURSE", "No registered nurse who took part assessed the nursing needs", "SI 2012/2996 reg 28",
    "list the nurse among the participants as a healthcare professional of the "
    "profession registered_nurse."};
constexpr explain::Rule kBandDates{"NURSING-BAND-DATES",
                                   "The high band ended without having begun, or before it began",
                                   "SI 2012/2996 reg 28", "correct the dates of the high band."};

constexpr explain::Rule kNeed{
    "NURSING-NEED",
    "Whether nursing by a registered nurse is needed ({nurse}) in a care home that provides it ({home}).",
    "SI 2012/2996 reg 28"};
constexpr explain::Rule kHigh{"NURSING-HIGH-BAND",
                              "Entitled to the high band on {reference_date} and since: the high band stays.",
                              "SI 2012/2996 reg 28; gov.uk, NHS-funded nursing care rate for 2018 to 2019"};
constexpr explain::Rule kStandard{"NURSING-STANDARD-BAND", "The standard band applies.",
                                  "SI 2012/2996 reg 28"};

void Check(const v1::AssessmentEvidence& evidence, absl::CivilDay day, explain::Refusal& refusal) {
  const v1::NursingCareEvidence& nursing = evidence.nursing_care();
  if (nursing.continuing_healthcare() == v1::CONTINUING_HEALTHCARE_CONSIDERED_UNSPECIFIED ||
      nursing.continuing_healthcare_date().empty() ||
      dates::Checked(nursing.continuing_healthcare_date()) > day) {
    refusal.Add(kFirst, kPart);
  }
  const v1::AssessmentParticipant* nurse = Participant(evidence, nursing.registered_nurse());
  if (!IsHealthcareProfessional(nurse) || nurse->profession() != kProfession) refusal.Add(kNurse, kPart);
  if (!nursing.high_band_to_date().empty() && (nursing.high_band_from_date().empty() ||
                                               nursing.high_band_to_date() < nursing.high_band_from_date())) {
    refusal.Add(kBandDates, kPart);
  }
}

bool HadHighBandOn(const v1::NursingCareEvidence& nursing, const std::string& reference_date) {
  return !nursing.high_band_from_date().empty() && nursing.high_band_from_date() <= reference_date &&
         nursing.high_band_to_date().empty();
}

// Whether a row of which this is the announcement was known; without one it was on its first day.
bool WasKnown(const std::string& announced_date, const v1::Provenance& period,
              std::optional<absl::CivilDay> known_day) {
  const std::string& date = announced_date.empty() ? period.effective_from_date() : announced_date;
  return !known_day.has_value() || dates::Checked(date) <= *known_day;
}

template <typename Row>
bool Applies(const Row& row, v1::NursingCareBand band, absl::CivilDay day,
             std::optional<absl::CivilDay> known_day) {
  return row.band() == band && dates::Holds(row, day) &&
         WasKnown(row.announced_date(), row.provenance(), known_day);
}

}  // namespace

absl::StatusOr<v1::NursingCareFinding> EvaluateNursingCare(const v1::AssessmentEvidence& evidence,
                                                           const v1::EligibilityPolicy& policy,
                                                           explain::Refusal& refusal, explain::Trace& trace) {
  const v1::NursingCareEvidence& nursing = evidence.nursing_care();
  const absl::CivilDay day = dates::Checked(nursing.assessed_date());
  const v1::NursingCareHighBand* row = dates::InEffect(policy.nursing_care_high_bands(), day);
  if (row == nullptr) return errors::NoRate("bands of NHS-funded nursing care", dates::Format(day));
  Check(evidence, day, refusal);
  v1::NursingCareFinding finding;
  finding.set_qualifies(nursing.needs_registered_nurse() && nursing.care_home_with_nursing());
  trace.Add(kNeed, {{"nurse", YesNo(nursing.needs_registered_nurse())},
                    {"home", YesNo(nursing.care_home_with_nursing())}});
  if (HadHighBandOn(nursing, row->entitled_on_date())) {
    finding.set_band(v1::NURSING_CARE_BAND_HIGH);
    trace.Add(kHigh, {{"reference_date", dates::Checked(row->entitled_on_date())}});
  } else {
    finding.set_band(v1::NURSING_CARE_BAND_STANDARD);
    trace.Add(kStandard);
  }
  return finding;
}

absl::StatusOr<v1::NursingCarePayment> NursingCarePaymentOn(v1::NursingCareBand band, absl::CivilDay day,
                                                            std::optional<absl::CivilDay> known_day,
                                                            const v1::EligibilityPolicy& policy) {
  const v1::NursingCareWeeklyRate* latest = nullptr;
  for (const v1::NursingCareWeeklyRate& row : policy.nursing_care_rates()) {
    if (!Applies(row, band, day, known_day)) continue;
    if (latest == nullptr || latest->announced_date() < row.announced_date()) latest = &row;
  }
  if (latest == nullptr) return errors::NoRate("NHS-funded nursing care", dates::Format(day));
  v1::NursingCarePayment payment;
  payment.set_band(band);
  payment.set_weekly_pence(latest->weekly_pence());
  int64_t supplement_pence = 0;
  for (const v1::NursingCareSupplement& row : policy.nursing_care_supplements()) {
    if (Applies(row, band, day, known_day)) supplement_pence += row.weekly_pence();
  }
  payment.set_weekly_supplement_pence(supplement_pence);
  return payment;
}

}  // namespace ipb::eligibility
