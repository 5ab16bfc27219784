// Who took part in an assessment.
#pragma once

#include "absl/strings/string_view.h"
#include "ipb/v1/assessment.pb.h"

namespace ipb::eligibility {

// The participant of that reference; null if there is none.
inline const v1::AssessmentParticipant* Participant(const v1::AssessmentEvidence& evidence,
                                                    absl::string_view reference) {
  for (const v1::AssessmentParticipant& participant : evidence.participants()) {
    if (participant.reference() == reference) return &participant;
  }
  return nullptr;
}

// Whether it is someone from a healthcare profession; false for null.
inline bool IsHealthcareProfessional(const v1::AssessmentParticipant* participant) {
  return participant != nullptr &&
         participant->capacity() == v1::AssessmentParticipant::CAPACITY_HEALTHCARE_PROFESSIONAL;
}

}  // namespace ipb::eligibility
