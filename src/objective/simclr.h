#pragma once

#include "theriac/objective/term.h"

namespace theriac::objective {

struct SimClrConfig final : TermConfig {
  double weight = 1, temperature = 0.1;
  std::int64_t hidden = 4096, out = 256;  // widths of the head
  void describe(config::Fields& fields) override;
  std::unique_ptr<Term> build() const override;
};

}  // namespace theriac::objective
