#include "common/decisions/packed.h"

#include <string>

#include "google/protobuf/descriptor.h"

namespace ipb::decisions {

std::unique_ptr<google::protobuf::Message> Unpacked(const google::protobuf::Any& packed) {
  std::string type;
  if (!google::protobuf::Any::ParseAnyTypeUrl(packed.type_url(), &type)) return nullptr;
  const auto* descriptor = google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(type);
  if (descriptor == nullptr) return nullptr;
  std::unique_ptr<google::protobuf::Message> message(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(descriptor)->New());
  return packed.UnpackTo(message.get()) ? std::move(message) : nullptr;
}

}  // namespace ipb::decisions
