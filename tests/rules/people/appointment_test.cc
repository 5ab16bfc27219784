// Appointments: each kind's conditions, paragraph by paragraph, and the capacity decisions on record.
#include "services/people/rules/appointment.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "common/errors/errors.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/people/rules/representative.h"
#include "tests/rules/people/cases.h"

namespace ipb::people::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using Kind = v1::Representative;
using Request = v1::AppointRepresentativeRequest;

std::vector<std::string> Appointing(const AuthorityFacts& facts, const Request& request) {
  v1::HumanDecision by;
  by.set_decider("staff-1");
  return Refusals(Appoint(facts, request, by, kToday).status());
}

AuthorityFacts Incapable() {
  AuthorityFacts facts = Facts();
  facts.capacity = {Lacking(v1::CapacityDecision::MATTER_DIRECT_PAYMENT)};
  return facts;
}

// Everything that any kind asks for.
Request Everything(Kind::Kind kind) {
  Request request = testing::Text<Request>(
      "party: 'sister-1' reasons: 'r' closeness: CLOSENESS_FAMILY conditions { agrees: true asked_by_person: "
      "true "
      "supported: true suitable: true best_interests: true capable: true appropriate: true "
      "instrument_reference: 'opg-1' substantial_difficulty: true nobody_appropriate: true "
      "parental_responsibility: true }");
  request.set_kind(kind);
  if (kind == Kind::KIND_AUTHORISED_PERSON) request.set_ground(Kind::GROUND_NOBODY_MCA_AUTHORISED);
  if (kind == Kind::KIND_ATTORNEY || kind == Kind::KIND_DEPUTY)
    request.add_scopes(Kind::SCOPE_HEALTH_AND_WELFARE);
  return request;
}

AuthorityFacts FactsFor(Kind::Kind kind) {
  if (kind == Kind::KIND_PARENT) return Facts("2015-01-01");
  const bool incapable = kind == Kind::KIND_AUTHORISED_PERSON || kind == Kind::KIND_REPRESENTATIVE;
  return incapable ? Incapable() : Facts();
}

constexpr Kind::Kind kKinds[] = {
    Kind::KIND_NOMINATED_PERSON, Kind::KIND_NOMINEE,  Kind::KIND_AUTHORISED_PERSON, Kind::KIND_REPRESENTATIVE,
    Kind::KIND_PARENT,           Kind::KIND_ADVOCATE, Kind::KIND_ATTORNEY,          Kind::KIND_DEPUTY};

TEST(Appoint, TakesEachKindWithAllConditionsAndExplains) {
  for (const Kind::Kind kind : kKinds) {
    v1::HumanDecision by;
    by.set_decider("staff-1");
    const auto decision = Appoint(FactsFor(kind), Everything(kind), by, kToday);
    ASSERT_TRUE(decision.ok()) << Kind::Kind_Name(kind) << decision.status();
    EXPECT_EQ(decision->representative.decision().decider(), "staff-1");
    const v1::Explanation why = decision->trace.Render("", "");
    ASSERT_EQ(why.steps_size(), 1);
    EXPECT_EQ(why.steps(0).sentence().find('{'), std::string::npos) << why.steps(0).sentence();
  }
}

