#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "theriac/core/run.h"
#include "theriac/experiment/config.h"
#include "theriac/experiment/workspace.h"

namespace theriac::experiment {

enum class Kind { kPoison, kPretrain, kClean };
std::string word(Kind kind);

// Raised by hand when a fix changes a stage's results, so that older folders are not reused.
inline constexpr int kRevision = 1;

// One stage of one cell. The id is "<kind>-<hash of settings>"; settings holds what changes the
// stage's results, and nothing else (no paths, workers or logging).
struct Stage {
  Kind kind;
  std::string id, parent;
  nlohmann::json settings;
  std::shared_ptr<const ExperimentConfig> config;  // of the cell that first needed the stage
  std::size_t cleaner = 0;                         // of config.clean, for a clean stage
  std::int64_t epochs = 0, steps = 0, samples = 0;
  std::int64_t rows = 0;       // of the data that is trained on
  std::int64_t evaluated = 0;  // pictures that evaluation embeds, in all epochs together
};

// What a stage trains by; null where it does not train.
const train::TrainConfig* training_of(const Stage& stage);

// The chain of a configuration, first to last. `workspace` is of the same configuration; the index
// of each data set is built in it (not its pictures).
std::vector<Stage> make_chain(const std::shared_ptr<const ExperimentConfig>& config,
                              Workspace& workspace);

// Equal for stages that differ in nothing but seeds: a hash of the settings in which what hashes
// seeds gives way to what it was made from. `parent`: this of the stage's parent.
std::string alike(const Stage& stage, const std::string& parent, Workspace& workspace);

// Hash of everything that decides the numbers of an evaluation, data sets included.
std::string evaluation_id(Workspace& workspace);

}  // namespace theriac::experiment
