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

Asking RecordCircumstance(Known& known) {
  v1::RecordCircumstanceRequest request;
  request.set_parent(known.person());
  request.set_kind(known.Chance(3) ? v1::Circumstance::KIND_DEATH : v1::Circumstance::KIND_HOSPITAL);
  request.set_effective_from_date(known.Date(-known.Pick(3)));
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

Asking AppointRepresentative(Known& known) {
  v1::AppointRepresentativeRequest request;
  request.set_parent(known.person());
  request.set_kind(v1::Representative::KIND_NOMINEE);
  request.set_party(absl::StrCat("party-", known.Pick(3)));
  request.set_reasons("The person wishes it.");
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

constexpr Step kSteps[] = {
    {"PeopleService.RegisterPerson", RegisterPerson},
    {"PeopleService.AcceptResponsibility", AcceptResponsibility},
    {"PeopleService.EndResponsibility", EndResponsibility},
    {"PeopleService.RecordCircumstance", RecordCircumstance},
    {"PeopleService.EndCircumstance", EndCircumstance},
    {"PeopleService.AppointRepresentative", AppointRepresentative},
    {"PeopleService.EndRepresentative", EndRepresentative},
};

}  // namespace

absl::Span<const Step> PeopleSteps() { return kSteps; }

}  // namespace ipb::preview
