#include "tests/store/redis_server.h"

#include <arpa/inet.h>
#include <hiredis/hiredis.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>

#include "absl/strings/str_cat.h"

namespace ipb::store {
namespace {

[[noreturn]] void Fail(absl::string_view what) {
  std::fprintf(stderr, "redis-server for tests: %s\n", std::string(what).c_str());
  std::abort();
}

int FreePort() {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    Fail("no free port");
  }
  close(fd);
  return ntohs(address.sin_port);
}

std::string TextOf(const redisReply* reply) {
  if (!reply) return "(lost)";
  if (reply->type == REDIS_REPLY_INTEGER) return absl::StrCat(reply->integer);
  if (reply->type != REDIS_REPLY_ARRAY) return reply->str ? std::string(reply->str, reply->len) : "";
  std::string text;
  for (size_t i = 0; i < reply->elements; ++i) {
    absl::StrAppend(&text, i > 0 ? "\n" : "", TextOf(reply->element[i]));
  }
  return text;
}

}  // namespace

RedisServer::RedisServer(std::vector<std::string> arguments)
    : arguments_(std::move(arguments)), port_(FreePort()) {
  char folder[] = "/tmp/ipb_redis_XXXXXX";
  if (!mkdtemp(folder)) Fail("no folder");
  folder_ = folder;
  Start();
}

RedisServer::~RedisServer() {
  Kill();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void RedisServer::Start() {
  std::vector<std::string> words = {"redis-server",
                                    "--port",
                                    absl::StrCat(port_),
                                    "--bind",
                                    "127.0.0.1",
                                    "--dir",
                                    folder_,
                                    "--logfile",
                                    "redis.log",
                                    "--appendonly",
                                    "yes",
                                    "--appendfsync",
                                    "always",
                                    "--save",
                                    "",
                                    "--maxmemory-policy",
                                    "noeviction"};
  words.insert(words.end(), arguments_.begin(), arguments_.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // not to outlive a test that crashes
    execvp(argv[0], argv.data());
    _exit(127);
  }
  if (pid_ < 0) Fail("no process");
  WaitUntilItAnswers();
}

void RedisServer::WaitUntilItAnswers() {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (Run({"PING"}) != "PONG") {
    if (waitpid(pid_, nullptr, WNOHANG) == pid_) Fail("it ended at its start");
    if (std::chrono::steady_clock::now() > limit) Fail("it does not answer");
    poll(nullptr, 0, 5);
  }
}

std::string RedisServer::Run(const std::vector<std::string>& command) {
  redisContext* const context = redisConnectWithTimeout("127.0.0.1", port_, {5, 0});
  std::vector<const char*> words;
  std::vector<size_t> sizes;
  for (const std::string& word : command) {
    words.push_back(word.data());
    sizes.push_back(word.size());
  }
  redisReply* reply = nullptr;
  if (context && !context->err) {
    reply = static_cast<redisReply*>(
        redisCommandArgv(context, static_cast<int>(words.size()), words.data(), sizes.data()));
  }
  const std::string text = TextOf(reply);
  if (reply) freeReplyObject(reply);
  if (context) redisFree(context);
  return text;
}

void RedisServer::Kill() {
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void RedisServer::Restart() {
  Kill();
  Start();
}

void RedisServer::Suspend() {
  kill(pid_, SIGSTOP);
  // Until it has stopped it may still answer.
  waitpid(pid_, nullptr, WUNTRACED);
}

void RedisServer::Continue() { kill(pid_, SIGCONT); }

}  // namespace ipb::store
