// How amounts are written for people.
#include "common/money/pence.h"

#include <gtest/gtest.h>

namespace ipb::money {
namespace {

TEST(Format, GroupsPoundsByThousands) {
  const struct {
    int64_t pence;
    const char* written;
  } amounts[] = {{0, "£0.00"},
                 {7, "£0.07"},
                 {-7, "-£0.07"},
                 {10, "£0.10"},
                 {100, "£1.00"},
                 {99999, "£999.99"},
                 {100000, "£1,000.00"},
                 {-123456, "-£1,234.56"},
                 {100000000, "£1,000,000.00"},
                 {INT64_MAX, "£92,233,720,368,547,758.07"},
                 {INT64_MIN, "-£92,233,720,368,547,758.08"}};
  for (const auto& [pence, written] : amounts) EXPECT_EQ(Format(pence), written);
}

}  // namespace
}  // namespace ipb::money
