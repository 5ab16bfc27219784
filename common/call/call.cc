#include "common/call/call.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "common/identifiers/digest.h"
#include "common/identifiers/uuid.h"
#include "common/names/names.h"
#include "common/policy/policy.h"
#include "ipb/v1/changes_service.pb.h"

namespace ipb::call {
namespace {

constexpr int32_t kDefaultPage = 50;
constexpr size_t kMaximumHistoryNames = 32;
constexpr char kDecisions[] = "decisions";

// Tells apart two commits with the same counter; 64 random bits are plenty for one subject.
std::string NewCommitId() { return absl::BytesToHexString(identifiers::RandomBytes(8)); }

// Ends a call early because its reply is remembered; the adapter never shows it.
absl::Status Replayed() { return absl::CancelledError("answered before"); }

absl::Status LostRace() {
  return errors::Make(absl::StatusCode::kAborted, v1::ERROR_REASON_LOST_RACE,
                      "others changed the same person at the same time, again and again: try again");
}

// Clears what differs between two runs of the same decision: etags and instants.
void ClearVolatile(google::protobuf::Message& message) {
  const auto* reflection = message.GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const auto* field : fields) {
    if (field->name() == "etag" || field->name() == "preview_token" || field->name() == "superseded_time" ||
        absl::EndsWith(field->name(), "recorded_time")) {
      reflection->ClearField(&message, field);
    } else if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE && !field->is_repeated()) {
      ClearVolatile(*reflection->MutableMessage(&message, field));
    } else if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE && !field->is_map()) {
      for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
        ClearVolatile(*reflection->MutableRepeatedMessage(&message, field, i));
      }
    }
  }
}

// What a preview promises: the revision it saw, the rules and policy it used, and what it decided.
std::string PreviewToken(const Environment& environment, const store::Revision& revision,
                         const google::protobuf::Message& reply) {
  const std::unique_ptr<google::protobuf::Message> decided(reply.New());
  decided->CopyFrom(reply);
  ClearVolatile(*decided);
  return identifiers::Sha256Hex(absl::StrCat(revision.counter, "|", revision.commit_id, "|",
                                             environment.policy->version(), "|", environment.rule_set_version, "|",
                                             decided->SerializeAsString()))
      .substr(0, 32);
}

void SetPreviewToken(google::protobuf::Message& reply, const std::string& token) {
  const auto* field = reply.GetDescriptor()->FindFieldByName("preview_token");
  if (field != nullptr) reply.GetReflection()->SetString(&reply, field, token);
}

// The request without what says how to treat it.
std::unique_ptr<google::protobuf::Message> AsMeant(const google::protobuf::Message& request) {
  std::unique_ptr<google::protobuf::Message> body(request.New());
  body->CopyFrom(request);
  for (const char* name : {"validate_only", "preview_token"}) {
    const auto* field = body->GetDescriptor()->FindFieldByName(name);
    if (field != nullptr) body->GetReflection()->ClearField(body.get(), field);
  }
  return body;
}

// The resource that a reply is, or the subject that it is about: a bank's file is about its run.
std::string NameIn(const google::protobuf::Message& reply, const Subject& subject) {
  const auto* field = reply.GetDescriptor()->FindFieldByName("name");
  if (field == nullptr || field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_STRING)
    return subject.name();
  return reply.GetReflection()->GetString(reply, field);
}

std::string PageToken(const std::string& subject, const std::string& prefix, const std::string& last) {
  return absl::WebSafeBase64Escape(absl::StrCat(subject, "|", prefix, "|", last));
}

absl::StatusOr<std::string> ReadPageToken(const std::string& subject, const std::string& prefix,
                                          const std::string& token) {
  if (token.empty()) return std::string();
  std::string text;
  const std::string start = absl::StrCat(subject, "|", prefix, "|");
  if (!absl::WebSafeBase64Unescape(token, &text) || text.compare(0, start.size(), start) != 0) {
    return errors::InvalidField("page_token", "is not a token that this list gave");
  }
  return text.substr(start.size());
}

}  // namespace

