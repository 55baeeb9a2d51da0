#pragma once

#include <chrono>
#include <filesystem>

#include "theriac/core/run.h"

namespace theriac::experiment {

// A stage's status.json while this process works on it.
class StatusFile {
 public:
  // Continues what an earlier attempt left (seconds of work, newest numbers).
  StatusFile(const std::filesystem::path& stage_folder, const std::string& id,
             const std::string& kind);
  core::StageStatus value;
  void write();           // now
  void write_at_times();  // at most once a second
  void finish(core::StageState state, const std::string& error = {});

 private:
  std::filesystem::path path_;
  // The system's clock may be set while a stage runs; what lies between two moments is not its.
  using Clock = std::chrono::steady_clock;
  Clock::time_point began_, written_;
  double seconds_before_;
};

}  // namespace theriac::experiment
