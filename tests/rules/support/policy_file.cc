#include "tests/rules/support/policy_file.h"

#include "tests/rules/support/text_file.h"

namespace ipb::tests {

v1::PolicyDocument ReadPolicy(const std::string& path) {
  v1::PolicyDocument document;
  ReadText(path, document);
  return document;
}

}  // namespace ipb::tests
