// People with agreed, live budgets for the soak of an uplift: written straight into the store of allocation,
// and read again when the uplift is over.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/async/executor.h"
#include "common/async/timer.h"
#include "common/call/environment.h"
#include "common/clock/clock.h"
#include "common/policy/policy.h"
#include "common/store/store.h"
#include "ipb/v1/budget.pb.h"
#include "ipb/v1/financial_assessment.pb.h"
#include "ipb/v1/uplift.pb.h"

namespace ipb::soak {

// The council whose money grows, by the policy that ships, from this day.
inline constexpr char kCouncil[] = "E10000019";
inline constexpr char kUpliftDay[] = "2025-06-16";

// What the budgets come to for the council by the arithmetic of this test, in pence a week.
struct Totals {
  int64_t budgets = 0;
  int64_t grows = 0;  // of the budgets, those with money that grows
  int64_t before_pence = 0;
  int64_t after_pence = 0;
  friend bool operator==(const Totals&, const Totals&) = default;
};

class UpliftPeople {
 public:
  // `clock` must outlive it. The store is that of a redis-server on the loopback.
  static absl::StatusOr<std::unique_ptr<UpliftPeople>> Open(int redis_port, int64_t people,
                                                            const std::string& policy,
                                                            const clock::Clock* clock);
  ~UpliftPeople();

  // Writes each person: a means test and a budget of up to three parts, agreed, live and indexed. Amounts
  // differ.
  absl::Status Seed();
  // What has to come of them.
  Totals Expected() const;
  // How many commits people had since the store was as it is at the first call of this.
  absl::StatusOr<int64_t> CommitsOfPeople();
  // The uplift as it is stored.
  absl::StatusOr<v1::Uplift> Read(const std::string& uplift);
  // What the stored budgets come to before and after the uplift. INTERNAL with the first few people whose
  // budget is missed, doubled or not as it has to be.
  absl::StatusOr<Totals> Stored(const std::string& uplift);

 private:
  UpliftPeople(int64_t people, const clock::Clock* clock);
  v1::Budget BudgetOf(int64_t person) const;
  async::Task<absl::Status> SeedOne(int64_t person);
  async::Task<absl::Status> CheckOne(int64_t person, const std::string& uplift, Totals& totals);

  const int64_t people_;
  async::Executor executor_;
  async::Executor bulk_executor_{1};
  async::Timer timer_{&executor_};
  std::unique_ptr<store::Engine> engine_;
  std::unique_ptr<store::Store> store_;
  call::Environment environment_;
  v1::FinancialAssessment assessment_;
  store::Cursor cursor_;
  int64_t commits_ = 0;
};

}  // namespace ipb::soak
