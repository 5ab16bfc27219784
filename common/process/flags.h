// The flags that every binary takes.
#pragma once

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace ipb::process {

struct Flags {
  std::string listen;
  std::string store;
  std::string policy;
  std::string metrics;
  std::string clock_file;
  std::string access_log;
  std::string claim_keys;
  std::string tls_certificate;
  std::string tls_key;
  std::string tls_roots;
  absl::Duration tls_reread = absl::Minutes(1);
  bool insecure = false;
  bool test_people = false;
  // This process hosts people too.
  bool host_people = false;
  bool allow_losing_acknowledged_writes = false;
  int store_replicas = 0;
  // Addresses by service name, of those that were given.
  std::map<std::string, std::string> upstreams;
};

// Reads the command line. INVALID_ARGUMENT where flags contradict each other or miss what they need.
absl::StatusOr<Flags> ReadFlags(int argc, char** argv);

}  // namespace ipb::process
