#include "tests/journeys/player/remote.h"

#include <google/protobuf/util/json_util.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/byte_buffer.h>

#include <future>
#include <vector>

#include "absl/strings/str_cat.h"
#include "grpc/health/v1/health.pb.h"
#include "tests/journeys/player/retry.h"

namespace ipb::journey {
namespace {

using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

constexpr char kHealth[] = "/grpc.health.v1.Health/Check";
constexpr std::chrono::seconds kDeadline(10);

std::shared_ptr<grpc::Channel> Open(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 500);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

// One unary call on the calling thread; the request and reply are messages or their bytes.
template <class Request, class Reply>
grpc::Status CallAndWait(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                         grpc::ClientContext& context, const Request& request, Reply& reply) {
  std::promise<grpc::Status> done;
  grpc::TemplatedGenericStub<Request, Reply> stub(channel);
  stub.UnaryCall(&context, method, {}, &request, &reply,
                 [&done](grpc::Status status) { done.set_value(std::move(status)); });
  return done.get_future().get();
}

grpc::ByteBuffer ToBytes(const Message& message) {
  grpc::Slice slice(message.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

bool FromBytes(const grpc::ByteBuffer& bytes, Message& message) {
  std::vector<grpc::Slice> slices;
  if (!bytes.Dump(&slices).ok()) return false;
  std::string joined;
  for (const grpc::Slice& slice : slices) {
    joined.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return message.ParseFromString(joined);
}

void Introduce(const Caller& caller, grpc::ClientContext& context) {
  if (!caller.organisation.empty()) context.AddMetadata("ipb-organisation", caller.organisation);
  if (!caller.actor.empty()) context.AddMetadata("ipb-actor", caller.actor);
  if (!caller.role.empty()) context.AddMetadata("ipb-role", caller.role);
}

absl::Status ToMessage(const MethodDescriptor& method, const Json& json, const std::string& request_id,
                       Message& message) {
  const auto status = google::protobuf::util::JsonStringToMessage(json.dump(), &message);
  if (!status.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(method.full_name(), " does not take this request: ",
                                                   std::string(status.message()), "\n", json.dump()));
  }
  const auto* field = method.input_type()->FindFieldByName("request_id");
  if (field != nullptr && !json.contains("request_id") && !json.contains("requestId")) {
    message.GetReflection()->SetString(&message, field, request_id);
  }
  return absl::OkStatus();
}

absl::StatusOr<Json> ToJson(const Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  std::string text;
  const auto status = google::protobuf::util::MessageToJsonString(message, &text, options);
  if (!status.ok()) return absl::InternalError(std::string(status.message()));
  return Json::parse(text);
}

}  // namespace

Remote::Remote(const std::string& address) : Remote(Open(address)) {}
Remote::Remote(std::shared_ptr<grpc::Channel> channel) : channel_(std::move(channel)), schema_(channel_) {}

absl::Status Remote::AwaitReady(absl::Duration patience) {
  const absl::Time deadline = absl::Now() + patience;
  grpc::health::v1::HealthCheckRequest request;
  request.set_service("ready");
  grpc::Status status;
  do {
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    context.set_deadline(absl::ToChronoTime(deadline));
    grpc::health::v1::HealthCheckResponse response;
    status = CallAndWait(channel_, kHealth, context, request, response);
    if (status.error_code() == grpc::UNIMPLEMENTED) return absl::OkStatus();
    if (status.ok() && response.status() == grpc::health::v1::HealthCheckResponse::SERVING)
      return absl::OkStatus();
    if (status.error_code() == grpc::NOT_FOUND) request.clear_service();
  } while (WaitToRetry(deadline));
  return absl::DeadlineExceededError(
      absl::StrCat("the server is not ready: ",
                   status.ok() ? "it says that it does not serve" : status.error_message().c_str()));
}

absl::StatusOr<Outcome> Remote::Call(const Step& step, const Caller& caller, const Json& request,
                                     const std::string& request_id) {
  const MethodDescriptor* method = nullptr;
  grpc::Status status = schema_.Find(step.service, step.method, method);
  if (method == nullptr) {
    const Outcome outcome = FromStatus(status);
    if (outcome.away()) return outcome;
    return absl::InvalidArgumentError(status.error_message());
  }
  if (method->client_streaming() || method->server_streaming()) {
    return absl::InvalidArgumentError(
        absl::StrCat(method->full_name(), " is a stream; journeys play single calls"));
  }
  const std::unique_ptr<Message> message(schema_.messages().GetPrototype(method->input_type())->New());
  const absl::Status fits = ToMessage(*method, request, request_id, *message);
  if (!fits.ok()) return fits;

  grpc::ClientContext context;
  context.set_wait_for_ready(true);
  context.set_deadline(std::chrono::system_clock::now() + kDeadline);
  Introduce(caller, context);
  grpc::ByteBuffer bytes;
  status = CallAndWait(channel_, absl::StrCat("/", step.service, "/", step.method), context,
                       ToBytes(*message), bytes);
  if (!status.ok()) return FromStatus(status);

  const std::unique_ptr<Message> reply(schema_.messages().GetPrototype(method->output_type())->New());
  if (!FromBytes(bytes, *reply)) return absl::InternalError("the reply is not what the contract says");
  auto json = ToJson(*reply);
  if (!json.ok()) return json.status();
  Outcome outcome;
  outcome.reply = *std::move(json);
  return outcome;
}

}  // namespace ipb::journey
