#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "theriac/config/document.h"
#include "theriac/core/run.h"
#include "theriac/experiment/config.h"

namespace theriac::experiment {

// An experiment file with everything on it: the chain, the sweep's cells, the expectations.
struct Cell {
  std::vector<std::pair<std::string, std::string>>
      values;                                      // axis, value; axes without effect left out
  config::Document document;                       // the chain with the cell's patches
  std::shared_ptr<const ExperimentConfig> config;  // the same, typed
};

struct Sweep {
  std::string name;
  std::vector<core::PlanAxis> axes;
  std::vector<Cell> cells;
  std::vector<core::Expectation> expect;
  config::Document base;  // the chain without patches
  std::map<std::string, std::set<std::string>>
      sections;  // by axis: what it sets, "clean", "data.cleaning"
};

struct LoadOptions {
  std::vector<std::string> sets;  // --set a.b=c, in order
  bool smoke = false;             // a two-minute pass over every stage
};

// Reads the file, checks every cell, and lists every problem of all of them at once (Error).
Sweep load_sweep(const std::filesystem::path& file, const LoadOptions& options);

// A cell's document as a typed configuration (already checked by load_sweep).
ExperimentConfig read_config(const config::Document& document);

// The data on which a cell's choices are made, and on which it is reported: test or validation.
std::string selection_data(const ExperimentConfig& config);
std::string report_data(const ExperimentConfig& config);

}  // namespace theriac::experiment
