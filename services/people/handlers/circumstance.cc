#include "services/people/rules/circumstance.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "common/errors/status_macros.h"
#include "common/names/names.h"
#include "services/people/handlers/claim.h"
#include "services/people/handlers/handlers.h"

namespace ipb::people::handlers {
namespace {

constexpr char kCollection[] = "circumstances";
constexpr int32_t kPage = 200;

async::Task<absl::StatusOr<std::vector<v1::Circumstance>>> AllOf(call::Call& call, std::string person) {
  std::vector<v1::Circumstance> all;
  std::string page_token;
  do {
    auto listing = call.ListOf<v1::Circumstance>(person, kCollection, kPage, page_token);
    IPB_CO_ASSIGN_OR_RETURN(auto page, co_await listing);
    std::move(page.resources.begin(), page.resources.end(), std::back_inserter(all));
    page_token = page.next_page_token;
  } while (!page_token.empty());
  co_return all;
}

}  // namespace

Answer<v1::Circumstance> RecordCircumstance(const Upstreams&, call::Call& call,
                                            const v1::RecordCircumstanceRequest& request) {
  auto loading = call.Load(request.parent());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(v1::Person person, subject.Get<v1::Person>(request.parent()));
  std::vector<v1::Circumstance> known;
  if (request.kind() == v1::Circumstance::KIND_DEATH) {
    auto listing = AllOf(call, request.parent());
    IPB_CO_ASSIGN_OR_RETURN(known, co_await listing);
  }
  IPB_CO_ASSIGN_OR_RETURN(rules::CircumstanceDecision decision,
                          rules::RecordCircumstance(std::move(person), known, request, call.today()));
  v1::Circumstance& circumstance = decision.circumstance;
  circumstance.set_name(names::Child(request.parent(), kCollection, subject.Next(kCollection)));
  call::SetTime(call.now(), circumstance.mutable_recorded_time());
  subject.Put(circumstance);
  if (circumstance.kind() == v1::Circumstance::KIND_DEATH) PutPerson(subject, decision.person);
  auto committing = call.Commit(std::move(subject), std::move(circumstance));
  co_return co_await committing;
}

Answer<v1::Circumstance> EndCircumstance(const Upstreams&, call::Call& call,
                                         const v1::EndCircumstanceRequest& request) {
  auto loading = call.Load(request.name());
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  IPB_CO_ASSIGN_OR_RETURN(v1::Circumstance circumstance, subject.Get<v1::Circumstance>(request.name()));
  IPB_CO_RETURN_IF_ERROR(call::CheckEtag(request.etag(), circumstance));
  IPB_CO_ASSIGN_OR_RETURN(circumstance, rules::EndCircumstance(std::move(circumstance), request, call.today()));
  subject.Put(circumstance);
  auto committing = call.Commit(std::move(subject), std::move(circumstance));
  co_return co_await committing;
}

Answer<v1::ListCircumstancesResponse> ListCircumstances(const Upstreams&, call::Call& call,
                                                        const v1::ListCircumstancesRequest& request) {
  auto listing = call.ListOf<v1::Circumstance>(request.parent(), kCollection, request.page_size(),
                                               request.page_token());
  IPB_CO_ASSIGN_OR_RETURN(auto page, co_await listing);
  v1::ListCircumstancesResponse reply;
  for (v1::Circumstance& circumstance : page.resources) *reply.add_circumstances() = std::move(circumstance);
  reply.set_next_page_token(page.next_page_token);
  co_return reply;
}

}  // namespace ipb::people::handlers
