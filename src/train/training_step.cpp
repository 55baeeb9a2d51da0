// One step of contrastive training. With accumulation A > 1 the batch is embedded in A parts, and
// the loss still sees all pairs (GradCache, Gao et al. 2021; performance.md 2.9):
//   1. e = f(x) part by part without a graph   2. L(e) and g = dL/de on the whole batch
//   3. part by part again: e_a = f(x_a), backward with g_a
// Exact given the embeddings. Batch norm uses each part's own statistics, the same in 1 and 3; its
// running statistics are put back after 1, so they move once per part.
// With virtual ranks R > 1 each rank's B/R pairs have a forward pass of their own; running
// statistics are those of rank 0, whose buffers DDP broadcasts. `gather: local` divides the
// encoders' gradients by R: DDP averages over ranks, and each differentiates its own rows only
// (paper.md 2.10).
// Peak learning rate 0: no backward and no update, so weights stay bit for bit.
// Axes: V views, B pairs, D embedding, P parameters.
#include "train/training_step.h"

#include <torch/csrc/autograd/autograd.h>

#include <cmath>

#include "train/laps.h"

namespace theriac::train {

namespace {

// The views' embeddings, whichever are there.
const auto& slots() { return objective::Embeddings::views(); }

// Puts a model's buffers (batch norm's running statistics) back at its end.
class KeepBuffers {
 public:
  KeepBuffers(const model::Clip& model, bool keep) {
    if (!keep) return;
    for (const auto& buffer : model.buffers()) before_.emplace_back(buffer, buffer.clone());
  }
  ~KeepBuffers() {
    // Not seen by autograd, which keeps the buffers of every forward pass for nothing.
    for (auto& [buffer, before] : before_) buffer.variable_data().copy_(before);
  }
  KeepBuffers(const KeepBuffers&) = delete;
  KeepBuffers& operator=(const KeepBuffers&) = delete;

