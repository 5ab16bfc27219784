#include "tests/journeys/program.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace ipb::journey {

Program::Program(const std::string& name, std::vector<std::string> arguments) {
  const std::string path = absl::StrCat(std::getenv("IPB_BIN_DIR"), "/", name);
  arguments.insert(arguments.begin(), path);
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  int output[2];
  if (pipe2(output, O_CLOEXEC) != 0) std::abort();
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // not to outlive a test that crashes
    dup2(output[1], STDOUT_FILENO);
    dup2(output[1], STDERR_FILENO);
    execv(path.c_str(), argv.data());
    _exit(127);
  }
  if (pid_ < 0) std::abort();
  close(output[1]);
  output_ = fdopen(output[0], "r");
}

Program::~Program() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    Wait();
  }
  if (output_ != nullptr) std::fclose(output_);
}

Program::Program(Program&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), output_(std::exchange(other.output_, nullptr)) {}

std::string Program::NextLine() {
  std::string line;
  for (int c = std::fgetc(output_); c != EOF && c != '\n'; c = std::fgetc(output_)) {
    line.push_back(static_cast<char>(c));
  }
  return line;
}

std::string Program::Address() {
  const std::string line = NextLine();
  absl::string_view port = line;
  if (!absl::ConsumePrefix(&port, "serving on port ")) return absl::StrCat(line, "\n", Rest());
  return absl::StrCat("127.0.0.1:", port);
}

std::string Program::Rest() {
  std::string rest;
  for (int c = std::fgetc(output_); c != EOF; c = std::fgetc(output_)) rest.push_back(static_cast<char>(c));
  return rest;
}

int Program::Stop() {
  kill(pid_, SIGTERM);
  return Wait();
}

int Program::Wait() {
  int status = 0;
  waitpid(std::exchange(pid_, -1), &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace ipb::journey
