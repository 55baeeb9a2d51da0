#include "train/laps.h"

#include <torch/cuda.h>

namespace theriac::train {

void Laps::add(double StepTimes::*part) {
  if (!times_) return;
  if (device_.is_cuda()) torch::cuda::synchronize(device_.index());
  const auto now = std::chrono::steady_clock::now();
  times_->*part += std::chrono::duration<double>(now - last_).count();
  last_ = now;
}

}  // namespace theriac::train
