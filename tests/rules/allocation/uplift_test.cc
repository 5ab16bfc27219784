// What an uplift does to the budgets of one person, before and after its release, and how an uplift of all of
// them goes from one state to the next.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <random>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "services/allocation/rules/shares.h"
#include "services/allocation/rules/uplift_total.h"
#include "tests/rules/allocation/uplift_person.h"
#include "tests/rules/support/case_file.h"

namespace ipb::allocation {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(UpliftVerdict, OneForEachAgreedLiveBudgetWithMoneyOfTheOrganisation) {
  std::vector<v1::Budget> budgets;
  for (int i = 1; i <= 7; ++i) budgets.push_back(Agreed(i, {Weekly("pa", 10000, OfCouncil())}));
  budgets[0].set_state(v1::Budget::STATE_INDICATIVE);
  budgets[1].set_mode(v1::Budget::MODE_SHADOW);
  budgets[2].set_state(v1::Budget::STATE_ENDED);
  budgets[3].set_effective_to_date("2025-04-06");
  budgets[4] = Agreed(5, {Weekly("pa", 10000, {Share(kIcb, v1::FUNDING_BASIS_CHC, 1, 1)})});
  budgets[5].set_effective_to_date("2025-04-07");
  Person person(budgets, Growing(30));
  const std::vector<v1::UpliftVerdict> verdicts = person.Preview(UpliftBy(kCouncil));
  ASSERT_THAT(verdicts, SizeIs(2));
  EXPECT_EQ(verdicts[0].budget(), "people/a/budgets/6");
  EXPECT_EQ(verdicts[1].budget(), "people/a/budgets/7");
  for (const v1::UpliftVerdict& verdict : verdicts) {
    EXPECT_EQ(verdict.kind(), v1::UpliftVerdict::KIND_TO_UPLIFT);
    EXPECT_EQ(verdict.weekly_before_pence(), 10000);
    EXPECT_EQ(verdict.weekly_after_pence(), 10300);
    EXPECT_EQ(verdict.reason(), "");
  }
}

// What stays says why.
std::string ReasonToStay(Person person, const std::string& organisation = kCouncil) {
  const std::vector<v1::UpliftVerdict> verdicts = person.Preview(UpliftBy(organisation));
  if (verdicts.size() != 1) return absl::StrCat(verdicts.size(), " verdicts");
  EXPECT_EQ(verdicts[0].kind(), v1::UpliftVerdict::KIND_STAYS);
  EXPECT_EQ(verdicts[0].weekly_after_pence(), verdicts[0].weekly_before_pence());
  return verdicts[0].reason();
}

TEST(UpliftVerdict, StaysWithTheReason) {
  const std::vector<v1::BudgetComponent> pa = {Weekly("pa", 10000, OfCouncil())};
  EXPECT_THAT(ReasonToStay({{Agreed(1, pa, "2025-04-08")}, Growing(30)}),
              HasSubstr("begins on 8 April 2025"));
  EXPECT_THAT(ReasonToStay({{Agreed(1, pa)}, Growing(0)}), HasSubstr("nothing that E10000019 pays"));
  EXPECT_THAT(ReasonToStay({{Agreed(1, pa)}, v1::AllocationPolicy()}), HasSubstr("no rate for uplift"));
  Person no_weeks({Agreed(1, pa)}, Growing(30));
  no_weeks.local.clear_weeks_conventions();
  EXPECT_THAT(ReasonToStay(no_weeks), HasSubstr("no rate for weeks"));
  Person dead({Agreed(1, pa)}, Growing(30));
  dead.death_date = "2025-04-06";
  EXPECT_THAT(ReasonToStay(dead), HasSubstr("died on 6 April 2025"));
  dead.death_date = "2025-04-07";
  EXPECT_EQ(dead.Preview(UpliftBy(kCouncil))[0].kind(), v1::UpliftVerdict::KIND_TO_UPLIFT);
}

TEST(UpliftVerdict, MoneyTooLargeToAddUpStays) {
  v1::Budget budget = Agreed(1, {Weekly("pa", 10000, OfCouncil())});
  budget.mutable_funder_totals(0)->set_weekly_pence(std::numeric_limits<int64_t>::max());
  *budget.add_funder_totals() = budget.funder_totals(0);
  EXPECT_THAT(ReasonToStay({{budget}, Growing(30)}), HasSubstr("too large"));
}

TEST(UpliftVerdict, ADayBeforeALaterChangeUpliftsWhatHeldThenAndWhatFollows) {
  Person person({Agreed(1, {Weekly("pa", 10000, OfCouncil())})}, Growing(30));
  // From May the ICB pays five eighths.
  v1::BudgetChange change;
  change.set_effective_from_date("2025-05-01");
  v1::ComponentFunding& funding = *change.add_funding();
  funding.set_component_id("pa");
  for (const v1::FundingShare& share : Joint()) *funding.add_shares() = share;
  BudgetFacts facts;
  facts.budget = person.budgets()[0];
  const auto handed_over = DecideChanges(facts, {change}, {National(), person.local}, kUpliftToday,
                                         [] { return std::string("people/a/budgets/2"); });
  ASSERT_TRUE(handed_over.ok()) << handed_over.status();
  person.Keep(*handed_over);

  const v1::Uplift uplift = UpliftBy(kCouncil);
  const std::vector<v1::UpliftVerdict> verdicts = person.Preview(uplift);
  ASSERT_THAT(verdicts, SizeIs(1));
  EXPECT_EQ(verdicts[0].budget(), "people/a/budgets/2") << "the one that is agreed";
  EXPECT_EQ(verdicts[0].weekly_before_pence(), 10000);
  EXPECT_EQ(verdicts[0].weekly_after_pence(), 10300);
  const v1::UpliftVerdict posted = person.PostAndKeep(uplift, verdicts[0]);
  ASSERT_EQ(posted.kind(), v1::UpliftVerdict::KIND_UPLIFTED);
  const v1::Budget& made = person.Named(posted.uplifted_budget());
  EXPECT_EQ(made.effective_from_date(), kUpliftDay);
  EXPECT_EQ(made.effective_to_date(), "2025-04-30");
  EXPECT_EQ(person.budgets().back().state(), v1::Budget::STATE_AGREED);
  EXPECT_EQ(person.budgets().back().weekly_pence(), 10300);
  EXPECT_EQ(person.PostAndKeep(uplift, verdicts[0]).uplifted_budget(), posted.uplifted_budget());
  EXPECT_THAT(person.Preview(UpliftBy(kCouncil, "again"))[0].reason(), HasSubstr("uplifts/april"));
}

TEST(UpliftVerdict, DropsWhatIsNotAsItWasReleased) {
  const v1::Uplift uplift = UpliftBy(kCouncil);
  Person person({Agreed(1, {Weekly("pa", 10000, OfCouncil())})}, Growing(30));
  const v1::UpliftVerdict frozen = person.Preview(uplift)[0];
  const auto reason = [&](Person changed) {
    const UpliftDecision decision = changed.Post(uplift, frozen);
    EXPECT_EQ(decision.verdict.kind(), v1::UpliftVerdict::KIND_DROPPED);
    EXPECT_THAT(decision.changes.made, IsEmpty());
    EXPECT_EQ(decision.verdict.weekly_after_pence(), frozen.weekly_after_pence()) << "as frozen";
    return decision.verdict.reason();
  };
  EXPECT_THAT(reason({{}, Growing(30)}), HasSubstr("not known"));
  Person superseded = person;
  superseded.budgets()[0].set_state(v1::Budget::STATE_SUPERSEDED);
  EXPECT_THAT(reason(superseded), HasSubstr("superseded"));
  Person other_rates = person;
  other_rates.local = Growing(40);
  EXPECT_THAT(reason(other_rates), HasSubstr("£104.00"));
  Person other_amount = person;
  other_amount.budgets()[0] = Agreed(1, {Weekly("pa", 9000, OfCouncil())});
  EXPECT_THAT(reason(other_amount), HasSubstr("£90.00"));
  Person without_rates = person;
  without_rates.local.clear_uplift_rates();
  EXPECT_THAT(reason(without_rates), HasSubstr("no rate"));
}

// A budget of chance: up to four parts, each of one to three funders or bases.
v1::Budget Random(std::mt19937& random, int number) {
  const auto pick = [&](int below) { return std::uniform_int_distribution<int>(0, below - 1)(random); };
  std::vector<v1::BudgetComponent> components;
  for (int i = 0, parts = 1 + pick(4); i < parts; ++i) {
    const int a = 1 + pick(7), b = 1 + pick(5), c = 1 + pick(3);
    std::vector<v1::FundingShare> shares;
    switch (pick(4)) {
      case 0:
        shares = OfCouncil();
        break;
      case 1:
        shares = {Share(kCouncil, v1::FUNDING_BASIS_CARE_ACT, a, a + b),
                  Share(kIcb, v1::FUNDING_BASIS_JOINT_PACKAGE, b, a + b)};
        break;
      case 2:
        shares = {Share(kIcb, v1::FUNDING_BASIS_CHC, 1, 1)};
        break;
      default:
        shares = {Share(kCouncil, v1::FUNDING_BASIS_CARE_ACT, a, a + b + c),
                  Share(kIcb, v1::FUNDING_BASIS_SECTION_117, b, a + b + c),
                  Share(kCouncil, v1::FUNDING_BASIS_BCF_POOL, c, a + b + c)};
    }
    components.push_back(Weekly(absl::StrCat("part-", i), pick(100000), shares));
    components.back().set_category(static_cast<v1::SpendingCategory>(pick(4)));
  }
  return Agreed(number, components, pick(3) == 0 ? kUpliftDay : "2024-06-03");
}

v1::AllocationPolicy RandomRates(std::mt19937& random) {
  const auto pick = [&](int below) { return std::uniform_int_distribution<int>(0, below - 1)(random); };
  v1::AllocationPolicy local = Growing(pick(80));
  for (int i = pick(4); i > 0; --i) {
    v1::UpliftRate& rate = *local.add_uplift_rates();
    const v1::FundingBasis bases[] = {v1::FUNDING_BASIS_UNSPECIFIED, v1::FUNDING_BASIS_CARE_ACT,
                                      v1::FUNDING_BASIS_SECTION_117, v1::FUNDING_BASIS_CHC};
    rate.set_basis(bases[pick(4)]);
    rate.set_category(static_cast<v1::SpendingCategory>(1 + pick(3)));
    rate.mutable_part()->set_numerator(pick(100));
    rate.mutable_part()->set_denominator(1000);
  }
  return local;
}

// What every funder pays, of each part.
std::map<std::string, int64_t> AmountsOf(const v1::Budget& budget, const std::string& but_organisation) {
  std::map<std::string, int64_t> amounts;
  for (const v1::BudgetComponent& component : budget.components()) {
    int64_t sum = 0;
    for (const v1::FunderAmount& amount : component.funder_amounts()) {
      sum += amount.weekly_pence();
      if (amount.organisation() == but_organisation) continue;
      amounts[absl::StrCat(component.component_id(), amount.organisation(), amount.basis())] +=
          amount.weekly_pence();
    }
    EXPECT_EQ(sum, component.weekly_pence()) << component.ShortDebugString();
  }
  return amounts;
}

TEST(UpliftProperty, WhatIsPostedIsWhatWasPreviewedAndOnceOnly) {
  int uplifted = 0;
  for (unsigned seed = 1; seed <= 400; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    Person person({Random(random, 1), Random(random, 2)}, RandomRates(random));
    const std::string organisation = seed % 2 == 0 ? kCouncil : kIcb;
    const v1::Uplift uplift = UpliftBy(organisation);
    const std::vector<v1::UpliftVerdict> verdicts = person.Preview(uplift);
    for (const v1::UpliftVerdict& frozen : verdicts) {
      if (frozen.kind() != v1::UpliftVerdict::KIND_TO_UPLIFT) continue;
      ++uplifted;
      EXPECT_GE(frozen.weekly_after_pence(), frozen.weekly_before_pence());
      const v1::Budget before = person.Named(frozen.budget());
      const v1::UpliftVerdict posted = person.PostAndKeep(uplift, frozen);
      ASSERT_EQ(posted.kind(), v1::UpliftVerdict::KIND_UPLIFTED) << posted.reason();
      const v1::Budget& made = person.Named(posted.uplifted_budget());
      EXPECT_EQ(*WeeklyOf(made, organisation), frozen.weekly_after_pence());
      EXPECT_EQ(AmountsOf(made, organisation), AmountsOf(before, organisation))
          << "others pay what they paid";
      const size_t budgets = person.budgets().size();
      EXPECT_EQ(person.PostAndKeep(uplift, frozen).uplifted_budget(), posted.uplifted_budget());
      EXPECT_EQ(person.budgets().size(), budgets);
    }
    for (const v1::UpliftVerdict& again : person.Preview(UpliftBy(organisation, "again"))) {
      EXPECT_EQ(again.kind(), v1::UpliftVerdict::KIND_STAYS);
    }
  }
  EXPECT_GT(uplifted, 400);
}

v1::UpliftVerdict Verdict(int number, v1::UpliftVerdict::Kind kind, int64_t before, int64_t after) {
  v1::UpliftVerdict verdict;
  verdict.set_budget(absl::StrCat("people/a/budgets/", number));
  verdict.set_kind(kind);
  verdict.set_weekly_before_pence(before);
  verdict.set_weekly_after_pence(after);
  return verdict;
}

UpliftTally TallyOf(const std::vector<v1::UpliftVerdict>& verdicts) {
  UpliftTally tally;
  for (const v1::UpliftVerdict& verdict : verdicts) tally.Add(verdict);
  return tally;
}

TEST(UpliftTotal, CountsAndDigestsWhatWasLookedAt) {
  const std::vector<v1::UpliftVerdict> verdicts = {Verdict(1, v1::UpliftVerdict::KIND_TO_UPLIFT, 100, 103),
                                                   Verdict(2, v1::UpliftVerdict::KIND_STAYS, 50, 50),
                                                   Verdict(3, v1::UpliftVerdict::KIND_TO_UPLIFT, 200, 206)};
  v1::Uplift uplift = UpliftBy(kCouncil);
  EXPECT_THAT(tests::RuleIdsOf(DecideFreezeUplift(uplift, TallyOf(verdicts)).status()),
              ElementsAre("WRONG_STATE"));
  uplift.set_state(v1::Uplift::STATE_PREVIEWING);
  const auto frozen = DecideFreezeUplift(uplift, TallyOf(verdicts));
  ASSERT_TRUE(frozen.ok());
  EXPECT_EQ(frozen->state(), v1::Uplift::STATE_PREVIEWED);
  EXPECT_EQ(frozen->budget_count(), 3);
  EXPECT_EQ(frozen->uplifted_count(), 2);
  EXPECT_EQ(frozen->weekly_before_pence(), 300);
  EXPECT_EQ(frozen->weekly_after_pence(), 309);
  EXPECT_EQ(TallyOf(verdicts).Digest(), frozen->digest());
  for (int change = 0; change < 4; ++change) {
    std::vector<v1::UpliftVerdict> other = verdicts;
    if (change == 0) other[0].set_budget("people/b/budgets/1");
    if (change == 1) other[0].set_kind(v1::UpliftVerdict::KIND_STAYS);
    if (change == 2) other[0].set_weekly_before_pence(101);
    if (change == 3) other[0].set_weekly_after_pence(104);
    EXPECT_NE(TallyOf(other).Digest(), frozen->digest());
  }
  const int64_t most = std::numeric_limits<int64_t>::max();
  for (const auto& [before, after] : {std::pair(most, int64_t{0}), std::pair(int64_t{0}, most)}) {
    const auto one = Verdict(1, v1::UpliftVerdict::KIND_TO_UPLIFT, before, after);
    EXPECT_FALSE(DecideFreezeUplift(uplift, TallyOf({one, one})).ok());
  }
}

TEST(UpliftTotal, IsReleasedByAnotherForWhatWasFrozen) {
  v1::Uplift uplift = UpliftBy(kCouncil);
  uplift.set_digest("d");
  uplift.set_weekly_after_pence(309);
  v1::ReleaseUpliftRequest request;
  request.set_digest("d");
  request.set_weekly_after_pence(309);
  v1::HumanDecision decision = PanelDecision("2025-04-10");
  const auto released = DecideReleaseUplift(uplift, request, decision, kUpliftToday);
  ASSERT_TRUE(released.ok());
  EXPECT_EQ(released->state(), v1::Uplift::STATE_POSTING);
  EXPECT_EQ(released->release().decider(), decision.decider());
  EXPECT_THAT(tests::RuleIdsOf(DecideReleaseUplift(*released, request, decision, kUpliftToday).status()),
              ElementsAre("WRONG_STATE"));
  request.set_weekly_after_pence(310);
  EXPECT_THAT(tests::RuleIdsOf(DecideReleaseUplift(uplift, request, decision, kUpliftToday).status()),
              ElementsAre("UPLIFT-DIGEST"));
  request.set_digest("e");
  decision.set_decider(uplift.preparer());
  EXPECT_THAT(tests::RuleIdsOf(DecideReleaseUplift(uplift, request, decision, kUpliftToday).status()),
              ElementsAre("UPLIFT-SECOND-PERSON", "UPLIFT-DIGEST"));
  decision.set_decision_date("2025-04-11");
  EXPECT_EQ(DecideReleaseUplift(uplift, request, decision, kUpliftToday).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(UpliftTotal, IsGivenUpWithReasonsUntilItIsReleased) {
  v1::Uplift uplift = UpliftBy(kCouncil);
  v1::HumanDecision decision = PanelDecision("2025-04-10");
  EXPECT_THAT(tests::RuleIdsOf(DecideCancelUplift(uplift, decision, kUpliftToday).status()),
              ElementsAre("UPLIFT-REASONS"));
  decision.set_reasons("other rates");
  for (const auto state : {v1::Uplift::STATE_PREVIEWING, v1::Uplift::STATE_PREVIEWED}) {
    uplift.set_state(state);
    EXPECT_EQ(DecideCancelUplift(uplift, decision, kUpliftToday)->state(), v1::Uplift::STATE_CANCELLED);
  }
  for (const auto state :
       {v1::Uplift::STATE_POSTING, v1::Uplift::STATE_POSTED, v1::Uplift::STATE_CANCELLED}) {
    uplift.set_state(state);
    EXPECT_THAT(tests::RuleIdsOf(DecideCancelUplift(uplift, decision, kUpliftToday).status()),
                ElementsAre("WRONG_STATE"));
  }
  uplift.set_state(v1::Uplift::STATE_PREVIEWED);
  decision.set_decision_date("2025-04-11");
  EXPECT_EQ(DecideCancelUplift(uplift, decision, kUpliftToday).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(UpliftTotal, CountsWhatWasPostedAndWhatDroppedOut) {
  auto counted = CountPosted(UpliftBy(kCouncil), Verdict(1, v1::UpliftVerdict::KIND_UPLIFTED, 100, 103));
  counted = CountPosted(*counted, Verdict(2, v1::UpliftVerdict::KIND_DROPPED, 200, 206));
  counted = CountPosted(*counted, Verdict(3, v1::UpliftVerdict::KIND_UPLIFTED, 300, 309));
  EXPECT_EQ(counted->posted_count(), 2);
  EXPECT_EQ(counted->dropped_count(), 1);
  EXPECT_EQ(counted->posted_before_pence(), 400);
  EXPECT_EQ(counted->posted_after_pence(), 412);
  const int64_t most = std::numeric_limits<int64_t>::max();
  EXPECT_FALSE(CountPosted(*counted, Verdict(4, v1::UpliftVerdict::KIND_UPLIFTED, most, 0)).ok());
  EXPECT_FALSE(CountPosted(*counted, Verdict(4, v1::UpliftVerdict::KIND_UPLIFTED, 0, most)).ok());
}

TEST(UpliftTotal, IsNotBegunWithoutAnyRateForTheDay) {
  v1::ApplyUpliftRequest request;
  request.set_effective_from_date(kUpliftDay);
  const auto begun = DecideApplyUplift(request, kCouncil, "finance-1", Growing(30));
  ASSERT_TRUE(begun.ok());
  EXPECT_EQ(begun->state(), v1::Uplift::STATE_PREVIEWING);
  EXPECT_EQ(begun->preparer(), "finance-1");
  v1::AllocationPolicy past = Growing(30);
  past.mutable_uplift_rates(0)->mutable_provenance()->set_effective_to_date("2025-04-06");
  EXPECT_THAT(tests::RuleIdsOf(DecideApplyUplift(request, kCouncil, "finance-1", past).status()),
              ElementsAre("NO_RATE"));
}

}  // namespace
}  // namespace ipb::allocation
