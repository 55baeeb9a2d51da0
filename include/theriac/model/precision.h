#pragma once

#include <torch/types.h>

namespace theriac::model {

// While it lives, matrix products and convolutions on `device` run in `dtype` (or, with enabled =
// false, in the dtype of their arguments). Per thread; nests; restores what was before. Weights
// keep their dtype; the casts of one outermost guard are shared, so end it before weights change.
class Autocast {
 public:
  Autocast(torch::Device device, torch::Dtype dtype, bool enabled = true);
  ~Autocast();
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  torch::DeviceType device_;
  torch::Dtype dtype_before_;
  bool enabled_before_;
};

}  // namespace theriac::model
