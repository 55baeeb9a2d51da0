// The training loop: epochs of batches from the loader, one TrainingStep each, observers beside it.
// Where a run stands is (epoch, batch, step) and the sum of the epoch's losses; together with the
// weights and the optimizer's moments this is all that a later process needs to go on bit for bit,
// because batches are a pure function of (seed, epoch, batch).
#include "theriac/train/trainer.h"

#include <chrono>
#include <utility>

#include "theriac/core/error.h"
#include "theriac/core/interrupt.h"
#include "theriac/core/log.h"
#include "train/guard.h"
#include "train/inputs.h"
#include "train/precision.h"
#include "train/removal.h"
#include "train/training_step.h"

namespace theriac::train {

namespace {

std::shared_ptr<model::Clip> on_device(std::shared_ptr<model::Clip> model, torch::Device device) {
  model->to(device);
  model::to_channels_last(*model);
  return model;
}

using Clock = std::chrono::steady_clock;

}  // namespace

struct Trainer::Impl {
  Impl(std::shared_ptr<model::Clip> model_, const TrainConfig& config_, loader::Dataset dataset_,
       const loader::LoaderConfig& loader_config, std::uint64_t seed, torch::Device device_)
      : model(on_device(std::move(model_), device_)),
        config(config_),
        device(device_),
        dataset(std::move(dataset_)),
        step(model, config,
             {.width = 0, .seed = seed, .source = dataset.source, .plan = dataset.plan}),
        loader(dataset, loader_config, config.batch_size, loaded_views(), seed) {
    const auto rows = dataset.source->size();
    config.check_rows(rows);
    if (config.remove) removal.emplace(*config.remove, dataset);
    total_steps = config.steps_before(config.epochs, rows);
    if (config.optimizer.warmup_steps >= total_steps)
      core::warn(
          "train: warmup_steps {} is not less than the run's {} steps: the learning rate "
          "never reaches its peak",
          config.optimizer.warmup_steps, total_steps);
  }

  void run(Trainer& self, const Save& save);
  void run_epoch(Trainer& self, const Save& save);
  void before_epoch();
  void remove_pairs();
  torch::Tensor embed_all(std::int64_t batch, objective::EmbedIn mode);
  void one_step();
  void finish_epoch(Trainer& self, const Save& save);
  void stop_if_asked(const Trainer& self, const Save& save) const;
  // The objective's own: learned, and kept.
  objective::Named own_tensors() {
    auto result = step.objective().parameters();
    for (auto& item : step.objective().buffers()) result.push_back(std::move(item));
    if (removal) result.emplace_back("data.removed_before", removal->state());
    return result;
  }
  loader::Views loaded_views() {
    auto views = step.objective().views();
    views.plain = views.plain || config.remove;
    return views;
  }
  std::optional<EpochInfo::Removed> removed() const {
    if (!removal) return std::nullopt;
    return EpochInfo::Removed{removal->removed(), dataset.source->size(), removal->poisoned()};
  }
  double learning_rate() const {
    const auto shift = config.schedule_shift ? config.steps_before(1, dataset.source->size()) : 0;
    return learning_rate_at(state.step + shift, config.optimizer.warmup_steps, total_steps,
                            config.optimizer.learning_rate);
  }

