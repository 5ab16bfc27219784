#include "services/allocation/rules/care_setting.h"

#include <vector>

#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"

namespace ipb::allocation {
namespace {

constexpr explain::Rule kTooLong = {
    .id = "CHARGE-STAY-LENGTH",
    .sentence =
        "The stay is expected to last until {last_date}, which is longer than the {weeks} weeks of {setting}",
    .source = "SI 2014/2672 regs 2, 8",
    .remedy = "assess it as {longer_setting}, or correct its dates",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kNotBegun = {
    .id = "CHARGE-STAY-NOT-BEGUN",
    .sentence =
        "The stay in a care home begins on {first_date}; until then the person is charged as at home.",
    .source = "SI 2014/2672 reg 2",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kShortAsHome = {
    .id = "CHARGE-STAY-SHORT-AS-HOME",
    .sentence = "For a short stay in a care home the council charges as if the person were at home.",
    .source = "SI 2014/2672 reg 8; the council's charging policy",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kTemporary = {
    .id = "CHARGE-STAY-TEMPORARY",
    .sentence = "The person is a temporary resident of a care home since {first_date}.",
    .source = "SI 2014/2672 regs 2, 6",
    .purpose = v1::PURPOSE_MEANS};
constexpr explain::Rule kPermanent = {
    .id = "CHARGE-STAY-PERMANENT",
    .sentence = "The person lives in a care home for good since {permanent_from_date}.",
    .source = "SI 2014/2672 regs 2, 6",
    .purpose = v1::PURPOSE_MEANS};

absl::Status CheckDates(const v1::ResidentialStay& stay) {
  std::vector<errors::FieldViolation> wrong;
  const bool permanent = stay.setting() == v1::CARE_SETTING_PERMANENT_RESIDENT;
  if (stay.setting() == v1::CARE_SETTING_OUTSIDE_CARE_HOME) {
    wrong.push_back({"facts.stay.setting", "is a kind of stay in a care home"});
  }
  if (!permanent && stay.expected_last_date().empty()) {
    wrong.push_back({"facts.stay.expected_last_date", "is needed for a temporary and a short stay"});
  }
  if (!stay.expected_last_date().empty() && stay.expected_last_date() < stay.first_date()) {
    wrong.push_back({"facts.stay.expected_last_date", "is before its first day"});
  }
  if (!stay.permanent_from_date().empty() && (permanent || stay.permanent_from_date() < stay.first_date())) {
    wrong.push_back(
        {"facts.stay.permanent_from_date", "is for a temporary stay, and not before its first day"});
  }
  return wrong.empty() ? absl::OkStatus() : errors::InvalidFields(wrong);
}

absl::Status CheckLength(const v1::ResidentialStay& stay, const ChargingRates& rates) {
  if (rates.stay_limits == nullptr) {
    return errors::NoRate("lengths of stays in a care home", dates::Format(rates.day));
  }
  const bool is_short = stay.setting() == v1::CARE_SETTING_SHORT_TERM_RESIDENT;
  const int weeks = is_short ? rates.stay_limits->short_term_weeks() : rates.stay_limits->temporary_weeks();
  const absl::CivilDay last = dates::Checked(stay.expected_last_date());
  explain::Refusal refusal;
  if (last >= dates::Checked(stay.first_date()) + 7 * weeks) {
    refusal.Add(kTooLong, "facts.stay.expected_last_date",
                {{"last_date", last},
                 {"weeks", int64_t{weeks}},
                 {"setting", std::string(is_short ? "a short stay" : "a temporary stay")},
                 {"longer_setting", std::string(is_short ? "a temporary stay" : "one for good")}});
  }
  return refusal.ToStatus();
}

bool IsPermanentOn(const v1::ResidentialStay& stay, absl::CivilDay day) {
  return stay.setting() == v1::CARE_SETTING_PERMANENT_RESIDENT ||
         (!stay.permanent_from_date().empty() && dates::Checked(stay.permanent_from_date()) <= day);
}

}  // namespace

bool StaysInCareHome(const v1::FinancialFacts& facts, absl::CivilDay day) {
  return facts.has_stay() && dates::Checked(facts.stay().first_date()) <= day;
}

v1::CareSetting StayOn(const v1::FinancialFacts& facts, absl::CivilDay day) {
  if (!StaysInCareHome(facts, day)) return v1::CARE_SETTING_OUTSIDE_CARE_HOME;
  return IsPermanentOn(facts.stay(), day) ? v1::CARE_SETTING_PERMANENT_RESIDENT : facts.stay().setting();
}

absl::CivilDay PermanentFrom(const v1::ResidentialStay& stay) {
  return dates::Checked(stay.permanent_from_date().empty() ? stay.first_date() : stay.permanent_from_date());
}

absl::StatusOr<v1::CareSetting> SettingOn(const v1::FinancialFacts& facts, const ChargingRates& rates,
                                          explain::Trace& trace) {
  if (!facts.has_stay()) return v1::CARE_SETTING_OUTSIDE_CARE_HOME;
  const v1::ResidentialStay& stay = facts.stay();
  IPB_RETURN_IF_ERROR(CheckDates(stay));
  const absl::CivilDay first = dates::Checked(stay.first_date());
  if (!StaysInCareHome(facts, rates.day)) {
    trace.Add(kNotBegun, {{"first_date", first}});
    return v1::CARE_SETTING_OUTSIDE_CARE_HOME;
  }
  if (IsPermanentOn(stay, rates.day)) {
    trace.Add(kPermanent, {{"permanent_from_date", PermanentFrom(stay)}});
    return v1::CARE_SETTING_PERMANENT_RESIDENT;
  }
  IPB_RETURN_IF_ERROR(CheckLength(stay, rates));
  const bool as_home =
      rates.short_stay_practice != nullptr && rates.short_stay_practice->as_outside_care_home();
  if (stay.setting() == v1::CARE_SETTING_SHORT_TERM_RESIDENT && as_home) {
    trace.Add(kShortAsHome);
    return v1::CARE_SETTING_OUTSIDE_CARE_HOME;
  }
  trace.Add(kTemporary, {{"first_date", first}});
  return v1::CARE_SETTING_TEMPORARY_RESIDENT;
}

}  // namespace ipb::allocation
