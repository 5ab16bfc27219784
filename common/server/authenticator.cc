#include "common/server/authenticator.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/client/metadata.h"
#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/policy/policy.h"
#include "common/server/limits.h"
#include "grpc/grpc_security_constants.h"
#include "grpcpp/grpcpp.h"

namespace ipb::server {
namespace {

absl::Status Unknown(const std::string& missing, const std::string& how) {
  return errors::Make(absl::StatusCode::kUnauthenticated, v1::ERROR_REASON_CALLER_UNKNOWN,
                      absl::StrCat("who calls is not known: ", how), {{"missing", missing}});
}

std::string Metadata(const grpc::ServerContextBase& context, const char* key) {
  const auto found = context.client_metadata().find(key);
  if (found == context.client_metadata().end()) return "";
  return std::string(found->second.data(), found->second.size());
}

// Whether the call comes from this process, whose services are believed: the port takes none without transport security.
bool IsInside(const grpc::ServerContextBase& context) {
  return context.auth_context()->FindPropertyValues(GRPC_TRANSPORT_SECURITY_TYPE_PROPERTY_NAME).empty();
}

// What a certificate's name says.
struct CertificateName {
  std::string organisation;
  std::string system;
  // The only roles that callers may act in; empty where the calling system answers for that.
  std::vector<std::string> roles;
  // Of a service of the suite, which has none of the others.
  std::string service;
};

absl::Status NotOurName(absl::string_view name) {
  return Unknown("certificate",
                 absl::StrCat("the certificate's name must be spiffe://DOMAIN/org/CODE/system/NAME, "
                              "with /roles/ROLE/ROLE after it where its roles are limited, not ",
                              name));
}

absl::StatusOr<CertificateName> ReadCertificate(const grpc::ServerContextBase& context) {
  const auto names = context.auth_context()->FindPropertyValues(GRPC_PEER_SPIFFE_ID_PROPERTY_NAME);
  if (names.size() != 1) {
    return Unknown("certificate",
                   "the certificate must hold exactly one URI as a name, and that a spiffe:// one");
  }
  const absl::string_view name(names.front().data(), names.front().size());
  // "spiffe:", "", the domain, and what follows.
  const std::vector<std::string> parts = absl::StrSplit(name, '/');
  if (std::count(parts.begin(), parts.end(), "") != 1) return NotOurName(name);
  CertificateName read;
  if (parts.size() == 5 && parts[3] == "service") {
    read.service = parts[4];
    return read;
  }
  const bool limited = parts.size() > 8 && parts[7] == "roles";
  if (parts.size() < 7 || parts[3] != "org" || parts[5] != "system" || (parts.size() > 7 && !limited)) {
    return NotOurName(name);
  }
  read.organisation = parts[4];
  read.system = parts[6];
  if (limited) read.roles.assign(parts.begin() + 8, parts.end());
  return read;
}

absl::Status CheckRole(const std::vector<std::string>& permitted, const std::string& role) {
  if (role.empty() || permitted.empty() ||
      std::find(permitted.begin(), permitted.end(), role) != permitted.end()) {
    return absl::OkStatus();
  }
  const std::string roles = absl::StrJoin(permitted, ", ");
  return errors::Make(absl::StatusCode::kPermissionDenied, v1::ERROR_REASON_ROLE_NOT_PERMITTED,
                      absl::StrCat("your certificate permits the roles ", roles, " and not ", role,
                                   ": act in one of them, or have a certificate issued that names it"),
                      {{"role", role}, {"permitted_roles", roles}});
}

}  // namespace

Authenticator::Authenticator(bool insecure, std::shared_ptr<const policy::Policy> policy, const clock::Clock* clock)
    : insecure_(insecure), policy_(std::move(policy)), clock_(clock) {}

absl::StatusOr<call::Caller> Authenticator::Identify(const grpc::ServerContextBase& context, bool mutates) const {
  call::Caller caller;
  caller.actor = Metadata(context, client::kActor);
  caller.role = Metadata(context, client::kRole);
  std::string service;
  std::vector<std::string> permitted_roles;
  if (insecure_ || IsInside(context)) {
    caller.organisation = Metadata(context, client::kOrganisation);
    caller.system = Metadata(context, client::kSystem);
    service = Metadata(context, client::kService);
  } else {
    IPB_ASSIGN_OR_RETURN(CertificateName certificate, ReadCertificate(context));
    caller.organisation = certificate.organisation;
    caller.system = certificate.system;
    service = certificate.service;
    permitted_roles = std::move(certificate.roles);
    // A service of the suite is believed about whom it calls for.
    if (!service.empty()) caller.organisation = Metadata(context, client::kOrganisation);
  }
  if (caller.system.empty()) caller.system = service;
  for (const std::string* value : {&caller.organisation, &caller.system, &caller.actor, &caller.role}) {
    if (value->size() > kMaximumIdentityBytes) return Unknown("metadata", "a value is longer than 64 bytes");
  }
  IPB_RETURN_IF_ERROR(CheckRole(permitted_roles, caller.role));
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
