// Reading the text forms of messages that ship or that tests keep: policy and cases.
#pragma once

#include <string>
#include <vector>

#include "google/protobuf/message.h"

namespace ipb::tests {

// Where the file of that path in the source tree is.
std::string SourcePath(const std::string& path);

// The files with that extension directly in a folder of the source tree, by their paths in it, in order;
// empty where there is no such folder.
std::vector<std::string> FilesOf(const std::string& folder, const std::string& extension);

// The same for `*.textproto`.
std::vector<std::string> TextFiles(const std::string& folder);

// What a file of the source tree says, without a byte changed. A file that cannot be read fails the test.
std::string ReadFile(const std::string& path);

// Reads a message from a file of the source tree. What cannot be read fails the test with file, line and
// column.
void ReadText(const std::string& path, google::protobuf::Message& message);

}  // namespace ipb::tests
