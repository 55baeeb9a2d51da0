#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

namespace theriac::experiment {

// A child process that runs this very program (hidden verb `_worker`) and works on one stage after
// the other, so that what stages share is loaded once. It is asked to stop (SIGTERM) when its
// parent dies.
class Worker {
 public:
  Worker(const std::filesystem::path& stages, const std::string& device, int threads);
  ~Worker();  // lets an idle one end, kills a busy one
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void start(const std::string& stage);
  // Of the stage that runs, once it ended: its exit code, or 128 + signal. Nothing while it runs.
  std::optional<int> poll();
  bool alive() const { return !ended_; }
  void signal(int number);

 private:
  std::optional<int> read_answer();

  pid_t pid_ = -1;
  int commands_ = -1, answers_ = -1;
  std::string answer_;
  bool busy_ = false, ended_ = false;
};

}  // namespace theriac::experiment
