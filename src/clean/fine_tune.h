#pragma once

#include "theriac/clean/cleaner.h"

namespace theriac::clean {

struct FineTuneConfig final : CleanerConfig {
  train::TrainConfig train;
  void describe(config::Fields& fields) override {
    CleanerConfig::describe(fields);
    train.describe(fields);
  }
  void check(config::Problems& problems) const override { train.check(problems); }
  std::unique_ptr<Cleaner> build() const override;
  const train::TrainConfig* training() const override { return &train; }
};

}  // namespace theriac::clean
