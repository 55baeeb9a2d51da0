#pragma once

#include <stdexcept>
#include <string>

namespace theriac {

// Process exit codes; the whole list is part of the command's contract (docs/architecture.md).
enum class Exit : int {
  kDone = 0,
  kBug = 1,
  kUser = 2,          // configuration, data or checkpoint: the user's to fix
  kFailedCells = 5,   // a sweep ended with failed cells, or an expectation was missed
  kCannotWrite = 73,  // disk full, permission
  kInterrupted = 75,  // stopped by a signal after saving; running again resumes
};

// Something a user can fix. The message says what, where, why and what to do; tag first, for
// example "csv: train.csv:12: no column 'path'; the columns are: image, text".
// Anything that is not an Error is a bug and ends the process with exit code 1.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message, Exit code = Exit::kUser)
      : std::runtime_error(message), code_(code) {}
  Exit code() const { return code_; }

 private:
  Exit code_;
};

// Thrown by long-running code after it has saved its state because a signal asked it to stop.
class Interrupted : public Error {
 public:
  explicit Interrupted(const std::string& message) : Error(message, Exit::kInterrupted) {}
};

}  // namespace theriac
