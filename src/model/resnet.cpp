// CLIP's ModifiedResNet: a stem of three 3x3 convolutions, average pooling in the place of every
// stride, and attention pooling in the place of the mean.
// Shapes: image [B, 3, S, S] -> [B, C, S/32, S/32], C = 32 width, -> [B, D] (with four stages).
// Source: Radford et al. 2021 (arXiv:2103.00020), OpenAI's model.py; names as in open_clip.
// Differs: the attention pool computes its one query that is used (model/attend_one.cpp). Fewer
// stages and other strides at the start are possible (for small images; not CLIP's).
// Initialisation: convolutions kaiming uniform, the last gain of every block 0, pool N(0, C^-1/2).
#include "model/resnet.h"

#include <torch/types.h>

#include <cmath>
#include <utility>

#include "model/attention.h"
#include "model/layers.h"

namespace theriac::model {
namespace {

constexpr std::int64_t kExpansion = 4;
constexpr std::int64_t kStemPool = 2;

class Shortcut final : public torch::nn::Module {
 public:
  Shortcut(std::int64_t in, std::int64_t out)
      : conv_(register_module("0", std::make_shared<Conv2d>(in, out, 1))),
        norm_(register_module("1", std::make_shared<BatchNorm2d>(out))) {}
  torch::Tensor forward(const torch::Tensor& x) const { return norm_->forward(conv_->forward(x)); }
  void initialise(at::Generator& generator) const { conv_->initialise(generator); }

 private:
  std::shared_ptr<Conv2d> conv_;
  std::shared_ptr<BatchNorm2d> norm_;
};

class Bottleneck final : public torch::nn::Module {
 public:
  Bottleneck(std::int64_t in, std::int64_t planes, std::int64_t stride)
      : stride_(stride),
        conv1_(register_module("conv1", std::make_shared<Conv2d>(in, planes, 1))),
        bn1_(register_module("bn1", std::make_shared<BatchNorm2d>(planes))),
        conv2_(register_module("conv2", std::make_shared<Conv2d>(planes, planes, 3, 1, 1))),
        bn2_(register_module("bn2", std::make_shared<BatchNorm2d>(planes))),
        conv3_(register_module("conv3", std::make_shared<Conv2d>(planes, planes * kExpansion, 1))),
        bn3_(register_module("bn3", std::make_shared<BatchNorm2d>(planes * kExpansion))) {
    if (stride > 1 || in != planes * kExpansion)
      downsample_ =
          register_module("downsample", std::make_shared<Shortcut>(in, planes * kExpansion));
  }

  torch::Tensor forward(const torch::Tensor& x) const {
    auto y = bn1_->forward(conv1_->forward(x)).relu_();
    y = bn2_->forward(conv2_->forward(y)).relu_();
    y = bn3_->forward(conv3_->forward(shrink(y)));
    return y.add_(downsample_ ? downsample_->forward(shrink(x)) : x).relu_();
  }

  void initialise(at::Generator& generator) const {
    conv1_->initialise(generator);
    conv2_->initialise(generator);
    conv3_->initialise(generator);
    init::zero(bn3_->weight);
    if (downsample_) downsample_->initialise(generator);
  }

 private:
  torch::Tensor shrink(const torch::Tensor& x) const {
    return stride_ > 1 ? at::avg_pool2d(x, stride_) : x;
  }

  std::int64_t stride_;
  std::shared_ptr<Conv2d> conv1_;
  std::shared_ptr<BatchNorm2d> bn1_;
  std::shared_ptr<Conv2d> conv2_;
  std::shared_ptr<BatchNorm2d> bn2_;
  std::shared_ptr<Conv2d> conv3_;
  std::shared_ptr<BatchNorm2d> bn3_;
  std::shared_ptr<Shortcut> downsample_;
};

class Stage final : public torch::nn::Module {
 public:
  Stage(std::int64_t in, std::int64_t planes, std::int64_t blocks, std::int64_t stride) {
    for (std::int64_t i = 0; i < blocks; ++i)
      blocks_.push_back(register_module(
          std::to_string(i),
          std::make_shared<Bottleneck>(i ? planes * kExpansion : in, planes, i ? 1 : stride)));
  }
  torch::Tensor forward(torch::Tensor x) const {
    for (const auto& block : blocks_) x = block->forward(x);
    return x;
  }
  void initialise(at::Generator& generator) const {
    for (const auto& block : blocks_) block->initialise(generator);
  }

 private:
  std::vector<std::shared_ptr<Bottleneck>> blocks_;
};

class AttentionPool final : public torch::nn::Module {
 public:
  AttentionPool(std::int64_t places, std::int64_t channels, std::int64_t heads,
                std::int64_t embedding)
      : positions_(
            register_parameter("positional_embedding", torch::empty({places + 1, channels}))),
        q_proj_(register_module("q_proj", std::make_shared<Linear>(channels, channels))),
        k_proj_(register_module("k_proj", std::make_shared<Linear>(channels, channels))),
        v_proj_(register_module("v_proj", std::make_shared<Linear>(channels, channels))),
        c_proj_(register_module("c_proj", std::make_shared<Linear>(channels, embedding))),
        heads_(heads) {}

