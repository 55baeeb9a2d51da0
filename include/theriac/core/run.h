#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// The files by which stages, command line and report meet (docs/architecture.md, "Run folders").
// experiment/ writes them; report/ and `status` read them. Nothing parses names of folders.

namespace theriac::core {

inline constexpr int kRunVersion = 1;

enum class StageState { kWaiting, kRunning, kDone, kFailed, kInterrupted };

// stages/<id>/status.json, replaced atomically.
struct StageStatus {
  int version = kRunVersion;
  std::string id, kind;  // kind: poison, pretrain, clean
  StageState state = StageState::kWaiting;
  std::int64_t epoch = 0, epochs = 0, step = 0, steps = 0;
  double pairs_per_second = 0, eta_seconds = -1, loss = 0;
  std::optional<double> accuracy, attack_success;  // newest of `measured_on`, percent
  std::string measured_on;                         // "validation", or "test" where there is none
  std::map<std::string, std::int64_t> bad;         // unusable samples by reason
  std::string evaluation;                          // hash of the protocol its records follow
  std::string error;                               // why it failed, for people
  std::string host;
  std::int64_t pid = 0;
  double started = 0, updated = 0;  // Unix times
  // Of work over all attempts; what is neither training nor evaluation loads, prepares and saves.
  double seconds = 0, training_seconds = 0, evaluation_seconds = 0;
};

// For progress lines: "  validation: accuracy 23.1  ASR  99.0", or "" when nothing is measured.
std::string rates_text(const StageStatus& status);

// One stage of a plan. Stages with equal settings are one stage.
struct PlanStage {
  std::string id, kind, parent;  // parent: stage id or ""
  std::string label;             // for people: "pretrain mmcl", "clean mmcl, learning rate 0.001"
  std::int64_t epochs = 0, steps = 0, samples = 0;
  nlohmann::json settings;  // what the id is a hash of
  std::string evaluation;   // hash of the evaluation's protocol
  std::string alike;        // equal for stages that differ in nothing but seeds; "" in older plans
};

// A value of an axis, for people. What is no name is shown with the axis: "mmcl", but
// "learning rate 0.001", "flip true".
std::string value_text(const std::string& axis, const std::string& value);

// One cell of the sweep: a value for each axis, and its chain of stages.
struct PlanCell {
  std::vector<std::pair<std::string, std::string>>
      values;                       // axis name, value's name; in axis order
  std::vector<std::string> stages;  // ids, first to last
  std::string name() const;         // "mmcl, learning rate 0.001", or "the experiment"
};

struct PlanAxis {
  std::string name, key;  // key: dotted path, or "" for named patches
  std::vector<std::string> values;
  bool seeds = false;  // named patches that set seeds only
  // Its values repeat the same experiment: replicates, never something to choose among.
  bool replicates() const { return seeds || key == "seed" || key.ends_with(".seed"); }
};

// One line of `expect:`.
struct Expectation {
  std::string stage;                        // pretrain, clean
  std::map<std::string, std::string> cell;  // axis name -> value; all that match
  std::string metric, data = "test", source;
  // last, epoch-0; of all cleaned epochs of the matching cells together: best (the highest accuracy
  // with an attack success of at most `bound` percent) or lowest (the lowest attack success)
  std::string at = "last";
  double bound = 5;
  std::optional<double> at_least, at_most, value, tolerance;
};

// runs/<experiment>/plan.json
struct PlanFile {
  int version = kRunVersion;
  std::string name, file, theriac_version;
  std::string selection_data = "validation", report_data = "test";  // `evaluate` choices
  std::string target;
  std::vector<PlanAxis> axes;
  std::vector<PlanCell> cells;
  std::vector<PlanStage> stages;  // parents before children
  std::vector<Expectation> expect;
  const PlanStage* find(const std::string& id) const;
};

// stages/<id>/metrics.jsonl, one line per logged step.
struct StepMetrics {
  std::int64_t step = 0, epoch = 0;
  double loss = 0, learning_rate = 0, logit_scale = 0, pairs_per_second = 0;
  std::map<std::string, double> parts;
};

void to_json(nlohmann::json&, const StageStatus&);
void from_json(const nlohmann::json&, StageStatus&);
void to_json(nlohmann::json&, const PlanFile&);
void from_json(const nlohmann::json&, PlanFile&);
void to_json(nlohmann::json&, const StepMetrics&);
void from_json(const nlohmann::json&, StepMetrics&);

std::string word(StageState state);  // "waiting", "running", ...

// Error says the path; a file from another version says so and what to do.
PlanFile read_plan(const std::filesystem::path& experiment_folder);
// What a stage that has begun to train has left, by the pace of its steps and evaluations so far;
// < 0: it has not.
double seconds_left(const StageStatus& status);
// Nothing where there is none, or a damaged one: the stage is gone through again.
std::optional<StageStatus> read_status(const std::filesystem::path& stage_folder);
// Whether the stage is done and its records follow the protocol `evaluation`.
bool is_finished(const std::filesystem::path& stage_folder, const std::string& evaluation);
std::vector<StepMetrics> read_metrics(const std::filesystem::path& stage_folder);

}  // namespace theriac::core
