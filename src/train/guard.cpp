#include "train/guard.h"

#include <fmt/format.h>

#include <cmath>

namespace theriac::train {

namespace {
constexpr std::size_t kMostNamed = 16;

const char* word(double value) { return std::isnan(value) ? "not a number" : "infinite"; }

}  // namespace

Error not_finite_error(const checkpoint::State& before, std::int64_t batches,
                       const StepResult& result, const loader::Batch& batch,
                       const torch::Tensor& bad_B, const data::Source& source) {
  std::vector<std::int64_t> rows;
  for (std::int64_t i = 0; i < batch.size(); ++i)
    if (bad_B[i].item<bool>()) rows.push_back(batch.indices[static_cast<std::size_t>(i)]);
  const bool some = !rows.empty() && rows.size() < batch.indices.size();
  if (rows.empty()) rows = batch.indices;

  std::string samples;
  for (std::size_t i = 0; i < rows.size() && i < kMostNamed; ++i)
    samples += fmt::format("\n  {} (key {})", source.where(rows[i]), source.row(rows[i]).key);
  if (rows.size() > kMostNamed) samples += fmt::format("\n  and {} more", rows.size() - kMostNamed);
  const std::string what = std::isfinite(result.loss)
                               ? fmt::format("the gradient is {}", word(result.gradient_norm))
                               : fmt::format("the loss is {}", word(result.loss));
  return Error(fmt::format(
      "train: step {} (epoch {}, batch {} of {}): {}; no weight was changed.\n"
      "Lower optimizer.learning_rate, set optimizer.clip_norm, use precision: fp32, or look at "
      "{}:{}",
      before.step + 1, before.epoch + 1, before.batch + 1, batches, what,
      some ? "the samples whose embedding is not finite" : "the samples of this batch", samples));
}

}  // namespace theriac::train
