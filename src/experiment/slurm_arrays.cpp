#include "experiment/slurm_arrays.h"

namespace theriac::experiment {

std::vector<SlurmArray> slurm_arrays(const core::PlanFile& plan, const std::set<std::string>& done,
                                     const std::set<std::string>& queued, std::size_t largest) {
  std::vector<std::string> parents = {""};  // of what is submitted, in the plan's order
  for (const auto& stage : plan.stages) parents.push_back(stage.id);
  std::vector<SlurmArray> arrays;
  for (const auto& parent : parents) {
    const std::string name = parent.empty() ? "ready" : "after-" + parent;
    std::size_t pieces = 0;
    for (const auto& stage : plan.stages) {
      const std::string waits_for = done.contains(stage.parent) ? "" : stage.parent;
      if (done.contains(stage.id) || queued.contains(stage.id) || waits_for != parent) continue;
      if (pieces == 0 || arrays.back().stages.size() == largest) {
        ++pieces;
        arrays.push_back({pieces > 1 ? name + "-" + std::to_string(pieces) : name, parent, {}});
      }
      arrays.back().stages.push_back(stage.id);
    }
  }
  return arrays;
}

}  // namespace theriac::experiment
