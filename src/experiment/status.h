#pragma once

#include <chrono>
#include <filesystem>

#include "theriac/core/run.h"

namespace theriac::experiment {

// What a stage's time goes into.
enum class Activity { kOther, kTraining, kEvaluation };

// A stage's status.json while this process works on it.
class StatusFile {
 public:
  // The stage does this while it lives, and goes on with what it did before.
  class Doing {
   public:
    Doing(StatusFile& status, Activity activity)
        : status_(status), before_(status.change(activity)) {}
    ~Doing() { status_.change(before_); }
    Doing(const Doing&) = delete;
    Doing& operator=(const Doing&) = delete;

   private:
    StatusFile& status_;
    Activity before_;
  };
  // Continues what an earlier attempt left (seconds of work, newest numbers).
  StatusFile(const std::filesystem::path& stage_folder, const std::string& id,
             const std::string& kind);
  core::StageStatus value;
  void write();           // now
  void write_at_times();  // at most once a second
  void finish(core::StageState state, const std::string& error = {});

 private:
  // The system's clock may be set while a stage runs; what lies between two moments is not its.
  using Clock = std::chrono::steady_clock;
  Activity change(Activity activity);

  std::filesystem::path path_;
  Activity activity_ = Activity::kOther;
  Clock::time_point since_ = Clock::now(), written_;
};

}  // namespace theriac::experiment