 private:
  std::vector<std::pair<torch::Tensor, torch::Tensor>> before_;
};

objective::Embeddings joined(const std::vector<objective::Embeddings>& parts) {
  objective::Embeddings result;
  for (const auto slot : slots()) {
    if (!(parts[0].*slot).defined()) continue;
    std::vector<torch::Tensor> pieces;
    for (const auto& part : parts) pieces.push_back(part.*slot);
    result.*slot = torch::cat(pieces);
  }
  return result;
}

// The same values with gradients divided by `ranks`.
objective::Embeddings own_rows_only(objective::Embeddings embeddings, std::int64_t ranks) {
  for (const auto slot : slots()) {
    auto& e_BD = embeddings.*slot;
    if (!e_BD.defined()) continue;
    const auto value_BD = e_BD.detach();
    e_BD = value_BD + (e_BD - value_BD) / static_cast<double>(ranks);
  }
  return embeddings;
}

// The model's parameters and those of the objective, which begins here.
NamedTensors trainable(model::Clip& model, objective::Objective& objective,
                       const objective::Setup& setup) {
  NamedTensors result;
  for (const auto& item : model.named_parameters()) result.emplace_back(item.key(), item.value());
  auto own = setup;
  own.width = model.embedding();
  objective.begin(own);
  const torch::NoGradGuard no_grad;
  const auto device = model.logit_scale().device();
  for (auto& item : objective.buffers()) item.second.set_data(item.second.to(device));
  for (auto& item : objective.parameters()) {
    item.second.set_data(item.second.to(device));
    result.push_back(std::move(item));
  }
  return result;
}

// Loss, scale, gradient norm and parts in one transfer: the only wait for the device in a step.
StepResult fetch(const objective::Losses& losses, const torch::Tensor& scale,
                 const torch::Tensor& norm) {
  std::vector<torch::Tensor> values = {losses.total.detach(), scale.detach(), norm};
  for (const auto& [name, value] : losses.parts) values.push_back(value);
  for (auto& value : values) value = value.to(losses.total.device(), torch::kDouble);
  const auto host = torch::stack(values).cpu();
  const double* value = host.const_data_ptr<double>();
  StepResult result{.loss = value[0], .logit_scale = value[1], .gradient_norm = value[2]};
  for (std::size_t i = 0; i < losses.parts.size(); ++i)
    result.parts.emplace_back(losses.parts[i].first, value[3 + i]);
  return result;
}

torch::Tensor bad_rows(const objective::Embeddings& embeddings) {
  torch::Tensor bad_B;
  for (const auto slot : slots()) {
    if (!(embeddings.*slot).defined()) continue;
    const auto here_B = (embeddings.*slot).detach().isfinite().all(1).logical_not();
    bad_B = bad_B.defined() ? bad_B.logical_or(here_B) : here_B;
  }
  return bad_B.cpu();
}

}  // namespace

TrainingStep::TrainingStep(std::shared_ptr<model::Clip> model, const TrainConfig& config,
                           const objective::Setup& setup)
    : model_(std::move(model)),
      config_(config),
      objective_(config.objective),
      optimizer_(trainable(*model_, objective_, setup), config.optimizer,
                 objective_.without_decay()) {}

StepResult TrainingStep::operator()(const Inputs& inputs, double learning_rate,
                                    const NotFinite& not_finite, StepTimes* times) {
  Laps laps(times, inputs.image_VBHWC.device());
  const bool learns = config_.optimizer.learning_rate > 0;
  const bool in_parts = config_.accumulation > 1;
  const torch::AutoGradMode grad_mode(learns);

  const auto embeddings =
      in_parts ? embed_in_parts(inputs, learns) : embed_ranks(inputs, 0, inputs.size());
  laps.add(&StepTimes::forward);
  auto seen = config_.gather == Gather::kLocal ? own_rows_only(embeddings, config_.virtual_ranks)
                                               : embeddings;
  seen.index_B = inputs.index_B;
  seen.logit_scale = model_->logit_scale().exp();
  const auto losses = objective_(seen);
  laps.add(&StepTimes::loss);

  auto norm = torch::full({}, -1.0);
  if (learns) {
    optimizer_.zero_grad();
    losses.total.backward();
    if (in_parts) backward_in_parts(inputs, embeddings);
    norm = optimizer_.gradient_norm();
  }
  const StepResult result = fetch(losses, seen.logit_scale, norm);
  laps.add(&StepTimes::backward);
  if (!std::isfinite(result.loss) || !std::isfinite(result.gradient_norm))
    not_finite(result, bad_rows(embeddings));

  if (learns) {
    if (config_.optimizer.clip_norm) optimizer_.clip(norm, *config_.optimizer.clip_norm);
    optimizer_.step(learning_rate);
    optimizer_.zero_grad();
    objective_.after_step(*model_);
  }
  laps.add(&StepTimes::optimizer);
  return result;
}

// The rows from begin to end, which hold whole ranks.
objective::Embeddings TrainingStep::embed_ranks(const Inputs& inputs, std::int64_t begin,
                                                std::int64_t end) {
  const std::int64_t rows = inputs.size() / config_.virtual_ranks;
  if (end - begin <= rows) {
    const KeepBuffers keep(*model_, begin > 0 && config_.virtual_ranks > 1);
    return embed(*model_, inputs.rows(begin, end), config_.precision);
  }
  std::vector<objective::Embeddings> ranks;
  for (std::int64_t first = begin; first < end; first += rows)
    ranks.push_back(embed_ranks(inputs, first, first + rows));
  return joined(ranks);
}

// Embeddings of all parts as leaves of the loss's graph.
objective::Embeddings TrainingStep::embed_in_parts(const Inputs& inputs, bool learns) {
  const torch::NoGradGuard no_grad;
  const std::int64_t rows = inputs.size() / config_.accumulation;
  const KeepBuffers keep(*model_, learns);  // the second pass will move them
  std::vector<objective::Embeddings> parts;
  for (std::int64_t begin = 0; begin < inputs.size(); begin += rows)
    parts.push_back(embed_ranks(inputs, begin, begin + rows));
  auto result = joined(parts);
  for (const auto slot : slots())
    if ((result.*slot).defined()) (result.*slot).requires_grad_(learns);
  return result;
}

void TrainingStep::backward_in_parts(const Inputs& inputs, const objective::Embeddings& leaves) {
  const std::int64_t rows = inputs.size() / config_.accumulation;
  for (std::int64_t begin = 0; begin < inputs.size(); begin += rows) {
    const auto part = embed_ranks(inputs, begin, begin + rows);
    std::vector<torch::Tensor> roots, gradients;
    for (const auto slot : slots()) {
      if (!(part.*slot).defined() || !(leaves.*slot).grad().defined()) continue;
      roots.push_back(part.*slot);
      gradients.push_back((leaves.*slot).grad().slice(0, begin, begin + rows));
    }
    torch::autograd::backward(roots, gradients);
  }
}

}  // namespace theriac::train
