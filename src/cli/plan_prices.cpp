#include "cli/plan_prices.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "theriac/core/progress.h"
#include "theriac/core/text.h"

namespace theriac::cli {

namespace {

std::string hours_text(const experiment::Price& price) {
  if (price.exists) return "done";
  return price.hours < 0 ? "not measured" : core::human_duration(price.hours * 3600);
}

nlohmann::json known(double value) { return value < 0 ? nlohmann::json() : nlohmann::json(value); }

}  // namespace

PlanPrices::PlanPrices(const experiment::Plan& plan, std::vector<experiment::Price> prices,
                       double hourly_rate, std::optional<int> jobs)
    : plan_(plan), prices_(std::move(prices)), hourly_rate_(hourly_rate), jobs_(jobs) {
  for (std::size_t i = 0; i < plan_.file.stages.size(); ++i) {
    index_[plan_.file.stages[i].id] = i;
    width_ = std::max(width_, plan_.file.stages[i].label.size());
  }
  for (const auto& cell : plan_.file.cells) width_ = std::max(width_, cell.name().size());
}

std::string PlanPrices::money(double hours) const {
  return hours < 0 ? "unknown" : fmt::format("{:.2f}", hours * hourly_rate_);
}

std::string PlanPrices::head(const std::string& name) const {
  return fmt::format("{:<{}}  {:>7} {:>9} {:>12} {:>9}  {:>14} {:>10}{}{}\n", name, width_,
                     "epochs", "steps", "pairs", "FLOP", "time", "disk",
                     hourly_rate_ > 0 ? fmt::format(" {:>10}", "money") : "",
                     name == "stage" ? "  folder" : "");
}

std::string PlanPrices::line(const std::string& name, const core::PlanStage& counts,
                             const experiment::Price& price, const std::string& folder) const {
  const double to_pay = price.exists ? 0 : price.hours;
  return fmt::format("{:<{}}  {:>7} {:>9} {:>12} {:>9.2g}  {:>14} {:>10}{}{}\n", name, width_,
                     counts.epochs, counts.steps, counts.samples, price.flops, hours_text(price),
                     core::human_bytes(price.disk_bytes),
                     hourly_rate_ > 0 ? fmt::format(" {:>10}", money(to_pay)) : "",
                     folder.empty() ? "" : "  " + folder);
}

std::string PlanPrices::stages() const {
  std::string text = head("stage");
  for (std::size_t i = 0; i < prices_.size(); ++i) {
    const auto& stage = plan_.file.stages[i];
    text += line(stage.label, stage, prices_[i], stage.id);
  }
  return text;
}

experiment::Price PlanPrices::of_cell(const core::PlanCell& cell) const {
  experiment::Price sum;
  sum.hours = 0;
  sum.exists = true;
  for (const auto& id : cell.stages) {
    const auto& price = prices_[index_.at(id)];
    sum.flops += price.flops;
    sum.disk_bytes += price.disk_bytes;
    sum.exists = sum.exists && price.exists;
    if (price.exists || sum.hours < 0) continue;
    sum.hours = price.hours < 0 ? -1 : sum.hours + price.hours;
  }
  return sum;
}

std::string PlanPrices::cells() const {
  std::string text = head("cell");
  for (const auto& cell : plan_.file.cells) {
    core::PlanStage counts;
    for (const auto& id : cell.stages) {
      const auto& stage = plan_.file.stages[index_.at(id)];
      counts.epochs += stage.epochs;
      counts.steps += stage.steps;
      if (stage.kind != "poison") counts.samples += stage.samples;
    }
    text += line(cell.name(), counts, of_cell(cell), "");
  }
  return text +
         "Each cell with all of its stages; cells share stages, so together they take less.\n";
}

std::string PlanPrices::totals() const {
  double hours = 0, flops = 0;
  std::uint64_t disk = 0;
  std::size_t unknown = 0, to_run = 0;
  for (const auto& price : prices_) {
    if (price.exists) continue;
    ++to_run;
    disk += price.disk_bytes;
    flops += price.flops;
    unknown += price.hours < 0;
    hours += std::max(0.0, price.hours);
  }
  const std::string least = unknown > 0 ? "at least " : "";
  std::string work = least + core::human_duration(hours * 3600) + " of work on one device";
  if (unknown > 0 && hours <= 0)
    work = "time unknown (nothing of these kinds was measured yet; --measure tries a few steps)";
  else if (unknown > 0)
    work += fmt::format(
        " ({} stage(s) are of kinds that were not measured yet; --measure tries a few steps)",
        unknown);
  std::string text = fmt::format("to run: {} stage(s), {:.2g} FLOP, {}, {} of disk\n", to_run,
                                 flops, work, core::human_bytes(disk));
  const double longest = experiment::critical_path(plan_, prices_);
  if (jobs_ && unknown == 0)
    text += fmt::format("here, {} at a time: {} or more\n", *jobs_,
                        core::human_duration(3600 * std::max(longest, hours / *jobs_)));
  if (hours > 0)
    text += fmt::format("with enough devices: {}{}, the longest chain of stages\n", least,
                        core::human_duration(longest * 3600));
  if (hourly_rate_ > 0)
    text += fmt::format("at {} an hour: {}\n", hourly_rate_,
                        unknown > 0 && hours <= 0 ? "unknown" : least + money(hours));
  return text;
}

std::string PlanPrices::json() const {
  nlohmann::json out = plan_.file;
  const auto put = [&](nlohmann::json& to, const experiment::Price& price) {
    const double left = price.exists ? 0 : price.hours;
    to["exists"] = price.exists;
    to["hours"] = known(price.hours);
    to["flops"] = price.flops;
    to["disk_bytes"] = price.disk_bytes;
    if (hourly_rate_ > 0) to["money"] = known(left < 0 ? -1 : left * hourly_rate_);
  };
  bool all = true;
  for (std::size_t i = 0; i < prices_.size(); ++i) {
    put(out["stages"][i], prices_[i]);
    all = all && (prices_[i].exists || prices_[i].hours >= 0);
  }
  for (std::size_t i = 0; i < plan_.file.cells.size(); ++i)
    put(out["cells"][i], of_cell(plan_.file.cells[i]));
  out["critical_path_hours"] = known(all ? experiment::critical_path(plan_, prices_) : -1);
  return out.dump(1) + "\n";
}

}  // namespace theriac::cli
