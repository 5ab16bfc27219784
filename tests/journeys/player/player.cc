#include "tests/journeys/player/player.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "tests/journeys/player/match.h"
#include "tests/journeys/player/retry.h"

namespace ipb::journey {
namespace {

using Notes = std::vector<std::string>;

constexpr absl::string_view kReply = "reply.";

Notes Note(const absl::Status& status) { return {std::string(status.message())}; }

// A file's name without its folder, so that a run is the same from wherever it is played.
std::string BaseName(const std::string& file) { return file.substr(file.rfind('/') + 1); }

std::string LastField(absl::string_view path) {
  const size_t dot = path.rfind('.');
  const absl::string_view field = dot == absl::string_view::npos ? path : path.substr(dot + 1);
  return std::string(field.substr(0, field.find('[')));
}

// `${reply.PATH}` is told from the reply, anything else from what is carried.
absl::StatusOr<std::string> FillSentence(const std::string& text, const Carried& carried, const Json& reply) {
  return Carried::FillText(text, [&](const std::string& name) -> absl::StatusOr<std::string> {
    if (absl::StartsWith(name, kReply)) {
      const std::string path = name.substr(kReply.size());
      const Json* value = Find(reply, path);
      if (value == nullptr) return absl::NotFoundError(absl::StrCat("the reply has no ", path, " to tell"));
      return Spell(LastField(path), *value);
    }
    const auto value = carried.Value(name);
    if (!value.ok()) return value.status();
    return Spell(absl::StartsWith(name, "today") ? "today_date" : name, *value);
  });
}

}  // namespace

Player::Player(Settings settings, Story& story)
    : settings_(std::move(settings)), clock_(settings_.clock_file), story_(story) {}

void Player::Place(const std::string& deployment, const std::string& service,
                   std::shared_ptr<Remote> remote) {
  places_[{deployment, service}] = std::move(remote);
}

absl::StatusOr<Remote*> Player::RemoteFor(const Journey& journey, const Step& step) const {
  for (const std::string& service : {step.service, std::string()}) {
    const auto found = places_.find({journey.deployment, service});
    if (found != places_.end()) return found->second.get();
  }
  return absl::NotFoundError(
      absl::StrCat("no address for ", step.service, " in the deployment '", journey.deployment, "'"));
}

absl::Status Player::PassTime(const std::string& instant, Playing& playing) {
  absl::Status status;
  if (!instant.empty()) status = clock_.Set(instant);
  playing.carried.SetToday(dates::InLondon(clock_.Now()));
  return status;
}

bool Player::Play(const Journey& journey) {
  story_.Begin(journey);
  Playing playing{journey, Carried(settings_.run, BaseName(journey.file))};
  Notes notes;
  const absl::Status status = PassTime(journey.clock, playing);
  if (!status.ok()) notes = Note(status);
  for (const Step& step : journey.steps) {
    if (!notes.empty()) break;
    ++playing.step;
    notes = PlayStep(step, playing);
  }
  if (!notes.empty()) story_.Wrong(notes);
  story_.End(journey, notes.empty());
  return notes.empty();
}

Notes Player::PlayStep(const Step& step, Playing& playing) {
  const absl::Status status = PassTime(step.clock, playing);
  if (!status.ok()) return Note(status);
  const auto say = FillSentence(step.say, playing.carried, Json::object());
  if (!say.ok()) return Note(say.status());
  const absl::CivilDay today = dates::InLondon(clock_.Now());
  story_.Tell(playing.step, step.as.value_or(playing.journey.as), today, *say, step);
  return step.method.empty() ? Notes() : PlayCall(step, playing);
}

Notes Player::PlayCall(const Step& step, Playing& playing) {
  const auto remote = RemoteFor(playing.journey, step);
  if (!remote.ok()) return Note(remote.status());
  const auto request = playing.carried.Fill(step.request);
  if (!request.ok()) return Note(request.status());
  const auto expect = playing.carried.Fill(step.expect.value_or(Json::object()));
  if (!expect.ok()) return Note(expect.status());
  const Caller& caller = step.as ? *step.as : playing.journey.as;
  const std::string request_id = playing.carried.Uuid(absl::StrCat("step ", playing.step));

  const absl::Time begun = absl::Now();
  while (true) {
    const auto outcome = (*remote)->Call(step, caller, *request, request_id);
    if (!outcome.ok()) return Note(outcome.status());
    const Notes notes = Unexpected(step, *expect, *outcome);
    if (notes.empty()) return Conclude(step, *expect, *outcome, playing);
    absl::Duration patience = absl::Seconds(step.until_seconds);
    if (outcome->away()) patience = std::max(patience, settings_.ride_out);
    if (!WaitToRetry(begun + patience)) return notes;
  }
}

Notes Player::Conclude(const Step& step, const Json& expect, const Outcome& outcome, Playing& playing) {
  if (step.refused) {
    story_.Refused(outcome);
    return {};
  }
  for (const auto& [name, path] : step.keep) {
    const Json* value = Find(outcome.reply, path);
    if (value == nullptr) return {absl::StrCat("the reply has no ", path, " to keep as ", name)};
    playing.carried.Keep(name, *value);
  }
  const auto so = FillSentence(step.so, playing.carried, outcome.reply);
  if (!so.ok()) return Note(so.status());
  story_.Reply(step, *so, expect, outcome);
  return {};
}

}  // namespace ipb::journey
