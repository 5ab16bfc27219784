#include "absl/strings/str_cat.h"
#include "ipb/v1/people_service.pb.h"
#include "tests/handlers/preview/steps.h"

namespace ipb::preview {
namespace {

using testing::kCouncil;
using testing::kIcb;
using testing::kStranger;

Asking RegisterPerson(Known& known) {
  v1::RegisterPersonRequest request;
  request.mutable_identifier()->set_kind(v1::IDENTIFIER_KIND_NHS_NUMBER);
  request.mutable_identifier()->set_value(
      known.people()[known.Pick(static_cast<int>(known.people().size()))].nhs_number);
  request.set_birth_date("1948-03-15");
  const As callers[] = {kCouncil, kIcb, kStranger};
  const int who = known.Pick(3);
  request.set_role(who == 1 ? v1::RESPONSIBILITY_ROLE_RESPONSIBLE_ICB
                            : v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE);
  if (who == 2) request.set_role(v1::RESPONSIBILITY_ROLE_HOST);
  if (known.Chance(50)) request.set_effective_from_date("2025-01-01");
  return By(callers[who], std::move(request));
}

Asking AcceptResponsibility(Known& known) {
  v1::AcceptResponsibilityRequest request;
  request.set_name(known.person());
  request.set_organisation(known.Chance(50) ? kIcb.organisation : kStranger.organisation);
  return By(kCouncil, std::move(request));
}

// Mostly the second council's, so that most people keep council and ICB.
Asking EndResponsibility(Known& known) {
  v1::EndResponsibilityRequest request;
  request.set_name(known.person());
  request.set_effective_to_date(known.Date(known.Pick(10)));
  return By(Mostly(known, kStranger, kIcb), std::move(request));
}

// Who people are changes seldom, so that most of a history is about the same people.
bool IsSeldom(Known& known) { return known.Chance(50); }

v1::HumanDecision Decision(Known& known) {
  v1::HumanDecision decision;
  if (!known.Chance(5)) decision.set_reasons("It is so.");
  return decision;
}

// Of a few, so that some are known to others.
void SetLocal(Known& known, v1::Identifier* identifier) {
  identifier->set_kind(v1::IDENTIFIER_KIND_LOCAL);
  identifier->set_value(absl::StrCat("L", known.Pick(5)));
}

Asking TransferResponsibility(Known& known) {
  if (IsSeldom(known)) return std::nullopt;
  v1::TransferResponsibilityRequest request;
  request.set_name(known.person());
  request.set_organisation(known.Chance(80) ? kStranger.organisation : kIcb.organisation);
  request.set_role(v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE);
  // So far ahead that the council stays who it is.
  request.set_effective_from_date(known.Date(3000));
  *request.mutable_decision() = Decision(known);
  return By(Mostly(known, kCouncil, kIcb), std::move(request));
}

Asking ClaimUrgentResponsibility(Known& known) {
  if (IsSeldom(known)) return std::nullopt;
  v1::ClaimUrgentResponsibilityRequest request;
  request.mutable_identifier()->set_kind(v1::IDENTIFIER_KIND_NHS_NUMBER);
  request.mutable_identifier()->set_value(
      known.people()[known.Pick(static_cast<int>(known.people().size()))].nhs_number);
  request.set_role(v1::RESPONSIBILITY_ROLE_HOST);
  *request.mutable_decision() = Decision(known);
  return By(Mostly(known, kStranger, kCouncil), std::move(request));
}

Asking AddIdentifier(Known& known) {
  if (IsSeldom(known)) return std::nullopt;
  v1::AddIdentifierRequest request;
  request.set_name(known.person());
  SetLocal(known, request.mutable_identifier());
  return By(Mostly(known, kCouncil, kIcb), std::move(request));
}

Asking RemoveIdentifier(Known& known) {
  if (IsSeldom(known)) return std::nullopt;
  v1::RemoveIdentifierRequest request;
  request.set_name(known.person());
  SetLocal(known, request.mutable_identifier());
  *request.mutable_decision() = Decision(known);
  return By(Mostly(known, kCouncil, kIcb), std::move(request));
}

Asking UpdatePerson(Known& known) {
  if (IsSeldom(known)) return std::nullopt;
  v1::UpdatePersonRequest request;
  request.set_name(known.person());
  request.set_birth_date(known.Chance(70) ? "1948-03-15" : "1948-05-13");
  *request.mutable_decision() = Decision(known);
  return By(Mostly(known, kCouncil, kIcb), std::move(request));
}

Asking MergePeople(Known& known) {
  if (IsSeldom(known)) return std::nullopt;
  v1::MergePeopleRequest request;
  request.set_name(known.person());
  request.set_survivor(known.people()[known.Pick(2)].name);
  *request.mutable_decision() = Decision(known);
  return By(Mostly(known, kCouncil, kIcb), std::move(request));
}

Asking SplitPerson(Known& known) {
  if (IsSeldom(known)) return std::nullopt;
  v1::SplitPersonRequest request;
  request.set_name(known.person());
  *request.mutable_decision() = Decision(known);
  if (known.Chance(60)) {
    for (const KnownPerson& other : known.people()) {
      if (!other.name.empty() && other.name != known.person()) request.set_merged(other.name);
    }
  } else {
    SetLocal(known, request.add_identifiers());
    request.set_birth_date("1948-03-15");
  }
  return By(Mostly(known, kCouncil, kIcb), std::move(request));
}

Asking RecordCircumstance(Known& known) {
  v1::RecordCircumstanceRequest request;
  request.set_parent(known.person());
  request.set_effective_from_date(known.Date(-known.Pick(3)));
  v1::CircumstanceDetails& details = *request.mutable_details();
  switch (known.Chance(3) ? 0 : 1 + known.Pick(4)) {
    case 0:
      request.set_kind(v1::Circumstance::KIND_DEATH);
      request.clear_details();
      break;
    case 1:
      request.set_kind(v1::Circumstance::KIND_HOSPITAL);
      request.clear_details();
      break;
    case 2:
      request.set_kind(v1::Circumstance::KIND_CUSTODY);
      details.mutable_custody()->set_place(v1::CustodyDetails::PLACE_PRISON);
      details.mutable_custody()->set_council(kStranger.organisation);
      if (known.Chance(50)) request.set_overlap_reasons("treated as a prisoner");
      break;
    case 3:
      request.set_kind(v1::Circumstance::KIND_MOVE);
      details.mutable_move()->set_from_council(kCouncil.organisation);
      details.mutable_move()->set_to_council(kStranger.organisation);
      break;
    default:
      request.set_kind(v1::Circumstance::KIND_SAFEGUARDING_CONCERN);
      details.mutable_safeguarding_concern()->set_subject(v1::SafeguardingConcernDetails::SUBJECT_MONEY);
  }
  return By(Mostly(known, kCouncil, kIcb), std::move(request));
}

Asking EndCircumstance(Known& known) {
  const auto* lasting = known.One<v1::Circumstance>(
      [](const v1::Circumstance& one) { return one.effective_to_date().empty(); });
  if (lasting == nullptr) return std::nullopt;
  v1::EndCircumstanceRequest request;
  request.set_name(lasting->name());
  request.set_effective_to_date(known.Date());
  request.set_etag(known.EtagOf(*lasting));
  return By(kCouncil, std::move(request));
}

Asking CorrectCircumstance(Known& known) {
  const auto* wrong =
      known.One<v1::Circumstance>([](const v1::Circumstance& one) { return one.superseded_by().empty(); });
  if (wrong == nullptr) return std::nullopt;
  v1::CorrectCircumstanceRequest request;
  request.set_name(wrong->name());
  request.mutable_decision()->set_reasons("It was recorded for somebody else.");
  if (known.Chance(50)) {
    request.set_recorded_in_error(true);
  } else {
    request.set_effective_from_date(known.Date(-known.Pick(5)));
    if (wrong->has_details()) *request.mutable_details() = wrong->details();
  }
  request.set_etag(known.EtagOf(*wrong));
  return By(Mostly(known, kCouncil, kIcb), std::move(request));
}

Asking RecordCapacityDecision(Known& known) {
  v1::RecordCapacityDecisionRequest request;
  request.set_parent(known.person());
  request.set_matter(known.Chance(50) ? v1::CapacityDecision::MATTER_DIRECT_PAYMENT
                                      : v1::CapacityDecision::MATTER_CARE_AND_SUPPORT);
  request.set_outcome(known.Chance(80) ? v1::CapacityDecision::OUTCOME_HAS_CAPACITY
                                       : v1::CapacityDecision::OUTCOME_LACKS_CAPACITY);
  request.set_assessed_date(known.Date(-known.Pick(10)));
  request.set_assessor("assessor-1");
  request.mutable_decision()->set_reasons("As the person said.");
  return By(Mostly(known, kCouncil, kIcb), std::move(request));
}

Asking AppointRepresentative(Known& known) {
  v1::AppointRepresentativeRequest request;
  request.set_parent(known.person());
  request.set_kind(known.Chance(70) ? v1::Representative::KIND_NOMINEE
                                    : v1::Representative::KIND_NOMINATED_PERSON);
  request.set_party(absl::StrCat("party-", known.Pick(9)));
  request.set_reasons("The person wishes it.");
  request.set_closeness(v1::Representative::CLOSENESS_FAMILY);
  request.mutable_conditions()->set_asked_by_person(true);
  request.mutable_conditions()->set_agrees(known.Chance(95));
  request.mutable_conditions()->set_capable(true);
  request.mutable_conditions()->set_appropriate(true);
  return By(kCouncil, std::move(request));
}

Asking EndRepresentative(Known& known) {
  const auto* acting = known.One<v1::Representative>(
      [](const v1::Representative& one) { return one.effective_to_date().empty(); });
  if (acting == nullptr) return std::nullopt;
  v1::EndRepresentativeRequest request;
  request.set_name(acting->name());
  request.set_effective_to_date(known.Date(known.Pick(30)));
  request.set_etag(known.EtagOf(*acting));
  return By(Mostly(known, kCouncil, kIcb), std::move(request));
}

Asking RecordPaymentExclusion(Known& known) {
  v1::RecordPaymentExclusionRequest request;
  request.set_parent(known.person());
  request.set_code(v1::EXCLUSION_CODE_ALCOHOL_TREATMENT_REQUIREMENT);
  request.set_effective_from_date(known.Date(-known.Pick(3)));
  request.set_order_reference(absl::StrCat("order-", known.Pick(20)));
  request.mutable_decision()->set_reasons("The order was seen.");
  return By(Mostly(known, kCouncil, kIcb), std::move(request));
}

Asking EndPaymentExclusion(Known& known) {
  const auto* lasting = known.One<v1::PaymentExclusion>(
      [](const v1::PaymentExclusion& one) { return one.effective_to_date().empty(); });
  if (lasting == nullptr) return std::nullopt;
  v1::EndPaymentExclusionRequest request;
  request.set_name(lasting->name());
  request.set_effective_to_date(known.Date());
  request.set_etag(known.EtagOf(*lasting));
  return By(kCouncil, std::move(request));
}

Asking RecordRelationship(Known& known) {
  v1::RecordRelationshipRequest request;
  request.set_parent(known.person());
  request.set_kind(v1::PersonRelationship::KIND_CARER);
  const KnownPerson& other = known.people()[known.Pick(static_cast<int>(known.people().size()))];
  if (known.Chance(50) && !other.name.empty()) {
    request.set_related_person(other.name);
  } else {
    request.set_party(absl::StrCat("party-", known.Pick(20)));
  }
  return By(Mostly(known, kCouncil, kIcb), std::move(request));
}

Asking EndRelationship(Known& known) {
  const auto* lasting = known.One<v1::PersonRelationship>(
      [](const v1::PersonRelationship& one) { return one.effective_to_date().empty(); });
  if (lasting == nullptr) return std::nullopt;
  v1::EndRelationshipRequest request;
  request.set_name(lasting->name());
  request.set_effective_to_date(known.Date());
  request.set_etag(known.EtagOf(*lasting));
  return By(Mostly(known, kCouncil, kIcb), std::move(request));
}

constexpr Step kSteps[] = {
    {"PeopleService.RegisterPerson", RegisterPerson},
    {"PeopleService.AcceptResponsibility", AcceptResponsibility},
    {"PeopleService.EndResponsibility", EndResponsibility},
    {"PeopleService.TransferResponsibility", TransferResponsibility},
    {"PeopleService.ClaimUrgentResponsibility", ClaimUrgentResponsibility},
    {"PeopleService.AddIdentifier", AddIdentifier},
    {"PeopleService.RemoveIdentifier", RemoveIdentifier},
    {"PeopleService.UpdatePerson", UpdatePerson},
    {"PeopleService.MergePeople", MergePeople},
    {"PeopleService.SplitPerson", SplitPerson},
    {"PeopleService.RecordCircumstance", RecordCircumstance},
    {"PeopleService.EndCircumstance", EndCircumstance},
    {"PeopleService.CorrectCircumstance", CorrectCircumstance},
    {"PeopleService.RecordCapacityDecision", RecordCapacityDecision},
    {"PeopleService.AppointRepresentative", AppointRepresentative},
    {"PeopleService.EndRepresentative", EndRepresentative},
    {"PeopleService.RecordPaymentExclusion", RecordPaymentExclusion},
    {"PeopleService.EndPaymentExclusion", EndPaymentExclusion},
    {"PeopleService.RecordRelationship", RecordRelationship},
    {"PeopleService.EndRelationship", EndRelationship},
};

}  // namespace

absl::Span<const Step> PeopleSteps() { return kSteps; }

}  // namespace ipb::preview
