#include <torch/types.h>

#include <cmath>

#include "theriac/checkpoint/foreign.h"
#include "theriac/config/document.h"
#include "theriac/core/error.h"
#include "theriac/model/clip.h"

namespace theriac::checkpoint {
namespace {

using Tensors = std::map<std::string, torch::Tensor>;

std::int64_t size_of(const Tensors& tensors, const char* name, std::int64_t dimension) {
  const auto found = tensors.find(name);
  return found != tensors.end() && found->second.dim() > dimension ? found->second.size(dimension)
                                                                   : 0;
}

// From the rows of the image tower's positions: a class token and a square grid of patches.
std::int64_t image_size(const Tensors& tensors) {
  const bool vit = tensors.contains("visual.positional_embedding");
  const char* positions =
      vit ? "visual.positional_embedding" : "visual.attnpool.positional_embedding";
  const auto patch = vit ? size_of(tensors, "visual.conv1.weight", 2) : 32;
  const auto cells =
      static_cast<double>(std::max<std::int64_t>(size_of(tensors, positions, 0) - 1, 0));
  return std::llround(std::sqrt(cells)) * patch;
}

std::size_t differences(const Tensors& wanted, const Tensors& have) {
  std::size_t count = 0;
  for (const auto& [name, tensor] : wanted) {
    const auto found = have.find(name);
    if (found == have.end() || found->second.sizes() != tensor.sizes()) ++count;
  }
  for (const auto& [name, tensor] : have) count += !wanted.contains(name);
  return count;
}

// Null where the preset cannot take images of this size.
std::shared_ptr<model::Clip> candidate(const std::string& preset, const Recognised& found) {
  model::ModelConfig config;
  const auto settings = "{preset: " + preset + ", image_size: " + std::to_string(found.image_size) +
                        ", context: " + std::to_string(found.context) + "}";
  if (!config::problems(config::Document::parse(settings, "preset"), config).empty())
    return nullptr;
  return std::make_shared<model::Clip>(config, found.vocabulary, found.vocabulary - 1,
                                       std::nullopt);
}

}  // namespace

Recognised recognise(const TensorFile& file, const std::string& name) {
  Recognised result{"", image_size(file.tensors),
                    size_of(file.tensors, "token_embedding.weight", 0),
                    size_of(file.tensors, "positional_embedding", 0)};
  if (result.image_size < 8 || result.vocabulary < 3 || result.context < 2)
    throw Error(name +
                ": not the weights of a CLIP model with open_clip's names: "
                "token_embedding.weight, positional_embedding or the image tower's positions are "
                "missing or of an impossible shape");
  std::size_t fewest = 0;
  std::shared_ptr<model::Clip> nearest;
  for (const auto& preset : model::presets()) {
    const auto clip = candidate(preset.name, result);
    if (!clip) continue;
    const auto count = differences(state_dict(*clip), file.tensors);
    if (nearest && count >= fewest) continue;
    fewest = count;
    nearest = clip;
    result.preset = preset.name;
  }
  if (!nearest)
    throw Error(name + ": no preset takes images of " + std::to_string(result.image_size) + " px");
  if (fewest > 0) {
    try {
      load_state_dict(*nearest, file.tensors);
    } catch (const Error& error) {
      throw Error(name + ": no preset has these tensors; the nearest is " + result.preset + ". " +
                  error.what());
    }
  }
  return result;
}

}  // namespace theriac::checkpoint
