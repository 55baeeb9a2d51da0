#include "theriac/analyse/projection.h"

#include <ATen/Parallel.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>

#include "analyse/golden.h"
#include "theriac/core/error.h"
#include "theriac/core/random.h"

namespace theriac::analyse {
namespace {

using testing::golden;
using ::testing::HasSubstr;

// `clusters` groups of `each` points around unit vectors of `width` dimensions.
torch::Tensor groups(std::int64_t clusters, std::int64_t each, std::int64_t width) {
  auto random = core::stream(3, "test");
  auto points_ND = torch::zeros({clusters * each, width}, torch::kFloat64);
  auto value = points_ND.accessor<double, 2>();
  for (std::int64_t i = 0; i < clusters * each; ++i)
    for (std::int64_t d = 0; d < width; ++d)
      value[i][d] = (d == i / each ? 1.0 : 0.0) + 0.15 * random.normal();
  return points_ND;
}

TEST(Pca, OfAKnownCovariance) {
  // Variances 8 along (1, 1) and 2 along (-1, 1) around (5, -3); nothing else.
  const auto points_ND = torch::tensor({{7.0, -1.0}, {3.0, -5.0}, {4.0, -2.0}, {6.0, -4.0}});
  const auto result = pca(points_ND, 2);
  const double half = std::sqrt(0.5);
  EXPECT_NEAR(result.share_K[0].item<double>(), 0.8, 1e-12);
  EXPECT_NEAR(result.share_K[1].item<double>(), 0.2, 1e-12);
  EXPECT_NEAR(result.axes_KD[0][0].item<double>(), half, 1e-12);
  EXPECT_NEAR(result.axes_KD[0][1].item<double>(), half, 1e-12);
  EXPECT_NEAR(result.scores_NK[0][0].item<double>(), 4 * half, 1e-12);
  EXPECT_NEAR(result.scores_NK[1][0].item<double>(), -4 * half, 1e-12);
  EXPECT_NEAR(result.scores_NK[0][1].item<double>(), 0, 1e-12);
  EXPECT_NEAR(std::abs(result.scores_NK[2][1].item<double>()), 2 * half, 1e-12);
}

TEST(Pca, AsScikitLearn) {
  auto g = golden();
  const auto result = pca(g["points"], 3);
  EXPECT_TRUE(torch::allclose(result.axes_KD, g["axes"], 1e-7, 1e-7));
  EXPECT_TRUE(torch::allclose(result.scores_NK, g["scores"], 1e-7, 1e-7));
  EXPECT_TRUE(torch::allclose(result.share_K, g["share"], 1e-7, 1e-7));
}

TEST(Pca, EqualPointsHaveNoVariance) {
  const auto result = pca(torch::ones({4, 3}), 2);
  EXPECT_EQ(result.share_K.abs().sum().item<double>(), 0);
  EXPECT_EQ(result.scores_NK.abs().sum().item<double>(), 0);
}

TEST(Tsne, ProbabilitiesAndDivergenceAsScikitLearn) {
  auto g = golden();
  const auto joint_NN = joint_probabilities(g["points"], g["perplexity"].item<double>());
  EXPECT_TRUE(torch::allclose(joint_NN, g["joint"], 1e-4, 1e-7));
  const auto result = tsne_divergence(g["joint"], g["layout"]);
  EXPECT_NEAR(result.value, g["divergence"].item<double>(), 1e-6);
  EXPECT_TRUE(torch::allclose(result.gradient_N2, g["gradient"], 1e-5, 1e-8));
}

TEST(Tsne, EveryPointHasThePerplexity) {
  const auto points_ND = groups(2, 10, 3);
  const auto joint_NN = joint_probabilities(points_ND, 4);
  EXPECT_NEAR(joint_NN.sum().item<double>(), 1, 1e-12);
  EXPECT_TRUE(torch::equal(joint_NN, joint_NN.t()));
  EXPECT_EQ(joint_NN.diagonal().abs().sum().item<double>(), 0);
  // A regular polygon's points have equal rows, whose entropy is that of the conditional ones.
  const auto angle_N = torch::arange(20, torch::kFloat64) * (2 * M_PI / 20);
  const auto ring_NN = joint_probabilities(torch::stack({angle_N.cos(), angle_N.sin()}, 1), 4) * 20;
  const auto row_N = ring_NN[7];
  EXPECT_NEAR(std::exp(-(row_N * row_N.clamp_min(1e-300).log()).sum().item<double>()), 4, 1e-4);
}

TEST(Tsne, GradientIsTheDivergencesSlope) {
  const auto points_ND = groups(3, 7, 4);
  const auto joint_NN = joint_probabilities(points_ND, 5);
  auto random = core::stream(5, "layout");
  auto layout_N2 = torch::zeros({21, 2}, torch::kFloat64);
  for (std::int64_t i = 0; i < 42; ++i) layout_N2.view({-1})[i] = random.normal();
  const auto gradient_N2 = tsne_divergence(joint_NN, layout_N2).gradient_N2;
  constexpr double kStep = 1e-5;
  for (std::int64_t i = 0; i < 42; ++i) {
    auto up = layout_N2.clone(), down = layout_N2.clone();
    up.view({-1})[i] += kStep;
    down.view({-1})[i] -= kStep;
    const double slope =
        (tsne_divergence(joint_NN, up).value - tsne_divergence(joint_NN, down).value) / (2 * kStep);
    EXPECT_NEAR(gradient_N2.view({-1})[i].item<double>(), slope, 1e-8) << i;
  }
}

TEST(Tsne, ClustersStaySeparated) {
  const auto result = tsne(groups(3, 20, 5), {.perplexity = 8, .iterations = 300, .seed = 1});
  const auto place_N2 = result.layout_N2.to(torch::kFloat64);
  const auto centre_32 = place_N2.view({3, 20, 2}).mean(1);
  const auto distance_N3 = torch::cdist(place_N2, centre_32);
  const auto own_N = torch::arange(3).repeat_interleave(20);
  EXPECT_TRUE(torch::equal(distance_N3.argmin(1), own_N));
  const double widest = distance_N3.gather(1, own_N.unsqueeze(1)).max().item<double>();
  EXPECT_GT(torch::pdist(centre_32).min().item<double>(), 2 * widest);
  EXPECT_LT(result.divergence, 0.6);
}

TEST(Tsne, SeedDecidesAndThreadsDoNot) {
  const auto points_ND = groups(2, 25, 4);
  const TsneOptions options{.perplexity = 6, .iterations = 40, .seed = 4};
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  const auto one = tsne(points_ND, options);
  at::set_num_threads(3);
  const auto three = tsne(points_ND, options);
  at::set_num_threads(threads);
  EXPECT_TRUE(torch::equal(one.layout_N2, three.layout_N2));
  const auto other = tsne(points_ND, {.perplexity = 6, .iterations = 40, .seed = 5});
  EXPECT_FALSE(torch::equal(one.layout_N2, other.layout_N2));
}

TEST(Tsne, EqualPointsStayFinite) {
  auto points_ND = groups(2, 15, 3);
  points_ND.narrow(0, 0, 12).fill_(0.5);  // more than the perplexity
  const auto result = tsne(points_ND, {.perplexity = 4, .iterations = 60, .seed = 1});
  EXPECT_TRUE(torch::isfinite(result.layout_N2).all().item<bool>());
  EXPECT_TRUE(std::isfinite(result.divergence));
}

TEST(Tsne, NearlyUniformPointsSpread) {
  const auto points_ND = groups(1, 99, 64);
  const auto result = tsne(points_ND, {.perplexity = 30, .iterations = 400, .seed = 1});
  EXPECT_GT(result.layout_N2.std(0).min().item<double>(), 0.1);
}

TEST(Tsne, PointsThatEndAtOnePlaceAreAnError) {
  const auto simplex_ND = torch::eye(40, torch::kFloat64);
  try {
    tsne(simplex_ND, {.perplexity = 10, .iterations = 50, .seed = 1});
    FAIL() << "expected an Error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("all 40 points stay at one place"));
    EXPECT_THAT(error.what(), HasSubstr("ask for a smaller perplexity"));
  }
}

TEST(Tsne, TooFewPointsForThePerplexity) {
  try {
    tsne(groups(2, 10, 3), {.perplexity = 30});
    FAIL() << "expected an Error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(),
                HasSubstr("a perplexity of 30 needs at least 91 points, received 20"));
    EXPECT_THAT(error.what(), HasSubstr("at most 6"));
  }
}

TEST(Tsne, TooManyPoints) {
  try {
    tsne(torch::zeros({kMostTsnePoints + 1, 1}), {});
    FAIL() << "expected an Error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("at most 10000 points"));
    EXPECT_THAT(error.what(), HasSubstr("received 10001; ask for fewer samples"));
  }
}

}  // namespace
}  // namespace theriac::analyse
