// Reads source files the way the house rules need them: without comments and texts, with functions measured.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace ipb::contract {

// A function, or another block of statements at namespace or class level.
struct Function {
  std::string head;  // what stands before its brace, on one line
  int first_line = 0;
  int lines = 0;
};

// One #include.
struct Include {
  std::string path;
  bool system = false;  // <...>
  int line = 0;
};

// C++ with the contents of comments, texts and characters replaced by spaces, so that lines and columns stay.
// Understands raw strings and line continuations in macros; trigraphs it does not.
std::string WithoutCommentsAndTexts(absl::string_view code);

// The functions of C++ source, in the order they end. It counts braces and looks at what precedes each: it needs no
// preprocessor and is no parser, so code that hides braces in macros is measured wrongly.
std::vector<Function> Functions(absl::string_view code);

// The includes of C++ source.
std::vector<Include> Includes(absl::string_view code);

// Where a file stands and what it holds.
struct SourceFile {
  std::string path;  // below the project's folder, such as services/payments/main.cc
  std::string text;
};

// Every file below the folders, in order of path; leaves out node_modules and build.
std::vector<SourceFile> ReadFiles(const std::string& project, const std::vector<std::string>& folders);

}  // namespace ipb::contract
