// CLIP: two encoders into one space and a logit scale. The text encoder is a causal transformer
// read out at the end token.
// Shapes: tokens [B, T] -> [B, T, W] -> [B, D]; T <= context.
// Source: Radford et al. 2021 (arXiv:2103.00020), OpenAI's model.py; names as in open_clip.
// Differs: reads out at the first end_id, not at the largest id; the last block computes that row
// only; initial weights are rounded to fp16 on request only (the paper's builder always does).
#include "theriac/model/clip.h"

#include <ATen/CPUGeneratorImpl.h>

#include <cmath>

#include "model/layers.h"
#include "model/transformer.h"

namespace theriac::model {

struct Clip::Parts {
  std::int64_t image_size, context, embedding, vocabulary, end_id;
  std::shared_ptr<ImageEncoder> visual;
  std::shared_ptr<Transformer> transformer;
  std::shared_ptr<LayerNorm> ln_final;
  torch::Tensor token_embedding_VW, positions_TW, projection_WD, logit_scale;

  void initialise(std::uint64_t seed);
};

namespace {

constexpr double kInitialTemperature = 0.07;

// As OpenAI's convert_weights() and back: convolutions, linear layers, attention, projections; not
// embeddings, positions, gains and shifts.
void round_to_fp16(torch::nn::Module& clip) {
  const torch::NoGradGuard no_grad;
  for (auto& item : clip.named_parameters()) {
    const auto& name = item.key();
    const auto has = [&](const char* part) { return name.find(part) != name.npos; };
    const bool norm = has("bn") || has("ln_") || has("downsample.1");
    if (!norm && !has("embedding") && name != "logit_scale")
      item.value().copy_(item.value().to(torch::kFloat16));
  }
}

class TokenEmbedding final : public torch::nn::Module {};

}  // namespace

void Clip::Parts::initialise(std::uint64_t seed) {
  auto generator = at::detail::createCPUGenerator(seed);
  visual->initialise(generator);
  const double deviation = 1 / std::sqrt(static_cast<double>(projection_WD.size(0)));
  init::normal(token_embedding_VW, 0.02, generator);
  init::normal(positions_TW, 0.01, generator);
  transformer->initialise_as_text(generator);
  init::normal(projection_WD, deviation, generator);
  torch::NoGradGuard no_grad;
  logit_scale.fill_(std::log(1 / kInitialTemperature));
}

Clip::Clip(const ModelConfig& given, std::int64_t vocabulary, std::int64_t end_id,
           std::optional<std::uint64_t> seed)
    : parts_(std::make_shared<Parts>()) {
  const auto config = given.resolved();
  const auto& text = *config.text;
  auto& parts = *parts_;
  parts.image_size = *config.image_size;
  parts.context = text.context;
  parts.embedding = *config.embedding;
  parts.vocabulary = vocabulary;
  parts.end_id = end_id;

  parts.visual = register_module("visual", config.image->build(parts.image_size, parts.embedding));
  parts.token_embedding_VW =
      register_module("token_embedding", std::make_shared<TokenEmbedding>())
          ->register_parameter("weight", torch::empty({vocabulary, text.width}));
  parts.positions_TW =
      register_parameter("positional_embedding", torch::empty({text.context, text.width}));
  parts.transformer = register_module(
      "transformer", std::make_shared<Transformer>(text.width, text.layers, text.heads));
  parts.ln_final = register_module("ln_final", std::make_shared<LayerNorm>(text.width));
  parts.projection_WD =
      register_parameter("text_projection", torch::empty({text.width, parts.embedding}));
  parts.logit_scale = register_parameter("logit_scale", torch::empty({}));
  if (!seed) return;
  parts.initialise(*seed);
  if (config.initial_weights == InitialWeights::kFp16) round_to_fp16(*this);
}

torch::Tensor Clip::encode_image(const torch::Tensor& image_BCHW) {
  return parts_->visual->forward(image_BCHW);
}

torch::Tensor Clip::encode_text(const torch::Tensor& tokens_BT) {
  const auto& parts = *parts_;
  const auto x_BTW = at::embedding(parts.token_embedding_VW, tokens_BT) +
                     parts.positions_TW.narrow(0, 0, tokens_BT.size(1));
  const auto end_B = tokens_BT.eq(parts.end_id).to(torch::kUInt8).argmax(1);
  const auto read_BW = parts.ln_final->forward(parts.transformer->forward(x_BTW, end_B));
  return at::matmul(read_BW, parts.projection_WD);
}

torch::Tensor& Clip::logit_scale() { return parts_->logit_scale; }
std::int64_t Clip::image_size() const { return parts_->image_size; }
std::int64_t Clip::context() const { return parts_->context; }
std::int64_t Clip::embedding() const { return parts_->embedding; }
std::int64_t Clip::vocabulary() const { return parts_->vocabulary; }
std::int64_t Clip::end_id() const { return parts_->end_id; }

}  // namespace theriac::model
