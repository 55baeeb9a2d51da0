#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "evaluate/prompted.h"

namespace theriac::evaluate {

// Image embeddings as they came from the tower: unit rows and the length that each had, fp32, on
// the session's device.
struct Features {
  torch::Tensor unit_ND, length_N;
};

// Features of labelled pictures; labels are classes of the set that is measured.
struct Memory {
  Features features;
  torch::Tensor label_M;  // int64
  std::int64_t classes = 0;
};

// Scores of each class, larger is better: [N, C].
using Classifier = std::function<torch::Tensor(const Features&)>;

// What the probes share: classes are learned from the pictures of a data set of their own, the
// memory, without text.
struct ProbeConfig : Measured {
  std::string memory = "memory";
  std::vector<std::int64_t> top{1, 5};
  void describe(config::Fields& fields) override;
  std::vector<std::string> data_sets() const override;
  std::vector<std::string> learned_from() const override { return {memory}; }
  bool has_triggered_pass() const override { return true; }
  virtual Classifier learn(const Memory& known, std::uint64_t seed) const = 0;
};

// Records of a probe called `name`, of which there are up to three for each k:
//   <name>_top<k>                    accuracy on clean images
//   <name>_true_label_under_trigger  accuracy on triggered images, target class excluded
//   <name>_attack_success            triggered images taken for the target, target class excluded
// The names of the last two end in _top<k> for k > 1; without an attack there is only the first.
std::unique_ptr<Metric> make_probe(std::string name, std::shared_ptr<const ProbeConfig> config);

}  // namespace theriac::evaluate
