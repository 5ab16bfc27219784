// The behavioural suite over Redis. Each case has a server of its own data, emptied between cases.
#include "common/store/redis_store.h"

#include <poll.h>

#include "tests/store/redis_server.h"
#include "tests/store/store_suite.h"

namespace ipb::store {
namespace {

class RedisBackend : public Backend {
 public:
  RedisBackend() { Server().Run({"FLUSHALL"}); }

  std::unique_ptr<Engine> Open(async::Executor* executor) override {
    return OpenRedis("127.0.0.1", Server().port(), executor).value();
  }
  bool Durable() const override { return true; }
  void AdvanceClock() override {
    // Redis has a clock of its own: wait until it shows another millisecond, twice over.
    const int64_t start = Milliseconds();
    while (Milliseconds() < start + 3) poll(nullptr, 0, 1);
  }

 private:
  // One for all cases: starting costs more than a case.
  static RedisServer& Server() {
    static RedisServer server;
    return server;
  }
  static int64_t Milliseconds() {
    const std::string time = Server().Run({"TIME"});
    const size_t end = time.find('\n');
    return std::stoll(time.substr(0, end)) * 1000 + std::stoll(time.substr(end + 1)) / 1000;
  }
};

INSTANTIATE_TEST_SUITE_P(Redis, StoreSuite,
                         testing::Values(BackendCase{"redis",
                                                     [] { return std::make_unique<RedisBackend>(); }}),
                         NameOf);

}  // namespace
}  // namespace ipb::store
