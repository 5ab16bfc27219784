#include "common/errors/errors.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "google/rpc/error_details.pb.h"

namespace ipb::errors {
namespace {

// An error travels in HTTP/2 headers, of which clients of gRPC's core take 8 KiB by default and drop what is
// longer as a whole. Details travel in base64 together with the message, which travels a second time by
// itself.
constexpr size_t kMaximumViolationsBytes = 3500;
constexpr size_t kMaximumMessageBytes = 900;
constexpr absl::string_view kReasonPrefix = "ERROR_REASON_";

void Attach(absl::Status& status, const google::protobuf::Message& detail) {
  status.SetPayload(absl::StrCat("type.googleapis.com/", detail.GetDescriptor()->full_name()),
                    absl::Cord(detail.SerializeAsString()));
}

// States as people say them: RELEASED for the contract's STATE_RELEASED.
std::string StateWords(absl::string_view states) { return absl::StrReplaceAll(states, {{"STATE_", ""}}); }

// Removes violations from the end until those left can travel; the first always stays.
template <typename Violations>
void Bound(Violations* violations) {
  size_t bytes = 0;
  int fitting = 0;
  while (fitting < violations->size()) {
    bytes += violations->Get(fitting).ByteSizeLong();
    if (fitting > 0 && bytes > kMaximumViolationsBytes) break;
    ++fitting;
  }
  violations->DeleteSubrange(fitting, violations->size() - fitting);
}

// Everything that is wrong in one message, for who sees no details: as much as fits, and how much more there
// is.
std::string Told(const std::vector<std::string>& sentences) {
  std::string message = sentences.front();
  size_t told = 1;
  while (told < sentences.size() && message.size() + sentences[told].size() <= kMaximumMessageBytes) {
    absl::StrAppend(&message, "; ", sentences[told++]);
  }
  if (message.size() > kMaximumMessageBytes) {
    size_t end = kMaximumMessageBytes;
    while (end > 0 && (message[end] & 0xC0) == 0x80) --end;  // not within a letter of several bytes
    message.resize(end);
    message += "...";
  }
  if (told < sentences.size()) absl::StrAppend(&message, " (and ", sentences.size() - told, " more)");
  return message;
}

void AttachRetry(absl::Status& status, int64_t milliseconds) {
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(milliseconds / 1000);
  retry.mutable_retry_delay()->set_nanos(static_cast<int32_t>(milliseconds % 1000) * 1000000);
  Attach(status, retry);
}

}  // namespace

absl::Status Make(absl::StatusCode code, v1::ErrorReason reason, absl::string_view message,
                  const Metadata& metadata) {
  absl::Status status(code, message);
  google::rpc::ErrorInfo info;
  info.set_reason(v1::ErrorReason_Name(reason).substr(kReasonPrefix.size()));
  info.set_domain("ipb");
  for (const auto& [key, value] : metadata) (*info.mutable_metadata())[key] = value;
  Attach(status, info);
  return status;
}

absl::Status InvalidFields(const std::vector<FieldViolation>& violations) {
  google::rpc::BadRequest bad;
  std::vector<std::string> sentences;
  for (const FieldViolation& wrong : violations) {
    auto* violation = bad.add_field_violations();
    violation->set_field(wrong.field);
    violation->set_description(wrong.description);
    sentences.push_back(absl::StrCat(wrong.field, ": ", wrong.description));
  }
  Bound(bad.mutable_field_violations());
  absl::Status status =
      Make(absl::StatusCode::kInvalidArgument, v1::ERROR_REASON_INVALID_FIELD, Told(sentences));
  Attach(status, bad);
  return status;
}

absl::Status InvalidField(std::string field, std::string description) {
  return InvalidFields({{std::move(field), std::move(description)}});
}

absl::Status NotFound(absl::string_view name) {
  absl::Status status = Make(absl::StatusCode::kNotFound, v1::ERROR_REASON_NOT_FOUND,
                             absl::StrCat(name, " does not exist, or you have no access to it"));
  google::rpc::ResourceInfo resource;
  resource.set_resource_name(std::string(name));
  Attach(status, resource);
  return status;
}

absl::Status Refused(const std::vector<RuleViolation>& violations) {
  google::rpc::PreconditionFailure failure;
  std::vector<std::string> sentences;
  for (const RuleViolation& refused : violations) {
    auto* violation = failure.add_violations();
    violation->set_type(refused.rule_id);
    violation->set_subject(refused.subject);
    violation->set_description(refused.description);
    sentences.push_back(absl::StrCat(refused.rule_id, ": ", absl::StripSuffix(refused.description, ".")));
  }
  Bound(failure.mutable_violations());
  absl::Status status =
      Make(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_RULE_REFUSED, Told(sentences));
  Attach(status, failure);
  return status;
}

absl::Status WrongState(absl::string_view name, absl::string_view state, absl::string_view allowed_states) {
  const std::string now = StateWords(state), allowed = StateWords(allowed_states);
  return Make(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_WRONG_STATE,
              absl::StrCat(name, " is ", now, "; this is possible only while it is ", allowed),
              {{"state", now}, {"allowed_states", allowed}});
}

absl::Status NoRate(absl::string_view rate, absl::string_view date) {
  return Make(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_NO_RATE,
              absl::StrCat("no rate for ", rate, " on ", date,
                           ": the policy data has no row for it; add one with its source to decide"),
              {{"rate", std::string(rate)}, {"date", std::string(date)}});
}

absl::Status PersonMerged(absl::string_view name, absl::string_view survivor) {
  return Make(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_PERSON_MERGED,
              absl::StrCat(name, " was merged into ", survivor, " and is not changed any more: change ", survivor),
              {{"survivor", std::string(survivor)}});
}

absl::Status EtagMismatch(absl::string_view name) {
  return Make(absl::StatusCode::kAborted, v1::ERROR_REASON_ETAG_MISMATCH,
              absl::StrCat(name, " changed since you read it: read it again and decide again"));
}

absl::Status StoreUnavailable(absl::string_view why) {
  absl::Status status = Make(absl::StatusCode::kUnavailable, v1::ERROR_REASON_STORE_UNAVAILABLE,
                             absl::StrCat("the store is away: ", why));
  AttachRetry(status, 1000);
  return status;
}

absl::Status UpstreamUnavailable(absl::string_view service, absl::string_view why) {
  absl::Status status = Make(absl::StatusCode::kUnavailable, v1::ERROR_REASON_UPSTREAM_UNAVAILABLE,
                             absl::StrCat("the ", service, " service is away: ", why),
                             {{"service", std::string(service)}});
  AttachRetry(status, 1000);
  return status;
}

absl::Status TooBusy(absl::string_view limit) {
  absl::Status status = Make(absl::StatusCode::kResourceExhausted, v1::ERROR_REASON_TOO_BUSY,
                             absl::StrCat("too much at once: the limit of ", limit, " is reached"),
                             {{"limit", std::string(limit)}});
  AttachRetry(status, 250);
  return status;
}

absl::Status MoneyOverflow() {
  return Make(absl::StatusCode::kOutOfRange, v1::ERROR_REASON_MONEY_OVERFLOW,
              "a sum of money is too large to be held exactly");
}

v1::ErrorReason ReasonOf(const absl::Status& status) {
  google::rpc::ErrorInfo info;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.ErrorInfo");
  v1::ErrorReason reason = v1::ERROR_REASON_UNSPECIFIED;
  if (payload && info.ParseFromString(std::string(*payload))) {
    v1::ErrorReason_Parse(absl::StrCat(kReasonPrefix, info.reason()), &reason);
  }
  return reason;
}

}  // namespace ipb::errors
