#pragma once

#include "theriac/objective/term.h"

namespace theriac::objective {

struct MmclConfig final : TermConfig {
  enum class Views { kPlain, kBoth };
  double weight = 1;
  Views views = Views::kPlain;
  void describe(config::Fields& fields) override;
  std::unique_ptr<Term> build() const override;
};

}  // namespace theriac::objective
