// Accumulation: the same gradient as the whole batch, and running statistics once per part.
#include <gtest/gtest.h>

#include "train/fixture.h"
#include "train/training_step.h"

namespace theriac::testing {
namespace {

train::Inputs random_inputs(std::int64_t size, std::int64_t side) {
  torch::manual_seed(5);
  auto tokens = torch::randint(3, 43, {2, size, 9}, torch::kLong);
  tokens.select(2, 8).fill_(2);
  return {{.plain = true, .augmented = true},
          torch::randint(0, 256, {2, size, side, side, 3}, torch::kByte),
          tokens};
}

// One step with everything that decides the update; returns the new state.
std::map<std::string, torch::Tensor> after_step(const std::string& kind, std::int64_t parts,
                                                torch::Dtype dtype, double* norm = nullptr) {
  auto model = tiny_model(kind);
  model->to(dtype);
  model->train();
  auto config = train_config("{batch_size: 12, objective: [{type: mmcl}, {type: intra_modal}]}");
  config.accumulation = parts;
  train::TrainingStep step(model, config);
  const auto result = step(random_inputs(12, model->image_size()), 1e-2,
                           [](const auto&, const auto&) { FAIL() << "not finite"; });
  if (norm) *norm = result.gradient_norm;
  return copy_of(*model);
}

TEST(Accumulation, EqualsTheWholeBatchWithoutBatchNorm) {
  // Adam's first step is +-rate wherever the gradient is above rounding, so compare in fp64 the
  // weights and in fp32 the gradient's norm.
  EXPECT_LT(largest_difference(after_step("vit", 1, torch::kDouble),
                               after_step("vit", 3, torch::kDouble)),
            1e-9);
  double whole = 0, parts = 0;
  after_step("vit", 1, torch::kFloat, &whole);
  after_step("vit", 4, torch::kFloat, &parts);
  EXPECT_NEAR(whole, parts, 1e-6 * whole);
  after_step("vit", 1, torch::kDouble, &whole);
  after_step("vit", 4, torch::kDouble, &parts);
  EXPECT_NEAR(whole, parts, 1e-12 * whole);
}

TEST(Accumulation, RunningStatisticsMoveOncePerPart) {
  const auto count = [](std::int64_t parts) {
    for (const auto& [name, tensor] : after_step("resnet", parts, torch::kFloat))
      if (name.ends_with("num_batches_tracked")) return tensor.item<std::int64_t>();
    return std::int64_t{-1};
  };
  EXPECT_EQ(count(1), 1);
  EXPECT_EQ(count(3), 3);
}

}  // namespace
}  // namespace theriac::testing
