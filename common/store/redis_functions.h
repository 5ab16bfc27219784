// The function library that Redis runs (commit.lua), embedded at build time. Its name and the names of its
// functions carry the hash of its source, so that programs of different versions use one server side by side.
#pragma once

#include "absl/strings/string_view.h"

namespace ipb::store {

absl::string_view FunctionLibrary();  // the argument of FUNCTION LOAD

// Names of the functions in the library.
absl::string_view CommitFunction();
absl::string_view CheckFunction();
absl::string_view ListFunction();
absl::string_view TrimFunction();

}  // namespace ipb::store
