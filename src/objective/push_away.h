#pragma once

#include "theriac/objective/term.h"

namespace theriac::objective {

struct PushAwayConfig final : TermConfig {
  double weight = 1, offset = 0;
  std::string keys;  // a file; empty: the pairs of the poison plan
  bool in_other_terms = false;
  void describe(config::Fields& fields) override;
  std::unique_ptr<Term> build() const override;
  void check_data(const Setup& setup) const override;
  std::vector<std::pair<std::string, std::string>> files() const override;
};

}  // namespace theriac::objective
