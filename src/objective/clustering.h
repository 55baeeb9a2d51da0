#pragma once

#include "theriac/objective/term.h"

namespace theriac::objective {

struct ClusteringConfig final : TermConfig {
  double weight = 1;
  std::int64_t clusters = 1000, iterations = 20;
  EmbedIn embed_in = EmbedIn::kEval;
  std::int64_t embed_batch = 256;
  std::string labels;  // a file; empty: k-means
  void describe(config::Fields& fields) override;
  void check(config::Problems& problems) const override;
  std::unique_ptr<Term> build() const override;
  void check_data(const Setup& setup) const override;
  bool embeds_each_epoch() const override { return labels.empty(); }
  std::vector<std::pair<std::string, std::string>> files() const override;
};

}  // namespace theriac::objective
