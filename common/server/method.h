// What the contract says of a method, found once by reflection.
#pragma once

#include <string>

#include "common/call/call.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "ipb/v1/options.pb.h"

namespace ipb::server {

// Immutable. Made once per method, at its first call.
class Method {
 public:
  // `full_name` is "ipb.v1.PaymentsService.RecordSpending"; a method that the contract does not have ends the program.
  explicit Method(const std::string& full_name);

  // "PaymentsService.RecordSpending".
  const std::string& name() const { return name_; }
  const v1::MethodRule& rule() const { return rule_; }
  // Whether this kind of caller may use it.
  bool Allows(v1::CallerKind kind) const;
  // Reads request_id, validate_only and preview_token, and the fingerprint of the request without the last two.
  call::RequestInfo Read(const google::protobuf::Message& request) const;

 private:
  std::string FingerprintOf(const google::protobuf::Message& request) const;

  std::string name_;
  v1::MethodRule rule_;
  const google::protobuf::FieldDescriptor* request_id_ = nullptr;
  const google::protobuf::FieldDescriptor* validate_only_ = nullptr;
  const google::protobuf::FieldDescriptor* preview_token_ = nullptr;
};

}  // namespace ipb::server
