#include "cli/overview.h"

#include <algorithm>

#include "cli/run_folders.h"
#include "theriac/core/claim.h"
#include "theriac/core/files.h"
#include "theriac/experiment/slurm.h"

namespace theriac::cli {

namespace fs = std::filesystem;

namespace {

// A runner holds a claim; a stage that a scheduler started alone holds its lock only.
std::string holder_of(const fs::path& stage) {
  const auto claim = core::Claims::holder(stage / "claim");
  return claim.empty() ? core::FileLock::holder(stage / "lock") : claim;
}

std::string state_of(const StageView& stage, const std::string& this_host,
                     const std::string& parent) {
  const auto& status = stage.status;
  const bool waits = status.state == core::StageState::kWaiting;
  if (waits && (parent == "failed" || parent == "blocked")) return "blocked";
  if (!stage.queued.empty() && stage.queued.starts_with("queued")) return "queued";
  if (status.state != core::StageState::kRunning) return core::word(status.state);
  // Locks of other machines may not be seen from here.
  const bool here = status.host == this_host;
  return stage.holder.empty() && here ? "killed" : "running";
}

// Seconds of work that a stage has left: by its own pace once it has begun; else by the mean of
// stages of its kind and length, or per sample by those of its kind or by any training.
class Remaining {
 public:
  explicit Remaining(const std::vector<StageView>& stages) {
    for (const auto& stage : stages) {
      const double left = stage.state == "done" ? 0 : core::seconds_left(stage.status);
      if (left < 0 || stage.status.seconds <= 0 || stage.plan.samples == 0) continue;
      const double seconds = stage.status.seconds + left;
      by_length_[{stage.plan.kind, stage.plan.samples}].add(stage, seconds);
      by_kind_[stage.plan.kind].add(stage, seconds);
      if (stage.plan.kind != "poison") trainings_.add(stage, seconds);
    }
  }
  double of(const StageView& stage) const {
    if (stage.state == "done" || stage.state == "failed" || stage.state == "blocked") return 0;
    if (stage.state == "running" && stage.status.eta_seconds >= 0) return stage.status.eta_seconds;
    if (const double own = core::seconds_left(stage.status); own >= 0) return own;
    if (stage.plan.samples == 0) return 0;
    if (const auto found = by_length_.find({stage.plan.kind, stage.plan.samples});
        found != by_length_.end())
      return found->second.seconds / found->second.count;
    const auto kind = by_kind_.find(stage.plan.kind);
    const Sum& rate = kind != by_kind_.end() ? kind->second : trainings_;
    if (rate.samples > 0)
      return rate.seconds / rate.samples * static_cast<double>(stage.plan.samples);
    return stage.plan.kind == "poison" ? 0 : -1;
  }

 private:
  struct Sum {
    double seconds = 0, samples = 0, count = 0;
    void add(const StageView& stage, double of_stage) {
      seconds += of_stage;
      samples += static_cast<double>(stage.plan.samples);
      ++count;
    }
  };
  std::map<std::pair<std::string, std::int64_t>, Sum> by_length_;
  std::map<std::string, Sum> by_kind_;
  Sum trainings_;
};

// All that is left side by side on what runs now, but no sooner than the longest chain.
double eta(const std::vector<StageView>& stages) {
  const Remaining remaining(stages);
  std::map<std::string, double> chain;
  double total = 0, longest = 0;
  int running = 0;
  for (const auto& stage : stages) {
    const double own = remaining.of(stage);
    if (own < 0) return -1;
    total += own;
    running += stage.state == "running";
    longest = std::max(longest, chain[stage.plan.id] = chain[stage.plan.parent] + own);
  }
  return std::max(longest, total / std::max(1, running));
}

bool nothing_to_wait_for(const std::vector<StageView>& stages) {
  return std::none_of(stages.begin(), stages.end(), [](const StageView& stage) {
    return stage.state == "running" || stage.state == "queued";
  });
}

}  // namespace

Overview overview(const fs::path& experiment) {
  const auto plan = core::read_plan(experiment);
  Overview result;
  result.name = plan.name;
  result.file = plan.file;
  const auto queue = experiment::slurm_states(experiment);
  const std::string this_host = core::host_name();
  std::map<std::string, std::string> states;  // parents come before children
  for (const auto& planned : plan.stages) {
    StageView stage{planned, {}, {}, {}, {}};
    stage.status.id = planned.id;
    stage.status.kind = planned.kind;
    stage.status.epochs = planned.epochs;
    const fs::path folder = stages_of(experiment) / planned.id;
    if (auto found = core::read_status(folder)) stage.status = std::move(*found);
    if (stage.status.state != core::StageState::kDone && fs::exists(folder))
      stage.holder = holder_of(folder);
    if (const auto found = queue.find(planned.id); found != queue.end())
      stage.queued = found->second;
    stage.state = states[planned.id] = state_of(stage, this_host, states[planned.parent]);
    ++result.counts[stage.state];
    result.seconds += stage.status.seconds;
    result.training_seconds += stage.status.training_seconds;
    result.evaluation_seconds += stage.status.evaluation_seconds;
    if (stage.state == "running") result.pairs_per_second += stage.status.pairs_per_second;
    result.stages.push_back(std::move(stage));
  }
  result.eta_seconds = eta(result.stages);
  result.ended =
      nothing_to_wait_for(result.stages) && core::FileLock::holder(experiment / "lock").empty();
  return result;
}

}  // namespace theriac::cli
