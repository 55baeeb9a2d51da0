#pragma once

#include "theriac/objective/term.h"

namespace theriac::objective {

struct IntraModalConfig final : TermConfig {
  double weight = 1, image = 1, text = 1;
  void describe(config::Fields& fields) override;
  void check(config::Problems& problems) const override;
  std::unique_ptr<Term> build() const override;
};

}  // namespace theriac::objective
