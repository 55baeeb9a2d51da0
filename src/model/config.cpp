#include "model/presets.h"
#include "theriac/core/error.h"
#include "theriac/core/text.h"
#include "theriac/model/clip.h"

namespace theriac::model {
namespace {

std::string unknown_preset(const std::string& name) {
  std::vector<std::string> names;
  std::string message = "unknown preset '" + name + "'";
  for (const auto& row : preset_rows()) names.push_back(row.preset.name);
  if (const auto near = core::nearest(name, names); !near.empty())
    message += "; did you mean '" + near + "'?";
  message += " The presets are:";
  for (const auto& row : preset_rows())
    message += "\n    " + row.preset.name + ": " + row.preset.doc;
  return message;
}

Architecture architecture(const ModelConfig& config) {
  const auto* row = find_preset(config.preset);
  if (!row) throw Error("model: " + unknown_preset(config.preset));
  auto result = row->make();
  if (config.image_size) result.image_size = *config.image_size;
  if (config.embedding) result.embedding = *config.embedding;
  if (config.image) result.image = config.image;
  if (config.text) result.text = *config.text;
  if (config.context) result.text.context = *config.context;
  return result;
}

}  // namespace

void TextConfig::describe(config::Fields& fields) {
  fields.value("width", width, "width of the transformer", {1, 8192});
  fields.value("heads", heads, "attention heads", {1, 1024});
  fields.value("layers", layers, "residual blocks", {1, 200});
  fields.value("context", context, "longest caption in tokens, with start and end", {2, 4096});
}

void TextConfig::check(config::Problems& problems) const {
  if (width % heads)
    problems.add("width", std::to_string(width) + " is not divisible by " + std::to_string(heads) +
                              " heads");
}

void ModelConfig::describe(config::Fields& fields) {
  fields.value("preset", preset, "a named architecture; `theriac list presets` lists them");
  fields.value("image_size", image_size,
               "side of the input images in pixels; default: the preset's", {8, 4096});
  fields.value("embedding", embedding, "width of the joint embedding; default: the preset's",
               {1, 65536});
  fields.value("context", context, "longest caption in tokens; default: the preset's", {2, 4096});
  fields.component("image", image, "another image encoder than the preset's");
  fields.section("text", text, "another text encoder than the preset's");
  fields.choice(
      "initial_weights", initial_weights,
      "fp16: random weights of convolutions, linear layers and projections are rounded to "
      "half precision (what the paper's code does)",
      {{"fp32", InitialWeights::kFp32}, {"fp16", InitialWeights::kFp16}});
}

void ModelConfig::check(config::Problems& problems) const {
  if (!find_preset(preset)) return problems.add("preset", unknown_preset(preset));
  const auto parts = architecture(*this);
  if (const auto problem = parts.image->size_problem(parts.image_size); !problem.empty())
    problems.add("image_size", problem);
}

std::int64_t ModelConfig::resolved_image_size() const { return architecture(*this).image_size; }

std::int64_t ModelConfig::resolved_context() const { return architecture(*this).text.context; }

ModelConfig ModelConfig::resolved() const {
  auto parts = architecture(*this);
  ModelConfig result;
  result.preset = preset;
  result.image_size = parts.image_size;
  result.embedding = parts.embedding;
  result.context = parts.text.context;
  result.image = std::move(parts.image);
  result.text = parts.text;
  result.initial_weights = initial_weights;
  return result;
}

}  // namespace theriac::model
