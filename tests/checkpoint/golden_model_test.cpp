// The towers against open_clip's own classes: scripts/golden/make_models.py.
#include <gtest/gtest.h>

#include <algorithm>

#include "theriac/checkpoint/checkpoint.h"
#include "theriac/model/clip.h"

namespace theriac::checkpoint {
namespace {

constexpr double kForward = 1e-5, kGradient = 1e-4;

struct Case {
  std::string name;
  std::string image;  // component
  std::int64_t image_size, text_layers;
};

class GoldenModel : public ::testing::TestWithParam<Case> {
 protected:
  GoldenModel()
      : file_(load_tensors(THERIAC_SOURCE_DIR "/tests/golden/" + GetParam().name + ".safetensors")
                  .tensors) {
    std::map<std::string, torch::Tensor> state;
    for (const auto& [name, tensor] : file_)
      if (name.starts_with("state.")) state.emplace(name.substr(6), tensor);
    const auto& param = GetParam();
    const nlohmann::json text = {
        {"width", 8}, {"heads", 2}, {"layers", param.text_layers}, {"context", 16}};
    const nlohmann::json config = {{"image_size", param.image_size},
                                   {"embedding", 16},
                                   {"image", nlohmann::json::parse(param.image)},
                                   {"text", text}};
    Card card;
    card.model = {{"config", config}, {"vocabulary", 64}, {"end_id", 63}};
    clip_ = make_model(card);
    load_state_dict(*clip_, state);
  }

  const torch::Tensor& golden(const std::string& name) const { return file_.at(name); }
  static double relative(const torch::Tensor& actual, const torch::Tensor& expected) {
    return ((actual - expected).abs().max() / expected.abs().max()).item<double>();
  }
  torch::Tensor image() { return clip_->encode_image(golden("images")); }
  torch::Tensor text() { return clip_->encode_text(golden("tokens")); }
  torch::Tensor loss(const torch::Tensor& image_BD, const torch::Tensor& text_BD) {
    const auto unit = [](const torch::Tensor& x) { return x / x.norm(2, 1, true); };
    const auto logits_BB = clip_->logit_scale().exp() * unit(image_BD).mm(unit(text_BD).t());
    const auto of = [](const torch::Tensor& logits) {
      return -logits.log_softmax(1).diagonal().mean();
    };
    return (of(logits_BB) + of(logits_BB.t())) / 2;
  }

  std::map<std::string, torch::Tensor> file_;
  std::shared_ptr<model::Clip> clip_;
};

TEST_P(GoldenModel, Evaluation) {
  clip_->eval();
  EXPECT_LT(relative(image(), golden("eval.image_features")), kForward);
  EXPECT_LT(relative(text(), golden("eval.text_features")), kForward);
  EXPECT_NEAR(loss(image(), text()).item<double>(), golden("eval.mmcl").item<double>(), kForward);
}

TEST_P(GoldenModel, TrainingAndRunningStatistics) {
  EXPECT_LT(relative(image(), golden("train.image_features")), kForward);
  EXPECT_LT(relative(text(), golden("train.text_features")), kForward);
  const auto after = state_dict(*clip_);
  for (const auto& [name, expected] : file_)
    if (name.starts_with("after.")) {
      EXPECT_LT(relative(after.at(name.substr(6)), expected), kForward) << name;
    }
}

TEST_P(GoldenModel, Gradients) {
  loss(image(), text()).backward();
  std::map<std::string, torch::Tensor> parameters;
  for (const auto& item : clip_->named_parameters()) parameters.emplace(item.key(), item.value());
  const auto& norms = golden("gradient_norm");
  const double scale = norms.max().item<double>();
  ASSERT_EQ(norms.numel(), static_cast<std::int64_t>(parameters.size()));
  std::int64_t i = 0;
  int compared = 0;
  for (const auto& [name, parameter] : parameters) {
    const auto gradient = parameter.grad().to(torch::kDouble);
    const double expected = norms[i++].item<double>();
    EXPECT_NEAR(gradient.norm().item<double>(), expected, kGradient * expected + 1e-6 * scale)
        << name;
    if (const auto found = file_.find("gradient." + name); found != file_.end()) {
      ++compared;
      EXPECT_LT((gradient - found->second).norm().item<double>(),
                kGradient * expected + 1e-6 * scale)
          << name;
    }
  }
  EXPECT_GT(compared, 20);
}

INSTANTIATE_TEST_SUITE_P(
    OpenClip, GoldenModel,
    ::testing::Values(Case{"tiny_rn",
                           R"({"type": "resnet", "layers": [1, 1, 1, 1], "width": 2, "heads": 4})",
                           32, 1},
                      Case{"tiny_vit",
                           R"({"type": "vit", "layers": 2, "width": 16, "heads": 2, "patch": 4})",
                           16, 2}),
    [](const auto& golden) { return golden.param.name; });

}  // namespace
}  // namespace theriac::checkpoint
