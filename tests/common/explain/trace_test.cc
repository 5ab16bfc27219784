// What a trace and a refusal say of the rules they were given.
#include "common/explain/trace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/explain/words.h"
#include "ipb/v1/funding.pb.h"

namespace ipb::explain {
namespace {

constexpr Rule kPlain = {.id = "PLAIN", .sentence = "Nothing was looked at.", .source = "no law"};
constexpr Rule kValues = {.id = "VALUES",
                          .sentence = "{pounds_pence} from {first_date}, {part} of {count}: {pounds_pence}.",
                          .source = "Care Act 2014 s1",
                          .purpose = v1::PURPOSE_MEANS};
constexpr Rule kOdd = {.id = "ODD",
                       .sentence = "{unknown} stays, {empty} does not, and {this is no name",
                       .source = "no law",
                       .remedy = "give {empty} a value, not {count}"};

const absl::CivilDay kDay(2026, 4, 6);

Inputs ValuesOf(int64_t pence) {
  return {{"pounds_pence", Pence{pence}},
          {"first_date", kDay},
          {"part", money::Fraction{3, 7}},
          {"count", int64_t{12}},
          {"text", std::string("beside")}};
}

TEST(Trace, SpellsWhatItsRulesLookedAt) {
  Trace trace;
  trace.Add(kValues, ValuesOf(123456), Pence{-5});
  const v1::Explanation explanation = trace.Render("rules/1", "policy");
  EXPECT_EQ(explanation.rule_set_version(), "rules/1");
  EXPECT_EQ(explanation.policy_version(), "policy");
  ASSERT_EQ(explanation.steps_size(), 1);
  const v1::ExplanationStep& step = explanation.steps(0);
  EXPECT_EQ(step.rule_id(), "VALUES");
  EXPECT_EQ(step.sentence(), "£1,234.56 from 6 April 2026, 3/7 of 12: £1,234.56.");
  EXPECT_EQ(step.legal_source(), "Care Act 2014 s1");
  EXPECT_EQ(step.purpose(), v1::PURPOSE_MEANS);
  EXPECT_EQ(step.result(), "-£0.05");
  ASSERT_EQ(step.inputs_size(), 5);
  EXPECT_EQ(step.inputs(4).name(), "text");
  EXPECT_EQ(step.inputs(4).value(), "beside");
}

TEST(Trace, LeavesWhatItCannotFillForATestToSee) {
  Trace trace;
  trace.Add(kOdd, {{"empty", std::string()}});
  EXPECT_EQ(trace.Render("", "").steps(0).sentence(), "{unknown} stays,  does not, and {this is no name");
}

TEST(Trace, IsTheSameInAnExplanationThatHeldAnother) {
  Trace longer, shorter;
  longer.Add(kValues, ValuesOf(999999999), Pence{1});
  longer.Add(kOdd, {{"empty", std::string("something long enough to have room of its own")}});
  longer.Add(kPlain);
  shorter.Add(kPlain);
  shorter.Add(kValues, ValuesOf(1));
  v1::Explanation used;
  for (const Trace* trace : {&longer, &shorter, &longer, &shorter}) {
    trace->Render("rules/1", "policy", used);
    EXPECT_EQ(used.SerializeAsString(), trace->Render("rules/1", "policy").SerializeAsString());
  }
}

TEST(Trace, ForgetsWhatItIsToldTo) {
  Trace trace;
  trace.Add(kPlain);
  trace.Clear();
  EXPECT_TRUE(trace.empty());
  EXPECT_EQ(trace.Render("", "").steps_size(), 0);
  Trace silent = Trace::Silent();
  silent.Add(kPlain);
  silent.Add(kValues, []() -> Inputs {
    ADD_FAILURE() << "nobody asks";
    return {};
  });
  EXPECT_TRUE(silent.empty());
}

TEST(Refusal, SaysRuleSourceAndRemedy) {
  Refusal refusal;
  EXPECT_TRUE(refusal.ToStatus().ok());
  refusal.Add(kPlain, "one");
  refusal.Add(kOdd, "two", {{"count", int64_t{2}}, {"empty", std::string("it")}});
  EXPECT_EQ(refusal.ToStatus().code(), absl::StatusCode::kFailedPrecondition);
  ASSERT_EQ(refusal.size(), 2u);
  EXPECT_EQ(refusal.violations()[0].description, "Nothing was looked at. (no law).");
  EXPECT_EQ(refusal.violations()[1].description,
            "{unknown} stays, it does not, and {this is no name (no law). To make it possible: give it a "
            "value, not 2");
  EXPECT_THAT(refusal.RuleIds(), ::testing::ElementsAre("PLAIN", "ODD"));
}

TEST(Words, AreSmallAndWithoutThePrefix) {
  EXPECT_EQ(Words("FUNDING_BASIS_JOINT_PACKAGE", "FUNDING_BASIS_"), "joint package");
  EXPECT_EQ(Words("OTHER", "FUNDING_BASIS_"), "other");
  EXPECT_EQ(Words("", ""), "");
}

}  // namespace
}  // namespace ipb::explain
