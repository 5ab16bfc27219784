#include "services/people/rules/representative.h"

#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/trace.h"

namespace ipb::people::rules {
namespace {

// The ages at which the two schemes begin are in the statutes themselves.
constexpr int kCareActAge = 18;
constexpr int kHealthAge = 16;

constexpr explain::Rule kAdultsOnly{"PEOPLE-REP-ADULT", "the person is {age} on {start_date}, not an adult",
                                    "Care Act 2014 ss31-32; children: Children Act 1989 s17A",
                                    "appoint from the person's 18th birthday"};
constexpr explain::Rule kSixteen{
    "PEOPLE-REP-SIXTEEN", "the person is {age} on {start_date}, younger than 16", "SI 2013/1617 regs 4-6",
    "appoint from the 16th birthday; until then whoever holds parental responsibility acts"};
constexpr explain::Rule kLiving{"PEOPLE-REP-LIVING", "the person died on {death_date}",
                                "authority to act ends with life (Mental Capacity Act 2005)",
                                "deal with the personal representatives of the estate"};
constexpr explain::Rule kEnded{"PEOPLE-REP-ENDED", "the appointment has a last day already: {end_date}",
                               "a period ends once", "appoint again"};

bool IsCareAct(v1::Representative::Kind kind) {
  return kind == v1::Representative::KIND_NOMINATED_PERSON || kind == v1::Representative::KIND_AUTHORISED_PERSON;
}

}  // namespace

absl::StatusOr<v1::Representative> Appoint(const v1::Person& person, const v1::AppointRepresentativeRequest& request,
                                           absl::CivilDay today) {
  const absl::CivilDay first =
      request.effective_from_date().empty() ? today : dates::Checked(request.effective_from_date());
  if (first < dates::Checked(person.birth_date())) {
    return errors::InvalidField("effective_from_date", "is before the person's birth");
  }
  const int age = dates::AgeOn(dates::Checked(person.birth_date()), first);
  const std::vector<explain::Input> inputs = {{"age", int64_t{age}}, {"start_date", first}};
  explain::Refusal refusal;
  if (IsCareAct(request.kind()) && age < kCareActAge) refusal.Add(kAdultsOnly, person.name(), inputs);
  if (!IsCareAct(request.kind()) && age < kHealthAge) refusal.Add(kSixteen, person.name(), inputs);
  if (!person.death_date().empty()) {
    refusal.Add(kLiving, person.name(), {{"death_date", dates::Checked(person.death_date())}});
  }
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  v1::Representative representative;
  representative.set_kind(request.kind());
  representative.set_party(request.party());
  representative.set_effective_from_date(dates::Format(first));
  representative.set_reasons(request.reasons());
  return representative;
}

absl::StatusOr<v1::Representative> EndAppointment(v1::Representative representative,
                                                  const v1::EndRepresentativeRequest& request) {
  explain::Refusal refusal;
  if (!representative.effective_to_date().empty()) {
    refusal.Add(kEnded, representative.name(), {{"end_date", dates::Checked(representative.effective_to_date())}});
  }
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  if (dates::Checked(request.effective_to_date()) < dates::Checked(representative.effective_from_date())) {
    return errors::InvalidField("effective_to_date", "is before the appointment began");
  }
  representative.set_effective_to_date(request.effective_to_date());
  return representative;
}

}  // namespace ipb::people::rules
