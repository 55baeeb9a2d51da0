#include "cli/experiment_file.h"

namespace theriac::cli {

std::vector<Option> ExperimentFile::options() {
  return {{"FILE", "experiment file, YAML or JSON", &file, true, {}},
          {"--set", "change one setting: a.b=c (repeatable)", &sets, false, {}},
          {"--smoke", "shrink data and epochs to a two-minute pass", &smoke, false, {}}};
}

experiment::Sweep ExperimentFile::load() const {
  return experiment::load_sweep(file, {sets, smoke});
}

experiment::ExperimentConfig ExperimentFile::load_first() const {
  return experiment::read_config(load().cells.front().document);
}

}  // namespace theriac::cli