Call::Call(const Environment& environment, Caller caller, RequestInfo info)
    : environment_(environment),
      caller_(std::move(caller)),
      info_(std::move(info)),
      now_(environment.clock->Now()),
      today_(dates::InLondon(now_)),
      records_(environment.keeps_decisions && info_.decides_on != nullptr) {
  if (info_.mutates && !info_.request_id.empty()) {
    request_key_ = identifiers::Sha256Hex(absl::StrCat(caller_.organisation, "|", caller_.system, "|", info_.method,
                                                       "|", info_.request_id))
                       .substr(0, 32);
  }
}

v1::HumanDecision Call::DecidedBy(v1::HumanDecision decision) const {
  decision.set_decider(caller_.actor);
  decision.set_role(caller_.role);
  decision.set_organisation(caller_.organisation);
  if (decision.decision_date().empty()) decision.set_decision_date(dates::Format(today_));
  return decision;
}

bool Call::MayKnow(const state::v1::AccessRecord& access) const {
  if (caller_.kind == v1::CALLER_KIND_SERVICE) return true;
  return std::any_of(access.responsibilities().begin(), access.responsibilities().end(), [this](const auto& held) {
    return held.state() == v1::Responsibility::STATE_ACCEPTED &&
           environment_.policy->ActsFor(caller_.organisation, held.organisation(), today_) &&
           dates::Within(today_, held.effective_from_date(), held.effective_to_date());
  });
}

absl::Status Call::CheckMerged(const std::string& person, const state::v1::AccessRecord& access) const {
  const bool refuses = environment_.refuses_merged ? info_.mutates : info_.begins;
  if (!refuses || caller_.kind == v1::CALLER_KIND_SERVICE || access.merged_into().empty()) return absl::OkStatus();
  return errors::PersonMerged(person, access.merged_into());
}

absl::Status Call::RestOn(const Subject& subject) {
  recording_.RestOn(subject.access());
  return CheckMerged(subject.name(), subject.access());
}

void Call::NoteUpstream(const std::string& name, const google::protobuf::Message& resource) {
  if (records_) recording_.Upstream(name, resource);
}

async::Task<absl::StatusOr<Subject>> Call::Load(std::string resource_name, std::vector<std::string> records) {
  std::string subject = SubjectOf(resource_name);
  for (std::string& record : records) {
    if (SubjectOf(record) == subject) record = RecordOf(record);
  }
  records.push_back(RecordOf(resource_name));
  return LoadSubject(std::move(subject), std::move(records), std::move(resource_name), true);
}

async::Task<absl::StatusOr<Subject>> Call::LoadUnguarded(std::string subject, std::vector<std::string> records) {
  std::string asked_for = subject;
  return LoadSubject(std::move(subject), std::move(records), std::move(asked_for), false);
}

async::Task<absl::StatusOr<Subject>> Call::LoadSubject(std::string subject, std::vector<std::string> records,
                                                       std::string asked_for, bool guarded) {
  store::LoadRequest request{subject, request_key_, records};
  auto loading = environment_.store->Load(std::move(request));
  IPB_CO_ASSIGN_OR_RETURN(store::LoadResult loaded, co_await loading);
  state::v1::AccessRecord access;
  access.ParseFromString(loaded.access);
  // The service's own copy may be missing, or a moment behind a body that was just let in or a merge that was just
  // undone: the source knows.
  const bool refused = !MayKnow(access) || !CheckMerged(subject, access).ok();
  const bool ask = guarded && environment_.access_source != nullptr && refused;
  if (ask) {
    auto fetching = environment_.access_source->Fetch(caller_, subject);
    auto answer = co_await fetching;
    if (!answer.ok() && answer.status().code() == absl::StatusCode::kNotFound) {
      co_return errors::NotFound(asked_for);
    }
    IPB_CO_ASSIGN_OR_RETURN(access, std::move(answer));
  }
  if (guarded && !MayKnow(access)) co_return errors::NotFound(asked_for);
  if (loaded.remembered) co_return Replay(*std::move(loaded.remembered));
  if (guarded) {
    IPB_CO_RETURN_IF_ERROR(CheckMerged(subject, access));
  }
  loaded_revisions_[subject] = loaded.revision.counter;
  if (records_) recording_.Loaded(subject, loaded, access);
  Subject result(std::move(subject), records, std::move(loaded), std::move(access), NewCommitId(),
                 environment_.keeps_decisions);
  if (ask) result.KeepFetchedAccess();
  co_return result;
}

