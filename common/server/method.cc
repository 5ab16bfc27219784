#include "common/server/method.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "common/identifiers/digest.h"

namespace ipb::server {

Method::Method(const std::string& full_name) {
  const auto* method = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(full_name);
  if (method == nullptr) {
    std::fprintf(stderr, "the contract has no method %s\n", full_name.c_str());
    std::abort();
  }
  name_ = method->service()->name() + "." + method->name();
  rule_ = method->options().GetExtension(v1::method);
  request_id_ = method->input_type()->FindFieldByName("request_id");
  validate_only_ = method->input_type()->FindFieldByName("validate_only");
  preview_token_ = method->input_type()->FindFieldByName("preview_token");
}

bool Method::Allows(v1::CallerKind kind) const {
  if (rule_.callers().empty()) {
    return kind == v1::CALLER_KIND_COUNCIL || kind == v1::CALLER_KIND_NHS || kind == v1::CALLER_KIND_SERVICE;
  }
  return std::find(rule_.callers().begin(), rule_.callers().end(), kind) != rule_.callers().end();
}

call::RequestInfo Method::Read(const google::protobuf::Message& request) const {
  call::RequestInfo info;
  info.method = name_;
  info.mutates = rule_.mutates();
  info.begins = rule_.begins();
  if (rule_.decides()) info.decides_on = &request;
  if (!rule_.mutates()) return info;
  const auto* reflection = request.GetReflection();
  if (request_id_ != nullptr) info.request_id = reflection->GetString(request, request_id_);
  if (validate_only_ != nullptr) info.validate_only = reflection->GetBool(request, validate_only_);
  if (preview_token_ != nullptr) info.preview_token = reflection->GetString(request, preview_token_);
  if (!info.request_id.empty()) info.fingerprint = FingerprintOf(request);
  return info;
}

std::string Method::FingerprintOf(const google::protobuf::Message& request) const {
  // The serialised form is stable enough here: one program reads the bytes that one client sent, within days.
  const auto digest = [](const google::protobuf::Message& body) {
    return identifiers::Sha256(body.SerializeAsString()).substr(0, 16);
  };
  const auto* reflection = request.GetReflection();
  const bool previews = validate_only_ != nullptr && reflection->HasField(request, validate_only_);
  const bool previewed = preview_token_ != nullptr && reflection->HasField(request, preview_token_);
  if (!previews && !previewed) return digest(request);
  // A preview, the call with its token and the call without are one request.
  const std::unique_ptr<google::protobuf::Message> body(request.New());
  body->CopyFrom(request);
  if (validate_only_ != nullptr) reflection->ClearField(body.get(), validate_only_);
  if (preview_token_ != nullptr) reflection->ClearField(body.get(), preview_token_);
  return digest(*body);
}

}  // namespace ipb::server