// Every condition of every kind: without it, and it alone, the appointment refuses with its own paragraph.
TEST(Appoint, EachUnmetConditionRefusesWithItsParagraph) {
  const struct {
    Kind::Kind kind;
    const char* field;
    const char* rule;
  } cases[] = {
      {Kind::KIND_NOMINATED_PERSON, "asked_by_person", "PEOPLE-S31-ASKED"},
      {Kind::KIND_NOMINATED_PERSON, "agrees", "PEOPLE-S31-AGREES"},
      {Kind::KIND_NOMINATED_PERSON, "capable", "PEOPLE-S31-CAPABLE"},
      {Kind::KIND_NOMINATED_PERSON, "appropriate", "PEOPLE-S31-APPROPRIATE"},
      {Kind::KIND_NOMINEE, "asked_by_person", "PEOPLE-REG6-ASKED"},
      {Kind::KIND_NOMINEE, "agrees", "PEOPLE-REG6-AGREES"},
      {Kind::KIND_NOMINEE, "capable", "PEOPLE-REG6-CAPABLE"},
      {Kind::KIND_AUTHORISED_PERSON, "agrees", "PEOPLE-S32-REQUEST"},
      {Kind::KIND_AUTHORISED_PERSON, "suitable", "PEOPLE-S32-SUITABLE"},
      {Kind::KIND_AUTHORISED_PERSON, "best_interests", "PEOPLE-S32-INTERESTS"},
      {Kind::KIND_AUTHORISED_PERSON, "capable", "PEOPLE-S32-CAPABLE"},
      {Kind::KIND_AUTHORISED_PERSON, "appropriate", "PEOPLE-S32-APPROPRIATE"},
      {Kind::KIND_REPRESENTATIVE, "agrees", "PEOPLE-REG5-AGREES"},
      {Kind::KIND_REPRESENTATIVE, "best_interests", "PEOPLE-REG5-INTERESTS"},
      {Kind::KIND_REPRESENTATIVE, "capable", "PEOPLE-REG5-CAPABLE"},
      {Kind::KIND_PARENT, "parental_responsibility", "PEOPLE-PARENT-RESPONSIBILITY"},
      {Kind::KIND_PARENT, "capable", "PEOPLE-PARENT-CAPABLE"},
      {Kind::KIND_ADVOCATE, "substantial_difficulty", "PEOPLE-S67-DIFFICULTY"},
      {Kind::KIND_ADVOCATE, "nobody_appropriate", "PEOPLE-S67-APPROPRIATE"},
      {Kind::KIND_ATTORNEY, "instrument_reference", "PEOPLE-REP-INSTRUMENT"},
      {Kind::KIND_DEPUTY, "instrument_reference", "PEOPLE-REP-INSTRUMENT"},
  };
  const auto* descriptor = v1::AppointmentConditions::descriptor();
  std::map<std::pair<int, std::string>, std::string> expected;
  for (const auto& one : cases) expected[{one.kind, one.field}] = one.rule;
  for (const Kind::Kind kind : kKinds) {
    for (int i = 0; i < descriptor->field_count(); ++i) {
      Request request = Everything(kind);
      auto* conditions = request.mutable_conditions();
      conditions->GetReflection()->ClearField(conditions, descriptor->field(i));
      const auto found = expected.find({kind, descriptor->field(i)->name()});
      const std::vector<std::string> rules =
          found == expected.end() ? std::vector<std::string>{} : std::vector<std::string>{found->second};
      EXPECT_EQ(Appointing(FactsFor(kind), request), rules)
          << Kind::Kind_Name(kind) << " without " << descriptor->field(i)->name();
    }
  }
}

TEST(Appoint, AllUnmetConditionsAreToldAtOnce) {
  const auto request =
      testing::Text<Request>("kind: KIND_AUTHORISED_PERSON party: 'p' ground: GROUND_NOBODY_MCA_AUTHORISED");
  EXPECT_THAT(Appointing(Facts("2009-11-22"), request),
              ElementsAre("PEOPLE-REP-ADULT", "PEOPLE-S32-REQUEST", "PEOPLE-S32-INTERESTS",
                          "PEOPLE-S32-CAPABLE", "PEOPLE-S32-APPROPRIATE", "PEOPLE-S32-SUITABLE",
                          "PEOPLE-REP-CAPACITY-NEEDED", "PEOPLE-REP-DISCLOSURE"));
}

Request OnGround(Kind::Ground ground, const std::string& authority) {
  Request request = Everything(Kind::KIND_AUTHORISED_PERSON);
  request.set_ground(ground);
  if (!authority.empty()) request.set_mca_authority(absl::StrCat(kPerson, "/representatives/", authority));
  return request;
}

