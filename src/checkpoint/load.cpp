#include <torch/types.h>

#include "checkpoint/card.h"
#include "checkpoint/layout.h"
#include "checkpoint/state_file.h"
#include "theriac/checkpoint/checkpoint.h"

namespace theriac::checkpoint {

using nlohmann::json;

Loaded load(const std::filesystem::path& folder, bool with_optimizer) {
  const auto state = read_state(folder);
  const auto tensors = [&](const char* name) {
    return parse_tensors(read_verified(folder, name, state), (folder / name).string()).tensors;
  };
  Loaded loaded;
  loaded.state = state.state;
  loaded.hash = state.sha256.at(layout::kModel);
  loaded.model = tensors(layout::kModel);
  if (with_optimizer && state.sha256.count(layout::kOptimizer))
    loaded.optimizer = tensors(layout::kOptimizer);
  const auto card = folder / layout::kCard;
  try {
    loaded.card = card_from(json::parse(read_verified(folder, layout::kCard, state)));
  } catch (const json::exception& error) {
    throw Error("checkpoint: " + card.string() + ": damaged: " + error.what());
  }
  return loaded;
}

std::string hash(const std::filesystem::path& folder) {
  return read_state(folder).sha256.at(layout::kModel);
}

}  // namespace theriac::checkpoint
