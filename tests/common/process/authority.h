// Certificates as an operator's public key infrastructure would issue them.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

namespace ipb::testing {

// Issues certificates below a folder, with openssl. Aborts where it cannot.
class Authority {
 public:
  // The authority's own certificate is FOLDER/NAME.pem.
  Authority(std::string folder, std::string name);

  // Makes FOLDER/CERTIFICATE.pem and .key; `names` as openssl takes them: "URI:spiffe://...,IP:127.0.0.1".
  void Issue(const std::string& certificate, const std::string& names) const;
  // Credentials of a client that has such a certificate, and that trusts the authority.
  std::shared_ptr<grpc::ChannelCredentials> Client(const std::string& names) const;
  // Of a client that has none.
  std::shared_ptr<grpc::ChannelCredentials> ClientWithoutCertificate() const;
  // Of a client with a certificate of the other authority, that trusts this one.
  std::shared_ptr<grpc::ChannelCredentials> ClientOf(const Authority& other, const std::string& names) const;

  // What the authority's certificate file holds.
  std::string Root() const;

 private:
  const std::string folder_;
  const std::string name_;
};

}  // namespace ipb::testing
