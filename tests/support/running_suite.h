// A real server in the test's own process: real handlers, a real store, real stubs over a channel without a network.
// Only the clock is a fake.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/clock/test_clock.h"
#include "common/process/process.h"
#include "google/rpc/error_details.pb.h"
#include "google/protobuf/descriptor.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/grpcpp.h"

namespace ipb::testing {

// Who calls, as metadata.
struct As {
  std::string organisation;
  std::string actor = "staff-1";
  std::string role = "social_worker";
};

// The organisations of deploy/policy.
inline const As kCouncil{"E10000019", "staff-1", "social_worker"};
inline const As kSecondCouncilOfficer{"E10000019", "staff-2", "panel_chair"};
inline const As kIcb{"QZZ", "nurse-1", "chc_nurse"};
inline const As kSecondIcbOfficer{"QZZ", "nurse-2", "chc_lead"};
// Who had no part in what others decided, in each of the two.
inline const As kCouncilReviewer{"E10000019", "staff-3", "complaints_lead"};
inline const As kIcbReviewer{"QZZ", "nurse-3", "local_resolution_lead"};
// A council that is responsible for nobody here.
inline const As kStranger{"E10000028", "staff-9", "social_worker"};

// The details of an error, as a client sees them.
struct Details {
  google::rpc::ErrorInfo info;
  google::rpc::BadRequest bad_request;
  google::rpc::PreconditionFailure failure;
  bool has_retry = false;
  // The identifiers of the rules that refused, and the fields that are wrong, in order.
  std::vector<std::string> rules() const;
  std::vector<std::string> fields() const;
};
Details DetailsOf(const grpc::Status& status);

// Starts with the clock at 2025-06-02 09:00 in London and the policy of deploy/policy.
class RunningSuite {
 public:
  // A service learns of a person when it is first asked about them; with `mirror_access` it also follows what people
  // says later, as real processes do, at moments of its own choosing. `store` is as the flag --store; a file survives.
  // `adjust` changes other flags, such as the policy or the keys of claims.
  explicit RunningSuite(std::vector<process::ServiceFactory> factories, process::Substitutes substitutes = {},
                        bool mirror_access = false, const std::string& store = "sqlite::memory:",
                        const std::function<void(process::Flags&)>& adjust = {});

  process::Process& process() { return *process_; }
  clock::TestClock& clock() { return *clock_; }
  // Sets the clock to nine in the morning of a civil date, "2025-06-02".
  void SetDate(const std::string& date);
  std::shared_ptr<grpc::Channel> channel() { return channel_; }

  // Calls a unary method of a stub: `suite.Call(stub, &Stub::GetPerson, kCouncil, request, &reply)`.
  template <typename Stub, typename Request, typename Reply>
  grpc::Status Call(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                    const As& as, const Request& request, Reply* reply) {
    grpc::ClientContext context;
    Prepare(context, as);
    return (stub.*method)(&context, request, reply);
  }
  static void Prepare(grpc::ClientContext& context, const As& as);
  // Calls any unary method by its descriptor; the reply is null unless the status is OK.
  struct AnyReply {
    grpc::Status status;
    std::unique_ptr<google::protobuf::Message> reply;
  };
  AnyReply CallAny(const google::protobuf::MethodDescriptor& method, const As& as,
                   const google::protobuf::Message& request);

  // Runs due work of a service until none is left; gives how many items were finished.
  int FinishWork(const std::string& service);

 private:
  clock::TestClock* clock_;
  std::unique_ptr<process::Process> process_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<grpc::GenericStub> generic_;
};

// A fresh request id.
std::string NewRequestId();
// A valid NHS number of the test range, another one at each call.
std::string NewNhsNumber();

}  // namespace ipb::testing
