#pragma once

#include "theriac/objective/term.h"

namespace theriac::objective {

struct SiglipConfig final : TermConfig {
  enum class Mean { kRows, kPairs };
  double weight = 1, initial_bias = -10;
  bool bias = true;
  Mean mean = Mean::kRows;
  void describe(config::Fields& fields) override;
  void check(config::Problems& problems) const override;
  std::unique_ptr<Term> build() const override;
};

}  // namespace theriac::objective
