// Makes a well-formed request of any method from the contract's own field rules.
#pragma once

#include <string>

#include "google/protobuf/message.h"

namespace ipb::testing {

// What the filled names point to.
struct Subjects {
  std::string person;  // the {person} of `people/{person}`
  std::string run;     // the {run} of `paymentRuns/{run}` and the {uplift} of `uplifts/{uplift}`
};

// Sets every required field, at every depth, to a value that its rule allows: names point to the subjects given, with
// number 1. Fields that are set already stay.
void FillRequired(google::protobuf::Message& message, const Subjects& subjects);

}  // namespace ipb::testing
