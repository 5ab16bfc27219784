// How often a second EvaluateEligibility answers, with its explanation in full. The evidence is a joint
// assessment in tests/bench/evidence.json: the adult test, the checklist and the decision support tool,
// twelve rules in all. tests/bench/rules_engine.mjs answers the same with a rules engine of npm.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/errors/status_macros.h"
#include "common/policy/policy.h"
#include "google/protobuf/util/json_util.h"
#include "ipb/v1/eligibility_service.grpc.pb.h"
#include "services/eligibility/rules/evaluation.h"
#include "tests/bench/calls.h"
#include "tests/bench/table.h"

ABSL_FLAG(std::string, eligibility, "", "HOST:PORT of the service");
ABSL_FLAG(std::string, evidence, "tests/bench/evidence.json", "the evidence, as the contract's JSON");
ABSL_FLAG(std::string, policy, "deploy/policy", "the policy that the rules alone are measured with");
ABSL_FLAG(std::string, findings, "",
          "where to write what was found, as the contract's JSON; empty for nowhere");
ABSL_FLAG(int, in_flight, 128, "calls at a time");
ABSL_FLAG(int, channels, 4, "connections");
ABSL_FLAG(int, rounds, 5, "measured rounds");
ABSL_FLAG(int64_t, calls, 30000, "calls of one round");
ABSL_FLAG(double, gate, 0, "fail where the median is below this many calls a second");

namespace ipb::bench {
namespace {

using Request = v1::EvaluateEligibilityRequest;
using Reply = v1::EvaluateEligibilityResponse;
using Evaluate = Operation<v1::EligibilityService, Request, Reply>;

absl::StatusOr<Request> ReadRequest(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  Request request;
  const auto read = google::protobuf::util::JsonStringToMessage(text.str(), request.mutable_evidence());
  if (!file.good() || !read.ok()) return absl::InvalidArgumentError(path + " cannot be read as evidence");
  return request;
}

// Writes what one call found, for a comparison.
absl::Status WriteFindings(const Channels& channels, const Request& request, const std::string& path) {
  grpc::ClientContext context;
  Prepare(context, "staff-1", kIcb);
  Reply reply;
  const auto stub = v1::EligibilityService::NewStub(channels.front());
  const grpc::Status status = stub->EvaluateEligibility(&context, request, &reply);
  if (!status.ok()) return absl::UnavailableError(status.error_message());
  std::string text;
  if (!google::protobuf::util::MessageToJsonString(reply.findings(), &text).ok()) {
    return absl::InternalError("the findings cannot be written");
  }
  std::ofstream(path) << text;
  return absl::OkStatus();
}

std::string Joined(const std::vector<double>& rates) {
  return absl::StrJoin(rates, " ",
                       [](std::string* out, double rate) { absl::StrAppendFormat(out, "%.0f", rate); });
}

// The rules in this process, on one core, their explanation rendered.
absl::Status MeasureRules(const Request& request) {
  IPB_ASSIGN_OR_RETURN(const auto policy, policy::Load(absl::GetFlag(FLAGS_policy)));
  const v1::EligibilityPolicy& rows = policy->national().eligibility();
  std::vector<double> rates;
  size_t steps = 0;
  for (int round = 0; round <= absl::GetFlag(FLAGS_rounds); ++round) {
    const auto began = std::chrono::steady_clock::now();
    for (int64_t i = 0; i < absl::GetFlag(FLAGS_calls); ++i) {
      IPB_ASSIGN_OR_RETURN(const eligibility::Evaluation evaluation,
                           eligibility::Evaluate(request.evidence(), rows));
      steps += evaluation.trace.Render("", "").steps_size();
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    // The first round only warms up.
    if (round > 0) rates.push_back(static_cast<double>(absl::GetFlag(FLAGS_calls)) / took.count());
  }
  if (steps == 0) return absl::InternalError("nothing was explained");
  absl::PrintF("the rules alone, evaluations/s on one core, explained, no network: %s; median %.0f\n",
               Joined(rates), Median(rates));
  return absl::OkStatus();
}

absl::StatusOr<double> MeasureCalls(const Request& request) {
  const Channels channels = Connect(absl::GetFlag(FLAGS_eligibility), absl::GetFlag(FLAGS_channels));
  if (!absl::GetFlag(FLAGS_findings).empty()) {
    const absl::Status written = WriteFindings(channels, request, absl::GetFlag(FLAGS_findings));
    if (!written.ok()) return written;
  }
  Evaluate evaluate;
  evaluate.method = &v1::EligibilityService::StubInterface::async_interface::EvaluateEligibility;
  // A body of the NHS sees every step of the explanation.
  evaluate.organisation = kIcb;
  evaluate.make = [&request](int64_t, Request* made) { *made = request; };
  std::vector<double> rates;
  for (int round = 0; round <= absl::GetFlag(FLAGS_rounds); ++round) {
    // The first round only warms up.
    const int64_t calls = absl::GetFlag(FLAGS_calls) / (round == 0 ? 4 : 1);
    Drive<v1::EligibilityService, Request, Reply> drive(channels, evaluate,
                                                        {calls, absl::GetFlag(FLAGS_in_flight)}, 0);
    const Outcome outcome = drive.Run();
    if (outcome.errors() > 0) return absl::AbortedError(outcome.ToString());
    if (round > 0) rates.push_back(outcome.calls_per_second);
  }
  absl::PrintF("EvaluateEligibility, calls/s, explanation in full, client included: %s; median %.0f\n",
               Joined(rates), Median(rates));
  return Median(rates);
}

absl::StatusOr<double> Measure() {
  IPB_ASSIGN_OR_RETURN(const Request request, ReadRequest(absl::GetFlag(FLAGS_evidence)));
  IPB_RETURN_IF_ERROR(MeasureRules(request));
  return MeasureCalls(request);
}

int Main() {
  const absl::StatusOr<double> median = Measure();
  if (!median.ok()) {
    std::fprintf(stderr, "%s\n", median.status().ToString().c_str());
    return 1;
  }
  const bool fast = *median >= absl::GetFlag(FLAGS_gate);
  if (!fast) std::fprintf(stderr, "below %.0f calls a second\n", absl::GetFlag(FLAGS_gate));
  return fast ? 0 : 1;
}

}  // namespace
}  // namespace ipb::bench

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  return ipb::bench::Main();
}
