// Capacity: the test of the Act part by part, the best-interests record, and which finding holds when.
#include "services/people/rules/capacity.h"

#include <functional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/rules/people/cases.h"

namespace ipb::people::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using Finding = v1::CapacityDecision;
using Request = v1::RecordCapacityDecisionRequest;

Request Whole() {
  return testing::Text<Request>(
      "matter: MATTER_DIRECT_PAYMENT outcome: OUTCOME_LACKS_CAPACITY assessed_date: '2026-11-10' assessor: "
      "'staff-2' "
      "support_given: 'pictures, a quiet room, in the morning' impairment: true inabilities: "
      "INABILITY_USE_OR_WEIGH "
      "best_interests { options_considered: 'managed by the council' options_considered: 'received by the "
      "sister' "
      "  option_chosen: 'received by the sister' least_restrictive_reasons: 'she keeps her own assistants' "
      "  consulted { party: 'sister-1' role: ROLE_CARER_OR_FAMILY } } decision { reasons: 'cannot weigh "
      "costs' }");
}

CapacityFacts FactsFor(const Request& request, const std::string& birth_date = "1980-03-15") {
  CapacityFacts facts;
  facts.person = Someone(birth_date);
  facts.by = request.decision();
  facts.by.set_decider("staff-1");
  facts.by.set_decision_date("2026-11-22");
  return facts;
}

absl::StatusOr<CapacityChange> Record(const Request& request) {
  return RecordCapacity(FactsFor(request), request, kToday);
}

TEST(RecordCapacity, TakesAWholeFindingAndExplainsIt) {
  const auto change = Record(Whole());
  ASSERT_TRUE(change.ok()) << change.status();
  EXPECT_EQ(change->finding.assessor(), "staff-2");
  EXPECT_EQ(change->finding.decision().decider(), "staff-1");
  EXPECT_EQ(change->trace.Render("", "").steps_size(), 2);
}

TEST(RecordCapacity, EachMissingPartRefusesWithItsParagraph) {
  const std::pair<std::function<void(Request&)>, const char*> cases[] = {
      {[](Request& r) { r.mutable_decision()->set_reasons(" "); }, "CAPACITY-REASONS"},
      {[](Request& r) { r.clear_support_given(); }, "CAPACITY-SUPPORT"},
      {[](Request& r) { r.clear_impairment(); }, "CAPACITY-IMPAIRMENT"},
      {[](Request& r) { r.clear_inabilities(); }, "CAPACITY-INABILITY"},
      {[](Request& r) { r.mutable_best_interests()->mutable_options_considered()->DeleteSubrange(0, 1); },
       "CAPACITY-OPTIONS"},
      {[](Request& r) { r.mutable_best_interests()->set_option_chosen("another"); }, "CAPACITY-CHOSEN"},
      {[](Request& r) { r.mutable_best_interests()->clear_least_restrictive_reasons(); },
       "CAPACITY-RESTRICTIVE"},
      {[](Request& r) { r.mutable_best_interests()->clear_consulted(); }, "CAPACITY-CONSULTED"},
  };
  for (const auto& [break_it, rule] : cases) {
    Request request = Whole();
    break_it(request);
    EXPECT_THAT(Refusals(RecordCapacity(FactsFor(request), request, kToday).status()), ElementsAre(rule));
  }
  Request nobody = Whole();
  nobody.mutable_best_interests()->clear_consulted();
  nobody.mutable_best_interests()->set_nobody_consulted_reasons(
      "nobody is known, an advocate was instructed");
  EXPECT_TRUE(Record(nobody).ok());
}

TEST(RecordCapacity, AllMissingPartsAreToldAtOnce) {
  auto bare =
      testing::Text<Request>("matter: MATTER_RESIDENCE outcome: OUTCOME_LACKS_CAPACITY assessor: 'staff-2'");
  EXPECT_THAT(
      Refusals(Record(bare).status()),
      ElementsAre("CAPACITY-REASONS", "CAPACITY-SUPPORT", "CAPACITY-IMPAIRMENT", "CAPACITY-INABILITY",
                  "CAPACITY-OPTIONS", "CAPACITY-CHOSEN", "CAPACITY-RESTRICTIVE", "CAPACITY-CONSULTED"));
}

TEST(RecordCapacity, NobodyDecidesForWhoHasCapacity) {
  Request request = Whole();
  request.set_outcome(Finding::OUTCOME_HAS_CAPACITY);
  EXPECT_THAT(Refusals(Record(request).status()), ElementsAre("CAPACITY-CONTRARY", "CAPACITY-CONTRARY"));
  request.clear_inabilities();
  request.clear_best_interests();
  EXPECT_TRUE(Record(request).ok());
}

