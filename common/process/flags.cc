#include "common/process/flags.h"

#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

ABSL_FLAG(std::string, listen, "127.0.0.1:50050", "HOST:PORT to serve gRPC on");
ABSL_FLAG(std::string, store, "sqlite::memory:", "where state is kept: sqlite:FILE or redis://HOST:PORT");
ABSL_FLAG(std::string, policy, "deploy/policy", "folder of policy data");
ABSL_FLAG(std::string, metrics, "", "HOST:PORT to serve Prometheus metrics on; empty for none");
ABSL_FLAG(std::string, clock, "", "file with an RFC 3339 instant that is taken for now; only with --insecure");
ABSL_FLAG(std::string, access_log, "", "file that gets a JSON line per call; '-' is standard output, empty none");
ABSL_FLAG(std::string, claim_keys, "", "file of secrets that name identifier claims, a line ID:HEX each, current first");
ABSL_FLAG(bool, insecure, false, "no TLS, callers believed by their metadata; only on a loopback address");
ABSL_FLAG(bool, test_people, false, "accept NHS numbers of the test range 999; implied by --insecure");
ABSL_FLAG(bool, allow_losing_acknowledged_writes, false,
          "run on a Redis that does not fsync each write: what it acknowledged can be lost");
ABSL_FLAG(int, store_replicas, 0, "how many Redis replicas must have a commit before it is answered");
ABSL_FLAG(std::string, tls_certificate, "", "PEM file of this server's certificate chain; read again when it changes");
ABSL_FLAG(std::string, tls_key, "", "PEM file of its private key");
ABSL_FLAG(std::string, tls_roots, "", "PEM file of the roots that callers' certificates must chain to");
ABSL_FLAG(absl::Duration, tls_reread, absl::Minutes(1),
          "how often the TLS files are looked at: a certificate that was renewed, or an authority that was "
          "withdrawn from "
          "the roots, counts for connections made so long after; whole seconds, at least 1s");
ABSL_FLAG(std::string, people, "", "HOST:PORT of the people service");
ABSL_FLAG(bool, host_people, false, "host the people service in this process too");
ABSL_FLAG(std::string, eligibility, "", "HOST:PORT of the eligibility service");
ABSL_FLAG(std::string, allocation, "", "HOST:PORT of the allocation service");
ABSL_FLAG(std::string, careplanning, "", "HOST:PORT of the care planning service");
ABSL_FLAG(std::string, payments, "", "HOST:PORT of the payments service");

namespace ipb::process {
namespace {

bool Loopback(const std::string& address) {
  return absl::StartsWith(address, "127.") || absl::StartsWith(address, "localhost:") ||
         absl::StartsWith(address, "[::1]");
}

}  // namespace

absl::StatusOr<Flags> ReadFlags(int argc, char** argv) {
  absl::SetProgramUsageMessage("a service of ipb, integrated personal budgets");
  const std::vector<char*> rest = absl::ParseCommandLine(argc, argv);
  if (rest.size() > 1) return absl::InvalidArgumentError(absl::StrCat("not a flag: ", rest[1]));
  Flags flags;
  flags.listen = absl::GetFlag(FLAGS_listen);
  flags.store = absl::GetFlag(FLAGS_store);
  flags.policy = absl::GetFlag(FLAGS_policy);
  flags.metrics = absl::GetFlag(FLAGS_metrics);
  flags.clock_file = absl::GetFlag(FLAGS_clock);
  flags.access_log = absl::GetFlag(FLAGS_access_log);
  flags.claim_keys = absl::GetFlag(FLAGS_claim_keys);
  flags.tls_certificate = absl::GetFlag(FLAGS_tls_certificate);
  flags.tls_key = absl::GetFlag(FLAGS_tls_key);
  flags.tls_roots = absl::GetFlag(FLAGS_tls_roots);
  flags.tls_reread = absl::GetFlag(FLAGS_tls_reread);
  flags.insecure = absl::GetFlag(FLAGS_insecure);
  flags.test_people = absl::GetFlag(FLAGS_test_people) || flags.insecure;
  flags.host_people = absl::GetFlag(FLAGS_host_people);
  flags.allow_losing_acknowledged_writes = absl::GetFlag(FLAGS_allow_losing_acknowledged_writes);
  flags.store_replicas = absl::GetFlag(FLAGS_store_replicas);
  const std::vector<std::pair<std::string, std::string>> upstreams = {
      {"people", absl::GetFlag(FLAGS_people)},
      {"eligibility", absl::GetFlag(FLAGS_eligibility)},
      {"allocation", absl::GetFlag(FLAGS_allocation)},
      {"careplanning", absl::GetFlag(FLAGS_careplanning)},
      {"payments", absl::GetFlag(FLAGS_payments)},
  };
  for (const auto& [name, address] : upstreams) {
    if (!address.empty()) flags.upstreams[name] = address;
  }
  if (flags.host_people && flags.upstreams.count("people") > 0) {
    return absl::InvalidArgumentError("--host_people and --people contradict each other: people is here or elsewhere");
  }
  const bool tls = !flags.tls_certificate.empty() && !flags.tls_key.empty() && !flags.tls_roots.empty();
  if (flags.insecure && !Loopback(flags.listen)) {
    return absl::InvalidArgumentError("--insecure serves only on a loopback address, such as 127.0.0.1:50050");
  }
  if (!flags.insecure && !tls) {
    return absl::InvalidArgumentError(
        "give --tls_certificate, --tls_key and --tls_roots, or --insecure for local use");
  }
  if (flags.tls_reread < absl::Seconds(1) || flags.tls_reread % absl::Seconds(1) != absl::ZeroDuration()) {
    return absl::InvalidArgumentError("--tls_reread is in whole seconds, at least 1s");
  }
  if (!flags.insecure && !flags.clock_file.empty()) {
    return absl::InvalidArgumentError("--clock goes with --insecure only: a real deployment has one clock");
  }
  if (!flags.insecure && flags.claim_keys.empty()) {
    return absl::InvalidArgumentError("give --claim_keys: without secrets of your own, claims could be guessed");
  }
  return flags;
}

}  // namespace ipb::process
