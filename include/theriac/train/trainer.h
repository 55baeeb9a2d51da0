#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "theriac/checkpoint/checkpoint.h"
#include "theriac/loader/loader.h"
#include "theriac/model/clip.h"
#include "theriac/train/config.h"

namespace theriac::train {

struct StepInfo {
  std::int64_t epoch;              // from 0
  std::int64_t step, total_steps;  // completed optimizer steps; steps of the whole run
  std::int64_t batch, batches;     // completed in this epoch
  // logit_scale is s = exp(t) of this step's loss; gradient_norm is taken before clipping, and < 0
  // where no gradient was needed (peak learning rate 0).
  double learning_rate, loss, logit_scale, gradient_norm;
  std::vector<std::pair<std::string, double>> parts;
  std::int64_t samples;  // pairs since the start of this process's run
  double seconds;        // since then
  double wait_seconds;   // waiting for data since then
};

struct EpochInfo {
  std::int64_t epoch;  // completed epochs, from 1; 0 = before the first step
  std::int64_t step, total_steps;
  double mean_loss;
  std::map<std::string, std::int64_t> bad;  // unusable samples met so far, by reason
  // Pairs that `remove` has taken out so far, of how many, and how many of them are poisoned.
  struct Removed {
    std::int64_t pairs = 0, of = 0, poisoned = 0;
  };
  std::optional<Removed> removed = {};  // absent without `remove`
};

// What happens beside training. Called in the order they were given; an exception ends training.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void on_step(const StepInfo&) {}
  virtual void on_epoch(const EpochInfo&, model::Clip&) {}
  virtual void on_finish() {}
};

// Where a run stands; what a checkpoint holds beside the weights.
struct Resume {
  checkpoint::State state;
  std::map<std::string, torch::Tensor> optimizer;
};

// One training run of one model on one device.
class Trainer {
 public:
  // Moves the model to the device. `seed` decides the order of the samples and their views.
  Trainer(std::shared_ptr<model::Clip> model, const TrainConfig& config, loader::Dataset dataset,
          const loader::LoaderConfig& loader, std::uint64_t seed, torch::Device device);
  ~Trainer();

  void add(std::unique_ptr<Observer> observer);
  void resume(const Resume& from);
  // Begins with the moments and step counts of another run of the same model; those of its
  // objective's own parameters are left out.
  void take_moments(const std::map<std::string, torch::Tensor>& moments);
  // Trains to the end (or to stop_after). on_epoch is called with epoch 0 first unless resumed
  // past it. `save` is called at the end of each epoch (state().batch == 0) before on_epoch, after
  // every `every_steps` steps within an epoch, and when a stop was requested (core/interrupt.h):
  // then the step is finished and saved before Interrupted is thrown. A non-finite loss or gradient
  // throws Error naming the step and the samples (their where()); no weights are changed by that
  // step.
  using Save = std::function<void(const Trainer&)>;
  void run(const Save& save);

  const checkpoint::State& state() const;
  std::map<std::string, torch::Tensor> optimizer_state() const;  // by parameter name, on the CPU
  model::Clip& model() const;
  const TrainConfig& config() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// lr(k), k = 0-based step: linear warm-up to the peak over `warmup`, then half a cosine to 0 at
// `total`.
double learning_rate_at(std::int64_t step, std::int64_t warmup, std::int64_t total, double peak);

}  // namespace theriac::train
