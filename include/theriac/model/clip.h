#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "theriac/config/fields.h"

namespace theriac::model {

// Image and text towers are nn::Modules whose parameter names equal open_clip's ("visual.*",
// "transformer.*", "token_embedding.weight", ...), so that state dicts can be exchanged.
class ImageEncoder : public torch::nn::Module {
 public:
  // [B, 3, S, S] normalised, channels_last preferred -> [B, D], not normalised.
  virtual torch::Tensor forward(const torch::Tensor& image_BCHW) = 0;
  virtual std::int64_t width() const = 0;  // D
  // Draws every weight from `generator`, in a fixed order.
  virtual void initialise(at::Generator& generator) = 0;
};

class ImageEncoderConfig : public config::Section {
 public:
  virtual std::shared_ptr<ImageEncoder> build(std::int64_t image_size,
                                              std::int64_t embedding) const = 0;
  // "" or why images of this size cannot be encoded.
  virtual std::string size_problem(std::int64_t /*image_size*/) const { return ""; }
};

config::Table<ImageEncoderConfig>& image_encoders();  // resnet, vit

// CLIP's causal text transformer, written by parameters.
struct TextConfig final : config::Section {
  std::int64_t width = 512, heads = 8, layers = 12, context = 77;
  void describe(config::Fields& fields) override;
  void check(config::Problems& problems) const override;
};

enum class InitialWeights { kFp32, kFp16 };

// `preset` names a row of presets(); image, text, image_size, embedding and context override parts
// of it. What `image` and `text` leave out has the default of their own fields, not the preset's.
struct ModelConfig final : config::Section {
  std::string preset = "rn50";
  std::optional<std::int64_t> image_size, embedding;
  std::optional<std::int64_t> context;
  config::Choice<ImageEncoderConfig> image{&image_encoders};  // nothing: the preset's
  std::optional<TextConfig> text;                             // nothing: the preset's
  InitialWeights initial_weights = InitialWeights::kFp32;
  void describe(config::Fields& fields) override;
  void check(config::Problems& problems) const override;

  std::int64_t resolved_image_size() const;
  std::int64_t resolved_context() const;
  // The same model with every part written out, so that it does not change with its preset.
  ModelConfig resolved() const;
};

struct Preset {
  std::string name, doc;
};
std::vector<Preset> presets();

// A dual encoder with one logit scale. Embeddings are returned as the towers give them (not
// normalised); objectives normalise.
class Clip : public torch::nn::Module {
 public:
  // Freshly initialised as CLIP does, in fp32 on the CPU; the weights are a pure function of
  // (config, vocabulary, seed). Without a seed they have no values yet: load some.
  Clip(const ModelConfig& config, std::int64_t vocabulary, std::int64_t end_id,
       std::optional<std::uint64_t> seed);

  torch::Tensor encode_image(const torch::Tensor& image_BCHW);
  // int64 [B, T], T <= context -> [B, D]; read out at the first `end_id` of each row. Columns after
  // the longest caption may be cut: the causal mask makes that exact.
  torch::Tensor encode_text(const torch::Tensor& tokens_BT);
  torch::Tensor& logit_scale();  // the parameter t = ln s, fp32 scalar
  std::int64_t image_size() const;
  std::int64_t context() const;
  std::int64_t embedding() const;
  std::int64_t vocabulary() const;
  std::int64_t end_id() const;

 private:
  struct Parts;
  std::shared_ptr<Parts> parts_;
};

std::int64_t parameter_count(const torch::nn::Module& module);
// Of a forward pass of one picture and of one caption of `tokens` tokens; two per multiply-add. A
// training step costs three times as much. Runs on the CPU; leaves the model in evaluation mode.
struct ForwardFlops {
  double image = 0, text = 0;
};
ForwardFlops forward_flops(Clip& clip, std::int64_t tokens);
// CLIP's rule: gains, biases and the logit scale (tensors of fewer than two dimensions) are exempt.
bool decays(const torch::Tensor& parameter);
// Lays convolution weights out as channels_last, which is what image batches are; values stay.
void to_channels_last(torch::nn::Module& module);

}  // namespace theriac::model
