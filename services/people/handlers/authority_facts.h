// What is on record of who acts for a person, read for the rules.
#pragma once

#include "common/async/task.h"
#include "common/call/call.h"
#include "services/people/rules/authority.h"

namespace ipb::people::handlers {

// Everything of a person whom Load has admitted the caller to: `subject` holds the person's own record.
async::Task<absl::StatusOr<rules::AuthorityFacts>> ReadAuthorityFacts(call::Call& call,
                                                                      const call::Subject& subject);

}  // namespace ipb::people::handlers
