#include "experiment/status.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "theriac/core/files.h"

namespace theriac::experiment {

namespace {
double now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}
}  // namespace

StatusFile::StatusFile(const std::filesystem::path& stage_folder, const std::string& id,
                       const std::string& kind)
    : path_(stage_folder / "status.json") {
  if (const auto earlier = core::read_status(stage_folder)) value = *earlier;
  value.seconds = std::max(0.0, value.seconds);
  value.id = id;
  value.kind = kind;
  value.state = core::StageState::kRunning;
  value.error.clear();
  if (value.started == 0) value.started = now();
  value.host = core::host_name();
  value.pid = getpid();
}

Activity StatusFile::change(Activity activity) {
  const auto time = Clock::now();
  const double seconds = std::chrono::duration<double>(time - since_).count();
  since_ = time;
  value.seconds += seconds;
  if (activity_ == Activity::kTraining) value.training_seconds += seconds;
  if (activity_ == Activity::kEvaluation) value.evaluation_seconds += seconds;
  return std::exchange(activity_, activity);
}

void StatusFile::write() {
  written_ = Clock::now();
  value.updated = now();
  change(activity_);
  if (value.state == core::StageState::kRunning) value.eta_seconds = core::seconds_left(value);
  core::write_file(path_, nlohmann::json(value).dump(1) + "\n");
}

void StatusFile::write_at_times() {
  if (Clock::now() - written_ >= std::chrono::seconds(1)) write();
}

void StatusFile::finish(core::StageState state, const std::string& error) {
  value.state = state;
  value.error = error;
  value.eta_seconds = state == core::StageState::kDone ? 0 : -1;
  write();
}

}  // namespace theriac::experiment
