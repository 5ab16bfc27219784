#include "services/eligibility/rules/childrens_fast_track.h"

#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "services/eligibility/rules/participants.h"
#include "services/eligibility/rules/regime.h"

namespace ipb::eligibility {
namespace {

constexpr absl::string_view kFramework =
    "National Framework for Children and Young People's Continuing Care, January 2016: end of life";
constexpr char kPart[] = "childrens_fast_track";

constexpr explain::Rule kClinician{
    "CYP-FAST-TRACK-CLINICIAN", "The fast track is not of an appropriate clinician who took part", kFramework,
    "list the clinician who is responsible for the child among the participants as a healthcare "
    "professional."};
constexpr explain::Rule kCondition{"CYP-FAST-TRACK-CONDITION",
                                   "The condition is not one that rapidly deteriorates and may be entering a "
                                   "terminal phase, or no reasons are "
                                   "given",
                                   kFramework, "use the decision support tool for children."};
constexpr explain::Rule kConsent{
    "CYP-FAST-TRACK-CONSENT",
    "No consent is recorded that was given by the day on which the fast track was received",
    "Mental Capacity Act 2005; National Framework, January 2016",
    "record who consented, or that it is in the young person's best interests, and when."};

constexpr explain::Rule kFound{"CYP-FAST-TRACK",
                               "A clinician says that the child may be at the end of life: support can be "
                               "decided at once. Nothing binds the "
                               "decision, and the full assessment and its panel follow.",
                               kFramework};
constexpr explain::Rule kPanel{"CYP-FAST-TRACK-PANEL-BY",
                               "Decided before the full assessment: the panel looks at it by {due_date}.",
                               kFramework};

}  // namespace

bool EvaluateChildrensFastTrack(const v1::AssessmentEvidence& evidence, explain::Refusal& refusal,
                                explain::Trace& trace) {
  const v1::ChildrensFastTrackEvidence& track = evidence.childrens_fast_track();
  const v1::ChildConsent& consent = track.consent();
  const bool appropriate =
      track.appropriate_clinician() && IsHealthcareProfessional(Participant(evidence, track.clinician()));
  const bool condition = track.rapidly_deteriorating() && !track.reasons().empty();
  const bool consented = consent.basis() != v1::ChildConsent::BASIS_UNSPECIFIED &&
                         !consent.consent_date().empty() && consent.consent_date() <= track.received_date();
  if (!appropriate) refusal.Add(kClinician, kPart);
  if (!condition) refusal.Add(kCondition, kPart);
  if (!consented) refusal.Add(kConsent, kPart);
  if (!appropriate || !condition || !consented) return false;
  trace.Add(kFound, {{"received_date", dates::Checked(track.received_date())}});
  return true;
}

const v1::ChildConsent& ConsentOf(const v1::AssessmentEvidence& evidence) {
  return evidence.has_childrens_continuing_care() ? evidence.childrens_continuing_care().consent()
                                                  : evidence.childrens_fast_track().consent();
}

absl::Status SetPanelClock(const v1::Assessment& assessment, const v1::EligibilityPolicy& policy,
                           absl::CivilDay decided, v1::Determination& made, explain::Trace& trace) {
  const v1::EligibilityFindings& findings = assessment.findings();
  if (!IsForChildren(made.regime()) || made.outcome() != v1::ELIGIBILITY_OUTCOME_ELIGIBLE ||
      !findings.childrens_fast_track_met() || findings.has_childrens_continuing_care()) {
    return absl::OkStatus();
  }
  const v1::ChildrensFastTrackRule* row = dates::InEffect(policy.childrens_fast_tracks(), decided);
  if (row == nullptr) return errors::NoRate("panel after a child's fast track", dates::Format(decided));
  const absl::CivilDay due = decided + row->panel_days();
  made.set_panel_due_date(dates::Format(due));
  trace.Add(kPanel, {{"due_date", due}});
  return absl::OkStatus();
}

}  // namespace ipb::eligibility
