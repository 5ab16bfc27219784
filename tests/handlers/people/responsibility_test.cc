// Responsibility that passes on, is taken at once, or is inherited; and dates of birth put right.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "ipb/v1/changes_service.grpc.pb.h"
#include "ipb/v1/decisions_service.grpc.pb.h"
#include "ipb/v1/eligibility_service.grpc.pb.h"
#include "services/eligibility/service.h"
#include "services/people/service.h"
#include "tests/handlers/people/identity.h"

namespace ipb::people {
namespace {

using ipb::testing::kCouncil;
using ipb::testing::kIcb;
using ipb::testing::kStranger;
using ipb::testing::NewNhsNumber;
using ::testing::ElementsAre;

class ResponsibilityTest : public ::testing::Test, protected Identity {
 protected:
  ResponsibilityTest()
      : nhs_number_(NhsNumber(NewNhsNumber())), person_(Register(kCouncil, nhs_number_).person.name()) {}

  // The council registers the person once more, in another role.
  Answer RegisterAs(v1::ResponsibilityRole role) {
    v1::RegisterPersonRequest request;
    *request.mutable_identifier() = nhs_number_;
    request.set_birth_date("1960-05-01");
    request.set_role(role);
    return Call(&Stub::RegisterPerson, kCouncil, request);
  }

