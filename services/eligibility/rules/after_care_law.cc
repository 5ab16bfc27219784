#include "services/eligibility/rules/after_care_law.h"

#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"

namespace ipb::eligibility {
namespace {

constexpr absl::string_view kAmended =
    "Mental Health Act 1983 s117(3), as the Mental Health Act 2025 amends it";
constexpr absl::string_view kAmendedEnding =
    "Mental Health Act 1983 s117, as the Mental Health Act 2025 amends it";

constexpr explain::Rule kNothingDeemed{
    "S117-NOTHING-DEEMED",
    "{deemed_council} is recorded as the council deemed to be that of residence, and by the law on "
    "{detained_date}, when the detention began, nothing is deemed for after-care: the duty follows where the "
    "person in fact was ordinarily resident immediately before",
    "Mental Health Act 1983 s117(3); R (Worcestershire) v SSHSC [2023] UKSC 31",
    "leave the deemed council out; whose area it was in fact is the residence council."};
constexpr explain::Rule kDuty{
    "S117-DUTY",
    "The duty is that of the integrated care board and of {residence_council}, where the person was "
    "ordinarily resident "
    "immediately before the detention that began on {detained_date}.",
    "Mental Health Act 1983 s117(2)-(3); R (Worcestershire) v SSHSC [2023] UKSC 31"};
constexpr explain::Rule kDutyDeemed{
    "S117-DUTY-DEEMED",
    "The duty is that of the integrated care board and of {deemed_council}, which had placed the person in "
    "the area of {residence_council} before the detention that began on {detained_date}, and is deemed to be "
    "the council of residence.",
    kAmended};
constexpr explain::Rule kDutyNotDeemed{
    "S117-DUTY-RESIDENCE",
    "The duty is that of the integrated care board and of {residence_council}, where the person was "
    "ordinarily resident immediately before the detention that began on {detained_date}; the law of that day "
    "would deem another council to be that of residence, and none is recorded to have placed the person.",
    kAmended};
constexpr explain::Rule kNoNotice{
    "S117-ENDING-NOTICE",
    "After-care would end after {last_date}, and no notice to the person that it ends is on record",
    kAmendedEnding, "tell the person in writing first, and give the date of the notice."};
constexpr explain::Rule kNoticeDate{"S117-ENDING-NOTICE-DATE",
                                    "The notice that after-care ends is dated {notice_date}, in the future "
                                    "or after {last_date}, its last day",
                                    kAmendedEnding,
                                    "give the date on the notice; after-care ends on that day or later."};
constexpr explain::Rule kNotice{"S117-ENDING-NOTICE-GIVEN",
                                "The person was told in writing on {notice_date} that after-care ends.",
                                kAmendedEnding};

absl::StatusOr<const v1::AfterCareLaw*> LawOn(absl::CivilDay day, const v1::EligibilityPolicy& policy) {
  const v1::AfterCareLaw* law = dates::InEffect(policy.after_care_laws(), day);
  if (law == nullptr) return errors::NoRate("the law of after-care", dates::Format(day));
  return law;
}

}  // namespace

absl::StatusOr<AfterCareCouncil> FindAfterCareCouncil(const v1::AfterCareEvidence& evidence,
                                                      const v1::EligibilityPolicy& policy) {
  AfterCareCouncil found{evidence.residence_council()};
  if (evidence.detained_date().empty()) return found;
  IPB_ASSIGN_OR_RETURN(found.law, LawOn(dates::Checked(evidence.detained_date()), policy));
  found.deemed = found.law->residence() == v1::AFTER_CARE_RESIDENCE_DEEMED &&
                 !evidence.deemed_residence_council().empty();
  if (found.deemed) found.council = evidence.deemed_residence_council();
  return found;
}

void CheckDeemed(const v1::AfterCareEvidence& evidence, const AfterCareCouncil& found,
                 explain::Refusal& refusal) {
  if (evidence.deemed_residence_council().empty() || found.deemed || found.law == nullptr) return;
  refusal.Add(kNothingDeemed, "after_care.deemed_residence_council",
              {{"deemed_council", evidence.deemed_residence_council()},
               {"detained_date", dates::Checked(evidence.detained_date())}});
}

void ExplainDuty(const v1::AfterCareEvidence& evidence, const AfterCareCouncil& found,
                 explain::Trace& trace) {
  const absl::CivilDay detained = dates::Checked(evidence.detained_date());
  if (found.deemed) {
    trace.Add(kDutyDeemed, {{"deemed_council", found.council},
                            {"residence_council", evidence.residence_council()},
                            {"detained_date", detained}});
    return;
  }
  const bool deems = found.law != nullptr && found.law->residence() == v1::AFTER_CARE_RESIDENCE_DEEMED;
  trace.Add(deems ? kDutyNotDeemed : kDuty,
            {{"residence_council", found.council}, {"detained_date", detained}});
}

absl::Status CheckEndingNotice(const v1::WithdrawalSafeguards& safeguards,
                               const v1::EligibilityPolicy& policy, absl::CivilDay last_day,
                               absl::CivilDay today, explain::Refusal& refusal, explain::Trace& trace) {
  IPB_ASSIGN_OR_RETURN(const v1::AfterCareLaw* law, LawOn(last_day, policy));
  const std::string& notice_date = safeguards.ending_notice_date();
  if (notice_date.empty()) {
    if (law->notice_before_ending()) {
      refusal.Add(kNoNotice, "safeguards.ending_notice_date", {{"last_date", last_day}});
    }
    return absl::OkStatus();
  }
  const absl::CivilDay notice = dates::Checked(notice_date);
  if (notice > today || notice > last_day) {
    refusal.Add(kNoticeDate, "safeguards.ending_notice_date",
                {{"notice_date", notice}, {"last_date", last_day}});
  } else {
    trace.Add(kNotice, {{"notice_date", notice}});
  }
  return absl::OkStatus();
}

}  // namespace ipb::eligibility
