// CLIP's transformer. Source: Radford et al. 2021 (arXiv:2103.00020), OpenAI's model.py; names as
// in open_clip. Initialisation: the text tower draws in_proj from N(0, W^-1/2), the projections
// back onto the residual stream from N(0, W^-1/2 (2 layers)^-1/2), c_fc from N(0, (2W)^-1/2); the
// image tower keeps PyTorch's defaults (xavier and kaiming uniform).
#include "model/transformer.h"

#include <torch/types.h>

#include <cmath>
#include <string>
#include <utility>

#include "model/quick_gelu.h"

namespace theriac::model {
namespace {

class List final : public torch::nn::Module {};

}  // namespace

Block::Block(std::int64_t width, std::int64_t heads) {
  ln_1_ = register_module("ln_1", std::make_shared<LayerNorm>(width));
  attn = register_module("attn", std::make_shared<Attention>(width, heads));
  ln_2_ = register_module("ln_2", std::make_shared<LayerNorm>(width));
  const auto mlp = register_module("mlp", std::make_shared<List>());
  c_fc = mlp->register_module("c_fc", std::make_shared<Linear>(width, 4 * width));
  c_proj = mlp->register_module("c_proj", std::make_shared<Linear>(4 * width, width));
}

torch::Tensor Block::add_mlp(const torch::Tensor& x) const {
  return x + c_proj->forward(quick_gelu_(c_fc->forward(ln_2_->forward(x))));
}

torch::Tensor Block::forward(const torch::Tensor& x_BTW, bool causal) const {
  return add_mlp(x_BTW + attn->forward(ln_1_->forward(x_BTW), causal));
}

torch::Tensor Block::forward_row(const torch::Tensor& x_BTW, const torch::Tensor& row_B) const {
  return add_mlp(take_row(x_BTW, row_B) + attn->forward_row(ln_1_->forward(x_BTW), row_B));
}

Transformer::Transformer(std::int64_t width, std::int64_t layers, std::int64_t heads) {
  const auto list = register_module("resblocks", std::make_shared<List>());
  for (std::int64_t i = 0; i < layers; ++i)
    blocks_.push_back(
        list->register_module(std::to_string(i), std::make_shared<Block>(width, heads)));
}

torch::Tensor Transformer::forward(torch::Tensor x_BTW, const torch::Tensor& row_B) const {
  for (std::size_t i = 0; i + 1 < blocks_.size(); ++i)
    x_BTW = blocks_[i]->forward(x_BTW, /*causal=*/row_B.defined());
  return blocks_.back()->forward_row(x_BTW, row_B);
}

void Transformer::initialise_as_text(at::Generator& generator) {
  for (const auto& block : blocks_) {
    const auto width = static_cast<double>(block->attn->out_proj_weight.size(0));
    const double onto_residual = 1 / std::sqrt(width * 2 * static_cast<double>(blocks_.size()));
    init::normal(block->attn->in_proj_weight, 1 / std::sqrt(width), generator);
    init::normal(block->attn->out_proj_weight, onto_residual, generator);
    block->c_fc->initialise(generator);
    init::normal(block->c_fc->weight, 1 / std::sqrt(2 * width), generator);
    block->c_proj->initialise(generator);
    init::normal(block->c_proj->weight, onto_residual, generator);
  }
}

void Transformer::initialise_as_image(at::Generator& generator) {
  for (const auto& block : blocks_) {
    const auto width = static_cast<double>(block->attn->out_proj_weight.size(0));
    init::uniform(block->attn->in_proj_weight, std::sqrt(6 / (4 * width)), generator);
    init::uniform(block->attn->out_proj_weight, 1 / std::sqrt(width), generator);
    block->c_fc->initialise(generator);
    block->c_proj->initialise(generator);
  }
}

}  // namespace theriac::model