TEST(Appoint, TheThreeGroundsOfSection32) {
  AuthorityFacts facts = Incapable();
  v1::Representative property = Attorney(2, "sister-1");
  property.clear_scopes();
  property.add_scopes(Kind::SCOPE_PROPERTY_AND_AFFAIRS);
  v1::Representative ended = Attorney(3, "sister-1");
  ended.set_effective_to_date("2026-06-30");
  facts.representatives = {Attorney(1, "sister-1"), property, ended, Attorney(4, "brother-1")};
  const struct {
    Kind::Ground ground;
    const char* authority;
    std::vector<std::string> refused;
  } cases[] = {
      {Kind::GROUND_MCA_AUTHORISED, "1", {}},
      {Kind::GROUND_MCA_AUTHORISED, "2", {"PEOPLE-S32-SCOPE"}},
      {Kind::GROUND_MCA_AUTHORISED, "3", {"PEOPLE-S32-MCA"}},
      {Kind::GROUND_MCA_AUTHORISED, "4", {"PEOPLE-S32-OWN"}},
      {Kind::GROUND_MCA_AUTHORISED, "9", {"PEOPLE-S32-MCA"}},
      {Kind::GROUND_APPROVED_BY_MCA_AUTHORISED, "4", {}},
      {Kind::GROUND_APPROVED_BY_MCA_AUTHORISED, "1", {"PEOPLE-S32-OTHER"}},
      {Kind::GROUND_NOBODY_MCA_AUTHORISED, "", {"PEOPLE-S32-SOMEONE", "PEOPLE-S32-SOMEONE"}},
      {Kind::GROUND_MCA_AUTHORISED, "", {"mca_authority"}},
      {Kind::GROUND_NOBODY_MCA_AUTHORISED, "1", {"mca_authority"}},
      {Kind::GROUND_UNSPECIFIED, "", {"ground"}},
  };
  for (const auto& one : cases) {
    EXPECT_EQ(Appointing(facts, OnGround(one.ground, one.authority)), one.refused)
        << Kind::Ground_Name(one.ground) << " by " << one.authority;
  }
  Request unsupported = OnGround(Kind::GROUND_APPROVED_BY_MCA_AUTHORISED, "4");
  unsupported.mutable_conditions()->clear_supported();
  unsupported.mutable_conditions()->clear_suitable();
  EXPECT_THAT(Appointing(facts, unsupported), ElementsAre("PEOPLE-S32-SUITABLE", "PEOPLE-S32-SUPPORTED"));
  unsupported = OnGround(Kind::GROUND_MCA_AUTHORISED, "1");
  unsupported.mutable_conditions()->clear_supported();
  unsupported.mutable_conditions()->clear_suitable();
  EXPECT_THAT(Appointing(facts, unsupported), IsEmpty()) << "conditions of grounds (b) and (c)";
  facts.representatives = {property};
  EXPECT_THAT(Appointing(facts, OnGround(Kind::GROUND_NOBODY_MCA_AUTHORISED, "")), IsEmpty())
      << "property only is no authority for care";
}

TEST(Appoint, GoesByTheCapacityOnRecord) {
  for (const Kind::Kind kind : kKinds) {
    const bool needs = kind == Kind::KIND_AUTHORISED_PERSON || kind == Kind::KIND_REPRESENTATIVE;
    const bool forbids = kind == Kind::KIND_NOMINATED_PERSON || kind == Kind::KIND_NOMINEE;
    AuthorityFacts facts = FactsFor(kind);
    facts.capacity = {Lacking(v1::CapacityDecision::MATTER_RESIDENCE)};
    EXPECT_EQ(Appointing(facts, Everything(kind)),
              needs ? std::vector<std::string>{"PEOPLE-REP-CAPACITY-NEEDED"} : std::vector<std::string>{});
    facts.capacity = {Lacking(v1::CapacityDecision::MATTER_DIRECT_PAYMENT)};
    EXPECT_EQ(Appointing(facts, Everything(kind)),
              forbids ? std::vector<std::string>{"PEOPLE-REP-CAPACITY-LACKING"} : std::vector<std::string>{});
  }
  Request before = Everything(Kind::KIND_REPRESENTATIVE);
  before.set_effective_from_date("2026-01-31");
  EXPECT_THAT(Appointing(Incapable(), before), ElementsAre("PEOPLE-REP-CAPACITY-NEEDED"));
}

TEST(Appoint, GoesByAge) {
  const struct {
    Kind::Kind kind;
    const char* born;
    std::vector<std::string> refused;
  } cases[] = {
      {Kind::KIND_NOMINATED_PERSON, "2008-11-23", {"PEOPLE-REP-ADULT"}},
      {Kind::KIND_NOMINATED_PERSON, "2008-11-22", {}},
      {Kind::KIND_NOMINEE, "2010-11-23", {"PEOPLE-REP-SIXTEEN"}},
      {Kind::KIND_NOMINEE, "2010-11-22", {}},
      {Kind::KIND_PARENT, "2010-11-22", {"PEOPLE-REP-PARENT"}},
      {Kind::KIND_PARENT, "2010-11-23", {}},
      {Kind::KIND_ATTORNEY, "2008-11-23", {"PEOPLE-REP-DONOR"}},
      {Kind::KIND_ATTORNEY, "2008-11-22", {}},
      {Kind::KIND_DEPUTY, "2010-11-23", {"PEOPLE-REP-DEPUTY"}},
      {Kind::KIND_DEPUTY, "2010-11-22", {}},
      {Kind::KIND_ADVOCATE, "2020-01-01", {}},
  };
  for (const auto& one : cases) {
    EXPECT_EQ(Appointing(Facts(one.born), Everything(one.kind)), one.refused)
        << Kind::Kind_Name(one.kind) << " born " << one.born;
  }
}

