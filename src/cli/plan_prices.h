#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "theriac/experiment/plan.h"

namespace theriac::cli {

// What `theriac plan` says of a plan and what it costs.
class PlanPrices {
 public:
  // `hourly_rate`: of one device, 0: no money is told. `jobs`: stages side by side on this machine,
  // where it was measured.
  PlanPrices(const experiment::Plan& plan, std::vector<experiment::Price> prices,
             double hourly_rate, std::optional<int> jobs);
  std::string stages() const;  // a line for each
  std::string cells() const;   // a line for each, with all stages of its chain
  std::string totals() const;  // of what is still to run
  std::string json() const;

 private:
  // Hours < 0: unknown.
  experiment::Price of_cell(const core::PlanCell& cell) const;
  std::string line(const std::string& name, const core::PlanStage& counts,
                   const experiment::Price& price, const std::string& folder) const;
  std::string head(const std::string& name) const;
  std::string money(double hours) const;

  const experiment::Plan& plan_;
  std::vector<experiment::Price> prices_;
  double hourly_rate_;
  std::optional<int> jobs_;
  std::size_t width_ = 5;
  std::unordered_map<std::string, std::size_t> index_;  // of stages by id
};

}  // namespace theriac::cli
