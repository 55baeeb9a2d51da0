#include "experiment/scheduler.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <numeric>
#include <set>
#include <thread>

#include "experiment/records.h"
#include "theriac/config/document.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/interrupt.h"
#include "theriac/core/log.h"

namespace theriac::experiment {

namespace fs = std::filesystem;
using core::StageState;

namespace {

constexpr auto kPoll = std::chrono::milliseconds(20);
constexpr auto kTimeToSave = std::chrono::seconds(60);
constexpr auto kLookElsewhere = std::chrono::seconds(1);

}  // namespace

Scheduler::Scheduler(const Plan& plan, const RunOptions& options, fs::path experiment,
                     fs::path stages)
    : plan_(plan),
      options_(options),
      experiment_(std::move(experiment)),
      stages_(std::move(stages)),
      board_(plan),
      items_(plan.stages.size()) {
  for (std::size_t i = 0; i < items_.size(); ++i) index_[plan.stages[i].id] = i;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    items_[i].bytes = bytes_in(folder(i));
    if (is_done(i)) {
      items_[i].state = Progress::kDone;
      ++reused_;
      // Of a runner that was killed between the end of the stage and the release of its claim.
      if (fs::exists(folder(i) / "claim")) claims_.try_take(folder(i) / "claim");
    } else if (const fs::path file = folder(i) / "status.json";
               fs::exists(file) && !core::read_status(folder(i))) {
      core::warn("{} is damaged; the stage is gone through again", file.string());
    } else {
      warn_of_damage(folder(i));
    }
  }
  rank();
  choose();
  prices_ = prices(plan_, stages_, {});
  need_disk();
  core::make_folder(stages_);
  stages_id_ = folder_identity(stages_);
  make_slots();
}

// Image passes of a stage and of the longest chain that waits for it: long chains start first, so
// that no device is left with one at the end.
void Scheduler::rank() {
  std::vector<std::int64_t> cost(items_.size());
  for (std::size_t i = items_.size(); i-- > 0;) {  // children stand after their parents
    const auto& stage = plan_.stages[i];
    cost[i] += stage.samples * (stage.settings.contains("augment") ? 2 : 1);
    const auto parent = index_.find(stage.parent);
    if (parent != index_.end()) cost[parent->second] = std::max(cost[parent->second], cost[i]);
  }
  order_.resize(items_.size());
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  std::stable_sort(order_.begin(), order_.end(),
                   [&](std::size_t a, std::size_t b) { return cost[a] > cost[b]; });
}

void Scheduler::make_slots() {
  const auto machine = side_by_side(plan_, options_.jobs, options_.device);
  threads_ = machine.threads;
  for (std::size_t s = 0; s < static_cast<std::size_t>(machine.jobs); ++s)
    slots_.push_back({machine.devices[s % machine.devices.size()], nullptr, {}});
}

// The stages of the kind that is asked for, and what they start from.
void Scheduler::choose() {
  const auto& only = options_.only;
  wanted_.assign(items_.size(), only.empty());
  for (std::size_t i = items_.size(); i-- > 0;) {  // children stand after their parents
    if (word(plan_.stages[i].kind) == only) wanted_[i] = true;
    const auto parent = index_.find(plan_.stages[i].parent);
    if (wanted_[i] && parent != index_.end()) wanted_[parent->second] = true;
  }
  if (std::find(wanted_.begin(), wanted_.end(), true) != wanted_.end() || items_.empty()) return;
  std::set<std::string> kinds;
  for (const auto& stage : plan_.stages) kinds.insert(word(stage.kind));
  throw Error(fmt::format("run: --only {}: the experiment has no such stage; it has: {}", only,
                          fmt::join(kinds, ", ")));
}

bool Scheduler::is_done(std::size_t i) const {
  return is_finished(folder(i), plan_.file.stages[i].evaluation);
}

bool Scheduler::ready(std::size_t i) const {
  if (items_[i].state != Progress::kWaiting || !wanted_[i]) return false;
  const auto& parent = plan_.stages[i].parent;
  return parent.empty() || items_[index_.at(parent)].state == Progress::kDone;
}

bool Scheduler::anything_left() const {
  if (core::stop_requested()) return false;
  for (std::size_t i = 0; i < items_.size(); ++i)
    if (ready(i)) return true;
  return false;
}

// Claims a stage; false when another runner has it, or has done it.
bool Scheduler::take(std::size_t i) {
  auto& item = items_[i];
  if (item.claim) return true;  // kept while it waits for its next attempt
  if (folder_identity(stages_) != stages_id_) return false;
  auto claim = claims_.try_take(folder(i) / "claim");
  item.not_before = Clock::now() + kLookElsewhere;
  const bool was_elsewhere = item.elsewhere;
  item.elsewhere = !claim;
  if (!claim) return false;
  const auto status = core::read_status(folder(i));
  if (is_done(i)) {
    item.state = Progress::kDone;
    ++reused_;
    item.bytes = bytes_in(folder(i));
    board_.done(i, folder(i));
    return false;
  }
  if (was_elsewhere && status && status->state == StageState::kFailed) {
    item.state = Progress::kFailed;
    item.reason = status->error;
    item.code = static_cast<int>(Exit::kUser);
    board_.failed(i, item.reason);
    return false;
  }
  item.claim = std::move(claim);
  return true;
}

