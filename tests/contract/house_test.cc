// The rules of the house that a compiler does not hold: sizes, layering, exact money, no sleeping in tests, nothing
// left undone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <algorithm>
#include <cstdlib>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "tests/contract/layering.h"
#include "tests/contract/source.h"

namespace ipb::contract {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int kFileLines = 500;
constexpr int kFunctionLines = 70;

const std::vector<SourceFile>& Files() {
  static const auto* const files =
      new std::vector<SourceFile>(ReadFiles(getenv("IPB_SOURCE_DIR"), {"services", "common", "tests", "proto"}));
  return *files;
}

bool IsCode(const SourceFile& file) { return absl::EndsWith(file.path, ".cc") || absl::EndsWith(file.path, ".h"); }

bool Under(const SourceFile& file, absl::string_view folder) { return absl::StartsWith(file.path, folder); }

// "path:line: the line" for every line of the text that has the pattern.
void Grep(const std::string& path, const std::string& text, const RE2& pattern, std::vector<std::string>& found) {
  int number = 0;
  for (const auto line : absl::StrSplit(text, '\n')) {
    ++number;
    if (RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), pattern)) {
      found.push_back(absl::StrCat(path, ":", number, ": ", line));
    }
  }
}

// One a line, so that a failure is a list to work through.
std::string List(const std::vector<std::string>& found) { return absl::StrCat("\n", absl::StrJoin(found, "\n")); }

TEST(House, FilesAreShort) {
  std::vector<std::string> found;
  for (const SourceFile& file : Files()) {
    if (absl::EndsWith(file.path, "package-lock.json")) continue;  // written by npm
    const auto lines = std::count(file.text.begin(), file.text.end(), '\n');
    if (lines > kFileLines) found.push_back(absl::StrCat(file.path, " has ", lines, " lines"));
  }
  EXPECT_THAT(found, IsEmpty()) << List(found);
}

TEST(House, FunctionsAreShort) {
  std::vector<std::string> found;
  for (const SourceFile& file : Files()) {
    if (!IsCode(file)) continue;
    for (const Function& function : Functions(file.text)) {
      if (function.lines <= kFunctionLines) continue;
      found.push_back(absl::StrCat(file.path, ":", function.first_line, " has ", function.lines, " lines: ",
                                   function.head));
    }
  }
  EXPECT_THAT(found, IsEmpty()) << List(found);
}

TEST(House, MoneyIsExact) {
  static const RE2 floating("\\b(double|float)\\b");
  std::vector<std::string> found;
  for (const SourceFile& file : Files()) {
    if (IsCode(file) && (Under(file, "services/") || Under(file, "common/money/"))) {
      Grep(file.path, WithoutCommentsAndTexts(file.text), floating, found);
    }
    if (absl::EndsWith(file.path, ".proto") && Under(file, "proto/ipb/")) {
      Grep(file.path, file.text, RE2("^\\s*(optional |repeated )?(double|float) "), found);
    }
  }
  EXPECT_THAT(found, IsEmpty()) << List(found);
}

TEST(House, RoomsIncludeOnlyWhatTheyMay) {
  std::vector<std::string> found;
  for (const SourceFile& file : Files()) {
    if (!IsCode(file)) continue;
    for (std::string& complaint : Trespasses(file)) found.push_back(std::move(complaint));
  }
  EXPECT_THAT(found, IsEmpty()) << List(found);
}

TEST(House, RulesDoNotAskTheClock) {
  static const RE2 clock("absl::Now|\\bsystem_clock\\b|\\bsteady_clock\\b|\\btime\\(");
  std::vector<std::string> found;
  for (const SourceFile& file : Files()) {
    if (IsCode(file) && RE2::PartialMatch(file.path, "^services/[a-z]+/rules/")) {
      Grep(file.path, WithoutCommentsAndTexts(file.text), clock, found);
    }
  }
  EXPECT_THAT(found, IsEmpty()) << List(found);
}

TEST(House, TestsWaitOnConditionsAndDoNotSleep) {
  static const RE2 in_code("\\b(sleep_for|sleep_until|SleepFor|usleep|nanosleep|sleep)\\s*\\(");
  static const RE2 in_scripts("(^|[;&|(]|\\bdo|\\bthen)\\s*sleep\\s");
  std::vector<std::string> found;
  for (const SourceFile& file : Files()) {
    if (!Under(file, "tests/")) continue;
    if (IsCode(file)) {
      Grep(file.path, WithoutCommentsAndTexts(file.text), in_code, found);
    } else if (absl::StartsWith(file.text, "#!")) {
      Grep(file.path, file.text, in_scripts, found);
    }
  }
  EXPECT_THAT(found, IsEmpty()) << List(found);
}

