#include "theriac/experiment/runner.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <map>
#include <memory>
#include <thread>

#include "experiment/board.h"
#include "experiment/process.h"
#include "theriac/config/document.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/interrupt.h"
#include "theriac/core/log.h"

namespace theriac::experiment {

namespace fs = std::filesystem;
using core::StageState;

namespace {

enum class Progress { kWaiting, kRunning, kDone, kFailed };

struct Item {
  Progress state = Progress::kWaiting;
  std::unique_ptr<Process> process;
  int code = 0;
  std::string reason;
};

// The last lines of a log, for the reason of a crash.
std::string last_lines(const fs::path& file, int count) {
  if (!fs::exists(file)) return {};
  std::string text = core::read_file(file);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  std::size_t begin = text.size();
  while (count-- > 0 && begin != std::string::npos && begin > 0)
    begin = text.rfind('\n', begin - 1);
  return begin == std::string::npos || begin == 0 ? text : text.substr(begin + 1);
}

std::string crash_reason(int code, const fs::path& folder) {
  std::string reason;
  if (code == 128 + SIGKILL)
    reason =
        "killed (signal 9): most often the machine ran out of memory; try fewer --jobs or a "
        "smaller batch_size";
  else if (code > 128)
    reason = "ended by signal " + std::to_string(code - 128);
  else
    reason = "ended with code " + std::to_string(code);
  const std::string lines = last_lines(folder / "log.txt", 3);
  return lines.empty() ? reason : reason + "; its log ends: " + lines;
}

class Runner {
 public:
  Runner(const Plan& plan, const RunOptions& options, fs::path stages)
      : plan_(plan), options_(options), stages_(std::move(stages)), items_(plan.stages.size()) {
    for (std::size_t i = 0; i < items_.size(); ++i) index_[plan.stages[i].id] = i;
    choose_jobs();
  }

