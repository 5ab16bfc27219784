// ipb-store-check --store=URL: reads everything a stopped suite has stored and says what is not as promised.
// Exits with 1 if anything is.
#include <cstdio>
#include <string>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/time/time.h"
#include "common/process/open_store.h"
#include "tests/faults/store_check.h"

ABSL_FLAG(std::string, store, "", "the store: sqlite:FILE or redis://HOST:PORT");
ABSL_FLAG(absl::Time, due_by, absl::InfinitePast(), "work that was due by this instant must be done");
ABSL_FLAG(bool, work_only, false, "look at work alone; the suite may be running");

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  ipb::process::Flags flags;
  flags.store = absl::GetFlag(FLAGS_store);
  const absl::Time due_by = absl::GetFlag(FLAGS_due_by);
  ipb::async::Executor executor(1);
  auto engine = ipb::process::OpenStore(flags, &executor);
  if (!engine.ok()) {
    std::fprintf(stderr, "%s\n", std::string(engine.status().message()).c_str());
    return 2;
  }
  ipb::faults::Findings findings;
  for (const char* space : {"people", "eligibility", "allocation", "careplanning", "payments", "reviews"}) {
    const auto store = (*engine)->Open(space);
    if (!absl::GetFlag(FLAGS_work_only)) ipb::faults::CheckSpace(*store, space, findings);
    if (due_by > absl::InfinitePast()) ipb::faults::CheckWork(*store, due_by, findings);
  }
  (*engine)->Close();
  for (const std::string& complaint : findings.complaints) std::printf("%s\n", complaint.c_str());
  std::printf(
      "%zu people, %lld subjects, %lld commits, %lld transactions, %lld balances, %lld work items left, %zu "
      "complaints\n",
      findings.people.size(), static_cast<long long>(findings.subjects),
      static_cast<long long>(findings.commits), static_cast<long long>(findings.transactions),
      static_cast<long long>(findings.balances), static_cast<long long>(findings.work_left),
      findings.complaints.size());
  return findings.complaints.empty() ? 0 : 1;
}
