#include "tests/support/successive.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace ipb::testing {

std::string PolicyWith(const Folder& folder, const std::string& file, const std::string& from,
                       const std::string& to) {
  const std::filesystem::path copy = folder.File("policy");
  std::filesystem::copy(absl::StrCat(std::getenv("IPB_SOURCE_DIR"), "/deploy/policy"), copy,
                        std::filesystem::copy_options::recursive);
  std::stringstream text;
  text << std::ifstream(copy / file).rdbuf();
  std::string rows = text.str();
  EXPECT_GT(absl::StrReplaceAll({{from, to}}, &rows), 0) << from;
  std::ofstream(copy / file) << rows;
  return copy.string();
}

Successive::Successive(std::vector<process::ServiceFactory> services, const Folder& folder,
                       const std::string& date, const std::string& policy)
    : suite_(std::move(services), process::Substitutes{}, false,
             absl::StrCat("sqlite:", folder.File("suite.db")), [&policy](process::Flags& flags) {
               if (!policy.empty()) flags.policy = policy;
             }) {
  suite_.SetDate(date);
}

}  // namespace ipb::testing
