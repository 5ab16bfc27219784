// A program of the build's bin folder, started as an operator would start it.
#pragma once

#include <sys/types.h>

#include <cstdio>
#include <string>
#include <vector>

namespace ipb::journey {

// Runs from construction until Stop, Wait or destruction, which kills it. What it writes, to standard output
// and standard error alike, is read here. Used from one thread.
class Program {
 public:
  Program(const std::string& name, std::vector<std::string> arguments);
  ~Program();
  Program(Program&& other) noexcept;
  Program& operator=(Program&&) = delete;

  // The next line it writes, without its end; empty where it ended.
  std::string NextLine();
  // Where a server that has just started serves, as the first line that it writes says; all that it wrote
  // where it did not start.
  std::string Address();
  // All that it still writes, up to its end.
  std::string Rest();
  // Asks it to end (SIGTERM) and gives its exit code; -1 where a signal ended it.
  int Stop();
  // Waits until it ends by itself and gives its exit code; -1 where a signal ended it.
  int Wait();

 private:
  pid_t pid_ = -1;
  std::FILE* output_ = nullptr;
};

}  // namespace ipb::journey
