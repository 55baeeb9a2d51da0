// CLIP's vision transformer: patches and a class token, read out at the class token.
// Shapes: image [B, 3, S, S] -> tokens [B, 1 + (S/patch)^2, W] -> [B, D].
// Source: Dosovitskiy et al. 2021 (arXiv:2010.11929) as changed by Radford et al. 2021
// (arXiv:2103.00020; a norm before the blocks, no biases around them); names as in open_clip.
// Differs: the last block computes the class token's row only.
// Initialisation: class token, positions and projection N(0, W^-1/2), the rest PyTorch's defaults.
#include "model/vit.h"

#include <torch/types.h>

#include <cmath>

#include "model/layers.h"
#include "model/transformer.h"

namespace theriac::model {
namespace {

class Vit final : public ImageEncoder {
 public:
  Vit(const VitConfig& config, std::int64_t image_size, std::int64_t embedding)
      : width_(config.width), embedding_(embedding) {
    const auto side = image_size / config.patch;
    class_token_W_ = register_parameter("class_embedding", torch::empty({width_}));
    positions_TW_ =
        register_parameter("positional_embedding", torch::empty({side * side + 1, width_}));
    projection_WD_ = register_parameter("proj", torch::empty({width_, embedding}));
    patches_ =
        register_module("conv1", std::make_shared<Conv2d>(3, width_, config.patch, config.patch));
    ln_pre_ = register_module("ln_pre", std::make_shared<LayerNorm>(width_));
    transformer_ = register_module(
        "transformer", std::make_shared<Transformer>(width_, config.layers, config.heads));
    ln_post_ = register_module("ln_post", std::make_shared<LayerNorm>(width_));
  }

  torch::Tensor forward(const torch::Tensor& image_BCHW) override {
    const auto patches_BTW = patches_->forward(image_BCHW).flatten(2).transpose(1, 2);
    const auto class_B1W =
        class_token_W_.to(patches_BTW.scalar_type()).expand({patches_BTW.size(0), 1, width_});
    auto x_BTW = at::cat({class_B1W, patches_BTW}, 1) + positions_TW_;
    x_BTW = ln_pre_->forward(x_BTW);
    return at::matmul(ln_post_->forward(transformer_->forward(x_BTW, {})), projection_WD_);
  }

  std::int64_t width() const override { return embedding_; }

  void initialise(at::Generator& generator) override {
    const double deviation = 1 / std::sqrt(static_cast<double>(width_));
    init::normal(class_token_W_, deviation, generator);
    init::normal(positions_TW_, deviation, generator);
    init::normal(projection_WD_, deviation, generator);
    patches_->initialise(generator);
    transformer_->initialise_as_image(generator);
  }

 private:
  std::int64_t width_, embedding_;
  torch::Tensor class_token_W_, positions_TW_, projection_WD_;
  std::shared_ptr<Conv2d> patches_;
  std::shared_ptr<LayerNorm> ln_pre_, ln_post_;
  std::shared_ptr<Transformer> transformer_;
};

}  // namespace

void VitConfig::describe(config::Fields& fields) {
  fields.value("width", width, "width of the transformer", {1, 8192});
  fields.value("layers", layers, "residual blocks", {1, 200});
  fields.value("heads", heads, "attention heads", {1, 1024});
  fields.value("patch", patch, "side of a patch in pixels", {1, 1024});
}

void VitConfig::check(config::Problems& problems) const {
  if (width % heads)
    problems.add("width", std::to_string(width) + " is not divisible by " + std::to_string(heads) +
                              " heads");
}

std::string VitConfig::size_problem(std::int64_t image_size) const {
  if (image_size % patch == 0) return "";
  return "a vit with patches of " + std::to_string(patch) + " needs a multiple of that, got " +
         std::to_string(image_size);
}

std::shared_ptr<ImageEncoder> VitConfig::build(std::int64_t image_size,
                                               std::int64_t embedding) const {
  return std::make_shared<Vit>(*this, image_size, embedding);
}

}  // namespace theriac::model
