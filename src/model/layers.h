#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>

#include <cstdint>

// The few layers that CLIP needs, with parameter names as in PyTorch. Weights are left without
// values until initialise(); gains and shifts start at one and zero.
namespace theriac::model {

class Linear final : public torch::nn::Module {
 public:
  Linear(std::int64_t in, std::int64_t out);
  torch::Tensor forward(const torch::Tensor& x) const;
  void initialise(at::Generator& generator);  // uniform within 1 / sqrt(in), bias too

  torch::Tensor weight, bias;
};

class Conv2d final : public torch::nn::Module {  // no bias
 public:
  Conv2d(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride = 1,
         std::int64_t padding = 0);
  torch::Tensor forward(const torch::Tensor& x_BCHW) const;
  void initialise(at::Generator& generator);  // uniform within 1 / sqrt(in * kernel^2)

  torch::Tensor weight;

 private:
  std::int64_t stride_, padding_;
};

class BatchNorm2d final : public torch::nn::Module {
 public:
  explicit BatchNorm2d(std::int64_t channels);
  torch::Tensor forward(const torch::Tensor& x_BCHW);

  torch::Tensor weight, bias, running_mean, running_var, num_batches_tracked;
};

class LayerNorm final : public torch::nn::Module {
 public:
  explicit LayerNorm(std::int64_t width);
  torch::Tensor forward(const torch::Tensor& x) const;

  torch::Tensor weight, bias;
};

namespace init {
void normal(torch::Tensor& tensor, double deviation, at::Generator& generator);
void uniform(torch::Tensor& tensor, double bound, at::Generator& generator);
void zero(torch::Tensor& tensor);
}  // namespace init

}  // namespace theriac::model
