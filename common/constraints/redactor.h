// What a caller may see: fields marked with a purpose (ipb.v1.purpose) are taken out of messages for whose
// eyes they are not.
#pragma once

#include "google/protobuf/message.h"
#include "ipb/v1/options.pb.h"

namespace ipb::constraints {

// Which purposes a caller has eyes for; COMMON everyone has.
struct Eyes {
  // Clinical detail.
  bool health = false;
  // The means test and the contribution that follows from it.
  bool means = false;
  // Bank details.
  bool bank = false;
};

// The eyes of a kind of caller: councils see means and not health, NHS bodies health and not means, services
// both, providers and the unknown neither. `bank` is whether the method called is one for callers who pay.
Eyes EyesOf(v1::CallerKind kind, bool bank);

// Clears every field that is not for these eyes, at every depth, in lists and inside google.protobuf.Any. A
// message that says its own purpose in a field of type ipb.v1.Purpose, such as a step of an explanation, goes
// as a whole. Of what this program does not know - an Any of another type, a purpose or a field from a newer
// contract in a message that has marked fields - nothing is shown, unless the eyes see everything. A message
// of a type that can hold nothing marked is not looked at. Thread-safe for different messages.
void Redact(google::protobuf::Message& message, Eyes eyes);

}  // namespace ipb::constraints
