// A real redis-server for tests, on a free port of the loopback and in a folder of its own.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace ipb::store {

class RedisServer {
 public:
  // Arguments that follow, and so override, the durable configuration: {"--appendfsync", "everysec"}.
  explicit RedisServer(std::vector<std::string> arguments = {});
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  int port() const { return port_; }

  void Kill();      // SIGKILL, and waits until it is dead
  void Restart();   // starts it again on the same data and port, and waits until it answers
  void Suspend();   // SIGSTOP
  void Continue();  // SIGCONT

  // Runs one command on a connection of its own; the reply as text, arrays joined by newlines.
  std::string Run(const std::vector<std::string>& command);

 private:
  void Start();
  void WaitUntilItAnswers();

  const std::vector<std::string> arguments_;
  std::string folder_;
  int port_ = 0;
  pid_t pid_ = -1;
};

}  // namespace ipb::store
