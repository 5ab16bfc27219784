#include "common/server/authenticator.h"

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/client/metadata.h"
#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/policy/policy.h"
#include "common/server/limits.h"
#include "grpcpp/grpcpp.h"

namespace ipb::server {
namespace {

constexpr char kSpiffeProperty[] = "peer_spiffe_id";

absl::Status Unknown(const std::string& missing, const std::string& how) {
  return errors::Make(absl::StatusCode::kUnauthenticated, v1::ERROR_REASON_CALLER_UNKNOWN,
                      absl::StrCat("who calls is not known: ", how), {{"missing", missing}});
}

std::string Metadata(const grpc::ServerContextBase& context, const char* key) {
  const auto found = context.client_metadata().find(key);
  if (found == context.client_metadata().end()) return "";
  return std::string(found->second.data(), found->second.size());
}

// What a certificate's name says: spiffe://<domain>/org/<code>/system/<name> or spiffe://<domain>/service/<name>.
struct CertificateName {
  std::string organisation;
  std::string system;
  std::string service;
};

absl::StatusOr<CertificateName> ReadCertificate(const grpc::ServerContextBase& context) {
  const auto names = context.auth_context()->FindPropertyValues(kSpiffeProperty);
  if (names.size() != 1) return Unknown("certificate", "the certificate must hold exactly one spiffe:// name");
  const std::string name(names.front().data(), names.front().size());
  const std::vector<std::string> parts = absl::StrSplit(name, '/');
  CertificateName read;
  if (parts.size() == 7 && parts[3] == "org" && parts[5] == "system") {
    read.organisation = parts[4];
    read.system = parts[6];
  } else if (parts.size() == 5 && parts[3] == "service") {
    read.service = parts[4];
  } else {
    return Unknown("certificate", absl::StrCat("the certificate's name must be spiffe://DOMAIN/org/CODE/system/NAME, not ",
                                               name));
  }
  return read;
}

}  // namespace

Authenticator::Authenticator(bool insecure, std::shared_ptr<const policy::Policy> policy, const clock::Clock* clock)
    : insecure_(insecure), policy_(std::move(policy)), clock_(clock) {}

absl::StatusOr<call::Caller> Authenticator::Identify(const grpc::ServerContextBase& context, bool mutates) const {
  call::Caller caller;
  std::string service;
  if (insecure_) {
    caller.organisation = Metadata(context, client::kOrganisation);
    caller.system = Metadata(context, client::kSystem);
    service = Metadata(context, client::kService);
  } else {
    IPB_ASSIGN_OR_RETURN(CertificateName certificate, ReadCertificate(context));
    caller.organisation = certificate.organisation;
    caller.system = certificate.system;
    service = certificate.service;
    // A service of the suite is believed about whom it calls for.
    if (!service.empty()) caller.organisation = Metadata(context, client::kOrganisation);
  }
  caller.actor = Metadata(context, client::kActor);
  caller.role = Metadata(context, client::kRole);
  if (caller.system.empty()) caller.system = service;
  for (const std::string* value : {&caller.organisation, &caller.system, &caller.actor, &caller.role}) {
    if (value->size() > kMaximumIdentityBytes) return Unknown("metadata", "a value is longer than 64 bytes");
  }
  if (caller.organisation.empty() && !service.empty()) {
    caller.kind = v1::CALLER_KIND_SERVICE;
    caller.organisation = "SUITE";
    if (caller.actor.empty()) caller.actor = service;
    if (caller.role.empty()) caller.role = "service";
    return caller;
  }
  if (caller.organisation.empty()) {
    return Unknown(client::kOrganisation, "send your organisation's code as metadata ipb-organisation");
  }
  caller.kind = policy_->KindOf(caller.organisation, dates::InLondon(clock_->Now()));
  if (caller.kind == v1::CALLER_KIND_UNSPECIFIED) {
    return Unknown(client::kOrganisation, absl::StrCat("no policy on this server knows an organisation ",
                                                       caller.organisation, " today"));
  }
  if (mutates && (caller.actor.empty() || caller.role.empty())) {
    return Unknown(caller.actor.empty() ? client::kActor : client::kRole,
                   "whoever changes something is named: send metadata ipb-actor (an opaque staff id) and ipb-role");
  }
  return caller;
}

}  // namespace ipb::server
