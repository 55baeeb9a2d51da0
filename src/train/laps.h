#pragma once

#include <torch/types.h>

#include <chrono>

#include "theriac/train/step.h"

namespace theriac::train {

// Adds the time since the last call to one part of a step, after waiting for the device; does
// nothing at all without `times`.
class Laps {
 public:
  Laps(StepTimes* times, torch::Device device) : times_(times), device_(device) {}
  void add(double StepTimes::*part);

 private:
  StepTimes* times_;
  torch::Device device_;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace theriac::train