TEST(House, NothingIsLeftUndone) {
  // Written in two parts, so that this file does not find itself.
  static const RE2 undone(absl::StrCat("\\b(TO", "DO|FIX", "ME|XX", "X)\\b"));
  std::vector<std::string> found;
  for (const SourceFile& file : Files()) {
    if (!absl::EndsWith(file.path, "package-lock.json")) Grep(file.path, file.text, undone, found);
  }
  EXPECT_THAT(found, IsEmpty()) << List(found);
}

TEST(Scanner, HidesCommentsAndTextsAndKeepsLines) {
  EXPECT_EQ(WithoutCommentsAndTexts("a // b\nc /* d\n */ e"), "a     \nc     \n    e");
  EXPECT_EQ(WithoutCommentsAndTexts(R"(f("{\"", '{', 1'000);)"), "f(     ,    , 1'000);");
  EXPECT_EQ(WithoutCommentsAndTexts("x = R\"q({ \" })q\"; y"), "x =             ; y");
}

TEST(Scanner, MeasuresFunctionsAndNotTablesOrScopes) {
  const std::vector<Function> functions = Functions(
      "namespace a {\n"
      "constexpr int kTable[] = {\n  1,\n  2};\n"
      "#define M(x) { \\\n  x\n"
      "class C : public B {\n public:\n  int f() const {\n    if (x) {\n    }\n  }\n};\n"
      "INSTANTIATE(A, Values(Row{1},\n Row{2}));\n"
      "template <class T>\nT g(T t) {\n  return [](int i) { return i; }(t);\n}\n"
      "}\n");
  ASSERT_THAT(functions, SizeIs(2));
  EXPECT_EQ(functions[0].head, "public: int f() const");
  EXPECT_EQ(functions[0].lines, 5);
  EXPECT_EQ(functions[1].head, "template <class T> T g(T t)");
  EXPECT_EQ(functions[1].first_line, 16);
  EXPECT_EQ(functions[1].lines, 4);
}

TEST(Scanner, CountsALongFunction) {
  std::string code = "int f() {\n";
  for (int i = 0; i < kFunctionLines - 1; ++i) code += "  x();\n";
  EXPECT_THAT(Functions(code + "}\n"), ElementsAre(::testing::Field(&Function::lines, kFunctionLines + 1)));
}

struct Room {
  const char* path;
  const char* include;
  bool allowed;
};

TEST(Layering, HoldsTheTableOfRooms) {
  const Room cases[] = {
      {"services/payments/rules/run.cc", "\"ipb/v1/payments_service.pb.h\"", true},
      {"services/payments/rules/run.cc", "\"common/money/pence.h\"", true},
      {"services/payments/rules/run.cc", "<vector>", true},
      {"services/payments/rules/run.cc", "\"services/payments/rules/gate.h\"", true},
      {"services/payments/rules/run.cc", "\"common/store/store.h\"", false},
      {"services/payments/rules/run.cc", "\"common/policy/policy.h\"", false},
      {"services/payments/rules/run.cc", "\"ipb/v1/payments_service.grpc.pb.h\"", false},
      {"services/payments/rules/run.cc", "\"absl/flags/flag.h\"", false},
      {"services/payments/rules/run.cc", "<chrono>", false},
      {"services/payments/rules/run.cc", "<grpcpp/grpcpp.h>", false},
      {"services/payments/handlers/pay.cc", "\"common/store/store.h\"", true},
      {"services/payments/handlers/pay.cc", "\"services/payments/rules/run.h\"", true},
      {"services/payments/handlers/pay.cc", "\"services/reviews/rules/due.h\"", false},
      {"services/payments/handlers/pay.cc", "<hiredis/hiredis.h>", false},
      {"services/payments/work/pay.cc", "<sqlite3.h>", false},
      {"services/payments/handlers/pay.cc", "<grpcpp/server.h>", false},
      {"services/payments/service.h", "\"ipb/v1/payments_service.grpc.pb.h\"", true},
      {"services/payments/service.cc", "\"services/payments/rules/run.h\"", false},
      {"services/payments/main.cc", "\"services/people/service.h\"", true},
      {"services/suite/main.cc", "\"services/reviews/service.h\"", true},
      {"common/store/redis_store.cc", "<hiredis/async.h>", true},
      {"common/store/store.h", "<sqlite3.h>", false},
      {"common/server/adapter.h", "<grpcpp/server_context.h>", true},
      {"common/policy/policy.cc", "<sqlite3.h>", false},
      {"common/server/adapter.cc", "\"services/payments/service.h\"", false},
  };
  for (const Room& room : cases) {
    const auto complaints = Trespasses({room.path, absl::StrCat("#include ", room.include, "\n")});
    EXPECT_EQ(complaints.empty(), room.allowed) << room.path << " " << room.include;
  }
}

}  // namespace
}  // namespace ipb::contract
