#include "tests/rules/support/text_file.h"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace ipb::tests {
namespace {

namespace fs = std::filesystem;

// Reports each error of the text with its place.
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

std::string SourcePath(const std::string& path) {
  const char* root = std::getenv("IPB_SOURCE_DIR");
  return (fs::path(root == nullptr ? "." : root) / path).string();
}

std::vector<std::string> FilesOf(const std::string& folder, const std::string& extension) {
  std::vector<std::string> paths;
  std::error_code missing;
  for (const fs::directory_entry& entry : fs::directory_iterator(SourcePath(folder), missing)) {
    if (entry.path().extension() != extension) continue;
    paths.push_back(folder + "/" + entry.path().filename().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::vector<std::string> TextFiles(const std::string& folder) { return FilesOf(folder, ".textproto"); }

std::string ReadFile(const std::string& path) {
  std::ifstream file(SourcePath(path));
  EXPECT_TRUE(file.good()) << path << " cannot be read; run the test by ctest, or set IPB_SOURCE_DIR";
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

void ReadText(const std::string& path, google::protobuf::Message& message) {
  Reporter reporter(path);
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&reporter);
  EXPECT_TRUE(parser.ParseFromString(ReadFile(path), &message)) << path;
}

}  // namespace ipb::tests
