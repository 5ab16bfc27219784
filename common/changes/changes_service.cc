#include "common/changes/changes_service.h"

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/changes/watch_stream.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"

namespace ipb::changes {
namespace {

constexpr int32_t kDefaultPage = 50;
constexpr int32_t kMaximumPage = 200;

async::Task<absl::StatusOr<v1::ListHistoryResponse>> ListHistory(const ChangesService::Sources& sources,
                                                                 call::Call& call,
                                                                 const v1::ListHistoryRequest& request) {
  if (sources.count(request.service()) == 0) co_return errors::NotFound(absl::StrCat("service ", request.service()));
  int64_t after = 0;
  std::string position;
  if (!request.page_token().empty() && (!absl::WebSafeBase64Unescape(request.page_token(), &position) ||
                                        !absl::SimpleAtoi(position, &after) || after < 0)) {
    co_return errors::InvalidField("page_token", "is not a token that this list gave");
  }
  auto loading = call.Load(request.parent());
  IPB_CO_ASSIGN_OR_RETURN(const call::Subject subject, co_await loading);
  const size_t wanted = request.page_size() <= 0 ? kDefaultPage : std::min(request.page_size(), kMaximumPage);
  auto reading = call.environment().store->History(subject.name(), after, wanted);
  IPB_CO_ASSIGN_OR_RETURN(const std::vector<std::string> entries, co_await reading);
  v1::ListHistoryResponse reply;
  for (const std::string& entry : entries) reply.add_entries()->ParseFromString(entry);
  const int64_t last = after + static_cast<int64_t>(entries.size());
  if (last < subject.revision().counter) reply.set_next_page_token(absl::WebSafeBase64Escape(absl::StrCat(last)));
  co_return reply;
}

}  // namespace

void ChangesService::Add(const server::Serving& serving) {
  sources_[serving.environment.service] = {
      &serving, std::make_unique<Tailer>(serving.environment.store, serving.environment.timer)};
}

void ChangesService::Drain() {
  draining_.store(true);
  for (auto& [name, source] : sources_) source.tailer->Close();
}

grpc::ServerWriteReactor<v1::WatchResponse>* ChangesService::Watch(grpc::CallbackServerContext* context,
                                                                   const v1::WatchRequest* request) {
  const auto source = sources_.find(request->service());
  const bool here = source != sources_.end();
  auto* stream = new WatchStream(here ? source->second.serving : nullptr, here ? source->second.tailer.get() : nullptr,
                                 &streams_, &draining_, context, *request);
  stream->Begin();
  return stream;
}

grpc::ServerUnaryReactor* ChangesService::ListHistory(grpc::CallbackServerContext* context,
                                                      const v1::ListHistoryRequest* request,
                                                      v1::ListHistoryResponse* reply) {
  // The service whose history is asked for admits the caller; a service that is not here is refused by the handler.
  const auto source = sources_.find(request->service());
  const Source& admits = source == sources_.end() ? sources_.begin()->second : source->second;
  return server::Serve<changes::ListHistory>(*admits.serving, sources_, "ipb.v1.ChangesService", "ListHistory", context,
                                             request, reply);
}

}  // namespace ipb::changes
