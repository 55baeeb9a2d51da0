#pragma once

#include <string>
#include <vector>

#include "cli/verb.h"
#include "theriac/experiment/sweep.h"

namespace theriac::cli {

// FILE, --set, --smoke: what every verb that reads an experiment has in common.
struct ExperimentFile {
  std::string file;
  std::vector<std::string> sets;
  bool smoke = false;

  std::vector<Option> options();
  experiment::Sweep load() const;
  // The first cell, for verbs that show one configuration.
  experiment::ExperimentConfig load_first() const;
};

}  // namespace theriac::cli
