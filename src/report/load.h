#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "report/measurement.h"
#include "theriac/core/run.h"

namespace theriac::report {

inline constexpr const char* kAccuracy = "zero_shot_top1";
inline constexpr const char* kAttack = "attack_success";

struct Stage {
  Stage() = default;
  Stage(Stage&&) = default;  // no copies: `measured` points into `records`

  core::PlanStage plan;
  std::filesystem::path folder;
  core::StageStatus status;  // kWaiting when there is no status.json
  std::vector<Measurement> records;
  std::vector<core::StepMetrics> metrics;

  // What find() gives for accuracy and attack success, by data, in order of epochs; made by load().
  struct Pair {
    std::int64_t epoch = 0;
    const Measurement *accuracy = nullptr, *attack = nullptr;
  };
  std::map<std::string, std::vector<Pair>> measured;
  void make_index();

  bool done() const { return status.state == core::StageState::kDone; }
  // The newest row; where a metric has several protocols, `exclude_target` wins. Null when absent.
  const Measurement* find(const std::string& metric, const std::string& data,
                          std::int64_t epoch) const;
  std::optional<std::int64_t> last_epoch(const std::string& metric, const std::string& data) const;

 private:
  std::vector<std::uint32_t> newest_;  // places in records, in order of metric, data and epoch
};

struct Cell {
  std::string name;          // "mmcl, 0.002"
  std::string model;         // label of its group
  std::size_t group = 0;     // index into Experiment::groups
  std::string cleaning;      // its values on the cleaning axes: "0.002"; "" when there are none
  std::string treatment;     // of these, the named patches only
  std::string seed;          // on cleaning axes of seeds: "seed 1"; "" when there are none
  std::string method;        // treatment and seed: what is chosen among is of one method
  std::string description;   // for people: "learning rate 0.002"
  double learning_rate = 0;  // of its last cleaning stage; 0 where it has none
  bool control = false;      // cleaning at learning rate 0: only the batch-norm statistics move
  std::vector<const Stage*> chain;

  const Stage* first(const std::string& kind) const;
  const Stage* last(const std::string& kind) const;
  bool cleaned() const { return first("clean") != nullptr; }
};

// The cells that clean one and the same pre-trained model.
struct Group {
  std::string label;
  std::string setting, seed;  // the label without axes of seeds; its seed, as text
  bool poisoned = true;
  bool cleaned = false;
  std::vector<const Cell*> cells;
  std::size_t model = 0;  // index into Experiment::models
};

// Groups that differ in nothing but their seed: one colour in every figure.
struct Model {
  std::string name;                 // the setting; of a single group its label
  std::vector<std::size_t> groups;  // indices, in plan order
};

struct Experiment {
  Experiment() = default;
  Experiment(const Experiment&) = delete;  // cells and groups point into it
  Experiment& operator=(const Experiment&) = delete;

  core::PlanFile plan;
  std::filesystem::path folder;
  Names names;  // of the stages' records
  std::vector<Stage> stages;
  std::vector<Cell> cells;
  std::vector<Group> groups;
  std::vector<Model> models;
  std::string cleaning_axes;           // "learning rate"; "" when nothing varies in cleaning
  std::vector<std::string> cleanings;  // distinct Cell::cleaning in plan order: one mark each
  std::vector<std::string> data_sets;  // that have an accuracy or an attack success
  std::vector<std::string> problems;   // files that could not be read
  std::string trigger;                 // for people: "random_patch, size 16"

  std::size_t mark(const Cell& cell) const;  // index into cleanings
  std::size_t count(core::StageState state) const;
};

// Makes `models` from `groups`. Groups of one setting and one seed are models of their own.
void make_models(Experiment& experiment);

// Its stages, or those of its cells where these belong to other experiments; each once.
std::vector<const Stage*> all_stages(const Experiment& experiment);

// Its name; with its folder where another one of `all` has the same name.
std::string title_of(const Experiment& experiment, const std::vector<const Experiment*>& all);

// Everything that is there; what is missing or damaged is left out and named in `problems`.
// Error when there is no readable plan.json.
void load(const std::filesystem::path& folder, const std::filesystem::path& stages,
          Experiment& experiment);

}  // namespace theriac::report
