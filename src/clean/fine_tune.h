#pragma once

#include "theriac/clean/cleaner.h"

namespace theriac::clean {

enum class OptimizerState { kFresh, kKeep, kKeepOptions };

struct FineTuneConfig final : CleanerConfig {
  OptimizerState optimizer_state = OptimizerState::kFresh;
  train::TrainConfig train;
  void describe(config::Fields& fields) override {
    CleanerConfig::describe(fields);
    fields.choice(
        "optimizer_state", optimizer_state,
        "keep: start with the moments and step counts of the training before; "
        "keep_options: and with its weight decay, betas and epsilon in the place of those "
        "given here (what the paper's code does)",
        {{"fresh", OptimizerState::kFresh},
         {"keep", OptimizerState::kKeep},
         {"keep_options", OptimizerState::kKeepOptions}});
    train.describe(fields);
  }
  void check(config::Problems& problems) const override { train.check(problems); }
  std::unique_ptr<Cleaner> build() const override;
  bool needs_before() const override { return optimizer_state != OptimizerState::kFresh; }
  const train::TrainConfig* training() const override { return &train; }
};

}  // namespace theriac::clean