void Scheduler::start_ready() {
  const auto idle = [&] {
    return std::find_if(slots_.begin(), slots_.end(), [](const Slot& s) { return !s.item; });
  };
  if (core::stop_requested() || idle() == slots_.end()) return;
  const auto now = Clock::now();
  std::optional<std::size_t> waits_for_disk;
  bool busy = false;
  std::uint64_t in_use = disk_in_use();
  for (const auto i : order_) {
    const auto slot = idle();
    if (slot == slots_.end()) return;
    if (!ready(i) || items_[i].not_before > now) continue;
    if (options_.disk_limit > 0 && in_use + prices_[i].disk_bytes > options_.disk_limit) {
      waits_for_disk = i;
      continue;
    }
    if (!take(i)) continue;
    start(i, *slot);
    in_use += prices_[i].disk_bytes;
  }
  for (const auto& slot : slots_) busy = busy || slot.item;
  for (const auto& item : items_) busy = busy || item.elsewhere || item.not_before > now;
  if (waits_for_disk && !busy) refuse_disk(*waits_for_disk);
}

void Scheduler::start(std::size_t i, Slot& slot) {
  core::make_folder(folder(i));
  auto config = *plan_.stages[i].config;
  core::write_file(folder(i) / "config.resolved.yaml", config::to_yaml(config));
  if (!slot.worker || !slot.worker->alive())
    slot.worker = std::make_unique<Worker>(stages_, slot.device, threads_);
  slot.worker->start(plan_.stages[i].id);
  slot.item = i;
  items_[i].state = Progress::kRunning;
  ++items_[i].attempts;
}

void Scheduler::keep_claim(Slot& slot) {
  auto& item = items_[*slot.item];
  if (!item.claim || item.claim->beat()) return;
  need_folder(1);
  if (was_removed(*slot.item)) return;  // the worker finds out by itself
  core::warn("{}: another runner has taken it over, because this one stood still for too long",
             plan_.file.stages[*slot.item].label);
  slot.worker->signal(SIGKILL);
  item.claim.reset();
}

void Scheduler::poll(Slot& slot) {
  if (!slot.item) return;
  keep_claim(slot);
  const auto code = slot.worker->poll();
  if (!code) return;
  const std::size_t i = *slot.item;
  slot.item.reset();
  if (!slot.worker->alive()) slot.worker.reset();  // one that was asked to stop ends here
  items_[i].bytes = bytes_in(folder(i));
  const bool lost = !items_[i].claim;
  if (!lost && !(*code == 0 && is_done(i)) && was_removed(i)) {
    begin_anew(i);
  } else if (lost) {
    items_[i].state = Progress::kWaiting;
    items_[i].elsewhere = true;
  } else {
    ended(i, *code);
  }
  // Nobody else begins it while it waits for its next attempt.
  if (items_[i].state != Progress::kWaiting || stopping_) items_[i].claim.reset();
}

void Scheduler::ended(std::size_t i, int code) {
  auto& item = items_[i];
  const bool told = stopping_ && code == 128 + SIGTERM;  // before it could listen
  if (code == static_cast<int>(Exit::kInterrupted) || told) {
    item.state = Progress::kWaiting;
    return;
  }
  stale_report_ = true;
  if (code == 0 && is_done(i)) {
    item.state = Progress::kDone;
    ++ran_;
    board_.done(i, folder(i));
  } else {
    failed(i, code);
  }
}

// The report of a large sweep takes a while: at most a twentieth of the time goes into it.
void Scheduler::refresh(bool at_once) {
  if (!options_.refresh || !stale_report_ || (!at_once && Clock::now() < next_refresh_)) return;
  need_folder(1);
  const auto before = Clock::now();
  try {
    options_.refresh();
  } catch (const Error& error) {  // a report is no reason to end the work
    core::warn("the report was not renewed: {}", error.what());
  }
  next_refresh_ = Clock::now() + 20 * (Clock::now() - before);
  stale_report_ = false;
}

void Scheduler::stop() {
  if (stopping_) return;
  stopping_ = true;
  core::info("stopping: each running stage finishes its step and saves{}",
             core::stop_requested() ? "; a second Ctrl-C ends everything at once" : "");
  for (auto& slot : slots_)
    if (slot.item) slot.worker->signal(SIGTERM);
}

RunResult Scheduler::run() {
  try {
    work();
  } catch (...) {  // stages that run save before this process ends
    const auto end = Clock::now() + kTimeToSave;
    stop();
    for (bool busy = true; busy && Clock::now() < end; std::this_thread::sleep_for(kPoll)) {
      busy = false;
      for (auto& slot : slots_) {
        if (slot.item && slot.worker->poll()) slot.item.reset();
        busy = busy || slot.item;
      }
    }
    throw;
  }
  refresh(true);
  board_.finish();
  if (stopping_)
    throw Interrupted("interrupted; everything is saved, the same command goes on from here");
  return result();
}

void Scheduler::work() {
  auto next_show = Clock::now();
  while (true) {
    start_ready();
    bool busy = false;
    for (auto& slot : slots_) {
      poll(slot);
      busy = busy || slot.item;
    }
    if (Clock::now() >= next_show) {
      std::vector<std::size_t> running;
      for (std::size_t i = 0; i < items_.size(); ++i)
        if (items_[i].state == Progress::kRunning || items_[i].elsewhere) running.push_back(i);
      board_.show(stages_, running);
      next_show = Clock::now() + std::chrono::milliseconds(200);
      need_folder(10);  // a shared file system may be away for a moment
    }
    if (core::stop_requested()) stop();
    if (!busy && !anything_left()) break;
    for (auto& item : items_)
      if (item.state == Progress::kWaiting && item.claim && !item.claim->beat()) item.claim.reset();
    refresh(false);
    std::this_thread::sleep_for(kPoll);
  }
}

RunResult Scheduler::result() const {
  RunResult result;
  result.ran = ran_;
  result.reused = reused_;
  result.single_cell = plan_.file.cells.size() == 1;
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

}  // namespace theriac::experiment
