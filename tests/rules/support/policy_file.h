// Reading the policy files that ship, so that rules are tested with the rows that decide.
#pragma once

#include <string>

#include "ipb/v1/policy.pb.h"

namespace ipb::tests {

// The document in a file, by its path in the source tree. A file that cannot be read fails the test with the
// place.
v1::PolicyDocument ReadPolicy(const std::string& path);

}  // namespace ipb::tests
