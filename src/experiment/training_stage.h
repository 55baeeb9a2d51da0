#pragma once

#include <torch/types.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "experiment/checkpoints.h"
#include "experiment/records.h"
#include "experiment/stage_cache.h"
#include "experiment/status.h"
#include "theriac/clean/cleaner.h"
#include "theriac/experiment/stage.h"
#include "theriac/train/observers.h"

namespace theriac::experiment {

// A pretrain or clean stage in its folder: trains what is missing, evaluates each epoch's
// checkpoint, and evaluates kept checkpoints that have no records of the current protocol.
class TrainingStage {
 public:
  TrainingStage(const std::filesystem::path& stages, const Stage& stage, StageCache& cache,
                StatusFile& status, torch::Device device);
  void run();

 private:
  struct Start {  // the model to begin or go on with
    std::shared_ptr<model::Clip> model;
    std::shared_ptr<const text::Tokenizer> tokenizer;
    checkpoint::Card card;
    std::string hash;  // of the checkpoint it came from; "" for a fresh model
    std::optional<train::Resume> resume;
  };
  Start start();
  Start fresh();
  static void take_weights(const std::filesystem::path& folder, Start& start);
  Start from_checkpoint(const std::filesystem::path& folder, bool resume);
  std::filesystem::path parent_checkpoint() const;
  std::int64_t best_epoch() const;
  clean::Before before() const;
  checkpoint::Card card(const Start& start) const;

  bool trained() const;
  void train(Start start);
  std::vector<std::unique_ptr<train::Observer>> observers(const Start& start);
  void evaluate_kept();
  void drop_finished() const;
  // What `remove` has taken out of the training data, as records; none without it.
  std::vector<core::Record> removals(const std::optional<train::EpochInfo::Removed>& removed);

  std::filesystem::path stages_, folder_;
  const Stage& stage_;
  const ExperimentConfig& config_;
  Workspace workspace_;
  StatusFile& status_;
  torch::Device device_;
  const train::TrainConfig* training_;
  std::string protocol_;  // evaluation_id()
  std::shared_ptr<evaluate::Session> session_;
  std::unique_ptr<Recorder> recorder_;  // null: nothing is evaluated
  std::unique_ptr<Checkpoints> checkpoints_;
};

}  // namespace theriac::experiment
