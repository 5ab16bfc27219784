#include "common/policy/policy_file.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/constraints/validator.h"
#include "common/policy/rows.h"
#include "google/protobuf/io/tokenizer.h"

namespace ipb::policy {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::TextFormat;

class Collector : public google::protobuf::io::ErrorCollector {
 public:
  Collector(const PolicyFile& file, std::vector<std::string>& errors) : file_(file), errors_(errors) {}
  void AddError(int line, google::protobuf::io::ColumnNumber column, const std::string& message) override {
    errors_.push_back(
        absl::StrCat(file_.name, ":", std::max(line, 0) + 1, ":", std::max(column, 0) + 1, ": ", message));
  }

 private:
  const PolicyFile& file_;
  std::vector<std::string>& errors_;
};

}  // namespace

void ParseFile(PolicyFile& file, std::vector<std::string>& errors) {
  Collector collector(file, errors);
  file.places = std::make_unique<TextFormat::ParseInfoTree>();
  TextFormat::Parser parser;
  parser.RecordErrorsTo(&collector);
  parser.WriteLocationsTo(file.places.get());
  const size_t before = errors.size();
  if (!parser.ParseFromString(file.bytes, &file.document) && errors.size() == before) {
    errors.push_back(absl::StrCat(file.name, ":1:1: not a text form of ipb.v1.PolicyDocument"));
  }
}

void CheckFile(const PolicyFile& file, std::vector<std::string>& errors) {
  for (const auto& violation : constraints::Violations(file.document)) {
    errors.push_back(
        absl::StrCat(PlaceOf(file, violation.field), ": ", violation.field, " ", violation.description));
  }
  for (const Row& row : RowsOf(file)) {
    if (row.to_date.empty() || row.from_date <= row.to_date) continue;
    errors.push_back(absl::StrCat(row.place, ": the row of ", row.type, " ends on ", row.to_date,
                                  ", before it begins on ", row.from_date));
  }
}

std::string PlaceOf(const PolicyFile& file, absl::string_view path) {
  if (file.places == nullptr) return absl::StrCat(file.name, ".", path);
  return absl::StrCat(file.name, ":", LineOf(file, path));
}

int LineOf(const PolicyFile& file, absl::string_view path) {
  int line = 0;
  const Descriptor* type = file.document.GetDescriptor();
  const TextFormat::ParseInfoTree* tree = file.places.get();
  for (const absl::string_view segment : absl::StrSplit(path, '.')) {
    const size_t bracket = segment.find('[');
    int index = -1;
    if (bracket != segment.npos) {
      const absl::string_view inside = segment.substr(bracket + 1, segment.size() - bracket - 2);
      if (!absl::SimpleAtoi(inside, &index)) break;
    }
    const FieldDescriptor* field =
        type ? type->FindFieldByName(std::string(segment.substr(0, bracket))) : nullptr;
    if (field == nullptr || tree == nullptr || (field->is_repeated() && index < 0)) break;
    const TextFormat::ParseLocation place = tree->GetLocation(field, index);
    if (place.line >= 0) line = place.line;
    type = field->message_type();
    tree = type ? tree->GetTreeForNested(field, index) : nullptr;
  }
  return line + 1;
}

}  // namespace ipb::policy
