#include "common/constraints/validator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/constraints/utf8.h"
#include "ipb/v1/people_service.pb.h"
#include "specimen.pb.h"

namespace ipb::constraints {
namespace {

using ::ipb::test::Specimen;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Specimen Valid() {
  Specimen specimen;
  specimen.set_title("title");
  specimen.set_count(1);
  specimen.set_colour(test::COLOUR_RED);
  specimen.mutable_leaf()->set_meaning("meaning");
  specimen.add_palette(test::COLOUR_BLUE);
  specimen.set_by_text("text");
  specimen.set_agreed(false);
  return specimen;
}

std::string Spell(const google::protobuf::Message& message) {
  return absl::StrJoin(Violations(message), "; ",
                       [](std::string* out, const errors::FieldViolation& violation) {
                         absl::StrAppend(out, violation.field, ": ", violation.description);
                       });
}

TEST(Validate, AcceptsWhatKeepsTheRules) {
  EXPECT_EQ(Spell(Valid()), "");
  EXPECT_TRUE(Validate(Valid()).ok());
}

TEST(Validate, TellsEverythingThatIsMissingAtOnce) {
  std::vector<std::string> fields;
  for (const auto& violation : Violations(Specimen())) fields.push_back(violation.field);
  EXPECT_THAT(fields, ElementsAre("by_text", "title", "count", "colour", "leaf", "palette", "agreed"));
  const absl::Status status = Validate(Specimen());
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(errors::ReasonOf(status), v1::ERROR_REASON_INVALID_FIELD);
  EXPECT_THAT(std::string(status.message()), HasSubstr("; agreed: must be given"));
}

struct Broken {
  std::function<void(Specimen&)> change;
  std::string told;
};

void ExpectTold(const std::vector<Broken>& cases) {
  for (const Broken& c : cases) {
    Specimen specimen = Valid();
    c.change(specimen);
    EXPECT_EQ(Spell(specimen), c.told);
  }
}

TEST(Validate, ChecksText) {
  ExpectTold({
      {[](Specimen& s) { s.set_title(std::string(21, 'a')); }, "title: must be at most 20 bytes long"},
      {[](Specimen& s) { s.set_title(""); }, "title: must be given"},
      {[](Specimen& s) { s.set_note(std::string(2000, 'a')); }, ""},
      {[](Specimen& s) { s.set_note(std::string(2001, 'a')); }, "note: must be at most 2000 bytes long"},
      {[](Specimen& s) { s.set_note("caf\xE9"); }, "note: must be text in UTF-8"},
      {[](Specimen& s) { s.set_word("ab"); }, "word: must be at least 3 bytes long"},
      {[](Specimen& s) { s.set_code("AB-12"); }, ""},
      {[](Specimen& s) { s.set_code("xAB-12"); }, "code: must match the pattern [A-Z]{2}-[0-9]+"},
      {[](Specimen& s) { s.set_code("AB-12\n"); }, "code: must match the pattern [A-Z]{2}-[0-9]+"},
      {[](Specimen& s) { s.set_blob(std::string(2000, '\xFF')); }, ""},
      {[](Specimen& s) { s.set_blob(std::string(2001, 'a')); }, "blob: must be at most 2000 bytes long"},
      {[](Specimen& s) { s.add_tags("\xC0\x80"); }, "tags[0]: must be text in UTF-8"},
  });
}

TEST(Validate, ChecksForms) {
  ExpectTold({
      {[](Specimen& s) { s.set_start_date("2026-02-29"); },
       "start_date: must be a date that exists, written as YYYY-MM-DD"},
      {[](Specimen& s) { s.set_start_date("2028-02-29"); }, ""},
      {[](Specimen& s) { s.set_request_id("1"); },
       "request_id: must be a UUID of 36 characters: 8-4-4-4-12 hexadecimal digits"},
      {[](Specimen& s) { s.set_nhs_number("9990000018"); }, ""},
      {[](Specimen& s) { s.set_nhs_number("999 000 0018"); },
       "nhs_number: must be an NHS number: an NHS number is ten digits without spaces"},
      {[](Specimen& s) { s.set_organisation("E10000019"); }, ""},
      {[](Specimen& s) { s.set_organisation("qzz"); },
       "organisation: must be an organisation's code: 3 to 12 upper-case letters and digits"},
      {[](Specimen& s) { s.set_sort_code("12-34-56"); },
       "sort_code: must be a sort code: six digits without spaces or dashes"},
      {[](Specimen& s) { s.set_account_number("1234567"); },
       "account_number: must be an account number: eight digits"},
      {[](Specimen& s) { s.set_subject("people/a/plans/1"); }, ""},
      {[](Specimen& s) { s.set_subject("people/a/reviews/1"); },
       "subject: must be a resource name of the form people/{person}/budgets/{n} or "
       "people/{person}/plans/{n}"},
  });
}

TEST(Validate, ChecksNumbersAndEnums) {
  ExpectTold({
      {[](Specimen& s) { s.set_weekly_pence(1000); }, ""},
      {[](Specimen& s) { s.set_weekly_pence(1001); }, "weekly_pence: must be from 0 to 1000"},
      {[](Specimen& s) { s.set_weekly_pence(-1); }, "weekly_pence: must be from 0 to 1000"},
      {[](Specimen& s) { s.set_count(0); }, "count: must be at least 1"},
      {[](Specimen& s) { s.set_big(UINT64_MAX); }, "big: must be at most 7"},
      {[](Specimen& s) { s.add_scores(9), s.add_scores(10); }, "scores[1]: must be from 1 to 9"},
      {[](Specimen& s) { s.set_colour(static_cast<test::Colour>(2)); },
       "colour: must be one of COLOUR_RED, COLOUR_BLUE"},
      {[](Specimen& s) { s.set_other_colour(static_cast<test::Colour>(-1)); },
       "other_colour: must be one of COLOUR_RED, COLOUR_BLUE"},
      {[](Specimen& s) { s.add_palette(test::COLOUR_UNSPECIFIED); },
       "palette[1]: must be one of COLOUR_RED, COLOUR_BLUE"},
  });
}

TEST(Validate, ChecksMessagesAndLists) {
  ExpectTold({
      {[](Specimen& s) { s.mutable_leaf()->mutable_inner()->mutable_inner(); },
       "leaf.inner.meaning: must be given; leaf.inner.inner.meaning: must be given"},
      {[](Specimen& s) { s.add_leaves()->set_meaning("a"), s.add_leaves(); },
       "leaves[1].meaning: must be given"},
      {[](Specimen& s) {
         for (int i = 0; i < 4; ++i) s.add_leaves();
       },
       "leaves: must have at most 3 elements"},
      {[](Specimen& s) {
         for (int i = 0; i < 101; ++i) s.add_tags("a");
       },
       "tags: must have at most 100 elements"},
      {[](Specimen& s) {
         *s.mutable_inner() = Valid();
         s.mutable_inner()->add_leaves();
       },
       "inner.leaves[0].meaning: must be given"},
      {[](Specimen& s) { s.mutable_by_leaf(); }, "by_leaf.meaning: must be given"},
      {[](Specimen& s) { s.clear_choice(); }, "by_text: one of by_text, by_leaf must be given"},
      {[](Specimen& s) { s.mutable_recorded_time()->set_nanos(-1); },
       "recorded_time: must be an instant of the years 1 to 9999, with nanos from 0 to 999999999"},
      {[](Specimen& s) { s.mutable_lag()->set_seconds(1), s.mutable_lag()->set_nanos(-1); },
       "lag: must be a duration of at most 10000 years, with nanos of the sign of its seconds"},
  });
}

TEST(Validate, ChecksMasksAgainstTheResourceBesideThem) {
  Specimen specimen = Valid();
  specimen.mutable_update_mask()->add_paths("inner.meaning");
  specimen.mutable_update_mask()->add_paths("title");
  specimen.mutable_update_mask()->add_paths("");
  specimen.mutable_update_mask()->add_paths("inner.");
  EXPECT_EQ(Spell(specimen),
            "update_mask.paths[1]: must be a field of Leaf: name, meaning, inner; "
            "update_mask.paths[2]: must be a field of Leaf: name, meaning, inner; "
            "update_mask.paths[3]: must be a field of Leaf: name, meaning, inner");
  test::Partial partial;
  partial.mutable_update_mask()->add_paths("text");
  EXPECT_EQ(Spell(partial), "");
  partial.mutable_update_mask()->add_paths("part");
  EXPECT_EQ(Spell(partial), "update_mask.paths[1]: must be a field of Plain: text, inner");
  google::protobuf::FieldMask mask;
  mask.add_paths("title");
  EXPECT_TRUE(ValidateMask(mask, Specimen::descriptor(), "update_mask").ok());
  EXPECT_FALSE(ValidateMask(mask, test::Leaf::descriptor(), "update_mask").ok());
}

TEST(Validate, KeepsItsAnswerBounded) {
  Specimen one = Valid();
  for (int i = 0; i < 100; ++i) one.add_tags("\xFF");
  Specimen specimen = one;
  Specimen* inner = &specimen;
  for (int depth = 0; depth < 50; ++depth) {
    inner = inner->mutable_inner();
    *inner = one;
  }
  EXPECT_THAT(Violations(specimen), SizeIs(1000));
}

TEST(Validate, ServesManyThreads) {
  std::vector<std::thread> threads;
  std::vector<std::string> answers(4);
  for (auto& answer : answers) {
    threads.emplace_back([&answer] {
      for (int i = 0; i < 200; ++i) answer = Spell(v1::RegisterPersonRequest());
    });
  }
  for (auto& thread : threads) thread.join();
  for (const auto& answer : answers) {
    EXPECT_EQ(
        answer,
        "identifier: must be given; birth_date: must be given; role: must be one of "
        "RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE, RESPONSIBILITY_ROLE_HOST, RESPONSIBILITY_ROLE_CONTINUITY, "
        "RESPONSIBILITY_ROLE_SECTION_117, RESPONSIBILITY_ROLE_RESPONSIBLE_ICB, "
        "RESPONSIBILITY_ROLE_PLACING_ICB, "
        "RESPONSIBILITY_ROLE_PRISON, RESPONSIBILITY_ROLE_SUPPORT_PROVIDER");
  }
}

TEST(RuleDefects, AreFound) {
  EXPECT_THAT(RuleDefects(Specimen::descriptor()), IsEmpty());
  EXPECT_THAT(RuleDefects(test::Defective::descriptor()),
              ElementsAre(HasSubstr("pattern: the pattern is wrong"), HasSubstr("bound: bounds on"),
                          HasSubstr("resource: no resource"), HasSubstr("length: a length"),
                          HasSubstr("list: a number of elements"), HasSubstr("mask: a mask without"),
                          HasSubstr("order: the minimum is above")));
}

TEST(IsUtf8, FollowsTheStandard) {
  for (const char* good : {"", "abc", "caf\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF",
                           "\xED\x9F\xBF", "eight by\xC3\xA9tes and more"}) {
    EXPECT_TRUE(IsUtf8(good)) << good;
  }
  for (const char* bad :
       {"\x80", "\xC0\x80", "\xC1\xBF", "\xC3", "\xE0\x80\x80", "\xED\xA0\x80", "\xE2\x82",
        "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "12345678\xFF"}) {
    EXPECT_FALSE(IsUtf8(bad)) << bad;
  }
}

}  // namespace
}  // namespace ipb::constraints
