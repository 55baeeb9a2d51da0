// `theriac bench step`: the trainer's own TrainingStep on random input, part by part.
#include "theriac/train/step.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "train/laps.h"
#include "train/precision.h"
#include "train/training_step.h"

namespace theriac::train {

namespace {

constexpr std::array kParts = {&StepTimes::data, &StepTimes::forward, &StepTimes::loss,
                               &StepTimes::backward, &StepTimes::optimizer};

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

loader::Batch random_batch(const StepBench& bench, const model::Clip& model, loader::Views views) {
  const std::int64_t size = bench.train.batch_size, side = model.image_size();
  const auto tokens = [&] {
    auto ids_BT = torch::randint(0, model.end_id(), {size, bench.caption_tokens}, torch::kLong);
    ids_BT.select(1, bench.caption_tokens - 1).fill_(model.end_id());
    return ids_BT;
  };
  const auto pictures = [&] { return torch::randint(0, 256, {size, side, side, 3}, torch::kByte); };
  loader::Batch batch;
  batch.indices.resize(static_cast<std::size_t>(size));
  if (views.image()) batch.image = pictures();
  if (views.plain) batch.tokens = tokens();
  if (views.augmented_image()) batch.augmented_image = pictures();
  if (views.two_images) batch.augmented2_image = pictures();
  if (views.augmented) batch.augmented_tokens = tokens();
  return batch;
}

}  // namespace

StepReport measure_step(const StepBench& bench) {
  set_arithmetic(bench.device, bench.train.precision);
  torch::manual_seed(1);
  auto model =
      std::make_shared<model::Clip>(bench.model, bench.vocabulary, bench.vocabulary - 1, 1);
  const auto forward = model::forward_flops(*model, bench.caption_tokens);
  model->to(bench.device);
  model::to_channels_last(*model);
  model->train();
  TrainingStep step(model, bench.train);
  const auto views = step.objective().views();
  const auto batch = random_batch(bench, *model, views);
  const auto not_finite = [](const StepResult&, const torch::Tensor&) {
    throw std::runtime_error("bench step: the loss is not finite");
  };

  StepReport report;
  report.parameters = model::parameter_count(*model);
  for (std::int64_t i = 0; i < bench.warmup + bench.steps; ++i) {
    StepTimes times;
    Laps laps(&times, bench.device);
    const auto inputs = to_device(batch, views, /*pad_id=*/0, bench.device);
    laps.add(&StepTimes::data);
    report.loss = step(inputs, 1e-4, not_finite, &times).loss;
    if (i >= bench.warmup) report.steps.push_back(times);
  }
  std::vector<double> totals;
  for (const auto& times : report.steps) totals.push_back(times.total());
  for (const auto part : kParts) {
    std::vector<double> values;
    for (const auto& times : report.steps) values.push_back(times.*part);
    report.median.*part = median(values);
  }
  report.pairs_per_second = static_cast<double>(bench.train.batch_size) / median(totals);
  const double flops = 3 * (static_cast<double>(views.images()) * forward.image +
                            static_cast<double>(views.captions()) * forward.text);
  report.teraflops = report.pairs_per_second * flops / 1e12;
  return report;
}

}  // namespace theriac::train
