#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "theriac/core/run.h"

namespace theriac::experiment {

// Stages that are submitted together, one task each.
struct SlurmArray {
  std::string
      name;  // of its script: "ready", "after-pretrain-5bd0e1aa94c2", with "-2" for a second
  std::string parent;  // the stage whose task has to end well first; "": none
  std::vector<std::string> stages;
};

// What is neither done nor queued, parents before children, at most `largest` stages in each.
std::vector<SlurmArray> slurm_arrays(const core::PlanFile& plan, const std::set<std::string>& done,
                                     const std::set<std::string>& queued, std::size_t largest);

}  // namespace theriac::experiment
