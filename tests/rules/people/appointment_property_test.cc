// Whatever an appointment rests on: each kind refuses by its own paragraphs, and a condition that is met
// stands in nobody's way.
#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/people/rules/representative.h"
#include "tests/rules/people/cases.h"

namespace ipb::people::rules {
namespace {

using Kind = v1::Representative;
using Request = v1::AppointRepresentativeRequest;

// The beginning of the ids of the rules that only one kind has; none for attorneys and deputies.
const std::map<int, std::string>& OwnRules() {
  static const auto* own = new std::map<int, std::string>{
      {Kind::KIND_NOMINATED_PERSON, "PEOPLE-S31-"},  {Kind::KIND_NOMINEE, "PEOPLE-REG6-"},
      {Kind::KIND_AUTHORISED_PERSON, "PEOPLE-S32-"}, {Kind::KIND_REPRESENTATIVE, "PEOPLE-REG5-"},
      {Kind::KIND_PARENT, "PEOPLE-PARENT-"},         {Kind::KIND_ADVOCATE, "PEOPLE-S67-"}};
  return *own;
}

class Appointments {
 public:
  explicit Appointments(unsigned seed) : random_(seed) {}

  // An appointment of any kind, with the fields of the kind, some conditions, and some of the record that
  // bears on them.
  void Next() {
    facts_ = Facts(Chance() ? "1980-03-15" : "2012-03-15");
    if (Chance()) facts_.capacity = {Lacking(v1::CapacityDecision::MATTER_DIRECT_PAYMENT)};
    if (Chance()) facts_.representatives = {Attorney(1, Chance() ? "sister-1" : "brother-1")};
    request_.Clear();
    request_.set_kind(
        static_cast<Kind::Kind>(std::uniform_int_distribution<int>(1, Kind::KIND_DEPUTY)(random_)));
    request_.set_party("sister-1");
    if (request_.kind() == Kind::KIND_AUTHORISED_PERSON) {
      request_.set_ground(static_cast<Kind::Ground>(std::uniform_int_distribution<int>(1, 3)(random_)));
      if (request_.ground() != Kind::GROUND_NOBODY_MCA_AUTHORISED) {
        request_.set_mca_authority(Attorney(1, "").name());
      }
    }
    if (request_.kind() == Kind::KIND_ATTORNEY || request_.kind() == Kind::KIND_DEPUTY) {
      request_.add_scopes(Kind::SCOPE_HEALTH_AND_WELFARE);
    }
    const auto* descriptor = v1::AppointmentConditions::descriptor();
    for (int i = 0; i < descriptor->field_count(); ++i) {
      if (Chance()) Meet(descriptor->field(i), request_);
    }
  }

  // Sets one condition to what meets it.
  static void Meet(const google::protobuf::FieldDescriptor* field, Request& request) {
    v1::AppointmentConditions* conditions = request.mutable_conditions();
    if (field->type() == google::protobuf::FieldDescriptor::TYPE_BOOL) {
      conditions->GetReflection()->SetBool(conditions, field, true);
    } else {
      conditions->GetReflection()->SetString(conditions, field, "2026-11-01");
    }
  }

  std::vector<std::string> RefusedBy(const Request& request) const {
    std::vector<std::string> rules = Refusals(Appoint(facts_, request, {}, kToday).status());
    std::sort(rules.begin(), rules.end());
    return rules;
  }
  const Request& request() const { return request_; }

 private:
  bool Chance() { return std::uniform_int_distribution<int>(0, 1)(random_) == 1; }

  std::mt19937 random_;
  AuthorityFacts facts_;
  Request request_;
};

TEST(AppointmentProperty, RefusesByTheParagraphsOfTheKind) {
  Appointments appointments(11);
  int allowed = 0;
  for (int i = 0; i < 2000; ++i) {
    appointments.Next();
    const std::vector<std::string> rules = appointments.RefusedBy(appointments.request());
    allowed += rules.empty() ? 1 : 0;
    for (const std::string& rule : rules) {
      for (const auto& [kind, own] : OwnRules()) {
        EXPECT_FALSE(kind != appointments.request().kind() && absl::StartsWith(rule, own))
            << rule << " of " << appointments.request().ShortDebugString();
      }
    }
  }
  EXPECT_GT(allowed, 50) << "hardly any appointment was allowed";
}

TEST(AppointmentProperty, AConditionThatIsMetRefusesNothing) {
  Appointments appointments(12);
  const auto* descriptor = v1::AppointmentConditions::descriptor();
  for (int i = 0; i < 500; ++i) {
    appointments.Next();
    const std::vector<std::string> before = appointments.RefusedBy(appointments.request());
    for (int field = 0; field < descriptor->field_count(); ++field) {
      Request met = appointments.request();
      Appointments::Meet(descriptor->field(field), met);
      const std::vector<std::string> after = appointments.RefusedBy(met);
      EXPECT_TRUE(std::includes(before.begin(), before.end(), after.begin(), after.end()))
          << descriptor->field(field)->name() << " of " << met.ShortDebugString();
      EXPECT_LE(before.size() - after.size(), 1u)
          << descriptor->field(field)->name() << " clears more than one rule";
    }
  }
}

}  // namespace
}  // namespace ipb::people::rules
