// Exclusions from direct payments by court order.
#include "services/people/rules/payment_exclusion.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/rules/people/cases.h"

namespace ipb::people::rules {
namespace {

using ::testing::ElementsAre;
using Request = v1::RecordPaymentExclusionRequest;

ExclusionFacts FactsWith(std::vector<v1::PaymentExclusion> known = {}) {
  ExclusionFacts facts;
  facts.person = Someone();
  facts.known = std::move(known);
  facts.by.set_decision_date("2026-11-22");
  return facts;
}

v1::PaymentExclusion Known(const std::string& text) {
  return Kept<v1::PaymentExclusion>("paymentExclusions", 1, text);
}

Request Order(const std::string& text = "") {
  return testing::Text<Request>(
      "code: EXCLUSION_CODE_DRUG_REHABILITATION_REQUIREMENT order_reference: 'order-1' "
      "effective_from_date: '2026-11-01' " +
      text);
}

TEST(RecordExclusion, KeepsWhatWasPlanned) {
  const auto decision = RecordExclusion(FactsWith(), Order("effective_to_date: '2027-10-31'"), kToday);
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->exclusion.planned_to_date(), "2027-10-31");
}

TEST(RecordExclusion, Refuses) {
  const std::pair<const char*, const char*> wrong[] = {
      {"effective_from_date: '2026-11-23'", "effective_from_date"},
      {"effective_from_date: '1980-03-14'", "effective_from_date"},
      {"effective_to_date: '2026-10-31'", "effective_to_date"},
  };
  for (const auto& [request, field] : wrong) {
    Request order = Order();
    order.MergeFrom(testing::Text<Request>(request));
    EXPECT_THAT(Refusals(RecordExclusion(FactsWith(), order, kToday).status()), ElementsAre(field))
        << request;
  }
  const auto before = Known(
      "code: EXCLUSION_CODE_DRUG_REHABILITATION_REQUIREMENT order_reference: 'order-1' "
      "effective_from_date: '2026-01-01' effective_to_date: '2026-11-01'");
  EXPECT_THAT(Refusals(RecordExclusion(FactsWith({before}), Order(), kToday).status()),
              ElementsAre("EXCLUSION-TWICE"));
  auto over = before;
  over.set_effective_to_date("2026-10-31");
  EXPECT_TRUE(RecordExclusion(FactsWith({over}), Order(), kToday).ok());
  ExclusionFacts facts = FactsWith();
  facts.person.set_death_date("2026-10-31");
  facts.by.set_decision_date("2026-11-23");
  EXPECT_THAT(Refusals(RecordExclusion(facts, Order(), kToday).status()),
              ElementsAre("EXCLUSION-LIVING", "EXCLUSION-DATE"));
}

TEST(EndExclusion, BringsAPlannedEndForwardOnce) {
  ExclusionFacts facts = FactsWith();
  facts.exclusion = Known("effective_from_date: '2026-01-01' effective_to_date: '2026-11-20'");
  const auto end = [&](const std::string& date) {
    v1::EndPaymentExclusionRequest request;
    request.set_effective_to_date(date);
    return Refusals(EndExclusion(facts, request, kToday).status());
  };
  EXPECT_THAT(end("2026-11-19"), ::testing::IsEmpty());
  EXPECT_THAT(end("2026-11-20"), ElementsAre("EXCLUSION-ENDED"));
  EXPECT_THAT(end("2025-12-31"), ElementsAre("effective_to_date"));
  EXPECT_THAT(end("2026-11-23"), ElementsAre("effective_to_date"));
  facts.exclusion.mutable_end_recorded_time()->set_seconds(1);
  EXPECT_THAT(end("2026-11-19"), ElementsAre("EXCLUSION-ENDED"));
}

}  // namespace
}  // namespace ipb::people::rules
