// The eligibility rows that ship: each sourced, none overlapping, certainty as far as it is known.
#include <map>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/rules/eligibility/cases.h"

namespace ipb::eligibility {
namespace {

// Visits the provenance of each row of each list.
template <typename Visit>
void ForEachRow(const v1::EligibilityPolicy& policy, Visit visit) {
  const google::protobuf::Reflection* reflection = policy.GetReflection();
  for (int i = 0; i < policy.GetDescriptor()->field_count(); ++i) {
    const google::protobuf::FieldDescriptor* list = policy.GetDescriptor()->field(i);
    for (int row = 0; row < reflection->FieldSize(policy, list); ++row) {
      const google::protobuf::Message& message = reflection->GetRepeatedMessage(policy, list, row);
      const auto* field = message.GetDescriptor()->FindFieldByName("provenance");
      visit(list->name(),
            dynamic_cast<const v1::Provenance&>(message.GetReflection()->GetMessage(message, field)));
    }
  }
}

TEST(EligibilityPolicy, HasASourceAndACertaintyForEveryRow) {
  int rows = 0;
  ForEachRow(Policy(), [&](const std::string& list, const v1::Provenance& provenance) {
    ++rows;
    EXPECT_EQ(provenance.effective_from_date().size(), 10u) << list;
    EXPECT_FALSE(provenance.source().empty()) << list;
    EXPECT_NE(provenance.certainty(), v1::CERTAINTY_UNSPECIFIED) << list;
  });
  EXPECT_EQ(rows, 108);
}

TEST(EligibilityPolicy, DoesNotPassPracticeOffAsPublished) {
  std::map<std::string, int> unverified;
  ForEachRow(Policy(), [&](const std::string& list, const v1::Provenance& provenance) {
    unverified[list] += provenance.certainty() == v1::CERTAINTY_UNVERIFIED;
  });
  const std::map<std::string, int> expected = {
      {"care_act_tests", 0},
      {"carer_tests", 0},
      {"care_domains", 0},
      {"checklist_thresholds", 0},
      {"level_patterns", 4},
      {"level_countings", 1},
      {"team_compositions", 0},
      {"request_clocks", 4},
      {"cohort_rights", 0},
      {"child_care_domains", 9},
      {"childrens_thresholds", 3},
      {"childrens_consents", 0},
      {"transition_rules", 4},
      {"notification_clocks", 1},
      {"nursing_care_high_bands", 0},
      {"nursing_care_rates", 0},
      {"nursing_care_supplements", 0},
      {"budget_defaults", 1},
      {"checklist_waivers", 3},
      {"dispute_stages", 15},
      {"childrens_fast_tracks", 1},
      {"verification_clocks", 1},
      {"wheelchair_budget_terms", 0},
      {"after_care_laws", 0},
      {"assurance_targets", 1},
  };
  EXPECT_EQ(unverified, expected);
}

TEST(EligibilityPolicy, HasTwelveDomainsAndFourAsterisks) {
  int on_checklist = 0, asterisked = 0;
  for (const v1::CareDomainRule& rule : Policy().care_domains()) {
    on_checklist += rule.on_checklist();
    asterisked += rule.asterisked();
    const bool priority = rule.levels(rule.levels_size() - 1) == v1::NEED_LEVEL_PRIORITY;
    EXPECT_EQ(rule.asterisked(), priority) << rule.DebugString();
  }
  EXPECT_EQ(Policy().care_domains_size(), 12);
  EXPECT_EQ(on_checklist, 11);
  EXPECT_EQ(asterisked, 4);
}

}  // namespace
}  // namespace ipb::eligibility
