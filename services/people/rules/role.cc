#include "services/people/rules/role.h"

namespace ipb::people::rules {
namespace {

constexpr explain::Rule kRoleOfCouncil{"PEOPLE-ROLE-COUNCIL",
                                       "only a council is responsible in the role asked for",
                                       "Care Act 2014 ss18, 37-39, 76; Mental Health Act 1983 s117",
                                       "give the role in which your organisation is responsible: an NHS body "
                                       "is RESPONSIBILITY_ROLE_RESPONSIBLE_ICB, "
                                       "RESPONSIBILITY_ROLE_PLACING_ICB or RESPONSIBILITY_ROLE_SECTION_117"};
constexpr explain::Rule kRoleOfNhs{
    "PEOPLE-ROLE-NHS", "only an NHS body is responsible in the role asked for", "NHS England, Who Pays?",
    "give the role in which your organisation is responsible: a council is "
    "RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE, RESPONSIBILITY_ROLE_HOST, RESPONSIBILITY_ROLE_CONTINUITY, "
    "RESPONSIBILITY_ROLE_SECTION_117 or RESPONSIBILITY_ROLE_PRISON"};
constexpr explain::Rule kAfterCare{"PEOPLE-ROLE-AFTER-CARE",
                                   "only a council and an NHS body have the duty of after-care",
                                   "Mental Health Act 1983 s117(2)",
                                   "give the role in which your organisation is responsible: a provider is "
                                   "RESPONSIBILITY_ROLE_SUPPORT_PROVIDER"};
constexpr explain::Rule kRoleOfProvider{
    "PEOPLE-ROLE-PROVIDER", "neither a council nor an NHS body supports a person as their provider",
    "Care Act 2014 s3; Mental Health Act 1983 s117",
    "give the role in which your organisation is responsible"};
constexpr explain::Rule kPrison{
    "PEOPLE-TRANSFER-PRISON", "prison leaves ordinary residence where it is", "Care Act 2014 s76",
    "let the council where the prison is register the person, and accept it beside yours"};
constexpr explain::Rule kHandOverAfterCare{
    "PEOPLE-TRANSFER-AFTER-CARE", "after-care is handed over as after-care, and nothing else is",
    "Mental Health Act 1983 s117(2)-(3)",
    "let the organisation that takes over register the person in that role, and accept it"};

// The kinds of body that are responsible in a role, one or two, and the rule that refuses all others.
struct Holders {
  v1::ResponsibilityRole role;
  v1::CallerKind kind;
  v1::CallerKind other_kind;
  const explain::Rule* rule;
};

constexpr auto kCouncil = v1::CALLER_KIND_COUNCIL;
constexpr auto kNhs = v1::CALLER_KIND_NHS;
constexpr auto kProvider = v1::CALLER_KIND_PROVIDER;

constexpr Holders kHolders[] = {
    {v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE, kCouncil, kCouncil, &kRoleOfCouncil},
    {v1::RESPONSIBILITY_ROLE_HOST, kCouncil, kCouncil, &kRoleOfCouncil},
    {v1::RESPONSIBILITY_ROLE_CONTINUITY, kCouncil, kCouncil, &kRoleOfCouncil},
    {v1::RESPONSIBILITY_ROLE_PRISON, kCouncil, kCouncil, &kRoleOfCouncil},
    {v1::RESPONSIBILITY_ROLE_SECTION_117, kCouncil, kNhs, &kAfterCare},
    {v1::RESPONSIBILITY_ROLE_RESPONSIBLE_ICB, kNhs, kNhs, &kRoleOfNhs},
    {v1::RESPONSIBILITY_ROLE_PLACING_ICB, kNhs, kNhs, &kRoleOfNhs},
    {v1::RESPONSIBILITY_ROLE_SUPPORT_PROVIDER, kProvider, kProvider, &kRoleOfProvider},
};

}  // namespace

void CheckRole(v1::ResponsibilityRole role, v1::CallerKind kind, explain::Refusal& refusal) {
  for (const Holders& holders : kHolders) {
    const bool may = kind == holders.kind || kind == holders.other_kind;
    if (holders.role == role && !may) refusal.Add(*holders.rule, "role");
  }
}

bool IsReplacedByResidence(v1::ResponsibilityRole role) {
  return role == v1::RESPONSIBILITY_ROLE_HOST || role == v1::RESPONSIBILITY_ROLE_CONTINUITY;
}

bool IsOneDuty(v1::ResponsibilityRole one, v1::ResponsibilityRole other) {
  const auto of_needs = [](v1::ResponsibilityRole role) {
    return role == v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE || IsReplacedByResidence(role);
  };
  const auto of_nhs = [](v1::ResponsibilityRole role) {
    return role == v1::RESPONSIBILITY_ROLE_RESPONSIBLE_ICB || role == v1::RESPONSIBILITY_ROLE_PLACING_ICB;
  };
  return one == other || (of_needs(one) && of_needs(other)) || (of_nhs(one) && of_nhs(other));
}

bool PassesAs(v1::ResponsibilityRole held, v1::ResponsibilityRole role) {
  explain::Refusal refusal;
  CheckPassesAs(held, role, refusal);
  return refusal.empty();
}

void CheckPassesAs(v1::ResponsibilityRole held, v1::ResponsibilityRole role, explain::Refusal& refusal) {
  const bool resident = held == v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE;
  if (resident && role == v1::RESPONSIBILITY_ROLE_PRISON) refusal.Add(kPrison, "role");
  const bool after_care = held == v1::RESPONSIBILITY_ROLE_SECTION_117;
  if (after_care != (role == v1::RESPONSIBILITY_ROLE_SECTION_117)) refusal.Add(kHandOverAfterCare, "role");
}

}  // namespace ipb::people::rules
