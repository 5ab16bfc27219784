#include "services/people/rules/authority.h"

#include <algorithm>
#include <string>

#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/words.h"
#include "services/people/rules/acting.h"
#include "services/people/rules/circumstance.h"

namespace ipb::people::rules {
namespace {

constexpr explain::Rule kAdult{"AUTHORITY-ADULT", "the person is {age} on {day_date}, not an adult",
                               "Care Act 2014 ss31-32; children: Children Act 1989 s17A",
                               "until the 18th birthday look at children's money"};
constexpr explain::Rule kChild{"AUTHORITY-CHILD", "the person is {age} on {day_date}, not a child",
                               "Children Act 1989 s17A; SI 2009/1887", "look at the Care Act"};
constexpr explain::Rule kDeath{"AUTHORITY-DEATH", "the person died on {death_date}",
                               "authority to act and entitlement end with life",
                               "deal with the personal representatives of the estate"};
constexpr explain::Rule kCustody{
    "AUTHORITY-CUSTODY",
    "the person is in prison, approved premises or bail accommodation since {start_date}",
    "Care Act 2014 s76: ss31-33 do not apply",
    "the council where they are meets the needs in other ways until release"};
constexpr explain::Rule kExclusion{
    "AUTHORITY-EXCLUSION",
    "an order or licence ({code}) is in force since {start_date}, by which {paragraph} "
    "bars direct payments",
    "Care Act 2014 s33; National Health Service Act 2006 s12B; Children Act 1989 s17A",
    "meet the needs in another way while it lasts"};

bool IsDead(const v1::Person& person, absl::CivilDay day) {
  return !person.death_date().empty() && dates::Checked(person.death_date()) < day;
}

// What bars the payment by the person's age, or because they died.
void CheckLife(const AuthorityFacts& facts, v1::DirectPaymentRegime regime, absl::CivilDay day,
               explain::Refusal& refusal) {
  const int age = dates::AgeOn(dates::Checked(facts.person.birth_date()), day);
  const explain::Inputs inputs = {{"age", int64_t{age}}, {"day_date", day}};
  if (regime == v1::DIRECT_PAYMENT_REGIME_CARE_ACT && age < kAdultAge) {
    refusal.Add(kAdult, facts.person.name(), inputs);
  }
  if (regime == v1::DIRECT_PAYMENT_REGIME_CHILDREN && age >= kAdultAge) {
    refusal.Add(kChild, facts.person.name(), inputs);
  }
  if (IsDead(facts.person, day)) {
    refusal.Add(kDeath, facts.person.name(), {{"death_date", dates::Checked(facts.person.death_date())}});
  }
}

void Write(const explain::Refusal& refusal,
           google::protobuf::RepeatedPtrField<v1::AuthorityObstacle>& obstacles) {
  for (const explain::Refusal::Violation& violation : refusal.violations()) {
    v1::AuthorityObstacle* obstacle = obstacles.Add();
    obstacle->set_rule_id(violation.rule_id);
    obstacle->set_subject(violation.subject);
    obstacle->set_description(violation.description);
  }
}

// `barred` tells whether no direct payment may be made, which leaves signing alone.
void AddVerdict(const AuthorityFacts& facts, const Acting& acting, bool barred, v1::RegimeAuthority& regime) {
  explain::Trace grounds;
  explain::Refusal obstacles;
  if (IsDead(facts.person, acting.day)) {
    obstacles.Add(kDeath, facts.person.name(), {{"death_date", dates::Checked(facts.person.death_date())}});
  } else {
    CheckActing(facts, acting, grounds, obstacles);
  }
  v1::AuthorityVerdict* verdict = regime.add_verdicts();
  verdict->set_act(acting.act);
  verdict->set_who(acting.representative == nullptr ? facts.person.name() : acting.representative->name());
  if (acting.representative != nullptr) verdict->set_kind(acting.representative->kind());
  verdict->set_may(obstacles.empty() && (acting.act == v1::AUTHORITY_ACT_SIGN || !barred));
  if (obstacles.empty()) *verdict->mutable_grounds() = grounds.Render("", "").steps();
  Write(obstacles, *verdict->mutable_obstacles());
}

}  // namespace

absl::Status CheckBars(const AuthorityFacts& facts, v1::DirectPaymentRegime regime, absl::CivilDay day,
                       explain::Refusal& refusal) {
  for (const v1::Circumstance& row : CircumstancesOn(day, facts.circumstances)) {
    if (row.kind() != v1::Circumstance::KIND_CUSTODY || regime != v1::DIRECT_PAYMENT_REGIME_CARE_ACT)
      continue;
    refusal.Add(kCustody, row.name(), {{"start_date", dates::Checked(row.effective_from_date())}});
  }
  for (const v1::PaymentExclusion& row : facts.exclusions) {
    if (!dates::Within(day, row.effective_from_date(), row.effective_to_date())) continue;
    const v1::ExclusionRule* rule = dates::InEffect(
        facts.policy.exclusion_rules(), day,
        [&](const v1::ExclusionRule& one) { return one.code() == row.code() && one.regime() == regime; });
    if (rule == nullptr) {
      return errors::NoRate("whom a court order bars from direct payments", dates::Format(day));
    }
    refusal.Add(kExclusion, row.name(),
                {{"code", explain::Words(v1::ExclusionCode_Name(row.code()), "EXCLUSION_CODE_")},
                 {"start_date", dates::Checked(row.effective_from_date())},
                 {"paragraph", rule->paragraph()}});
  }
  return absl::OkStatus();
}

bool IsInEffect(const v1::Representative& row, absl::CivilDay day) {
  return dates::Within(day, row.effective_from_date(), row.effective_to_date());
}

bool IsMcaAuthority(const v1::Representative& row) {
  const bool kind =
      row.kind() == v1::Representative::KIND_ATTORNEY || row.kind() == v1::Representative::KIND_DEPUTY;
  return kind && std::find(row.scopes().begin(), row.scopes().end(),
                           v1::Representative::SCOPE_HEALTH_AND_WELFARE) != row.scopes().end();
}

const v1::Representative* FindRepresentative(const AuthorityFacts& facts, const std::string& name) {
  const auto found = std::find_if(facts.representatives.begin(), facts.representatives.end(),
                                  [&](const v1::Representative& row) { return row.name() == name; });
  return found == facts.representatives.end() ? nullptr : &*found;
}

absl::StatusOr<v1::Authority> AuthorityOn(const AuthorityFacts& facts, absl::CivilDay day) {
  if (day < dates::Checked(facts.person.birth_date())) {
    return errors::InvalidField("as_of_date", "is before the person's birth");
  }
  v1::Authority authority;
  authority.set_name(facts.person.name());
  authority.set_as_of_date(dates::Format(day));
  for (const auto law : {v1::DIRECT_PAYMENT_REGIME_CARE_ACT, v1::DIRECT_PAYMENT_REGIME_NHS,
                         v1::DIRECT_PAYMENT_REGIME_CHILDREN}) {
    v1::RegimeAuthority& regime = *authority.add_regimes();
    regime.set_regime(law);
    explain::Refusal bars;
    CheckLife(facts, law, day, bars);
    IPB_RETURN_IF_ERROR(CheckBars(facts, law, day, bars));
    Write(bars, *regime.mutable_bars());
    for (const auto act : {v1::AUTHORITY_ACT_ASK, v1::AUTHORITY_ACT_SIGN, v1::AUTHORITY_ACT_RECEIVE}) {
      AddVerdict(facts, {law, act, day, nullptr}, !bars.empty(), regime);
      for (const v1::Representative& row : facts.representatives) {
        if (IsInEffect(row, day)) AddVerdict(facts, {law, act, day, &row}, !bars.empty(), regime);
      }
    }
  }
  return authority;
}

}  // namespace ipb::people::rules
