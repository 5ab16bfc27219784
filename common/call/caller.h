// Who is behind a call.
#pragma once

#include <string>

#include "ipb/v1/options.pb.h"

namespace ipb::call {

// The organisation and system that call, the person behind them, and what kind of body the organisation is.
struct Caller {
  std::string organisation;  // its code
  std::string system;        // the name of the calling system, or of the service of the suite that calls
  std::string actor;         // opaque staff id
  std::string role;          // the role in which the actor acts
  v1::CallerKind kind = v1::CALLER_KIND_UNSPECIFIED;
};

}  // namespace ipb::call
