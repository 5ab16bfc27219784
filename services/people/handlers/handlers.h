// The handlers of PeopleService: load, decide, commit, reply. Errors are those of the contract.
#pragma once

#include "absl/status/statusor.h"
#include "common/async/task.h"
#include "common/call/call.h"
#include "ipb/v1/people_service.pb.h"

namespace ipb::people {

// The left-most service calls no other.
struct Upstreams {};

namespace handlers {

template <typename Reply>
using Answer = async::Task<absl::StatusOr<Reply>>;

Answer<v1::Person> RegisterPerson(const Upstreams&, call::Call&, const v1::RegisterPersonRequest&);
Answer<v1::Person> GetPerson(const Upstreams&, call::Call&, const v1::GetPersonRequest&);
Answer<v1::Person> LookupPerson(const Upstreams&, call::Call&, const v1::LookupPersonRequest&);
Answer<v1::Person> AcceptResponsibility(const Upstreams&, call::Call&, const v1::AcceptResponsibilityRequest&);
Answer<v1::Person> EndResponsibility(const Upstreams&, call::Call&, const v1::EndResponsibilityRequest&);
Answer<v1::Person> TransferResponsibility(const Upstreams&, call::Call&, const v1::TransferResponsibilityRequest&);
Answer<v1::Person> ClaimUrgentResponsibility(const Upstreams&, call::Call&,
                                             const v1::ClaimUrgentResponsibilityRequest&);
Answer<v1::Person> AddIdentifier(const Upstreams&, call::Call&, const v1::AddIdentifierRequest&);
Answer<v1::Person> RemoveIdentifier(const Upstreams&, call::Call&, const v1::RemoveIdentifierRequest&);
Answer<v1::Person> UpdatePerson(const Upstreams&, call::Call&, const v1::UpdatePersonRequest&);
Answer<v1::Person> MergePeople(const Upstreams&, call::Call&, const v1::MergePeopleRequest&);
Answer<v1::Person> SplitPerson(const Upstreams&, call::Call&, const v1::SplitPersonRequest&);
Answer<v1::Circumstance> RecordCircumstance(const Upstreams&, call::Call&, const v1::RecordCircumstanceRequest&);
Answer<v1::Circumstance> EndCircumstance(const Upstreams&, call::Call&, const v1::EndCircumstanceRequest&);
Answer<v1::ListCircumstancesResponse> ListCircumstances(const Upstreams&, call::Call&,
                                                        const v1::ListCircumstancesRequest&);
Answer<v1::Circumstance> CorrectCircumstance(const Upstreams&, call::Call&, const v1::CorrectCircumstanceRequest&);
Answer<v1::CapacityDecision> RecordCapacityDecision(const Upstreams&, call::Call&,
                                                    const v1::RecordCapacityDecisionRequest&);
Answer<v1::ListCapacityDecisionsResponse> ListCapacityDecisions(const Upstreams&, call::Call&,
                                                                const v1::ListCapacityDecisionsRequest&);
Answer<v1::Representative> AppointRepresentative(const Upstreams&, call::Call&,
                                                 const v1::AppointRepresentativeRequest&);
Answer<v1::Representative> EndRepresentative(const Upstreams&, call::Call&, const v1::EndRepresentativeRequest&);
Answer<v1::ListRepresentativesResponse> ListRepresentatives(const Upstreams&, call::Call&,
                                                            const v1::ListRepresentativesRequest&);
Answer<v1::Authority> GetAuthority(const Upstreams&, call::Call&, const v1::GetAuthorityRequest&);
Answer<v1::PaymentExclusion> RecordPaymentExclusion(const Upstreams&, call::Call&,
                                                    const v1::RecordPaymentExclusionRequest&);
Answer<v1::PaymentExclusion> EndPaymentExclusion(const Upstreams&, call::Call&, const v1::EndPaymentExclusionRequest&);
Answer<v1::ListPaymentExclusionsResponse> ListPaymentExclusions(const Upstreams&, call::Call&,
                                                                const v1::ListPaymentExclusionsRequest&);
Answer<v1::PersonRelationship> RecordRelationship(const Upstreams&, call::Call&, const v1::RecordRelationshipRequest&);
Answer<v1::PersonRelationship> EndRelationship(const Upstreams&, call::Call&, const v1::EndRelationshipRequest&);
Answer<v1::ListRelationshipsResponse> ListRelationships(const Upstreams&, call::Call&,
                                                        const v1::ListRelationshipsRequest&);

}  // namespace handlers
}  // namespace ipb::people
