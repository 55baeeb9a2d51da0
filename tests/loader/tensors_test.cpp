#include <gtest/gtest.h>
#include <torch/types.h>

#include "theriac/loader/loader.h"

namespace theriac::loader {
namespace {

TEST(Normalise, ClipsConstantsAndChannelsLast) {
  const auto images = torch::randint(0, 256, {2, 5, 5, 3}, torch::kUInt8);
  const auto found = normalise(images);
  EXPECT_EQ(found.sizes(), (torch::IntArrayRef{2, 3, 5, 5}));
  EXPECT_TRUE(found.is_contiguous(torch::MemoryFormat::ChannelsLast));
  EXPECT_EQ(found.scalar_type(), torch::kFloat32);
  const auto row = [](double a, double b, double c) {
    return torch::tensor({a, b, c}, torch::kFloat64).view({1, 3, 1, 1});
  };
  const auto expected = (images.permute({0, 3, 1, 2}).to(torch::kFloat64) / 255 -
                         row(0.48145466, 0.4578275, 0.40821073)) /
                        row(0.26862954, 0.26130258, 0.27577711);
  EXPECT_LT((found - expected).abs().max().item<double>(), 1e-6);
  EXPECT_EQ(normalise(images, torch::kBFloat16).scalar_type(), torch::kBFloat16);
  EXPECT_TRUE(torch::equal(normalise(images.narrow(0, 1, 1)), found.narrow(0, 1, 1)));
}

TEST(Normalise, RefusesOtherShapes) {
  EXPECT_THROW(normalise(torch::zeros({2, 3, 5, 5}, torch::kUInt8)), c10::Error);
}

TEST(CollateTokens, PadsToTheLongest) {
  const auto found = collate_tokens({{2, 7, 3}, {2, 3}, {2, 8, 9, 3}}, 0);
  const auto expected = torch::tensor({2, 7, 3, 0, 2, 3, 0, 0, 2, 8, 9, 3}, torch::kInt64);
  EXPECT_TRUE(torch::equal(found, expected.view({3, 4})));
  EXPECT_EQ(collate_tokens({{2, 3}}, 5).sizes(), (torch::IntArrayRef{1, 2}));
}

}  // namespace
}  // namespace theriac::loader
