// The steps from children's to adult care, which start well before the child is an adult (National Framework
// for Children and Young People's Continuing Care, January 2016). Being late is shown, and refuses nothing.
#pragma once

#include <vector>

#include "absl/time/civil_time.h"
#include "common/explain/trace.h"
#include "ipb/v1/determination.pb.h"
#include "ipb/v1/eligibility_policy.pb.h"
#include "ipb/v1/entitlement.pb.h"
#include "services/eligibility/rules/known.h"

namespace ipb::eligibility {

// The steps that policy has on `day`, first to last, each with the day on which the child reaches its age and
// where it stands by what is on record.
std::vector<v1::TransitionStep> TransitionSteps(absl::CivilDay birth, absl::CivilDay day,
                                                const PersonRecord& record,
                                                const v1::EligibilityPolicy& policy);

// Whether a reader of the day sees the steps: the child is eligible for continuing care on it, or was until
// the 18th birthday and a step is not met yet.
bool ShowsTransition(const std::vector<v1::TransitionStep>& steps, const PersonRecord& record,
                     absl::CivilDay day);

// What to store. Without a trace where there is nothing new to note.
struct TransitionDecision {
  v1::Determination determination;
  explain::Trace trace;
};

// The determination with a note of each step that has come to be due or overdue by `today` while nothing on
// record met it. Nothing is noted on one that has ended or was replaced, nor after the person's death.
TransitionDecision DecideTransition(v1::Determination determination,
                                    const std::vector<v1::TransitionStep>& steps,
                                    absl::string_view death_date, absl::CivilDay today);

// The age from which eligibility for NHS continuing healthcare is decided in principle, by the policy of the
// day; that of an adult where policy says nothing.
int AgeOfDecisionInPrinciple(const v1::EligibilityPolicy& policy, absl::CivilDay day);

}  // namespace ipb::eligibility
