// Progressive removal by similarity: before each due epoch, of the n pairs still there the
// floor(fraction n) with the highest (or lowest) cosine s_i = e(x_i) . e(t_i) under the present
// model in evaluation mode; of equal ones the first rows of the data.
// Source: remove_fraction of the CleanCLIP and BadCLIP training scripts (highest: a backdoor's
// pairs are the ones that match best); CLIPScore filtering (lowest: a poisoned caption contradicts
// its picture).
#include "train/removal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "theriac/core/error.h"
#include "theriac/core/log.h"

namespace theriac::train {

Removal::Removal(const RemoveConfig& config, loader::Dataset data)
    : config_(config),
      data_(std::move(data)),
      before_N_(torch::zeros({data_.source->size()}, torch::kInt)) {}

void Removal::choose(std::int64_t epoch, const std::vector<std::int64_t>& rows,
                     const torch::Tensor& similarity) {
  const auto s = similarity.to(torch::kCPU, torch::kDouble).contiguous();
  const auto* value = s.const_data_ptr<double>();
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (!std::isfinite(value[i]))
      throw Error(
          fmt::format("remove: before epoch {} the similarity of {} is not a finite number; lower "
                      "optimizer.learning_rate or set optimizer.clip_norm",
                      epoch + 1, data_.source->where(rows[i])));
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const double sign = config_.by == RemoveConfig::By::kHighest ? -1 : 1;
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return sign * value[i]; });

  const auto still = kept();
  const auto count =
      static_cast<std::size_t>(config_.count(static_cast<std::int64_t>(still.size())));
  const auto poisoned_before = poisoned();
  auto* before = before_N_.mutable_data_ptr<std::int32_t>();
  const auto take = [&](std::int64_t row) { before[row] = static_cast<std::int32_t>(epoch + 1); };
  order.resize(std::min(order.size(), count));
  for (const auto i : order) take(rows[i]);
  auto left = count - order.size();  // more than are usable
  for (auto row = still.begin(); left > 0; ++row)
    if (before[*row] == 0) take(*row), --left;

  const auto poisons = poisoned() - poisoned_before;
  const bool any = !order.empty();
  core::info(
      "removed {} of {} pairs before epoch {}: those with the {} similarity ({:.3f} to {:.3f}), {} "
      "of them poisoned",
      count, still.size(), epoch + 1,
      config_.by == RemoveConfig::By::kHighest ? "highest" : "lowest",
      any ? value[order.front()] : 0.0, any ? value[order.back()] : 0.0, poisons);
}

std::vector<std::int64_t> Removal::kept() const {
  const auto* before = before_N_.const_data_ptr<std::int32_t>();
  std::vector<std::int64_t> result;
  for (std::int64_t i = 0; i < before_N_.size(0); ++i)
    if (before[i] == 0) result.push_back(i);
  return result;
}

std::int64_t Removal::removed() const { return before_N_.count_nonzero().item<std::int64_t>(); }

std::int64_t Removal::poisoned() const {
  if (!data_.plan) return 0;
  const auto* before = before_N_.const_data_ptr<std::int32_t>();
  return std::ranges::count_if(data_.plan->samples,
                               [&](const auto& sample) { return before[sample.index] != 0; });
}

}  // namespace theriac::train
