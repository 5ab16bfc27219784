// One file of policy data, with the places of its parts for messages about it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/text_format.h"
#include "ipb/v1/policy.pb.h"

namespace ipb::policy {

// A file as read.
struct PolicyFile {
  // Its path below the folder of policy data, for example "local/QZZ/organisation.textproto".
  std::string name;
  std::string bytes;
  v1::PolicyDocument document;
  std::unique_ptr<google::protobuf::TextFormat::ParseInfoTree> places;
};

// Parses `file.bytes`. Adds "name:line:column: reason" for every error to `errors`.
void ParseFile(PolicyFile& file, std::vector<std::string>& errors);

// Adds "name:line: field: reason" for every rule of the contract that the document breaks, and for every
// period that ends before it begins.
void CheckFile(const PolicyFile& file, std::vector<std::string>& errors);

// Where the field with a path such as `organisations[1].kind` stands, for people: "name:line", or "name.path"
// where the document was not read from text.
std::string PlaceOf(const PolicyFile& file, absl::string_view path);

// The line, from 1, of the field with a path such as `organisations[1].kind`, or of the closest part around
// it that the file writes.
int LineOf(const PolicyFile& file, absl::string_view path);

}  // namespace ipb::policy
