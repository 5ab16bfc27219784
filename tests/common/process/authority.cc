#include "tests/common/process/authority.h"

#include <grpcpp/security/credentials.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"

namespace ipb::testing {
namespace {

constexpr char kClient[] = "client";

std::string Read(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

}  // namespace

Authority::Authority(std::string folder, std::string name)
    : folder_(std::move(folder)), name_(std::move(name)) {
  Issue(kClient, "");
}

void Authority::Issue(const std::string& certificate, const std::string& names) const {
  const std::string command = absl::StrCat(std::getenv("IPB_SOURCE_DIR"), "/tests/common/process/issue '",
                                           folder_, "' '", name_, "' '", certificate, "' '", names, "' 2>&1");
  std::FILE* const output = popen(command.c_str(), "r");
  std::string said;
  for (int c = std::fgetc(output); c != EOF; c = std::fgetc(output)) said.push_back(static_cast<char>(c));
  if (pclose(output) == 0) return;
  std::fprintf(stderr, "%s\n%s\n", command.c_str(), said.c_str());
  std::abort();
}

std::shared_ptr<grpc::ChannelCredentials> Authority::Client(const std::string& names) const {
  return ClientOf(*this, names);
}

std::shared_ptr<grpc::ChannelCredentials> Authority::ClientWithoutCertificate() const {
  return grpc::SslCredentials({Root(), "", ""});
}

std::shared_ptr<grpc::ChannelCredentials> Authority::ClientOf(const Authority& other,
                                                              const std::string& names) const {
  other.Issue(kClient, names);
  const std::string files = absl::StrCat(other.folder_, "/", kClient);
  return grpc::SslCredentials({Root(), Read(files + ".key"), Read(files + ".pem")});
}

std::string Authority::Root() const { return Read(absl::StrCat(folder_, "/", name_, ".pem")); }

}  // namespace ipb::testing
