// How a review is kept: the resource, its explanation so far, and its place among what each organisation has
// to hold.
#pragma once

#include <string>

#include "common/call/call.h"
#include "common/explain/trace.h"
#include "ipb/v1/review.pb.h"

namespace ipb::reviews {

// The ordered index of open reviews: `<organisation>/<due date>`.
inline constexpr char kDueIndex[] = "due-reviews";
std::string DueKeyOf(const std::string& organisation, const std::string& due_date);

// Writes a new review under the person's next number.
void PutNew(const call::Call& call, call::Subject& subject, const explain::Trace& trace, v1::Review& review);

// Writes a review's next version. Its explanation goes on where the record loaded with it ends.
void PutNext(const call::Call& call, call::Subject& subject, const explain::Trace& trace, v1::Review& review);

}  // namespace ipb::reviews
