#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "theriac/core/progress.h"
#include "theriac/experiment/plan.h"

namespace theriac::experiment {

// What a person sees during a run: a line per finished epoch and stage, and a status line with the
// running stages, how many are left and how long all of it will take.
class Board {
 public:
  explicit Board(const Plan& plan);
  void show(const std::filesystem::path& stages, const std::vector<std::size_t>& running);
  void done(std::size_t stage, const std::filesystem::path& folder);
  void failed(std::size_t stage, const std::string& reason);
  void finish();

 private:
  std::string status_text(const core::StageStatus& status, std::size_t stage) const;
  double remaining_seconds(const std::map<std::size_t, core::StageStatus>& now) const;

  const Plan& plan_;
  core::Progress line_;
  std::map<std::size_t, std::int64_t> epochs_shown_;
  std::map<std::size_t, bool> finished_;
  std::map<std::string, double> rates_;  // pairs per second by kind of work
  std::size_t width_ = 0;
};

}  // namespace theriac::experiment
