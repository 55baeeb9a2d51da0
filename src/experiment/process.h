#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace theriac::experiment {

// A child process that runs this very program. Its stdout and stderr are appended to a file; it is
// asked to stop (SIGTERM) when its parent dies.
class Process {
 public:
  Process(const std::vector<std::string>& arguments, const std::filesystem::path& output);
  ~Process();  // kills it
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // The exit code, or 128 + signal; nullopt while it runs.
  std::optional<int> poll();
  void signal(int number);

 private:
  pid_t pid_;
  bool ended_ = false;
};

}  // namespace theriac::experiment
