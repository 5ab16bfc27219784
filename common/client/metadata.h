// The names of the metadata that says who calls. Values are short printable ASCII.
#pragma once

namespace ipb::client {

// The calling organisation's code. With mutual TLS it comes from the certificate instead, save between services.
inline constexpr char kOrganisation[] = "ipb-organisation";
// The calling system's name, where the certificate does not give it.
inline constexpr char kSystem[] = "ipb-system";
// The opaque staff id of the person behind the call.
inline constexpr char kActor[] = "ipb-actor";
// The role in which that person acts.
inline constexpr char kRole[] = "ipb-role";
// The name of the service of the suite that calls, on behalf of the organisation named beside it or, without one, for
// itself.
inline constexpr char kService[] = "ipb-service";
// The organisation in whose name a service of the suite acts when it acts for itself; never sent.
inline constexpr char kSuite[] = "SUITE";

}  // namespace ipb::client