  const v1::Identifier nhs_number_;
  const std::string person_;
};

TEST_F(ResponsibilityTest, WhoHandsOverStaysUntilTheOtherAccepts) {
  const Answer offered = Transfer(kCouncil, person_, kStranger.organisation, "2025-07-01");
  ASSERT_TRUE(offered.ok()) << offered.status.error_message();
  ASSERT_EQ(offered.person.responsibilities_size(), 2);
  EXPECT_EQ(offered.person.responsibilities(0).effective_to_date(), "");
  EXPECT_EQ(offered.person.responsibilities(1).state(), v1::Responsibility::STATE_PENDING);
  EXPECT_EQ(offered.person.responsibilities(1).handed_over_by(), kCouncil.organisation);
  EXPECT_THAT(Accept(kCouncil, person_, kStranger.organisation).rules(), ElementsAre("PEOPLE-ACCEPT-OFFER"))
      << "nobody accepts in the other's place";
  suite().SetDate("2025-07-10");
  EXPECT_TRUE(Get(kCouncil, person_).ok()) << "no gap while the other has not accepted";
  ASSERT_TRUE(Register(kStranger, nhs_number_).ok());
  const v1::Person handed = Get(kStranger, person_).person;
  EXPECT_EQ(handed.responsibilities(0).effective_to_date(), "2025-07-09");
  EXPECT_EQ(handed.responsibilities(1).state(), v1::Responsibility::STATE_ACCEPTED);
  EXPECT_EQ(handed.responsibilities(1).effective_from_date(), "2025-07-01");
  EXPECT_EQ(Get(kCouncil, person_).status.error_code(), grpc::NOT_FOUND);
}

TEST_F(ResponsibilityTest, AcceptedAheadItPassesOnTheDay) {
  ASSERT_TRUE(Transfer(kCouncil, person_, kStranger.organisation, "2025-07-01").ok());
  ASSERT_TRUE(Register(kStranger, nhs_number_).ok());
  suite().SetDate("2025-06-30");
  EXPECT_TRUE(Get(kCouncil, person_).ok());
  EXPECT_EQ(Get(kStranger, person_).status.error_code(), grpc::NOT_FOUND);
  suite().SetDate("2025-07-01");
  EXPECT_EQ(Get(kCouncil, person_).status.error_code(), grpc::NOT_FOUND);
  EXPECT_TRUE(Get(kStranger, person_).ok());
}

TEST_F(ResponsibilityTest, ToOneWhoWaitsItPassesWithoutFurtherAcceptance) {
  ASSERT_TRUE(Register(kStranger, nhs_number_).ok());
  const Answer handed = Transfer(kCouncil, person_, kStranger.organisation, "2025-06-03");
  ASSERT_TRUE(handed.ok()) << handed.status.error_message();
  EXPECT_EQ(handed.person.responsibilities(0).effective_to_date(), "2025-06-02");
  EXPECT_EQ(handed.person.responsibilities(1).state(), v1::Responsibility::STATE_ACCEPTED);
}

TEST_F(ResponsibilityTest, ANewOfferWithdrawsTheOneBefore) {
  ASSERT_TRUE(Transfer(kCouncil, person_, kStranger.organisation, "2025-07-01").ok());
  const Answer again = Transfer(kCouncil, person_, kStranger.organisation, "2025-08-01");
  ASSERT_TRUE(again.ok());
  ASSERT_EQ(again.person.responsibilities_size(), 3);
  EXPECT_EQ(again.person.responsibilities(1).state(), v1::Responsibility::STATE_WITHDRAWN);
  ASSERT_TRUE(Register(kStranger, nhs_number_).ok());
  EXPECT_EQ(Get(kCouncil, person_).person.responsibilities(0).effective_to_date(), "2025-07-31");
}

TEST_F(ResponsibilityTest, UrgentAccessIsSeenByAllAndEndsUnlessConfirmed) {
  const Answer urgent = ClaimUrgently(kIcb, nhs_number_);
  ASSERT_TRUE(urgent.ok()) << urgent.status.error_message();
  EXPECT_TRUE(Get(kIcb, person_).ok()) << "at once";
  const v1::Responsibility seen = Get(kCouncil, person_).person.responsibilities(1);
  EXPECT_EQ(seen.urgent().decision().decider(), kIcb.actor);
  EXPECT_EQ(seen.urgent().confirm_by_date(), "2025-06-15");
  EXPECT_EQ(seen.effective_to_date(), "2025-06-15");
  EXPECT_THAT(ClaimUrgently(kIcb, nhs_number_).rules(), ElementsAre("PEOPLE-URGENT-ONCE"));
  v1::ListHistoryRequest listing;
  listing.set_parent(person_);
  listing.set_service("people");
  v1::ListHistoryResponse history;
  const auto changes = v1::ChangesService::NewStub(suite().channel());
  ASSERT_TRUE(
      suite().Call(*changes, &v1::ChangesService::Stub::ListHistory, kCouncil, listing, &history).ok());
  ASSERT_EQ(history.entries_size(), 2);
  EXPECT_EQ(history.entries(1).method(), "PeopleService.ClaimUrgentResponsibility");
  EXPECT_EQ(history.entries(1).organisation(), kIcb.organisation);
  suite().SetDate("2025-06-15");
  EXPECT_TRUE(Get(kIcb, person_).ok());
  suite().SetDate("2025-06-16");
  EXPECT_EQ(Get(kIcb, person_).status.error_code(), grpc::NOT_FOUND);
  ASSERT_TRUE(ClaimUrgently(kIcb, nhs_number_).ok());
  const Answer confirmed = Accept(kCouncil, person_, kIcb.organisation);
  ASSERT_TRUE(confirmed.ok()) << confirmed.status.error_message();
  EXPECT_EQ(confirmed.person.responsibilities(2).urgent().confirmed_by(), kCouncil.organisation);
  suite().SetDate("2026-06-16");
  EXPECT_TRUE(Get(kIcb, person_).ok());
}

TEST_F(ResponsibilityTest, UrgentAccessOpensThePersonToNobodyElse) {
  ASSERT_TRUE(ClaimUrgently(kIcb, nhs_number_).ok());
  ASSERT_TRUE(Register(kStranger, nhs_number_).ok());
  EXPECT_THAT(Accept(kIcb, person_, kStranger.organisation).rules(), ElementsAre("PEOPLE-ACCEPT-CONFIRMED"));
  EXPECT_THAT(Transfer(kIcb, person_, kStranger.organisation, "2025-06-05").rules(),
              ElementsAre("PEOPLE-TRANSFER-HELD"));
  EXPECT_THAT(End(kCouncil, person_, "2025-06-05").rules(), ElementsAre("PEOPLE-END-SUCCESSOR"))
      << "it is no successor either, as it ends by itself";
}

TEST_F(ResponsibilityTest, AfterCareIsForTheCouncilOfResidenceBeforeTheDetention) {
  const v1::Identifier nhs_number = NhsNumber(NewNhsNumber());
  v1::RegisterPersonRequest request;
  *request.mutable_identifier() = nhs_number;
  request.set_birth_date("1960-05-01");
  request.set_role(v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE);
  request.set_effective_from_date("2025-01-01");
  const std::string person = Call(&Stub::RegisterPerson, kCouncil, request).person.name();
  request.set_role(v1::RESPONSIBILITY_ROLE_SECTION_117);
  request.set_effective_from_date("2025-06-01");
  request.set_detention_date("2025-01-02");
  ASSERT_TRUE(Call(&Stub::RegisterPerson, kStranger, request).ok());
  EXPECT_THAT(Accept(kCouncil, person, kStranger.organisation).rules(),
              ElementsAre("PEOPLE-ROLE-SECTION-117"));
  // Both halves of the duty: the ICB's does not follow the council's.
  ASSERT_TRUE(Call(&Stub::RegisterPerson, kIcb, request).ok());
  EXPECT_TRUE(Accept(kCouncil, person, kIcb.organisation).ok());
}

TEST_F(ResponsibilityTest, AfterCareFromBeforeTheRecordedResidenceIsAccepted) {
  v1::RegisterPersonRequest request;
  *request.mutable_identifier() = nhs_number_;
  request.set_birth_date("1960-05-01");
  request.set_role(v1::RESPONSIBILITY_ROLE_SECTION_117);
  request.set_detention_date("2025-06-02");
  ASSERT_TRUE(Call(&Stub::RegisterPerson, kStranger, request).ok());
  EXPECT_TRUE(Accept(kCouncil, person_, kStranger.organisation).ok())
      << "nobody is on record for the day before";
}

TEST_F(ResponsibilityTest, WhoAloneIsResponsibleHasAFurtherRoleAtOnce) {
  const Answer further = RegisterAs(v1::RESPONSIBILITY_ROLE_SECTION_117);
  ASSERT_TRUE(further.ok()) << further.status.error_message();
  ASSERT_EQ(further.person.responsibilities_size(), 2) << "whoever is responsible sees the person";
  EXPECT_EQ(further.person.responsibilities(1).state(), v1::Responsibility::STATE_ACCEPTED);
  EXPECT_TRUE(further.person.responsibilities(1).has_recorded_time());
  EXPECT_EQ(RegisterAs(v1::RESPONSIBILITY_ROLE_SECTION_117).person.responsibilities_size(), 2);
  EXPECT_THAT(RegisterAs(v1::RESPONSIBILITY_ROLE_HOST).rules(), ElementsAre("PEOPLE-ROLE-RESIDENT"));
}

TEST_F(ResponsibilityTest, AFurtherRoleWaitsForWhoElseIsResponsible) {
  ASSERT_TRUE(Register(kIcb, nhs_number_).ok());
  ASSERT_TRUE(Accept(kCouncil, person_, kIcb.organisation).ok());
  const Answer further = RegisterAs(v1::RESPONSIBILITY_ROLE_SECTION_117);
  ASSERT_EQ(further.person.responsibilities_size(), 3) << "whoever is responsible sees the person";
  EXPECT_EQ(further.person.responsibilities(2).state(), v1::Responsibility::STATE_PENDING);
  EXPECT_THAT(Accept(kCouncil, person_, kCouncil.organisation).rules(), ElementsAre("PEOPLE-ACCEPT-OTHER"));
  const Answer accepted = Accept(kIcb, person_, kCouncil.organisation);
  EXPECT_EQ(accepted.person.responsibilities(2).state(), v1::Responsibility::STATE_ACCEPTED);
}

TEST_F(ResponsibilityTest, PrisonAndSupportedLivingLeaveResponsibilityWhereItIs) {
  v1::TransferResponsibilityRequest prison;
  prison.set_name(person_);
  prison.set_organisation(kStranger.organisation);
  prison.set_role(v1::RESPONSIBILITY_ROLE_PRISON);
  prison.set_effective_from_date("2025-07-01");
  *prison.mutable_decision() = Because("The person was sentenced.");
  EXPECT_THAT(Call(&Stub::TransferResponsibility, kCouncil, prison).rules(),
              ElementsAre("PEOPLE-TRANSFER-PRISON"));
  const struct {
    v1::Placement placement;
    std::vector<std::string> refused_by;
  } cases[] = {{v1::PLACEMENT_CARE_HOME, {}},
               {v1::PLACEMENT_INDEPENDENT_HOSPITAL, {}},
               {v1::PLACEMENT_SUPPORTED_LIVING, {"PEOPLE-ROLE-PLACING"}}};
  for (const auto& one : cases) {
    v1::RegisterPersonRequest placing;
    *placing.mutable_identifier() = NhsNumber(NewNhsNumber());
    placing.set_birth_date("1960-05-01");
    placing.set_role(v1::RESPONSIBILITY_ROLE_PLACING_ICB);
    placing.set_placement(one.placement);
    EXPECT_EQ(Call(&Stub::RegisterPerson, kIcb, placing).rules(), one.refused_by);
  }
}

TEST_F(ResponsibilityTest, ACorrectedBirthDateSupersedesVisibly) {
  const Answer corrected = Correct(kCouncil, person_, "1960-01-05");
  ASSERT_TRUE(corrected.ok()) << corrected.status.error_message();
  EXPECT_EQ(corrected.person.birth_date(), "1960-01-05");
  ASSERT_EQ(corrected.person.superseded_birth_dates_size(), 1);
  EXPECT_EQ(corrected.person.superseded_birth_dates(0).birth_date(), "1960-05-01");
  EXPECT_EQ(corrected.person.superseded_birth_dates(0).decision().reasons(), "It is so.");
  EXPECT_TRUE(corrected.person.superseded_birth_dates(0).has_recorded_time());
  EXPECT_THAT(Correct(kCouncil, person_, "1960-01-05").rules(), ElementsAre("PEOPLE-BIRTH-KNOWN"));
  EXPECT_THAT(Correct(kCouncil, person_, "2025-06-03").fields(), ElementsAre("birth_date"));
}

TEST_F(ResponsibilityTest, NothingRecordedIsBeforeTheBirth) {
  const auto stub = v1::PeopleService::NewStub(suite().channel());
  v1::RecordCircumstanceRequest stay;
  stay.set_parent(person_);
  stay.set_kind(v1::Circumstance::KIND_HOSPITAL);
  stay.set_effective_from_date("1990-01-01");
  v1::Circumstance circumstance;
  ASSERT_TRUE(suite().Call(*stub, &Stub::RecordCircumstance, kCouncil, stay, &circumstance).ok());
  EXPECT_THAT(Correct(kCouncil, person_, "1990-01-02").rules(), ElementsAre("PEOPLE-BIRTH-ORDER"));
  EXPECT_TRUE(Correct(kCouncil, person_, "1990-01-01").ok());
  EXPECT_THAT(Correct(kCouncil, person_, "2025-06-02").rules(), ElementsAre("PEOPLE-BIRTH-ORDER"));
}

TEST_F(ResponsibilityTest, NoFindingExclusionOrRelationshipIsBeforeTheBirth) {
  const auto stub = v1::PeopleService::NewStub(suite().channel());
  v1::RecordCapacityDecisionRequest finding;
  finding.set_parent(person_);
  finding.set_matter(v1::CapacityDecision::MATTER_CARE_AND_SUPPORT);
  finding.set_outcome(v1::CapacityDecision::OUTCOME_HAS_CAPACITY);
  finding.set_assessor("staff-2");
  finding.set_assessed_date("1990-01-01");
  *finding.mutable_decision() = Because("It is so.");
  v1::CapacityDecision found;
  ASSERT_TRUE(suite().Call(*stub, &Stub::RecordCapacityDecision, kCouncil, finding, &found).ok());
  v1::RecordPaymentExclusionRequest order;
  order.set_parent(person_);
  order.set_code(v1::EXCLUSION_CODE_DRUG_REHABILITATION_REQUIREMENT);
  order.set_effective_from_date("1990-01-01");
  order.set_order_reference("order-1");
  *order.mutable_decision() = Because("It is so.");
  v1::PaymentExclusion exclusion;
  ASSERT_TRUE(suite().Call(*stub, &Stub::RecordPaymentExclusion, kCouncil, order, &exclusion).ok());
  v1::RecordRelationshipRequest care;
  care.set_parent(person_);
  care.set_kind(v1::PersonRelationship::KIND_CARER);
  care.set_party("sister-1");
  care.set_effective_from_date("1990-01-01");
  v1::PersonRelationship relationship;
  ASSERT_TRUE(suite().Call(*stub, &Stub::RecordRelationship, kCouncil, care, &relationship).ok());
  EXPECT_THAT(Correct(kCouncil, person_, "1990-01-02").rules(),
              ElementsAre("PEOPLE-BIRTH-ORDER", "PEOPLE-BIRTH-ORDER", "PEOPLE-BIRTH-ORDER"));
  ASSERT_TRUE(Correct(kCouncil, person_, "1990-01-01").ok());
  v1::GetDecisionRequest getting;
  getting.set_name(person_ + "/decisions/5");
  getting.set_service("people");
  v1::Decision decision;
  const auto decisions = v1::DecisionsService::NewStub(suite().channel());
  ASSERT_TRUE(
      suite().Call(*decisions, &v1::DecisionsService::Stub::GetDecision, kCouncil, getting, &decision).ok());
  EXPECT_EQ(decision.facts_size(), 3) << "the person, the finding and the order";
  for (const v1::DecisionFact& fact : decision.facts()) {
    EXPECT_FALSE(fact.resource().Is<v1::PersonRelationship>()) << "whoever reads it may not know of it";
  }
}

// The example policy, in which the second council was dissolved into a new one.
class SuccessionTest : public ::testing::Test {
 protected:
  SuccessionTest() : folder_(absl::StrCat(::testing::TempDir(), "/succession.", ::getpid())) {
    namespace fs = std::filesystem;
    fs::remove_all(folder_);
    fs::copy(absl::StrCat(getenv("IPB_SOURCE_DIR"), "/deploy/policy"), folder_, fs::copy_options::recursive);
    std::ofstream(folder_ + "/local/E10000028/organisation.textproto")
        << "organisation: 'E10000028'\n"
        << Row("E10000028", "2015-04-01", "effective_to_date: '2026-03-31'", "succeeded_by: 'E06000099'")
        << Row("E06000099", "2026-04-01", "", "");
    identity_ = std::make_unique<Identity>(std::make_unique<RunningSuite>(
        std::vector<process::ServiceFactory>{Factory(), eligibility::Factory()}, process::Substitutes{},
        false, "sqlite::memory:", [this](process::Flags& flags) { flags.policy = folder_; }));
    identity_->suite().SetDate("2026-03-01");
  }
  ~SuccessionTest() override { std::filesystem::remove_all(folder_); }

