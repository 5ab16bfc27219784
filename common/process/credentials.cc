#include "common/process/credentials.h"

#include <fstream>

#include "absl/strings/str_cat.h"
#include "grpcpp/security/tls_certificate_provider.h"
#include "grpcpp/security/tls_credentials_options.h"

namespace ipb::process {
namespace {

std::shared_ptr<grpc::experimental::CertificateProviderInterface> Files(const Flags& flags) {
  const auto reread_seconds = static_cast<unsigned>(absl::ToInt64Seconds(flags.tls_reread));
  return std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
      flags.tls_key, flags.tls_certificate, flags.tls_roots, reread_seconds);
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> ServerCredentials(const Flags& flags) {
  if (flags.insecure) return grpc::InsecureServerCredentials();
  for (const std::string& file : {flags.tls_certificate, flags.tls_key, flags.tls_roots}) {
    if (!std::ifstream(file)) return absl::InvalidArgumentError(absl::StrCat(file, ": cannot be read"));
  }
  grpc::experimental::TlsServerCredentialsOptions options(Files(flags));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  return grpc::experimental::TlsServerCredentials(options);
}

std::shared_ptr<grpc::ChannelCredentials> ChannelCredentials(const Flags& flags) {
  if (flags.insecure) return grpc::InsecureChannelCredentials();
  grpc::experimental::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(Files(flags));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  return grpc::experimental::TlsCredentials(options);
}

}  // namespace ipb::process
