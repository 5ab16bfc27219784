// What is on record of a person, as it was known at an instant.
#pragma once

#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "ipb/v1/assessment.pb.h"
#include "ipb/v1/determination.pb.h"
#include "ipb/v1/person.pb.h"
#include "ipb/v1/support_request.pb.h"

namespace ipb::eligibility {

// A person's requests, assessments and determinations.
struct PersonRecord {
  std::vector<v1::SupportRequest> requests;
  std::vector<v1::Assessment> assessments;
  std::vector<v1::Determination> determinations;
};

// The record with what had been recorded by `known_at`, each as it then stood; everything as it stands where
// empty. A thing without an instant of its own counts as known.
PersonRecord AsKnown(PersonRecord record, std::optional<absl::Time> known_at);

// A determination so; nullopt where nothing of it was known.
std::optional<v1::Determination> AsKnown(v1::Determination determination, std::optional<absl::Time> known_at);

// The person with the responsibilities that had been recorded by then; when one of them was accepted or ended
// is not kept, so each is as it stands.
v1::Person AsKnown(v1::Person person, std::optional<absl::Time> known_at);

// Whether a determination, as it was known, had been decided; and whether it had ended or been replaced
// since.
bool IsDecided(const v1::Determination& determination);
bool IsClosed(const v1::Determination& determination);

}  // namespace ipb::eligibility
