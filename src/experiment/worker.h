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
  // A process that ends without an answer is never a success.
  std::optional<int> poll();
  bool alive();  // and ready for a stage
  void signal(int number);

 private:
  std::optional<int> read_answer();
  void reap();

  pid_t pid_ = -1;
  int commands_ = -1, answers_ = -1;
  std::string answer_;
  int status_ = 0;  // of waitpid, once it ended
  bool busy_ = false, ended_ = false, leaving_ = false;
};

}  // namespace theriac::experiment
