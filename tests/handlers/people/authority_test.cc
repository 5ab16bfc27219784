// Capacity, appointments, exclusions and authority through the real service.
#include "absl/strings/str_cat.h"
#include "tests/handlers/people/life.h"

namespace ipb::people {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class AuthorityTest : public LifeTest {
 protected:
  // Who receives council money on a day.
  std::vector<std::string> Receivers(const std::string& day = "") {
    const auto authority = Done<v1::Authority>("GetAuthority", "name: '$P' " + day);
    std::vector<std::string> who;
    for (const auto& verdict : authority.regimes(0).verdicts()) {
      if (verdict.act() == v1::AUTHORITY_ACT_RECEIVE && verdict.may()) who.push_back(verdict.who());
    }
    return who;
  }
};

constexpr char kSister[] =
    "parent: '$P' kind: KIND_AUTHORISED_PERSON party: 'sister-1' reasons: 'r' ground: "
    "GROUND_NOBODY_MCA_AUTHORISED "
    "closeness: CLOSENESS_FAMILY conditions { agrees: true suitable: true best_interests: true capable: true "
    "appropriate: true }";

TEST_F(AuthorityTest, PassesFromThePersonToTheAuthorisedPerson) {
  EXPECT_THAT(Receivers(), ElementsAre(person_));
  EXPECT_THAT(Refused("AppointRepresentative", kSister), ElementsAre("PEOPLE-REP-CAPACITY-NEEDED"));
  LoseCapacity();
  EXPECT_THAT(Receivers(), IsEmpty());
  EXPECT_THAT(Receivers("as_of_date: '2025-04-30'"), ElementsAre(person_));
  const auto sister = Done<v1::Representative>("AppointRepresentative", kSister);
  EXPECT_EQ(sister.decision().decider(), kCouncil.actor);
  EXPECT_EQ(sister.explanation().steps(0).rule_id(), "PEOPLE-S32");
  EXPECT_THAT(Receivers(), ElementsAre(sister.name()));
  Done<v1::Circumstance>(
      "RecordCircumstance",
      absl::StrCat("parent: '$P' kind: KIND_SAFEGUARDING_CONCERN effective_from_date: '2025-06-02' details { "
                   "safeguarding_concern { subject: SUBJECT_MONEY representative: '",
                   sister.name(), "' } }"));
  EXPECT_THAT(Receivers(), IsEmpty());
  Done<v1::Circumstance>("RecordCircumstance",
                         "parent: '$P' kind: KIND_DEATH effective_from_date: '2025-06-02'");
  suite_.SetDate("2025-06-03");
  EXPECT_THAT(Receivers(), IsEmpty());
}

TEST_F(AuthorityTest, ALaterFindingSupersedesAndBothStayOnRecord) {
  LoseCapacity();
  const std::string before = Tick();
  const auto regained = Done<v1::CapacityDecision>(
      "RecordCapacityDecision",
      "parent: '$P' matter: MATTER_DIRECT_PAYMENT outcome: OUTCOME_HAS_CAPACITY "
      "assessed_date: '2025-06-01' assessor: 'staff-3' decision { reasons: 'recovered' }");
  const auto all = Done<v1::ListCapacityDecisionsResponse>("ListCapacityDecisions", "parent: '$P'");
  ASSERT_EQ(all.capacity_decisions_size(), 3);
  EXPECT_EQ(all.capacity_decisions(0).superseded_by(), regained.name());
  EXPECT_EQ(all.capacity_decisions(1).superseded_by(), "");
  const auto holding = Done<v1::ListCapacityDecisionsResponse>("ListCapacityDecisions",
                                                               "parent: '$P' as_of_date: '2025-06-02'");
  ASSERT_EQ(holding.capacity_decisions_size(), 2);
  EXPECT_EQ(holding.capacity_decisions(1).name(), regained.name());
  const auto then = Done<v1::ListCapacityDecisionsResponse>(
      "ListCapacityDecisions", "parent: '$P' as_of_date: '2025-06-02' " + before);
  EXPECT_EQ(then.capacity_decisions(0).outcome(), v1::CapacityDecision::OUTCOME_LACKS_CAPACITY);
  EXPECT_THAT(Receivers(), ElementsAre(person_));
}

TEST_F(AuthorityTest, ACourtOrderBarsDirectPaymentsWhileItLasts) {
  const auto order = Done<v1::PaymentExclusion>(
      "RecordPaymentExclusion",
      "parent: '$P' code: EXCLUSION_CODE_ALCOHOL_TREATMENT_REQUIREMENT order_reference: 'o-1' "
      "effective_from_date: '2025-05-01' effective_to_date: '2026-04-30' "
      "decision { reasons: 'seen' }");
  const std::string before = Tick();
  const auto authority = Done<v1::Authority>("GetAuthority", "name: '$P'", kIcb);
  ASSERT_EQ(authority.regimes(1).bars_size(), 1);
  EXPECT_THAT(authority.regimes(1).bars(0).description(), HasSubstr("SI 2013/1617 Schedule (b)"));
  EXPECT_THAT(Receivers(), IsEmpty());
  Done<v1::PaymentExclusion>("EndPaymentExclusion",
                             absl::StrCat("name: '", order.name(), "' effective_to_date: '2025-06-01'"));
  EXPECT_THAT(Receivers(), ElementsAre(person_));
  const auto then = Done<v1::ListPaymentExclusionsResponse>(
      "ListPaymentExclusions", "parent: '$P' as_of_date: '2025-12-01' " + before);
  ASSERT_EQ(then.payment_exclusions_size(), 1);
  EXPECT_EQ(then.payment_exclusions(0).effective_to_date(), "2026-04-30");
  EXPECT_EQ(Done<v1::ListPaymentExclusionsResponse>("ListPaymentExclusions",
                                                    "parent: '$P' as_of_date: '2025-12-01'")
                .payment_exclusions_size(),
            0);
}

TEST_F(AuthorityTest, ListsTheAppointmentsOfADay) {
  Done<v1::Representative>(
      "AppointRepresentative",
      "parent: '$P' kind: KIND_ATTORNEY party: 'son-1' reasons: 'r' scopes: SCOPE_PROPERTY_AND_AFFAIRS "
      "conditions { instrument_reference: 'opg-1' } effective_from_date: '2025-01-01'");
  const std::string before = Tick();
  Done<v1::Representative>("EndRepresentative",
                           "name: '$P/representatives/1' effective_to_date: '2025-05-31'");
  const auto count = [&](const std::string& filter) {
    return Done<v1::ListRepresentativesResponse>("ListRepresentatives", "parent: '$P' " + filter)
        .representatives_size();
  };
  EXPECT_EQ(count(""), 1);
  EXPECT_EQ(count("as_of_date: '2025-05-31'"), 1);
  EXPECT_EQ(count("as_of_date: '2025-06-01'"), 0);
  EXPECT_EQ(count("as_of_date: '2025-06-01' " + before), 1);
}

}  // namespace
}  // namespace ipb::people
