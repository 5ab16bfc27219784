// People with agreed budgets of council and ICB, and uplifts of them, through a real server whose work is
// done when a call tries it or a test asks for it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/handlers/allocation/fixture.h"

namespace ipb::allocation {

using testing::kSecondCouncilOfficer;
using testing::kSecondIcbOfficer;
using testing::NewRequestId;

inline constexpr char kDay[] = "2025-06-16";
// The council's 3/8 of 324.00, which grow by 35/1000: 4.2525 a week.
inline constexpr int64_t kBefore = 12150, kAfter = 12575;
// The ICB's 5/8, which grow by 25/1000: 5.0625 a week.
inline constexpr int64_t kIcbBefore = 20250, kIcbAfter = 20756;

inline v1::ApplyUpliftRequest Applying(const std::string& day = kDay) {
  v1::ApplyUpliftRequest request;
  request.set_effective_from_date(day);
  request.set_request_id(NewRequestId());
  return request;
}

inline v1::ReleaseUpliftRequest Releasing(const v1::Uplift& uplift) {
  v1::ReleaseUpliftRequest request;
  request.set_name(uplift.name());
  request.set_digest(uplift.digest());
  request.set_weekly_after_pence(uplift.weekly_after_pence());
  request.mutable_decision()->set_reasons("as the board resolved");
  request.set_request_id(NewRequestId());
  return request;
}

inline v1::CancelUpliftRequest Cancelling(const v1::Uplift& uplift, const std::string& reasons) {
  v1::CancelUpliftRequest request;
  request.set_name(uplift.name());
  request.mutable_decision()->set_reasons(reasons);
  request.set_request_id(NewRequestId());
  return request;
}

inline process::Substitutes OnlyWhenAsked(process::Substitutes substitutes = {}) {
  substitutes.work_by_itself = false;
  return substitutes;
}

class UpliftTest : public AllocationTest {
 protected:
  explicit UpliftTest(process::Substitutes substitutes = OnlyWhenAsked())
      : AllocationTest(true, std::move(substitutes)) {}

  // People with an agreed budget each.
  std::vector<v1::Budget> AgreedMany(int people) {
    std::vector<v1::Budget> budgets;
    for (int i = 0; i < people; ++i) budgets.push_back(Agreed(NewPerson()));
    return budgets;
  }
  v1::Uplift Get(const std::string& name, const As& as = kCouncil) {
    v1::GetUpliftRequest request;
    request.set_name(name);
    return Must(&Stub::GetUplift, as, request);
  }
  v1::Uplift Apply(const As& as = kCouncil, const std::string& day = kDay) {
    return Must(&Stub::ApplyUplift, as, Applying(day));
  }
  // All verdicts, page by page.
  std::vector<v1::UpliftVerdict> Verdicts(const std::string& uplift, int page_size = 0,
                                          const As& as = kCouncil) {
    v1::ListUpliftVerdictsRequest request;
    request.set_parent(uplift);
    request.set_page_size(page_size);
    std::vector<v1::UpliftVerdict> all;
    do {
      const auto page = Must(&Stub::ListUpliftVerdicts, as, request);
      EXPECT_LE(page.verdicts_size(), page_size == 0 ? 50 : page_size);
      all.insert(all.end(), page.verdicts().begin(), page.verdicts().end());
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return all;
  }
  std::vector<v1::Budget> Budgets(const v1::Budget& of) {
    v1::ListBudgetsRequest request;
    request.set_parent(of.name().substr(0, of.name().find("/budgets/")));
    const auto listed = Must(&Stub::ListBudgets, kCouncil, request);
    return {listed.budgets().begin(), listed.budgets().end()};
  }
  v1::Budget Read(const std::string& name) {
    v1::GetBudgetRequest request;
    request.set_name(name);
    return Must(&Stub::GetBudget, kCouncil, request);
  }
  // The person's budgets that stand, each of which must hold one change of the uplift; gives how many.
  size_t StandingWith(const v1::Budget& of, const std::string& uplift) {
    size_t standing = 0;
    for (const v1::Budget& budget : Budgets(of)) {
      if (budget.state() != v1::Budget::STATE_AGREED) continue;
      ++standing;
      int changes = 0;
      for (const v1::BudgetChange& change : budget.changes()) changes += change.uplift() == uplift ? 1 : 0;
      EXPECT_EQ(changes, 1) << budget.ShortDebugString();
    }
    return standing;
  }
  store::Store& Store() { return *suite_->process().StoreOf("allocation"); }
};

}  // namespace ipb::allocation
