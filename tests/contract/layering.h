// Who may include whom: the table of rooms, as rules over paths.
#pragma once

#include <string>
#include <vector>

#include "tests/contract/source.h"

namespace ipb::contract {

// Why a file of services/ or common/ may not include something, each as one sentence; empty where all is allowed.
std::vector<std::string> Trespasses(const SourceFile& file);

}  // namespace ipb::contract
