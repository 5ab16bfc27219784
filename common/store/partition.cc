#include <cstdint>

#include "common/store/store.h"

namespace ipb::store {

int PartitionOf(absl::string_view subject) {
  uint64_t hash = 14695981039346656037u;
  for (const char byte : subject) {
    hash ^= static_cast<unsigned char>(byte);
    hash *= 1099511628211u;
  }
  return static_cast<int>(hash % kPartitions);
}

}  // namespace ipb::store