async::Task<absl::StatusOr<Page>> Call::List(std::string subject, std::string prefix, int32_t page_size,
                                             std::string page_token) {
  IPB_CO_ASSIGN_OR_RETURN(std::string after, ReadPageToken(subject, prefix, page_token));
  const size_t wanted = page_size <= 0 ? kDefaultPage : std::min(page_size, kLargestPage);
  Page page;
  while (true) {
    auto listing = environment_.store->List(subject, prefix, after, wanted + 1);
    IPB_CO_ASSIGN_OR_RETURN(std::vector<store::Record> records, co_await listing);
    const bool last = records.size() <= wanted;
    for (store::Record& record : records) {
      // A decision must not mix what was loaded with what was written since: run again from one snapshot.
      if (NewerThanLoaded(subject, record.revision)) {
        lost_race_ = true;
        co_return LostRace();
      }
      if (record.name.find('/', prefix.size()) != record.name.npos) {
        after = record.name;
        continue;
      }
      if (page.records.size() == wanted) {
        page.next_page_token = PageToken(subject, prefix, page.records.back().name);
        co_return page;
      }
      after = record.name;
      if (records_) recording_.Listed(subject, record);
      page.records.push_back(std::move(record));
    }
    if (last) co_return page;
  }
}

bool Call::NewerThanLoaded(const std::string& subject, int64_t revision) const {
  const auto loaded = loaded_revisions_.find(subject);
  return info_.mutates && loaded != loaded_revisions_.end() && revision > loaded->second;
}

absl::Status Call::Replay(store::Remembered remembered) {
  if (remembered.fingerprint != info_.fingerprint) {
    return errors::Make(absl::StatusCode::kInvalidArgument, v1::ERROR_REASON_REQUEST_ID_REUSED,
                        "this request_id was used before for another request: make a new one for each request");
  }
  replay_ = std::move(remembered);
  if (!replay_->reply.empty() || replay_->name.empty()) return Replayed();
  return errors::Make(absl::StatusCode::kAlreadyExists, v1::ERROR_REASON_ALREADY_EXISTS,
                      absl::StrCat("this was done before and made ", replay_->name), {{"name", replay_->name}});
}

absl::Status Call::OutOfTime() const {
  return errors::Make(absl::StatusCode::kDeadlineExceeded, v1::ERROR_REASON_OUT_OF_TIME,
                      "the caller gave up or the deadline passed before anything was written");
}

absl::Status Call::BindPreview(const Subject& subject, google::protobuf::Message& reply) const {
  if (!info_.validate_only && info_.preview_token.empty()) return absl::OkStatus();
  const std::string token = PreviewToken(environment_, subject.revision(), reply);
  if (!info_.preview_token.empty() && info_.preview_token != token) {
    return errors::Make(absl::StatusCode::kAborted, v1::ERROR_REASON_PREVIEW_STALE,
                        "what you previewed is no longer what would happen: preview again");
  }
  if (info_.validate_only) SetPreviewToken(reply, token);
  return absl::OkStatus();
}

std::string Call::PutDecision(Subject& subject) {
  const int64_t revision = subject.revision().counter + 1;
  for (const auto& [record, resource] : recording_.upstream()) {
    subject.PutRecord(VersionRecordOf(record, revision), resource);
  }
  state::v1::DecisionRecord decision = recording_.TakeFacts(revision);
  decision.set_method(info_.method);
  decision.mutable_request()->PackFrom(*AsMeant(*info_.decides_on));
  decision.set_organisation(caller_.organisation);
  decision.set_system(caller_.system);
  decision.set_actor(caller_.actor);
  decision.set_role(caller_.role);
  decision.set_kind(caller_.kind);
  SetTime(now_, decision.mutable_decided_time());
  decision.set_policy_version(environment_.policy->version());
  decision.set_rule_set_version(environment_.rule_set_version);
  for (const std::string& name : subject.written()) decision.add_written(RecordOf(name));
  std::string name = names::Child(subject.name(), kDecisions, revision);
  subject.PutRecord(RecordOf(name), decision);
  return name;
}

