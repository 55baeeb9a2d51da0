#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "experiment/board.h"
#include "experiment/worker.h"
#include "theriac/core/claim.h"
#include "theriac/experiment/runner.h"

namespace theriac::experiment {

// Of all files below a folder.
std::uint64_t bytes_in(const std::filesystem::path& folder);
// Tells a folder from a later one of its name; "" when there is none.
std::string folder_identity(const std::filesystem::path& folder);

// Starts each stage of a plan in a worker process as soon as its parent is done. Other schedulers,
// on any machine that shares the folder, may work on the same plan: a stage belongs to who holds
// its claim. Used from one thread.
class Scheduler {
 public:
  // `experiment` is the folder that holds plan.json.
  Scheduler(const Plan& plan, const RunOptions& options, std::filesystem::path experiment,
            std::filesystem::path stages);
  RunResult run();

 private:
  using Clock = std::chrono::steady_clock;
  enum class Progress { kWaiting, kRunning, kDone, kFailed };
  struct Item {
    Progress state = Progress::kWaiting;
    std::optional<core::Claim> claim;
    bool elsewhere = false;  // another runner had it when last seen
    int attempts = 0;
    Clock::time_point not_before;
    int code = 0;
    std::string reason;
    std::uint64_t bytes = 0;  // on the disk, when it last did not run
  };
  struct Slot {  // a place for one stage at a time
    std::string device;
    std::unique_ptr<Worker> worker;
    std::optional<std::size_t> item;
  };

  void make_slots();
  void rank();
  void choose();
  void need_disk() const;
  void fit_the_limit() const;
  void need_folder(int looks);
  std::filesystem::path folder(std::size_t i) const { return stages_ / plan_.stages[i].id; }
  bool is_done(std::size_t i) const;
  bool ready(std::size_t i) const;
  bool anything_left() const;
  void start_ready();
  std::uint64_t disk_in_use() const;
  [[noreturn]] void refuse_disk(std::size_t i) const;
  bool take(std::size_t i);
  void start(std::size_t i, Slot& slot);
  void poll(Slot& slot);
  void keep_claim(Slot& slot);
  void ended(std::size_t i, int code);
  void failed(std::size_t i, int code);
  bool was_removed(std::size_t i) const;
  void begin_anew(std::size_t i);
  void empty_folder(std::size_t i);
  void refresh(bool at_once);
  void stop();
  void work();
  RunResult result() const;

  const Plan& plan_;
  const RunOptions& options_;
  std::filesystem::path experiment_, stages_;
  core::Claims claims_;
  Board board_;
  std::vector<Item> items_;
  std::vector<bool> wanted_;                  // by RunOptions::only
  std::vector<std::size_t> order_;            // of starting: long chains first
  std::map<std::string, std::size_t> index_;  // of stages by id
  std::vector<Slot> slots_;
  std::vector<Price> prices_;
  int threads_ = 0, ran_ = 0, reused_ = 0;
  bool stopping_ = false, stale_report_ = false;
  Clock::time_point next_refresh_;
  std::string stages_id_;   // tells the folder from a later one of its name
  int folder_missing_ = 0;  // looks in a row
};

}  // namespace theriac::experiment
