// The Redis engine of store.h: one master, later a cluster of them.
//
// Keys. All of a subject lies under the hash tag of its partition (redis_keys.h), so that a commit touches
// one slot:
//   ipb:{tag}:<space>:s:<subject>  hash: "m" revision "<counter> <commit id>", "h" head, "a" access record,
//                                  "r<name>" record "<revision> <data>", "q<request key>" remembered reply
//   ipb:{tag}:<space>:n:<subject>  sorted set, all scores 0: the fields "r<name>", for List
//   ipb:{tag}:<space>:h:<subject>  list: history entries, each after its commit id; the n-th was made by
//   revision n ipb:{tag}:<space>:i:<index>    sorted set, all scores 0: "<key>\0<subject>\0<name>" of this
//   partition ipb:{tag}:<space>:c:           stream of changes of this partition: {<subject>: "<revision>
//   <request key>"} ipb:{tag}:<space>:t:           hash: how far the stream is trimmed, "c" for changes and
//   "r" for replies ipb:{tag 0}:store              hash: "epoch" and "partitions" of the store
// Load is one HMGET and Commit one call of a function (commit.lua).
//
// Promises. With the settings that are checked at the start nothing acknowledged is lost when the process or
// host of Redis dies and its disk survives. On a fail-over, what no replica had can be lost; `replicas` makes
// each commit wait.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/async/executor.h"
#include "common/store/store.h"

namespace ipb::store {

struct RedisOptions {
  std::string password = "";  // for AUTH; empty for none
  // Accept a server without appendonly yes, appendfsync always and maxmemory-policy noeviction.
  bool allow_losing_acknowledged_writes = false;
  // How many replicas must have a commit, or a reply replayed from one, before it is answered.
  int replicas = 0;
  absl::Duration start_limit = absl::Seconds(10);  // for the first connection
  absl::Duration deadline = absl::Seconds(5);      // of each call to Redis
  // Without an answer for so long the connection is given up and made anew.
  absl::Duration silence_limit = absl::Seconds(3);
  // Calls under way on a connection; beyond that RESOURCE_EXHAUSTED.
  size_t maximum_calls = 4096;
  // Connections that Load and Commit are spread over by subject.
  int commit_connections = 4;
};

// Opens the store of a server and waits for it, at most `start_limit`; blocks. Later losses of the connection
// mend themselves, with UNAVAILABLE at once meanwhile. FAILED_PRECONDITION if the server is set to lose
// acknowledged writes or holds a store of another shape, UNAVAILABLE if it cannot be reached. `host` should
// be an address or resolve at once.
absl::StatusOr<std::unique_ptr<Engine>> OpenRedis(const std::string& host, int port,
                                                  async::Executor* executor,
                                                  const RedisOptions& options = {});

}  // namespace ipb::store
