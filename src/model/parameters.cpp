#include <torch/types.h>

#include "theriac/model/clip.h"

namespace theriac::model {

std::int64_t parameter_count(const torch::nn::Module& module) {
  std::int64_t count = 0;
  for (const auto& parameter : module.parameters()) count += parameter.numel();
  return count;
}

bool decays(const torch::Tensor& parameter) { return parameter.dim() >= 2; }

void to_channels_last(torch::nn::Module& module) {
  for (auto& parameter : module.parameters())
    if (parameter.dim() == 4)
      parameter.set_data(parameter.contiguous(torch::MemoryFormat::ChannelsLast));
}

}  // namespace theriac::model
