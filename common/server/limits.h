// Every bound of the servers, in one place. Beyond a bound the answer is RESOURCE_EXHAUSTED with RetryInfo, at once.
#pragma once

#include "absl/time/time.h"

namespace ipb::server {

// The largest request that is read, and the largest reply that is sent.
inline constexpr int kMaximumMessageBytes = 4 << 20;
// Calls under way at once in one process.
inline constexpr int kMaximumCallsInFlight = 2048;
// Watch streams open at once in one process.
inline constexpr int kMaximumStreams = 256;
// Conversations, which stream batches to and fro, open at once in one process; how long one may take in all, and how
// long its caller may be silent.
inline constexpr int kMaximumConversations = 8;
inline constexpr absl::Duration kConversationAge = absl::Minutes(10);
inline constexpr absl::Duration kConversationSilence = absl::Minutes(1);
// A stream is ended after this, for the caller to resume elsewhere.
inline constexpr absl::Duration kStreamAge = absl::Minutes(30);
// A stream without changes gets its cursor this often.
inline constexpr absl::Duration kStreamCheckpoint = absl::Seconds(20);
// How often new changes are looked for while anyone watches.
inline constexpr absl::Duration kTailInterval = absl::Milliseconds(100);
// Changes read for all watchers at once.
inline constexpr int kTailBatch = 1000;
// Batches waiting to be written to one slow watcher before its stream is ended.
inline constexpr int kStreamQueue = 64;
// How long a call may take that names no deadline, and at most.
inline constexpr absl::Duration kDefaultDeadline = absl::Seconds(10);
inline constexpr absl::Duration kLongestDeadline = absl::Seconds(60);
// How often a call is tried again after losing a race for its person.
inline constexpr int kAttempts = 8;
// The longest actor, role or organisation in metadata.
inline constexpr int kMaximumIdentityBytes = 64;
// How long a stopping server lets calls end.
inline constexpr absl::Duration kDrain = absl::Seconds(10);
// How often readiness looks at the store.
inline constexpr absl::Duration kReadinessInterval = absl::Milliseconds(500);
// Lines of the access log that may wait for the disk; more are counted and dropped.
inline constexpr int kMaximumLogBytes = 8 << 20;
// How often a process looks for what its services have kept long enough, and how soon again where more is left.
inline constexpr absl::Duration kTrimInterval = absl::Hours(1);
inline constexpr absl::Duration kTrimPause = absl::Seconds(1);
// Changes, and replies, that are trimmed in one step, which holds up the store's commits; and steps of one round.
inline constexpr int kTrimBatch = 500;
inline constexpr int kTrimBatches = 20;
// Pings from clients closer together than this are too many.
inline constexpr int kMinimumPingIntervalMs = 30'000;

}  // namespace ipb::server