absl::StatusOr<store::Writes> Call::WritesFor(Subject& subject, google::protobuf::Message* reply) {
  if (reply != nullptr) {
    IPB_RETURN_IF_ERROR(BindPreview(subject, *reply));
  }
  v1::HistoryEntry entry;
  entry.set_revision(subject.revision().counter + 1);
  entry.set_previous_digest(subject.history_digest());
  SetTime(now_, entry.mutable_commit_time());
  entry.set_organisation(caller_.organisation);
  entry.set_system(caller_.system);
  entry.set_actor(caller_.actor);
  entry.set_role(caller_.role);
  entry.set_method(info_.method);
  entry.set_request_id(info_.request_id);
  for (size_t i = 0; i < subject.written().size() && i < kMaximumHistoryNames; ++i) {
    entry.add_resources(subject.written()[i]);
  }
  if (records_ && subject.name() == recording_.subject()) entry.add_resources(PutDecision(subject));
  entry.set_policy_version(environment_.policy->version());
  entry.set_rule_set_version(environment_.rule_set_version);
  std::string history = entry.SerializeAsString();
  const std::string digest = identifiers::Sha256(history);
  store::Writes writes = subject.TakeWrites(std::move(history), digest);
  if (reply != nullptr && !request_key_.empty()) {
    writes.request_key = request_key_;
    writes.remember = {info_.fingerprint, reply->SerializeAsString(), NameIn(*reply, subject), 0};
  }
  return writes;
}

async::Task<absl::Status> Call::CommitMessage(Subject subject, google::protobuf::Message& reply) {
  IPB_CO_ASSIGN_OR_RETURN(store::Writes writes, WritesFor(subject, &reply));
  if (cancelled() || absl::Now() > info_.deadline) co_return OutOfTime();
  auto committing =
      environment_.store->Commit(subject.name(), subject.revision(), std::move(writes), info_.validate_only);
  IPB_CO_ASSIGN_OR_RETURN(store::CommitResult result, co_await committing);
  if (result.kind == store::CommitResult::Kind::kRepeated && result.remembered) {
    co_return Replay(*std::move(result.remembered));
  }
  lost_race_ = result.kind == store::CommitResult::Kind::kConflict;
  co_return lost_race_ ? LostRace() : absl::OkStatus();
}

async::Task<absl::Status> Call::Commit(Subject subject) {
  IPB_CO_ASSIGN_OR_RETURN(store::Writes writes, WritesFor(subject, nullptr));
  auto committing = CommitWrites(std::move(subject), std::move(writes));
  co_return co_await committing;
}

async::Task<absl::Status> Call::CommitUnrecorded(Subject subject) {
  if (!IsBookkeeping(subject.name()))
    co_return absl::InternalError(absl::StrCat(subject.name(), " is recorded"));
  store::Writes writes = subject.TakeUnrecordedWrites();
  auto committing = CommitWrites(std::move(subject), std::move(writes));
  co_return co_await committing;
}

async::Task<absl::Status> Call::CommitWrites(Subject subject, store::Writes writes) {
  auto committing =
      environment_.store->Commit(subject.name(), subject.revision(), std::move(writes), info_.validate_only);
  IPB_CO_ASSIGN_OR_RETURN(store::CommitResult result, co_await committing);
  lost_race_ = result.kind == store::CommitResult::Kind::kConflict;
  co_return lost_race_ ? LostRace() : absl::OkStatus();
}

void Call::Reset() {
  loaded_revisions_.clear();
  recording_ = Recording();
  lost_race_ = false;
  replay_.reset();
}

}  // namespace ipb::call
