#include <gtest/gtest.h>

#include "model/clips.h"
#include "theriac/model/precision.h"

namespace theriac::model {
namespace {

using testing::caption;
using testing::make_clip;

TEST(Text, CutColumnsChangeNothing) {
  for (const auto layers : {1, 3}) {
    auto clip = make_clip("tiny_vit", layers);
    const auto tokens = torch::stack({caption(5, 32), caption(9, 32)});
    const auto whole = clip->encode_text(tokens);
    const auto cut = clip->encode_text(tokens.slice(1, 0, 9));
    EXPECT_LT((whole - cut).abs().max().item<float>(), 1e-5) << layers;
  }
}

TEST(Text, PaddingAndWhatFollowsTheEndDoNotMatter) {
  auto clip = make_clip("tiny_vit", 2);
  auto tokens = torch::stack({caption(5, 12)});
  const auto expected = clip->encode_text(tokens);
  tokens.slice(1, 5).random_(1, 49);
  EXPECT_LT((clip->encode_text(tokens) - expected).abs().max().item<float>(), 1e-6);
  tokens.slice(1, 5).fill_(49);  // the first end token counts
  EXPECT_LT((clip->encode_text(tokens) - expected).abs().max().item<float>(), 1e-6);
  tokens.slice(1, 1, 2).fill_(3);
  EXPECT_GT((clip->encode_text(tokens) - expected).abs().max().item<float>(), 1e-3);
}

TEST(Forward, ShapesOfEveryPresetsTinyKin) {
  for (const auto& preset : {"tiny_rn", "tiny_vit"}) {
    auto clip = make_clip(preset);
    const auto image = torch::randn({2, 3, clip->image_size(), clip->image_size()});
    EXPECT_EQ(clip->encode_image(image).sizes(), (std::vector<std::int64_t>{2, clip->embedding()}));
    EXPECT_EQ(clip->encode_text(torch::stack({caption(4, 6), caption(6, 6)})).sizes(),
              (std::vector<std::int64_t>{2, clip->embedding()}));
  }
}

TEST(Forward, ChannelsLastGivesTheSame) {
  auto clip = make_clip("tiny_rn");
  const auto image = torch::randn({4, 3, 64, 64});
  const auto expected = clip->encode_image(image);
  to_channels_last(*clip);
  const auto actual = clip->encode_image(image.contiguous(torch::MemoryFormat::ChannelsLast));
  EXPECT_LT((actual - expected).abs().max().item<float>(), 1e-4);
}

TEST(Forward, BatchNormCountsOnlyInTraining) {
  auto clip = make_clip("tiny_rn");
  const auto image = torch::randn({4, 3, 64, 64});
  const auto counter = clip->named_buffers()["visual.bn1.num_batches_tracked"];
  clip->eval();
  const auto first = clip->encode_image(image);
  EXPECT_EQ(counter.item<std::int64_t>(), 0);
  EXPECT_TRUE(torch::equal(first, clip->encode_image(image)));
  clip->train();
  clip->encode_image(image);
  EXPECT_EQ(counter.item<std::int64_t>(), 1);
}

// Central differences of <embedding, direction> along a random direction of all weights.
TEST(Gradient, MatchesDifferencesInDouble) {
  for (const auto& preset : {"tiny_rn", "tiny_vit"}) {
    auto clip = make_clip(preset, 2);
    clip->to(torch::kDouble);
    torch::manual_seed(4);
    const auto image = torch::randn({3, 3, 64, 64}, torch::kDouble);
    const auto tokens = torch::stack({caption(4, 9), caption(9, 9), caption(6, 9)});
    const auto towards = torch::randn({2, 3, clip->embedding()}, torch::kDouble);
    const auto value = [&] {
      return (clip->encode_image(image) * towards[0]).sum() +
             (clip->encode_text(tokens) * towards[1]).sum();
    };
    const auto result = value();
    EXPECT_EQ(result.scalar_type(), torch::kDouble);
    result.backward();
    std::vector<torch::Tensor> directions;
    double expected = 0;
    for (const auto& item : clip->named_parameters()) {
      if (item.key() == "logit_scale") continue;
      ASSERT_TRUE(item->grad().defined()) << item.key();
      directions.push_back(torch::randn_like(item.value()));
      expected += (item->grad() * directions.back()).sum().item<double>();
    }
    const auto shifted = [&](double step) {
      torch::NoGradGuard no_grad;
      std::size_t i = 0;
      for (const auto& item : clip->named_parameters())
        if (item.key() != "logit_scale") item->add_(directions[i++], step);
      return value().item<double>();
    };
    const double step = 1e-7, up = shifted(step), down = shifted(-2 * step);
    EXPECT_NEAR((up - down) / (2 * step) / expected, 1, 1e-5) << preset;
  }
}

TEST(Precision, Bf16IsCloseAndGradientsAreFp32) {
  for (const auto& preset : {"tiny_rn", "tiny_vit"}) {
    auto clip = make_clip(preset, 2);
    const auto image = torch::randn({8, 3, 64, 64});
    const auto tokens = torch::stack({caption(4, 9), caption(9, 9)});
    const auto exact_image = clip->encode_image(image), exact_text = clip->encode_text(tokens);
    torch::Tensor image_BD, text_BD;
    {
      const Autocast autocast(torch::kCPU, torch::kBFloat16);
      image_BD = clip->encode_image(image);
      text_BD = clip->encode_text(tokens);
    }
    EXPECT_EQ(image_BD.scalar_type(), torch::kBFloat16) << "autocast has no effect";
    const auto cosine = [](const torch::Tensor& a, const torch::Tensor& b) {
      return torch::cosine_similarity(a.to(torch::kFloat), b, 1).min().item<float>();
    };
    EXPECT_GT(cosine(image_BD, exact_image), 0.99) << preset;
    EXPECT_GT(cosine(text_BD, exact_text), 0.99) << preset;
    (image_BD.sum() + text_BD.sum()).backward();
    for (const auto& item : clip->named_parameters())
      if (item.key() != "logit_scale") {
        EXPECT_EQ(item->grad().scalar_type(), torch::kFloat) << item.key();
      }
  }
}

TEST(Precision, GuardNestsAndRestores) {
  const auto a = torch::ones({2, 2});
  const auto dtype = [&] { return torch::mm(a, a).scalar_type(); };
  {
    const Autocast outer(torch::kCPU, torch::kBFloat16);
    EXPECT_EQ(dtype(), torch::kBFloat16);
    {
      const Autocast inner(torch::kCPU, torch::kBFloat16, false);
      EXPECT_EQ(dtype(), torch::kFloat);
    }
    EXPECT_EQ(dtype(), torch::kBFloat16);
  }
  EXPECT_EQ(dtype(), torch::kFloat);
}

}  // namespace
}  // namespace theriac::model
