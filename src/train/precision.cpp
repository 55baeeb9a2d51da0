#include "train/precision.h"

#include <ATen/Context.h>

namespace theriac::train {

void set_arithmetic(torch::Device device, Precision precision) {
  auto& context = at::globalContext();
  // Denormal moments and activations are up to 100 times slower and mean nothing here. Per thread;
  // backward on a CPU runs in the caller's thread, and LibTorch's workers inherit it.
  at::Context::setFlushDenormal(true);
  if (!device.is_cuda()) return;
  const bool tf32 = precision == Precision::kTf32;
  context.setAllowTF32CuBLAS(tf32);
  context.setAllowTF32CuDNN(tf32);
  context.setBenchmarkCuDNN(true);  // shapes are fixed: incomplete batches are dropped
}

}  // namespace theriac::train
