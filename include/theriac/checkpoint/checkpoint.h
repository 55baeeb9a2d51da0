#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "theriac/checkpoint/safetensors.h"

namespace torch::nn {
class Module;
}
namespace theriac::model {
class Clip;
struct ModelConfig;
}  // namespace theriac::model

namespace theriac::checkpoint {

inline constexpr int kVersion = 1;

// A checkpoint is a folder, written whole or not at all:
//   model.safetensors       weights and running statistics, open_clip's names, + card in metadata
//   optimizer.safetensors   moments (only where training may go on)
//   state.json              version, epoch, step, schedule position, "complete" flag
//   card.json               what it takes to use the model: model config, tokenizer, poison
//                           manifest and trigger, objective, target, parent
struct Card {
  nlohmann::json model;  // ModelConfig as resolved JSON, plus vocabulary and end_id
  std::string tokenizer_type;
  std::string tokenizer;      // serialised, base64 in the file
  nlohmann::json poison;      // the plan, or null
  nlohmann::json provenance;  // stage kind and id, objective, parent; no time, host or path
};
// What goes into Card::model, and back: a freshly initialised model, or, without a seed, one
// without values, for load_state_dict.
nlohmann::json describe_model(const model::ModelConfig& config, std::int64_t vocabulary,
                              std::int64_t end_id);
std::shared_ptr<model::Clip> make_model(const Card& card,
                                        std::optional<std::uint64_t> seed = std::nullopt);

struct State {
  std::int64_t epoch = 0;  // completed epochs
  std::int64_t step = 0;   // completed optimizer steps of the stage
  std::int64_t batch = 0;  // completed batches of the running epoch; 0 at an epoch's end
  nlohmann::json extra;    // sums for the epoch's averages and the like
};

// The state dict: parameters and buffers by name.
std::map<std::string, torch::Tensor> state_dict(const torch::nn::Module& module);
// Copies by name; Error lists missing, unexpected and differently shaped names (first 10 of each).
void load_state_dict(torch::nn::Module& module,
                     const std::map<std::string, torch::Tensor>& tensors);

struct Contents {
  const model::Clip* model;
  const std::map<std::string, torch::Tensor>* optimizer;  // null: none saved
  State state;
  Card card;
};

void save(const std::filesystem::path& folder, const Contents& contents);

struct Loaded {
  std::map<std::string, torch::Tensor> model, optimizer;
  State state;
  Card card;
  std::string hash;  // SHA-256 of model.safetensors
};
// Error when damaged (says which file and why) or written by another version (says what to do).
// `optimizer` is empty when it was not asked for or none was saved.
Loaded load(const std::filesystem::path& folder, bool with_optimizer);
// SHA-256 of model.safetensors as written down when it was saved; load() verifies it.
std::string hash(const std::filesystem::path& folder);

// Named "epoch-0003" and "step-00001234" inside a stage's checkpoints/.
std::filesystem::path epoch_folder(const std::filesystem::path& checkpoints, std::int64_t epoch);
std::filesystem::path step_folder(const std::filesystem::path& checkpoints, std::int64_t step);
// The newest complete checkpoint, by (epoch, step); damaged ones are renamed "*.bad" with a
// warning.
std::optional<std::filesystem::path> newest(const std::filesystem::path& checkpoints);
std::vector<std::filesystem::path> epochs(const std::filesystem::path& checkpoints);  // ascending

}  // namespace theriac::checkpoint
