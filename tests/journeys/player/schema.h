// The contracts of a server, as it tells them itself by reflection.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>
#include <grpcpp/channel.h>

#include <map>
#include <memory>
#include <string>

namespace ipb::journey::wire {
class ReflectionRequest;
class ReflectionResponse;
}  // namespace ipb::journey::wire

namespace ipb::journey {

// Asks for a service the first time that it is named and remembers it. For use by one thread.
class Schema {
 public:
  explicit Schema(std::shared_ptr<grpc::Channel> channel);

  // Sets `method` to a method of a service. NOT_FOUND where the server has no such method, or the status with
  // which reflection failed.
  grpc::Status Find(const std::string& service, const std::string& method,
                    const google::protobuf::MethodDescriptor*& found);

  google::protobuf::DynamicMessageFactory& messages() { return messages_; }

 private:
  using Files = std::map<std::string, google::protobuf::FileDescriptorProto>;

  grpc::Status Ask(const wire::ReflectionRequest& question, Files& files);
  grpc::Status FetchImports(Files& files);
  grpc::Status Build(const Files& files);
  bool BuildAfterImports(const Files& files, const std::string& name);

  const std::shared_ptr<grpc::Channel> channel_;
  google::protobuf::DescriptorPool pool_;
  google::protobuf::DynamicMessageFactory messages_;
};

}  // namespace ipb::journey
