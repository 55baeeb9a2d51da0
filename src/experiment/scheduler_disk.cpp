// What a plan takes of the disk, before and while it runs.
#include <fmt/format.h>

#include <algorithm>

#include "experiment/scheduler.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"

namespace theriac::experiment {

namespace fs = std::filesystem;

std::uint64_t bytes_in(const fs::path& folder) {
  std::uint64_t total = 0;
  std::error_code error;
  for (auto entry = fs::recursive_directory_iterator(folder, error);
       !error && entry != fs::recursive_directory_iterator(); entry.increment(error))
    if (entry->is_regular_file(error)) total += entry->file_size(error);
  return total;
}

void Scheduler::need_disk() const {
  if (options_.disk_limit > 0) fit_the_limit();
  if (!options_.check_disk) return;
  std::uint64_t needed = 0, largest = 0;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    if (items_[i].state == Progress::kDone || !wanted_[i]) continue;
    needed += prices_[i].kept_bytes;
    largest = std::max(largest, prices_[i].disk_bytes);
    needed -= std::min(needed, items_[i].bytes);
  }
  needed = std::max(needed, largest);
  const auto free = core::free_bytes(stages_);
  if (needed > free)
    throw Error(
        fmt::format("run: the plan needs {} of disk and {} has {} free; choose another folder "
                    "(--runs DIR), keep fewer checkpoints (checkpoint.finished, `theriac plan` "
                    "shows what each stage takes), or start anyway with --no-disk-check",
                    core::human_bytes(needed), stages_.string(), core::human_bytes(free)),
        Exit::kCannotWrite);
}

// What stays of all stages, and the largest one while it runs, after the others.
void Scheduler::fit_the_limit() const {
  std::uint64_t kept = 0, most = 0;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    const bool done = items_[i].state == Progress::kDone;
    if (!done && !wanted_[i]) continue;
    const auto stays = done ? items_[i].bytes : prices_[i].kept_bytes;
    kept += stays;
    if (!done)
      most = std::max(most, prices_[i].disk_bytes - std::min(stays, prices_[i].disk_bytes));
  }
  if (kept + most <= options_.disk_limit) return;
  throw Error(fmt::format("run: the plan does not fit within --disk-limit {}: its stages need {}; "
                          "raise it, or keep fewer checkpoints of finished stages "
                          "(checkpoint.finished, `theriac plan` shows what each stage takes)",
                          core::human_bytes(options_.disk_limit), core::human_bytes(kept + most)),
              Exit::kCannotWrite);
}

// By this plan's stages; those that run are taken for as large as they get.
std::uint64_t Scheduler::disk_in_use() const {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    const bool runs = items_[i].state == Progress::kRunning || items_[i].elsewhere;
    total += runs ? prices_[i].disk_bytes : items_[i].bytes;
  }
  return total;
}

void Scheduler::refuse_disk(std::size_t i) const {
  throw Error(fmt::format("run: the stages that are left do not fit within --disk-limit {}: {} "
                          "are in use and {} ({}) takes {}; raise it, or keep fewer checkpoints "
                          "of finished stages (checkpoint.finished)",
                          core::human_bytes(options_.disk_limit), core::human_bytes(disk_in_use()),
                          plan_.file.stages[i].label, plan_.stages[i].id,
                          core::human_bytes(prices_[i].disk_bytes)),
              Exit::kCannotWrite);
}

}  // namespace theriac::experiment
