// Reading the cases of a simulation from a file, one after the other.
#pragma once

#include <cstdint>
#include <fstream>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "google/protobuf/io/zero_copy_stream_impl.h"
#include "ipb/v1/simulation.pb.h"

namespace ipb::allocation {

// A file of cases. Not thread-safe.
class CaseFile {
 public:
  virtual ~CaseFile() = default;
  // Reads the next case into `one`; false at the end. INVALID_ARGUMENT with the place for what is no case.
  virtual absl::StatusOr<bool> Next(v1::SimulationCase& one) = 0;

  // Opens a file: `.jsonl` has a case in JSON on each line, as the contract names its fields; `.binpb` has
  // cases in protobuf's binary form, each after its length as a varint. NOT_FOUND where there is none,
  // INVALID_ARGUMENT for another ending.
  static absl::StatusOr<std::unique_ptr<CaseFile>> Open(const std::string& path);
};

}  // namespace ipb::allocation
