#pragma once

#include "theriac/objective/term.h"

namespace theriac::objective {

struct SupervisedConfig final : TermConfig {
  enum class Features { kRaw, kUnit };
  double weight = 1;
  Features features = Features::kRaw;
  void describe(config::Fields& fields) override;
  std::unique_ptr<Term> build() const override;
  void check_data(const Setup& setup) const override;
};

}  // namespace theriac::objective
