#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "theriac/checkpoint/checkpoint.h"
#include "theriac/train/trainer.h"

namespace theriac::experiment {

// Writes a stage's checkpoints and keeps them by rule: each `every`-th epoch and the newest, at
// most `keep` of them (0 = all). Optimizer moments stay only in the newest two, so that a damaged
// newest one has something to fall back to. Checkpoints within an epoch go when the epoch is
// complete, so that an interrupted run leaves the same files as an undisturbed one.
class Checkpoints {
 public:
  // The stage's lock is held: what a killed process was writing is removed, whatever its machine.
  Checkpoints(std::filesystem::path folder, checkpoint::Card card, std::int64_t every,
              std::int64_t keep);
  void save(const train::Trainer& trainer);
  // `optimizer`: null where there is none.
  void save(const model::Clip& model, const std::map<std::string, torch::Tensor>* optimizer,
            const checkpoint::State& state);
  const std::string& newest_hash() const { return newest_hash_; }  // of the last one saved

 private:
  void prune(std::int64_t newest_epoch);

  std::filesystem::path folder_;
  checkpoint::Card card_;
  std::int64_t every_, keep_;
  std::string newest_hash_;
};

// Of a finished stage, removes all epochs but the newest and those that `keep` wants.
void keep_only(const std::filesystem::path& folder,
               const std::function<bool(std::int64_t epoch)>& keep);

}  // namespace theriac::experiment
