#include "experiment/board.h"

#include <fmt/format.h>

#include <algorithm>

#include "theriac/core/log.h"

namespace theriac::experiment {

namespace {

std::string speed_text(const core::StageStatus& status) {
  const double speed = status.pairs_per_second;
  return fmt::format("{:.{}f} pairs/s", speed, speed < 10 ? 1 : 0);
}

}  // namespace

Board::Board(const Plan& plan) : plan_(plan) {
  for (const auto& stage : plan.file.stages) width_ = std::max(width_, stage.label.size());
  width_ = std::min<std::size_t>(width_, 40);
}

std::string Board::status_text(const core::StageStatus& status, std::size_t stage) const {
  return fmt::format("{:<{}}  epoch {}/{}  loss {:.3f}{}  {}", plan_.file.stages[stage].label,
                     width_, status.epoch, status.epochs, status.loss, core::rates_text(status),
                     speed_text(status));
}

double Board::remaining_seconds(const std::map<std::size_t, core::StageStatus>& now) const {
  double total = 0;
  for (std::size_t i = 0; i < plan_.stages.size(); ++i) {
    if (finished_.contains(i)) continue;
    const auto& stage = plan_.file.stages[i];
    const auto running = now.find(i);
    if (running != now.end() && running->second.eta_seconds >= 0) {
      total += running->second.eta_seconds;
      continue;
    }
    const auto rate = rates_.find(work_kind(plan_.stages[i]));
    if (rate == rates_.end() && stage.samples > 0 && stage.kind != "poison") {
      // Not measured yet: as fast as the slowest kind that was.
      double slowest = 0;
      for (const auto& [kind, value] : rates_)
        slowest = slowest == 0 ? value : std::min(slowest, value);
      if (slowest == 0) return -1;
      total += static_cast<double>(stage.samples) / slowest;
    } else if (rate != rates_.end()) {
      total += static_cast<double>(stage.samples) / rate->second;
    }
  }
  return total / std::max<double>(1, static_cast<double>(now.size()));
}

void Board::show(const std::filesystem::path& stages, const std::vector<std::size_t>& running) {
  std::map<std::size_t, core::StageStatus> now;
  for (const auto i : running) {
    const auto status = core::read_status(stages / plan_.stages[i].id);
    if (!status || plan_.stages[i].kind == Kind::kPoison) continue;
    now[i] = *status;
    if (status->pairs_per_second > 0) rates_[work_kind(plan_.stages[i])] = status->pairs_per_second;
    if (status->epoch > epochs_shown_[i]) {
      epochs_shown_[i] = status->epoch;
      core::info("{}", status_text(*status, i));
    }
  }
  std::string text = fmt::format("{}/{} stages", finished_.size(), plan_.stages.size());
  const double left = remaining_seconds(now);
  if (left >= 0) text += ", about " + core::human_duration(left) + " left";
  for (const auto& [i, status] : now) {
    const double done = status.steps > 0 ? 100.0 * static_cast<double>(status.step) /
                                               static_cast<double>(status.steps)
                                         : 0;
    text += fmt::format(" | {} {:.0f} % {}{}", plan_.file.stages[i].label, done, speed_text(status),
                        core::rates_text(status));
  }
  line_.update(text);
}

void Board::done(std::size_t stage, const std::filesystem::path& folder) {
  finished_[stage] = true;
  const auto status = core::read_status(folder);
  if (plan_.stages[stage].kind == Kind::kPoison) {
    core::info("{}: {} samples; look at {}", plan_.file.stages[stage].label,
               plan_.stages[stage].samples, (folder / "contact_sheet.png").string());
    return;
  }
  if (status)
    core::info("{:<{}}  done{}  in {}", plan_.file.stages[stage].label, width_,
               core::rates_text(*status), core::human_duration(status->seconds));
}

void Board::failed(std::size_t stage, const std::string& reason) {
  finished_[stage] = true;
  core::log(core::Level::kError,
            fmt::format("{}: failed: {}", plan_.file.stages[stage].label, reason));
}

void Board::finish() { line_.finish(); }

}  // namespace theriac::experiment