  torch::Tensor forward(const torch::Tensor& x_BCHW) const {
    const auto x_BTC = x_BCHW.flatten(2).transpose(1, 2);
    const auto tokens_BTC = at::cat({x_BTC.mean(1, /*keepdim=*/true), x_BTC}, 1) + positions_;
    const auto query_BC = tokens_BTC.select(1, 0);
    return c_proj_->forward(attend_one(query_BC, tokens_BTC, {q_proj_->weight, q_proj_->bias},
                                       {k_proj_->weight, k_proj_->bias},
                                       {v_proj_->weight, v_proj_->bias}, heads_));
  }

  void initialise(at::Generator& generator) {
    const double deviation = 1 / std::sqrt(static_cast<double>(positions_.size(1)));
    init::normal(positions_, deviation, generator);
    for (const auto& linear : {q_proj_, k_proj_, v_proj_, c_proj_}) {
      linear->initialise(generator);
      init::normal(linear->weight, deviation, generator);
    }
  }

 private:
  torch::Tensor positions_;
  std::shared_ptr<Linear> q_proj_, k_proj_, v_proj_, c_proj_;
  std::int64_t heads_;
};

class ResNet final : public ImageEncoder {
 public:
  ResNet(const ResNetConfig& config, std::int64_t image_size, std::int64_t embedding)
      : embedding_(embedding), stem_pool_(config.stem_pool) {
    const auto width = config.width, side = image_size / config.reduction();
    auto sizes = config.stem_widths;
    if (sizes.empty()) sizes = {width / 2, width / 2};
    sizes.push_back(width);
    std::int64_t from = 3;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      const auto number = std::to_string(i + 1);
      stem_.emplace_back(
          register_module("conv" + number,
                          std::make_shared<Conv2d>(from, sizes[i], 3, config.stem_strides[i], 1)),
          register_module("bn" + number, std::make_shared<BatchNorm2d>(sizes[i])));
      from = sizes[i];
    }
    std::int64_t in = width;
    for (std::size_t i = 0; i < config.layers.size(); ++i) {
      const auto planes = width << i;
      stages_.push_back(register_module(
          "layer" + std::to_string(i + 1),
          std::make_shared<Stage>(in, planes, config.layers[i], i ? 2 : config.first_stride)));
      in = planes * kExpansion;
    }
    pool_ = register_module(
        "attnpool", std::make_shared<AttentionPool>(side * side, in, config.heads, embedding));
  }

  torch::Tensor forward(const torch::Tensor& image_BCHW) override {
    auto x = image_BCHW;
    for (const auto& [conv, norm] : stem_) x = norm->forward(conv->forward(x)).relu_();
    if (stem_pool_) x = at::avg_pool2d(x, kStemPool);
    for (const auto& stage : stages_) x = stage->forward(x);
    return pool_->forward(x);
  }

  std::int64_t width() const override { return embedding_; }

  void initialise(at::Generator& generator) override {
    for (const auto& layer : stem_) layer.first->initialise(generator);
    for (const auto& stage : stages_) stage->initialise(generator);
    pool_->initialise(generator);
  }

 private:
  std::int64_t embedding_;
  bool stem_pool_;
  std::vector<std::pair<std::shared_ptr<Conv2d>, std::shared_ptr<BatchNorm2d>>> stem_;
  std::vector<std::shared_ptr<Stage>> stages_;
  std::shared_ptr<AttentionPool> pool_;
};

}  // namespace

std::int64_t ResNetConfig::pool_channels() const {
  return (width * kExpansion) << (layers.size() - 1);
}

std::int64_t ResNetConfig::reduction() const {
  std::int64_t result = (stem_pool ? kStemPool : 1) * first_stride;
  for (const auto stride : stem_strides) result *= stride;
  return result << (layers.size() - 1);
}

void ResNetConfig::describe(config::Fields& fields) {
  fields.value("layers", layers, "residual blocks in each stage, one to four stages; CLIP has four",
               {1, 100});
  fields.value("width", width, "channels after the stem; every stage doubles them", {2, 1024});
  fields.value("heads", heads, "heads of the attention pool", {1, 1024});
  fields.value("stem_strides", stem_strides, "strides of the stem's three convolutions", {1, 4});
  fields.value("stem_widths", stem_widths,
               "channels after the stem's first two convolutions; default: half of width, twice",
               {1, 1024});
  fields.value("stem_pool", stem_pool, "halve the image once more after the stem, as CLIP does");
  fields.value("first_stride", first_stride, "stride of the first stage; CLIP's is 1", {1, 2});
}

void ResNetConfig::check(config::Problems& problems) const {
  if (layers.empty() || layers.size() > 4)
    return problems.add("layers",
                        "expected one to four numbers, got " + std::to_string(layers.size()));
  if (stem_strides.size() != 3)
    problems.add("stem_strides",
                 "expected three numbers, got " + std::to_string(stem_strides.size()));
  if (!stem_widths.empty() && stem_widths.size() != 2)
    problems.add("stem_widths", "expected two numbers, got " + std::to_string(stem_widths.size()));
  if (pool_channels() % heads)
    problems.add("heads", "the attention pool's width, " + std::to_string(pool_channels()) +
                              " for this width and these layers, is not divisible by " +
                              std::to_string(heads));
}

std::string ResNetConfig::size_problem(std::int64_t image_size) const {
  if (layers.empty() || image_size % reduction() == 0) return "";
  return "this resnet needs a multiple of " + std::to_string(reduction()) + ", got " +
         std::to_string(image_size);
}

std::shared_ptr<ImageEncoder> ResNetConfig::build(std::int64_t image_size,
                                                  std::int64_t embedding) const {
  return std::make_shared<ResNet>(*this, image_size, embedding);
}

}  // namespace theriac::model
