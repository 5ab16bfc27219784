// Asking the people service who is responsible for a person that a service has not met.
#pragma once

#include <memory>
#include <string>

#include "common/call/environment.h"
#include "common/client/peer.h"
#include "ipb/v1/people_service.grpc.pb.h"

namespace ipb::client {

// Thread-safe.
class PeopleAccessSource final : public call::AccessSource {
 public:
  explicit PeopleAccessSource(std::shared_ptr<Peer<v1::PeopleService>> people) : people_(std::move(people)) {}
  async::Task<absl::StatusOr<state::v1::AccessRecord>> Fetch(call::Caller caller, std::string person) override;

 private:
  const std::shared_ptr<Peer<v1::PeopleService>> people_;
};

// What a service keeps of a person.
state::v1::AccessRecord AccessRecordOf(const v1::Person& person);

}  // namespace ipb::client
