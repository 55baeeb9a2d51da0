#pragma once

#include <string>
#include <vector>

#include "experiment/slurm_arrays.h"
#include "theriac/experiment/slurm.h"

namespace theriac::experiment {

// Data that a task reads from the node's own disk: `source` (a folder or one file) is copied into
// `folder` once a node, and `key` names `rest` in the copy.
struct NearCopy {
  std::string key, source, rest;
  std::string folder;  // in words of the shell: "/scratch/$USER"
};

// KEY=FOLDER of each of options.near_data, with what KEY names in the stages' configurations.
// Errors: no such setting, nothing there, another path in another cell.
std::vector<NearCopy> near_copies(const std::vector<std::string>& near_data,
                                  const std::vector<const Stage*>& stages);

// What is the same in all scripts of a submission.
struct SlurmScripts {
  const core::PlanFile& plan;
  const SlurmOptions& options;
  std::vector<NearCopy> copies;
  std::string program;    // theriac
  std::string directory;  // where tasks start: that of the submission
  std::string logs;       // folder
};

// The script of one array. Its dependency is given to sbatch, since it is a job's number.
std::string slurm_script(const SlurmScripts& all, const SlurmArray& array);

// Error: a value that sbatch would misread, or a time too short to save in.
void check_slurm_options(const SlurmOptions& options);

}  // namespace theriac::experiment
