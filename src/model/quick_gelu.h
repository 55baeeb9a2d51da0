#pragma once

#include <torch/types.h>

namespace theriac::model {

// x * sigmoid(1.702 x). Overwrites x, which must be a fresh result that nothing else reads.
torch::Tensor quick_gelu_(torch::Tensor x);

}  // namespace theriac::model
