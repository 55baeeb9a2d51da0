// AdamW (Loshchilov and Hutter 2019), one fused kernel call for each of CLIP's two groups:
//   p <- p - lr * wd * p
//   m <- b1 m + (1 - b1) g,  v <- b2 v + (1 - b2) g^2
//   p <- p - lr * (m / (1 - b1^k)) / (sqrt(v / (1 - b2^k)) + eps)
// k counts the steps in which p had a gradient. wd = 0 for tensors of fewer than two dimensions;
// the paper's code decides by name and so decays the gains of four shortcuts as well (paper.md 4.1,
// D5): `decay: names`.
#include "theriac/train/optimizer.h"

#include <ATen/ops/_foreach_add.h>
#include <ATen/ops/_foreach_mul.h>
#include <ATen/ops/_foreach_norm.h>
#include <ATen/ops/_fused_adamw.h>

#include <stdexcept>

#include "theriac/core/error.h"
#include "theriac/core/text.h"
#include "theriac/model/clip.h"

namespace theriac::train {

namespace {

bool decays_by_name(const std::string& name) {
  for (const char* part : {"bn", "ln", "bias", "logit_scale"})
    if (name.find(part) != std::string::npos) return false;
  return true;
}

}  // namespace

AdamW::AdamW(const NamedTensors& parameters, const OptimizerConfig& config,
             const std::set<std::string>& exempt)
    : config_(config) {
  for (const auto& [name, parameter] : parameters) {
    if (!parameter.requires_grad()) continue;
    for (const auto& slot : slots_)
      if (slot.name == name) throw std::logic_error("optimizer: two parameters named " + name);
    slots_.push_back({.name = name,
                      .parameter = parameter,
                      .exp_avg = torch::zeros_like(parameter),
                      .exp_avg_sq = torch::zeros_like(parameter),
                      .step = torch::zeros({}, parameter.options().dtype(torch::kFloat32)),
                      .decays = !exempt.contains(name) &&
                                (config.decay == Decay::kNames ? decays_by_name(name)
                                                               : model::decays(parameter))});
    slots_.back().exp_avg.requires_grad_(false);
    slots_.back().exp_avg_sq.requires_grad_(false);
    slots_.back().step.requires_grad_(false);
  }
}

void AdamW::forget(const torch::Tensor& parameter) {
  for (auto& slot : slots_) {
    if (!slot.parameter.is_same(parameter)) continue;
    slot.exp_avg.zero_();
    slot.exp_avg_sq.zero_();
    slot.step.zero_();
    return;
  }
  throw std::logic_error("optimizer: forget() of a parameter that it does not have");
}

std::vector<torch::Tensor> AdamW::gradients() const {
  std::vector<torch::Tensor> result;
  for (const auto& slot : slots_)
    if (slot.parameter.grad().defined()) result.push_back(slot.parameter.grad());
  return result;
}

torch::Tensor AdamW::gradient_norm() const {
  const torch::NoGradGuard no_grad;
  const auto all = gradients();
  if (all.empty()) return torch::zeros({});
  return torch::stack(at::_foreach_norm(all)).norm();
}

void AdamW::clip(const torch::Tensor& norm, double limit) {
  const torch::NoGradGuard no_grad;
  auto all = gradients();
  if (!all.empty()) at::_foreach_mul_(all, (limit / (norm + 1e-6)).clamp_max(1));
}

void AdamW::step(double learning_rate) {
  const torch::NoGradGuard no_grad;
  for (const bool decays : {true, false}) {
    std::vector<torch::Tensor> parameters, gradients, exp_avgs, exp_avg_sqs, steps;
    for (const auto& slot : slots_) {
      auto gradient = slot.parameter.grad();
      if (slot.decays != decays || !gradient.defined()) continue;
      // The kernel walks raw memory: all of a slot's tensors share one layout.
      if (gradient.strides() != slot.parameter.strides())
        gradient = torch::empty_like(slot.parameter).copy_(gradient);
      parameters.push_back(slot.parameter);
      gradients.push_back(gradient);
      exp_avgs.push_back(slot.exp_avg);
      exp_avg_sqs.push_back(slot.exp_avg_sq);
      steps.push_back(slot.step);
    }
    if (parameters.empty()) continue;
    at::_foreach_add_(steps, 1);
    at::_fused_adamw_(parameters, gradients, exp_avgs, exp_avg_sqs, {}, steps, learning_rate,
                      config_.beta1, config_.beta2, decays ? config_.weight_decay : 0.0,
                      config_.epsilon, /*amsgrad=*/false, /*maximize=*/false);
  }
}

void AdamW::zero_grad() {
  for (auto& slot : slots_) slot.parameter.mutable_grad().reset();
}

std::map<std::string, torch::Tensor> AdamW::state() const {
  std::map<std::string, torch::Tensor> result;
  for (const auto& slot : slots_) {
    const auto put = [&](const char* what, const torch::Tensor& tensor) {
      result[slot.name + what] = tensor.detach().to(torch::kCPU).contiguous().clone();
    };
    put(".exp_avg", slot.exp_avg);
    put(".exp_avg_sq", slot.exp_avg_sq);
    put(".step", slot.step);
  }
  return result;
}

void AdamW::load(const std::map<std::string, torch::Tensor>& state) {
  const torch::NoGradGuard no_grad;
  std::vector<std::string> problems;
  std::map<std::string, torch::Tensor> rest = state;
  std::vector<std::pair<torch::Tensor, torch::Tensor>> copies;
  for (const auto& slot : slots_) {
    for (const auto& [what, target] : {std::pair{".exp_avg", slot.exp_avg},
                                       {".exp_avg_sq", slot.exp_avg_sq},
                                       {".step", slot.step}}) {
      const auto node = rest.extract(slot.name + what);
      if (node.empty())
        problems.push_back("missing " + slot.name + what);
      else if (node.mapped().sizes() != target.sizes())
        problems.push_back("other shape: " + slot.name + what);
      else
        copies.emplace_back(target, node.mapped());
    }
  }
  for (const auto& [name, tensor] : rest) problems.push_back("unexpected " + name);
  if (problems.size() > 10) problems.resize(10);
  if (!problems.empty())
    throw Error(
        "optimizer: the saved state does not fit this model: " + core::join(problems, ", ") +
        "; start anew, or resume with the settings of the saved run");
  for (auto& [target, source] : copies) target.copy_(source);
}

}  // namespace theriac::train
