#include "common/client/access_source.h"

#include <cstdlib>

#include "absl/strings/match.h"
#include "common/errors/status_macros.h"

namespace ipb::client {

state::v1::AccessRecord AccessRecordOf(const v1::Person& person) {
  state::v1::AccessRecord access;
  *access.mutable_responsibilities() = person.responsibilities();
  // An etag begins with the counter of the revision that wrote the person.
  access.set_person_revision(std::strtoll(person.etag().c_str(), nullptr, 10));
  access.set_birth_date(person.birth_date());
  access.set_death_date(person.death_date());
  access.set_merged_into(person.merged_into());
  return access;
}

async::Task<absl::StatusOr<state::v1::AccessRecord>> PeopleAccessSource::Fetch(call::Caller caller,
                                                                               std::string person) {
  // Only people have access records elsewhere; a run or a claim that is unknown here is unknown.
  if (!absl::StartsWith(person, "people/")) co_return errors::NotFound(person);
  OnBehalfOf behalf;
  behalf.caller = std::move(caller);
  v1::GetPersonRequest request;
  request.set_name(person);
  auto calling = people_->Call(&Peer<v1::PeopleService>::Async::GetPerson, std::move(behalf), std::move(request));
  IPB_CO_ASSIGN_OR_RETURN(const v1::Person found, co_await calling);
  co_return AccessRecordOf(found);
}

}  // namespace ipb::client