TEST(RecordCapacity, IsForThoseOfSixteenAndOverWhoLive) {
  const Request request = Whole();
  EXPECT_THAT(Refusals(RecordCapacity(FactsFor(request, "2010-11-11"), request, kToday).status()),
              ElementsAre("CAPACITY-AGE"));
  EXPECT_TRUE(RecordCapacity(FactsFor(request, "2010-11-10"), request, kToday).ok());
  CapacityFacts dead = FactsFor(request);
  dead.person.set_death_date("2026-11-09");
  EXPECT_THAT(Refusals(RecordCapacity(dead, request, kToday).status()), ElementsAre("CAPACITY-LIVING"));
  dead.person.set_death_date("2026-11-10");
  EXPECT_TRUE(RecordCapacity(dead, request, kToday).ok());
}

TEST(RecordCapacity, RefusesDatesThatCannotBe) {
  Request request = Whole();
  request.set_assessed_date("2026-11-23");
  EXPECT_THAT(Refusals(Record(request).status()), ElementsAre("assessed_date"));
  request.set_assessed_date("1980-03-14");
  EXPECT_THAT(Refusals(Record(request).status()), ElementsAre("assessed_date"));
  request = Whole();
  CapacityFacts facts = FactsFor(request);
  facts.by.set_decision_date("2026-11-23");
  EXPECT_THAT(Refusals(RecordCapacity(facts, request, kToday).status()), ElementsAre("CAPACITY-DATE"));
}

Finding Known(int n, const std::string& text) { return Kept<Finding>("capacityDecisions", n, text); }

TEST(RecordCapacity, ALaterOneSupersedesForTheSameMatterOnly) {
  const Request request = Whole();
  CapacityFacts facts = FactsFor(request);
  facts.known = {Known(1, "matter: MATTER_RESIDENCE assessed_date: '2026-01-01'"),
                 Known(2, "matter: MATTER_DIRECT_PAYMENT assessed_date: '2025-01-01' superseded_by: 'x'"),
                 Known(3, "matter: MATTER_DIRECT_PAYMENT assessed_date: '2026-11-10'")};
  auto change = RecordCapacity(facts, request, kToday);
  ASSERT_TRUE(change.ok());
  EXPECT_EQ(change->superseded.name(), facts.known[2].name());
  facts.known[2].set_assessed_date("2026-11-11");
  change = RecordCapacity(facts, request, kToday);
  ASSERT_TRUE(change.ok());
  EXPECT_EQ(change->superseded.name(), "");
  EXPECT_EQ(change->finding.superseded_by(), facts.known[2].name());
}

TEST(CapacityOn, IsTheLatestAssessedAndOfOneDayTheLatestRecorded) {
  const auto matter = Finding::MATTER_DIRECT_PAYMENT;
  const std::vector<Finding> known = {
      Known(1, "matter: MATTER_DIRECT_PAYMENT assessed_date: '2026-05-01' outcome: OUTCOME_LACKS_CAPACITY"),
      Known(2, "matter: MATTER_DIRECT_PAYMENT assessed_date: '2026-01-01' outcome: OUTCOME_HAS_CAPACITY"),
      Known(3, "matter: MATTER_DIRECT_PAYMENT assessed_date: '2026-05-01' outcome: OUTCOME_HAS_CAPACITY")};
  EXPECT_EQ(CapacityOn(known, matter, absl::CivilDay(2025, 12, 31)), nullptr);
  EXPECT_EQ(CapacityOn(known, matter, absl::CivilDay(2026, 4, 30))->name(), known[1].name());
  EXPECT_EQ(CapacityOn(known, matter, absl::CivilDay(2026, 5, 1))->name(), known[2].name());
  EXPECT_EQ(CapacityOn(known, Finding::MATTER_RESIDENCE, kToday), nullptr);
  EXPECT_FALSE(LacksCapacity(known, matter, kToday));
  EXPECT_TRUE(LacksCapacity({known[0]}, matter, kToday));
  EXPECT_THAT(CapacityDecisionsOn(absl::CivilDay(2025, 1, 1), known), IsEmpty());
  EXPECT_EQ(CapacityDecisionsOn(kToday, known).size(), 1u);
}

}  // namespace
}  // namespace ipb::people::rules
