#include "theriac/analyse/measures.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>

#include "analyse/golden.h"

namespace theriac::analyse {
namespace {

std::vector<double> numbers(const torch::Tensor& values) {
  const auto all = values.contiguous();
  return {all.const_data_ptr<double>(), all.const_data_ptr<double>() + all.numel()};
}

TEST(Geometry, GapIsTheDistanceOfTheMeans) {
  const auto image_ND = torch::tensor({{1.0, 0.0}, {0.0, 1.0}});
  const auto text_ND = torch::tensor({{-1.0, 0.0}, {0.0, 1.0}});
  EXPECT_DOUBLE_EQ(modality_gap(image_ND, text_ND), 1);  // means (0.5, 0.5) and (-0.5, 0.5)
  EXPECT_DOUBLE_EQ(modality_gap(image_ND, image_ND), 0);
}

TEST(Geometry, AlignmentIsTheMeanPowerOfDistances) {
  const auto image_ND = torch::tensor({{1.0, 0.0}, {0.0, 1.0}});
  const auto text_ND = torch::tensor({{1.0, 0.0}, {0.0, -1.0}});
  EXPECT_DOUBLE_EQ(alignment(image_ND, text_ND), 2);  // (0^2 + 2^2) / 2
  EXPECT_DOUBLE_EQ(alignment(image_ND, text_ND, 1), 1);
}

TEST(Geometry, UniformityOfASquareOnTheCircle) {
  const auto rows_ND = torch::tensor({{1.0, 0.0}, {0.0, 1.0}, {-1.0, 0.0}, {0.0, -1.0}});
  // Squared distances of the six pairs: four times 2, twice 4.
  EXPECT_NEAR(uniformity(rows_ND), std::log((4 * std::exp(-4) + 2 * std::exp(-8)) / 6), 1e-12);
  EXPECT_NEAR(uniformity(rows_ND, 1), std::log((4 * std::exp(-2) + 2 * std::exp(-4)) / 6), 1e-12);
  EXPECT_NEAR(uniformity(torch::tensor({{1.0, 0.0}, {1.0, 0.0}})), 0, 1e-12);
}

TEST(Geometry, UniformityInBlocksIsThatOfAllPairs) {
  torch::manual_seed(1);
  const auto rows_ND = torch::nn::functional::normalize(torch::randn({1500, 3}, torch::kFloat64));
  const double plain = std::log((torch::pdist(rows_ND).square() * -2).exp().mean().item<double>());
  EXPECT_NEAR(uniformity(rows_ND), plain, 1e-9);
}

TEST(Ranks, AurocOfKnownRanks) {
  EXPECT_DOUBLE_EQ(auroc({3, 4}, {1, 2}), 1);
  EXPECT_DOUBLE_EQ(auroc({1, 2}, {3, 4}), 0);
  EXPECT_DOUBLE_EQ(auroc({2}, {1, 2, 3, 2}), 0.5);
  EXPECT_DOUBLE_EQ(auroc({1, 4}, {2, 3, 5}), (0.0 / 3 + 2.0 / 3) / 2);
  auto g = testing::golden();
  EXPECT_NEAR(auroc(numbers(g["positives"]), numbers(g["negatives"])), g["auroc"].item<double>(),
              1e-9);
}

TEST(Ranks, SharesBelow) {
  const auto shares = shares_below({0, 2, 9}, {3, 1, 2, 2});
  EXPECT_EQ(shares, (std::vector<double>{0, 0.5, 1}));
}

TEST(Ranks, Quantiles) {
  EXPECT_DOUBLE_EQ(quantile({4, 1, 3, 2}, 0.5), 2.5);
  EXPECT_DOUBLE_EQ(quantile({4, 1, 3, 2}, 0.25), 1.75);
  EXPECT_DOUBLE_EQ(quantile({4, 1, 3, 2}, 1), 4);
  EXPECT_DOUBLE_EQ(quantile({7}, 0.3), 7);
}

}  // namespace
}  // namespace theriac::analyse
