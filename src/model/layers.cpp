#include "model/layers.h"

#include <torch/types.h>

#include <cmath>

namespace theriac::model {
namespace {

constexpr double kEpsilon = 1e-5;
constexpr double kBatchNormMomentum = 0.1;

}  // namespace

namespace init {

void normal(torch::Tensor& tensor, double deviation, at::Generator& generator) {
  torch::NoGradGuard no_grad;
  tensor.normal_(0, deviation, generator);
}

void uniform(torch::Tensor& tensor, double bound, at::Generator& generator) {
  torch::NoGradGuard no_grad;
  tensor.uniform_(-bound, bound, generator);
}

void zero(torch::Tensor& tensor) {
  torch::NoGradGuard no_grad;
  tensor.zero_();
}

}  // namespace init

Linear::Linear(std::int64_t in, std::int64_t out)
    : weight(register_parameter("weight", torch::empty({out, in}))),
      bias(register_parameter("bias", torch::zeros({out}))) {}

torch::Tensor Linear::forward(const torch::Tensor& x) const { return at::linear(x, weight, bias); }

void Linear::initialise(at::Generator& generator) {
  const double bound = 1 / std::sqrt(static_cast<double>(weight.size(1)));
  init::uniform(weight, bound, generator);
  init::uniform(bias, bound, generator);
}

Conv2d::Conv2d(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride,
               std::int64_t padding)
    : weight(register_parameter("weight", torch::empty({out, in, kernel, kernel}))),
      stride_(stride),
      padding_(padding) {}

torch::Tensor Conv2d::forward(const torch::Tensor& x_BCHW) const {
  return at::conv2d(x_BCHW, weight, {}, stride_, padding_);
}

void Conv2d::initialise(at::Generator& generator) {
  const auto fan_in = static_cast<double>(weight[0].numel());
  init::uniform(weight, 1 / std::sqrt(fan_in), generator);
}

BatchNorm2d::BatchNorm2d(std::int64_t channels)
    : weight(register_parameter("weight", torch::ones({channels}))),
      bias(register_parameter("bias", torch::zeros({channels}))),
      running_mean(register_buffer("running_mean", torch::zeros({channels}))),
      running_var(register_buffer("running_var", torch::ones({channels}))),
      num_batches_tracked(
          register_buffer("num_batches_tracked", torch::zeros({}, torch::dtype(torch::kInt64)))) {}

torch::Tensor BatchNorm2d::forward(const torch::Tensor& x_BCHW) {
  if (is_training()) num_batches_tracked.add_(1);
  return at::batch_norm(x_BCHW, weight, bias, running_mean, running_var, is_training(),
                        kBatchNormMomentum, kEpsilon, /*cudnn_enabled=*/true);
}

LayerNorm::LayerNorm(std::int64_t width)
    : weight(register_parameter("weight", torch::ones({width}))),
      bias(register_parameter("bias", torch::zeros({width}))) {}

torch::Tensor LayerNorm::forward(const torch::Tensor& x) const {
  return at::layer_norm(x, weight.sizes(), weight, bias, kEpsilon);
}

}  // namespace theriac::model