TEST(Appoint, ChecksTheRecordOfWhoIsNotClose) {
  for (const Kind::Kind kind : kKinds) {
    const bool checked = kind == Kind::KIND_NOMINEE || kind == Kind::KIND_AUTHORISED_PERSON ||
                         kind == Kind::KIND_REPRESENTATIVE;
    const std::vector<std::string> refused =
        checked ? std::vector<std::string>{"PEOPLE-REP-DISCLOSURE"} : std::vector<std::string>{};
    Request request = Everything(kind);
    for (const auto closeness : {Kind::CLOSENESS_UNSPECIFIED, Kind::CLOSENESS_NONE}) {
      request.set_closeness(closeness);
      EXPECT_EQ(Appointing(FactsFor(kind), request), refused) << Kind::Kind_Name(kind);
    }
    request.mutable_conditions()->set_disclosure_check_date("2026-11-01");
    EXPECT_THAT(Appointing(FactsFor(kind), request), IsEmpty()) << Kind::Kind_Name(kind);
    AuthorityFacts without = FactsFor(kind);
    without.policy.clear_disclosure_check_rules();
    EXPECT_EQ(Appointing(without, request),
              checked ? std::vector<std::string>{"NO_RATE"} : std::vector<std::string>{});
  }
}

TEST(Appoint, RefusesFieldsThatCannotBe) {
  Request request = Everything(Kind::KIND_NOMINEE);
  request.set_effective_from_date("1980-03-14");
  request.mutable_conditions()->set_disclosure_check_date("2026-11-23");
  request.add_scopes(Kind::SCOPE_HEALTH_AND_WELFARE);
  request.set_ground(Kind::GROUND_MCA_AUTHORISED);
  EXPECT_THAT(Appointing(Facts(), request),
              ElementsAre("effective_from_date", "conditions.disclosure_check_date", "scopes", "ground",
                          "mca_authority"));
  request = Everything(Kind::KIND_DEPUTY);
  request.clear_scopes();
  EXPECT_THAT(Appointing(Facts(), request), ElementsAre("scopes"));
}

TEST(Appoint, IsBarredWhereThePaymentIs) {
  AuthorityFacts facts = Facts();
  facts.exclusions = {Kept<v1::PaymentExclusion>(
      "paymentExclusions", 1, "code: EXCLUSION_CODE_SCOTTISH_ORDER effective_from_date: '2026-10-01'")};
  facts.circumstances = {
      Kept<v1::Circumstance>("circumstances", 1, "kind: KIND_CUSTODY effective_from_date: '2026-10-01'")};
  EXPECT_THAT(Appointing(facts, Everything(Kind::KIND_NOMINATED_PERSON)),
              ElementsAre("AUTHORITY-CUSTODY", "AUTHORITY-EXCLUSION"));
  EXPECT_THAT(Appointing(facts, Everything(Kind::KIND_NOMINEE)), ElementsAre("AUTHORITY-EXCLUSION"));
  EXPECT_THAT(Appointing(facts, Everything(Kind::KIND_ADVOCATE)), IsEmpty());
}

TEST(Appoint, NobodyTwiceAndNobodyForTheDead) {
  AuthorityFacts facts = Facts();
  facts.representatives = {Attorney(1, "sister-1")};
  EXPECT_THAT(Appointing(facts, Everything(Kind::KIND_ATTORNEY)), ElementsAre("PEOPLE-REP-TWICE"));
  facts.representatives[0].set_effective_to_date("2026-11-21");
  EXPECT_THAT(Appointing(facts, Everything(Kind::KIND_ATTORNEY)), IsEmpty());
  facts.person.set_death_date("2026-11-21");
  EXPECT_THAT(Appointing(facts, Everything(Kind::KIND_ATTORNEY)), ElementsAre("PEOPLE-REP-LIVING"));
}

}  // namespace
}  // namespace ipb::people::rules
