// Policy as it ships, for tests of rules.
#pragma once

#include <string>

#include "ipb/v1/policy.pb.h"

namespace ipb::test {

// Reads the text form of a policy document, at a path relative to the source directory ($IPB_SOURCE_DIR), for
// example "deploy/policy/national/eligibility.textproto". Ends the test program where there is none or it
// does not parse.
v1::PolicyDocument ReadPolicy(const std::string& path);

}  // namespace ipb::test
