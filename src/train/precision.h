#pragma once

#include <torch/types.h>

#include "theriac/train/config.h"

namespace theriac::train {

// Process-wide arithmetic settings for training on `device`; call before the first step.
// tf32 touches CUDA only: on a CPU it is fp32.
void set_arithmetic(torch::Device device, Precision precision);

}  // namespace theriac::train
