#include "tests/journeys/player/schema.h"

#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/impl/codegen/proto_utils.h>

#include <chrono>
#include <set>

#include "absl/strings/str_cat.h"
#include "wire.pb.h"

namespace ipb::journey {
namespace {

constexpr char kReflection[] = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";
constexpr std::chrono::seconds kDeadline(10);

// Asks one question on a stream of its own. The steps of the stream follow each other, so the tags need no
// names.
grpc::Status Converse(const std::shared_ptr<grpc::Channel>& channel, const wire::ReflectionRequest& question,
                      wire::ReflectionResponse& answer) {
  grpc::ClientContext context;
  context.set_wait_for_ready(true);
  context.set_deadline(std::chrono::system_clock::now() + kDeadline);
  grpc::CompletionQueue queue;
  grpc::TemplatedGenericStub<wire::ReflectionRequest, wire::ReflectionResponse> stub(channel);
  void* tag = nullptr;
  bool going = false;
  auto stream = stub.Call(&context, kReflection, &queue, nullptr);
  queue.Next(&tag, &going);
  if (going) {
    stream->Write(question, nullptr);
    queue.Next(&tag, &going);
  }
  if (going) {
    stream->Read(&answer, nullptr);
    queue.Next(&tag, &going);
  }
  if (going) {
    stream->WritesDone(nullptr);
    queue.Next(&tag, &going);
  }
  grpc::Status status;
  stream->Finish(&status, nullptr);
  queue.Next(&tag, &going);
  queue.Shutdown();
  return status;
}

}  // namespace

Schema::Schema(std::shared_ptr<grpc::Channel> channel) : channel_(std::move(channel)), messages_(&pool_) {}

grpc::Status Schema::Ask(const wire::ReflectionRequest& question, Files& files) {
  wire::ReflectionResponse answer;
  const grpc::Status status = Converse(channel_, question, answer);
  if (!status.ok()) return status;
  if (answer.has_error_response()) {
    return grpc::Status(static_cast<grpc::StatusCode>(answer.error_response().error_code()),
                        answer.error_response().error_message());
  }
  for (const std::string& bytes : answer.file_descriptor_response().file_descriptor_proto()) {
    google::protobuf::FileDescriptorProto file;
    if (!file.ParseFromString(bytes))
      return grpc::Status(grpc::INTERNAL, "reflection sent a file that is broken");
    files[file.name()] = file;
  }
  return grpc::Status::OK;
}

// A server may send the imports along with the file that was asked for, or leave them to be asked for.
grpc::Status Schema::FetchImports(Files& files) {
  std::set<std::string> missing;
  do {
    for (const std::string& name : missing) {
      wire::ReflectionRequest question;
      question.set_file_by_filename(name);
      const grpc::Status status = Ask(question, files);
      if (!status.ok()) return status;
      if (files.count(name) == 0) return grpc::Status(grpc::NOT_FOUND, absl::StrCat("no file ", name));
    }
    missing.clear();
    for (const auto& [name, file] : files) {
      for (const std::string& import : file.dependency()) {
        if (files.count(import) == 0 && pool_.FindFileByName(import) == nullptr) missing.insert(import);
      }
    }
  } while (!missing.empty());
  return grpc::Status::OK;
}

bool Schema::BuildAfterImports(const Files& files, const std::string& name) {
  if (pool_.FindFileByName(name) != nullptr) return true;
  const auto file = files.find(name);
  if (file == files.end()) return false;
  for (const std::string& import : file->second.dependency()) {
    if (!BuildAfterImports(files, import)) return false;
  }
  return pool_.BuildFile(file->second) != nullptr;
}

grpc::Status Schema::Build(const Files& files) {
  for (const auto& [name, file] : files) {
    if (!BuildAfterImports(files, name)) {
      return grpc::Status(grpc::INTERNAL, absl::StrCat("the server's file ", name, " cannot be understood"));
    }
  }
  return grpc::Status::OK;
}

grpc::Status Schema::Find(const std::string& service, const std::string& method,
                          const google::protobuf::MethodDescriptor*& found) {
  if (pool_.FindServiceByName(service) == nullptr) {
    wire::ReflectionRequest question;
    question.set_file_containing_symbol(service);
    Files files;
    grpc::Status status = Ask(question, files);
    if (status.ok()) status = FetchImports(files);
    if (status.ok()) status = Build(files);
    if (!status.ok()) {
      return grpc::Status(status.error_code(),
                          absl::StrCat("asking the server about ", service, ": ", status.error_message()));
    }
  }
  const auto* declared = pool_.FindServiceByName(service);
  found = declared == nullptr ? nullptr : declared->FindMethodByName(method);
  if (found != nullptr) return grpc::Status::OK;
  return grpc::Status(grpc::NOT_FOUND, absl::StrCat("the server has no method ", service, ".", method));
}

}  // namespace ipb::journey
