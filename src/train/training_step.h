#pragma once

#include <torch/types.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "theriac/model/clip.h"
#include "theriac/objective/term.h"
#include "theriac/train/config.h"
#include "theriac/train/optimizer.h"
#include "theriac/train/step.h"
#include "train/inputs.h"

namespace theriac::train {

// What a step found, on the host.
struct StepResult {
  double loss = 0, logit_scale = 0, gradient_norm = -1;
  std::vector<std::pair<std::string, double>> parts;
};

// One optimizer step: embed, loss, backward, check, clip, update.
class TrainingStep {
 public:
  // `model` must be on its device already.
  TrainingStep(std::shared_ptr<model::Clip> model, const TrainConfig& config,
               const objective::Setup& setup = {});  // its width is the model's

  // Called instead of the update when loss or gradient is not finite; must throw. `bad_B` marks the
  // pairs with a non-finite embedding (bool, on the CPU).
  using NotFinite = std::function<void(const StepResult& result, const torch::Tensor& bad_B)>;
  StepResult operator()(const Inputs& inputs, double learning_rate, const NotFinite& not_finite,
                        StepTimes* times = nullptr);

  objective::Objective& objective() { return objective_; }
  AdamW& optimizer() { return optimizer_; }
  const AdamW& optimizer() const { return optimizer_; }

 private:
  objective::Embeddings embed_ranks(const Inputs& inputs, std::int64_t begin, std::int64_t end);
  objective::Embeddings embed_in_parts(const Inputs& inputs, bool learns);
  void backward_in_parts(const Inputs& inputs, const objective::Embeddings& leaves);
  std::shared_ptr<model::Clip> model_;
  TrainConfig config_;
  objective::Objective objective_;
  AdamW optimizer_;
};

}  // namespace theriac::train
