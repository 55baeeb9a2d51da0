#pragma once

#include <filesystem>

#include "theriac/checkpoint/checkpoint.h"

namespace theriac::checkpoint {

// Weights that another program wrote: .safetensors, or the ZIP files of torch.save and
// torch.jit.save (told apart by content). Of a training checkpoint, the first of `state_dict`,
// `model_state_dict` and `model` is taken; a `module.` before every name, and OpenAI's
// `input_resolution`, `context_length`, `vocab_size` and causal masks, are dropped. metadata is
// that of a safetensors file. Nothing in the file is executed; Error when it is damaged, or is a
// pickle of anything but data.
TensorFile load_foreign(const std::filesystem::path& path);

// The card that a file written by Theriac carries; nothing for files of other programs.
std::optional<Card> card_of(const TensorFile& file);

// The model these weights belong to: the preset whose tensors have these names and shapes, with
// vocabulary, context and image size as they are here. Error names the nearest preset and the
// tensors that differ.
struct Recognised {
  std::string preset;
  std::int64_t image_size = 0, vocabulary = 0, context = 0;
};
Recognised recognise(const TensorFile& file, const std::string& name);

}  // namespace theriac::checkpoint
