#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "theriac/config/fields.h"
#include "theriac/model/clip.h"
#include "theriac/objective/term.h"
#include "theriac/train/config.h"

namespace theriac::train {

// Where the time of one training step goes, in seconds. `data` is the way to the device.
struct StepTimes {
  double data = 0, forward = 0, loss = 0, backward = 0, optimizer = 0;
  double total() const { return data + forward + loss + backward + optimizer; }
};

// The real training step on random pictures and captions: what `theriac bench step` measures.
struct StepBench {
  model::ModelConfig model;
  std::int64_t vocabulary = 49408;
  std::int64_t caption_tokens = 20;  // T of every batch, at most the model's context
  TrainConfig train;                 // batch_size, accumulation, precision, objective, optimizer
  torch::Device device = torch::kCPU;
  std::int64_t warmup = 2, steps = 10;
};

struct StepReport {
  StepTimes median;  // each part's median over the steps
  std::vector<StepTimes> steps;
  double pairs_per_second = 0;  // batch size over the median of the whole step
  double teraflops = 0;         // a second: 10^12 operations of forward_flops(), times three
  double loss = 0;              // of the last step
  std::int64_t parameters = 0;
};

StepReport measure_step(const StepBench& bench);

}  // namespace theriac::train
