// Who funds what, in tests.
#pragma once

#include <cstdint>
#include <string>

#include "ipb/v1/funding.pb.h"

namespace ipb::tests {

inline v1::FundingShare Share(const std::string& organisation, v1::FundingBasis basis, int64_t numerator,
                              int64_t denominator) {
  v1::FundingShare share;
  share.set_organisation(organisation);
  share.set_basis(basis);
  share.mutable_share()->set_numerator(numerator);
  share.mutable_share()->set_denominator(denominator);
  return share;
}

}  // namespace ipb::tests