  std::shared_ptr<model::Clip> model;
  TrainConfig config;
  torch::Device device;
  loader::Dataset dataset;
  TrainingStep step;
  loader::Loader loader;
  std::optional<Removal> removal;
  std::vector<std::unique_ptr<Observer>> observers;
  checkpoint::State state;
  std::int64_t total_steps = 0;
  double loss_sum = 0;  // over the running epoch's batches
  std::int64_t samples = 0;
  Clock::time_point started;
  double waited_before = 0;
};

void Trainer::Impl::run(Trainer& self, const Save& save) {
  set_arithmetic(device, config.precision);
  started = Clock::now();
  waited_before = loader.wait_seconds();
  if (state.step == 0 && state.epoch == 0)
    for (const auto& observer : observers)
      observer->on_epoch({0, 0, total_steps, 0, {}, removed()}, *model);
  while (state.epoch < config.last_epoch()) run_epoch(self, save);
  for (const auto& observer : observers) observer->on_finish();
}

void Trainer::Impl::run_epoch(Trainer& self, const Save& save) {
  stop_if_asked(self, save);
  // Within an epoch, what its beginning left behind was saved.
  if (state.batch == 0) before_epoch();
  const std::int64_t batches = loader.batches_per_epoch();
  model->train();
  loader.start(state.epoch, state.batch);
  while (state.batch < batches) {
    one_step();
    if (state.batch == batches) break;
    const bool due = config.every_steps > 0 && state.step % config.every_steps == 0;
    if (due && save && !core::stop_requested()) save(self);
    stop_if_asked(self, save);
  }
  finish_epoch(self, save);
}

void Trainer::Impl::before_epoch() {
  if (removal && config.remove->due(state.epoch)) remove_pairs();
  step.objective().before_epoch(
      {.number = state.epoch,
       .model = *model,
       .embed_images = [this](auto batch, auto mode) { return embed_all(batch, mode); },
       .forget = [this](const auto& parameter) { step.optimizer().forget(parameter); }});
}

void Trainer::Impl::remove_pairs() {
  const torch::NoGradGuard no_grad;
  model->eval();
  std::vector<std::int64_t> rows;
  std::vector<torch::Tensor> parts;
  loader.for_each(config.batch_size / config.accumulation, [&](const loader::Batch& batch) {
    const auto image_BD = embed_images(*model, batch.image.to(device), config.precision);
    const auto text_BD = embed_captions(*model, batch.tokens.to(device), config.precision);
    parts.push_back((image_BD * text_BD).sum(1));
    rows.insert(rows.end(), batch.indices.begin(), batch.indices.end());
  });
  removal->choose(state.epoch, rows, parts.empty() ? torch::empty({0}) : torch::cat(parts));
  loader.keep(removal->kept());
  const auto now = *removed();
  state.extra["removed"] = {{"pairs", now.pairs}, {"of", now.of}, {"poisoned", now.poisoned}};
}

torch::Tensor Trainer::Impl::embed_all(std::int64_t batch, objective::EmbedIn mode) {
  const torch::NoGradGuard no_grad;
  const bool training = mode == objective::EmbedIn::kTrain;
  model->train(training);
  std::vector<torch::Tensor> parts;
  loader.for_each(batch, [&](const loader::Batch& pictures) {
    if (training && pictures.size() < batch) return;
    parts.push_back(embed_images(*model, pictures.image.to(device), config.precision));
  });
  if (parts.empty()) return torch::empty({0, model->embedding()}, torch::device(device));
  return torch::cat(parts);
}

void Trainer::Impl::one_step() {
  const auto batch = loader.next();
  if (!batch) throw std::logic_error("train: the loader ended an epoch early");
  const Inputs inputs =
      to_device(*batch, step.objective().views(), dataset.tokenizer->pad_id(), device);
  const double rate = learning_rate();
  const StepResult result =
      step(inputs, rate, [&](const StepResult& found, const torch::Tensor& bad_B) {
        throw not_finite_error(state, loader.batches_per_epoch(), found, *batch, bad_B,
                               *dataset.source);
      });
  ++state.step;
  ++state.batch;
  loss_sum += result.loss;
  state.extra["loss_sum"] = loss_sum;
  samples += batch->size();
  const StepInfo info{.epoch = state.epoch,
                      .step = state.step,
                      .total_steps = total_steps,
                      .batch = state.batch,
                      .batches = loader.batches_per_epoch(),
                      .learning_rate = rate,
                      .loss = result.loss,
                      .logit_scale = result.logit_scale,
                      .gradient_norm = result.gradient_norm,
                      .parts = result.parts,
                      .samples = samples,
                      .seconds = std::chrono::duration<double>(Clock::now() - started).count(),
                      .wait_seconds = loader.wait_seconds() - waited_before};
  for (const auto& observer : observers) observer->on_step(info);
}

void Trainer::Impl::finish_epoch(Trainer& self, const Save& save) {
  const double mean_loss = loss_sum / static_cast<double>(state.batch);
  ++state.epoch;
  state.batch = 0;
  loss_sum = 0;
  state.extra["loss_sum"] = 0.0;
  if (core::stop_requested())
    stop_if_asked(self, save);
  else if (save)
    save(self);
  for (const auto& observer : observers)
    observer->on_epoch({state.epoch, state.step, total_steps, mean_loss, loader.bad(), removed()},
                       *model);
}

void Trainer::Impl::stop_if_asked(const Trainer& self, const Save& save) const {
  if (!core::stop_requested()) return;
  if (save) save(self);
  throw Interrupted("train: stopped after step " + std::to_string(state.step) + " of " +
                    std::to_string(total_steps) +
                    (save ? "; saved, run the same command again to go on" : ""));
}

Trainer::Trainer(std::shared_ptr<model::Clip> model, const TrainConfig& config,
                 loader::Dataset dataset, const loader::LoaderConfig& loader, std::uint64_t seed,
                 torch::Device device)
    : impl_(std::make_unique<Impl>(std::move(model), config, std::move(dataset), loader, seed,
                                   device)) {}

Trainer::~Trainer() = default;

void Trainer::add(std::unique_ptr<Observer> observer) {
  impl_->observers.push_back(std::move(observer));
}

void Trainer::resume(const Resume& from) {
  const auto& state = from.state;
  const auto rows = impl_->dataset.source->size();
  const auto before = impl_->config.steps_before(state.epoch, rows);
  const auto batches = impl_->config.rows_in(state.epoch, rows) / impl_->config.batch_size;
  if (state.batch < 0 || state.batch > batches || state.step != before + state.batch)
    throw Error("train: the saved position (epoch " + std::to_string(state.epoch) + ", batch " +
                std::to_string(state.batch) + ", step " + std::to_string(state.step) +
                ") does not fit epochs of " + std::to_string(batches) +
                " batches; the data or the batch size has changed, so start a new run");
  impl_->state = state;
  impl_->loss_sum = state.extra.value("loss_sum", 0.0);
  // The optimizer's file also holds what terms of the objective have learned.
  auto optimizer = from.optimizer;
  const torch::NoGradGuard no_grad;
  for (auto& [name, tensor] : impl_->own_tensors()) {
    const auto node = optimizer.extract(name);
    if (node.empty()) throw Error("train: the saved optimizer state lacks " + name);
    if (node.mapped().sizes() != tensor.sizes())
      throw Error("train: the saved " + name +
                  " has another shape; start anew, or resume with the settings of the saved run");
    tensor.copy_(node.mapped());
  }
  if (impl_->removal) impl_->loader.keep(impl_->removal->kept());
  if (!optimizer.empty() || state.step > 0) impl_->step.optimizer().load(optimizer);
}

void Trainer::take_moments(const std::map<std::string, torch::Tensor>& moments) {
  auto state = impl_->step.optimizer().state();
  for (const auto& [name, tensor] : moments)
    if (!name.starts_with("objective.") && !name.starts_with("data.")) state[name] = tensor;
  impl_->step.optimizer().load(state);
}

void Trainer::run(const Save& save) { impl_->run(*this, save); }

const checkpoint::State& Trainer::state() const { return impl_->state; }

std::map<std::string, torch::Tensor> Trainer::optimizer_state() const {
  auto result = impl_->step.optimizer().state();
  for (auto& [name, tensor] : impl_->own_tensors())
    result[name] = tensor.detach().to(torch::kCPU).contiguous().clone();
  return result;
}

model::Clip& Trainer::model() const { return *impl_->model; }
const TrainConfig& Trainer::config() const { return impl_->config; }

}  // namespace theriac::train
