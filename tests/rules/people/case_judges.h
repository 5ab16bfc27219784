// What the rules of people make of the facts of a case, compared with what the case expects.
#pragma once

#include "tests/rules/people/case_facts.h"

namespace ipb::people::rules {

// One for each kind of case. Fails the test where something else comes of it than the case expects.
void Judge(const CaseFacts& facts, const cases::v1::RegistrationCase& judged);
void Judge(const CaseFacts& facts, const cases::v1::BirthDateCase& judged);
void Judge(const CaseFacts& facts, const cases::v1::AddedIdentifierCase& judged);
void Judge(const CaseFacts& facts, const cases::v1::RemovedIdentifierCase& judged);
void Judge(const CaseFacts& facts, const cases::v1::AcceptanceCase& judged);
void Judge(const CaseFacts& facts, const cases::v1::ResponsibilityEndCase& judged);
void Judge(const CaseFacts& facts, const cases::v1::TransferCase& judged);
void Judge(const CaseFacts& facts, const cases::v1::UrgentClaimCase& judged);
void Judge(const CaseFacts& facts, const cases::v1::MergeCase& judged);
void Judge(const CaseFacts& facts, const cases::v1::UndoingCase& judged);
void Judge(const CaseFacts& facts, const cases::v1::SeparationCase& judged);
void Judge(const CaseFacts& facts, const cases::v1::CircumstanceCase& judged);
void Judge(const CaseFacts& facts, const cases::v1::CircumstanceEndCase& judged);
void Judge(const CaseFacts& facts, const cases::v1::CircumstanceCorrectionCase& judged);
void Judge(const CaseFacts& facts, const cases::v1::AppointmentCase& judged);
void Judge(const CaseFacts& facts, const cases::v1::AppointmentEndCase& judged);
void Judge(const CaseFacts& facts, const cases::v1::CapacityCase& judged);
void Judge(const CaseFacts& facts, const cases::v1::ExclusionCase& judged);
void Judge(const CaseFacts& facts, const cases::v1::ExclusionEndCase& judged);
void Judge(const CaseFacts& facts, const cases::v1::RelationshipCase& judged);
void Judge(const CaseFacts& facts, const cases::v1::RelationshipEndCase& judged);
void Judge(const CaseFacts& facts, const cases::v1::AuthorityCase& judged);

}  // namespace ipb::people::rules
