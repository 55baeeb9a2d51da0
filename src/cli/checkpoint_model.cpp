#include "cli/checkpoint_model.h"

#include "theriac/core/error.h"
#include "theriac/core/log.h"

namespace theriac::cli {

namespace fs = std::filesystem;

fs::path checkpoint_folder(const std::string& path) {
  fs::path folder = path;
  if (fs::exists(folder / "manifest.json") && !fs::exists(folder / "model.safetensors"))
    throw Error("checkpoint: " + path +
                " is a poison stage, which has no checkpoints; name a pretrain or clean stage");
  if (fs::is_directory(folder / "checkpoints")) {
    const auto epochs = checkpoint::epochs(folder / "checkpoints");
    if (epochs.empty()) throw Error("checkpoint: " + path + " has none yet");
    folder = epochs.back();
    core::info("the newest checkpoint: {}", folder.string());
  }
  if (!fs::exists(folder / "model.safetensors"))
    throw Error("checkpoint: " + path +
                " is neither a checkpoint (a folder with model.safetensors) nor a stage's folder; "
                "stages lie in runs/stages, `theriac status` lists them");
  return folder;
}

CheckpointModel load_model(const std::string& path) {
  CheckpointModel result;
  result.loaded = checkpoint::load(checkpoint_folder(path), false);
  const auto& card = result.loaded.card;
  result.model = checkpoint::make_model(card);
  checkpoint::load_state_dict(*result.model, result.loaded.model);
  const auto* entry = text::table().find(card.tokenizer_type);
  if (!entry)
    throw Error("checkpoint: " + path + ": its tokenizer '" + card.tokenizer_type +
                "' is not in this program");
  result.tokenizer = entry->make()->load(card.tokenizer);
  return result;
}

}  // namespace theriac::cli