  static std::string Row(const std::string& code, const std::string& from, const std::string& to,
                         const std::string& successor) {
    return absl::StrCat("organisations { code: '", code,
                        "' display_name: 'Example' kind: CALLER_KIND_COUNCIL ", successor,
                        " provenance { effective_from_date: '", from, "' ", to,
                        " source: 'example' certainty: CERTAINTY_LOCAL_CHOICE } }\n");
  }

  const std::string folder_;
  std::unique_ptr<Identity> identity_;
};

TEST_F(SuccessionTest, WhoSucceedsIsResponsibleInEveryServiceFromTheDay) {
  const As successor{"E06000099", "staff-5", "social_worker"};
  const v1::Identifier nhs_number = NhsNumber(NewNhsNumber());
  const std::string person = identity_->Register(kStranger, nhs_number).person.name();
  ASSERT_TRUE(identity_->Add(kStranger, person, LocalNumber("28-1")).ok());
  RunningSuite& suite = identity_->suite();
  const auto requests = v1::EligibilityService::NewStub(suite.channel());
  v1::ListRequestsRequest listing;
  listing.set_parent(person);
  v1::ListRequestsResponse listed;
  suite.SetDate("2026-03-31");
  EXPECT_EQ(identity_->Get(successor, person).status.error_code(), grpc::UNAUTHENTICATED)
      << "it is not there yet";
  suite.SetDate("2026-04-01");
  EXPECT_TRUE(identity_->Get(successor, person).ok());
  EXPECT_EQ(identity_->Lookup(successor, LocalNumber("28-1")).person.name(), person)
      << "by its predecessor's number";
  EXPECT_TRUE(
      suite.Call(*requests, &v1::EligibilityService::Stub::ListRequests, successor, listing, &listed).ok());
  EXPECT_EQ(suite.Call(*requests, &v1::EligibilityService::Stub::ListRequests, kCouncil, listing, &listed)
                .error_code(),
            grpc::NOT_FOUND);
  EXPECT_EQ(identity_->Get(kStranger, person).status.error_code(), grpc::UNAUTHENTICATED)
      << "it is dissolved";
  ASSERT_TRUE(identity_->Register(kCouncil, nhs_number).ok());
  EXPECT_TRUE(identity_->Accept(successor, person, kCouncil.organisation).ok());
  EXPECT_TRUE(identity_->Transfer(successor, person, kCouncil.organisation, "2026-05-01").ok());
  suite.SetDate("2026-05-01");
  EXPECT_EQ(identity_->Get(successor, person).status.error_code(), grpc::NOT_FOUND);
}

TEST_F(SuccessionTest, AfterCareFollowsTheResidenceToTheSuccessor) {
  const As successor{"E06000099", "staff-5", "social_worker"};
  const v1::Identifier nhs_number = NhsNumber(NewNhsNumber());
  const std::string person = identity_->RegisterForBoth(kStranger, kCouncil, nhs_number);
  ASSERT_TRUE(identity_->End(kStranger, person, "2026-03-10").ok());
  identity_->suite().SetDate("2026-04-01");
  v1::RegisterPersonRequest request;
  *request.mutable_identifier() = nhs_number;
  request.set_birth_date("1960-05-01");
  request.set_role(v1::RESPONSIBILITY_ROLE_SECTION_117);
  request.set_detention_date("2026-03-05");
  ASSERT_TRUE(identity_->Call(&Identity::Stub::RegisterPerson, successor, request).ok());
  const Answer accepted = identity_->Accept(kCouncil, person, successor.organisation);
  EXPECT_TRUE(accepted.ok()) << accepted.status.error_message();
}

}  // namespace
}  // namespace ipb::people
