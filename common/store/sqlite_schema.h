// The tables of the embedded engine.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/store/sqlite_connection.h"

namespace ipb::store::sqlite {

// Makes the tables if the file is new, and sets the connection up. Gives the store's epoch.
// FAILED_PRECONDITION, saying why, for a file of another kind, schema version or number of partitions, which
// is then left as it was; UNAVAILABLE if it cannot be read or written.
absl::StatusOr<std::string> Prepare(const std::string& file, Connection& connection);

}  // namespace ipb::store::sqlite
