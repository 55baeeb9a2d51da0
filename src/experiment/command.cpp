#include "experiment/command.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "theriac/core/error.h"

namespace theriac::experiment {

namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

// Unlinked; a program may write as much as it likes to it without anyone reading meanwhile.
File temporary_file() {
  File file(std::tmpfile(), &std::fclose);
  if (!file)
    throw Error(std::string("cannot make a temporary file: ") + std::strerror(errno),
                Exit::kCannotWrite);
  fcntl(fileno(file.get()), F_SETFD, FD_CLOEXEC);
  return file;
}

std::string contents(std::FILE* file) {
  std::rewind(file);
  std::string text;
  char buffer[4096];
  while (const auto n = std::fread(buffer, 1, sizeof buffer, file)) text.append(buffer, n);
  return text;
}

}  // namespace

std::optional<CommandResult> run_command(const std::vector<std::string>& arguments) {
  auto copies = arguments;
  std::vector<char*> argv;
  for (auto& argument : copies) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const File out = temporary_file(), said = temporary_file();
  int ends[2];  // carries errno when the program cannot be started
  if (pipe2(ends, O_CLOEXEC) != 0)
    throw Error(std::string("cannot start a process: ") + std::strerror(errno));
  const pid_t child = fork();
  if (child == 0) {
    dup2(open("/dev/null", O_RDONLY), 0);
    dup2(fileno(out.get()), 1);
    dup2(fileno(said.get()), 2);
    execvp(argv[0], argv.data());
    const int reason = errno;
    [[maybe_unused]] const auto written = write(ends[1], &reason, sizeof reason);
    _exit(127);
  }
  const int fork_error = errno;
  close(ends[1]);
  int reason = 0;
  const bool failed = child > 0 && read(ends[0], &reason, sizeof reason) > 0;
  close(ends[0]);
  if (child < 0) throw Error(std::string("cannot start a process: ") + std::strerror(fork_error));
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (failed && (reason == ENOENT || reason == EACCES)) return std::nullopt;
  if (failed) throw Error("cannot start " + arguments[0] + ": " + std::strerror(reason));
  CommandResult result{WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status),
                       contents(out.get()), contents(said.get())};
  while (!result.said.empty() && result.said.back() == '\n') result.said.pop_back();
  return result;
}

}  // namespace theriac::experiment
