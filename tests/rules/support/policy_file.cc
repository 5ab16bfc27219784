#include "tests/rules/support/policy_file.h"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

#include "google/protobuf/text_format.h"

namespace ipb::test {

v1::PolicyDocument ReadPolicy(const std::string& path) {
  const char* source = std::getenv("IPB_SOURCE_DIR");
  std::ifstream file((source == nullptr ? std::string(".") : std::string(source)) + "/" + path);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  v1::PolicyDocument document;
  if (text.empty() || !google::protobuf::TextFormat::ParseFromString(text, &document)) {
    std::cerr << "no policy document at " << path << std::endl;
    std::abort();
  }
  return document;
}

}  // namespace ipb::test
