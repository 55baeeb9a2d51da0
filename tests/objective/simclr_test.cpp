// NT-Xent and its projection head. Axes: B pairs, D embedding, V = 2B views, P the head's output.
#include <gmock/gmock.h>

#include <cmath>

#include "objective/gradients.h"

namespace theriac::objective {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::unique_ptr<Term> simclr(const std::string& settings, std::uint64_t seed = 1) {
  auto built = term("simclr", settings)->build();
  built->begin({.width = 3, .seed = seed, .source = nullptr});
  return built;
}

// Linear layers that hand on their input (all widths D = 3), so that the loss is that of what batch
// norm and relu leave.
std::unique_ptr<Term> transparent(const std::string& settings) {
  auto built = simclr(settings);
  const torch::NoGradGuard no_grad;
  for (auto& [name, tensor] : built->parameters()) {
    if (!name.starts_with("linear")) continue;
    if (tensor.dim() == 2)
      tensor.copy_(torch::eye(3));
    else
      tensor.zero_();
  }
  return built;
}

TEST(SimClr, AsksForTwoAugmentedPicturesAndNoCaption) {
  const auto views = simclr("{hidden: 5, out: 4}")->views();
  EXPECT_EQ(views.images(), 2);
  EXPECT_EQ(views.captions(), 0);
}

TEST(SimClr, EqualViewsGiveTheLogarithmOfTheOthers) {
  auto e = random_embeddings(6, 3, 1);
  e.augmented_image_BD = e.augmented2_image_BD = torch::ones({6, 3}, torch::kDouble);
  EXPECT_NEAR((*simclr("{hidden: 5, out: 4, weight: 2}"))(e).total.item<double>(),
              2 * std::log(2 * 6 - 1), 1e-9);
}

// Both views of pair i are the unit vector i: batch norm makes every column equal (one high value,
// two low ones), relu leaves the high one, and again: each pair is one axis. A view sees its
// partner at 1 and 4 negatives at 0.
TEST(SimClr, OrthogonalPairsGiveTheClosedForm) {
  auto e = random_embeddings(3, 3, 1);
  e.augmented_image_BD = e.augmented2_image_BD = torch::eye(3, torch::kDouble);
  EXPECT_NEAR((*transparent("{hidden: 3, out: 3, temperature: 0.5}"))(e).total.item<double>(),
              std::log(1 + 4 * std::exp(-2.0)), 1e-9);
}

// The formula written out with loops, on what the head gives for these views.
TEST(SimClr, EqualsTheSumOverViews) {
  auto e = random_embeddings(4, 3, 2);
  const auto term = simclr("{hidden: 5, out: 4, temperature: 0.3}");
  const auto own = term->parameters();
  const auto layer = [&](torch::Tensor x_BH, std::size_t at, bool last) {
    x_BH = x_BH.matmul(own[at].second.to(torch::kDouble).t()) + own[at + 1].second;
    if (last) return x_BH;
    x_BH = (x_BH - x_BH.mean(0)) / (x_BH.var(0, /*unbiased=*/false) + 1e-5).sqrt();
    return torch::clamp_min(x_BH, 0);
  };
  const auto head = [&](const torch::Tensor& e_BD) {
    const auto p_BP = layer(layer(layer(e_BD, 0, false), 4, false), 8, true);
    return p_BP / p_BP.norm(2, 1, true);
  };
  const auto p_VP = torch::cat({head(e.augmented_image_BD), head(e.augmented2_image_BD)});
  double sum = 0;
  for (int v = 0; v < 8; ++v) {
    double others = 0;
    for (int u = 0; u < 8; ++u)
      if (u != v) others += std::exp(p_VP[v].dot(p_VP[u]).item<double>() / 0.3);
    sum += std::log(others) - p_VP[v].dot(p_VP[(v + 4) % 8]).item<double>() / 0.3;
  }
  EXPECT_NEAR((*term)(e).total.item<double>(), sum / 8, 1e-9);
}

TEST(SimClr, GradientsEqualCentralDifferences) {
  const auto term = simclr("{hidden: 5, out: 4, temperature: 0.5, weight: 2}");
  EXPECT_LT(worst_gradient_error(*term), 1e-6);
}

TEST(SimClr, TheHeadIsSlipsAndAPureFunctionOfTheSeed) {
  const auto head = simclr("{}")->parameters();
  std::vector<std::string> names;
  for (const auto& item : head) names.push_back(item.first);
  EXPECT_THAT(names, ElementsAre("linear0.weight", "linear0.bias", "bn0.weight", "bn0.bias",
                                 "linear1.weight", "linear1.bias", "bn1.weight", "bn1.bias",
                                 "linear2.weight", "linear2.bias"));
  EXPECT_EQ(head[0].second.sizes(), (torch::IntArrayRef{4096, 3}));
  EXPECT_EQ(head[4].second.sizes(), (torch::IntArrayRef{4096, 4096}));
  EXPECT_EQ(head[8].second.sizes(), (torch::IntArrayRef{256, 4096}));
  EXPECT_LE(head[4].second.abs().max().item<float>(), 1.f / 64);
  const auto first = [](std::uint64_t seed) {
    return simclr("{hidden: 5, out: 4}", seed)->parameters()[0].second;
  };
  EXPECT_TRUE(torch::equal(first(3), first(3)));
  EXPECT_FALSE(torch::equal(first(3), first(4)));
}

TEST(SimClr, ATemperatureIsPositive) {
  EXPECT_THAT(settings_problems("simclr", "{temperature: 0}"),
              ElementsAre(HasSubstr("temperature")));
}

}  // namespace
}  // namespace theriac::objective
