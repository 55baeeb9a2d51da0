#pragma once

#include <torch/types.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "theriac/train/config.h"

namespace theriac::train {

using NamedTensors = std::vector<std::pair<std::string, torch::Tensor>>;

// AdamW with decoupled weight decay on LibTorch's fused kernels. Two groups: with `decay: shapes`
// tensors with two or more dimensions decay, gains, biases and the logit scale do not
// (model::decays); with `names` the names decide.
class AdamW {
 public:
  // Frozen parameters (requires_grad off) are left out. Names must be distinct; those of `exempt`
  // never decay.
  AdamW(const NamedTensors& parameters, const OptimizerConfig& config,
        const std::set<std::string>& exempt = {});
  // Zero moments and step count, as for a new parameter.
  void forget(const torch::Tensor& parameter);

  // L2 norm over all gradients, a scalar on the device; 0 when there are none.
  torch::Tensor gradient_norm() const;
  // Scales all gradients by min(1, limit / (norm + 1e-6)).
  void clip(const torch::Tensor& norm, double limit);
  // Parameters without a gradient stay as they are, moments included.
  void step(double learning_rate);
  void zero_grad();  // to "none"

  // "NAME.exp_avg", "NAME.exp_avg_sq", "NAME.step" of every parameter, copied to the CPU.
  std::map<std::string, torch::Tensor> state() const;
  // The reverse. Error names what is missing, unexpected or differently shaped.
  void load(const std::map<std::string, torch::Tensor>& state);

 private:
  struct Slot {
    std::string name;
    torch::Tensor parameter, exp_avg, exp_avg_sq, step;
    bool decays;
  };
  std::vector<torch::Tensor> gradients() const;
  std::vector<Slot> slots_;
  OptimizerConfig config_;
};

}  // namespace theriac::train
