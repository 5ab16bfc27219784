#include "tests/bench/seed.h"

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "common/errors/status_macros.h"
#include "ipb/v1/payments_service.grpc.pb.h"
#include "ipb/v1/statements_service.grpc.pb.h"

namespace ipb::bench {
namespace {

// One step of all people.
struct Step {
  const Channels& channels;
  const Population& population;
  const RequestIds& ids;
  int in_flight;

  template <typename Service, typename Request, typename Reply>
  absl::Status Do(const char* name,
                  void (Service::StubInterface::async_interface::*method)(grpc::ClientContext*,
                                                                          const Request*, Reply*,
                                                                          std::function<void(grpc::Status)>),
                  Request (*request_of)(const std::string& person), int step,
                  const char* actor = "staff-1") const {
    Operation<Service, Request, Reply> operation;
    operation.method = method;
    operation.actor = actor;
    operation.make = [&](int64_t index, Request* request) {
      *request = request_of(population.Name(index));
      request->set_request_id(ids.Next(index + step * population.size()));
    };
    Drive<Service, Request, Reply> drive(channels, operation, {population.size(), in_flight}, 0);
    const Outcome outcome = drive.Run();
    std::fprintf(stderr, "  %-16s %7.0f calls/s  %s\n", name, outcome.calls_per_second,
                 outcome.ToString().c_str());
    return outcome.errors() == 0 ? absl::OkStatus()
                                 : absl::AbortedError(absl::StrCat("seeding failed at ", name));
  }
};

}  // namespace

absl::Status Seed(const Channels& payments, const Population& population, int in_flight) {
  using Statements = v1::StatementsService;
  using Payments = v1::PaymentsService;
  using StatementsStub = Statements::StubInterface::async_interface;
  using PaymentsStub = Payments::StubInterface::async_interface;
  const RequestIds ids;
  const Step step{payments, population, ids, in_flight};
  IPB_RETURN_IF_ERROR(step.Do<Statements>("people", &StatementsStub::RecordStatement, StatePerson, 0));
  IPB_RETURN_IF_ERROR(step.Do<Statements>("budgets", &StatementsStub::RecordStatement, StateBudget, 1));
  IPB_RETURN_IF_ERROR(step.Do<Statements>("plans", &StatementsStub::RecordStatement, StatePlan, 2));
  IPB_RETURN_IF_ERROR(step.Do<Payments>("payees", &PaymentsStub::ProposePayee, ProposePayee, 3));
  IPB_RETURN_IF_ERROR(
      step.Do<Payments>("approvals", &PaymentsStub::ApprovePayee, ApprovePayee, 4, "staff-2"));
  IPB_RETURN_IF_ERROR(step.Do<Payments>("agreements", &PaymentsStub::OpenAgreement, OpenAgreement, 5));
  return step.Do<Payments>("first spending", &PaymentsStub::RecordSpending, RecordSpending, 6);
}

}  // namespace ipb::bench
