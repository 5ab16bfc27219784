// Cursors of Watch as callers hold them: positions, epoch, service and caller, authenticated.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/call/caller.h"
#include "common/identifiers/claim.h"
#include "common/store/store.h"

namespace ipb::changes {

// Opaque text that only this caller can give back, for this service.
std::string WriteCursor(const identifiers::Claims& claims, const call::Caller& caller, const std::string& service,
                        const store::Cursor& cursor);

// INVALID_ARGUMENT for a text that WriteCursor did not make for this caller and service.
absl::StatusOr<store::Cursor> ReadCursor(const identifiers::Claims& claims, const call::Caller& caller,
                                         const std::string& service, const std::string& text);

}  // namespace ipb::changes
