#include "theriac/experiment/runner.h"

#include <chrono>
#include <optional>
#include <thread>

#include "experiment/scheduler.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/interrupt.h"
#include "theriac/core/log.h"

namespace theriac::experiment {

namespace fs = std::filesystem;

namespace {

bool same_work(const fs::path& folder, const Plan& plan) {
  if (!fs::exists(folder / "plan.json")) return false;
  return nlohmann::json(core::read_plan(folder)) == nlohmann::json(plan.file);
}

// Nothing when another process runs the very same plan: this one joins it. One that has just begun
// may not have written its plan yet.
std::optional<core::FileLock> lock(const fs::path& folder, const Plan& plan, bool wait) {
  constexpr auto kTimeToWrite = std::chrono::seconds(3);
  const fs::path file = folder / "lock";
  const auto start = std::chrono::steady_clock::now();
  for (bool told = false;;) {
    if (auto mine = core::FileLock::try_acquire(file)) return mine;
    const std::string holder = core::FileLock::holder(file);
    if (same_work(folder, plan)) {
      core::info("joining {}: the stages are shared", holder);
      return std::nullopt;
    }
    if (std::chrono::steady_clock::now() - start > kTimeToWrite) {
      if (!wait)
        throw Error("run: " + folder.string() + " is being run by " + holder +
                    " with other settings; wait for it, or choose another folder with --runs DIR");
      if (!told)
        core::info("waiting: {} runs this experiment with other settings (--no-wait refuses)",
                   holder);
      told = true;
    }
    if (core::stop_requested()) throw Interrupted("stopped while waiting for " + folder.string());
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

}  // namespace

RunResult run(const Plan& plan, const Sweep& sweep, const RunOptions& options) {
  const fs::path runs = fs::absolute(options.runs).lexically_normal();
  const fs::path folder = runs / plan.file.name;
  core::make_folder(folder);
  const auto held = lock(folder, plan, options.wait);
  const core::LogFile log(folder / "log.txt");
  if (held) write_experiment(plan, sweep, folder);
  auto result = Scheduler(plan, options, folder, runs / "stages").run();
  result.experiment = folder;
  result.stages = runs / "stages";
  return result;
}

}  // namespace theriac::experiment
