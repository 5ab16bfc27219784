#include "services/payments/rules/statement.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "common/dates/civil.h"
#include "google/rpc/error_details.pb.h"
#include "tests/rules/payments/example.h"

namespace ipb::payments {
namespace {

// The days as "from to", or the fields that are wrong.
std::string Days(const char* from, const char* to, const char* today) {
  v1::GetStatementRequest request;
  request.set_from_date(from);
  request.set_to_date(to);
  const v1::Agreement agreement = example::CouncilAgreement(70000, 0, absl::CivilDay(2026, 4, 8));
  const auto days = DaysOf(request, agreement, dates::Checked(today));
  if (days.ok()) return dates::Format(days->from) + " " + dates::Format(days->to);
  google::rpc::BadRequest bad;
  bad.ParseFromString(std::string(*days.status().GetPayload("type.googleapis.com/google.rpc.BadRequest")));
  std::string fields;
  for (const auto& violation : bad.field_violations()) fields += "!" + violation.field();
  return fields;
}

TEST(Statement, IsForDaysInOrderFromTheAgreementsFirstToToday) {
  const struct {
    const char* from;
    const char* to;
    const char* today;
    const char* days;
  } cases[] = {
      {"", "", "2026-05-01", "2026-04-08 2026-05-01"},
      {"2026-04-20", "2026-04-20", "2026-05-01", "2026-04-20 2026-04-20"},
      {"2026-05-01", "2026-06-30", "2026-05-01", "2026-05-01 2026-06-30"},
      {"2026-05-02", "", "2026-05-01", "!from_date!to_date"},
      {"9999-12-31", "9999-12-31", "2026-05-01", "!from_date"},
      {"2026-04-30", "2026-04-29", "2026-05-01", "!to_date"},
      {"", "2026-04-07", "2026-05-01", "!to_date"},
      {"2026-01-01", "2026-04-07", "2026-05-01", "!to_date"},
      {"0001-01-01", "2026-04-08", "2026-05-01", "0001-01-01 2026-04-08"},
      // An agreement that is still to begin has a statement of its first period.
      {"", "", "2026-03-01", "2026-04-08 2026-04-08"},
  };
  for (const auto& one : cases) {
    EXPECT_EQ(Days(one.from, one.to, one.today), one.days)
        << one.from << " to " << one.to << " on " << one.today;
  }
}

TEST(Statement, ShowsNothingAWeekOnceTheAgreementHasEnded) {
  StatementFacts facts;
  facts.agreement = example::CouncilAgreement(70000, 0, absl::CivilDay(2026, 4, 8));
  facts.agreement.set_last_date("2026-04-19");
  const v1::PaymentsPolicy policy = example::Policy(example::kCouncil);
  for (const auto& [to, weekly_pence] :
       {std::pair(absl::CivilDay(2026, 4, 19), 70000), std::pair(absl::CivilDay(2026, 4, 20), 0)}) {
    const auto made = MakeStatement(facts, absl::CivilDay(2026, 4, 8), to, policy);
    ASSERT_TRUE(made.ok()) << made.status();
    EXPECT_EQ(made->statement.weekly_gross_pence(), weekly_pence) << to;
    EXPECT_EQ(made->statement.reserve_pence(), 8 * weekly_pence) << to;
  }
}

}  // namespace
}  // namespace ipb::payments
