#include "services/payments/rules/policy.h"

#include <gtest/gtest.h>

#include "absl/time/civil_time.h"
#include "common/dates/effective.h"

namespace ipb::payments {
namespace {

const absl::CivilDay kDay(2026, 4, 6);

v1::PaymentsPolicy Limit(int64_t maximum_transfer_pence) {
  v1::PaymentsPolicy policy;
  v1::TransferLimit* limit = policy.add_transfer_limits();
  limit->set_maximum_transfer_pence(maximum_transfer_pence);
  limit->mutable_provenance()->set_effective_from_date("2026-04-01");
  return policy;
}

TEST(Policy, AnOrganisationsOwnRowHoldsBeforeTheNationalOne) {
  const v1::PaymentsPolicy joined = Joined(Limit(100), Limit(40));
  EXPECT_EQ(dates::InEffect(joined.transfer_limits(), kDay)->maximum_transfer_pence(), 40);
  const v1::PaymentsPolicy national = Joined(Limit(100), {});
  EXPECT_EQ(dates::InEffect(national.transfer_limits(), kDay)->maximum_transfer_pence(), 100);
}

}  // namespace
}  // namespace ipb::payments
