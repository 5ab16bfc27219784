#include "tests/handlers/people/life.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/text_format.h"
#include "services/people/service.h"
#include "tests/support/methods.h"

namespace ipb::people {

LifeTest::LifeTest() : suite_({Factory()}), stub_(v1::PeopleService::NewStub(suite_.channel())) {
  person_ = NewPerson("1960-05-01");
}

std::string LifeTest::NewPerson(const std::string& birth_date, bool known_to_icb) {
  auto request = Text<v1::RegisterPersonRequest>(
      "identifier { kind: IDENTIFIER_KIND_NHS_NUMBER } role: RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE");
  request.mutable_identifier()->set_value(testing::NewNhsNumber());
  request.set_birth_date(birth_date);
  v1::Person person;
  EXPECT_TRUE(suite_.Call(*stub_, &Stub::RegisterPerson, kCouncil, request, &person).ok());
  if (!known_to_icb) return person.name();
  v1::Person ignored;
  request.set_role(v1::RESPONSIBILITY_ROLE_RESPONSIBLE_ICB);
  EXPECT_TRUE(suite_.Call(*stub_, &Stub::RegisterPerson, kIcb, request, &ignored).ok());
  v1::AcceptResponsibilityRequest accept;
  accept.set_name(person.name());
  accept.set_organisation(kIcb.organisation);
  EXPECT_TRUE(suite_.Call(*stub_, &Stub::AcceptResponsibility, kCouncil, accept, &ignored).ok());
  return person.name();
}

testing::RunningSuite::AnyReply LifeTest::Ask(const As& as, const std::string& method,
                                              const std::string& text) {
  const auto& descriptor = testing::MethodNamed(absl::StrCat("PeopleService.", method));
  const std::unique_ptr<google::protobuf::Message> request(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(descriptor.input_type())->New());
  const std::string filled = absl::StrReplaceAll(text, {{"$P", person_}});
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(filled, request.get()))
      << method << ": " << filled;
  return suite_.CallAny(descriptor, as, *request);
}

std::vector<std::string> LifeTest::Refused(const std::string& method, const std::string& text, const As& as) {
  const grpc::Status status = Ask(as, method, text).status;
  if (status.ok()) return {"OK"};
  const Details details = DetailsOf(status);
  if (!details.rules().empty()) return details.rules();
  return details.fields().empty() ? std::vector<std::string>{details.info.reason()} : details.fields();
}

void LifeTest::LoseCapacity() {
  for (const char* matter : {"MATTER_DIRECT_PAYMENT", "MATTER_CARE_AND_SUPPORT"}) {
    Done<v1::CapacityDecision>(
        "RecordCapacityDecision",
        absl::StrCat(
            "parent: '$P' outcome: OUTCOME_LACKS_CAPACITY assessed_date: '2025-05-01' assessor: 'staff-2' "
            "support_given: 'pictures' impairment: true inabilities: INABILITY_RETAIN best_interests { "
            "options_considered: 'a' options_considered: 'b' option_chosen: 'b' "
            "least_restrictive_reasons: 'r' consulted { party: 'sister-1' role: ROLE_CARER_OR_FAMILY } } "
            "decision { reasons: 'forgets at once' } matter: ",
            matter));
  }
}

std::string LifeTest::Tick() {
  const absl::Time now = suite_.clock().Now();
  suite_.clock().Set(now + absl::Minutes(1));
  return absl::StrCat("as_known_at { seconds: ", absl::ToUnixSeconds(now), " } ");
}

}  // namespace ipb::people
