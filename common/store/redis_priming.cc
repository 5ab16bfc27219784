#include "common/store/redis_priming.h"

#include <random>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/store/redis_functions.h"
#include "common/store/redis_keys.h"

namespace ipb::store {
namespace {

struct Setting {
  absl::string_view name;
  absl::string_view value;
  absl::string_view why;
};
constexpr Setting kDurableSettings[] = {
    {"appendonly", "yes", "a restart would lose everything since the last snapshot"},
    {"appendfsync", "always", "a crash would lose commits that were acknowledged"},
    {"maxmemory-policy", "noeviction", "records would be dropped when memory runs short"},
};

std::string RandomEpoch() {
  std::random_device random;
  return absl::StrFormat("%08x%08x%08x%08x", random(), random(), random(), random());
}

absl::Status CheckMaster(const redisReply& reply) {
  IPB_RETURN_IF_ERROR(ExpectArray(reply));
  if (reply.elements == 0 || !IsText(*reply.element[0])) return UnexpectedReply();
  const absl::string_view role = TextOf(*reply.element[0]);
  if (role == "master") return absl::OkStatus();
  return errors::StoreUnavailable(absl::StrCat("this Redis is a ", role, ", not the master"));
}

absl::Status CheckDurability(const redisReply& reply) {
  if (!ExpectArray(reply).ok()) {
    return absl::FailedPreconditionError(
        "Redis does not tell whether it keeps what it acknowledges (CONFIG GET); run it "
        "with CONFIG GET allowed, or allow losing acknowledged writes");
  }
  std::vector<std::string> wrong;
  for (const Setting& setting : kDurableSettings) {
    absl::string_view found = "not known";
    for (size_t i = 0; i + 1 < reply.elements; i += 2) {
      if (TextOf(*reply.element[i]) == setting.name) found = TextOf(*reply.element[i + 1]);
    }
    if (found != setting.value) {
      wrong.push_back(
          absl::StrCat(setting.name, " is ", found, " and must be ", setting.value, ", else ", setting.why));
    }
  }
  if (wrong.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("Redis is not configured to keep what it acknowledges: ", absl::StrJoin(wrong, "; ")));
}

absl::Status CheckLibrary(const redisReply& reply) {
  if (reply.type == REDIS_REPLY_ERROR && absl::StrContains(TextOf(reply), "already exists"))
    return absl::OkStatus();
  return StatusOf(reply);
}

absl::Status CheckIdentity(const redisReply& reply, RedisIdentity& identity) {
  IPB_RETURN_IF_ERROR(ExpectArray(reply, 2));
  if (!IsText(*reply.element[0]) || !IsText(*reply.element[1])) return UnexpectedReply();
  const absl::string_view partitions = TextOf(*reply.element[1]);
  if (partitions != absl::StrCat(kPartitions)) {
    return absl::FailedPreconditionError(
        absl::StrCat("the store in Redis has ", partitions, " partitions; this program has ", kPartitions));
  }
  return identity.Learn(TextOf(*reply.element[0]));
}

}  // namespace

std::string RedisIdentity::epoch() const {
  const std::lock_guard lock(mutex_);
  return epoch_;
}

absl::Status RedisIdentity::Learn(absl::string_view epoch) {
  const std::lock_guard lock(mutex_);
  if (epoch_.empty()) epoch_ = std::string(epoch);
  if (epoch_ == epoch) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "this Redis holds another store than the one this process began with: data was lost or replaced; "
      "restart to "
      "accept it");
}

std::vector<PrimingStep> MakePrimingSteps(const PrimingOptions& options,
                                          std::shared_ptr<RedisIdentity> identity) {
  std::vector<PrimingStep> steps;
  const auto add = [&steps](Command command, std::function<absl::Status(const redisReply&)> check) {
    steps.push_back({std::move(command), std::move(check)});
  };
  if (!options.password.empty()) add(Command().Add("AUTH").Add(options.password), StatusOf);
  add(Command().Add("CLIENT").Add("SETNAME").Add("ipb"), StatusOf);
  add(Command().Add("ROLE"), CheckMaster);
  if (options.check_durability) {
    Command command;
    command.Add("CONFIG").Add("GET");
    for (const Setting& setting : kDurableSettings) command.Add(setting.name);
    add(std::move(command), CheckDurability);
  }
  add(Command().Add("FUNCTION").Add("LOAD").Add(FunctionLibrary()), CheckLibrary);
  add(Command().Add("HSETNX").Add(IdentityKey()).Add("partitions").AddNumber(kPartitions), StatusOf);
  add(Command().Add("HSETNX").Add(IdentityKey()).Add("epoch").Add(RandomEpoch()), StatusOf);
  add(Command().Add("HMGET").Add(IdentityKey()).Add("epoch").Add("partitions"),
      [identity](const redisReply& reply) { return CheckIdentity(reply, *identity); });
  return steps;
}

}  // namespace ipb::store
