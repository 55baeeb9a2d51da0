#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "theriac/config/fields.h"
#include "theriac/train/config.h"
#include "theriac/train/trainer.h"

namespace theriac::clean {

// How the model's last training was optimised.
struct Before {
  std::map<std::string, torch::Tensor> moments;  // empty: not saved with the checkpoint
  nlohmann::json optimizer;                      // its settings, or null where they are unknown
};

// What a cleaner gets: a poisoned model and the defender's clean data; what it may report to.
struct Context {
  std::shared_ptr<model::Clip> model;
  checkpoint::Card card;  // of that model
  Before before;
  loader::Dataset data;
  loader::LoaderConfig loader;
  std::uint64_t seed = 0;
  torch::Device device = torch::kCPU;
  std::vector<std::unique_ptr<train::Observer>> observers;  // evaluation after each epoch, ...
  std::optional<train::Resume> resume;
  train::Trainer::Save save;  // called as Trainer::run says
};

// A defence that changes a model's weights with the help of clean data.
class Cleaner {
 public:
  virtual ~Cleaner() = default;
  virtual void run(Context& context) = 0;
};

// Where cleaning starts from.
struct From final : config::Section {
  // Of the stage before: last | best_validation_loss | epoch N; or a checkpoint's folder.
  std::string checkpoint = "last";
  bool is_file() const;        // a folder, not a checkpoint of the stage before
  bool is_best() const;        // best_validation_loss
  std::int64_t epoch() const;  // N of "epoch N", or -1
  void describe(config::Fields& fields) override;
  void check(config::Problems& problems) const override;
};

// A cleaner's describe() calls CleanerConfig::describe() first.
class CleanerConfig : public config::Section {
 public:
  From from;
  void describe(config::Fields& fields) override;
  virtual std::unique_ptr<Cleaner> build() const = 0;
  // Whether Context::before is to be filled.
  virtual bool needs_before() const { return false; }
  // Views and epochs for plan and progress; null when the cleaner does not train.
  virtual const train::TrainConfig* training() const { return nullptr; }
};

// shrink_and_perturb: weights scaled, and a little of a fresh model's added. fine_tune: training
// with an objective from the poisoned weights; CleanCLIP is objective: [{type: mmcl}, {type:
// intra_modal}] (Bansal et al., ICCV 2023).
config::Table<CleanerConfig>& table();

}  // namespace theriac::clean
