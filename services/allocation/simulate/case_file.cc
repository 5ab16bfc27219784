#include "services/allocation/simulate/case_file.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/delimited_message_util.h"
#include "google/protobuf/util/json_util.h"

namespace ipb::allocation {
namespace {

class Lines final : public CaseFile {
 public:
  Lines(std::string path, std::ifstream in) : path_(std::move(path)), in_(std::move(in)) {}

  absl::StatusOr<bool> Next(v1::SimulationCase& one) override {
    std::string line;
    do {
      if (!std::getline(in_, line)) return false;
      ++number_;
    } while (line.empty());
    one.Clear();
    const auto read = google::protobuf::util::JsonStringToMessage(line, &one);
    if (read.ok()) return true;
    return absl::InvalidArgumentError(absl::StrCat(path_, ":", number_, ": ", std::string(read.message())));
  }

 private:
  const std::string path_;
  std::ifstream in_;
  int64_t number_ = 0;
};

class Delimited final : public CaseFile {
 public:
  Delimited(std::string path, std::ifstream in) : path_(std::move(path)), in_(std::move(in)), stream_(&in_) {}

  absl::StatusOr<bool> Next(v1::SimulationCase& one) override {
    one.Clear();
    bool at_end = false;
    ++number_;
    if (google::protobuf::util::ParseDelimitedFromZeroCopyStream(&one, &stream_, &at_end)) return true;
    if (at_end) return false;
    return absl::InvalidArgumentError(absl::StrCat(path_, ": case ", number_, " is no SimulationCase"));
  }

 private:
  const std::string path_;
  std::ifstream in_;
  google::protobuf::io::IstreamInputStream stream_;
  int64_t number_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<CaseFile>> CaseFile::Open(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return absl::NotFoundError(absl::StrCat("there is no file ", path));
  if (absl::EndsWith(path, ".jsonl")) return std::make_unique<Lines>(path, std::move(in));
  if (absl::EndsWith(path, ".binpb")) return std::make_unique<Delimited>(path, std::move(in));
  return absl::InvalidArgumentError(absl::StrCat(path, " ends neither in .jsonl nor in .binpb"));
}

}  // namespace ipb::allocation
