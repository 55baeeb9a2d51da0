#pragma once

#include "theriac/clean/cleaner.h"

namespace theriac::clean {

struct ShrinkAndPerturbConfig final : CleanerConfig {
  double shrink = 0.95, perturb = 1e-4;
  void describe(config::Fields& fields) override;
  std::unique_ptr<Cleaner> build() const override;
};

}  // namespace theriac::clean
