#include "tests/contract/source.h"

#include <re2/re2.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace ipb::contract {
namespace {

// Where the text, character or comment that begins at `start` ends, or `start` if none begins there.
size_t EndOfHidden(absl::string_view code, size_t start) {
  const absl::string_view rest = code.substr(start);
  static const RE2 raw("^R\"([^()\\\\ ]*)\\(");
  std::string delimiter;
  if (rest.substr(0, 2) == "//") {
    return std::min(code.find('\n', start), code.size());
  } else if (rest.substr(0, 2) == "/*") {
    const size_t end = code.find("*/", start + 2);
    return end == absl::string_view::npos ? code.size() : end + 2;
  } else if (rest[0] == 'R' &&
             RE2::PartialMatch(re2::StringPiece(rest.data(), std::min<size_t>(rest.size(), 20)), raw, &delimiter)) {
    const size_t end = code.find(")" + delimiter + "\"", start);
    return end == absl::string_view::npos ? code.size() : end + delimiter.size() + 2;
  }
  // A quote between digits separates thousands.
  const bool separator = rest[0] == '\'' && start > 0 && isalnum(static_cast<unsigned char>(code[start - 1]));
  if ((rest[0] != '"' && rest[0] != '\'') || separator) return start;
  for (size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '\\') {
      ++i;
    } else if (rest[i] == rest[0] || rest[i] == '\n') {
      return start + i + 1;
    }
  }
  return code.size();
}

std::string OneLine(absl::string_view head) {
  std::vector<std::string> words = absl::StrSplit(head, absl::ByAnyChar(" \n\t"), absl::SkipEmpty());
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + word;
  return line;
}

enum class Block { kScope, kFunction, kOther };

// What kind of block a brace opens, from what stands before it.
Block Classify(const std::string& head, bool in_scope) {
  static const RE2 scope("^(?:template\\s*<.*>\\s*)?(?:(?:inline )?namespace|class|struct|union|enum|extern)\\b");
  if (!in_scope) return Block::kOther;
  const auto opened = std::count(head.begin(), head.end(), '(');
  const auto closed = std::count(head.begin(), head.end(), ')');
  if (opened != closed) return Block::kOther;
  if (RE2::PartialMatch(head, scope) && head.find(')') == std::string::npos) return Block::kScope;
  if (RE2::PartialMatch(head, "[=,]$")) return Block::kOther;
  return opened > 0 ? Block::kFunction : Block::kOther;
}

struct Open {
  Block block;
  std::string head;
  int line;
};

// Blanks what the preprocessor reads, with its continued lines.
std::string WithoutDirectives(std::string code) {
  bool directive = false;
  size_t start = 0;
  while (start < code.size()) {
    const size_t end = std::min(code.find('\n', start), code.size());
    const absl::string_view line = absl::string_view(code).substr(start, end - start);
    directive = directive || absl::StripLeadingAsciiWhitespace(line).substr(0, 1) == "#";
    const bool continued = !line.empty() && line.back() == '\\';
    if (directive) std::fill(code.begin() + start, code.begin() + end, ' ');
    directive = directive && continued;
    start = end + 1;
  }
  return code;
}

}  // namespace

std::string WithoutCommentsAndTexts(absl::string_view code) {
  std::string bare(code);
  for (size_t at = 0; at < bare.size();) {
    const size_t end = EndOfHidden(code, at);
    if (end == at) {
      ++at;
      continue;
    }
    for (; at < end; ++at) {
      if (bare[at] != '\n') bare[at] = ' ';
    }
  }
  return bare;
}

std::vector<Function> Functions(absl::string_view code) {
  const std::string bare = WithoutDirectives(WithoutCommentsAndTexts(code));
  std::vector<Function> functions;
  std::vector<Open> open;
  std::string head;
  int line = 1;
  int head_line = 1;
  for (const char c : bare) {
    if (c == '\n') ++line;
    if (c == '{') {
      const bool in_scope = open.empty() || open.back().block == Block::kScope;
      const std::string words = OneLine(head);
      open.push_back({Classify(words, in_scope), words, head_line});
    } else if (c == '}' && !open.empty()) {
      if (open.back().block == Block::kFunction) {
        functions.push_back({open.back().head, open.back().line, line - open.back().line + 1});
      }
      open.pop_back();
    }
    if (c == '{' || c == '}' || c == ';') {
      head.clear();
    } else if (!head.empty() || !isspace(static_cast<unsigned char>(c))) {
      if (head.empty()) head_line = line;
      head += c;
    }
  }
  return functions;
}

std::vector<Include> Includes(absl::string_view code) {
  static const RE2 include("^\\s*#\\s*include\\s+([<\"])([^>\"]+)[>\"]");
  std::vector<Include> includes;
  int number = 0;
  for (const auto line : absl::StrSplit(code, '\n')) {
    ++number;
    std::string bracket, path;
    if (RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), include, &bracket, &path)) {
      includes.push_back({path, bracket == "<", number});
    }
  }
  return includes;
}

std::vector<SourceFile> ReadFiles(const std::string& project, const std::vector<std::string>& folders) {
  namespace fs = std::filesystem;
  std::vector<SourceFile> files;
  for (const std::string& folder : folders) {
    for (auto at = fs::recursive_directory_iterator(fs::path(project) / folder); at != fs::end(at); ++at) {
      const std::string name = at->path().filename();
      if (at->is_directory() && (name == "node_modules" || name == "build")) at.disable_recursion_pending();
      if (!at->is_regular_file()) continue;
      std::ostringstream text;
      text << std::ifstream(at->path()).rdbuf();
      files.push_back({fs::relative(at->path(), project), text.str()});
    }
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

}  // namespace ipb::contract
