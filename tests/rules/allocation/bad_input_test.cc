// Bad input to a charge of every kind, as the contract and then the rules meet it, and what a practitioner
// reads when it is refused. The test prints the list.
#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <cstdio>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/constraints/validator.h"
#include "common/dates/civil.h"
#include "google/rpc/error_details.pb.h"
#include "services/allocation/rules/charge.h"
#include "tests/rules/allocation/fixtures.h"
#include "tests/rules/support/case_file.h"

namespace ipb::allocation {
namespace {

using testing::ElementsAreArray;

constexpr char kMost[] = "9223372036854775807";

struct Case {
  const char* kind;
  const char* situation;
  // What is added to an ordinary request, as text.
  const char* change;
  // The fields that cannot be as they are, or else the rules that refuse.
  std::vector<std::string> refused;
};

const Case kCases[] = {
    {"negative money",
     "an income",
     "facts { income { kind: INCOME_KIND_OTHER weekly_pence: -1 } }",
     {"facts.income[0].weekly_pence"}},
    {"negative money",
     "savings",
     "facts { capital { kind: CAPITAL_KIND_SAVINGS value_pence: -1 } }",
     {"facts.capital[0].value_pence"}},
    {"negative money",
     "rent",
     "facts { housing_costs { kind: KIND_RENT weekly_pence: -1 } }",
     {"facts.housing_costs[0].weekly_pence"}},
    {"negative money",
     "an expense of a disability",
     "facts { disability_expenses { description: 'Laundry' weekly_pence: -1 } }",
     {"facts.disability_expenses[0].weekly_pence"}},
    {"negative money",
     "what was charged since capital was given away",
     "facts { capital { kind: CAPITAL_KIND_NOTIONAL notional { valued_date: '2025-05-01' "
     "chargeable_weekly_pence: -1 } } }",
     {"facts.capital[0].notional.chargeable_weekly_pence"}},
    {"negative money",
     "a small charge",
     "facts { light_touch { ground: GROUND_SMALL_CHARGE evidence: 'Letter.' charge_weekly_pence: -1 } }",
     {"facts.light_touch.charge_weekly_pence"}},
    {"negative money",
     "a cost",
     "lines { basis: FUNDING_BASIS_CARE_ACT weekly_pence: -1 }",
     {"lines[1].weekly_pence"}},
    {"negative money",
     "the price of an adaptation",
     "lines { basis: FUNDING_BASIS_CARE_ACT no_charge_basis: NO_CHARGE_BASIS_AID_OR_MINOR_ADAPTATION "
     "adaptation_pence: -1 }",
     {"lines[1].adaptation_pence"}},
    {"negative money",
     "everything at once",
     "facts { income { kind: INCOME_KIND_OTHER weekly_pence: -1 } capital { kind: CAPITAL_KIND_SAVINGS "
     "value_pence: -1 } }",
     {"facts.capital[0].value_pence", "facts.income[0].weekly_pence"}},
    {"more than there is",
     "an income of more than ten million pounds a week",
     "facts { income { kind: INCOME_KIND_OTHER weekly_pence: 1000000001 } }",
     {"facts.income[0].weekly_pence"}},
    {"more than there is",
     "capital of more than ten thousand million pounds",
     "facts { capital { kind: CAPITAL_KIND_SAVINGS value_pence: 1000000000001 } }",
     {"facts.capital[0].value_pence"}},
    {"more than there is",
     "a hundred and one owners",
     "facts { capital { kind: CAPITAL_KIND_SAVINGS value_pence: 100 owners: 101 } }",
     {"facts.capital[0].owners"}},
    {"more than there is",
     "thirty-one children",
     "facts { household { dependent_children: 31 } }",
     {"facts.household.dependent_children"}},
    {"unknown code",
     "an income of no kind",
     "facts { income { weekly_pence: 100 } }",
     {"facts.income[0].kind"}},
    {"unknown code",
     "capital of a kind that there is none of",
     "facts { capital { kind: 99 value_pence: 100 } }",
     {"facts.capital[0].kind"}},
    {"unknown code",
     "a stay of no kind",
     "facts { stay { first_date: '2025-05-01' } }",
     {"facts.stay.setting"}},
    {"impossible dates",
     "a day of February that there is none of",
     "decision_date: '2025-02-30'",
     {"decision_date"}},
    {"impossible dates",
     "a birth in a thirteenth month",
     "facts { household { birth_date: '1980-13-01' } }",
     {"facts.household.birth_date"}},
    {"impossible dates",
     "an award paid yesterday, in that word",
     "facts { capital { kind: CAPITAL_KIND_PERSONAL_INJURY_AWARD value_pence: 100 received_date: 'yesterday' "
     "} }",
     {"facts.capital[0].received_date"}},
    {"end before start",
     "a stay",
     "facts { stay { setting: CARE_SETTING_TEMPORARY_RESIDENT first_date: '2025-05-02' expected_last_date: "
     "'2025-05-01' } }",
     {"facts.stay.expected_last_date"}},
    {"end before start",
     "a stay that was for good before it began",
     "facts { stay { setting: CARE_SETTING_TEMPORARY_RESIDENT first_date: '2025-05-02' expected_last_date: "
     "'2025-09-01' permanent_from_date: '2025-05-01' } }",
     {"facts.stay.permanent_from_date"}},
    {"future date",
     "capital that was valued tomorrow",
     "facts { capital { kind: CAPITAL_KIND_NOTIONAL value_pence: 100 notional { valued_date: '2025-06-02' } "
     "} }",
     {"facts.capital[0].notional.valued_date"}},
    {"contradicting parts",
     "a stay for good that becomes one",
     "facts { stay { setting: CARE_SETTING_PERMANENT_RESIDENT first_date: '2025-05-01' permanent_from_date: "
     "'2025-05-02' } }",
     {"facts.stay.permanent_from_date"}},
    {"contradicting parts",
     "a stay in a care home that is none",
     "facts { stay { setting: CARE_SETTING_OUTSIDE_CARE_HOME first_date: '2025-05-01' expected_last_date: "
     "'2025-06-01' } }",
     {"facts.stay.setting"}},
    {"contradicting parts",
     "a house with two owners",
     "facts { capital { kind: CAPITAL_KIND_PROPERTY value_pence: 20000000 owners: 2 } }",
     {"facts.capital[0].owners"}},
    {"contradicting parts",
     "a main home with two owners",
     "facts { capital { kind: CAPITAL_KIND_MAIN_HOME value_pence: 20000000 owners: 2 } }",
     {"facts.capital[0].owners"}},
    {"contradicting parts",
     "savings that diminish",
     "facts { capital { kind: CAPITAL_KIND_SAVINGS value_pence: 100 notional { valued_date: '2025-05-01' } } "
     "}",
     {"facts.capital[0].notional"}},
    {"contradicting parts",
     "a joint income of a single person",
     "facts { income { kind: INCOME_KIND_OTHER weekly_pence: 100 joint: true } }",
     {"facts.income[0].joint"}},
    {"contradicting parts",
     "a pension that a single person passes to a partner",
     "facts { income { kind: INCOME_KIND_OCCUPATIONAL_PENSION weekly_pence: 100 passed_to_partner: true } }",
     {"facts.income[0].passed_to_partner"}},
    {"contradicting parts",
     "an amount of who cannot contribute",
     "facts { light_touch { ground: GROUND_CANNOT_CONTRIBUTE evidence: 'Letter.' charge_weekly_pence: 1 } }",
     {"facts.light_touch.charge_weekly_pence"}},
    {"missing",
     "the partner's date of birth",
     "facts { household { relationship: RELATIONSHIP_COUPLE } }",
     {"facts.household.partner_birth_date"}},
    {"missing",
     "the day on which an award was paid",
     "facts { capital { kind: CAPITAL_KIND_PERSONAL_INJURY_AWARD value_pence: 100 } }",
     {"facts.capital[0].received_date"}},
    {"missing",
     "until when a temporary stay lasts",
     "facts { stay { setting: CARE_SETTING_TEMPORARY_RESIDENT first_date: '2025-05-01' } }",
     {"facts.stay.expected_last_date"}},
    {"missing",
     "what satisfies the council",
     "facts { light_touch { ground: GROUND_CANNOT_CONTRIBUTE } }",
     {"facts.light_touch.evidence"}},
    {"income twice",
     "two awards of PIP",
     "facts { income { kind: INCOME_KIND_PIP_DAILY_LIVING weekly_pence: 7390 } income { kind: "
     "INCOME_KIND_PIP_DAILY_LIVING weekly_pence: 11040 } }",
     {"INCOME-TWICE"}},
    {"income twice",
     "Universal Credit beside Income Support",
     "facts { income { kind: INCOME_KIND_UNIVERSAL_CREDIT weekly_pence: 9000 } income { kind: "
     "INCOME_KIND_INCOME_SUPPORT weekly_pence: 9000 } }",
     {"INCOME-NOT-TOGETHER"}},
    {"against a rule",
     "a short stay of nine weeks",
     "facts { stay { setting: CARE_SETTING_SHORT_TERM_RESIDENT first_date: '2025-05-01' expected_last_date: "
     "'2025-07-02' } }",
     {"CHARGE-STAY-LENGTH"}},
    {"against a rule",
     "a person of 17",
     "facts { household { birth_date: '2007-06-02' } }",
     {"CHARGE-ADULT"}},
    {"against a rule",
     "a light touch that nobody agreed to",
     "facts { light_touch { ground: GROUND_CANNOT_CONTRIBUTE evidence: 'Letter.' } }",
     {"CHARGE-LIGHT-TOUCH-AGREED"}},
    {"no policy", "a year before the Care Act", "decision_date: '2014-06-01'", {"NO_RATE"}},
    {"no policy", "a year whose rates are not published", "decision_date: '2026-06-01'", {"NO_RATE"}},
    {"no policy",
     "capital that diminishes in such a year",
     "decision_date: '2026-06-01' facts { capital { kind: CAPITAL_KIND_NOTIONAL value_pence: 100 notional { "
     "valued_date: '2025-05-01' } } }",
     {"NO_RATE"}},
    {"no policy",
     "a care home in such a year",
     "decision_date: '2026-06-01' facts { stay { setting: CARE_SETTING_PERMANENT_RESIDENT first_date: "
     "'2025-05-01' } }",
     {"NO_RATE"}},
};

v1::EvaluateChargeRequest Ordinary() {
  v1::EvaluateChargeRequest request;
  *request.mutable_facts() = Single("1980-01-01");
  request.set_decision_date("2025-06-01");
  v1::ChargeLine* line = request.add_lines();
  line->set_basis(v1::FUNDING_BASIS_CARE_ACT);
  line->set_weekly_pence(50000);
  return request;
}

// Adds a text to a message, with MOST for the most that fits.
bool Merge(const std::string& text, google::protobuf::Message& message) {
  google::protobuf::TextFormat::Parser parser;
  return parser.MergeFromString(absl::StrReplaceAll(text, {{"MOST", kMost}}), &message);
}

absl::StatusOr<v1::ChargeCalculation> Decide(const v1::EvaluateChargeRequest& request,
                                             const v1::AllocationPolicy& local = {}) {
  explain::Trace trace;
  const ChargingRates rates = RatesOn(dates::Checked(request.decision_date()), {National(), local});
  return DecideCharge(request.facts(), request.lines(), rates, trace);
}

// What the service answers: the contract is looked at first.
absl::Status Answer(const v1::EvaluateChargeRequest& request) {
  const absl::Status valid = constraints::Validate(request);
  return valid.ok() ? Decide(request).status() : valid;
}

// Every sentence that the caller reads.
std::vector<std::string> Sentences(const absl::Status& status) {
  std::vector<std::string> sentences;
  const auto payload = [&](auto& detail) {
    const auto found =
        status.GetPayload(absl::StrCat("type.googleapis.com/", detail.GetDescriptor()->full_name()));
    return found && detail.ParseFromString(std::string(*found));
  };
  google::rpc::PreconditionFailure failure;
  google::rpc::BadRequest bad;
  if (payload(failure)) {
    for (const auto& violation : failure.violations()) sentences.push_back(violation.description());
  } else if (payload(bad)) {
    for (const auto& violation : bad.field_violations()) {
      sentences.push_back(absl::StrCat(violation.field(), " ", violation.description()));
    }
  } else {
    sentences.emplace_back(status.message());
  }
  return sentences;
}

TEST(BadInput, IsRefusedInWordsThatSayWhatToDo) {
  for (const Case& one : kCases) {
    SCOPED_TRACE(one.situation);
    v1::EvaluateChargeRequest request = Ordinary();
    ASSERT_TRUE(Merge(one.change, request));
    const absl::Status status = Answer(request);
    const std::vector<std::string> fields = tests::WrongFieldsOf(status);
    const std::vector<std::string> rules = tests::RuleIdsOf(status);
    EXPECT_THAT(fields.empty() ? rules : fields, ElementsAreArray(one.refused)) << status;
    std::printf("%s: %s\n", one.kind, one.situation);
    for (const std::string& sentence : Sentences(status)) {
      std::printf("    %s\n", sentence.c_str());
      EXPECT_EQ(sentence.find('{'), std::string::npos) << "a value is not filled in: " << sentence;
      EXPECT_TRUE(!fields.empty() || one.refused[0] == "NO_RATE" ||
                  absl::StrContains(sentence, "To make it possible:"))
          << sentence;
    }
  }
}

// Each list full of the most that the contract allows.
TEST(BadInput, WhatTheContractAllowsAddsUpExactly) {
  constexpr int kItems = 100;
  v1::EvaluateChargeRequest request = Ordinary();
  request.clear_lines();
  for (int i = 0; i < kItems; ++i) {
    v1::ChargeLine* line = request.add_lines();
    line->set_basis(v1::FUNDING_BASIS_CARE_ACT);
    line->set_weekly_pence(1000000000000);
    AddIncome(*request.mutable_facts(), v1::INCOME_KIND_OTHER, 1000000000);
  }
  ASSERT_TRUE(constraints::Validate(request).ok()) << constraints::Validate(request);
  const auto charge = Decide(request);
  ASSERT_TRUE(charge.ok()) << charge.status();
  EXPECT_EQ(charge->chargeable_weekly_pence(), 100000000000000);
  EXPECT_EQ(charge->charge_weekly_pence(), 100000000000 - 11250);
  for (int i = 0; i < kItems; ++i) {
    AddCapital(*request.mutable_facts(), v1::CAPITAL_KIND_SAVINGS, 1000000000000);
  }
  ASSERT_TRUE(constraints::Validate(request).ok()) << constraints::Validate(request);
  const auto full = Decide(request);
  ASSERT_TRUE(full.ok()) << full.status();
  EXPECT_EQ(full->means_test().counted_capital_pence(), 100000000000000);
  EXPECT_EQ(full->charge_weekly_pence(), 100000000000000);
}

constexpr char kNotional[] =
    "facts { capital { kind: CAPITAL_KIND_NOTIONAL value_pence: 1000000 notional { valued_date: "
    "'2025-05-01' "
    "chargeable_weekly_pence: 50000 } } } ";
// What there is of the last thing is the most that fits at all.
const struct {
  const char* what;
  std::string change;
  const char* local;
} kTooMuch[] = {
    {"costs", "lines { basis: FUNDING_BASIS_CARE_ACT weekly_pence: MOST }", ""},
    {"free costs",
     "lines { basis: FUNDING_BASIS_CARE_ACT no_charge_basis: NO_CHARGE_BASIS_CREUTZFELDT_JAKOB "
     "weekly_pence: MOST }",
     ""},
    {"capital",
     "facts { capital { kind: CAPITAL_KIND_SAVINGS value_pence: 1 } capital { kind: CAPITAL_KIND_SAVINGS "
     "value_pence: MOST } }",
     ""},
    {"notional capital beside other",
     "facts { capital { kind: CAPITAL_KIND_SAVINGS value_pence: MOST } capital { kind: "
     "CAPITAL_KIND_NOTIONAL "
     "value_pence: 1 notional { valued_date: '2025-06-01' } } }",
     ""},
    {"notional capital beside other for a week",
     "facts { capital { kind: CAPITAL_KIND_SAVINGS value_pence: MOST } capital { kind: "
     "CAPITAL_KIND_NOTIONAL "
     "value_pence: 1 notional { valued_date: '2025-05-01' } } }",
     ""},
    {"income of one kind",
     "facts { income { kind: INCOME_KIND_OTHER weekly_pence: 1 } income { kind: INCOME_KIND_OTHER "
     "weekly_pence: "
     "MOST } }",
     ""},
    {"income of two kinds",
     "facts { income { kind: INCOME_KIND_OTHER weekly_pence: 1 } income { kind: INCOME_KIND_STATE_PENSION "
     "weekly_pence: MOST } }",
     ""},
    {"disregards", "facts { income { kind: INCOME_KIND_EARNINGS weekly_pence: MOST } }",
     "income_disregards { kind: INCOME_KIND_EARNINGS wholly: true }"},
    {"a disregard of more than all", "facts { income { kind: INCOME_KIND_OTHER weekly_pence: MOST } }",
     "income_disregards { kind: INCOME_KIND_OTHER part { numerator: 2 denominator: 1 } }"},
    {"housing costs",
     "facts { housing_costs { kind: KIND_RENT weekly_pence: 1 } housing_costs { kind: KIND_RENT "
     "weekly_pence: MOST } }",
     ""},
    {"expenses",
     "facts { disability_expenses { weekly_pence: 1 evidenced: true } disability_expenses { weekly_pence: "
     "MOST "
     "evidenced: true } }",
     ""},
    {"what is left to the person", "facts { housing_costs { kind: KIND_RENT weekly_pence: MOST } }", ""},
    {"the guarantee", "", "guarantee_additions { weekly_pence: MOST }"},
    {"a part of more than all", "facts { income { kind: INCOME_KIND_OTHER weekly_pence: MOST } }",
     "charged_parts { part { numerator: 2 denominator: 1 } }"},
    {"a part of more than all, with notional capital",
     absl::StrCat(kNotional, "facts { income { kind: INCOME_KIND_OTHER weekly_pence: MOST } }"),
     "charged_parts { part { numerator: 2 denominator: 1 } }"},
    {"income and tariff income",
     "facts { capital { kind: CAPITAL_KIND_SAVINGS value_pence: 2000000 } income { kind: INCOME_KIND_OTHER "
     "weekly_pence: MOST } }",
     ""},
    {"income and tariff income of notional capital",
     absl::StrCat(kNotional,
                  "facts { capital { kind: CAPITAL_KIND_SAVINGS value_pence: 1000000 } income { kind: "
                  "INCOME_KIND_OTHER weekly_pence: MOST } }"),
     ""},
};

// The rules do not lean on the contract: a sum that does not fit is told, never a wrong one.
TEST(BadInput, WhatDoesNotFitIsRefused) {
  for (const auto& c : kTooMuch) {
    SCOPED_TRACE(c.what);
    v1::EvaluateChargeRequest request = Ordinary();
    v1::AllocationPolicy local;
    ASSERT_TRUE(Merge(c.change, request) && Merge(c.local, local));
    EXPECT_EQ(tests::RuleIdsOf(Decide(request, local).status()), std::vector<std::string>{"MONEY_OVERFLOW"});
  }
}

}  // namespace
}  // namespace ipb::allocation
