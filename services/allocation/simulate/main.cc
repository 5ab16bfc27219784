// ipb-simulate: works out many cases under the policy that holds and under one that is considered, and says
// what it would cost, who would gain and who would lose.
#include <chrono>
#include <fstream>
#include <iostream>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/str_cat.h"
#include "common/constraints/validator.h"
#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "common/policy/policy.h"
#include "google/protobuf/util/json_util.h"
#include "services/allocation/rules/simulation.h"
#include "services/allocation/simulate/case_file.h"
#include "services/allocation/simulate/chart.h"
#include "services/allocation/simulate/table.h"

ABSL_FLAG(std::string, policy, "deploy/policy", "the folder of the policy that holds");
ABSL_FLAG(std::string, candidate, "", "the folder of the policy that is considered");
ABSL_FLAG(std::string, organisation, "", "the code of the council whose policy it is");
ABSL_FLAG(std::string, date, "", "the day whose rates are applied, such as 2025-06-01");
ABSL_FLAG(std::string, out, "",
          "a folder for simulation.csv, simulation.json and simulation.svg; none where left out");
ABSL_FLAG(bool, quiet, false, "do not tell of progress");

namespace ipb::allocation {
namespace {

constexpr int kFailed = 1;
constexpr int kUnusable = 2;  // a flag, a policy or a file of cases is wrong

using Clock = std::chrono::steady_clock;

// Tells how far it is, once a second.
class Progress {
 public:
  void Reached(int64_t cases) {
    if (absl::GetFlag(FLAGS_quiet) || cases % 4096 != 0) return;
    const Clock::time_point now = Clock::now();
    if (now - told_ < std::chrono::seconds(1)) return;
    told_ = now;
    Tell(cases);
  }
  void Tell(int64_t cases) const {
    if (absl::GetFlag(FLAGS_quiet)) return;
    const int64_t milliseconds =
        std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began_).count();
    std::cerr << cases << " cases in " << milliseconds << " ms, "
              << cases * 1000 / std::max<int64_t>(milliseconds, 1) << " a second\n";
  }

 private:
  const Clock::time_point began_ = Clock::now();
  Clock::time_point told_ = began_;
};

absl::StatusOr<Policies> PoliciesIn(const policy::Policy& policy) {
  const std::string organisation = absl::GetFlag(FLAGS_organisation);
  const v1::PolicyDocument* local = policy.local(organisation);
  if (local == nullptr) {
    return absl::NotFoundError(absl::StrCat("--organisation: no policy of \"", organisation, "\""));
  }
  return Policies{policy.national().allocation(), local->allocation()};
}

absl::Status Count(const v1::SimulationCase& one, const std::string& path, Simulation& simulation) {
  absl::Status status = constraints::Validate(one);
  if (status.ok()) status = simulation.Add(one);
  if (status.ok()) return status;
  return absl::InvalidArgumentError(absl::StrCat(path, ": case ", one.key(), ": ", status.message()));
}

absl::Status WorkThrough(const std::vector<std::string>& paths, Simulation& simulation) {
  Progress progress;
  v1::SimulationCase one;
  int64_t cases = 0;
  for (const std::string& path : paths) {
    IPB_ASSIGN_OR_RETURN(const std::unique_ptr<CaseFile> file, CaseFile::Open(path));
    while (true) {
      IPB_ASSIGN_OR_RETURN(const bool read, file->Next(one));
      if (!read) break;
      IPB_RETURN_IF_ERROR(Count(one, path, simulation));
      progress.Reached(++cases);
    }
  }
  progress.Tell(cases);
  return absl::OkStatus();
}

absl::Status Write(const std::string& folder, const std::string& name, const std::string& text) {
  std::ofstream out(absl::StrCat(folder, "/", name), std::ios::binary);
  out << text;
  out.close();
  if (!out) return absl::UnknownError(absl::StrCat("cannot write ", folder, "/", name));
  return absl::OkStatus();
}

absl::Status WriteAll(const v1::SimulationReport& report) {
  std::cout << TextTable(report);
  const std::string folder = absl::GetFlag(FLAGS_out);
  if (folder.empty()) return absl::OkStatus();
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.preserve_proto_field_names = true;
  std::string json;
  const auto printed = google::protobuf::util::MessageToJsonString(report, &json, options);
  if (!printed.ok()) return absl::InternalError(std::string(printed.message()));
  IPB_RETURN_IF_ERROR(Write(folder, "simulation.csv", CsvTable(report)));
  IPB_RETURN_IF_ERROR(Write(folder, "simulation.json", json));
  return Write(folder, "simulation.svg", Chart(report));
}

absl::Status Run(const std::vector<std::string>& paths) {
  IPB_ASSIGN_OR_RETURN(const absl::CivilDay day, dates::Parse(absl::GetFlag(FLAGS_date)));
  IPB_ASSIGN_OR_RETURN(const auto current, policy::Load(absl::GetFlag(FLAGS_policy)));
  IPB_ASSIGN_OR_RETURN(const auto candidate, policy::Load(absl::GetFlag(FLAGS_candidate)));
  IPB_ASSIGN_OR_RETURN(const Policies current_policies, PoliciesIn(*current));
  IPB_ASSIGN_OR_RETURN(const Policies candidate_policies, PoliciesIn(*candidate));
  IPB_ASSIGN_OR_RETURN(Simulation simulation, Simulation::Make(day, current_policies, candidate_policies));
  IPB_RETURN_IF_ERROR(WorkThrough(paths, simulation));
  IPB_ASSIGN_OR_RETURN(const v1::SimulationReport report, simulation.Report());
  return WriteAll(report);
}

}  // namespace
}  // namespace ipb::allocation

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage(
      "ipb-simulate --policy=FOLDER --candidate=FOLDER --organisation=CODE --date=DAY [--out=FOLDER] "
      "CASES...\n"
      "CASES are files of SimulationCase: .jsonl, one in JSON a line, or .binpb, each after its length.");
  const std::vector<char*> arguments = absl::ParseCommandLine(argc, argv);
  const std::vector<std::string> paths(arguments.begin() + 1, arguments.end());
  if (paths.empty()) {
    std::cerr << absl::ProgramUsageMessage() << "\n";
    return ipb::allocation::kUnusable;
  }
  const absl::Status status = ipb::allocation::Run(paths);
  if (status.ok()) return 0;
  std::cerr << "ipb-simulate: " << status.message() << "\n";
  const bool unusable =
      absl::IsInvalidArgument(status) || absl::IsNotFound(status) || absl::IsFailedPrecondition(status);
  return unusable ? ipb::allocation::kUnusable : ipb::allocation::kFailed;
}
