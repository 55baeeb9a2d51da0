#include "experiment/checkpoints.h"

#include <algorithm>

namespace theriac::experiment {

namespace fs = std::filesystem;

namespace {
std::int64_t epoch_of(const fs::path& folder) {
  return std::stoll(folder.filename().string().substr(6));
}
}  // namespace

Checkpoints::Checkpoints(fs::path folder, checkpoint::Card card, std::int64_t every,
                         std::int64_t keep)
    : folder_(std::move(folder)), card_(std::move(card)), every_(every), keep_(keep) {
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder_, none)) {
    const auto name = entry.path().filename().string();
    if (name.starts_with(".") && name.find(".staging-") != std::string::npos)
      fs::remove_all(entry.path());
  }
}

void Checkpoints::save(const train::Trainer& trainer) {
  if (trainer.state().step == 0) return;  // nothing has been learned that the start does not hold
  const auto optimizer = trainer.optimizer_state();
  save(trainer.model(), &optimizer, trainer.state());
}

void Checkpoints::save(const model::Clip& model,
                       const std::map<std::string, torch::Tensor>* optimizer,
                       const checkpoint::State& state) {
  const bool whole_epoch = state.batch == 0;
  const fs::path target = whole_epoch ? checkpoint::epoch_folder(folder_, state.epoch)
                                      : checkpoint::step_folder(folder_, state.step);
  checkpoint::save(target, {&model, optimizer, state, card_});
  newest_hash_ = checkpoint::hash(target);
  if (whole_epoch) prune(state.epoch);
}

void Checkpoints::prune(std::int64_t newest_epoch) {
  for (const auto& entry : fs::directory_iterator(folder_))
    if (entry.path().filename().string().starts_with("step-")) fs::remove_all(entry.path());
  const auto epochs = checkpoint::epochs(folder_);
  for (std::size_t i = 0; i < epochs.size(); ++i) {
    const auto age = static_cast<std::int64_t>(epochs.size() - 1 - i);
    if (age >= 2) fs::remove(epochs[i] / "optimizer.safetensors");
    const std::int64_t epoch = epoch_of(epochs[i]);
    const bool by_rule =
        epoch % every_ == 0 && (keep_ == 0 || newest_epoch - epoch < keep_ * every_);
    if (age >= 1 && !by_rule) fs::remove_all(epochs[i]);
  }
}

void keep_only(const fs::path& folder, const std::function<bool(std::int64_t epoch)>& keep) {
  auto epochs = checkpoint::epochs(folder);
  if (!epochs.empty()) epochs.pop_back();
  for (const auto& epoch : epochs)
    if (!keep(epoch_of(epoch))) fs::remove_all(epoch);
}

}  // namespace theriac::experiment
