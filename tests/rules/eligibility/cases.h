// People, evidence and facts that tests of eligibility rules start from, and the ids of the rules that
// refused.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "ipb/v1/assessment.pb.h"
#include "ipb/v1/eligibility_policy.pb.h"
#include "ipb/v1/eligibility_service.pb.h"
#include "services/eligibility/rules/decider.h"

namespace ipb::eligibility {

// 22 November 2026: "today" of all tests.
inline constexpr absl::CivilDay kToday(2026, 11, 22);
inline constexpr char kCouncil[] = "E10000019";
inline constexpr char kIcb[] = "QZZ";

// The national policy that ships.
const v1::EligibilityPolicy& Policy();

// The rule ids that an error carries, in order; the ErrorInfo reason where it carries no rules; empty for OK.
std::vector<std::string> Refusals(const absl::Status& status);

// An adult who lives in the council's area and is registered in the ICB's.
v1::Person Adult();

// A joint assessment of 2 November 2026 with a nurse, a therapist and a social worker, and no part yet.
v1::AssessmentEvidence JointEvidence();

// The ten outcomes, all able; with the first `unable` of them unable for want of assistance, from an
// impairment, with a significant impact on dignity.
v1::CareActEvidence CareAct(int unable);

// The eight outcomes of a carer, all able; with the first `unable` of them unable for want of assistance,
// from necessary care to an adult of the council's area, with a significant impact on health.
v1::CarerEvidence Carer(int unable);

// A child of 10 who is registered in the ICB's area.
v1::Person Child();

// The children's part without additional needs, all four areas recorded, with a parent's consent.
v1::ChildrensContinuingCareEvidence ChildrensTool();

// A registered nurse's finding that nursing is needed in a care home, after a negative checklist.
v1::NursingCareEvidence NursingCare();

// Detained under section 3 from 1 June 2026 by then resident in the council's area; left hospital on 20
// September.
v1::AfterCareEvidence AfterCare();

// The eleven domains, `a` of those without asterisk scored A, the next `b` of them scored B, all others C.
v1::ChecklistEvidence Checklist(int a, int b);

// The eleven domains without needs and the four indicators reasoned.
v1::DecisionSupportToolEvidence Tool();

// The entry of a domain.
v1::DomainAssessment& DomainOf(v1::CareDomain domain, v1::DecisionSupportToolEvidence& tool);

// A valid fast track tool, completed by the nurse of JointEvidence.
v1::FastTrackEvidence FastTrack();

// A valid fast track of a child, of the nurse of JointEvidence, with a parent's consent.
v1::ChildrensFastTrackEvidence ChildrensFastTrack();

// The complete assessment of that evidence, findings made. The evidence must be complete.
v1::Assessment Complete(const v1::AssessmentEvidence& evidence, const std::string& name,
                        const v1::EligibilityPolicy& policy = Policy());

// What a body of that kind knows of the adult when it recommends on that evidence, as the first
// determination: the complete assessment 1, and who recommends, `assessor-1` of the council or the ICB.
DeterminationFacts FactsOf(v1::CallerKind kind, const v1::AssessmentEvidence& evidence);

// A recommendation on assessment 1.
v1::RecordRecommendationRequest Recommending(v1::EligibilityRegime regime, v1::EligibilityOutcome outcome);

// A decision of the organisation's staff member.
v1::HumanDecision By(const std::string& organisation, const std::string& decider,
                     const std::string& reasons = "");

// A determination that was decided by that body on 1 June 2026 and holds from then.
v1::Determination Decided(const std::string& name, v1::EligibilityRegime regime,
                          v1::EligibilityOutcome outcome, const std::string& organisation);

// The names of the person's things.
std::string RequestName(int n);
std::string AssessmentName(int n);
std::string DeterminationName(int n);

}  // namespace ipb::eligibility
