// Messages of types known only by name.
#pragma once

#include <memory>

#include "google/protobuf/any.pb.h"
#include "google/protobuf/message.h"

namespace ipb::decisions {

// The message in a google.protobuf.Any; null where its type is not of this program, or it does not parse.
std::unique_ptr<google::protobuf::Message> Unpacked(const google::protobuf::Any& packed);

}  // namespace ipb::decisions
