#include "tests/rules/support/policy_file.h"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace ipb::tests {
namespace {

// Reports each error of the text with its line.
class Reporter : public google::protobuf::io::ErrorCollector {
 public:
  explicit Reporter(const std::string& path) : path_(path) {}
  void AddError(int line, int column, const std::string& message) override {
    ADD_FAILURE() << path_ << ":" << line + 1 << ":" << column + 1 << ": " << message;
  }

 private:
  const std::string& path_;
};

}  // namespace

v1::PolicyDocument ReadPolicy(const std::string& path) {
  const char* root = std::getenv("IPB_SOURCE_DIR");
  std::ifstream file((root == nullptr ? std::string(".") : std::string(root)) + "/" + path);
  EXPECT_TRUE(file.good()) << path << " cannot be read; run the test by ctest, or set IPB_SOURCE_DIR";
  std::stringstream text;
  text << file.rdbuf();
  v1::PolicyDocument document;
  Reporter reporter(path);
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&reporter);
  EXPECT_TRUE(parser.ParseFromString(text.str(), &document)) << path;
  return document;
}

}  // namespace ipb::tests
