#include "theriac/experiment/runner.h"

#include <optional>

#include "experiment/scheduler.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/log.h"

namespace theriac::experiment {

namespace fs = std::filesystem;

namespace {

bool same_work(const fs::path& folder, const Plan& plan) {
  if (!fs::exists(folder / "plan.json")) return false;
  return nlohmann::json(core::read_plan(folder)) == nlohmann::json(plan.file);
}

// Nothing when another process runs the very same plan: this one joins it.
std::optional<core::FileLock> lock(const fs::path& folder, const Plan& plan, bool wait) {
  const fs::path file = folder / "lock";
  if (auto mine = core::FileLock::try_acquire(file)) return mine;
  const std::string holder = core::FileLock::holder(file);
  if (same_work(folder, plan)) {
    core::info("joining {}: the stages are shared", holder);
    return std::nullopt;
  }
  if (!wait)
    throw Error("run: " + folder.string() + " is being run by " + holder +
                " with other settings; wait for it, or choose another folder with --runs DIR");
  return core::FileLock::acquire(file, [](const std::string& who) {
    core::info("waiting: {} runs this experiment with other settings (--no-wait refuses instead)",
               who);
  });
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