  RunResult run(Board& board) {
    mark_finished();
    while (true) {
      start_ready();
      bool busy = false;
      for (std::size_t i = 0; i < items_.size(); ++i) busy = poll(i, board) || busy;
      board.show(stages_, running());
      if (core::stop_requested()) stop();
      if (!busy && !startable()) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    board.finish();
    return result();
  }

 private:
  // A CPU runs one stage a core, one thread each: small models gain nothing from a second thread
  // (docs/architecture.md, "Stages side by side"). A GPU runs one stage at a time.
  void choose_jobs() {
    const int cores = std::max(1u, std::thread::hardware_concurrency());
    const bool cpu = device() == "cpu" || (device() == "auto" && !fs::exists("/dev/nvidia0"));
    jobs_ = options_.jobs > 0 ? options_.jobs : cpu ? cores : 1;
    std::map<std::string, int> width;
    for (const auto& stage : plan_.stages) ++width[stage.parent];
    int widest = 1;
    for (const auto& [parent, children] : width) widest = std::max(widest, children);
    jobs_ = std::min(jobs_, std::max(widest, static_cast<int>(plan_.file.cells.size())));
    threads_ = cpu ? std::max(1, cores / jobs_) : 0;
  }

  std::string device() const {
    if (!options_.device.empty()) return options_.device;
    return plan_.stages.empty() ? "auto" : plan_.stages.front().config->device;
  }

  void mark_finished() {
    for (std::size_t i = 0; i < items_.size(); ++i) {
      const auto status = core::read_status(stages_ / plan_.stages[i].id);
      if (status && status->state == StageState::kDone &&
          status->evaluation == plan_.file.stages[i].evaluation) {
        items_[i].state = Progress::kDone;
        ++reused_;
      }
    }
  }

  bool wanted(std::size_t i) const {
    return options_.only.empty() || options_.only == word(plan_.stages[i].kind);
  }

  bool ready(std::size_t i) const {
    if (items_[i].state != Progress::kWaiting || !wanted(i)) return false;
    const auto& parent = plan_.stages[i].parent;
    return parent.empty() || items_[index_.at(parent)].state == Progress::kDone;
  }

  bool startable() const {
    if (core::stop_requested()) return false;
    for (std::size_t i = 0; i < items_.size(); ++i)
      if (ready(i)) return true;
    return false;
  }

  int running_count() const {
    return static_cast<int>(std::count_if(items_.begin(), items_.end(), [](const Item& item) {
      return item.state == Progress::kRunning;
    }));
  }

  std::vector<std::size_t> running() const {
    std::vector<std::size_t> result;
    for (std::size_t i = 0; i < items_.size(); ++i)
      if (items_[i].state == Progress::kRunning) result.push_back(i);
    return result;
  }

  void start_ready() {
    while (!core::stop_requested() && running_count() < jobs_) {
      std::size_t next = items_.size();
      for (std::size_t i = 0; i < items_.size(); ++i)
        if (ready(i) && (next == items_.size() || cost(i) > cost(next))) next = i;
      if (next == items_.size()) return;
      start(next);
    }
  }

  // Image passes of a stage and of the longest chain that waits for it: long chains start first, so
  // that no core is left with one at the end.
  std::int64_t cost(std::size_t i) const {
    const auto& stage = plan_.stages[i];
    std::int64_t after = 0;
    for (std::size_t k = i + 1; k < plan_.stages.size(); ++k)
      if (plan_.stages[k].parent == stage.id) after = std::max(after, cost(k));
    return stage.samples * (stage.settings.contains("augment") ? 2 : 1) + after;
  }

  void start(std::size_t i) {
    const auto& stage = plan_.stages[i];
    const fs::path folder = stages_ / stage.id;
    core::make_folder(folder);
    auto config = *stage.config;
    core::write_file(folder / "config.resolved.yaml", config::to_yaml(config));
    items_[i].process = std::make_unique<Process>(
        std::vector<std::string>{"_stage", stages_.string(), stage.id, "--device", device(),
                                 "--threads", std::to_string(threads_)},
        folder / "console.txt");
    items_[i].state = Progress::kRunning;
  }

  // Whether the stage still runs.
  bool poll(std::size_t i, Board& board) {
    auto& item = items_[i];
    if (item.state != Progress::kRunning) return false;
    const auto code = item.process->poll();
    if (!code) return true;
    const fs::path folder = stages_ / plan_.stages[i].id;
    item.code = *code;
    auto status = core::read_status(folder);
    if (*code == 0) {
      item.state = Progress::kDone;
      ++ran_;
      board.done(i, folder);
    } else if (*code == static_cast<int>(Exit::kInterrupted)) {
      item.state = Progress::kWaiting;
      interrupted_ = true;
    } else {
      item.state = Progress::kFailed;
      item.reason = status && status->state == StageState::kFailed ? status->error
                                                                   : crash_reason(*code, folder);
      if (status && status->state != StageState::kFailed) {
        status->state = StageState::kFailed;
        status->error = item.reason;
        core::write_file(folder / "status.json", nlohmann::json(*status).dump(1) + "\n");
      }
      board.failed(i, item.reason);
    }
    if (options_.refresh) options_.refresh();
    return false;
  }

  void stop() {
    if (!stopping_) {
      core::info(
          "stopping: each running stage finishes its step and saves; a second Ctrl-C ends "
          "everything at once");
      for (auto& item : items_)
        if (item.state == Progress::kRunning) item.process->signal(SIGTERM);
    }
    stopping_ = true;
  }

  RunResult result() {
    RunResult result;
    result.ran = ran_;
    result.reused = reused_;
    result.single_cell = plan_.file.cells.size() == 1;
    if (stopping_ || interrupted_)
      throw Interrupted("interrupted; everything is saved, the same command goes on from here");
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (items_[i].state != Progress::kFailed) continue;
      FailedStage failed{plan_.stages[i].id, plan_.file.stages[i].label, items_[i].reason, {}};
      for (const auto& cell : plan_.file.cells)
        if (std::find(cell.stages.begin(), cell.stages.end(), failed.id) != cell.stages.end())
          failed.cells.push_back(cell.name());
      result.failed.push_back(std::move(failed));
      result.exit_code = items_[i].code > 128 ? static_cast<int>(Exit::kBug) : items_[i].code;
    }
    if (!result.failed.empty() && !result.single_cell)
      result.exit_code = static_cast<int>(Exit::kFailedCells);
    return result;
  }

  const Plan& plan_;
  const RunOptions& options_;
  fs::path stages_;
  std::vector<Item> items_;
  std::map<std::string, std::size_t> index_;
  int jobs_ = 1, threads_ = 0, ran_ = 0, reused_ = 0;
  bool stopping_ = false, interrupted_ = false;
};

core::FileLock lock(const fs::path& folder, bool wait) {
  const fs::path file = folder / "lock";
  if (auto mine = core::FileLock::try_acquire(file)) return std::move(*mine);
  if (!wait)
    throw Error("run: " + folder.string() + " is being run by " + core::FileLock::holder(file) +
                "; wait for it, or choose another folder with --runs DIR");
  return core::FileLock::acquire(file, [](const std::string& holder) {
    core::info("waiting: {} runs this experiment (--no-wait refuses instead)", holder);
  });
}

}  // namespace

RunResult run(const Plan& plan, const Sweep& sweep, const RunOptions& options) {
  const fs::path runs = fs::absolute(options.runs).lexically_normal();
  const fs::path folder = runs / plan.file.name;
  core::make_folder(folder);
  const auto held = lock(folder, options.wait);
  const core::LogFile log(folder / "log.txt");
  write_experiment(plan, sweep, folder);
  Board board(plan);
  auto result = Runner(plan, options, runs / "stages").run(board);
  result.experiment = folder;
  result.stages = runs / "stages";
  return result;
}

}  // namespace theriac::experiment
